//! Letters that may fail without anybody having to look: their failure is expected, or speaks for itself elsewhere.

use super::caseless::caseless_letters;
use crate::{case::outcome::Notification, mail::outgoing::listed::Quiet};

/// Anybody may have mistyped, or made up, the mailbox that a request is to be confirmed from. That the departed contact's
/// mailbox is gone is evidence, and shows with its check.
pub fn quiet_letters() -> Quiet {
    // Those about no case have a page of their own, which shows how each fared.
    let words = |kinds: &[Notification]| {
        let kinds = kinds.iter().map(|kind| kind.as_str());
        kinds.chain(caseless_letters()).map(str::to_owned).collect()
    };
    Quiet {
        failed: words(&[Notification::ConfirmationRequest]),
        returned: words(&[Notification::ConfirmationRequest, Notification::DepartedNotice]),
    }
}
