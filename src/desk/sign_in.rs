//! Signing in and out. The answer and the work are the same whether the address, the password or both are wrong.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, cookie::time, http::StatusCode, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::entrance::{Ways, desk_path};
use crate::{
    app::App,
    staff::{
        SignInAttempts,
        identities::{self, Providers},
        members, password,
        session::{self, FirstFactor, Opening, SignedIn},
    },
    token::Token,
    web::{Fields, Reader, WebError, cookies, limit, see_other},
};

pub use super::entrance::PATH;

#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    return_to: String,
    /// The identity provider that somebody who signed out came by.
    #[serde(default)]
    left: String,
}

/// `desk/sign_in.html`.
#[derive(Debug, Default, Serialize)]
pub struct SignInView {
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: [(); 0],
    /// Address or password were wrong.
    wrong: bool,
    /// A path of the desk to go on to.
    return_to: String,
    /// Identity providers, and where to sign out of one.
    with: Ways,
}

/// `GET /desk/sign-in?return_to=…`
pub async fn show(
    reader: Reader,
    providers: web::Data<Providers>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, WebError> {
    let return_to = desk_path(&wanted.return_to).to_owned();
    let with = Ways::of(&reader.app, &providers, &return_to, &wanted.left);
    reader.ok("desk/sign_in.html", &SignInView { return_to, with, ..SignInView::default() })
}

/// `POST /desk/sign-in`: `email`, `password`, `return_to`.
pub async fn submit(
    reader: Reader,
    request: HttpRequest,
    (attempts, providers): (web::Data<SignInAttempts>, web::Data<Providers>),
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let email = fields.get("email");
    let address = limit::subscriber(limit::client_address(&request, &app.settings));
    let attempt = attempts
        .begin(address, email, app.clock.now())
        .map_err(|retry_after| WebError::TooMany { retry_after })?;
    let return_to = desk_path(fields.get("return_to")).to_owned();
    let Some(token) =
        sign_in(app, &request, email, fields.0.get("password").cloned().unwrap_or_default()).await?
    else {
        let values = [("email", email.to_owned())].into();
        let with = Ways::of(app, &providers, &return_to, "");
        let view = SignInView { values, wrong: true, return_to, with, ..SignInView::default() };
        return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "desk/sign_in.html", &view);
    };
    attempts.forgive(attempt);
    // A session this browser had before ends: nobody can plant one and wait for it to be signed in.
    if let Some(old) = session::token_of(&request, app) {
        session::end(&app.pool, &old).await?;
    }
    let mut answer = see_other(&return_to);
    let age = time::Duration::hours(app.settings.desk.absolute_hours.into());
    let name = cookies::session_name(&app.settings);
    let cookie = cookies::cookie(&app.settings, name, token.reveal().to_owned(), age);
    answer.add_cookie(&cookie).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// A new session, if address and password belong to somebody who may sign in.
async fn sign_in(
    app: &App,
    request: &HttpRequest,
    email: &str,
    password: String,
) -> anyhow::Result<Option<Token>> {
    if password.len() > password::LONGEST {
        return Ok(None);
    }
    let (staff, hash) = match members::find_credentials(&app.pool, email).await? {
        Some(known) => (Some(known.id), known.password_hash),
        None => (None, None),
    };
    let right = password::verify(SecretString::from(password), hash).await?;
    match staff.filter(|_| right) {
        Some(staff) => {
            let opening = Opening::of(request, FirstFactor::Password);
            Ok(Some(session::open(app, staff, &opening, app.clock.now()).await?))
        }
        None => Ok(None),
    }
}

/// `POST /desk/sign-out`: ends this session; with `everywhere`, all of this person.
pub async fn sign_out(
    reader: Reader,
    request: HttpRequest,
    staff: SignedIn,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    // Read before the session is gone: whoever came by a provider is shown the way to sign out there, too.
    let left = identities::provider_of(&app.pool, staff.session).await?;
    if fields.find("everywhere").is_some() {
        session::end_all(&app.pool, staff.id).await?;
    } else if let Some(token) = session::token_of(&request, app) {
        session::end(&app.pool, &token).await?;
    }
    let to = left.map_or_else(|| PATH.to_owned(), |left| format!("{PATH}?left={left}"));
    let mut answer = reader.see_other(&to, "notice-signed-out");
    let gone = cookies::removal(&app.settings, cookies::session_name(&app.settings));
    answer.add_cookie(&gone).map_err(anyhow::Error::from)?;
    Ok(answer)
}
