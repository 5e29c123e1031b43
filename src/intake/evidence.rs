//! Files that the requester puts to the case, on the status page: what came, what became of it, and the form for the next.
//!
//! Files of others are not shown, and none can be had back. What was sent by mistake can be removed until it is decided on.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use uuid::Uuid;

use super::{cases, field_errors::ErrorsView, links};
use crate::{
    case::{action::ActionKind, actor::Actor},
    casework::{AddError, Casework, Loaded, links::Purpose},
    clock::Timestamp,
    evidence::{
        content::Kind,
        files::{Scan, StoredFile},
        size,
    },
    lang::Language,
    web::{
        Fields, Reader, WebError,
        error::FieldError,
        upload::{Queue, Uploads},
    },
};

/// What `intake/evidence.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceView {
    files: Vec<FileView>,
    may_add: bool,
    /// The largest file, in words.
    most: String,
}

#[derive(Clone, Debug, Serialize)]
struct FileView {
    id: Uuid,
    name: Option<String>,
    kind: Kind,
    size: String,
    at: Timestamp,
    /// waiting | received | infected | deleted
    state: &'static str,
    tone: &'static str,
    /// Sent by mistake, it can be taken out again.
    may_remove: bool,
}

impl EvidenceView {
    /// `None` where there is nothing to show and nothing to send.
    pub fn of(
        casework: &Casework,
        loaded: &Loaded,
        (files, decided_on): (Vec<StoredFile>, &[Uuid]),
        language: Language,
        now: Timestamp,
    ) -> Option<Self> {
        let may_remove = loaded.case.offers_one(Actor::Requester, ActionKind::RemoveEvidence, now);
        let may_remove =
            |file: &StoredFile| may_remove && file.deleted_at.is_none() && !decided_on.contains(&file.id);
        let may_add = casework.cabinet.takes_files()
            && loaded.case.offers_one(Actor::Requester, ActionKind::AddEvidence, now);
        let own = files.into_iter().filter(|file| file.uploaded_by.is_none());
        let files: Vec<FileView> = own.map(|file| FileView::of(may_remove(&file), file, language)).collect();
        let most = u64::try_from(casework.cabinet.limits.file_bytes).unwrap_or(u64::MAX);
        let shown = may_add || !files.is_empty();
        shown.then(|| Self { files, may_add, most: size::words(most, language) })
    }
}

impl FileView {
    fn of(may_remove: bool, file: StoredFile, language: Language) -> Self {
        let (state, tone) = match (file.scan, file.deleted_at) {
            (Scan::Infected, _) => ("infected", "bad"),
            (_, Some(_)) => ("deleted", ""),
            (Scan::Waiting, None) => ("waiting", "info"),
            (Scan::Clean | Scan::Unscanned, None) => ("received", "ok"),
        };
        Self {
            id: file.id,
            may_remove,
            name: file.name,
            kind: file.kind,
            size: size::words(file.size, language),
            at: file.created_at,
            state,
            tone,
        }
    }
}

/// `POST /cases/{token}/evidence`, `multipart/form-data`: `file`.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    uploads: web::Data<Uploads>,
    token: web::Path<String>,
    form: Multipart,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let rejection = match uploads.read(Queue::Public, form).await? {
        Err(missing) => missing.into(),
        Ok(upload) => {
            let case = loaded.case.id;
            match casework.add_evidence(case, Actor::Requester, &upload.name, upload.bytes).await {
                Ok(_) => {
                    let page = format!("{}#evidence", cases::address(&token));
                    return Ok(reader.see_other(&page, "notice-evidence-added"));
                }
                Err(AddError::Rejected(rejection)) => rejection,
                Err(AddError::Act(error)) => return Err(error.into()),
            }
        }
    };
    let message = rejection.sentence(casework.cabinet.limits, reader.language);
    let errors = ErrorsView {
        errors: [("file", message.clone())].into(),
        error_list: vec![FieldError { field: "file".to_owned(), message }],
    };
    cases::answer_invalid(&reader, &casework, &token, &loaded, Fields::default(), errors).await
}

/// `POST /cases/{token}/evidence/{id}/removal`
pub async fn remove(
    reader: Reader,
    casework: web::Data<Casework>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, WebError> {
    let (token, id) = path.into_inner();
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let file: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    casework.remove_evidence(loaded.case.id, Actor::Requester, file, None, None).await?;
    Ok(reader.see_other(&format!("{}#evidence", cases::address(&token)), "notice-evidence-removed"))
}
