//! Objections: they stop everything at once, and only an approver ends them.

use uuid::Uuid;

use super::Decision;
use crate::{
    case::{
        Case,
        actor::Actor,
        check::{CheckKind, Evidence, Verdict},
        event::Event,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::{Outcome, State},
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

impl Case {
    /// Also after delivery: the desk must stop and look, even though the message itself is out.
    pub(super) fn object(&self, actor: Actor, note: Option<&Note>, now: Timestamp) -> Decision {
        if matches!(self.state, State::Unconfirmed { .. }) {
            return Err(Refusal::NotNow);
        }
        if matches!(self.state, State::Contested { .. }) {
            return Err(Refusal::AlreadyDecided);
        }
        let (kind, evidence) = match actor {
            Actor::RegisteredContact => {
                let contact = self.voucher().ok_or(Refusal::NotNow)?;
                (CheckKind::Vouch, Evidence::VouchRefused { contact })
            }
            _ => (CheckKind::DepartedNotice, Evidence::Objected),
        };
        let check = self.verdict(kind, Verdict::Failed, evidence, None, now);
        let mut effects = vec![Effect::PutCheck(check)];
        effects.extend(note.map(|note| Effect::KeepNote(NoteKind::Objection, note.clone())));
        effects.extend(self.stop_request());
        let event = Event::Objected { note: note.map(|note| note.id) };
        Ok(Transition { next: State::Contested { since: now }, event, effects })
    }

    /// The approver answers for the check that was objected to from now on, so this approver can't approve the message.
    pub(super) fn dismiss_objection(&self, actor: Actor, reason: &Note, now: Timestamp) -> Decision {
        let State::Contested { .. } = self.state else { return Err(Refusal::NotNow) };
        let evidence = Evidence::StaffDecision { note: reason.id };
        let voucher_objected = self
            .check(CheckKind::Vouch)
            .is_some_and(|check| matches!(check.evidence, Evidence::VouchRefused { .. }));
        let kind = if voucher_objected { CheckKind::Vouch } else { CheckKind::DepartedNotice };
        let check = self.verdict(kind, Verdict::Waived, evidence, Some(actor), now);
        let mut checks: Vec<_> = self.checks.iter().filter(|old| old.kind != check.kind).cloned().collect();
        checks.push(check.clone());
        let next = match self.delivered_at {
            Some(since) => State::WithAtlassian { since, no_access: false },
            None => self.place_for(&checks, now),
        };
        let effects = vec![Effect::PutCheck(check), Effect::KeepNote(NoteKind::Reason, reason.clone())];
        Ok(Transition { next, event: Event::ObjectionDismissed { note: reason.id }, effects })
    }

    /// The contact on record who was asked to vouch, or did.
    fn voucher(&self) -> Option<Uuid> {
        match self.check(CheckKind::Vouch)?.evidence {
            Evidence::VouchRequested { contact, .. } | Evidence::Vouched { contact } => Some(contact),
            _ => None,
        }
    }

    pub(super) fn uphold_objection(&self, reason: &Note) -> Decision {
        let State::Contested { .. } = self.state else { return Err(Refusal::NotNow) };
        let effects = vec![
            Effect::KeepNote(NoteKind::Reason, reason.clone()),
            Effect::Notify(Notification::CaseClosed),
        ];
        let next = State::Closed { outcome: Outcome::Rejected };
        Ok(Transition { next, event: Event::ObjectionUpheld { note: reason.id }, effects })
    }
}
