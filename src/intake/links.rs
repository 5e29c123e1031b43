//! From the token in an address to the case it opens, the same way for every page behind a link.

use actix_web::{HttpResponse, http::StatusCode};

use super::message::MessageView;
use crate::{
    casework::{
        Casework, Loaded,
        links::{Purpose, find_link},
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

/// The page for a link that opens nothing (any more). It does not say which.
pub fn gone(reader: &Reader) -> Result<HttpResponse, WebError> {
    let days = reader.app.settings.deadlines.confirmation_days;
    let arguments = [("days".into(), days.into())].into();
    let view =
        MessageView::with("warn", reader.language, "intake-gone-title", "intake-gone-text", &arguments)
            .leading_to("/escalations/new", reader.language.text("intake-home-start"));
    reader.page(StatusCode::NOT_FOUND, MessageView::TEMPLATE, &view)
}
