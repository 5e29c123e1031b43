//! Does the new contact confirm the mailbox and accept? Asked by letter; the answer comes in through its link.
//!
//! The first letter is written with the confirmation itself, whatever the register knows: whoever reads both mailboxes could
//! tell from a missing or a late one whether a customer exists. Here it is written once more, where the check begins anew.

use crate::{
    case::{
        action::Action,
        check::{CheckKind, Evidence, Verdict},
    },
    casework::Loaded,
};

pub(super) fn find_action(loaded: &Loaded) -> Action {
    if loaded.escalation.successor.is_requester {
        // The requester confirmed this very mailbox and asked for it.
        let (kind, verdict) = (CheckKind::Successor, Verdict::Passed);
        Action::RecordCheck { kind, verdict, evidence: Evidence::SameAsRequester }
    } else {
        Action::InviteSuccessor
    }
}
