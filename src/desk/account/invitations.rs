//! `/desk/invitations/{token}`: whoever was invited writes their name and chooses a password. Opening the link changes nothing;
//! the account exists once the button is pressed, and whoever pressed it signs in as everybody does.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use secrecy::SecretString;
use serde::Serialize;

use super::password_error;
use crate::{
    casework::Casework,
    desk::sign_in,
    staff::{
        accounts::AccountError,
        invitations::{self, Found, InviteError},
        password,
    },
    token::Token,
    web::{Fields, Reader, WebError, error::FieldError},
};

/// `desk/account/invitation.html`.
#[derive(Debug, Serialize)]
struct InvitationView {
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: Vec<FieldError>,
    address: String,
    role: &'static str,
    path: String,
    least: usize,
}

/// `desk/account/ended.html`.
#[derive(Debug, Serialize)]
struct EndedView {
    kind: &'static str,
}

/// What a link says that opens nothing any more, whatever became of it.
pub(super) fn ended(reader: &Reader, kind: &'static str) -> Result<HttpResponse, WebError> {
    reader.page(StatusCode::GONE, "desk/account/ended.html", &EndedView { kind })
}

fn page(
    reader: &Reader,
    (found, path): (Found, String),
    status: StatusCode,
    name: &str,
    error: Option<(&'static str, String)>,
) -> Result<HttpResponse, WebError> {
    let view = InvitationView {
        values: [("name", name.to_owned())].into(),
        error_list: error
            .iter()
            .map(|(field, message)| FieldError { field: (*field).to_owned(), message: message.clone() })
            .collect(),
        errors: error.into_iter().collect(),
        address: found.email,
        role: found.role.into(),
        path,
        least: password::SHORTEST,
    };
    reader.page(status, "desk/account/invitation.html", &view)
}

/// `GET /desk/invitations/{token}`
pub async fn show(reader: Reader, token: web::Path<String>) -> Result<HttpResponse, WebError> {
    let token = Token::parse(&token).ok_or(WebError::NotFound)?;
    match invitations::find(&reader.app, &token).await? {
        Some(found) => page(&reader, (found, path_of(&token)), StatusCode::OK, "", None),
        None => ended(&reader, "invitation"),
    }
}

/// `POST /desk/invitations/{token}`: `name`, `new_password`.
pub async fn accept(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let token = Token::parse(&token).ok_or(WebError::NotFound)?;
    let reader = reader.at(&path_of(&token));
    let password = SecretString::from(fields.0.get("new_password").cloned().unwrap_or_default());
    let name = fields.get("name");
    let error = match invitations::accept(&casework, &token, name, password).await {
        Ok(_) => return Ok(reader.see_other(sign_in::PATH, "notice-account-made")),
        // Another browser was faster, or somebody added the same address by another way.
        Err(InviteError::Account(AccountError::NotFound) | InviteError::Known) => {
            return ended(&reader, "invitation");
        }
        Err(InviteError::NoName) => ("name", reader.language.text("invitation-no-name")),
        Err(InviteError::Password(error)) => ("new_password", password_error(error, reader.language)),
        Err(error) => return Err(error.into()),
    };
    match invitations::find(&reader.app, &token).await? {
        Some(found) => {
            page(&reader, (found, path_of(&token)), StatusCode::UNPROCESSABLE_ENTITY, name, Some(error))
        }
        None => ended(&reader, "invitation"),
    }
}

fn path_of(token: &Token) -> String {
    format!("/desk/invitations/{}", token.reveal())
}
