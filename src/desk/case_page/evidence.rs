//! The evidence files of a case: what each is, what the scanner said, who opened it, whether a verdict rests on it.

use data_encoding::HEXLOWER;
use serde::Serialize;
use strum::VariantArray as _;
use uuid::Uuid;

use super::Words;
use crate::{
    case::{
        Case,
        action::ActionKind,
        actor::{Actor, StaffId},
        check::{CheckKind, Evidence},
        document::Criterion,
    },
    casework::Casework,
    clock::Timestamp,
    evidence::{
        content::Kind,
        files::{Download, Scan, StoredFile},
        size,
    },
    lang::Language,
};

/// Part of `desk/case.html`: `desk/parts/evidence.html` and `desk/parts/document.html`.
#[derive(Debug, Serialize)]
pub struct EvidenceView {
    files: Vec<FileView>,
    /// Whether there is a file that could be decided on.
    any_readable: bool,
    may_add: bool,
    /// Whether there is a file that could be taken out again.
    may_remove: bool,
    most: String,
    criteria: &'static [Criterion],
}

#[derive(Clone, Debug, Serialize)]
pub struct FileView {
    id: Uuid,
    name: Option<String>,
    kind: Kind,
    size: String,
    sha256: String,
    at: Timestamp,
    by: String,
    #[serde(skip)]
    by_customer: bool,
    scan: Scan,
    signature: Option<String>,
    deleted_at: Option<Timestamp>,
    readable: bool,
    /// The standing verdict on the document rests on it.
    reviewed: bool,
    /// No decision was ever made on it, and its bytes are there.
    removable: bool,
    opened: Vec<OpenedView>,
}

#[derive(Clone, Debug, Serialize)]
struct OpenedView {
    by: String,
    at: Timestamp,
}

impl FileView {
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Whether the requester sent it.
    pub fn is_by_customer(&self) -> bool {
        self.by_customer
    }
}

impl EvidenceView {
    pub fn files(&self) -> &[FileView] {
        &self.files
    }

    pub fn may_remove(&self) -> bool {
        self.may_remove
    }

    pub fn any_readable(&self) -> bool {
        self.any_readable
    }

    pub fn may_add(&self) -> bool {
        self.may_add
    }
}

pub fn view(
    casework: &Casework,
    case: &Case,
    actor: Actor,
    (files, downloads, decided_on): (Vec<StoredFile>, &[Download], &[Uuid]),
    (words, language): (&Words, Language),
    now: Timestamp,
) -> EvidenceView {
    let cabinet = &casework.cabinet;
    let reviewed: Vec<Uuid> = match case.check(CheckKind::Document).map(|check| &check.evidence) {
        Some(Evidence::DocumentReviewed { files, .. }) => files.iter().map(|file| file.file).collect(),
        _ => Vec::new(),
    };
    let opened = |id: Uuid| {
        let of_it = downloads.iter().filter(move |download| download.file == id);
        of_it
            .map(|download| OpenedView { by: words.name_of(StaffId(download.staff)), at: download.at })
            .collect()
    };
    let removable = |file: &StoredFile| file.deleted_at.is_none() && !decided_on.contains(&file.id);
    EvidenceView {
        may_remove: files.iter().any(removable) && case.offers_one(actor, ActionKind::RemoveEvidence, now),
        any_readable: files.iter().any(StoredFile::is_readable),
        may_add: cabinet.takes_files() && case.offers_one(actor, ActionKind::AddEvidence, now),
        most: size::words(u64::try_from(cabinet.limits.file_bytes).unwrap_or(u64::MAX), language),
        criteria: Criterion::VARIANTS,
        files: files
            .into_iter()
            .map(|file| FileView {
                readable: file.is_readable(),
                removable: removable(&file),
                reviewed: reviewed.contains(&file.id),
                opened: opened(file.id),
                by: match file.uploaded_by {
                    Some(staff) => words.name_of(StaffId(staff)),
                    None => words.text("actor-requester"),
                },
                by_customer: file.uploaded_by.is_none(),
                size: size::words(file.size, language),
                sha256: HEXLOWER.encode(&file.sha256),
                id: file.id,
                name: file.name,
                kind: file.kind,
                at: file.created_at,
                scan: file.scan,
                signature: file.signature,
                deleted_at: file.deleted_at,
            })
            .collect(),
    }
}
