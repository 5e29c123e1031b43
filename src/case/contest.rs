//! Why a case is contested, and what it was about before: from there it goes on once the contest is dismissed.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    actor::Actor,
    check::{Check, CheckKind},
    follow_up::Follows,
    number::CaseNumber,
};
use crate::clock::Timestamp;

/// What must hold for a case to contest another about the same entitlement: that the licence is in the register, and that
/// the contact it wants replaced is the one on record. Anybody can name a licence, or the site of a company.
pub const GROUNDS: [CheckKind; 2] = [CheckKind::Entitlement, CheckKind::RecordedContact];

/// Whether a case with these checks contests others about the same entitlements.
pub fn has_grounds(checks: &[Check], now: Timestamp) -> bool {
    GROUNDS.iter().all(|kind| checks.iter().any(|check| check.kind == *kind && check.counts(now)))
}

/// One thing that stands against a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// Somebody objects to the change.
    Objection { by: Objector },
    /// Another case is about one of the same entitlements, and has the grounds to contest this one.
    SecondClaim {
        other: CaseNumber,
        /// It came from the same mailbox. Only in old rows: who asks twice no longer contests themselves.
        same_requester: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objector {
    DepartedContact,
    RegisteredContact,
    /// Recorded by staff for somebody who did not use a link.
    Staff,
}

impl Objector {
    /// Whose objection it is that `actor` makes.
    pub(super) fn of(actor: Actor) -> Self {
        match actor {
            Actor::RegisteredContact => Self::RegisteredContact,
            Actor::Staff { .. } => Self::Staff,
            _ => Self::DepartedContact,
        }
    }
}

/// All that stands against a case, in the order it came up. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Cause>", into = "Vec<Cause>")]
pub struct Causes(Vec<Cause>);

/// A contest without a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing stands against the case")]
pub struct NoCause;

impl Causes {
    pub fn new(cause: Cause) -> Self {
        Self(vec![cause])
    }

    /// So many other cases are named. Whoever files the same from ever more mailboxes must not make a case that nobody can load
    /// or look through: it is contested all the same, and each of them names it. The database has a limit beyond this.
    pub const MOST_CLAIMS: usize = 50;

    /// These and one more. The same once more says nothing new: so all objections always have room.
    pub fn with(&self, cause: Cause) -> Self {
        let new = (!self.0.contains(&cause)).then_some(cause);
        Self(self.0.iter().cloned().chain(new).collect())
    }

    /// Whether no other case is named any more.
    pub fn are_full(&self) -> bool {
        self.iter().filter(|cause| matches!(cause, Cause::SecondClaim { .. })).count() >= Self::MOST_CLAIMS
    }

    pub fn iter(&self) -> impl Iterator<Item = &Cause> {
        self.0.iter()
    }

    /// Whether the case of this number is among them.
    pub fn name_case(&self, number: &CaseNumber) -> bool {
        self.iter().any(|cause| matches!(cause, Cause::SecondClaim { other, .. } if other == number))
    }

    /// Whether nothing stands against the case but that its requester asked twice.
    pub fn are_own_claims(&self) -> bool {
        self.iter().all(|cause| matches!(cause, Cause::SecondClaim { same_requester: true, .. }))
    }
}

impl TryFrom<Vec<Cause>> for Causes {
    type Error = NoCause;
    fn try_from(causes: Vec<Cause>) -> Result<Self, NoCause> {
        if causes.is_empty() { Err(NoCause) } else { Ok(Self(causes)) }
    }
}

impl From<Causes> for Vec<Cause> {
    fn from(causes: Causes) -> Self {
        causes.0
    }
}

/// What a contested case was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Before {
    Verifying,
    /// The question is still open, and can be answered.
    AwaitingCustomer {
        asked_at: Timestamp,
    },
    /// Also with a draft, which is void since.
    Verified,
    /// With the draft of a follow-up, which is void since; the request itself is with Atlassian.
    FollowUp {
        follows: Follows,
    },
    /// The request was taken back, unless it had left already.
    Submitted {
        draft: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows: Option<Follows>,
    },
    WithAtlassian {
        since: Timestamp,
        no_access: bool,
    },
    AwaitingConfirmation {
        since: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said_at: Option<Timestamp>,
    },
    /// Access was confirmed meanwhile; for the customer's side the case is over.
    AccessConfirmed,
}
