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
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        case::{actor::StaffId, root::Home},
        config::Settings,
    };

    fn policy() -> Policy {
        Policy::try_new(&Settings::with("").unwrap().policy).unwrap()
    }

    fn now() -> Timestamp {
        "2026-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into()
    }

    /// Everybody's mailbox is below the customer's domain.
    fn homes() -> Homes {
        let below = || Home::Below("sebald.example".to_owned());
        Homes { requester: below(), successor: below(), departed: below(), challenge: below() }
    }

    fn standing(checks: &[Check]) -> Standing {
        evaluate(&policy(), checks, &homes(), now())
    }

    fn check(kind: CheckKind, verdict: Verdict) -> Check {
        let contact = Uuid::from_u128(7);
        let note = Uuid::nil();
        let evidence = match kind {
            CheckKind::Vouch => Evidence::Vouched { contact, home: Home::Below("sebald.example".to_owned()) },
            CheckKind::Callback => Evidence::Called { contact, note, whose: Some(Person::Contact(contact)) },
            CheckKind::RecordedContact => Evidence::ContactOnRecord { requester: false },
            _ => Evidence::None,
        };
        let mut check = Check::pending(kind, evidence, None);
        check.verdict = verdict;
        check.decided_by = kind.is_decided_by_staff().then(|| StaffId(Uuid::from_u128(kind as u128)));
        check.expires_at = Some(policy().expiry(now()));
        check
    }

    fn passed(kinds: &[CheckKind]) -> Vec<Check> {
        kinds.iter().map(|kind| check(*kind, Verdict::Passed)).collect()
    }

    fn with(kinds: &[CheckKind]) -> Vec<Check> {
        passed(&REQUIRED).into_iter().chain(passed(kinds)).collect()
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
        let Standing::Missing(gaps) = standing(&passed(&REQUIRED)) else { panic!() };
        assert!(
            matches!(
                gaps.as_slice(),
                [
                    Gap::Roots { count: 2, .. },
                    Gap::OutsideDomain { count: 1, .. },
                    Gap::FromOthers { count: 1, .. }
                ]
            ),
            "{gaps:?}"
        );
    }

    #[test]
    fn whatever_rests_on_one_domain_is_one_proof() {
        let checks = with(&[CheckKind::DomainRegister, CheckKind::DomainDns, CheckKind::Vouch]);
        let Standing::Missing(gaps) = standing(&checks) else { panic!() };
        let domain = Root::Domain("sebald.example".to_owned());
        let of = vec![CheckKind::Callback, CheckKind::Document];
        assert_eq!(
            gaps,
            [
                Gap::Roots { count: 1, rest_on: vec![domain.clone()], of: of.clone() },
                Gap::OutsideDomain { count: 1, of }
            ]
        );
        assert_eq!(rest_on(&policy(), &checks, &homes(), now()), [domain]);
        let checks = with(&[CheckKind::DomainRegister, CheckKind::Callback]);
        assert!(matches!(standing(&checks), Standing::Satisfied(_)));
    }

    #[test]
    fn a_voucher_at_a_public_provider_does_not_rest_on_the_domain() {
        let mut checks = with(&[CheckKind::DomainRegister, CheckKind::Vouch]);
        assert!(matches!(standing(&checks), Standing::Missing(_)));
        for (home, suffices) in
            [(Home::Public, true), (Home::Below("berater.example".to_owned()), false), (Home::Unknown, false)]
        {
            let vouch = checks.iter_mut().find(|check| check.kind == CheckKind::Vouch).unwrap();
            vouch.evidence = Evidence::Vouched { contact: Uuid::from_u128(7), home: home.clone() };
            assert_eq!(matches!(standing(&checks), Standing::Satisfied(_)), suffices, "{home:?}");
        }
    }

    #[test]
    fn one_member_of_staff_is_one_root() {
        let mut checks = with(&[CheckKind::Callback, CheckKind::Document]);
        assert!(matches!(standing(&checks), Standing::Satisfied(_)), "two members of staff");
        let ann = StaffId(Uuid::from_u128(1));
        checks.iter_mut().filter(|check| check.kind.is_decided_by_staff()).for_each(|check| {
            check.decided_by = Some(ann);
        });
        let Standing::Missing(gaps) = standing(&checks) else { panic!() };
        assert!(
            matches!(&gaps[..], [Gap::Roots { count: 1, rest_on, .. }] if *rest_on == [Root::Staff(ann)]),
            "{gaps:?}"
        );
    }

    #[test]
    fn somebody_else_is_heard_unless_a_contact_on_record_asks_or_an_approver_goes_without() {
        let alone = [CheckKind::DomainRegister, CheckKind::Document];
        let checks = with(&alone);
        let Standing::Missing(gaps) = standing(&checks) else { panic!() };
        let of = vec![CheckKind::Vouch, CheckKind::Callback];
        assert_eq!(gaps, [Gap::FromOthers { count: 1, of }]);

        let mut on_record = with(&alone);
        on_record[2].evidence = Evidence::ContactOnRecord { requester: true };
        assert!(matches!(standing(&on_record), Standing::Satisfied(_)));
        // Only while the check counts.
        let mut expired = on_record.clone();
        expired[2].expires_at = Some(now());
        let Standing::Missing(gaps) = standing(&expired) else { panic!() };
        assert!(gaps.iter().any(|gap| matches!(gap, Gap::FromOthers { .. })), "{gaps:?}");
        on_record[2].verdict = Verdict::Failed;
        assert!(matches!(standing(&on_record), Standing::Blocked(_)));

        let mut without = with(&alone);
        let mut waived = check(CheckKind::Vouch, Verdict::Waived);
        waived.evidence = Evidence::WithoutOthers { note: Uuid::nil() };
        without.push(waived);
        assert!(matches!(standing(&without), Standing::Satisfied(_)));
        // An objection that was set aside says nothing in favour.
        without[7].evidence = Evidence::StaffDecision { note: Uuid::nil() };
        assert!(matches!(standing(&without), Standing::Missing(_)));
    }

    #[test]
    fn a_call_to_the_requester_is_nobody_elses_word() {
        let mut checks = with(&[CheckKind::DomainRegister, CheckKind::Callback]);
        let call = Evidence::Called {
            contact: Uuid::from_u128(7),
            note: Uuid::nil(),
            whose: Some(Person::Requester),
        };
        checks[6].evidence = call;
        let Standing::Missing(gaps) = standing(&checks) else { panic!() };
        assert!(matches!(gaps[..], [Gap::Roots { count: 1, .. }, Gap::FromOthers { .. }]), "{gaps:?}");
        // Where the requester is on record, mailbox and telephone are two things to own.
        checks[2].evidence = Evidence::ContactOnRecord { requester: true };
        assert!(matches!(standing(&checks), Standing::Satisfied(_)));
    }

    #[test]
    fn each_required_check_is_needed() {
        let all = with(&[CheckKind::DomainRegister, CheckKind::Callback]);
        for kind in REQUIRED {
            let without: Vec<_> = all.iter().filter(|check| check.kind != kind).cloned().collect();
            assert_eq!(standing(&without), Standing::Missing(vec![Gap::Required { kind }]));
        }
    }

    #[test]
    fn a_failed_blocking_check_blocks_and_a_waiver_lifts_it_without_proving() {
        let mut checks = with(&[CheckKind::DomainRegister, CheckKind::Document]);
        checks.push(check(CheckKind::Callback, Verdict::Failed));
        assert_eq!(standing(&checks), Standing::Blocked(vec![CheckKind::Callback]));
        checks.pop();
        checks.push(check(CheckKind::Callback, Verdict::Waived));
        assert!(matches!(standing(&checks), Standing::Missing(_)));
    }

    #[test]
    fn expired_checks_no_longer_count() {
        let checks = with(&[CheckKind::DomainRegister, CheckKind::Callback]);
        let end = policy().expiry(now());
        let Standing::Missing(gaps) = evaluate(&policy(), &checks, &homes(), end) else { panic!() };
        assert_eq!(gaps.len(), 8);
    }

    #[test]
    fn a_policy_that_breaks_the_law_or_can_not_be_met_is_refused() {
        for overrides in [
            "[policy]\nrequired = [\"entitlement\"]",
            "[policy]\nproofs = [\"callback\"]",
            "[policy]\nproofs = [\"domain_register\", \"domain_dns\"]",
            "[policy]\nproofs = [\"callback\", \"document\", \"successor\"]",
            "[policy]\ndistinct_roots = 5",
            "[policy]\noutside_domain = 4",
            "[policy]\nfrom_others = 3",
            "[policy]\nblocking = [\"horoscope\"]",
        ] {
            assert!(Policy::try_new(&Settings::with(overrides).unwrap().policy).is_err(), "{overrides}");
        }
    }
}
