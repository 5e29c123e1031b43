//! Verdicts that no longer stand: expired ones, and those whose contact is no longer on record. And asking again.
//!
//! By itself never once a request has reached Atlassian: it rests on what was true then. Staff may ask again what has expired,
//! because a follow-up rests on what is true when it is written.

use super::Decision;
use crate::{
    case::{
        Case,
        check::{Check, CheckKind, Evidence, Verdict},
        event::Event,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::State,
    },
    clock::Timestamp,
};

/// What the register answers alone is asked again with what has expired, where it would itself expire so soon.
const SOON: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

impl Case {
    /// When the case must be weighed anew at the latest, though nobody does anything: the next time that a verdict in the
    /// customer's favour expires.
    pub fn weigh_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.delivered_at.is_some()
            || !matches!(self.state, State::Verified | State::AwaitingApproval { .. })
        {
            return None;
        }
        self.checks.iter().filter(|check| check.counts(now)).filter_map(|check| check.expires_at).min()
    }

    /// Weighs the case anew: a verdict has expired, or the policy is another. Refused where nothing follows.
    pub(super) fn reconsider(&self, now: Timestamp) -> Decision {
        let place = self.place_for(&self.checks, now);
        let stands = match &self.state {
            _ if self.delivered_at.is_some() => true,
            State::AwaitingApproval { .. } => place == State::Verified,
            State::Verifying | State::Verified => place == self.state,
            _ => true,
        };
        if stands {
            return Err(Refusal::NotNow);
        }
        let mut effects = self.void_draft();
        if place == State::Verifying {
            effects.extend(self.renew_expired(now));
        }
        Ok(Transition { next: place, event: Event::Reconsidered, effects })
    }

    /// Begins anew whatever runs by itself and has expired.
    pub(super) fn renew_expired(&self, now: Timestamp) -> Vec<Effect> {
        let expired = |check: &&Check| {
            let end = if check.kind.is_answered_by_register() { now.after(SOON) } else { now };
            check.verdict == Verdict::Passed && !check.counts(end)
        };
        self.checks.iter().filter(expired).flat_map(|check| renewed(check.kind, now)).collect()
    }

    pub(super) fn check_again(&self, kind: CheckKind, now: Timestamp) -> Decision {
        self.checks_are_open()?;
        let check = self.check(kind).ok_or(Refusal::NotNow)?;
        // What still counts is left alone once Atlassian has the request.
        if self.delivered_at.is_some() && check.counts(now) {
            return Err(Refusal::AlreadyDecided);
        }
        let runs = matches!(check.evidence, Evidence::NoticeSent { .. } | Evidence::Objected { .. });
        if runs || check.verdict == Verdict::Waived && check.counts(now) {
            return Err(Refusal::AlreadyDecided);
        }
        let event = Event::CheckRequested { check: kind };
        if kind.is_answered_by_register() && check.verdict != Verdict::Waived {
            // The verdict stands until the register says otherwise.
            let check = Check { due_at: Some(now), ..check.clone() };
            return Ok(self.stay(event, vec![Effect::PutCheck(check)]));
        }
        let mut effects = renewed(kind, now);
        if check.counts(now) || effects.is_empty() {
            return Err(Refusal::AlreadyDecided);
        }
        let Effect::PutCheck(renewed) = effects.remove(0) else { return Err(Refusal::NotNow) };
        self.with_check(renewed, event, effects, now)
    }

    /// By the link of a new letter. No new claim: the case has been one all along.
    pub(super) fn confirm_again(&self, now: Timestamp) -> Decision {
        self.pending(CheckKind::RequesterEmail)?;
        let check = self.verdict(CheckKind::RequesterEmail, Verdict::Passed, Evidence::LinkUsed, None, now);
        // With a link to the status page: the last one may have ended.
        self.with_check(check, Event::ConfirmedAgain, vec![Effect::Notify(Notification::CaseConfirmed)], now)
    }

    /// The contact whose word was asked for or given, or who was called, is no longer on record.
    pub(super) fn record_contact_gone(&self, kind: CheckKind, now: Timestamp) -> Decision {
        self.checks_are_open()?;
        let check = self.check(kind).ok_or(Refusal::NotNow)?;
        let contact = match (check.verdict, check.evidence.contact()) {
            (Verdict::Passed | Verdict::Pending, Some(contact)) if self.delivered_at.is_none() => contact,
            _ => return Err(Refusal::AlreadyDecided),
        };
        let asks = kind == CheckKind::Vouch && self.rules.policy.asks_voucher();
        let check = Check::pending(kind, Evidence::NoLongerOnRecord { contact }, asks.then_some(now));
        self.with_check(check, Event::ContactGone { check: kind }, Vec::new(), now)
    }
}

/// The check from its beginning, and the letter that begins it; nothing for a check that does not run by itself.
fn renewed(kind: CheckKind, now: Timestamp) -> Vec<Effect> {
    match kind {
        CheckKind::RequesterEmail => vec![
            Effect::PutCheck(Check::pending(kind, Evidence::None, None)),
            Effect::Notify(Notification::ConfirmationRenewal),
        ],
        kind if CheckKind::AUTOMATIC.contains(&kind) => {
            vec![Effect::PutCheck(Check::pending(kind, Evidence::None, Some(now)))]
        }
        _ => Vec::new(),
    }
}
