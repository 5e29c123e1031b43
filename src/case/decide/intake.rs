//! The way in: confirmation and its deadline.

use super::Decision;
use crate::{
    case::{
        Case,
        actor::Actor,
        check::{Check, CheckKind, Evidence, Verdict},
        event::Event,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::{Outcome, State},
    },
    clock::Timestamp,
};

impl Case {
    pub(super) fn confirm(&self, now: Timestamp) -> Decision {
        let State::Unconfirmed { expires_at } = self.state else { return Err(Refusal::NotNow) };
        if now >= expires_at {
            return Err(Refusal::NotNow);
        }
        let mut own = Check::pending(CheckKind::RequesterEmail, Evidence::LinkUsed, None);
        own.verdict = Verdict::Passed;
        own.decided_at = Some(now);
        own.expires_at = Some(self.rules.policy.expiry(now));
        let mut effects = vec![Effect::MarkConfirmed, Effect::PutCheck(own)];
        let voucher = self.rules.policy.asks_voucher().then_some(CheckKind::Vouch);
        effects.extend(CheckKind::AUTOMATIC.into_iter().chain(voucher).map(|kind| {
            let begun = (kind == CheckKind::Successor).then(|| self.successor_at_once(now));
            Effect::PutCheck(begun.unwrap_or_else(|| Check::pending(kind, Evidence::None, Some(now))))
        }));
        effects.push(Effect::Notify(Notification::CaseConfirmed));
        if !self.successor_is_requester {
            effects.push(Effect::Notify(Notification::SuccessorInvitation));
        }
        Ok(Transition { next: State::Verifying, event: Event::Confirmed, effects })
    }

    /// The new contact is written to in the very transaction of the confirmation, before anything has asked the register:
    /// whoever reads both mailboxes must not learn from the time between the two letters what the register holds.
    fn successor_at_once(&self, now: Timestamp) -> Check {
        let kind = CheckKind::Successor;
        if self.successor_is_requester {
            // They confirmed this very mailbox and asked for it.
            self.verdict(kind, Verdict::Passed, Evidence::SameAsRequester, None, now)
        } else {
            // Not due: from here on the new contact's answer is awaited.
            Check::pending(kind, Evidence::InvitationSent { sent_at: now }, None)
        }
    }

    /// Once, by itself: staff start nothing for a customer, and whoever never asked for anything gets no more than that.
    pub(super) fn remind_to_confirm(&self, actor: Actor, expires_at: Timestamp, now: Timestamp) -> Decision {
        if actor != Actor::System || now >= expires_at {
            return Err(Refusal::NobodyToRemind);
        }
        if self.reminded > 0 {
            return Err(Refusal::RemindedEnough);
        }
        let effects = vec![Effect::Remind(Notification::ConfirmationReminder, None)];
        Ok(self.stay(Event::Reminded, effects))
    }

    pub(super) fn expire(&self, now: Timestamp) -> Decision {
        let State::Unconfirmed { expires_at } = self.state else { return Err(Refusal::NotNow) };
        if now < expires_at {
            return Err(Refusal::TooEarly);
        }
        // No letter: whoever did not confirm did not ask to hear from us.
        let next = State::Closed { outcome: Outcome::Expired };
        Ok(Transition { next, event: Event::Expired, effects: Vec::new() })
    }
}
