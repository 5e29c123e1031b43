//! Which checks suffice: a pure function over the checks of a case.
//!
//! Only [`evaluate`] makes a [`Verified`], so nothing that demands one can be reached around the policy.

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::check::{Check, CheckKind, Verdict};
use crate::{
    clock::Timestamp,
    config::PolicySettings,
    token::{Sha256Bytes, sha256},
};

/// The configured policy, in checks instead of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    required: Vec<CheckKind>,
    independent: Vec<CheckKind>,
    independent_proofs: usize,
    outside_mailbox: Vec<CheckKind>,
    outside_mailbox_proofs: usize,
    blocking: Vec<CheckKind>,
    expires_after: jiff::SignedDuration,
    ask_voucher: bool,
}

impl Policy {
    /// Reads the configured words. Refuses unknown checks, a policy that does not require the requester's confirmed
    /// mailbox (law 1) and one that can't be satisfied.
    pub fn try_new(settings: &PolicySettings) -> anyhow::Result<Self> {
        let kinds = |words: &[String]| {
            words
                .iter()
                .map(|word| word.parse().ok().with_context(|| format!("policy: there is no check {word:?}")))
                .collect::<anyhow::Result<Vec<CheckKind>>>()
        };
        let policy = Self {
            required: kinds(&settings.required)?,
            independent: kinds(&settings.independent)?,
            independent_proofs: settings.independent_proofs,
            outside_mailbox: kinds(&settings.outside_mailbox)?,
            outside_mailbox_proofs: settings.outside_mailbox_proofs,
            blocking: kinds(&settings.blocking)?,
            expires_after: jiff::SignedDuration::from_hours(
                i64::from(settings.expires_after_days).saturating_mul(24),
            ),
            ask_voucher: settings.ask_voucher,
        };
        if !policy.required.contains(&CheckKind::RequesterEmail) {
            bail!("policy.required must contain requester_email");
        }
        if policy.outside_mailbox.iter().any(|kind| !policy.independent.contains(kind)) {
            bail!("policy.outside_mailbox may only name checks that policy.independent names");
        }
        if policy.independent.len() < policy.independent_proofs
            || policy.outside_mailbox.len() < policy.outside_mailbox_proofs
        {
            bail!("policy asks for more proofs than it names checks");
        }
        Ok(policy)
    }

    /// Tells one policy from another. That a later program writes the same policy otherwise does no harm: open cases are
    /// weighed anew once.
    pub fn digest(&self) -> Sha256Bytes {
        sha256(format!("{self:?}").as_bytes())
    }

    /// When a check decided at `now` stops counting.
    pub fn expiry(&self, now: Timestamp) -> Timestamp {
        now.after(self.expires_after)
    }

    /// The checks that this policy can make use of, in their order, for pages.
    pub fn asks_for(&self, kind: CheckKind) -> bool {
        self.required.contains(&kind) || self.independent.contains(&kind)
    }

    /// How many independent proofs are needed, and how many of them outside the requester's mailbox.
    pub fn proofs(&self) -> (usize, usize) {
        (self.independent_proofs, self.outside_mailbox_proofs)
    }

    /// Whether another contact on record is asked without anybody's doing.
    pub fn asks_voucher(&self) -> bool {
        self.ask_voucher
    }

    pub fn requires(&self, kind: CheckKind) -> bool {
        self.required.contains(&kind)
    }
}

/// Proof that the policy was satisfied by unexpired checks. Only [`evaluate`] makes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    by: Vec<CheckKind>,
    until: Option<Timestamp>,
}

impl Verified {
    /// The checks it rests on.
    pub fn by(&self) -> &[CheckKind] {
        &self.by
    }

    /// From then on these checks no longer satisfy the policy, because too many of them are too old.
    pub fn until(&self) -> Option<Timestamp> {
        self.until
    }
}

/// How a case stands before the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", content = "details", rename_all = "snake_case")]
pub enum Standing {
    Satisfied(Verified),
    Missing(Vec<Gap>),
    Blocked(Vec<CheckKind>),
}

/// One thing that is still missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "gap", rename_all = "snake_case")]
pub enum Gap {
    /// This check must pass.
    Required { kind: CheckKind },
    /// So many more independent proofs out of these.
    Independent { count: usize, of: Vec<CheckKind> },
    /// So many more proofs outside the requester's mailbox out of these.
    OutsideMailbox { count: usize, of: Vec<CheckKind> },
}

/// Weighs the checks. A blocking check that failed outweighs everything.
pub fn evaluate(policy: &Policy, checks: &[Check], now: Timestamp) -> Standing {
    let failed = |check: &&Check| check.verdict == Verdict::Failed && policy.blocking.contains(&check.kind);
    let blocking: Vec<CheckKind> = checks.iter().filter(failed).map(|check| check.kind).collect();
    if !blocking.is_empty() {
        return Standing::Blocked(blocking);
    }
    let missing = gaps(policy, checks, now);
    if !missing.is_empty() {
        return Standing::Missing(missing);
    }
    let counting = checks.iter().filter(|check| check.counts(now));
    let mut ends: Vec<Timestamp> = counting.clone().filter_map(|check| check.expires_at).collect();
    ends.sort();
    let until = ends.into_iter().find(|end| !gaps(policy, checks, *end).is_empty());
    Standing::Satisfied(Verified { by: counting.map(|check| check.kind).collect(), until })
}

fn gaps(policy: &Policy, checks: &[Check], now: Timestamp) -> Vec<Gap> {
    let counting: Vec<CheckKind> =
        checks.iter().filter(|check| check.counts(now)).map(|check| check.kind).collect();
    // A waiver lets a case go on without a check; it proves nothing about anybody.
    let proving: Vec<CheckKind> = checks
        .iter()
        .filter(|check| check.counts(now) && check.verdict == Verdict::Passed)
        .map(|check| check.kind)
        .collect();
    let mut gaps: Vec<Gap> = policy
        .required
        .iter()
        .filter(|kind| !counting.contains(kind))
        .map(|kind| Gap::Required { kind: *kind })
        .collect();
    let short = |from: &[CheckKind], wanted: usize| {
        let have = from.iter().filter(|kind| proving.contains(kind)).count();
        let rest = from.iter().copied().filter(|kind| !proving.contains(kind)).collect::<Vec<_>>();
        (wanted.saturating_sub(have), rest)
    };
    let (count, of) = short(&policy.independent, policy.independent_proofs);
    if count > 0 {
        gaps.push(Gap::Independent { count, of });
    }
    let (count, of) = short(&policy.outside_mailbox, policy.outside_mailbox_proofs);
    if count > 0 {
        gaps.push(Gap::OutsideMailbox { count, of });
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{case::check::Evidence, config::Settings};

    fn policy() -> Policy {
        Policy::try_new(&Settings::with("").unwrap().policy).unwrap()
    }

    fn now() -> Timestamp {
        "2026-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into()
    }

    fn check(kind: CheckKind, verdict: Verdict) -> Check {
        let mut check = Check::pending(kind, Evidence::None, None);
        check.verdict = verdict;
        check.expires_at = Some(policy().expiry(now()));
        check
    }

    fn passed(kinds: &[CheckKind]) -> Vec<Check> {
        kinds.iter().map(|kind| check(*kind, Verdict::Passed)).collect()
    }

    const REQUIRED: [CheckKind; 5] = [
        CheckKind::RequesterEmail,
        CheckKind::Entitlement,
        CheckKind::RecordedContact,
        CheckKind::DepartedNotice,
        CheckKind::Successor,
    ];

    #[test]
    fn required_checks_alone_do_not_suffice() {
        let standing = evaluate(&policy(), &passed(&REQUIRED), now());
        let Standing::Missing(gaps) = standing else { panic!("{standing:?}") };
        assert!(matches!(
            gaps.as_slice(),
            [Gap::Independent { count: 2, .. }, Gap::OutsideMailbox { count: 1, .. }]
        ));
    }

    #[test]
    fn two_proofs_inside_the_mailbox_are_not_enough() {
        let mut checks = passed(&REQUIRED);
        checks.extend(passed(&[CheckKind::DomainRegister, CheckKind::Document]));
        let Standing::Missing(gaps) = evaluate(&policy(), &checks, now()) else { panic!() };
        assert!(matches!(gaps.as_slice(), [Gap::OutsideMailbox { count: 1, .. }]));
        checks.extend(passed(&[CheckKind::Callback]));
        assert!(matches!(evaluate(&policy(), &checks, now()), Standing::Satisfied(_)));
    }

    #[test]
    fn each_required_check_is_needed() {
        let mut all = passed(&REQUIRED);
        all.extend(passed(&[CheckKind::DomainRegister, CheckKind::Callback]));
        for kind in REQUIRED {
            let without: Vec<_> = all.iter().filter(|check| check.kind != kind).cloned().collect();
            assert_eq!(evaluate(&policy(), &without, now()), Standing::Missing(vec![Gap::Required { kind }]));
        }
    }

    #[test]
    fn a_failed_blocking_check_blocks_and_a_waiver_lifts_it_without_proving() {
        let mut checks = passed(&REQUIRED);
        checks.extend(passed(&[CheckKind::DomainRegister, CheckKind::Document]));
        checks.push(check(CheckKind::Callback, Verdict::Failed));
        assert_eq!(evaluate(&policy(), &checks, now()), Standing::Blocked(vec![CheckKind::Callback]));
        checks.pop();
        checks.push(check(CheckKind::Callback, Verdict::Waived));
        assert!(matches!(evaluate(&policy(), &checks, now()), Standing::Missing(_)));
    }

    #[test]
    fn expired_checks_no_longer_count() {
        let mut checks = passed(&REQUIRED);
        checks.extend(passed(&[CheckKind::DomainRegister, CheckKind::Callback]));
        let end = policy().expiry(now());
        let Standing::Missing(gaps) = evaluate(&policy(), &checks, end) else { panic!() };
        assert_eq!(gaps.len(), 7);
    }

    #[test]
    fn a_policy_that_breaks_the_law_or_can_not_be_met_is_refused() {
        for overrides in [
            "[policy]\nrequired = [\"entitlement\"]",
            "[policy]\nindependent = [\"callback\"]",
            "[policy]\noutside_mailbox_proofs = 9",
            "[policy]\nblocking = [\"horoscope\"]",
        ] {
            assert!(Policy::try_new(&Settings::with(overrides).unwrap().policy).is_err(), "{overrides}");
        }
    }
}
