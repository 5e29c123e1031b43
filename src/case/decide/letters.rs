//! The letters of a case after they were written: sent anew, held back, looked at.
//!
//! A letter that the case waits for is not held back: the way to stop is to end the wait. One that was overtaken is not
//! written anew. The notice to the departed contact is neither: its dates are evidence, and its check decides.

use uuid::Uuid;

use super::Decision;
use crate::case::{
    Case,
    check::{CheckKind, Verdict},
    event::Event,
    link::Purpose,
    outcome::{Effect, Notification, Transition},
    refusal::Refusal,
    state::State,
};

/// What a letter is to its case by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The case waits for what it asks.
    Awaited,
    /// It tells something that still holds.
    News,
    /// The case has moved on.
    Overtaken,
}

impl Case {
    pub(super) fn resend_letter(&self, email: Uuid, notification: Notification) -> Decision {
        let notice = matches!(notification, Notification::DepartedNotice | Notification::ContactNotice);
        let dated = notice || notification.is_to_atlassian();
        if dated || self.standing_of(notification) == Standing::Overtaken {
            return Err(Refusal::NotNow);
        }
        let effects = vec![Effect::ResendLetter(email, notification)];
        Ok(self.stay(Event::LetterResent { email }, effects))
    }

    pub(super) fn cancel_letter(&self, email: Uuid, notification: Notification) -> Decision {
        if notification.is_to_atlassian() || self.standing_of(notification) == Standing::Awaited {
            return Err(Refusal::LetterAwaited);
        }
        Ok(self.stay(Event::LetterCancelled { email }, vec![Effect::CancelLetter(email)]))
    }

    /// Moves nothing: whatever follows from a letter that did not arrive is another decision.
    pub(super) fn settle_letter(&self, email: Uuid) -> Decision {
        Ok(self.stay(Event::LetterSettled { email }, vec![Effect::SettleLetter(email)]))
    }

    /// Whoever reads a message that holds a link could use it in the name of whom it was for (law 13): a member of staff who
    /// reads what customers answer. It ends whatever the case is about now; another one is sent where it still opens something.
    pub(super) fn end_link(&self, purpose: Purpose, contact: Option<Uuid>, replace: bool) -> Transition {
        let replaced = replace && self.has_use_for(purpose);
        let effects = if replaced { vec![Effect::ReplaceLink(purpose, contact)] } else { Vec::new() };
        self.stay(Event::LinkEnded { purpose, replaced }, effects)
    }

    fn has_use_for(&self, purpose: Purpose) -> bool {
        let is_awaited = |notification| self.standing_of(notification) == Standing::Awaited;
        match purpose {
            Purpose::Confirmation => {
                is_awaited(Notification::ConfirmationRequest) || is_awaited(Notification::ConfirmationRenewal)
            }
            Purpose::Successor => {
                is_awaited(Notification::SuccessorInvitation)
                    || is_awaited(Notification::SuccessorAccessRequest)
            }
            Purpose::Voucher => is_awaited(Notification::VouchRequest),
            // The browser that sent the form has it; nobody else is to get one.
            Purpose::Sent => false,
            Purpose::Status | Purpose::Objection => !self.state.is_closed() && self.confirmed_at.is_some(),
        }
    }

    fn standing_of(&self, notification: Notification) -> Standing {
        // A contest hides where the case was, and is over one day.
        let state = self.state.told();
        let pending = |kind: CheckKind| {
            !state.is_closed() && self.check(kind).is_some_and(|check| check.verdict == Verdict::Pending)
        };
        let asks = |awaited: bool| if awaited { Standing::Awaited } else { Standing::Overtaken };
        let tells = |holds: bool| if holds { Standing::News } else { Standing::Overtaken };
        match notification {
            Notification::ConfirmationRequest | Notification::ConfirmationReminder => {
                asks(matches!(state, State::Unconfirmed { .. }))
            }
            Notification::ConfirmationRenewal => asks(pending(CheckKind::RequesterEmail)),
            Notification::SuccessorInvitation => asks(pending(CheckKind::Successor)),
            Notification::DepartedNotice | Notification::ContactNotice => {
                asks(pending(CheckKind::DepartedNotice))
            }
            Notification::VouchRequest => asks(pending(CheckKind::Vouch)),
            Notification::Question => asks(matches!(state, State::AwaitingCustomer { .. })),
            Notification::AccessConfirmationRequest | Notification::SuccessorAccessRequest => {
                asks(self.unconfirmed_access().contains(&notification))
            }
            Notification::AtlassianRequest | Notification::AtlassianFollowUp => {
                asks(matches!(state, State::Submitted { .. }))
            }
            Notification::CaseConfirmed => tells(self.confirmed_at.is_some() && !state.is_closed()),
            Notification::RequestSubmitted => tells(self.delivered_at.is_some() && !state.is_closed()),
            Notification::CaseReopened => tells(!state.is_closed()),
            Notification::FilesReceived => tells(!state.is_closed()),
            Notification::ProofsComplete => tells(matches!(
                state,
                State::Verified | State::AwaitingApproval { .. } | State::Submitted { .. }
            )),
            Notification::SuccessorBriefing => tells(self.delivered_at.is_some() && !state.is_closed()),
            Notification::SuccessorOutcome => tells(state.is_closed() && self.confirmed_at.is_some()),
            // What holds by now, a new letter would say.
            Notification::ObjectionReceived
            | Notification::ObjectionAnswered
            | Notification::ContactOutcome
            | Notification::LinkReplaced => Standing::Overtaken,
            Notification::CaseClosed => tells(state.is_closed() && self.confirmed_at.is_some()),
        }
    }
}
