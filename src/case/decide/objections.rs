//! What stands against a case: objections, and other cases about the same. Either stops at once whatever is on its way
//! to Atlassian, and only an approver ends it. Looking goes on meanwhile: an approver decides by what it finds.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Decision;
use crate::{
    case::{
        Case,
        actor::Actor,
        check::{Asking, Check, CheckKind, Evidence, Verdict},
        contest::{Before, Cause, Causes, Objector},
        event::Event,
        number::CaseNumber,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::{Outcome, State},
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

impl Case {
    /// Also after delivery: the desk must stop and look, even though the message itself is out.
    /// Whoever was asked to vouch answers that question; everybody else answers the notice.
    pub(super) fn object(
        &self,
        actor: Actor,
        (kind, contact): (CheckKind, Option<Uuid>),
        note: Option<&Note>,
        now: Timestamp,
    ) -> Decision {
        if matches!(self.state, State::Unconfirmed { .. }) {
            return Err(Refusal::NotNow);
        }
        // Whom staff speak for is nobody's business here.
        let by = contact.filter(|_| actor == Actor::RegisteredContact);
        let evidence = match (actor, kind) {
            (Actor::RegisteredContact, CheckKind::Vouch) => {
                Evidence::VouchRefused { contact: self.voucher().ok_or(Refusal::NotNow)? }
            }
            (_, CheckKind::DepartedNotice) => {
                Evidence::Objected { asking: Asking::stopped(self.check(kind)), contact: by }
            }
            _ => return Err(Refusal::NotYours),
        };
        if self.check(kind).is_some_and(|check| is_objection(&check.evidence)) {
            return Err(Refusal::AlreadyDecided);
        }
        let objector = match (actor, &evidence) {
            (Actor::DepartedContact, _) => Some(None),
            (Actor::RegisteredContact, Evidence::VouchRefused { contact }) => Some(Some(*contact)),
            _ => by.map(Some),
        };
        let check = self.verdict(kind, Verdict::Failed, evidence, None, now);
        let mut effects = vec![Effect::PutCheck(check)];
        effects.extend(note.map(|note| Effect::KeepNote(NoteKind::Objection, note.clone())));
        effects.extend(self.stop_request());
        // By a link of ours: they learn that it has arrived. Whom staff spoke for, they answer themselves.
        effects
            .extend(objector.map(|objector| Effect::TellObjector(Notification::ObjectionReceived, objector)));
        let event = Event::Objected { note: note.map(|note| note.id) };
        let next = self.contested(Cause::Objection { by: Objector::of(actor) }, now)?;
        Ok(Transition { next, event, effects })
    }

    /// Another confirmed case is about one of the same entitlements, whoever asked first.
    pub(super) fn record_second_claim(
        &self,
        other: &CaseNumber,
        same_requester: bool,
        now: Timestamp,
    ) -> Decision {
        if matches!(&self.state, State::Contested { causes, .. } if causes.name_case(other)) {
            return Err(Refusal::AlreadyDecided);
        }
        if matches!(&self.state, State::Contested { causes, .. } if causes.are_full()) {
            return Err(Refusal::TooManyClaims);
        }
        let next = self.contested(Cause::SecondClaim { other: other.clone(), same_requester }, now)?;
        let event = Event::SecondClaimRecorded { other: other.clone() };
        Ok(Transition { next, event, effects: self.stop_request() })
    }

    /// What stands against a case adds up; it is contested since the first.
    fn contested(&self, cause: Cause, now: Timestamp) -> Result<State, Refusal> {
        let before = Before::of(&self.state).ok_or(Refusal::NotNow)?;
        Ok(match &self.state {
            State::Contested { since, causes, .. } => {
                State::Contested { since: *since, causes: causes.with(cause), before }
            }
            _ => State::Contested { since: now, causes: Causes::new(cause), before },
        })
    }

    /// One decision on all that stands against the case: the approver has seen it together. They answer for each check
    /// that was objected to from now on, and can't approve the message. Whoever else was written to keeps their time.
    pub(super) fn dismiss_objection(&self, actor: Actor, reason: &Note, now: Timestamp) -> Decision {
        let State::Contested { before, .. } = &self.state else { return Err(Refusal::NotNow) };
        let mut checks = self.checks.clone();
        let mut effects = Vec::new();
        for check in checks.iter_mut().filter(|check| is_objection(&check.evidence)) {
            *check = self.asked_on(check, now).unwrap_or_else(|| {
                let evidence = Evidence::StaffDecision { note: reason.id };
                self.verdict(check.kind, Verdict::Waived, evidence, Some(actor), now)
            });
            effects.push(Effect::PutCheck(check.clone()));
        }
        let next = match before {
            // The draft or request of then is void, so what counts is how the checks stand by now.
            Before::FollowUp { follows } | Before::Submitted { follows: Some(follows), .. } => {
                (*follows).into()
            }
            Before::Verifying | Before::Verified | Before::Submitted { .. } => self.place_for(&checks, now),
            Before::AwaitingCustomer { .. }
            | Before::WithAtlassian { .. }
            | Before::AwaitingConfirmation { .. }
            | Before::AccessConfirmed => self.state.told(),
        };
        effects.push(Effect::KeepNote(NoteKind::Reason, reason.clone()));
        effects.extend(self.answer_objectors());
        Ok(Transition { next, event: Event::ObjectionDismissed { note: reason.id }, effects })
    }

    /// The notice after an objection that is dismissed, where others still have time to object.
    fn asked_on(&self, check: &Check, now: Timestamp) -> Option<Check> {
        let Evidence::Objected { asking, .. } = &check.evidence else { return None };
        if self.delivered_at.is_some() {
            return None;
        }
        let (evidence, due_at) = match asking {
            Asking::Running { sent_at, window_ends_at, reminded_at } if now < *window_ends_at => {
                let (sent_at, window_ends_at) = (*sent_at, *window_ends_at);
                let last = reminded_at.last().unwrap_or(&sent_at);
                let next =
                    self.next_notice(last, reminded_at.len(), window_ends_at).unwrap_or(window_ends_at);
                let reminded_at = reminded_at.clone();
                (Evidence::NoticeSent { sent_at, window_ends_at, reminded_at }, next.max(now))
            }
            Asking::Anew => (Evidence::None, now),
            Asking::Over | Asking::Running { .. } => return None,
        };
        Some(Check::pending(check.kind, evidence, Some(due_at)))
    }

    /// Contested, to go on from `place`, by the objections that nobody dismissed.
    pub(super) fn still_contested(&self, place: &State, now: Timestamp) -> Option<State> {
        let objector = |check: &Check| match check.evidence {
            Evidence::Objected { contact: Some(_), .. } => Some(Objector::RegisteredContact),
            Evidence::Objected { .. } => Some(Objector::DepartedContact),
            Evidence::VouchRefused { .. } => Some(Objector::RegisteredContact),
            _ => None,
        };
        let causes: Vec<Cause> =
            self.checks.iter().filter_map(objector).map(|by| Cause::Objection { by }).collect();
        let causes = Causes::try_from(causes).ok()?;
        Some(State::Contested { since: now, causes, before: Before::of(place)? })
    }

    /// Whoever objected by a link of ours hears what was decided. Whom staff spoke for, they answer themselves.
    fn answer_objectors(&self) -> Vec<Effect> {
        let State::Contested { causes, .. } = &self.state else { return Vec::new() };
        let departed =
            causes.iter().any(|cause| *cause == Cause::Objection { by: Objector::DepartedContact });
        let on_record = self.checks.iter().filter_map(|check| match check.evidence {
            Evidence::VouchRefused { contact } | Evidence::Objected { contact: Some(contact), .. } => {
                Some(contact)
            }
            _ => None,
        });
        let on_record: BTreeSet<Uuid> = on_record.collect();
        let objectors = departed.then_some(None).into_iter().chain(on_record.into_iter().map(Some));
        objectors.map(|objector| Effect::TellObjector(Notification::ObjectionAnswered, objector)).collect()
    }

    /// The contact on record who was asked to vouch, or did.
    fn voucher(&self) -> Option<Uuid> {
        match self.check(CheckKind::Vouch)?.evidence {
            Evidence::VouchRequested { contact, .. } | Evidence::Vouched { contact, .. } => Some(contact),
            _ => None,
        }
    }

    pub(super) fn uphold_objection(&self, reason: &Note) -> Decision {
        let State::Contested { .. } = self.state else { return Err(Refusal::NotNow) };
        let mut effects = vec![
            Effect::KeepNote(NoteKind::Reason, reason.clone()),
            Effect::Notify(Notification::CaseClosed),
        ];
        effects.extend(self.answer_objectors());
        let next = State::Closed { outcome: Outcome::Rejected };
        Ok(Transition { next, event: Event::ObjectionUpheld { note: reason.id }, effects })
    }
}

fn is_objection(evidence: &Evidence) -> bool {
    matches!(evidence, Evidence::Objected { .. } | Evidence::VouchRefused { .. })
}
