//! What no longer stands: expired verdicts, a changed register, another policy. Seen from the pages and the worker.

use handover::{
    app::App,
    case::{
        actor::Role,
        check::{Check, CheckKind, Evidence, Verdict},
        event::Event,
    },
    casework::{Casework, list_events},
    config::Settings,
};

use crate::helpers::{
    desk::Desk,
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

const REGISTER: &str = include_str!("helpers/register.csv");

async fn check(desk: &Desk, number: &str, kind: CheckKind) -> Check {
    desk.load(number).await.case.check(kind).unwrap().clone()
}

async fn events(desk: &Desk, number: &str) -> Vec<Event> {
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    let lines = list_events(&mut connection, desk.find_case(number).await).await.unwrap();
    lines.into_iter().map(|line| line.event).collect()
}

async fn live_drafts(desk: &Desk) -> i64 {
    sqlx::query_scalar("select count(*) from drafts where voided_at is null")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap()
}

#[actix_web::test]
async fn an_expired_check_takes_the_case_back_and_the_requester_confirms_again() {
    let desk = Desk::start_with("policy.expires_after_days = 30\n").await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&customer, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    customer.post(&invitation, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    desk.take_all_letters();
    ann.drafts(&number).await;
    assert_eq!((desk.state(&number).await.as_str(), live_drafts(&desk).await), ("awaiting_approval", 1));

    desk.later(22 * 24 + 1).await;
    assert_eq!((desk.state(&number).await.as_str(), live_drafts(&desk).await), ("verifying", 0));
    assert!(events(&desk, &number).await.contains(&Event::Reconsidered));
    assert_eq!(check(&desk, &number, CheckKind::Entitlement).await.verdict, Verdict::Passed, "asked again");
    ann.open(&number).await.says("has not confirmed their mailbox").says("Callback");
    customer.get(&status).await.says("noch einmal");

    let renewal = desk.take_letter(REQUESTER);
    assert!(renewal.subject.contains("noch einmal"), "{}", renewal.subject);
    let link = renewal.link("confirmations");
    customer.get(&link).await.is(200);
    assert_eq!(check(&desk, &number, CheckKind::RequesterEmail).await.verdict, Verdict::Pending);
    customer.submit(&link, &[]).await;
    assert!(check(&desk, &number, CheckKind::RequesterEmail).await.counts(desk.now()));
    // Pressing twice changes nothing more.
    customer.submit(&link, &[]).await;
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER).link("cases");

    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    customer.post(&invitation, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    assert_eq!(desk.state(&number).await, "verified");

    // The notice was a week younger: its end takes the case back once more, and another one goes out.
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "verifying");
    desk.take_letter(DEPARTED);
    assert!(desk.take_letter(REQUESTER).subject.starts_with("Wir haben alles"), "as it was before that");
    assert!(desk.untaken().is_empty(), "nobody else is asked again");
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "verified");
    assert!(desk.take_letter(REQUESTER).subject.starts_with("Wir haben alles"));
    desk.finish().await;
}

#[actix_web::test]
async fn a_case_that_is_taken_up_again_after_months_can_be_confirmed_again() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (customer, ben) = (desk.visitor("en"), desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&customer, &form()).await;
    ben.does(&number, "rejection", &[("reason", "Nobody could be reached.")]).await.went_well();
    desk.later(100 * 24).await;
    desk.take_all_letters();
    ben.does(&number, "reopening", &[("reason", "They called.")]).await.went_well();
    desk.work_until_idle().await;
    let first = desk.take_letter(REQUESTER).link("confirmations");
    // The letter got lost: staff send another, and the older link ends.
    ben.does(&number, "checks/requester_email", &[("again", "true")]).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("confirmations");
    customer.get(&first).await.is(410);
    customer.submit(&link, &[]).await;
    assert!(check(&desk, &number, CheckKind::RequesterEmail).await.counts(desk.now()));
    ben.does(&number, "checks/requester_email", &[("again", "true")]).await.is(409);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_case_filed_before_the_import_wakes_with_it() {
    let desk = Desk::start().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    assert_eq!(check(&desk, &number, CheckKind::Entitlement).await.verdict, Verdict::Failed);
    desk.take_all_letters();
    desk.import(REGISTER).await;
    desk.work_until_idle().await;
    for kind in [CheckKind::Entitlement, CheckKind::RecordedContact, CheckKind::DomainRegister] {
        assert_eq!(check(&desk, &number, kind).await.verdict, Verdict::Passed, "{kind:?}");
    }
    desk.take_letter(DEPARTED);
    desk.finish().await;
}

#[actix_web::test]
async fn an_import_voids_what_rested_on_the_register_and_nothing_else() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ann.drafts(&number).await;
    let before = events(&desk, &number).await.len();

    // A new telephone number of the present contact, a new domain: looked at, and nothing follows.
    let harmless = REGISTER
        .replace("+49 30 23125 101", "+49 30 23125 109")
        .replace("DE,nordlicht.example", "DE,nordlicht.example nordlicht-ag.example");
    desk.import(&harmless).await;
    desk.work_until_idle().await;
    assert_eq!((events(&desk, &number).await.len(), live_drafts(&desk).await), (before, 1));
    let due: i64 = sqlx::query_scalar("select count(*) from checks where due_at is not null")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(due, 0, "all of them rest again");

    // Somebody else in place of the one who was called.
    let other = harmless.replace("Jonas Reuter,jonas.reuter@", "Nora Vogt,nora.vogt@");
    desk.import(&other).await;
    desk.work_until_idle().await;
    let called = check(&desk, &number, CheckKind::Callback).await;
    assert!(matches!(called.evidence, Evidence::NoLongerOnRecord { .. }), "{called:?}");
    assert_eq!((desk.state(&number).await.as_str(), live_drafts(&desk).await), ("verifying", 0));
    ann.open(&number).await.says("no longer on record");

    // And in place of the present contact.
    desk.import(&other.replace("Petra Abend,petra.abend@", "Nora Vogt,nora.vogt@")).await;
    desk.work_until_idle().await;
    assert_eq!(check(&desk, &number, CheckKind::RecordedContact).await.verdict, Verdict::Failed);
    desk.finish().await;
}

/// The customer let a domain lapse, and says so by an import: whoever writes from below it is asked about anew.
#[actix_web::test]
async fn an_import_that_takes_a_domain_away_wakes_whoever_writes_from_below_it() {
    let desk = Desk::start().await;
    let with = REGISTER.replace("DE,nordlicht.example", "DE,nordlicht.example nordlicht-alt.example");
    desk.import(&with).await;
    let requester = ("requester_email", "miriam.kern@berlin.nordlicht-alt.example");
    let number = desk.confirmed_case(&desk.visitor("de"), &form_with(&[requester])).await;
    assert_eq!(check(&desk, &number, CheckKind::DomainRegister).await.verdict, Verdict::Passed);
    desk.take_all_letters();
    desk.import(REGISTER).await;
    desk.work_until_idle().await;
    assert_eq!(check(&desk, &number, CheckKind::DomainRegister).await.verdict, Verdict::Failed);
    desk.take_all_letters();
    desk.finish().await;
}

/// The record was taken away once it had been seen, as most are; the domain is the present contact's, not the requester's.
#[actix_web::test]
async fn a_proof_by_dns_ends_with_the_domain_on_record() {
    let desk = Desk::start().await;
    desk.import(REGISTER).await;
    let customer = desk.visitor("en");
    let requester = "miriam.kern@elsewhere.example";
    let number = desk.confirmed_case(&customer, &form_with(&[("requester_email", requester)])).await;
    let status = desk.take_letter(requester).link("cases");
    let page = customer.submit(&format!("{status}/domain-challenge"), &[]).await.words();
    let text = page.split_whitespace().find(|word| word.starts_with("handover=")).unwrap();
    for server in &desk.dns {
        server.sets("_handover-challenge.nordlicht.example", &[text]);
    }
    desk.later(1).await;
    for server in &desk.dns {
        server.removes("_handover-challenge.nordlicht.example");
    }
    desk.import(&REGISTER.replace("DE,nordlicht.example", "DE,nordlicht-neu.example")).await;
    desk.work_until_idle().await;
    let proof = check(&desk, &number, CheckKind::DomainDns).await;
    assert_eq!(proof.verdict, Verdict::Inconclusive);
    assert!(matches!(proof.evidence, Evidence::ChallengeElsewhere { .. }), "{proof:?}");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn what_atlassian_has_is_left_alone() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ..) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    desk.take_letter(REQUESTER);
    desk.take_letter(SUCCESSOR);
    let before = events(&desk, &number).await.len();
    desk.import(&REGISTER.replace("petra.abend@", "nora.vogt@").replace("jonas.reuter@", "nora.vogt@")).await;
    desk.later(200 * 24).await;
    let since = events(&desk, &number).await.split_off(before);
    assert!(matches!(since.as_slice(), [Event::SilenceNoted { .. }]), "{since:?}");
    assert_eq!(desk.state(&number).await, "with_atlassian");
    desk.finish().await;
}

#[actix_web::test]
async fn another_policy_weighs_the_open_cases_anew() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ann.drafts(&number).await;
    let before = events(&desk, &number).await.len();
    let restarted = |policy: &str| {
        let app = &desk.casework.app;
        let text = format!("http.public_url = \"{}\"\n[policy]\n{policy}\n", desk.address);
        let settings = Settings::with(&text).unwrap();
        let app =
            App::try_new(app.pool.clone(), settings, app.clock.clone(), &"k".repeat(40).into()).unwrap();
        Casework::try_new(app).unwrap()
    };
    let weighed = async |casework: Casework| {
        casework.follow_policy().await.unwrap();
        while casework.upkeep_step().await.unwrap() == handover::app::Step::Did {}
    };
    weighed(restarted("")).await;
    assert_eq!(events(&desk, &number).await.len(), before, "the same policy");
    weighed(restarted("distinct_roots = 1")).await;
    assert_eq!((events(&desk, &number).await.len(), live_drafts(&desk).await), (before, 1), "an easier one");
    let strict = restarted("distinct_roots = 3");
    weighed(strict.clone()).await;
    assert_eq!((desk.state(&number).await.as_str(), live_drafts(&desk).await), ("verifying", 0));
    weighed(strict).await;
    assert_eq!(events(&desk, &number).await.len(), before + 1, "once");
    weighed(restarted("")).await;
    assert_eq!(desk.state(&number).await, "verified");
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.finish().await;
}

#[actix_web::test]
async fn staff_have_an_automatic_check_run_again() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    ann.open(&number).await.says("Check again");
    // Not through an import, which would be noticed.
    let pool = &desk.casework.app.pool;
    sqlx::query("delete from customer_domains").execute(pool).await.unwrap();
    ann.does(&number, "checks/domain_register", &[("again", "true")]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(check(&desk, &number, CheckKind::DomainRegister).await.verdict, Verdict::Failed);

    // The invitation got lost.
    ann.does(&number, "checks/successor", &[("again", "true")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(SUCCESSOR);
    ann.does(&number, "checks/departed_notice", &[("again", "true")]).await.is(409);
    ann.does(&number, "checks/document", &[("again", "true")]).await.is(409);
    desk.finish().await;
}

/// A waiver sets aside what the check of the entitlement demands, not what the register knows: what rests on it outlives the
/// next import, and ends where the register says so.
#[actix_web::test]
async fn what_rests_on_the_register_outlives_an_import_beside_a_waived_entitlement() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ben.does(&number, "checks/entitlement", &[("waive", "true"), ("reason", "Seen on the invoice.")])
        .await
        .went_well();
    let harmless = REGISTER.replace("+49 30 23125 101", "+49 30 23125 109");
    desk.import(&harmless).await;
    desk.work_until_idle().await;
    for kind in [CheckKind::Callback, CheckKind::RecordedContact, CheckKind::DomainRegister] {
        let check = check(&desk, &number, kind).await;
        assert_eq!(check.verdict, Verdict::Passed, "{check:?}");
    }
    assert_eq!(desk.state(&number).await, "verified");

    desk.import(&harmless.replace("Jonas Reuter,jonas.reuter@", "Nora Vogt,nora.vogt@")).await;
    desk.work_until_idle().await;
    let called = check(&desk, &number, CheckKind::Callback).await;
    assert!(matches!(called.evidence, Evidence::NoLongerOnRecord { .. }), "{called:?}");
    desk.take_all_letters();
    desk.finish().await;
}

/// Waived because two customers have them: then nobody's contacts speak for the case.
#[actix_web::test]
async fn a_waiver_makes_nobody_the_customer_of_entitlements_that_two_have() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ben = desk.staff("ben", Role::Approver).await;
    let fields = form_with(&[("entitlements", "SEN-10000001\nalmrausch.atlassian.net")]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    ben.does(&number, "checks/entitlement", &[("waive", "true"), ("reason", "We know them.")])
        .await
        .went_well();
    desk.import(&REGISTER.replace("+49 30 23125 101", "+49 30 23125 109")).await;
    desk.work_until_idle().await;
    for kind in [CheckKind::RecordedContact, CheckKind::DomainRegister] {
        let check = check(&desk, &number, kind).await;
        assert_eq!((check.verdict, check.evidence), (Verdict::Inconclusive, Evidence::EntitlementUnknown));
    }
    let call = [("verdict", "passed"), ("number", "030 / 23125-102"), ("note", "Called.")];
    ben.does(&number, "checks/callback", &call).await.is(422);
    desk.take_all_letters();
    desk.finish().await;
}

/// The domain is put on record after the record was seen, taken away, and put there once more.
#[actix_web::test]
async fn a_proof_by_dns_follows_the_register_both_ways() {
    let without = REGISTER.replace("DE,nordlicht.example", "DE,nordlicht-neu.example");
    let desk = Desk::start_with("deadlines.domain_proof_days = 10\n").await;
    desk.import(&without).await;
    let customer = desk.visitor("en");
    let requester = "miriam.kern@elsewhere.example";
    let number = desk.confirmed_case(&customer, &form_with(&[("requester_email", requester)])).await;
    let status = desk.take_letter(requester).link("cases");
    let page = customer.submit(&format!("{status}/domain-challenge"), &[]).await.words();
    let text = page.split_whitespace().find(|word| word.starts_with("handover=")).unwrap().to_owned();
    for server in &desk.dns {
        server.sets("_handover-challenge.nordlicht.example", &[&text]);
    }
    desk.later(1).await;
    for server in &desk.dns {
        server.removes("_handover-challenge.nordlicht.example");
    }
    let proof = async || check(&desk, &number, CheckKind::DomainDns).await;
    assert!(matches!(proof().await.evidence, Evidence::ChallengeElsewhere { .. }));
    let elsewhere = customer.get(&status).await.words();
    customer.post(&format!("{status}/domain-challenge"), &[]).await.is(409);

    desk.later(2 * 24).await;
    desk.import(REGISTER).await;
    desk.work_until_idle().await;
    let seen = proof().await;
    assert_eq!(seen.verdict, Verdict::Passed, "{seen:?}");
    assert_eq!(
        seen.expires_at.unwrap().after(jiff::SignedDuration::from_hours(-10 * 24)),
        seen.evidence.seen_at().unwrap()
    );
    // The requester reads the same either way.
    assert_eq!(customer.get(&status).await.words(), elsewhere);
    customer.post(&format!("{status}/domain-challenge"), &[]).await.is(409);

    desk.import(&without).await;
    desk.work_until_idle().await;
    assert!(matches!(proof().await.evidence, Evidence::ChallengeElsewhere { .. }));

    // What was seen is too old by now: the domain may have changed hands before it was put on record.
    desk.later(9 * 24).await;
    desk.import(REGISTER).await;
    desk.work_until_idle().await;
    assert!(matches!(proof().await.evidence, Evidence::ChallengeElsewhere { .. }));
    customer.post(&format!("{status}/domain-challenge"), &[]).await.went_well();
    desk.take_all_letters();
    desk.finish().await;
}
