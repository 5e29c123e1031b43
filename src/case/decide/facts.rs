//! Setting a fact of the letter right: by name, with a reason, and by somebody who then can't approve.
//!
//! The attacker is a member of staff who calls the customer by a stranger's name. Addresses can't be set right at all: only
//! the customer can change them, by a new request.

use super::Decision;
use crate::{
    case::{
        Case,
        check::{Check, CheckKind, Verdict},
        event::Event,
        facts::Corrections,
        outcome::{Effect, Transition},
        refusal::Refusal,
        state::State,
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

/// What the register is asked again: it may have changed with what staff found out.
const ASKED_AGAIN: [CheckKind; 2] = [CheckKind::Entitlement, CheckKind::RecordedContact];

impl Case {
    /// Until a message is on its way. A draft that waits states other facts and is void.
    pub(super) fn correct_facts(&self, corrections: &Corrections, reason: &Note, now: Timestamp) -> Decision {
        self.checks_are_open()?;
        let what = corrections.facts();
        if what.is_empty() {
            return Err(Refusal::NothingCorrected);
        }
        let mut effects = vec![
            Effect::KeepNote(NoteKind::Reason, reason.clone()),
            Effect::CorrectFacts(corrections.clone(), reason.id),
        ];
        if self.delivered_at.is_none() {
            let asked = ASKED_AGAIN.iter().filter_map(|kind| self.check(*kind));
            // The verdicts stand until the register says otherwise; what was waived stays so.
            let due = asked
                .filter(|check| check.verdict != Verdict::Waived)
                .map(|check| Check { due_at: Some(now), ..check.clone() });
            effects.extend(due.map(Effect::PutCheck));
        }
        effects.extend(self.void_draft());
        let next = match self.state {
            State::AwaitingApproval { .. } => self.place_for(&self.checks, now),
            _ => self.state.clone(),
        };
        Ok(Transition { next, event: Event::FactsCorrected { what, note: reason.id }, effects })
    }
}
