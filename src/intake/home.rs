//! The start page: who can help themselves, how it works, and where the form is.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::web::{Reader, WebError};

/// What `intake/home.html` shows: nothing but its sentences.
#[derive(Clone, Debug, Default, Serialize)]
pub struct HomeView {}

/// `GET /`
pub async fn show(reader: Reader) -> Result<HttpResponse, WebError> {
    reader.ok("intake/home.html", &HomeView {})
}
