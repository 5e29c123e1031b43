//! Does the new contact confirm the mailbox and accept? Asked by letter; the answer comes in through its link.
//!
//! The letter goes out only for entitlements that the register knows: a stranger's form must not make us write to
//! anybody it names.

use crate::{
    case::{
        action::Action,
        check::{CheckKind, Evidence, Verdict},
    },
    casework::Loaded,
    clock::Timestamp,
};

pub(super) fn find_action(loaded: &Loaded, now: Timestamp) -> Action {
    let kind = CheckKind::Successor;
    if loaded.escalation.successor.is_requester {
        // The requester confirmed this very mailbox and asked for it.
        return Action::RecordCheck { kind, verdict: Verdict::Passed, evidence: Evidence::SameAsRequester };
    }
    match loaded.case.check(CheckKind::Entitlement) {
        Some(entitlement) if entitlement.counts(now) => Action::InviteSuccessor,
        Some(entitlement) if entitlement.verdict == Verdict::Pending => {
            Action::PostponeCheck { kind, due_at: now.after(jiff::SignedDuration::from_mins(5)) }
        }
        _ => Action::RecordCheck {
            kind,
            verdict: Verdict::Inconclusive,
            evidence: Evidence::EntitlementUnknown,
        },
    }
}
