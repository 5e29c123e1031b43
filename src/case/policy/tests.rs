//! Which checks suffice.

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
    let call =
        Evidence::Called { contact: Uuid::from_u128(7), note: Uuid::nil(), whose: Some(Person::Requester) };
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
