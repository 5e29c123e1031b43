//! The second person: the approver neither wrote the draft nor decided a check it rests on (law 1).
//!
//! Only [`FourEyes::of`] makes the proof. The database says the same again in `approvals`.

use super::{actor::StaffId, check::Check, draft::DraftRef, refusal::Refusal};
use crate::token::Sha256Bytes;

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
        checks: &[Check],
        evidence: &Sha256Bytes,
        approver: StaffId,
    ) -> Result<Self, Refusal> {
        if draft.author == approver {
            return Err(Refusal::OwnDraft);
        }
        if checks.iter().any(|check| check.decided_by == Some(approver)) {
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
