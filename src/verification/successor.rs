//! Does the new contact confirm the mailbox and accept? Asked by letter; the answer comes in through its link.

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
        let (verdict, evidence) = (Verdict::Passed, Evidence::SameAsRequester);
        Action::RecordCheck { kind: CheckKind::Successor, verdict, evidence }
    } else {
        Action::InviteSuccessor
    }
}
