//! What the status page tells the customer's side to do: the same whatever the register holds and whatever staff did.

use handover::case::actor::Role;

use crate::helpers::{
    desk::{Desk, Visitor},
    story::{REQUESTER, SUCCESSOR, form_with},
};

/// The words of the part with the next steps; empty where there is none.
async fn steps(visitor: &Visitor, status: &str) -> String {
    let page = visitor.get(status).await.is(200);
    let document = scraper::Html::parse_document(&page.text);
    let part = scraper::Selector::parse("#next").unwrap();
    let text: String = document.select(&part).flat_map(|part| part.text()).collect::<Vec<_>>().join(" ");
    // Without the marks that Fluent puts around what it fills in.
    let text = text.replace(['\u{2068}', '\u{2069}'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[actix_web::test]
async fn they_follow_what_the_customers_side_does_and_nothing_else() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let customer = desk.visitor("en");
    let number = desk.confirmed_case(&customer, &form_with(&[("language", "en")])).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    let first = steps(&customer, &status).await;
    for words in [
        "Tell Tobias Rauch about it",
        "We need two independent proofs",
        "As a rule, one of them has to come from somebody who is neither the requester nor the new contact.",
        "Your IT sets a record in the DNS of nordlicht.example.",
        "If we have a phone number of your company, we call it, and never one from the form.",
        "Let your colleagues know",
        "Have a signed letter ready",
        "The time to object",
    ] {
        assert!(first.contains(words), "{words:?} is not in {first}");
    }
    assert!(!first.contains("23125"), "no number on record");

    // What staff find out does not show.
    ann.calls_back(&number).await;
    assert_eq!(steps(&customer, &status).await, first);
    customer.post(&invitation, &[("decision", "accept")]).await.went_well();
    let accepted = steps(&customer, &status).await;
    assert!(accepted.contains("Tobias Rauch has agreed") && !accepted.contains("Tell Tobias Rauch"));
    customer.submit(&format!("{status}/domain-challenge"), &[]).await;
    assert!(steps(&customer, &status).await.contains("Please pass the record on to your IT."));

    // Nor that somebody objects.
    let before = steps(&customer, &status).await;
    ann.does(&number, "objection", &[("note", "The contact called us.")]).await.went_well();
    assert_eq!(steps(&customer, &status).await, before);
    customer.post(&format!("{status}/withdrawal"), &[]).await.went_well();
    assert_eq!(steps(&customer, &status).await, "");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn they_are_the_same_for_strangers() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let mut seen = Vec::new();
    for entitlement in ["SEN-10000001", "SEN-99999999"] {
        desk.confirmed_case(&customer, &form_with(&[("entitlements", entitlement)])).await;
        let status = desk.take_letter(REQUESTER).link("cases");
        desk.take_all_letters();
        seen.push(steps(&customer, &status).await);
        desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(5)));
    }
    assert!(seen[0].contains("Wir brauchen zwei voneinander unabhängige Nachweise"), "{}", seen[0]);
    assert_eq!(seen[0], seen[1]);
    desk.finish().await;
}

#[actix_web::test]
async fn they_name_only_what_the_policy_can_use_and_a_better_address() {
    let policy =
        "[policy]\nproofs = [\"callback\"]\ndistinct_roots = 1\noutside_domain = 0\nfrom_others = 0\n";
    let desk = Desk::start_with(policy).await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let fields = form_with(&[("requester_email", "miriam@mailinator.com"), ("language", "en")]);
    desk.confirmed_case(&customer, &fields).await;
    let status = desk.take_letter("miriam@mailinator.com").link("cases");
    desk.take_all_letters();
    let steps = steps(&customer, &status).await;
    assert!(steps.contains("Anybody can get a mailbox at mailinator.com"), "{steps}");
    assert!(
        steps.contains(
            "We need one proof that the request comes from your company. We take care of most of it"
        ),
        "{steps}"
    );
    assert!(steps.contains("Expect a call from us"));
    for way in ["DNS record", "colleagues", "signed letter", "As a rule"] {
        assert!(!steps.contains(way), "{way} in {steps}");
    }
    // Staff are told what such a policy means, on every case.
    let ann = desk.staff("ann", Role::Agent).await;
    ann.open(&desk.newest().await).await.says("Under the configured policy a single proof is enough.");
    desk.finish().await;
}
