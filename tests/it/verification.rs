//! The checks, as those who are asked for a proof live them: real pages, real letters, real name servers.

use handover::case::check::{Check, CheckKind, Verdict};

use crate::helpers::{
    desk::{Desk, Visitor},
    story::{REQUESTER, form, form_with},
};

const RECORD: &str = "_handover-challenge.nordlicht.example";

async fn check(desk: &Desk, number: &str, kind: CheckKind) -> Option<Check> {
    desk.load(number).await.case.check(kind).cloned()
}

/// Verdict and evidence of the domain check.
async fn domain_check(desk: &Desk, number: &str) -> (Verdict, String) {
    let check = check(desk, number, CheckKind::DomainDns).await.unwrap();
    (check.verdict, <&str>::from(&check.evidence).to_owned())
}

fn verdict(verdict: Verdict, evidence: &str) -> (Verdict, String) {
    (verdict, evidence.to_owned())
}

/// A confirmed case whose requester has asked for the record. Returns number, status page and what the record says.
async fn challenged(
    desk: &Desk,
    customer: &Visitor,
    fields: &[(&'static str, String)],
) -> (String, String, String) {
    let number = desk.confirmed_case(customer, fields).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    desk.take_all_letters();
    let page = customer.submit(&format!("{status}/domain-challenge"), &[]).await;
    let words = page.words();
    let text = words.split_whitespace().find(|word| word.starts_with("handover=")).unwrap().to_owned();
    (number, status, text)
}

#[actix_web::test]
async fn the_domain_shows_our_token_to_both_resolvers() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let (number, status, text) = challenged(&desk, &customer, &form()).await;
    customer.get(&status).await.says(RECORD).says("TXT").says("Request");
    customer.post(&format!("{status}/domain-challenge"), &[]).await.is(409);
    desk.work_until_idle().await;
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Pending, "challenge_set"));

    // A record of several strings reads as one; other records beside it do not matter.
    let (first, rest) = text.split_at(20);
    for server in &desk.dns {
        server.sets(RECORD, &["something else"]);
        server.sets(RECORD, &[first, rest]);
    }
    desk.later(1).await;
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Passed, "challenge_seen"));
    customer.get(&status).await.says("The record is there, thank you.");
    desk.finish().await;
}

#[actix_web::test]
async fn resolvers_that_disagree_or_fail_prove_nothing() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, _, text) = challenged(&desk, &desk.visitor("de"), &form()).await;
    let [one, other] = &desk.dns;
    one.sets(RECORD, &[&text]);
    other.sets(RECORD, &[&text.to_uppercase()]);
    desk.later(1).await;
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Inconclusive, "challenge_unclear"));

    other.removes(RECORD);
    other.sets(RECORD, &[&text]);
    other.fails(true);
    desk.later(2).await;
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Inconclusive, "challenge_unclear"));

    // They are asked again, and now they agree.
    other.fails(false);
    desk.later(5).await;
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Passed, "challenge_seen"));
    desk.finish().await;
}

#[actix_web::test]
async fn a_record_that_nobody_sets_is_looked_for_two_weeks() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (number, status, text) = challenged(&desk, &customer, &form()).await;
    for _ in 0..13 * 4 {
        desk.later(6).await;
    }
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Pending, "challenge_set"));
    desk.later(25).await;
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Inconclusive, "challenge_not_seen"));
    desk.take_all_letters();

    // The requester may try again, with another token.
    let page = customer.submit(&format!("{status}/domain-challenge"), &[]).await;
    assert!(page.words().contains("handover=") && !page.words().contains(&text));
    desk.finish().await;
}

#[actix_web::test]
async fn the_proof_is_looked_at_again_before_it_expires() {
    let desk = Desk::start_with("deadlines.domain_proof_days = 10\n").await;
    desk.import_register().await;
    let (number, _, text) = challenged(&desk, &desk.visitor("de"), &form()).await;
    for server in &desk.dns {
        server.sets(RECORD, &[&text]);
    }
    desk.later(1).await;
    let first = check(&desk, &number, CheckKind::DomainDns).await.unwrap();
    desk.later(9 * 24 + 1).await;
    let second = check(&desk, &number, CheckKind::DomainDns).await.unwrap();
    assert!(second.counts(desk.now()) && second.expires_at > first.expires_at);

    for server in &desk.dns {
        server.removes(RECORD);
    }
    desk.later(9 * 24 + 1).await;
    assert!(check(&desk, &number, CheckKind::DomainDns).await.unwrap().counts(desk.now()));
    desk.later(24).await;
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Inconclusive, "challenge_not_seen"));
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_domain_that_is_not_on_record_proves_nothing_and_does_not_tell() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let fields = form_with(&[("departed_email", "petra.abend@strangers.example")]);
    let (number, status, text) = challenged(&desk, &customer, &fields).await;
    for server in &desk.dns {
        server.sets("_handover-challenge.strangers.example", &[&text]);
    }
    desk.later(1).await;
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Inconclusive, "challenge_elsewhere"));
    customer.get(&status).await.says("The record is there, thank you.").never_says("register");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_public_mail_providers_domain_is_nobodys_proof() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let fields =
        form_with(&[("departed_email", "petra.abend@gmx.de"), ("requester_email", "miriam@posteo.de")]);
    desk.confirmed_case(&customer, &fields).await;
    let status = desk.take_letter("miriam@posteo.de").link("cases");
    customer.get(&status).await.is(200).never_says("gmx.de");
    customer.post(&format!("{status}/domain-challenge"), &[]).await.is(404);
    desk.take_all_letters();
    desk.finish().await;
}
