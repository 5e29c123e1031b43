//! Does the new contact confirm the mailbox and accept? Asked by letter; the answer comes in through its link.
//!
//! The letter goes out whatever the register knows: whoever reads both mailboxes could tell from a missing one whether a
//! customer exists. How many letters one mailbox can cause is limited where cases are opened.

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
