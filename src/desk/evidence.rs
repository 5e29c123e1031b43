//! `GET /desk/cases/{number}/evidence/{id}`: an evidence file, to be saved and never to be shown by the browser in our name.
//!
//! Who opened it is written down before they get it. Changes nothing else.

use actix_web::{HttpResponse, http::header, web};
use uuid::Uuid;

use super::case_page;
use crate::{
    case::digest::Digest,
    casework::Casework,
    evidence::{files, name, vault::Owner},
    staff::session::SignedIn,
    web::{WebError, headers::FOR_FOREIGN_FILES},
};

/// # Errors
/// [`WebError::NotFound`] for another case's file or one whose bytes are gone, [`WebError::Refused`] while it has not been
/// looked at for viruses.
pub async fn download(
    casework: web::Data<Casework>,
    staff: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, WebError> {
    let case = case_page::find(&casework, &path.0).await?;
    let id: Uuid = path.1.parse().map_err(|_| WebError::NotFound)?;
    let pool = &casework.app.pool;
    let mut connection = pool.acquire().await?;
    let listed = files::list(&mut connection, case).await?;
    drop(connection);
    let file = listed.into_iter().find(|file| file.id == id && file.deleted_at.is_none());
    let file = file.ok_or(WebError::NotFound)?;
    if !file.is_readable() {
        return Err(WebError::Refused { key: "evidence-not-scanned-yet".to_owned(), about_rights: false });
    }
    let opened = casework.open_evidence(Owner { file: id, case }, Digest(file.sha256)).await?;
    let bytes = opened.ok_or(WebError::NotFound)?;
    files::note_download(pool, id, staff.id.0, casework.app.clock.now()).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, file.kind.mime()))
        .insert_header((header::CONTENT_DISPOSITION, name::disposition(file.name.as_deref(), file.kind)))
        .insert_header((header::CONTENT_SECURITY_POLICY, FOR_FOREIGN_FILES))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .body(bytes))
}
