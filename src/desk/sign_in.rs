//! Signing in and out. The answer and the work are the same whether the address, the password or both are wrong.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::entrance::{Ways, desk_path};
use crate::{
    app::App,
    case::actor::StaffId,
    desk::second_factors,
    staff::{
        attempts::{self, Trying},
        devices,
        identities::{self, Providers},
        members, password,
        second_factors::{
            passkeys::relying_party,
            pending::{self, Next},
        },
        session::{self, FirstFactor, SignedIn},
    },
    web::{Fields, Reader, WebError, cookies, limit},
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
    /// Whether it can be done by passkey.
    passkeys: bool,
}

/// `GET /desk/sign-in?return_to=…`
pub async fn show(
    reader: Reader,
    providers: web::Data<Providers>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, WebError> {
    let return_to = desk_path(&wanted.return_to).to_owned();
    let with = Ways::of(&reader.app, &providers, &return_to, &wanted.left);
    let passkeys = relying_party(&reader.app.settings).is_some();
    reader.ok("desk/sign_in.html", &SignInView { return_to, with, passkeys, ..SignInView::default() })
}

/// `POST /desk/sign-in`: `email`, `password`, `return_to`.
pub async fn submit(
    reader: Reader,
    request: HttpRequest,
    providers: web::Data<Providers>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let (email, now) = (fields.get("email"), app.clock.now());
    let trying = Trying {
        address: limit::client_address(&request, &app.settings),
        account: email,
        device: devices::known(&request, app, email, now),
    };
    let attempt =
        attempts::begin(app, &trying, now).await?.map_err(|retry_after| WebError::TooMany { retry_after })?;
    let return_to = desk_path(fields.get("return_to")).to_owned();
    let recognised = recognise(app, email, fields.0.get("password").cloned().unwrap_or_default()).await;
    let staff = match recognised {
        Ok(Some(staff)) => staff,
        Ok(None) => {
            let values = [("email", email.to_owned())].into();
            let with = Ways::of(app, &providers, &return_to, "");
            let passkeys = relying_party(&app.settings).is_some();
            let view = SignInView { values, wrong: true, return_to, with, passkeys, ..SignInView::default() };
            return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "desk/sign_in.html", &view);
        }
        Err(error) => {
            // No password was looked at: nobody waits because we are busy.
            attempts::forgive(&app.pool, attempt, now).await?;
            return Err(error.into());
        }
    };
    attempts::forgive(&app.pool, attempt, now).await?;
    let mut answer = go_on(&reader, &request, staff, FirstFactor::Password, &return_to).await?;
    let device = devices::remember(&request, app, email, now);
    answer.add_cookie(&device).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// The first factor was right, whichever it was: a session, or the second step before it.
async fn go_on(
    reader: &Reader,
    request: &HttpRequest,
    staff: StaffId,
    with: FirstFactor,
    return_to: &str,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    match pending::after_first_factor(app, request, staff, with, app.clock.now()).await? {
        Next::Session(token) => second_factors::sign_in::signed_in(app, request, &token, return_to).await,
        Next::SecondStep(token) => second_factors::sign_in::to_second_step(app, &token, return_to),
    }
}

/// Whose address and password these are. The same work, whether there is such an account, and whether it has a password.
async fn recognise(app: &App, email: &str, password: String) -> anyhow::Result<Option<StaffId>> {
    if password.len() > password::LONGEST {
        return Ok(None);
    }
    let (staff, hash) = match members::find_credentials(&app.pool, email).await? {
        Some(known) => (Some(known.id), known.password_hash),
        None => (None, None),
    };
    let right = password::verify(SecretString::from(password), hash).await?;
    Ok(staff.filter(|_| right))
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
        let mut connection = app.pool.acquire().await?;
        session::end_all(&mut connection, staff.id).await?;
    } else if let Some(token) = session::token_of(&request, app) {
        session::end(&app.pool, &token).await?;
    }
    let to = left.map_or_else(|| PATH.to_owned(), |left| format!("{PATH}?left={left}"));
    let mut answer = reader.see_other(&to, "notice-signed-out");
    let gone = cookies::removal(&app.settings, cookies::session_name(&app.settings));
    answer.add_cookie(&gone).map_err(anyhow::Error::from)?;
    Ok(answer)
}
