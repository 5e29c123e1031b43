//! The message to Atlassian: draft, approval by a second person, delivery, answer.

use uuid::Uuid;

use super::Decision;
use crate::{
    case::{
        Case,
        actor::Actor,
        correspondence::AtlassianAnswer,
        digest::Digest,
        draft::{DraftRef, NewDraft, evidence_digest, facts_digest},
        event::Event,
        four_eyes::FourEyes,
        outcome::{Effect, Notification, Transition},
        policy::Standing,
        refusal::Refusal,
        state::{Outcome, State},
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

impl Case {
    /// From `with_atlassian` it is a follow-up, which takes the same way.
    pub(super) fn save_draft(&self, actor: Actor, draft: &NewDraft, now: Timestamp) -> Decision {
        if !matches!(
            self.state,
            State::Verified | State::AwaitingApproval { .. } | State::WithAtlassian { .. }
        ) {
            return Err(Refusal::NotNow);
        }
        let Standing::Satisfied(_) = self.standing(now) else { return Err(Refusal::PolicyNotSatisfied) };
        let author = actor.staff_id().ok_or(Refusal::NotYours)?;
        let evidence = evidence_digest(&self.checks);
        let mut effects = self.void_draft();
        effects.push(Effect::SaveDraft(Box::new(draft.clone()), evidence));
        let digest = draft.digest();
        let facts = Some(facts_digest(&draft.facts));
        let draft_ref = DraftRef { id: draft.id, author, digest, evidence, facts };
        let next = State::AwaitingApproval { draft: draft_ref, follows: self.state.follows() };
        Ok(Transition { next, event: Event::Drafted { draft: draft.id, digest }, effects })
    }

    pub(super) fn return_draft(&self, reason: &Note, now: Timestamp) -> Decision {
        let State::AwaitingApproval { .. } = self.state else { return Err(Refusal::NotNow) };
        let effects = vec![Effect::VoidDraft, Effect::KeepNote(NoteKind::Reason, reason.clone())];
        let next = self.place_without_message(&self.checks, now);
        Ok(Transition { next, event: Event::DraftReturned { note: reason.id }, effects })
    }

    /// Law 1 and 2: both proofs are made here or the message does not go.
    /// `facts`: of the case as it is now. An import or a call may have changed what the letter says of the customer.
    pub(super) fn approve(&self, actor: Actor, digest: &Digest, facts: &Digest, now: Timestamp) -> Decision {
        let State::AwaitingApproval { draft, follows } = &self.state else { return Err(Refusal::NotNow) };
        let approver = actor.staff_id().ok_or(Refusal::NotYours)?;
        let evidence = evidence_digest(&self.checks);
        let four_eyes = FourEyes::of(draft, &digest.0, &self.hands, &evidence.0, approver)?;
        let Standing::Satisfied(verified) = self.standing(now) else {
            return Err(Refusal::PolicyNotSatisfied);
        };
        if draft.facts != Some(*facts) {
            return Err(Refusal::FactsChanged);
        }
        let event = Event::Approved { draft: draft.id, digest: draft.digest };
        let effects = vec![Effect::Submit(verified, four_eyes)];
        let next = State::Submitted { draft: draft.id, undeliverable: false, follows: *follows };
        Ok(Transition { next, event, effects })
    }

    /// About another message than the one that is on its way it is late news (it left before it could be stopped) and
    /// moves nothing.
    pub(super) fn record_delivery(&self, draft: Uuid, delivered: bool, now: Timestamp) -> Decision {
        let here = matches!(self.state.told(), State::Submitted { draft: own, .. } if own == draft);
        Ok(match (delivered, here) {
            (true, true) => {
                let mut effects = vec![Effect::MarkDelivered];
                if self.delivered_at.is_none() {
                    effects.push(Effect::Notify(Notification::RequestSubmitted));
                }
                let next =
                    self.state.advance(State::WithAtlassian { since: now, no_access: false, silent: false });
                Transition { next, event: Event::Delivered, effects }
            }
            (true, false) => self.stay(Event::Delivered, vec![Effect::MarkDelivered]),
            (false, true) => {
                let follows = self.state.told().follows();
                let next = self.state.advance(State::Submitted { draft, undeliverable: true, follows });
                Transition { next, event: Event::DeliveryFailed, effects: Vec::new() }
            }
            (false, false) => self.stay(Event::DeliveryFailed, Vec::new()),
        })
    }

    /// Also while it still waits in the outbox. What a mail server is being told at this moment may arrive all the same;
    /// the case hears of it.
    pub(super) fn recall(&self, reason: &Note, now: Timestamp) -> Decision {
        let State::Submitted { .. } = self.state else { return Err(Refusal::NotNow) };
        let effects = vec![Effect::CancelSubmission, Effect::KeepNote(NoteKind::Reason, reason.clone())];
        let next = self.place_without_message(&self.checks, now);
        Ok(Transition { next, event: Event::Recalled { note: reason.id }, effects })
    }

    /// A request that is tried again must satisfy the policy again: checks expire. There is one at most, since leaving
    /// `submitted` cancels it.
    pub(super) fn retry_email(&self, email: Uuid, to_atlassian: bool, now: Timestamp) -> Decision {
        let next = match (&self.state, to_atlassian) {
            (State::Submitted { draft, undeliverable: true, follows }, true) => {
                let Standing::Satisfied(_) = self.standing(now) else {
                    return Err(Refusal::PolicyNotSatisfied);
                };
                State::Submitted { draft: *draft, undeliverable: false, follows: *follows }
            }
            (_, true) => return Err(Refusal::NotNow),
            (state, false) => state.clone(),
        };
        Ok(Transition {
            next,
            event: Event::EmailRetried { email },
            effects: vec![Effect::RetryEmail(email)],
        })
    }

    /// `asked`: how many messages Atlassian has not answered. The case becomes ours; what is written is for people.
    pub(super) fn note_silence(&self, asked: u32, now: Timestamp) -> Decision {
        let State::WithAtlassian { since, no_access: false, silent: false } = self.state else {
            return Err(Refusal::NotNow);
        };
        if now < self.rules.calendar.add_days(since, self.rules.answer_days) {
            return Err(Refusal::TooEarly);
        }
        let next = State::WithAtlassian { since, no_access: false, silent: true };
        Ok(Transition { next, event: Event::SilenceNoted { asked }, effects: Vec::new() })
    }

    pub(super) fn record_answer(
        &self,
        answer: AtlassianAnswer,
        note: Option<&Note>,
        now: Timestamp,
    ) -> Decision {
        if self.delivered_at.is_none() {
            return Err(Refusal::NothingSent);
        }
        if matches!(
            self.state,
            State::Contested { .. } | State::Submitted { .. } | State::AwaitingApproval { .. }
        ) {
            return Err(Refusal::NotNow);
        }
        let (next, letter) = match answer {
            AtlassianAnswer::Done | AtlassianAnswer::ToldCustomer => {
                let next = State::AwaitingConfirmation { since: now, said_at: None };
                (next, Some(Notification::AccessConfirmationRequest))
            }
            // Staff ask the customer in their words, or write a new draft.
            AtlassianAnswer::Question => (self.place_for(&self.checks, now), None),
            AtlassianAnswer::Declined => {
                (State::Closed { outcome: Outcome::DeclinedByAtlassian }, Some(Notification::CaseClosed))
            }
        };
        let mut effects: Vec<Effect> =
            note.map(|note| Effect::KeepNote(NoteKind::AtlassianAnswer, note.clone())).into_iter().collect();
        effects.extend(letter.map(Effect::Notify));
        let event = Event::AtlassianAnswered { answer, note: note.map(|note| note.id) };
        Ok(Transition { next, event, effects })
    }
}
