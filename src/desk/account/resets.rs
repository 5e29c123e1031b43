//! `/desk/password-resets`: whoever forgot a password asks for a link, and sets another one by it. The answer is the same for
//! every address; who has an account is not looked at here. A link changes nothing until the button is pressed, and signs nobody
//! in: what is asked for besides the password still is.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use secrecy::SecretString;
use serde::Serialize;

use super::{invitations::ended, password_error};
use crate::{
    casework::Casework,
    desk::sign_in,
    staff::{accounts::AccountError, password, resets},
    token::Token,
    web::{Fields, Reader, WebError, error::FieldError, limit},
};

pub const PATH: &str = "/desk/password-resets";

/// `desk/account/reset.html`.
#[derive(Debug, Serialize)]
struct AskView {
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: [(); 0],
    /// It was asked for.
    asked: bool,
}

/// `desk/account/new_password.html`.
#[derive(Debug, Serialize)]
struct SetView {
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: Vec<FieldError>,
    address: String,
    path: String,
    least: usize,
}

/// `GET /desk/password-resets`
pub async fn new(reader: Reader) -> Result<HttpResponse, WebError> {
    ask_page(&reader, "", false)
}

fn ask_page(reader: &Reader, email: &str, asked: bool) -> Result<HttpResponse, WebError> {
    let view = AskView {
        values: [("email", email.to_owned())].into(),
        errors: BTreeMap::new(),
        error_list: [],
        asked,
    };
    reader.ok("desk/account/reset.html", &view)
}

/// `POST /desk/password-resets`: `email`.
pub async fn create(reader: Reader, request: HttpRequest, fields: Fields) -> Result<HttpResponse, WebError> {
    let address = limit::client_address(&request, &reader.app.settings);
    let email = fields.get("email");
    if !resets::ask(&reader.app, address, email).await? {
        return Err(WebError::Unavailable(anyhow::anyhow!("too many wait for a link to set a password")));
    }
    ask_page(&reader.at(PATH), email, true)
}

/// `GET /desk/password-resets/{token}`
pub async fn show(reader: Reader, token: web::Path<String>) -> Result<HttpResponse, WebError> {
    let token = Token::parse(&token).ok_or(WebError::NotFound)?;
    set_page(&reader, &token, StatusCode::OK, None).await
}

async fn set_page(
    reader: &Reader,
    token: &Token,
    status: StatusCode,
    error: Option<String>,
) -> Result<HttpResponse, WebError> {
    let Some(found) = resets::find(&reader.app, token).await? else { return ended(reader, "reset") };
    let view = SetView {
        values: BTreeMap::new(),
        error_list: error
            .iter()
            .map(|message| FieldError { field: "new_password".to_owned(), message: message.clone() })
            .collect(),
        errors: error.into_iter().map(|message| ("new_password", message)).collect(),
        address: found.email,
        path: format!("{PATH}/{}", token.reveal()),
        least: password::SHORTEST,
    };
    reader.page(status, "desk/account/new_password.html", &view)
}

/// `POST /desk/password-resets/{token}`: `new_password`.
pub async fn set(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let token = Token::parse(&token).ok_or(WebError::NotFound)?;
    let reader = reader.at(&format!("{PATH}/{}", token.reveal()));
    let password = SecretString::from(fields.0.get("new_password").cloned().unwrap_or_default());
    match resets::set(&casework, &token, password).await {
        Ok(()) => Ok(reader.see_other(sign_in::PATH, "notice-password-set")),
        Err(AccountError::NotFound) => ended(&reader, "reset"),
        Err(AccountError::Password(error)) => {
            let message = password_error(error, reader.language);
            set_page(&reader, &token, StatusCode::UNPROCESSABLE_ENTITY, Some(message)).await
        }
        Err(error) => Err(error.into()),
    }
}
