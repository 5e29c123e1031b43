//! Signing in and out. The answer and the work are the same whether the address, the password or both are wrong.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    desk::second_factors::{self, sign_in::desk_path},
    staff::{
        SignInAttempts, members, password,
        second_factors::{
            passkeys::relying_party,
            pending::{self, Next},
        },
        session::{self, FirstFactor, SignedIn},
    },
    web::{Fields, Reader, WebError, cookies, limit},
};

/// Where to sign in.
pub const PATH: &str = "/desk/sign-in";

#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    return_to: String,
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
    /// Whether it can be done by passkey.
    passkeys: bool,
}

/// `GET /desk/sign-in?return_to=…`
pub async fn show(reader: Reader, wanted: web::Query<Wanted>) -> Result<HttpResponse, WebError> {
    let return_to = desk_path(&wanted.return_to).to_owned();
    let passkeys = relying_party(&reader.app.settings).is_some();
    reader.ok("desk/sign_in.html", &SignInView { return_to, passkeys, ..SignInView::default() })
}

/// `POST /desk/sign-in`: `email`, `password`, `return_to`.
pub async fn submit(
    reader: Reader,
    request: HttpRequest,
    attempts: web::Data<SignInAttempts>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let email = fields.get("email");
    let address = limit::subscriber(limit::client_address(&request, &app.settings));
    let attempt = attempts
        .begin(address, email, app.clock.now())
        .map_err(|retry_after| WebError::TooMany { retry_after })?;
    let return_to = desk_path(fields.get("return_to")).to_owned();
    let Some(next) =
        sign_in(app, &request, email, fields.0.get("password").cloned().unwrap_or_default()).await?
    else {
        let values = [("email", email.to_owned())].into();
        let passkeys = relying_party(&app.settings).is_some();
        let view = SignInView { values, wrong: true, return_to, passkeys, ..SignInView::default() };
        return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "desk/sign_in.html", &view);
    };
    attempts.forgive(attempt);
    match next {
        Next::Session(token) => second_factors::sign_in::signed_in(app, &request, &token, &return_to).await,
        Next::SecondStep(token) => second_factors::sign_in::to_second_step(app, &token, &return_to),
    }
}

/// What comes next, if address and password belong to somebody who may sign in: a session, or the second step.
async fn sign_in(
    app: &App,
    request: &HttpRequest,
    email: &str,
    password: String,
) -> anyhow::Result<Option<Next>> {
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
            let now = app.clock.now();
            Ok(Some(pending::after_first_factor(app, request, staff, FirstFactor::Password, now).await?))
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
    if fields.find("everywhere").is_some() {
        session::end_all(&app.pool, staff.id).await?;
    } else if let Some(token) = session::token_of(&request, app) {
        session::end(&app.pool, &token).await?;
    }
    let mut answer = reader.see_other(PATH, "notice-signed-out");
    let gone = cookies::removal(&app.settings, cookies::session_name(&app.settings));
    answer.add_cookie(&gone).map_err(anyhow::Error::from)?;
    Ok(answer)
}
