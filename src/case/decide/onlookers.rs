//! Letters that follow from where a case has come to, by whatever way: to the requester, once nothing is missing; to the new
//! contact, once Atlassian was asked, once it says that it is done, and once it is over; to everybody on record who was written to, once it is over.
//!
//! What a contest hides from the customer's side, these hide: they go by what that side is told (`State::told`). People on record
//! are told the end of the case itself, and nothing before it. Who of them was written to, `casework` knows.

use crate::case::{
    Case,
    check::{CheckKind, Evidence, Verdict},
    outcome::{Effect, Notification, Transition},
    state::State,
};

impl Case {
    /// The transition with these letters.
    pub(super) fn with_onlookers(&self, mut transition: Transition) -> Transition {
        let (before, next) = (self.state.told(), transition.next.told());
        let mut letters = Vec::new();
        let was_open = matches!(before, State::Verifying | State::AwaitingCustomer { .. });
        if was_open && next == State::Verified && self.delivered_at.is_none() {
            letters.push(Notification::ProofsComplete);
        }
        if transition.effects.contains(&Effect::Notify(Notification::RequestSubmitted)) && self.has_accepted()
        {
            letters.push(Notification::SuccessorBriefing);
        }
        if transition.effects.contains(&Effect::Notify(Notification::AccessConfirmationRequest))
            && self.has_accepted()
        {
            letters.push(Notification::SuccessorAccessRequest);
        }
        if next.is_closed() && next != before && self.has_accepted() {
            letters.push(Notification::SuccessorOutcome);
        }
        if transition.next.is_closed() && !self.state.is_closed() && self.confirmed_at.is_some() {
            letters.push(Notification::ContactOutcome);
        }
        transition.effects.extend(letters.into_iter().map(Effect::Notify));
        transition
    }

    /// Whether the new contact is somebody else than the requester, who said that they are willing. Nobody else is told: the
    /// mailbox may be a stranger's.
    pub fn has_accepted(&self) -> bool {
        self.check(CheckKind::Successor)
            .is_some_and(|check| check.verdict == Verdict::Passed && check.evidence == Evidence::Accepted)
    }
}
