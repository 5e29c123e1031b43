//! The files of the reseller's face (`brand`): the stylesheet with the colours, the logo, the picture for the browser's tab.
//!
//! A name holds the hash of its content, so a browser keeps the file and never asks again. Another process, with other settings, may
//! have made the page: what it names and we do not have is answered with ours, which nobody keeps.

use actix_web::{
    HttpResponse,
    http::header::{self, AcceptEncoding, Encoding, Header as _},
    web,
};
use sha2::{Digest as _, Sha256};

use super::{assets::pack, error::WebError};
use crate::app::App;

/// A logo that somebody opens alone is a document of our site: it may draw itself, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'; base-uri 'none'";

/// `GET /brand/{name}`
pub async fn show(
    request: actix_web::HttpRequest,
    app: web::Data<App>,
    name: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let (file, is_exact) = app.brand.find(&name).ok_or(WebError::NotFound)?;
    let caching = if is_exact { "public, max-age=31536000, immutable" } else { "no-store" };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, caching));
    answer.insert_header((header::CONTENT_TYPE, file.media_type));
    answer.insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    answer.insert_header((header::VARY, "accept-encoding"));
    let encodings = [Encoding::gzip(), Encoding::identity()];
    let accepted = AcceptEncoding::parse(&request).ok();
    let packs = file.media_type != "image/png"
        && accepted.and_then(|accepted| accepted.negotiate(encodings.iter())) == Some(Encoding::gzip());
    if packs {
        answer.insert_header((header::CONTENT_ENCODING, "gzip"));
        return Ok(answer.body(pack(Sha256::digest(&file.bytes).into(), &file.bytes)?));
    }
    Ok(answer.body(file.bytes.clone()))
}
