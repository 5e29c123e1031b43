//! The stylesheet, the script and the icon, embedded in the program.

use actix_web::{
    HttpResponse,
    http::header::{self, EntityTag, Header as _, IfNoneMatch},
    web,
};
use data_encoding::HEXLOWER;
use rust_embed::RustEmbed;

use super::error::WebError;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Assets;

/// `GET /static/{name}`. A browser asks every time whether its copy is still right, which costs one short answer: after
/// an update nobody sees the old looks.
pub async fn show(
    request: actix_web::HttpRequest,
    name: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let file = Assets::get(&name).ok_or(WebError::NotFound)?;
    let hash = file.metadata.sha256_hash();
    let tag = EntityTag::new_strong(HEXLOWER.encode(hash.get(..16).unwrap_or_default()));
    let fresh = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::CACHE_CONTROL, "public, no-cache"));
    answer.insert_header(header::ETag(tag));
    if fresh {
        return Ok(answer.finish());
    }
    answer.insert_header((header::CONTENT_TYPE, file.metadata.mimetype()));
    Ok(answer.body(file.data.into_owned()))
}
