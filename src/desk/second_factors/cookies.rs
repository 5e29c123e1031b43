//! The cookies of the second step and of passkeys. Their tokens open nothing by themselves.

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    cookie::{Cookie, time},
};

use crate::{
    app::App,
    config::Settings,
    staff::session::{self, SecondFactor},
    token::Token,
    web::{WebError, cookies},
};

/// Where to sign in anew.
const SIGN_IN: &str = "/desk/sign-in";

/// Between password and second factor.
pub fn pending_name(settings: &Settings) -> &'static str {
    if settings.is_https() { "__Host-handover_second_step" } else { "handover_second_step" }
}

/// What this browser was asked to sign.
pub fn ceremony_name(settings: &Settings) -> &'static str {
    if settings.is_https() { "__Host-handover_passkey" } else { "handover_passkey" }
}

pub fn token_in(request: &HttpRequest, name: &str) -> Option<Token> {
    Token::parse(cookies::read(request.headers(), name)?)
}

pub fn short_lived(app: &App, name: &'static str, token: &Token) -> Cookie<'static> {
    cookies::cookie(&app.settings, name, token.reveal().to_owned(), time::Duration::minutes(10))
}

/// The session's, for as long as it lasts at most.
pub fn session_cookie(app: &App, token: &Token) -> Cookie<'static> {
    let age = time::Duration::hours(app.settings.desk.absolute_hours.into());
    cookies::cookie(&app.settings, cookies::session_name(&app.settings), token.reveal().to_owned(), age)
}

/// What a browser that has a script is told.
pub fn json(
    app: &App,
    body: &serde_json::Value,
    (name, token): (&'static str, &Token),
) -> Result<HttpResponse, WebError> {
    let mut answer = HttpResponse::Ok().content_type("application/json").body(body.to_string());
    answer.add_cookie(&short_lived(app, name, token)).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// The session of this request, strengthened: it goes on under this cookie.
pub async fn strengthened(app: &App, request: &HttpRequest, factor: SecondFactor) -> Result<(), WebError> {
    let gone = || WebError::NotSignedIn { at: SIGN_IN.to_owned(), typed: Vec::new() };
    let token = session::token_of(request, app).ok_or_else(gone)?;
    let fresh = session::strengthen(&app.pool, &token, factor, app.clock.now()).await?;
    request.extensions_mut().insert(cookies::InAnyCase(session_cookie(app, &fresh.ok_or_else(gone)?)));
    Ok(())
}
