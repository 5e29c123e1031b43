//! The second step of signing in, and signing in by passkey, which is both steps at once.

use std::{collections::BTreeMap, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use super::cookies::{ceremony_name, json, pending_name, session_cookie, short_lived, token_in};
use crate::{
    app::App,
    casework::Casework,
    lang::Arguments,
    staff::{
        second_factors::{
            ceremonies::Purpose,
            passkeys::{self, relying_party},
            pending,
            show::{Verdict, show as show_code},
        },
        session::{self, FirstFactor, Opening, SecondFactor},
    },
    token::Token,
    web::{
        Fields, Reader, WebError, cookies, error::FieldError, language::own_path, limit::whole_seconds,
        see_other,
    },
};

/// The second step.
pub const PATH: &str = "/desk/sign-in/second-factor";
/// By passkey.
pub const PASSKEY_PATH: &str = "/desk/sign-in/passkey";
const SIGN_IN: &str = "/desk/sign-in";
const FIRST_PAGE: &str = "/desk/cases";

#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    return_to: String,
}

/// `desk/second_factors/sign_in.html`
#[derive(Debug, Default, Serialize)]
struct SecondStepView {
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: Vec<FieldError>,
    return_to: String,
    passkeys: bool,
    /// What is wrong with a passkey.
    refused: Option<String>,
}

/// Sends whoever has shown a right password on to the second step. `return_to`: a path of the desk.
pub fn to_second_step(app: &App, token: &Token, return_to: &str) -> Result<HttpResponse, WebError> {
    let query = serde_html_form::to_string([("return_to", return_to)]).unwrap_or_default();
    let mut answer = see_other(&format!("{PATH}?{query}"));
    let cookie = short_lived(app, pending_name(&app.settings), token);
    answer.add_cookie(&cookie).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// `GET /desk/sign-in/second-factor`: without a first step, that comes first.
pub async fn show(
    reader: Reader,
    request: HttpRequest,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let stands = match token_in(&request, pending_name(&app.settings)) {
        Some(token) => pending::stands(app, &token, app.clock.now()).await?,
        None => false,
    };
    if !stands {
        return Ok(see_other(SIGN_IN));
    }
    let return_to = desk_path(&wanted.return_to).to_owned();
    let passkeys = relying_party(&app.settings).is_some();
    let view = SecondStepView { return_to, passkeys, ..SecondStepView::default() };
    reader.ok("desk/second_factors/sign_in.html", &view)
}

/// `POST /desk/sign-in/second-factor`: `code`, `return_to`.
pub async fn submit(
    reader: Reader,
    request: HttpRequest,
    casework: web::Data<Casework>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let now = app.clock.now();
    let over = || reader.see_other(SIGN_IN, "notice-second-step-over");
    let Some(token) = token_in(&request, pending_name(&app.settings)) else { return Ok(over()) };
    let Some(staff) = pending::begin_try(app, &token, now).await? else { return Ok(over()) };
    let return_to = desk_path(fields.get("return_to"));
    match show_code(&casework, staff, fields.get("code"), now).await? {
        Verdict::Right(factor) => match pending::finish(app, &token, factor, now).await? {
            Some(session) => signed_in(app, &request, &session, return_to).await,
            // Barred, or with another password, since.
            None => Ok(over()),
        },
        Verdict::Wrong => wrong(&reader, return_to, "second-factor-wrong", None),
        Verdict::TooMany(wait) => wrong(&reader, return_to, "second-factor-too-often", Some(wait)),
    }
}

fn wrong(
    reader: &Reader,
    return_to: &str,
    key: &str,
    wait: Option<Duration>,
) -> Result<HttpResponse, WebError> {
    let minutes = wait.map_or(0, |wait| whole_seconds(wait).div_ceil(60));
    let arguments: Arguments<'_> = [("minutes".into(), minutes.into())].into();
    let message = reader.language.text_with(key, &arguments);
    let view = SecondStepView {
        errors: [("code", message.clone())].into(),
        error_list: vec![FieldError { field: "code".to_owned(), message }],
        return_to: return_to.to_owned(),
        passkeys: relying_party(&reader.app.settings).is_some(),
        ..SecondStepView::default()
    };
    let status =
        if wait.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    reader.page(status, "desk/second_factors/sign_in.html", &view)
}

/// `POST /desk/sign-in/passkey/challenge`: what a passkey is to sign, for whoever asks.
pub async fn challenge(reader: Reader) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    relying_party(&app.settings).ok_or(WebError::NotFound)?;
    let (options, token) = passkeys::begin(app, Purpose::SignIn, app.clock.now()).await?;
    json(app, &options, (ceremony_name(&app.settings), &token))
}

/// `POST /desk/sign-in/passkey`: `passkey_credential`, `return_to`.
pub async fn by_passkey(
    reader: Reader,
    request: HttpRequest,
    casework: web::Data<Casework>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let now = app.clock.now();
    let return_to = desk_path(fields.get("return_to"));
    let taken = match token_in(&request, ceremony_name(&app.settings)) {
        Some(token) => {
            let signed = fields.get("passkey_credential");
            passkeys::finish(&casework, &token, (Purpose::SignIn, None), signed, now).await?
        }
        None => Err(passkeys::NotTaken::Over),
    };
    let staff = match taken {
        Ok(staff) => staff,
        Err(why) => {
            let refused = Some(reader.language.text(why.key()));
            let view =
                SecondStepView { return_to: return_to.to_owned(), refused, ..SecondStepView::default() };
            let reader = reader.at(SIGN_IN);
            return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "desk/second_factors/refused.html", &view);
        }
    };
    let opening =
        Opening { second_factor: Some(SecondFactor::Passkey), ..Opening::of(&request, FirstFactor::Passkey) };
    let session = session::open(app, staff, &opening, now).await?;
    signed_in(app, &request, &session, return_to).await
}

/// The session begins in this browser; what was there before ends.
pub async fn signed_in(
    app: &App,
    request: &HttpRequest,
    token: &Token,
    return_to: &str,
) -> Result<HttpResponse, WebError> {
    // A session this browser had before ends: nobody can plant one and wait for it to be signed in.
    if let Some(old) = session::token_of(request, app) {
        session::end(&app.pool, &old).await?;
    }
    let mut answer = see_other(return_to);
    answer.add_cookie(&session_cookie(app, token)).map_err(anyhow::Error::from)?;
    for name in [pending_name(&app.settings), ceremony_name(&app.settings)] {
        if cookies::read(request.headers(), name).is_some() {
            let gone = cookies::removal(&app.settings, name);
            answer.add_cookie(&gone).map_err(anyhow::Error::from)?;
        }
    }
    Ok(answer)
}

/// Only pages of the desk are gone on to; anything else leads to the queue.
pub fn desk_path(path: &str) -> &str {
    own_path(path).filter(|path| path.starts_with("/desk/")).unwrap_or(FIRST_PAGE)
}
