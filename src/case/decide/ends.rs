//! The ends of a case, and the way back.

use super::Decision;
use crate::{
    case::{
        Case,
        action::ActionKind,
        actor::Actor,
        event::Event,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::{Outcome, State},
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

impl Case {
    /// The requester's own end, from any state that is open for them.
    pub(super) fn withdraw(&self) -> Decision {
        if self.state.told().is_closed() {
            return Err(Refusal::Closed);
        }
        Ok(self.end(Outcome::Withdrawn, Event::Withdrawn, None))
    }

    /// Not past an open objection, which an approver settles, and not while a message is on its way.
    pub(super) fn reject(&self, reason: &Note, told: Option<&Note>) -> Decision {
        if matches!(
            self.state,
            State::Contested { .. }
                | State::Submitted { .. }
                | State::WithAtlassian { .. }
                | State::AwaitingConfirmation { .. }
        ) {
            return Err(Refusal::NotNow);
        }
        let event = Event::Rejected { note: reason.id, told: told.map(|told| told.id) };
        let mut transition = self.end(Outcome::Rejected, event, Some(reason));
        // Before the letter, which passes it on.
        transition.effects.splice(0..0, told.map(|told| Effect::KeepNote(NoteKind::Told, told.clone())));
        Ok(transition)
    }

    /// Staff close as completed only when Atlassian said so and the customer stays silent. A contested case only as a
    /// duplicate of the same requester's: the letter says that there is another case, and nobody must learn of somebody
    /// else's. That settles the contest, so it takes an approver and a reason.
    pub(super) fn close(&self, actor: Actor, outcome: Outcome, reason: Option<&Note>) -> Decision {
        let fits = match outcome {
            Outcome::Completed => matches!(self.state, State::AwaitingConfirmation { .. }),
            Outcome::SelfService | Outcome::Duplicate | Outcome::Withdrawn => match &self.state {
                State::Contested { causes, .. } => {
                    outcome == Outcome::Duplicate && reason.is_some() && causes.are_own_claims()
                }
                State::Submitted { .. } => false,
                _ => true,
            },
            Outcome::Rejected | Outcome::Expired | Outcome::DeclinedByAtlassian => false,
        };
        if !fits {
            return Err(Refusal::NotNow);
        }
        if matches!(self.state, State::Contested { .. }) {
            actor.may(ActionKind::DismissObjection)?;
        }
        let event = Event::Closed { outcome, note: reason.map(|reason| reason.id) };
        Ok(self.end(outcome, event, reason))
    }

    pub(super) fn reopen(&self, reason: &Note, now: Timestamp) -> Decision {
        if !self.state.is_closed() || self.confirmed_at.is_none() {
            return Err(Refusal::NotNow);
        }
        // An objection outlives the end of a case: only its dismissal lets the case go on.
        let place = self.place_for(&self.checks, now);
        let mut effects = vec![Effect::KeepNote(NoteKind::Reason, reason.clone())];
        if place == State::Verifying {
            effects.extend(self.renew_expired(now));
        }
        // Whoever is asked to confirm again hears by that.
        if !effects.contains(&Effect::Notify(Notification::ConfirmationRenewal)) {
            effects.push(Effect::Notify(Notification::CaseReopened));
        }
        let next = self.still_contested(&place, now).unwrap_or(place);
        Ok(Transition { next, event: Event::Reopened { note: reason.id }, effects })
    }

    fn end(&self, outcome: Outcome, event: Event, reason: Option<&Note>) -> Transition {
        let mut effects = self.stop_request();
        effects.extend(reason.map(|reason| Effect::KeepNote(NoteKind::Reason, reason.clone())));
        // Whoever never confirmed gets no letter: the address may be a stranger's.
        if self.confirmed_at.is_some() {
            effects.push(Effect::Notify(Notification::CaseClosed));
        }
        Transition { next: State::Closed { outcome }, event, effects }
    }
}
