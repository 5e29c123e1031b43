//! The requester's files on the status page: what came, what became of each, and whether there is a form for more. Files
//! of others are not shown.

use serde::Serialize;
use uuid::Uuid;

use super::field_errors::ErrorsView;
use crate::{
    case::{action::ActionKind, actor::Actor},
    casework::{Casework, Loaded},
    clock::Timestamp,
    evidence::{
        Rejection,
        content::Kind,
        files::{Scan, StoredFile},
        size,
    },
    lang::Language,
    web::error::FieldError,
};

/// What `intake/evidence.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceView {
    files: Vec<FileView>,
    pub may_add: bool,
    /// The largest file, in words and in bytes.
    most: String,
    most_bytes: u64,
    /// Why larger ones, and photos of telephones that no browser could convert, are not taken: for the browser, before it sends them.
    too_large: String,
    phone_photo: String,
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

/// What became of one file.
#[derive(Clone, Debug, Serialize)]
pub struct FileAnswer {
    /// As it was sent, for people to find it by; empty where that was not read.
    name: String,
    pub taken: bool,
    /// Why it was not taken, in words.
    reason: Option<String>,
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
        let limits = casework.cabinet.limits;
        let most_bytes = u64::try_from(limits.file_bytes).unwrap_or(u64::MAX);
        let shown = may_add || !files.is_empty();
        shown.then(|| Self {
            files,
            may_add,
            most: size::words(most_bytes, language),
            most_bytes,
            too_large: Rejection::TooLarge.sentence(limits, language),
            phone_photo: Rejection::PhonePhoto.sentence(limits, language),
        })
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

impl FileAnswer {
    pub fn taken(name: String) -> Self {
        Self { name, taken: true, reason: None }
    }

    pub fn refused(name: &str, reason: String) -> Self {
        Self { name: name.to_owned(), taken: false, reason: Some(reason) }
    }

    /// All that is wrong with files of one form: of a single one the reason, of several how many.
    pub fn errors(answers: &[Self], language: Language, one_by_one: bool) -> ErrorsView {
        let refused =
            || answers.iter().filter_map(|answer| answer.reason.as_ref().map(|why| (&answer.name, why)));
        let message = match answers {
            [one] => one.reason.clone().unwrap_or_default(),
            several => {
                let taken = several.iter().filter(|answer| answer.taken).count();
                let arguments = [("taken".into(), taken.into())].into();
                language.text_with("intake-evidence-some-refused", &arguments)
            }
        };
        let named = |(name, why): (&String, &String)| match name.is_empty() {
            true => why.clone(),
            false => format!("{name}: {why}"),
        };
        let error = |message| FieldError { field: "file".to_owned(), message };
        let error_list = match one_by_one && answers.len() > 1 {
            true => refused().map(named).map(error).collect(),
            false => vec![error(message.clone())],
        };
        ErrorsView { errors: [("file", message)].into(), error_list }
    }
}
