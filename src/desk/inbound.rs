//! What came in by mail, to be saved: the message as it came, and each of its attachments. Who saves what is written down first.
//!
//! Changes nothing else, and keeps nothing twice: an attachment is cut out of the message when somebody wants it. None is
//! ever shown by the browser in our name, and none is handed out that the scanner, where there is one, has not found clean:
//! everybody can send us a file.

use actix_web::{HttpResponse, HttpResponseBuilder, http::header, web};
use anyhow::Context as _;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    casework::Casework,
    evidence::{name, scanner::Finding, size},
    lang::Language,
    mail::incoming::quarantine,
    message::{self, Attachment},
    staff::session::SignedIn,
    web::{WebError, headers::FOR_FOREIGN_FILES},
};

/// An attachment on a page: `desk/parts/inbound_files.html`.
#[derive(Debug, Serialize)]
pub struct FileView {
    part: usize,
    /// Cleaned; `None` where it has none.
    name: Option<String>,
    /// What its sender says that it is: part of a message key.
    kind: &'static str,
    size: String,
}

impl FileView {
    pub fn list(attachments: &[Attachment], language: Language) -> Vec<Self> {
        let view = |attachment: &Attachment| Self {
            part: attachment.part,
            name: attachment.name.as_deref().and_then(name::clean),
            kind: kind(attachment),
            size: size::words(u64::try_from(attachment.size).unwrap_or(u64::MAX), language),
        };
        attachments.iter().map(view).collect()
    }
}

/// What it claims to be, in the words that people have for it.
fn kind(attachment: &Attachment) -> &'static str {
    let essence = attachment.essence.as_str();
    let (class, subtype) = essence.split_once('/').unwrap_or_default();
    match class {
        "image" => return "image",
        "audio" | "video" => return "media",
        "message" if subtype.ends_with("delivery-status") || subtype.starts_with("disposition") => {
            return "report";
        }
        "message" => return "message",
        _ => {}
    }
    let holds = |words: &[&str]| words.iter().any(|word| subtype.contains(word));
    if holds(&["signature"]) {
        "signature"
    } else if holds(&["pkcs7-mime", "pgp-encrypted"]) {
        "sealed"
    } else if holds(&["ms-tnef"]) {
        "tnef"
    } else if subtype == "pdf" {
        "pdf"
    } else if holds(&["word", "excel", "sheet", "presentation", "powerpoint", "opendocument", "rtf"]) {
        "document"
    } else if holds(&["calendar"]) {
        "calendar"
    } else if holds(&["vcard", "directory"]) {
        "contact"
    } else if holds(&["zip", "tar", "compressed", "rar"]) {
        "archive"
    } else if class == "text" {
        "text"
    } else {
        "other"
    }
}

/// `GET /desk/inbound/{id}/original`: the bytes as they came, as an e-mail where the scanner has nothing against it; else as a
/// plain text, which no program takes its attachments out of.
///
/// # Errors
/// [`WebError::NotFound`] where there is no such message.
pub async fn original(
    casework: web::Data<Casework>,
    staff: SignedIn,
    path: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let (id, raw) = find(&casework, &path).await?;
    let is_harmless = matches!(scan(&casework, &raw).await, Some(Finding::Clean | Finding::Unscanned));
    let (kind, ending) =
        if is_harmless { ("message/rfc822", "eml") } else { ("text/plain; charset=utf-8", "txt") };
    let disposition = format!("attachment; filename=\"message-{id}.{ending}\"");
    quarantine::note_download(&casework.app.pool, id, None, staff.id.0, casework.app.clock.now()).await?;
    Ok(to_save(kind, disposition).body(raw))
}

/// `GET /desk/inbound/{id}/attachments/{part}`
///
/// # Errors
/// [`WebError::NotFound`] where there is no such message or part, [`WebError::Refused`] where the scanner found something in it
/// or could not look.
pub async fn attachment(
    casework: web::Data<Casework>,
    staff: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, WebError> {
    let part: usize = path.1.parse().map_err(|_| WebError::NotFound)?;
    let (id, raw) = find(&casework, &path.0).await?;
    let cutting = tokio::task::spawn_blocking(move || message::cut_out(&raw, part));
    let (attachment, bytes) =
        cutting.await.context("an attachment could not be cut out")?.ok_or(WebError::NotFound)?;
    let refused = |key: &str| WebError::Refused { key: key.to_owned(), about_rights: false };
    match scan(&casework, &bytes).await {
        Some(Finding::Clean | Finding::Unscanned) => {}
        Some(Finding::Infected(_)) => return Err(refused("inbound-file-infected")),
        None => return Err(refused("inbound-file-not-scanned")),
    }
    let named = attachment.name.as_deref().and_then(name::clean);
    let named = named.unwrap_or_else(|| nameless(&attachment).to_owned());
    quarantine::note_download(&casework.app.pool, id, Some(part), staff.id.0, casework.app.clock.now())
        .await?;
    Ok(to_save("application/octet-stream", name::disposition_of_any(&named)).body(bytes))
}

fn nameless(attachment: &Attachment) -> &'static str {
    match attachment.essence.as_str() {
        "application/pdf" => "attachment.pdf",
        "image/jpeg" => "attachment.jpg",
        "image/png" => "attachment.png",
        "text/calendar" => "attachment.ics",
        essence if essence.starts_with("message/") => "attachment.eml",
        essence if essence.starts_with("text/") => "attachment.txt",
        _ => "attachment",
    }
}

async fn find(casework: &Casework, id: &str) -> Result<(Uuid, Vec<u8>), WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let mut connection = casework.app.pool.acquire().await?;
    let raw = quarantine::find_source(&mut connection, id).await?.ok_or(WebError::NotFound)?;
    Ok((id, raw))
}

/// `None` where the scanner could not look.
async fn scan(casework: &Casework, bytes: &[u8]) -> Option<Finding> {
    match casework.cabinet.scanner.scan(bytes).await {
        Ok(finding) => Some(finding),
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "an inbound file could not be scanned");
            None
        }
    }
}

/// Even if a browser showed it: no script, no form, nothing loaded, an origin of its own.
fn to_save(kind: &'static str, disposition: String) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CONTENT_SECURITY_POLICY, FOR_FOREIGN_FILES))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("cross-origin-resource-policy", "same-origin"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_what_people_call_it() {
        for (essence, kind) in [
            ("application/pdf", "pdf"),
            ("image/svg+xml", "image"),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document"),
            ("application/msword", "document"),
            ("application/pkcs7-signature", "signature"),
            ("application/pkcs7-mime", "sealed"),
            ("application/ms-tnef", "tnef"),
            ("message/rfc822", "message"),
            ("message/delivery-status", "report"),
            ("text/calendar", "calendar"),
            ("text/csv", "text"),
            ("application/zip", "archive"),
            ("wurst", "other"),
            ("application/octet-stream", "other"),
        ] {
            let attachment = Attachment { part: 0, name: None, essence: essence.to_owned(), size: 1 };
            assert_eq!(super::kind(&attachment), kind, "{essence}");
        }
    }
}
