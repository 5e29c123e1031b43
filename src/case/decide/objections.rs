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
        let (kind, evidence) = match actor {
            Actor::RegisteredContact => {
                let contact = self.voucher().ok_or(Refusal::NotNow)?;
                (CheckKind::Vouch, Evidence::VouchRefused { contact })
            }
            _ => (CheckKind::DepartedNotice, Evidence::Objected),
        };
        if self.check(kind).is_some_and(|check| is_objection(&check.evidence)) {
            return Err(Refusal::AlreadyDecided);
        }
        let check = self.verdict(kind, Verdict::Failed, evidence, None, now);
        let mut effects = vec![Effect::PutCheck(check)];
        effects.extend(note.map(|note| Effect::KeepNote(NoteKind::Objection, note.clone())));
        effects.extend(self.stop_request());
        let event = Event::Objected { note: note.map(|note| note.id) };
        // A second objection is kept like the first; the case is contested since the first.
        let next = match self.state {
            State::Contested { since } => State::Contested { since },
            _ => State::Contested { since: now },
        };
        Ok(Transition { next, event, effects })
    }

    /// The approver answers for each check that was objected to from now on, so this approver can't approve the message.
    pub(super) fn dismiss_objection(&self, actor: Actor, reason: &Note, now: Timestamp) -> Decision {
        let State::Contested { .. } = self.state else { return Err(Refusal::NotNow) };
        let mut checks = self.checks.clone();
        let mut effects = Vec::new();
        for check in checks.iter_mut().filter(|check| is_objection(&check.evidence)) {
            let evidence = Evidence::StaffDecision { note: reason.id };
            *check = self.verdict(check.kind, Verdict::Waived, evidence, Some(actor), now);
            effects.push(Effect::PutCheck(check.clone()));
        }
        let next = match self.delivered_at {
            Some(since) => State::WithAtlassian { since, no_access: false },
            None => self.place_for(&checks, now),
        };
        effects.push(Effect::KeepNote(NoteKind::Reason, reason.clone()));
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

fn is_objection(evidence: &Evidence) -> bool {
    matches!(evidence, Evidence::Objected | Evidence::VouchRefused { .. })
}
