//! Verdicts: by the system, the new contact, or staff. Any change is weighed by the policy at once.

use super::Decision;
use crate::{
    case::{
        Case,
        actor::Actor,
        check::{Check, CheckKind, Evidence, Verdict},
        contact::Called,
        event::Event,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::State,
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

impl Case {
    pub(super) fn record_check(
        &self,
        kind: CheckKind,
        verdict: Verdict,
        evidence: &Evidence,
        now: Timestamp,
    ) -> Decision {
        if kind == CheckKind::DomainDns {
            self.challenged()?;
        } else if kind.is_answered_by_register() {
            self.asked(kind)?;
        } else {
            self.pending(kind)?;
        }
        if matches!(verdict, Verdict::Pending | Verdict::Waived) || kind.is_decided_by_staff() {
            return Err(Refusal::NotNow);
        }
        // Silence counts when the time to object is over, and not before.
        if let Evidence::NoObjection { window_ends_at, .. } = evidence
            && now < *window_ends_at
        {
            return Err(Refusal::TooEarly);
        }
        let mut check = self.verdict(kind, verdict, evidence.clone(), None, now);
        if kind == CheckKind::DomainDns {
            check = self.with_next_look(check, now);
        }
        let event = Event::CheckRecorded { check: kind, verdict };
        self.with_check(check, event, Vec::new(), now)
    }

    pub(super) fn postpone_check(&self, kind: CheckKind, due_at: Timestamp) -> Decision {
        let mut check = self.pending(kind)?.clone();
        check.due_at = Some(due_at);
        Ok(self.stay(Event::CheckPostponed { check: kind }, vec![Effect::PutCheck(check)]))
    }

    pub(super) fn invite_successor(&self, now: Timestamp) -> Decision {
        if self.pending(CheckKind::Successor)?.evidence != Evidence::None || self.successor_is_requester {
            return Err(Refusal::AlreadyDecided);
        }
        // Not due again: from here on the new contact's answer is awaited.
        let check = Check::pending(CheckKind::Successor, Evidence::InvitationSent { sent_at: now }, None);
        let effects = vec![Effect::PutCheck(check), Effect::Notify(Notification::SuccessorInvitation)];
        Ok(self.stay(Event::SuccessorInvited, effects))
    }

    pub(super) fn settle_succession(&self, accepted: bool, now: Timestamp) -> Decision {
        self.pending(CheckKind::Successor)?;
        let (verdict, evidence, event) = if accepted {
            (Verdict::Passed, Evidence::Accepted, Event::SuccessionAccepted)
        } else {
            (Verdict::Failed, Evidence::Declined, Event::SuccessionDeclined)
        };
        let check = self.verdict(CheckKind::Successor, verdict, evidence, None, now);
        self.with_check(check, event, Vec::new(), now)
    }

    pub(super) fn decide_callback(
        &self,
        actor: Actor,
        called: Called,
        verdict: Verdict,
        note: &Note,
        now: Timestamp,
    ) -> Decision {
        self.checks_are_open()?;
        if !is_finding(verdict) {
            return Err(Refusal::NotDecidedByStaff);
        }
        let contact = called.contact();
        let evidence = Evidence::Called { contact, note: note.id, whose: Some(called.whose()) };
        let check = self.verdict(CheckKind::Callback, verdict, evidence, Some(actor), now);
        let event = Event::Called { verdict, contact, note: note.id };
        self.with_check(check, event, vec![Effect::KeepNote(NoteKind::Reason, note.clone())], now)
    }

    pub(super) fn waive_check(
        &self,
        actor: Actor,
        kind: CheckKind,
        reason: &Note,
        now: Timestamp,
    ) -> Decision {
        self.checks_are_open()?;
        // Law 1: without the requester's confirmation nothing goes to Atlassian, whoever waives.
        if kind == CheckKind::RequesterEmail {
            return Err(Refusal::NotDecidedByStaff);
        }
        // To go without somebody else's word is one thing, to set aside that they objected another.
        let objected = self.check(kind).is_some_and(|check| check.verdict == Verdict::Failed);
        let evidence = match kind {
            CheckKind::Vouch if !objected => Evidence::WithoutOthers { note: reason.id },
            _ => Evidence::StaffDecision { note: reason.id },
        };
        let check = self.verdict(kind, Verdict::Waived, evidence, Some(actor), now);
        let event = Event::CheckWaived { check: kind, note: reason.id };
        self.with_check(check, event, vec![Effect::KeepNote(NoteKind::Reason, reason.clone())], now)
    }

    /// A check with a verdict of now.
    pub(super) fn verdict(
        &self,
        kind: CheckKind,
        verdict: Verdict,
        evidence: Evidence,
        by: Option<Actor>,
        now: Timestamp,
    ) -> Check {
        Check {
            kind,
            verdict,
            evidence,
            decided_by: by.and_then(Actor::staff_id),
            decided_at: Some(now),
            expires_at: Some(self.rules.policy.expiry(now)),
            due_at: None,
        }
    }

    /// Verdicts can change until a message is on its way, and again once it has arrived: a follow-up rests on what is true
    /// when it is written, and what has expired meanwhile must be renewed. While contested too: the customer's side must
    /// notice nothing, and whoever decides the contest needs to know.
    pub(super) fn checks_are_open(&self) -> Result<(), Refusal> {
        match self.state.told() {
            State::Verifying
            | State::Verified
            | State::AwaitingApproval { .. }
            | State::WithAtlassian { .. }
            | State::AwaitingCustomer { .. } => Ok(()),
            _ => Err(Refusal::NotNow),
        }
    }

    pub(super) fn pending(&self, kind: CheckKind) -> Result<&Check, Refusal> {
        self.checks_are_open()?;
        let check = self.check(kind).ok_or(Refusal::NotNow)?;
        if check.verdict == Verdict::Pending { Ok(check) } else { Err(Refusal::AlreadyDecided) }
    }

    /// Pending, or asked again.
    fn asked(&self, kind: CheckKind) -> Result<(), Refusal> {
        self.checks_are_open()?;
        let check = self.check(kind).ok_or(Refusal::NotNow)?;
        match check.verdict {
            Verdict::Pending => Ok(()),
            Verdict::Waived => Err(Refusal::AlreadyDecided),
            _ if check.due_at.is_some() => Ok(()),
            _ => Err(Refusal::AlreadyDecided),
        }
    }

    /// The transition that a new verdict brings. A draft rests on its evidence: any new verdict voids it (law 2).
    pub(super) fn with_check(
        &self,
        check: Check,
        event: Event,
        mut effects: Vec<Effect>,
        now: Timestamp,
    ) -> Decision {
        let mut checks: Vec<Check> =
            self.checks.iter().filter(|old| old.kind != check.kind).cloned().collect();
        checks.push(check.clone());
        effects.insert(0, Effect::PutCheck(check.clone()));
        effects.extend(self.possible_again(&check, now).map(Effect::PutCheck));
        let next = match self.state {
            State::AwaitingCustomer { .. } | State::Contested { .. } => self.state.clone(),
            // The request is where it is, whatever a follow-up would need.
            _ => self.place_without_message(&checks, now),
        };
        effects.extend(self.void_draft());
        Ok(Transition { next, event, effects })
    }

    /// The notice had nobody to go to while the contact was not on record; now it has.
    fn possible_again(&self, new: &Check, now: Timestamp) -> Option<Check> {
        // A waiver names nobody as the departed contact; the others whose role would change are on record all the same.
        let settled = new.kind == CheckKind::RecordedContact && new.counts(now);
        let notice = self.check(CheckKind::DepartedNotice)?;
        (settled && notice.evidence == Evidence::NobodyToNotify)
            .then(|| Check::pending(CheckKind::DepartedNotice, Evidence::None, Some(now)))
    }
}

/// What staff can find out; waiving is another matter.
pub(super) fn is_finding(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Passed | Verdict::Failed | Verdict::Inconclusive)
}
