//! `GET /metrics`: how Handover does, for a monitoring system, in the text format of Prometheus (version 0.0.4).
//!
//! What is written down is read from the database, so that any process tells of all ([`house`]); what nobody writes down, this process
//! has counted since its start ([`process`]). Every figure of the database is found by an index and counted to a bound: whoever asks
//! every few seconds reads no table. Where the database is away, the rest is told all the same. Holds no personal data: words of the program
//! and numbers.

mod house;
mod page;
mod process;

use std::time::{Duration, Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderMap},
    web,
};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use self::page::Page;
use crate::{app::App, token::sha256, web::WebError};

/// Prometheus gives up after ten seconds, unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(5);

/// `GET /metrics` for whoever knows the token; not there where none is configured.
pub async fn show(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, WebError> {
    let token = app.settings.metrics.token.expose_secret();
    if token.is_empty() {
        return Err(WebError::NotFound);
    }
    if !knows(request.headers(), token) {
        return Ok(HttpResponse::Unauthorized().insert_header((header::WWW_AUTHENTICATE, "Bearer")).finish());
    }
    show_unguarded(app).await
}

/// The same for a port that only this machine reaches.
pub async fn show_unguarded(app: web::Data<App>) -> Result<HttpResponse, WebError> {
    let text = gather(&app).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

fn knows(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    sha256(given.as_bytes()).ct_eq(&sha256(token.as_bytes())).into()
}

async fn gather(app: &App) -> anyhow::Result<String> {
    let mut page = Page::default();
    process::tell(&mut page, app);
    let begun = Instant::now();
    let asked = tokio::time::timeout(PATIENCE, house::tell(app)).await;
    let told = asked.unwrap_or_else(|_elapsed| Err(anyhow::anyhow!("the database took too long")));
    page.flag("database_up", "Whether the database answered this very question", told.is_ok());
    page.seconds(
        "database_answer_seconds",
        "How long it took, from asking for a connection on",
        begun.elapsed().as_secs_f64(),
    );
    match told {
        Ok(told) => page.0.push_str(&told.0),
        Err(error) => tracing::warn!(error = format!("{error:#}"), "could not read the figures"),
    }
    page.0.push_str(&app.meters.text()?);
    Ok(page.0)
}
