//! Whether an action is allowed now, and what follows from it. Pure; the snapshot of its answers is the state diagram.
//!
//! Rights come first (`Actor::may`), then the place of the case. The rules stand by topic: the way in, checks,
//! objections, the message to Atlassian, talk with the customer, access, ends.

mod access;
mod address;
mod challenge;
mod checks;
mod ends;
mod erasing;
mod evidence;
mod facts;
mod intake;
mod letters;
mod notice;
mod objections;
mod onlookers;
mod renewal;
mod request;
mod talk;
mod vouch;

use super::{
    Case,
    action::Action,
    actor::Actor,
    event::Event,
    outcome::{Effect, Transition},
    policy::{Standing, evaluate},
    refusal::Refusal,
    state::State,
};
use crate::{case::check::Check, clock::Timestamp};

pub use challenge::next_look;

/// What `decide` answers.
pub type Decision = Result<Transition, Refusal>;

impl Case {
    /// What follows if `actor` does `action` at `now`.
    ///
    /// # Errors
    /// A [`Refusal`] when the rules say no.
    pub fn decide(&self, actor: Actor, action: &Action, now: Timestamp) -> Decision {
        actor.may(action.into())?;
        self.decide_if_open(action)?;
        self.decide_if_not_erased(action)?;
        self.decide_by_topic(actor, action, now).map(|transition| self.with_onlookers(transition))
    }

    fn decide_by_topic(&self, actor: Actor, action: &Action, now: Timestamp) -> Decision {
        match action {
            Action::Confirm => self.confirm(now),
            Action::ConfirmAgain => self.confirm_again(now),
            Action::Reconsider => self.reconsider(now),
            Action::CheckAgain { kind } => self.check_again(*kind, now),
            Action::RecordContactGone { kind } => self.record_contact_gone(*kind, now),
            Action::Expire => self.expire(now),
            Action::RecordCheck { kind, verdict, evidence } => {
                self.record_check(*kind, *verdict, evidence, now)
            }
            Action::PostponeCheck { kind, due_at } => self.postpone_check(*kind, *due_at),
            Action::StartDomainChallenge { token } => self.start_domain_challenge(token, now),
            Action::NotifyDepartedContact => self.notify_departed_contact(now),
            Action::InviteSuccessor => self.invite_successor(now),
            Action::RequestVouch { voucher } => self.request_vouch(voucher, now),
            Action::Vouch => self.vouch(now),
            Action::DecideCallback { called, verdict, note } => {
                self.decide_callback(actor, *called, *verdict, note, now)
            }
            Action::DecideDocument { review, verdict, note } => {
                self.decide_document(actor, review, *verdict, note, now)
            }
            Action::WaiveCheck { kind, reason } => self.waive_check(actor, *kind, reason, now),
            Action::AcceptSuccession => self.settle_succession(true, now),
            Action::DeclineSuccession => self.settle_succession(false, now),
            Action::Object { kind, contact, note } => {
                self.object(actor, (*kind, *contact), note.as_ref(), now)
            }
            Action::RecordSecondClaim { other, same_requester } => {
                self.record_second_claim(other, *same_requester, now)
            }
            Action::DismissObjection { reason } => self.dismiss_objection(actor, reason, now),
            Action::UpholdObjection { reason } => self.uphold_objection(reason),
            Action::SaveDraft { draft } => self.save_draft(actor, draft, now),
            Action::ReturnDraft { reason } => self.return_draft(reason, now),
            Action::Approve { digest, facts } => self.approve(actor, digest, facts, now),
            Action::CorrectFacts { corrections, reason } => self.correct_facts(corrections, reason, now),
            Action::RecordDelivery { draft, delivered } => self.record_delivery(*draft, *delivered, now),
            Action::Recall { reason } => self.recall(reason, now),
            Action::RetryEmail { email, to_atlassian } => self.retry_email(*email, *to_atlassian, now),
            Action::ResendLetter { email, notification } => self.resend_letter(*email, *notification),
            Action::CancelLetter { email, notification } => self.cancel_letter(*email, *notification),
            Action::SettleLetter { email } => self.settle_letter(*email),
            Action::EndLink { purpose, contact, replace } => Ok(self.end_link(*purpose, *contact, *replace)),
            Action::RecordAtlassianAnswer { answer, note } => self.record_answer(*answer, note.as_ref(), now),
            Action::NoteSilence { asked } => self.note_silence(*asked, now),
            Action::AskCustomer { question } => self.ask_customer(question, now),
            Action::Answer { answer } => self.answer(answer, now),
            Action::Tell { topic, note } => self.tell(*topic, note),
            Action::CorrectAddress { whose, address, note } => {
                self.correct_address(*whose, address, note, now)
            }
            Action::ConfirmAccess => self.confirm_access(actor, now),
            Action::SettleAccess => self.settle_access(now),
            Action::ReportNoAccess { note } => self.report_no_access(actor, note.as_ref(), now),
            Action::Withdraw => self.withdraw(),
            Action::Reject { reason, told } => self.reject(reason, told.as_ref()),
            Action::Close { outcome, reason } => self.close(actor, *outcome, reason.as_ref()),
            Action::Reopen { reason } => self.reopen(reason, now),
            Action::Hold { reason } => self.hold(reason),
            Action::LiftHold { reason } => self.lift_hold(reason),
            Action::Assign { owner } => {
                Ok(self.stay(Event::Assigned { owner: *owner }, vec![Effect::Assign(*owner)]))
            }
            Action::Refer { reference } => {
                let event = Event::Referred { given: reference.is_some() };
                Ok(self.stay(event, vec![Effect::Refer(reference.clone())]))
            }
            Action::AddNote { note } => Ok(self.add_note(note)),
            Action::FileMail { email, writer, ticket, manner } => {
                Ok(self.file_mail(*email, *writer, ticket.as_ref(), *manner))
            }
            Action::MarkSeen => self.mark_seen(),
            Action::Remind => self.remind(actor, now),
            Action::AddEvidence { file } => self.add_evidence(actor, *file),
            Action::RecordScan { file, result } => self.record_scan(*file, *result),
            Action::RemoveEvidence { file, own, decided_on, reason } => {
                self.remove_evidence(actor, (*file, *own, *decided_on), reason.as_ref())
            }
            Action::DeleteEvidence { file } => self.delete_evidence(*file),
        }
    }

    /// A closed case takes notes, holds, mail, a look at it, late news about its e-mails, links and files, and a reopening; nothing else.
    fn decide_if_open(&self, action: &Action) -> Result<(), Refusal> {
        let late = matches!(
            action,
            Action::AddNote { .. }
                | Action::FileMail { .. }
                | Action::MarkSeen
                | Action::Reopen { .. }
                | Action::Hold { .. }
                | Action::LiftHold { .. }
                | Action::RecordDelivery { .. }
                | Action::RetryEmail { .. }
                | Action::ResendLetter { .. }
                | Action::CancelLetter { .. }
                | Action::SettleLetter { .. }
                | Action::EndLink { .. }
                | Action::RecordScan { .. }
                | Action::DeleteEvidence { .. }
        );
        if self.state.is_closed() && !late { Err(Refusal::Closed) } else { Ok(()) }
    }

    /// The case stays where it is.
    fn stay(&self, event: Event, effects: Vec<Effect>) -> Transition {
        Transition { next: self.state.clone(), event, effects }
    }

    /// Where a case belongs that nothing else holds up: verified if these checks satisfy the policy, else verifying.
    fn place_for(&self, checks: &[Check], now: Timestamp) -> State {
        match evaluate(&self.rules.policy, checks, &self.homes, now) {
            Standing::Satisfied(_) => State::Verified,
            Standing::Missing(_) | Standing::Blocked(_) => State::Verifying,
        }
    }

    /// Where the case stands if nothing comes of the message: back with Atlassian, where it was to follow up.
    fn place_without_message(&self, checks: &[Check], now: Timestamp) -> State {
        self.state.follows().map_or_else(|| self.place_for(checks, now), State::from)
    }

    /// The draft that awaits approval no longer stands.
    fn void_draft(&self) -> Vec<Effect> {
        match self.state {
            State::AwaitingApproval { .. } => vec![Effect::VoidDraft],
            _ => Vec::new(),
        }
    }

    /// Whatever is under way to Atlassian stops, from whatever state: also what a late answer of a mail server would
    /// bring back into the outbox.
    fn stop_request(&self) -> Vec<Effect> {
        let mut effects = self.void_draft();
        if self.confirmed_at.is_some() {
            effects.push(Effect::CancelSubmission);
        }
        effects
    }
}

// Walked through in the package `rules`, which is compiled with optimisation.
#[cfg(feature = "proof")]
#[cfg(test)]
mod proof;
#[cfg(test)]
mod tests;
