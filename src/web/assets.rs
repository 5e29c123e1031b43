//! The stylesheet and the scripts, embedded in the program. They and the reseller's face are the only answers that are compressed: they are the same
//! for everybody, and compressing a secret beside what somebody typed gives it away (BREACH).

use std::{
    collections::BTreeMap,
    io::Write as _,
    sync::{Mutex, PoisonError},
};

use actix_web::{
    HttpResponse,
    http::header::{self, AcceptEncoding, Encoding, EntityTag, Header as _, IfNoneMatch},
    web,
    web::Bytes,
};
use data_encoding::HEXLOWER;
use flate2::{Compression, write::GzEncoder};
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
    answer.insert_header((header::VARY, "accept-encoding"));
    answer.insert_header(header::ETag(tag));
    if fresh {
        return Ok(answer.finish());
    }
    answer.insert_header((header::CONTENT_TYPE, file.metadata.mimetype()));
    let encodings = [Encoding::gzip(), Encoding::identity()];
    let accepted = AcceptEncoding::parse(&request).ok();
    if accepted.and_then(|accepted| accepted.negotiate(encodings.iter())) == Some(Encoding::gzip()) {
        answer.insert_header((header::CONTENT_ENCODING, "gzip"));
        return Ok(answer.body(pack(hash, &file.data)?));
    }
    Ok(answer.body(file.data.into_owned()))
}

/// As small as gzip makes it, made once for each content.
pub(super) fn pack(hash: [u8; 32], data: &[u8]) -> anyhow::Result<Bytes> {
    static PACKED: Mutex<BTreeMap<[u8; 32], Bytes>> = Mutex::new(BTreeMap::new());
    let mut packed = PACKED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = packed.get(&hash) {
        return Ok(known.clone());
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data)?;
    let made = Bytes::from(encoder.finish()?);
    packed.insert(hash, made.clone());
    Ok(made)
}
