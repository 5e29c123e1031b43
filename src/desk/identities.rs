//! Signing in with an identity provider: the way there, back, and out; and taking an identity from an account.
//!
//! A GET begins, as a form that leads to another site would need that site in the policy of the page; it changes nothing but what
//! this browser began, and no other site can begin it. What comes back counts only in the browser that it was begun in.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::time,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    entrance::{self, desk_path},
    second_factors::step_up::Asking,
};
use crate::{
    app::App,
    casework::Casework,
    staff::{
        identities::{self, Denied, Provider, Providers, Returned, SignInError, Wish, logout},
        session,
    },
    token::Token,
    web::{Fields, Reader, WebError, cookies, limit, limit::FormLimit, origin, see_other},
};

/// How long a browser keeps what ties it to what it began; longer than that is believed.
const BROWSER_AGE: time::Duration = time::Duration::minutes(30);

/// `desk/sign_in_denied.html`.
#[derive(Debug, Serialize)]
struct DeniedView<'a> {
    why: &'static str,
    label: &'a str,
    /// Where to try again.
    again: String,
}

/// `GET /desk/sign-in/with/{provider}?return_to=…`, and `anew=true`
pub async fn begin(
    reader: Reader,
    request: HttpRequest,
    (providers, limit): (web::Data<Providers>, web::Data<FormLimit>),
    name: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let provider = providers.find(&name).ok_or(WebError::NotFound)?;
    let asked = Fields::decode(request.query_string().as_bytes()).unwrap_or_default();
    let return_to = desk_path(asked.get("return_to")).to_owned();
    if origin::is_from_another_site(request.headers()) {
        // Somebody presses the button first: no page of others starts anything.
        let query = serde_html_form::to_string([("return_to", &return_to)]).unwrap_or_default();
        return Ok(see_other(&format!("{}?{query}", entrance::PATH)));
    }
    limit.check(limit::client_address(&request, &app.settings))?;
    // One for all that this browser begins, so that two open pages do not end each other.
    let browser = browser_of(&request, app).unwrap_or_else(Token::random);
    let wish = Wish { return_to: &return_to, anew: asked.is_ticked(entrance::ANEW) };
    match identities::begin(app, provider, &browser, wish).await {
        Ok(there) => {
            let mut answer = HttpResponse::SeeOther().insert_header((header::LOCATION, there)).finish();
            let name = cookies::provider_name(&app.settings);
            let cookie = cookies::cookie(&app.settings, name, browser.reveal().to_owned(), BROWSER_AGE);
            answer.add_cookie(&cookie).map_err(anyhow::Error::from)?;
            Ok(answer)
        }
        Err(error) => denied(&reader, provider, error),
    }
}

/// `GET /desk/sign-in/with/{provider}/callback?code=…&state=…`
pub async fn finish(
    reader: Reader,
    request: HttpRequest,
    (casework, providers): (web::Data<Casework>, web::Data<Providers>),
    name: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let provider = providers.find(&name).ok_or(WebError::NotFound)?;
    let brought = Fields::decode(request.query_string().as_bytes()).unwrap_or_default();
    let returned = Returned {
        state: brought.get("state"),
        code: brought.get("code"),
        error: brought.get("error"),
        issuer: brought.get("iss"),
    };
    let browser = browser_of(&request, &reader.app);
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let user_agent = user_agent.unwrap_or_default();
    // The address holds the code: it must not be what "language" leads back to.
    let reader = reader.at(entrance::PATH);
    let signed_in =
        match identities::finish(&casework, provider, browser.as_ref(), returned, user_agent).await {
            Ok(signed_in) => signed_in,
            Err(error) => return denied(&reader, provider, error),
        };
    let app = &reader.app;
    // A session this browser had before ends: nobody can plant one and wait for it to be signed in.
    if let Some(old) = session::token_of(&request, app) {
        session::end(&app.pool, &old).await?;
    }
    let mut answer = see_other(desk_path(&signed_in.return_to));
    let age = time::Duration::minutes(provider.settings.session_minutes.into());
    let cookie = cookies::cookie(
        &app.settings,
        cookies::session_name(&app.settings),
        signed_in.token.reveal().to_owned(),
        age,
    );
    answer.add_cookie(&cookie).map_err(anyhow::Error::from)?;
    let gone = cookies::removal(&app.settings, cookies::provider_name(&app.settings));
    answer.add_cookie(&gone).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// `POST /desk/sign-in/with/{provider}/logout`: `logout_token`, from the provider itself.
pub async fn sign_out(
    app: web::Data<App>,
    providers: web::Data<Providers>,
    name: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let provider = providers.find(&name).ok_or(WebError::NotFound)?;
    match logout::receive(&app, provider, fields.get("logout_token")).await {
        Ok(sessions) => {
            tracing::info!(
                provider = provider.settings.name,
                sessions,
                "signed out by the identity provider"
            );
            Ok(HttpResponse::Ok().finish())
        }
        Err(SignInError::Denied(why, reason)) => {
            tracing::warn!(provider = provider.settings.name, reason, "a logout token is not taken");
            let (mut answer, error) = match why {
                // It comes again.
                Denied::Away => (HttpResponse::ServiceUnavailable(), "temporarily_unavailable"),
                _ => (HttpResponse::BadRequest(), "invalid_request"),
            };
            Ok(answer.json(serde_json::json!({ "error": error })))
        }
        Err(SignInError::Other(error)) => Err(error.into()),
    }
}

/// `POST /desk/administration/identities/{id}/unbinding`
pub async fn unbind(asking: Asking, id: web::Path<Uuid>) -> Result<HttpResponse, WebError> {
    let back = desk_path(asking.fields.get("return_to")).to_owned();
    if let Some(page) = asking.demand_where_there_is_one(&back).await? {
        return Ok(page);
    }
    identities::unbind(&asking.casework, asking.doer(), *id).await?;
    Ok(asking.reader.see_other(&back, "notice-identity-unbound"))
}

fn browser_of(request: &HttpRequest, app: &App) -> Option<Token> {
    Token::parse(cookies::read(request.headers(), cookies::provider_name(&app.settings))?)
}

/// A page that says why, and a line for whoever operates Handover.
fn denied(reader: &Reader, provider: &Provider, error: SignInError) -> Result<HttpResponse, WebError> {
    let (why, reason) = match error {
        SignInError::Denied(why, reason) => (why, reason),
        SignInError::Other(error) => return Err(error.into()),
    };
    let word: &'static str = why.into();
    tracing::warn!(
        provider = provider.settings.name,
        why = word,
        reason,
        "a sign-in with an identity provider was denied"
    );
    let status = match why {
        Denied::Stale => StatusCode::BAD_REQUEST,
        Denied::Away => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::FORBIDDEN,
    };
    let view = DeniedView { why: word, label: &provider.settings.label, again: entrance::PATH.to_owned() };
    reader.page(status, "desk/sign_in_denied.html", &view)
}
