//! Which checks suffice: a pure function over the checks of a case.
//!
//! What passed is counted by its roots: how many things somebody must own at least to fake all of it together. Only
//! [`evaluate`] makes a [`Verified`], so nothing that demands one can be reached around the policy.

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::{
    check::{Check, CheckKind, Evidence, Verdict},
    root::{Homes, Person, Root, fewest},
};
use crate::{
    clock::Timestamp,
    config::PolicySettings,
    token::{Sha256Bytes, sha256},
};

/// The configured policy, in checks instead of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    required: Vec<CheckKind>,
    proofs: Vec<CheckKind>,
    distinct_roots: usize,
    outside_domain: usize,
    from_others: usize,
    blocking: Vec<CheckKind>,
    expires_after: jiff::SignedDuration,
    ask_voucher: bool,
}

/// The proofs that do not rest on a domain by their kind alone.
const OUTSIDE_DOMAIN: [CheckKind; 3] = [CheckKind::Vouch, CheckKind::Callback, CheckKind::Document];
/// The proofs in which somebody else than those who ask is heard.
const FROM_OTHERS: [CheckKind; 2] = [CheckKind::Vouch, CheckKind::Callback];

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
            proofs: kinds(&settings.proofs)?,
            distinct_roots: settings.distinct_roots,
            outside_domain: settings.outside_domain,
            from_others: settings.from_others,
            blocking: kinds(&settings.blocking)?,
            expires_after: jiff::SignedDuration::from_hours(
                i64::from(settings.expires_after_days).saturating_mul(24),
            ),
            ask_voucher: settings.ask_voucher,
        };
        if !policy.required.contains(&CheckKind::RequesterEmail) {
            bail!("policy.required must contain requester_email");
        }
        policy.can_be_met()?;
        Ok(policy)
    }

    fn can_be_met(&self) -> anyhow::Result<()> {
        let named = |kinds: &[CheckKind]| kinds.iter().filter(|kind| self.proofs.contains(kind)).count();
        let by_domain = named(&[CheckKind::DomainRegister, CheckKind::DomainDns]).min(1);
        if let Some(kind) = self.proofs.iter().find(|kind| !kind.is_proof()) {
            bail!("policy.proofs: {} proves nothing about who asks", kind.as_str());
        }
        if by_domain.saturating_add(named(&OUTSIDE_DOMAIN)) < self.distinct_roots {
            bail!("policy.distinct_roots asks for more roots than the checks in policy.proofs can have");
        }
        if named(&OUTSIDE_DOMAIN) < self.outside_domain || named(&FROM_OTHERS) < self.from_others {
            bail!("policy asks for more proofs than policy.proofs names checks for");
        }
        Ok(())
    }

    /// Whether somebody who owns a single thing could fake all that is demanded.
    pub fn one_root_suffices(&self) -> bool {
        self.distinct_roots < 2
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
        self.required.contains(&kind) || self.proofs.contains(&kind)
    }

    /// How many distinct roots the proofs must have, and how many proofs must come from somebody else than those who ask.
    pub fn demands(&self) -> (usize, usize) {
        (self.distinct_roots, self.from_others)
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
    /// So many more roots are needed. All that was proven could be faked by whoever owns `rest_on`; these checks can help.
    Roots { count: usize, rest_on: Vec<Root>, of: Vec<CheckKind> },
    /// So many more proofs that do not rest on a domain, out of these.
    OutsideDomain { count: usize, of: Vec<CheckKind> },
    /// So many more proofs from somebody who is neither the requester nor the new contact, out of these.
    FromOthers { count: usize, of: Vec<CheckKind> },
}

/// Weighs the checks. A blocking check that failed outweighs everything.
pub fn evaluate(policy: &Policy, checks: &[Check], homes: &Homes, now: Timestamp) -> Standing {
    let failed = |check: &&Check| check.verdict == Verdict::Failed && policy.blocking.contains(&check.kind);
    let blocking: Vec<CheckKind> = checks.iter().filter(failed).map(|check| check.kind).collect();
    if !blocking.is_empty() {
        return Standing::Blocked(blocking);
    }
    let missing = gaps(policy, checks, homes, now);
    if !missing.is_empty() {
        return Standing::Missing(missing);
    }
    let counting = checks.iter().filter(|check| check.counts(now));
    let mut ends: Vec<Timestamp> = counting.clone().filter_map(|check| check.expires_at).collect();
    ends.sort();
    let until = ends.into_iter().find(|end| !gaps(policy, checks, homes, *end).is_empty());
    Standing::Satisfied(Verified { by: counting.map(|check| check.kind).collect(), until })
}

/// The fewest things that somebody would have to own to fake all that was proven so far. Empty where nothing was.
pub fn rest_on(policy: &Policy, checks: &[Check], homes: &Homes, now: Timestamp) -> Vec<Root> {
    let proofs = proofs(policy, checks, homes, now);
    fewest(&proofs.into_iter().map(|(_, roots)| roots).collect::<Vec<_>>())
}

/// The proofs that stand, each with its roots. A waiver lets a case go on without a check; it proves nothing about anybody.
fn proofs(policy: &Policy, checks: &[Check], homes: &Homes, now: Timestamp) -> Vec<(CheckKind, Vec<Root>)> {
    let on_record = requester_is_on_record(checks, now);
    checks
        .iter()
        .filter(|check| policy.proofs.contains(&check.kind) && check.counts(now))
        .map(|check| {
            let mut roots = check.roots(homes);
            // A contact on record speaks for the licence by their own right: that it is one person takes nothing from it.
            roots.retain(|root| !(on_record && *root == Root::Person(Person::Requester)));
            (check.kind, roots)
        })
        .filter(|(_, roots)| !roots.is_empty())
        .collect()
}

/// Whether the register names the requester for every licence, by a check that counts.
fn requester_is_on_record(checks: &[Check], now: Timestamp) -> bool {
    checks.iter().any(|check| {
        check.verdict == Verdict::Passed
            && check.counts(now)
            && check.evidence == (Evidence::ContactOnRecord { requester: true })
    })
}

/// What is missing, whether or not something blocks.
pub fn gaps(policy: &Policy, checks: &[Check], homes: &Homes, now: Timestamp) -> Vec<Gap> {
    let counts = |kind: CheckKind| checks.iter().any(|check| check.kind == kind && check.counts(now));
    let mut gaps: Vec<Gap> = policy
        .required
        .iter()
        .filter(|kind| !counts(**kind))
        .map(|kind| Gap::Required { kind: *kind })
        .collect();
    let proofs = proofs(policy, checks, homes, now);
    let open = |kinds: &[CheckKind]| -> Vec<CheckKind> {
        let proven = |kind: &CheckKind| proofs.iter().any(|(proven, _)| proven == kind);
        policy.proofs.iter().copied().filter(|kind| kinds.contains(kind) && !proven(kind)).collect()
    };
    let short = |wanted: usize, have: usize| Some(wanted.saturating_sub(have)).filter(|count| *count > 0);

    let roots: Vec<Vec<Root>> = proofs.iter().map(|(_, roots)| roots.clone()).collect();
    let rest_on = fewest(&roots);
    if let Some(count) = short(policy.distinct_roots, rest_on.len()) {
        let of = open(&policy.proofs);
        gaps.push(Gap::Roots { count, rest_on, of });
    }
    let outside = proofs.iter().filter(|(_, roots)| !roots.iter().any(Root::is_domain)).count();
    if let Some(count) = short(policy.outside_domain, outside) {
        gaps.push(Gap::OutsideDomain { count, of: open(&OUTSIDE_DOMAIN) });
    }
    if !requester_is_on_record(checks, now) && !goes_without_others(checks, now) {
        let others = proofs.iter().filter(|(_, roots)| roots.iter().any(is_somebody_else)).count();
        if let Some(count) = short(policy.from_others, others) {
            gaps.push(Gap::FromOthers { count, of: open(&FROM_OTHERS) });
        }
    }
    gaps
}

fn is_somebody_else(root: &Root) -> bool {
    matches!(root, Root::Person(Person::Contact(_)))
}

/// Whether an approver decided so, and not merely set an objection aside.
fn goes_without_others(checks: &[Check], now: Timestamp) -> bool {
    let decided = |check: &Check| matches!(check.evidence, Evidence::WithoutOthers { .. });
    checks.iter().any(|check| check.verdict == Verdict::Waived && check.counts(now) && decided(check))
}

#[cfg(test)]
mod tests;
