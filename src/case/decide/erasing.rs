//! What a case still takes whose words are erased, and that its erasing is put off.

use super::Decision;
use crate::case::{
    Case,
    action::Action,
    erasure::Scope,
    event::Event,
    outcome::Effect,
    refusal::Refusal,
    text::{Note, NoteKind},
};

impl Case {
    /// Nothing comes to a case again that is erased, and nothing is sent from it: there is nobody left to write to. Who would
    /// take it up again would decide on words that are gone.
    pub(super) fn decide_if_not_erased(&self, action: &Action) -> Result<(), Refusal> {
        let refused = match (self.erased, action) {
            (None, _) => false,
            (Some(_), Action::Reopen { .. } | Action::RetryEmail { .. } | Action::ResendLetter { .. }) => {
                true
            }
            (Some(Scope::Content | Scope::Everything), Action::AddNote { .. } | Action::FileMail { .. }) => {
                true
            }
            (Some(_), _) => false,
        };
        if refused { Err(Refusal::Erased) } else { Ok(()) }
    }

    /// Erasing is put off, in whatever state; what is erased already does not come back.
    pub(super) fn hold(&self, reason: &Note) -> Decision {
        if self.held {
            return Err(Refusal::AlreadyHeld);
        }
        if self.erased == Some(Scope::Everything) {
            return Err(Refusal::Erased);
        }
        Ok(self
            .stay(Event::Held { note: reason.id }, vec![Effect::KeepNote(NoteKind::Reason, reason.clone())]))
    }

    pub(super) fn lift_hold(&self, reason: &Note) -> Decision {
        if !self.held {
            return Err(Refusal::NotHeld);
        }
        let event = Event::HoldLifted { note: reason.id };
        Ok(self.stay(event, vec![Effect::KeepNote(NoteKind::Reason, reason.clone())]))
    }
}
