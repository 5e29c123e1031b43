//! What staff see where a case was that is gone because its time was over: its number, when, and by which rule. More is not left.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;

use crate::{
    casework::{Casework, find_tombstone},
    clock::Timestamp,
    web::{Reader, WebError},
};

/// `desk/deleted_case.html`.
#[derive(Debug, Serialize)]
struct DeletedView {
    number: String,
    at: Timestamp,
    rule: String,
    years: i16,
}

/// The page of a case that is gone.
///
/// # Errors
/// [`WebError::NotFound`] where there never was one of this number.
pub(super) async fn show(
    reader: &Reader,
    casework: &Casework,
    number: &str,
) -> Result<HttpResponse, WebError> {
    let number = number.parse().map_err(|_| WebError::NotFound)?;
    let mut connection = casework.app.pool.acquire().await?;
    let left = find_tombstone(&mut connection, &number).await?.ok_or(WebError::NotFound)?;
    drop(connection);
    let view = DeletedView { number: left.number, at: left.at, rule: left.rule, years: left.years };
    reader.page(StatusCode::GONE, "desk/deleted_case.html", &view)
}
