//! The challenge by DNS: whoever may change the customer's zone shows our token there.
//!
//! Offered to every requester alike, whatever the register knows: an offer made only to strangers would tell them that
//! they are strangers.

use super::Decision;
use crate::{
    case::{
        Case,
        check::{Check, CheckKind, Evidence, Verdict},
        event::Event,
        outcome::Effect,
        refusal::Refusal,
        state::State,
    },
    clock::Timestamp,
};

/// A proof is looked at again this long before it expires.
const BEFORE_EXPIRY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
/// When resolvers did not agree, they are asked again after this long.
const AFTER_UNCLEAR: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

impl Case {
    pub(super) fn start_domain_challenge(&self, token: &str, now: Timestamp) -> Decision {
        if !matches!(self.state.told(), State::Verifying | State::AwaitingCustomer { .. }) {
            return Err(Refusal::NotNow);
        }
        let check = self.check(CheckKind::DomainDns);
        if check.is_some_and(|check| check.verdict == Verdict::Waived || is_running(check, now)) {
            return Err(Refusal::AlreadyDecided);
        }
        let evidence = Evidence::ChallengeSet { token: token.to_owned(), started_at: now };
        let check = Check::pending(CheckKind::DomainDns, evidence, Some(now));
        Ok(self.stay(Event::DomainChallengeStarted, vec![Effect::PutCheck(check)]))
    }

    /// The challenge goes on: it can be recorded again, even after a verdict.
    pub(super) fn challenged(&self) -> Result<(), Refusal> {
        self.checks_are_open()?;
        let check = self.check(CheckKind::DomainDns).ok_or(Refusal::NotNow)?;
        if check.due_at.is_some() && check.evidence.challenge().is_some() {
            Ok(())
        } else {
            Err(Refusal::AlreadyDecided)
        }
    }

    /// The verdict with its own expiry and the time at which the resolvers are asked again, if they are.
    pub(super) fn with_next_look(&self, mut check: Check, now: Timestamp) -> Check {
        let days = i64::from(self.rules.deadlines.domain_proof_days);
        // What was seen is as old as it is, also where it counts only since the register changed.
        let since = check.evidence.seen_at().unwrap_or(now);
        let own_end = since.after(jiff::SignedDuration::from_hours(days.saturating_mul(24)));
        let expires_at = check.expires_at.map_or(own_end, |end| end.min(own_end));
        check.expires_at = Some(expires_at);
        check.due_at = match check.evidence {
            Evidence::ChallengeSeen { .. } => next_look(&check).map(|at| at.max(now.after(AFTER_UNCLEAR))),
            Evidence::ChallengeUnclear { .. } => Some(now.after(AFTER_UNCLEAR)),
            _ => None,
        };
        check
    }
}

/// When a proof that was seen is looked for again.
pub fn next_look(check: &Check) -> Option<Timestamp> {
    check.expires_at.map(|end| end.after(-BEFORE_EXPIRY))
}

fn is_running(check: &Check, now: Timestamp) -> bool {
    // Whether or not it counts: the requester must not learn which.
    let expired = check.evidence.seen_at().is_some() && check.expires_at.is_none_or(|end| end <= now);
    check.evidence.challenge().is_some() && !expired
}
