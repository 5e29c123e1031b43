//! Which actions to offer somebody: asks `decide` with an example of each, so that pages and rules can't differ.

use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    Case,
    action::{Action, ActionKind},
    actor::Actor,
    check::{CheckKind, Evidence, Verdict},
    contact::{Called, Voucher},
    correspondence::{AtlassianAnswer, Manner, Topic, Writer},
    digest::Digest,
    document::{FileRef, Review, ScanResult},
    draft::NewDraft,
    escalation::{Addressed, Hosting},
    facts::Corrections,
    link::Purpose,
    number::CaseNumber,
    outcome::Notification,
    state::{Outcome, State},
    text::{Note, Text},
};
use crate::clock::Timestamp;

impl Case {
    /// The actions that `actor` could do now.
    pub fn offers(&self, actor: Actor, now: Timestamp) -> Vec<ActionKind> {
        ActionKind::VARIANTS.iter().copied().filter(|kind| self.offers_one(actor, *kind, now)).collect()
    }

    /// Whether `actor` could do an action of this kind now.
    pub fn offers_one(&self, actor: Actor, kind: ActionKind, now: Timestamp) -> bool {
        let accepts = |action| self.decide(actor, &action, now).is_ok();
        actor.may(kind).is_ok() && self.example(kind, now).is_some_and(accepts)
    }

    /// Whether the requester could set this address right now.
    pub fn offers_correction(&self, whose: Addressed, now: Timestamp) -> bool {
        match self.example(ActionKind::CorrectAddress, now) {
            Some(Action::CorrectAddress { address, note, .. }) => {
                self.decide(Actor::Requester, &Action::CorrectAddress { whose, address, note }, now).is_ok()
            }
            _ => false,
        }
    }

    /// Whether the requester could tell us something of this kind now.
    pub fn hears_of(&self, topic: Topic, now: Timestamp) -> bool {
        let Some(Action::Tell { note, .. }) = self.example(ActionKind::Tell, now) else { return false };
        self.decide(Actor::Requester, &Action::Tell { topic, note }, now).is_ok()
    }

    /// The ends that staff could give the case now.
    pub fn offered_outcomes(&self, actor: Actor, now: Timestamp) -> Vec<Outcome> {
        let allowed = |outcome: &Outcome| {
            self.decide(actor, &Action::Close { outcome: *outcome, reason: None }, now).is_ok()
        };
        Outcome::VARIANTS.iter().copied().filter(allowed).collect()
    }

    /// Whether `actor` could close the contested case as a duplicate, with a reason.
    pub fn offers_duplicate(&self, actor: Actor, now: Timestamp) -> bool {
        let Ok(text) = Text::parse("…") else { return false };
        let reason = Some(Note { id: Uuid::nil(), text, block: None });
        let close = Action::Close { outcome: Outcome::Duplicate, reason };
        matches!(self.state, State::Contested { .. }) && self.decide(actor, &close, now).is_ok()
    }

    /// An action of this kind that fits the case as well as one can.
    pub(super) fn example(&self, kind: ActionKind, now: Timestamp) -> Option<Action> {
        // Sixty of these for a page: nothing is judged of three dots.
        let note = Note { id: Uuid::nil(), text: Text::restore("…")?, block: None };
        Some(match kind {
            ActionKind::Confirm => Action::Confirm,
            ActionKind::ConfirmAgain => Action::ConfirmAgain,
            ActionKind::Reconsider => Action::Reconsider,
            ActionKind::CheckAgain => Action::CheckAgain { kind: CheckKind::Entitlement },
            ActionKind::RecordContactGone => Action::RecordContactGone { kind: CheckKind::Callback },
            ActionKind::Expire => Action::Expire,
            ActionKind::Withdraw => Action::Withdraw,
            ActionKind::RecordCheck => Action::RecordCheck {
                kind: CheckKind::DomainRegister,
                verdict: Verdict::Passed,
                evidence: Evidence::DomainMatches,
            },
            ActionKind::PostponeCheck => {
                Action::PostponeCheck { kind: CheckKind::DepartedNotice, due_at: now }
            }
            ActionKind::StartDomainChallenge => Action::StartDomainChallenge { token: String::new() },
            ActionKind::NotifyDepartedContact => Action::NotifyDepartedContact,
            ActionKind::InviteSuccessor => Action::InviteSuccessor,
            ActionKind::RequestVouch => Action::RequestVouch { voucher: Voucher::example() },
            ActionKind::Vouch => Action::Vouch,
            ActionKind::DecideCallback => {
                Action::DecideCallback { called: Called::example(), verdict: Verdict::Passed, note }
            }
            ActionKind::DecideDocument => {
                Action::DecideDocument { review: Review::example(), verdict: Verdict::Passed, note }
            }
            ActionKind::WaiveCheck => Action::WaiveCheck { kind: CheckKind::DomainRegister, reason: note },
            ActionKind::AcceptSuccession => Action::AcceptSuccession,
            ActionKind::DeclineSuccession => Action::DeclineSuccession,
            ActionKind::Object => {
                Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None }
            }
            ActionKind::RecordSecondClaim => {
                Action::RecordSecondClaim { other: CaseNumber::new(2000, 1), same_requester: false }
            }
            ActionKind::DismissObjection => Action::DismissObjection { reason: note },
            ActionKind::UpholdObjection => Action::UpholdObjection { reason: note },
            ActionKind::AskCustomer => Action::AskCustomer { question: note },
            ActionKind::Answer => Action::Answer { answer: note },
            ActionKind::Tell => {
                let sent = self.delivered_at.is_some();
                let topic = if sent { Topic::AtlassianAnswered } else { Topic::Voucher };
                Action::Tell { topic, note }
            }
            ActionKind::CorrectAddress => Action::CorrectAddress {
                whose: if self.successor_is_requester { Addressed::Departed } else { Addressed::Successor },
                address: "a@customer.example".parse().ok()?,
                note,
            },
            ActionKind::SaveDraft => Action::SaveDraft { draft: Box::new(example_draft()) },
            ActionKind::ReturnDraft => Action::ReturnDraft { reason: note },
            ActionKind::CorrectFacts => Action::CorrectFacts {
                corrections: Corrections { hosting: Some(Hosting::Cloud), ..Corrections::default() },
                reason: note,
            },
            ActionKind::Approve => {
                let (digest, facts) = self.draft_digests();
                Action::Approve { digest, facts }
            }
            ActionKind::RecordDelivery => Action::RecordDelivery {
                draft: match self.state {
                    State::Submitted { draft, .. } => draft,
                    _ => Uuid::nil(),
                },
                delivered: true,
            },
            ActionKind::Recall => Action::Recall { reason: note },
            ActionKind::RecordAtlassianAnswer => {
                Action::RecordAtlassianAnswer { answer: AtlassianAnswer::Done, note: None }
            }
            ActionKind::NoteSilence => Action::NoteSilence { asked: 1 },
            ActionKind::ConfirmAccess => Action::ConfirmAccess,
            ActionKind::SettleAccess => Action::SettleAccess,
            ActionKind::ReportNoAccess => Action::ReportNoAccess { note: None },
            ActionKind::Reject => Action::Reject { reason: note, told: None },
            ActionKind::Close => Action::Close {
                outcome: match self.state {
                    State::AwaitingConfirmation { .. } => Outcome::Completed,
                    _ => Outcome::SelfService,
                },
                reason: None,
            },
            ActionKind::Reopen => Action::Reopen { reason: note },
            ActionKind::Hold => Action::Hold { reason: note },
            ActionKind::LiftHold => Action::LiftHold { reason: note },
            ActionKind::Assign => Action::Assign { owner: None },
            ActionKind::Refer => Action::Refer { reference: None },
            ActionKind::RetryEmail => Action::RetryEmail {
                email: Uuid::nil(),
                to_atlassian: matches!(self.state, State::Submitted { .. }),
            },
            ActionKind::ResendLetter => {
                Action::ResendLetter { email: Uuid::nil(), notification: self.latest_news() }
            }
            ActionKind::CancelLetter => {
                Action::CancelLetter { email: Uuid::nil(), notification: self.latest_news() }
            }
            ActionKind::EndLink => Action::EndLink { purpose: Purpose::Status, contact: None, replace: true },
            ActionKind::SettleLetter => Action::SettleLetter { email: Uuid::nil() },
            ActionKind::AddNote => Action::AddNote { note },
            ActionKind::FileMail => Action::FileMail {
                email: Uuid::nil(),
                writer: Writer::Atlassian,
                ticket: None,
                manner: Manner::Written,
            },
            ActionKind::MarkSeen => Action::MarkSeen,
            ActionKind::Remind => Action::Remind,
            ActionKind::AddEvidence => Action::AddEvidence { file: FileRef::example() },
            ActionKind::RecordScan => Action::RecordScan { file: Uuid::nil(), result: ScanResult::Clean },
            ActionKind::RemoveEvidence => {
                Action::RemoveEvidence { file: Uuid::nil(), own: true, decided_on: false, reason: Some(note) }
            }
            ActionKind::DeleteEvidence => Action::DeleteEvidence { file: Uuid::nil() },
        })
    }

    fn latest_news(&self) -> Notification {
        if self.state.is_closed() { Notification::CaseClosed } else { Notification::CaseConfirmed }
    }

    fn draft_digests(&self) -> (Digest, Digest) {
        let none = Digest([0; 32]);
        match &self.state {
            State::AwaitingApproval { draft, .. } => (draft.digest, draft.facts.unwrap_or(none)),
            _ => (none, none),
        }
    }
}

fn example_draft() -> NewDraft {
    NewDraft {
        id: Uuid::nil(),
        recipient: String::new(),
        subject: String::new(),
        opening: String::new(),
        closing: String::new(),
        facts: String::new(),
        message_id: String::new(),
        raw: Vec::new(),
    }
}
