//! What the rules know of evidence files: which there are by id and SHA-256, what the scanner said, and the review that a
//! document check rests on.
//!
//! Never a name or a byte of a file; those are `evidence`'s.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{digest::Digest, refusal::Refusal};

/// An evidence file, bound to its very bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileRef {
    pub file: Uuid,
    pub sha256: Digest,
}

/// What came of the look for viruses.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ScanResult {
    Clean,
    /// Its bytes are deleted at once.
    Infected,
    /// No scanner is configured.
    Unscanned,
}

/// One item of the checklist for a document.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Criterion {
    /// It is on the company's letterhead.
    Letterhead,
    /// Somebody who may speak for the company signed it.
    Signature,
    /// It names the requester, the new and the departed contact, and the entitlements.
    Names,
    /// Its date is recent.
    Date,
    /// Address and domain of the letterhead are those of the register, not only those of the form.
    Register,
}

impl Criterion {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A checklist answered for certain files of the case. Only [`Review::of`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    files: Vec<FileRef>,
    answers: BTreeMap<Criterion, bool>,
}

impl Review {
    /// `chosen` are the ids of the files that were looked at, `readable` those of the case that can be opened.
    ///
    /// # Errors
    /// [`Refusal::NoEvidenceFile`] without a file, or with one that can't be opened.
    pub fn of(
        chosen: &[Uuid],
        readable: &[FileRef],
        answers: BTreeMap<Criterion, bool>,
    ) -> Result<Self, Refusal> {
        let find = |id: &Uuid| readable.iter().find(|file| file.file == *id).copied();
        let files: Vec<FileRef> =
            chosen.iter().map(find).collect::<Option<_>>().ok_or(Refusal::NoEvidenceFile)?;
        if files.is_empty() {
            return Err(Refusal::NoEvidenceFile);
        }
        Ok(Self { files, answers })
    }

    pub fn files(&self) -> &[FileRef] {
        &self.files
    }

    pub fn answers(&self) -> &BTreeMap<Criterion, bool> {
        &self.answers
    }

    /// Whether every item was answered with yes.
    pub fn is_met(&self) -> bool {
        Criterion::VARIANTS.iter().all(|criterion| self.answers.get(criterion) == Some(&true))
    }

    /// Some file with everything in order, to ask the rules whether a document could be decided at all.
    pub(super) fn example() -> Self {
        Self {
            files: vec![FileRef::example()],
            answers: Criterion::VARIANTS.iter().map(|criterion| (*criterion, true)).collect(),
        }
    }
}

impl FileRef {
    pub(super) fn example() -> Self {
        Self { file: Uuid::nil(), sha256: Digest([0; 32]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "proof")]
    impl Review {
        /// Some file with every item of the checklist open: what must not pass.
        pub(in crate::case) fn unanswered() -> Self {
            Self { files: vec![FileRef::example()], answers: BTreeMap::new() }
        }
    }

    #[test]
    fn a_review_is_about_files_that_can_be_opened() {
        let file = |id: u128| FileRef { file: Uuid::from_u128(id), sha256: Digest([7; 32]) };
        let readable = [file(1), file(2)];
        let review = |chosen: &[u128]| {
            let chosen: Vec<Uuid> = chosen.iter().map(|id| Uuid::from_u128(*id)).collect();
            Review::of(&chosen, &readable, BTreeMap::new())
        };
        assert_eq!(review(&[2]).unwrap().files(), [file(2)]);
        for chosen in [&[][..], &[3], &[1, 3]] {
            assert_eq!(review(chosen).unwrap_err(), Refusal::NoEvidenceFile, "{chosen:?}");
        }
    }

    #[test]
    fn a_checklist_is_met_when_every_item_is() {
        let mut review = Review::example();
        assert!(review.is_met());
        review.answers.insert(Criterion::Date, false);
        assert!(!review.is_met());
        review.answers.remove(&Criterion::Date);
        assert!(!review.is_met());
    }
}
