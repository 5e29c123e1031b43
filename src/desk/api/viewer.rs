//! `GET /api/v1/viewer`: the document as Swagger UI draws it, to try operations out with a token that somebody types in.
//!
//! Its script and style come from the crate, unchanged; the page and what starts it are ours. The attacker is a site that sends
//! somebody here with an address of its own in the query, or a document that is not ours: the script is told one address and reads
//! none from ours. It sends no cookie with what it asks, keeps no token, and asks nobody but this site: the policy says so again.

use std::sync::{Arc, LazyLock};

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;
use utoipa_swagger_ui::Config;

use super::PATH;
use crate::web::{Reader, WebError};

/// What the page loads of the crate's files; the others are not served.
const FILES: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];

/// For the page alone. See docs/SECURITY.md.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::from("/api/v1/openapi.json")));

/// `desk/api/viewer.html`.
#[derive(Debug, Serialize)]
struct ViewerView {
    path: &'static str,
}

pub async fn show(reader: Reader) -> Result<HttpResponse, WebError> {
    let mut answer = reader.page(StatusCode::OK, "desk/api/viewer.html", &ViewerView { path: PATH })?;
    let policy = header::HeaderValue::from_static(POLICY);
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(answer)
}

/// `GET /api/v1/viewer/{name}`. Packed in the program, and unpacked by the browser.
pub async fn file(name: web::Path<String>) -> Result<HttpResponse, WebError> {
    if !FILES.contains(&name.as_str()) {
        return Err(WebError::NotFound);
    }
    let found = utoipa_swagger_ui::serve(&name, CONFIG.clone())
        .map_err(|error| anyhow::anyhow!("a file of the viewer can't be read: {error}"))?
        .ok_or(WebError::NotFound)?;
    let mut answer = HttpResponse::Ok();
    answer.content_type(found.content_type);
    answer.insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    if found.gzpipped {
        answer.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    Ok(answer.body(found.bytes.into_owned()))
}
