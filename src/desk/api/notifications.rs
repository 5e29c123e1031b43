//! `/api/v1/notifications`: what a person at the desk is told by mail, and how; chosen by the page's function.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::begin;
use crate::{
    clock::Timestamp,
    desk::notifications,
    staff::session::SignedIn,
    web::{Reader, WebError},
};

/// What you are told by mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notifications {
    /// By the word of each kind that there is for your role: `immediate`, `digest` or `off`.
    kinds: BTreeMap<&'static str, String>,
    language: String,
    /// Where it goes.
    address: String,
    /// The last one did not arrive.
    #[schema(value_type = Option<String>, format = DateTime)]
    failed_at: Option<Timestamp>,
}

pub async fn show(reader: Reader, staff: SignedIn) -> Result<HttpResponse, WebError> {
    answer(&reader, &staff).await
}

pub async fn answer(reader: &Reader, staff: &SignedIn) -> Result<HttpResponse, WebError> {
    let chosen = notifications::read(&reader.app.pool, staff).await?;
    Ok(begin(StatusCode::OK).json(Notifications {
        kinds: chosen.kinds,
        language: chosen.language,
        address: chosen.address,
        failed_at: chosen.failed_at,
    }))
}
