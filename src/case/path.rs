//! The way of a case in steps, how far it is, and what is to be done next.
//!
//! Only puts in order what `decide` and the policy say; allows nothing itself. What the reader may do of it, `offer` says.

use strum::{IntoStaticStr, VariantArray};

use super::{
    Case,
    check::{CheckKind, Verdict},
    policy::{self, Gap, Standing},
    state::{Outcome, Party, State},
};
use crate::clock::Timestamp;

/// The steps in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// The requester confirms the mailbox.
    Confirmation,
    /// What the register answers: licence, contact on record, domain.
    Record,
    /// The new contact agrees.
    Consent,
    /// Somebody or something independent speaks for the request.
    Proof,
    /// Nobody objects in time.
    Objections,
    Draft,
    Approval,
    /// Atlassian makes the change.
    Atlassian,
    /// The customer has access.
    Access,
}

impl Stage {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Where a required check belongs.
    fn of(kind: CheckKind) -> Self {
        match kind {
            CheckKind::RequesterEmail => Self::Confirmation,
            CheckKind::Entitlement | CheckKind::RecordedContact | CheckKind::DomainRegister => Self::Record,
            CheckKind::Successor => Self::Consent,
            CheckKind::DepartedNotice => Self::Objections,
            CheckKind::DomainDns | CheckKind::Vouch | CheckKind::Callback | CheckKind::Document => {
                Self::Proof
            }
        }
    }
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Done {
        at: Option<Timestamp>,
    },
    /// Staff can do it now.
    Ours,
    /// Somebody else's answer is out, or the program is at it (`Nobody`); until when, where a check says it.
    Waits {
        party: Party,
        until: Option<Timestamp>,
    },
    /// Something stands against it.
    Blocked,
    /// Not yet.
    Later,
}

/// The one thing to be done next, whoever does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Next {
    /// An approver rules on what stands against the case.
    Ruling,
    /// A check failed that blocks: waive it, or end the case.
    Blocked(CheckKind),
    /// A required check did not come out.
    Check(CheckKind),
    /// Call, ask or look, so that somebody independent speaks for the request.
    Proof,
    Draft,
    Approval,
    /// The mail server refused the approved e-mail.
    Undeliverable,
    /// Atlassian is silent.
    FollowUp,
    /// The customer has no access although Atlassian says so.
    NoAccess,
    Wait(Party),
    Closed,
}

impl Next {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Case {
    /// What is to be done next, apart from reading what came in.
    pub fn next(&self, now: Timestamp) -> Next {
        match &self.state {
            State::Closed { .. } => Next::Closed,
            State::Contested { .. } => Next::Ruling,
            State::Unconfirmed { .. }
            | State::AwaitingCustomer { .. }
            | State::AwaitingConfirmation { .. } => Next::Wait(Party::Customer),
            State::Verified => Next::Draft,
            State::AwaitingApproval { .. } => Next::Approval,
            State::Submitted { undeliverable: true, .. } => Next::Undeliverable,
            // The program sends it.
            State::Submitted { .. } => Next::Wait(Party::Nobody),
            State::WithAtlassian { no_access: true, .. } => Next::NoAccess,
            State::WithAtlassian { silent: true, .. } => Next::FollowUp,
            State::WithAtlassian { .. } => Next::Wait(Party::Atlassian),
            State::Verifying => self.next_while_verifying(now),
        }
    }

    fn next_while_verifying(&self, now: Timestamp) -> Next {
        match self.standing(now) {
            Standing::Satisfied(_) => Next::Wait(Party::Nobody),
            Standing::Blocked(kinds) => kinds.first().map_or(Next::Proof, |kind| Next::Blocked(*kind)),
            Standing::Missing(gaps) => {
                let unclear = gaps.iter().find_map(|gap| match gap {
                    Gap::Required { kind } if !self.is_pending(*kind) && !begun_by_staff(*kind) => {
                        Some(*kind)
                    }
                    _ => None,
                });
                match (unclear, self.waiting_for_checks(now)) {
                    (Some(kind), _) => Next::Check(kind),
                    (None, Party::Us) => Next::Proof,
                    (None, party) => Next::Wait(party),
                }
            }
        }
    }

    fn is_pending(&self, kind: CheckKind) -> bool {
        self.check(kind).is_some_and(|check| check.verdict == Verdict::Pending)
    }

    /// Every step with how far it is.
    pub fn path(&self, now: Timestamp) -> Vec<(Stage, Progress)> {
        Stage::VARIANTS.iter().map(|stage| (*stage, self.progress(*stage, now))).collect()
    }

    fn progress(&self, stage: Stage, now: Timestamp) -> Progress {
        let place = self.rank();
        let over = |rank: u8| if place > rank { Progress::Done { at: None } } else { Progress::Later };
        match stage {
            Stage::Confirmation if self.confirmed_at.is_some() => Progress::Done { at: self.confirmed_at },
            Stage::Confirmation if self.state.is_closed() => Progress::Later,
            Stage::Confirmation => Progress::Waits { party: Party::Customer, until: None },
            Stage::Record | Stage::Consent | Stage::Proof | Stage::Objections => {
                self.progress_of_checks(stage, now)
            }
            Stage::Draft if matches!(self.state, State::Verified) => Progress::Ours,
            Stage::Draft => over(1),
            Stage::Approval if matches!(self.state, State::AwaitingApproval { .. }) => Progress::Ours,
            Stage::Approval => over(2),
            Stage::Atlassian => match self.next(now) {
                Next::Undeliverable => Progress::Blocked,
                Next::FollowUp | Next::NoAccess => Progress::Ours,
                _ if place == 3 => Progress::Waits { party: Party::Atlassian, until: None },
                Next::Wait(Party::Atlassian) => Progress::Waits { party: Party::Atlassian, until: None },
                _ => over(4),
            },
            Stage::Access => match self.state {
                State::AwaitingConfirmation { .. } => Progress::Waits { party: Party::Customer, until: None },
                State::Closed { outcome: Outcome::Completed } => Progress::Done { at: None },
                _ => Progress::Later,
            },
        }
    }

    /// How far the message is: 1 to be written, 2 to be approved, 3 to be sent, 4 with Atlassian, 5 answered.
    fn rank(&self) -> u8 {
        match &self.state {
            State::AwaitingApproval { .. } => 2,
            State::Submitted { .. } => 3,
            State::WithAtlassian { .. } => 4,
            State::AwaitingConfirmation { .. } | State::Closed { outcome: Outcome::Completed } => 5,
            // A question asked, or an objection raised, after Atlassian got the request.
            _ if self.delivered_at.is_some() => 4,
            _ => 1,
        }
    }

    fn progress_of_checks(&self, stage: Stage, now: Timestamp) -> Progress {
        if self.confirmed_at.is_none() {
            return Progress::Later;
        }
        let belongs = |kind: &CheckKind| Stage::of(*kind) == stage;
        if let Standing::Blocked(kinds) = self.standing(now)
            && kinds.iter().any(belongs)
        {
            return Progress::Blocked;
        }
        let gaps = policy::gaps(&self.rules.policy, &self.checks, &self.homes, now);
        let mut open = gaps.iter().filter(|gap| match gap {
            Gap::Required { kind } => belongs(kind),
            Gap::Roots { .. } | Gap::OutsideDomain { .. } | Gap::FromOthers { .. } => stage == Stage::Proof,
        });
        let Some(first) = open.next() else { return Progress::Done { at: self.decided_at(stage) } };
        let open = std::iter::once(first).chain(open);
        let pending = |gap: &Gap| matches!(gap, Gap::Required { kind } if self.is_pending(*kind));
        let ours = open.clone().any(|gap| !pending(gap));
        match stage {
            Stage::Record if !ours => Progress::Waits { party: Party::Nobody, until: None },
            Stage::Consent if !ours => Progress::Waits { party: Party::Customer, until: None },
            Stage::Objections if !ours => {
                Progress::Waits { party: Party::DepartedContact, until: self.notice_window_end() }
            }
            Stage::Proof if self.waits_for_voucher(now) => {
                Progress::Waits { party: Party::Voucher, until: None }
            }
            _ => Progress::Ours,
        }
    }

    fn waits_for_voucher(&self, now: Timestamp) -> bool {
        self.checks_once_vouched(now).is_some() && self.waiting_for_checks(now) != Party::Us
    }

    /// When the last of a step's checks was decided.
    fn decided_at(&self, stage: Stage) -> Option<Timestamp> {
        let own = self.checks.iter().filter(|check| Stage::of(check.kind) == stage);
        own.filter(|check| check.verdict == Verdict::Passed).filter_map(|check| check.decided_at).max()
    }
}

/// What nobody but staff begins.
fn begun_by_staff(kind: CheckKind) -> bool {
    kind.is_decided_by_staff() || kind == CheckKind::Vouch
}
