//! The second person: the approver wrote no draft of the case, decided none of its checks, set none of its facts right and did
//! not write the request down for a caller (law 1).
//!
//! Any revision and any verdict counts, also one that another replaced: else the author would be free to approve as soon
//! as somebody saved the same text again. Only [`FourEyes::of`] makes the proof; the database says the same in `approvals`.

use super::{actor::StaffId, draft::DraftRef, refusal::Refusal};
use crate::token::Sha256Bytes;

/// Who ever had a hand in a case, by the drafts and the trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hands {
    /// Wrote some revision of a draft.
    pub authors: Vec<StaffId>,
    /// Decided or waived some check, dismissed an objection, set a fact of the letter right, or wrote the request down for a
    /// caller.
    pub deciders: Vec<StaffId>,
}

/// Proof that a second person approved exactly these bytes on exactly this evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FourEyes {
    approver: StaffId,
    draft: DraftRef,
}

impl FourEyes {
    /// Weighs who approves what.
    ///
    /// # Errors
    /// [`Refusal::OwnDraft`], [`Refusal::OwnCheck`], [`Refusal::DraftChanged`] when `digest` is not the draft's,
    /// [`Refusal::EvidenceChanged`] when the checks are not those the draft rests on.
    pub fn of(
        draft: &DraftRef,
        digest: &Sha256Bytes,
        hands: &Hands,
        evidence: &Sha256Bytes,
        approver: StaffId,
    ) -> Result<Self, Refusal> {
        if draft.author == approver || hands.authors.contains(&approver) {
            return Err(Refusal::OwnDraft);
        }
        if hands.deciders.contains(&approver) {
            return Err(Refusal::OwnCheck);
        }
        if draft.digest.0 != *digest {
            return Err(Refusal::DraftChanged);
        }
        if draft.evidence.0 != *evidence {
            return Err(Refusal::EvidenceChanged);
        }
        Ok(Self { approver, draft: draft.clone() })
    }

    pub fn approver(&self) -> StaffId {
        self.approver
    }

    pub fn draft(&self) -> &DraftRef {
        &self.draft
    }
}
