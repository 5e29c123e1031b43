//! `GET /desk/cases/{number}/pack`: everything about a case in one ZIP, for auditors and administrators. Who took it is written down
//! before they get it. Changes nothing else; what is in it and how it is made is for `pack`.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Bytes},
};
use futures_util::stream;
use serde::Deserialize;

use super::case_page;
use crate::{
    casework::Casework,
    pack::{
        export::{self, Wanted},
        format::Variant,
    },
    staff::session::SignedIn,
    web::{Reader, WebError, error::Overloaded, headers::FOR_FOREIGN_FILES},
};

/// What a pack can be asked to be.
pub(super) const WHATS: [&str; 3] = ["whole", "without-files", "redacted"];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// `whole`, `without-files` or `redacted`; anything else is the first.
    what: String,
}

/// # Errors
/// [`WebError::NotFound`] where there is no such case, [`WebError::Unavailable`] while as many are on their way as may be.
pub async fn download(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    number: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    send(&reader, &casework, &staff, &number, &query.what).await
}

/// The pack as an answer, while there is room for one more.
pub(super) async fn send(
    reader: &Reader,
    casework: &Casework,
    staff: &SignedIn,
    number: &str,
    what: &str,
) -> Result<HttpResponse, WebError> {
    let case = case_page::find(casework, number).await?;
    let wanted = Wanted {
        variant: if what == "redacted" { Variant::Redacted } else { Variant::Whole },
        with_files: what != "without-files",
        language: reader.language,
    };
    let place = casework.cabinet.packs.clone().try_acquire_owned();
    let place = place.map_err(|_| anyhow::Error::from(Overloaded))?;
    let pack = export::begin(casework, case, Some(staff.id.0), wanted).await?.at(place);
    let disposition = format!("attachment; filename=\"{}\"", pack.file_name());
    // What breaks off is no whole answer, and no browser takes it for one.
    let body = stream::unfold(pack.pieces(), |mut pieces| async move {
        let piece = pieces.recv().await?;
        Some((piece.map(Bytes::from).map_err(std::io::Error::other), pieces))
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CONTENT_SECURITY_POLICY, FOR_FOREIGN_FILES))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .streaming(body))
}
