//! From the token in an address to the case it opens, the same way for every page behind a link.

use actix_web::{HttpResponse, http::StatusCode};
use uuid::Uuid;

use super::message::MessageView;
use crate::{
    casework::{
        Casework, Loaded,
        links::{Purpose, find_any_link, find_link},
    },
    token::Token,
    web::{Reader, WebError},
};

/// The case that the `token` opens for `purpose`. `None` for what is no token, unknown, expired or another purpose's.
pub async fn find_case(
    casework: &Casework,
    token: &str,
    purpose: Purpose,
) -> Result<Option<Loaded>, WebError> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let mut connection = casework.app.pool.acquire().await?;
    let case = find_link(&mut connection, &token, purpose, casework.app.clock.now()).await?;
    drop(connection);
    match case {
        Some(case) => Ok(casework.load(case).await?),
        None => Ok(None),
    }
}

/// As [`find_case`]; without a case, the answer for scripts and [`gone`] for people.
pub async fn open(casework: &Casework, token: &str, purpose: Purpose) -> Result<Loaded, WebError> {
    find_case(casework, token, purpose).await?.ok_or(WebError::NotFound)
}

/// What a link led to that works no longer, and whom on record it was for. `None` for one that nobody knows.
pub async fn find_ended(
    casework: &Casework,
    token: &str,
    purpose: Purpose,
) -> Result<Option<(Loaded, Option<Uuid>, bool)>, WebError> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let mut connection = casework.app.pool.acquire().await?;
    let found = find_any_link(&mut connection, &token, purpose).await?;
    drop(connection);
    let Some((case, contact, came_back)) = found else { return Ok(None) };
    Ok(casework.load(case).await?.map(|loaded| (loaded, contact, came_back)))
}

/// The page for a link that worked once: that it came back to us, or what its end means for its reader, and nothing of anybody
/// else.
pub fn ended(
    reader: &Reader,
    came_back: bool,
    words: (&'static str, &'static str, &'static str),
) -> Result<HttpResponse, WebError> {
    let replaced = ("warn", "intake-replaced-title", "intake-replaced-text");
    let (tone, title, text) = if came_back { replaced } else { words };
    let view = MessageView::new(tone, reader.language, title, text);
    reader.page(StatusCode::GONE, MessageView::TEMPLATE, &view)
}

/// The page for a link that nobody knows.
pub fn gone(reader: &Reader) -> Result<HttpResponse, WebError> {
    let days = reader.app.settings.deadlines.confirmation_days;
    let arguments = [("days".into(), days.into())].into();
    let view =
        MessageView::with("warn", reader.language, "intake-gone-title", "intake-gone-text", &arguments)
            .leading_to("/escalations/new", reader.language.text("intake-home-start"));
    reader.page(StatusCode::NOT_FOUND, MessageView::TEMPLATE, &view)
}
