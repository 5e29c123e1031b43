//! Whether the change works, once Atlassian says that it is made.
//!
//! The new contact's own word is the best one, and closes the case. The requester's closes it where they are the new contact, or
//! the new contact never said that they take it on; else it is kept, and closes the case only once the new contact has let the
//! time for an answer pass. A "no" of either takes the case back to Atlassian. Where both are silent, staff close it. Stops whoever
//! would close a case over the head of the person it is about, and that one silent person keeps it open for ever.

use super::Decision;
use crate::{
    case::{
        Case,
        actor::Actor,
        event::Event,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::{Outcome, Party, State},
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

impl Case {
    /// While contested it is over for the customer's side only.
    pub(super) fn confirm_access(&self, actor: Actor, now: Timestamp) -> Decision {
        let (since, said_at) = self.asked_about_access(actor)?;
        if actor == Actor::Requester && self.has_accepted() {
            if said_at.is_some() {
                return Err(Refusal::NotNow);
            }
            let next = self.state.advance(State::AwaitingConfirmation { since, said_at: Some(now) });
            return Ok(Transition { next, event: Event::AccessReported, effects: Vec::new() });
        }
        Ok(self.access_works(Event::AccessConfirmed))
    }

    /// Whether the time is over is for whoever asks.
    pub(super) fn settle_access(&self, now: Timestamp) -> Decision {
        let State::AwaitingConfirmation { said_at: Some(_), .. } = self.state else {
            return Err(Refusal::NotNow);
        };
        // What came in meanwhile may say that it does not work.
        if self.waiting_for(now) != Party::Customer {
            return Err(Refusal::NotNow);
        }
        Ok(self.access_works(Event::Closed { outcome: Outcome::Completed, note: None }))
    }

    pub(super) fn report_no_access(&self, actor: Actor, note: Option<&Note>, now: Timestamp) -> Decision {
        self.asked_about_access(actor)?;
        let effects = note.map(|note| Effect::KeepNote(NoteKind::Answer, note.clone())).into_iter().collect();
        let next = self.state.advance(State::WithAtlassian { since: now, no_access: true, silent: false });
        Ok(Transition { next, event: Event::NoAccessReported { note: note.map(|note| note.id) }, effects })
    }

    /// Whose word is missing, by the letter that asks for it.
    pub(super) fn unconfirmed_access(&self) -> Vec<Notification> {
        let State::AwaitingConfirmation { said_at, .. } = self.state.told() else { return Vec::new() };
        let requester = said_at.is_none().then_some(Notification::AccessConfirmationRequest);
        let successor = self.has_accepted().then_some(Notification::SuccessorAccessRequest);
        requester.into_iter().chain(successor).collect()
    }

    /// Since when the customer's side is asked, and what the requester has said. Whoever never took it on is not asked: the
    /// mailbox may be a stranger's.
    fn asked_about_access(&self, actor: Actor) -> Result<(Timestamp, Option<Timestamp>), Refusal> {
        match self.state.told() {
            State::AwaitingConfirmation { since, said_at }
                if actor != Actor::Successor || self.has_accepted() =>
            {
                Ok((since, said_at))
            }
            _ => Err(Refusal::NotNow),
        }
    }

    fn access_works(&self, event: Event) -> Transition {
        let next = self.state.advance(State::Closed { outcome: Outcome::Completed });
        Transition { next, event, effects: vec![Effect::Notify(Notification::CaseClosed)] }
    }
}
