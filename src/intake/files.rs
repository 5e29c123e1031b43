//! The requester's files on the status page: what came, what became of it, and whether there is a form for the next. Files
//! of others are not shown.

use serde::Serialize;
use uuid::Uuid;

use crate::{
    case::{action::ActionKind, actor::Actor},
    casework::{Casework, Loaded},
    clock::Timestamp,
    evidence::{
        content::Kind,
        files::{Scan, StoredFile},
        size,
    },
    lang::Language,
};

/// What `intake/evidence.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceView {
    files: Vec<FileView>,
    pub may_add: bool,
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
