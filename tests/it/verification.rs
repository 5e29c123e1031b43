//! The checks, as those who are asked for a proof live them: real pages, real letters, real name servers.

use std::time::Duration;

use handover::{
    app::Step,
    case::{
        action::Action,
        actor::{Actor, Role},
        check::{Check, CheckKind, Evidence, Verdict},
        refusal::Refusal,
        root::Home,
        text::{Note, Text},
    },
    casework::ActError,
    verification,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::helpers::{
    desk::{Desk, Visitor},
    dns::NameServer,
    postgres::until_somebody_waits_for_a_lock,
    story::{DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form, form_with},
};

const ANOTHER: &str = "hanna.moser@almrausch.example";
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

/// The record stands below the domain as the address has it; on record may be a name above it that the same owner holds.
#[actix_web::test]
async fn the_record_stands_at_the_domain_as_it_is_written() {
    let desk = Desk::start_with("register.shared_domains = [\"state.example\"]\n").await;
    desk.import_register().await;
    sqlx::query(
        "insert into customer_domains select id, 'office.state.example' from customers where number = 'K-1'",
    )
    .execute(&desk.casework.app.pool)
    .await
    .unwrap();
    let departed = |email| form_with(&[("departed_email", email), ("entitlements", "SEN-10000001")]);
    for (email, expected) in [
        ("petra@mail.nordlicht.example", verdict(Verdict::Passed, "challenge_seen")),
        ("petra@press.office.state.example", verdict(Verdict::Passed, "challenge_seen")),
        // The attacker's own office of the same state; and nobody's own at all.
        ("petra@treasury.state.example", verdict(Verdict::Inconclusive, "challenge_elsewhere")),
        ("petra@state.example", verdict(Verdict::Inconclusive, "challenge_elsewhere")),
    ] {
        let (number, _, text) = challenged(&desk, &desk.visitor("en"), &departed(email)).await;
        let name = format!("_handover-challenge.{}", email.split_once('@').unwrap().1);
        for server in &desk.dns {
            server.sets(&name, &[&text]);
        }
        desk.later(1).await;
        assert_eq!(domain_check(&desk, &number).await, expected, "{email}");
        desk.take_all_letters();
    }
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
    customer.get(&status).await.is(200).never_says("domain gmx.de").never_says("DNS of gmx.de");
    customer.post(&format!("{status}/domain-challenge"), &[]).await.is(404);
    desk.take_all_letters();
    desk.finish().await;
}

/// The contact on record with this address.
async fn contact(desk: &Desk, email: &str) -> Uuid {
    sqlx::query_scalar("select id from contacts where email = $1 order by phone is null, id limit 1")
        .bind(email)
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap()
}

/// The contact on record as the desk lists it: one for each mailbox.
async fn listed(desk: &Desk, number: &str, email: &str) -> Uuid {
    let loaded = desk.load(number).await;
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    let contacts = handover::casework::list_contacts(&mut connection, &loaded).await.unwrap();
    contacts.into_iter().find(|contact| contact.email == email).unwrap().id
}

async fn asks_to_vouch(desk: &Desk, number: &str, actor: Actor, contact: Uuid) -> Result<(), ActError> {
    let case = desk.find_case(number).await;
    desk.casework.request_vouch(case, actor, contact, None).await.map(|_| ())
}

#[actix_web::test]
async fn another_contact_on_record_vouches() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let voucher = listed(&desk, &number, VOUCHER).await;
    let page = ann.open(&number).await.says("Ask for confirmation");
    assert_eq!(page.field("contact").unwrap(), voucher.to_string());
    ann.does(&number, "vouch", &[("contact", &Uuid::new_v4().to_string())])
        .await
        .is(422)
        .says("not on record");
    ann.does(&number, "vouch", &[("contact", &voucher.to_string())]).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(VOUCHER);
    assert!(
        letter.text.contains(SUCCESSOR) && letter.text.contains(REQUESTER) && !letter.text.contains("Rauch"),
        "{}",
        letter.text
    );

    let jonas = desk.visitor("en");
    let link = letter.link("vouchers");
    jonas
        .get(&link)
        .await
        .is(200)
        .says("Is this contact change right?")
        .says("Petra Abend")
        .says("Often you can do this without us");
    jonas.post(&link, &[]).await.is(422).says("Please choose");
    jonas.submit(&link, &[("decision", "confirm")]).await.says("Thank you");
    let vouch = check(&desk, &number, CheckKind::Vouch).await.unwrap();
    assert_eq!(vouch.verdict, Verdict::Passed);
    let home = Home::Below("nordlicht.example".into());
    assert_eq!(vouch.evidence, Evidence::Vouched { contact: voucher, home });
    jonas.post(&link, &[("decision", "confirm")]).await.is(409);
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_vouches_who_asks_leaves_follows_or_is_not_on_record() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let auditor = desk.staff("eva", Role::Auditor).await;
    let fields = form_with(&[("successor_email", "Jonas.Reuter@nordlicht.example")]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    for email in [VOUCHER, "petra.abend@nordlicht.example", "vinzenz.hochleitner@almrausch.example"] {
        let refused =
            asks_to_vouch(&desk, &number, ann.actor(), contact(&desk, email).await).await.unwrap_err();
        assert!(matches!(refused, ActError::Refused(Refusal::NoVoucher)), "{email}: {refused:?}");
    }
    let nobody = asks_to_vouch(&desk, &number, ann.actor(), Uuid::new_v4()).await.unwrap_err();
    assert!(matches!(nobody, ActError::Refused(Refusal::NoVoucher)), "{nobody:?}");
    desk.take_all_letters();

    let number = desk.confirmed_case(&desk.visitor("de"), &form_with(&[("requester_email", VOUCHER)])).await;
    let voucher = listed(&desk, &number, VOUCHER).await;
    let himself = asks_to_vouch(&desk, &number, ann.actor(), voucher).await.unwrap_err();
    assert!(matches!(himself, ActError::Refused(Refusal::NoVoucher)), "{himself:?}");
    let departed = listed(&desk, &number, "petra.abend@nordlicht.example").await;
    assert!(asks_to_vouch(&desk, &number, auditor.actor(), departed).await.is_err());
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_voucher_who_objects_stops_the_case_until_an_approver_decides() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let voucher = listed(&desk, &number, VOUCHER).await;
    asks_to_vouch(&desk, &number, ann.actor(), voucher).await.unwrap();
    desk.work_until_idle().await;
    let link = desk.take_letter(VOUCHER).link("vouchers");
    let jonas = desk.visitor("de");
    jonas
        .submit(&link, &[("decision", "object"), ("note", "Frau Abend ist noch da.")])
        .await
        .says("Widerspruch");
    assert_eq!(desk.state(&number).await, "contested");
    assert_eq!(check(&desk, &number, CheckKind::Vouch).await.unwrap().verdict, Verdict::Failed);

    let case = desk.find_case(&number).await;
    let reason = Note::new(Text::parse("A mix-up of names.").unwrap());
    let action = Action::DismissObjection { reason };
    desk.casework.act(case, ben.actor(), &action, None).await.unwrap();
    assert_eq!(desk.state(&number).await, "verifying");
    let vouch = check(&desk, &number, CheckKind::Vouch).await.unwrap();
    assert_eq!((vouch.verdict, vouch.decided_by), (Verdict::Waived, Some(ben.id)));
    let notice = check(&desk, &number, CheckKind::DepartedNotice).await.unwrap();
    assert_eq!(notice.verdict, Verdict::Pending, "the notice was not objected to");
    jonas.get(&link).await.is(410);
    desk.work_until_idle().await;
    assert_eq!(desk.take_letters(VOUCHER).len(), 2, "that it arrived, and what was decided");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_vouchers_link_ends_with_the_next_request_and_with_the_entry_in_the_register() {
    let desk = Desk::start_with("policy.ask_voucher = true\n").await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let first = desk.take_letter(VOUCHER).link("vouchers");
    desk.take_all_letters();
    let jonas = desk.visitor("de");
    jonas.get(&first).await.is(200);
    assert_eq!(desk.state(&number).await, "verifying");

    sqlx::query(
        "insert into contacts (id, entitlement_id, role, name, email, updated_at)
         select $1, entitlement_id, 'technical', 'Ida Lind', 'ida.lind@nordlicht.example', updated_at
         from contacts where email = $2 limit 1",
    )
    .bind(Uuid::from_u128(7))
    .bind(VOUCHER)
    .execute(&desk.casework.app.pool)
    .await
    .unwrap();
    asks_to_vouch(&desk, &number, ann.actor(), Uuid::from_u128(7)).await.unwrap();
    desk.work_until_idle().await;
    let second = desk.take_letter("ida.lind@nordlicht.example").link("vouchers");
    jonas.get(&first).await.is(410);
    jonas.post(&first, &[("decision", "confirm")]).await.is(404);
    jonas.get(&second).await.is(200);
    sqlx::query("delete from contacts where id = $1")
        .bind(Uuid::from_u128(7))
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    jonas.get(&second).await.is(410);
    desk.finish().await;
}

#[actix_web::test]
async fn without_another_contact_there_is_nobody_to_ask() {
    let desk = Desk::start_with("policy.ask_voucher = true\n").await;
    desk.import_register().await;
    let fields = form_with(&[
        ("requester_email", "katharina.moser@almrausch.example"),
        ("hosting", "cloud"),
        ("entitlements", "almrausch.atlassian.net"),
        ("departed_email", "vinzenz.hochleitner@almrausch.example"),
    ]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    let vouch = check(&desk, &number, CheckKind::Vouch).await.unwrap();
    assert_eq!((vouch.verdict, vouch.evidence), (Verdict::Inconclusive, Evidence::NobodyToAsk));
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_callback_counts_only_to_a_number_on_record() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    ann.open(&number)
        .await
        .says("+49 30 23125 102, Jonas Reuter")
        .never_says("+49 30 23125 101, Petra Abend")
        .says("Which number did you dial?");
    let call =
        |dialled: &'static str| [("verdict", "passed"), ("number", dialled), ("note", "She confirmed.")];
    // The form's own number, another customer's, none.
    for dialled in ["+49 30 23125 110", "+49 89 99998 201", ""] {
        let page = ann.does(&number, "checks/callback", &call(dialled)).await.is(422);
        assert_eq!(page.field("number").unwrap(), dialled);
    }
    // Whoever answers at the departed contact’s own number proves nothing.
    ann.does(&number, "checks/callback", &call("+49 30 23125 101"))
        .await
        .is(422)
        .says("only the contact who is said to have left has this number");
    assert!(check(&desk, &number, CheckKind::Callback).await.is_none());
    ann.does(&number, "checks/callback", &call("030 / 23125-102")).await.went_well();
    let callback = check(&desk, &number, CheckKind::Callback).await.unwrap();
    let jonas = listed(&desk, &number, VOUCHER).await;
    assert_eq!((callback.verdict, callback.decided_by), (Verdict::Passed, Some(ann.id)));
    assert!(
        matches!(callback.evidence, Evidence::Called { contact, .. } if contact == jonas),
        "{callback:?}"
    );
    ann.open(&number)
        .await
        .says(
            "ann called Jonas Reuter at the number on record. This is not the contact who is to be replaced.",
        )
        .says("Rests on the telephone line of Jonas Reuter, Jonas Reuter in person or the word of ann.")
        .says("She confirmed.");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn the_departed_contact_is_written_to_three_times_within_one_window() {
    let desk = Desk::start_with("deadlines.notice_attempts = 3\n").await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    // A Monday at ten; the window ends on the next Monday at ten, which every letter says.
    let number = desk.confirmed_case(&desk.visitor("en"), &form_with(&[("language", "en")])).await;
    let first = desk.take_letter(DEPARTED);
    assert!(
        first.text.contains("Monday, 8 June 2026") && !first.text.contains("notice number"),
        "{}",
        first.text
    );
    desk.take_all_letters();
    desk.later(47).await;
    assert!(desk.untaken().is_empty());
    desk.later(1).await;
    let second = desk.take_letter(DEPARTED);
    assert!(
        second.text.contains("Monday, 8 June 2026") && second.text.contains("notice number 2"),
        "{}",
        second.text
    );
    assert_ne!(first.link("objections"), second.link("objections"));
    desk.later(48).await;
    assert!(desk.take_letter(DEPARTED).text.contains("notice number 3"));
    ann.open(&number).await.says("3 times so far");

    // Any of the letters opens the same objection; nobody objects, and the window ends when the first one said.
    desk.visitor("en").get(&first.link("objections")).await.is(200);
    desk.later(71).await;
    assert_eq!(check(&desk, &number, CheckKind::DepartedNotice).await.unwrap().verdict, Verdict::Pending);
    desk.later(1 + 24).await;
    let notice = check(&desk, &number, CheckKind::DepartedNotice).await.unwrap();
    assert_eq!(notice.verdict, Verdict::Passed);
    assert!(matches!(notice.evidence, Evidence::NoObjection { reminded_at, .. } if reminded_at.len() == 2));
    let trail = ann.open(&number).await.words();
    assert_eq!(trail.matches("notified the contact on record").count(), 3);
    desk.finish().await;
}

/// Whoever asks for the technical role and names the billing contact as the one who left.
fn wrong_contact() -> Vec<(&'static str, String)> {
    form_with(&[("departed_name", "Jonas Reuter"), ("departed_email", VOUCHER)])
}

#[actix_web::test]
async fn the_contact_who_left_is_the_one_whose_role_would_change() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let visitor = desk.visitor("en");
    let number = desk.confirmed_case(&visitor, &wrong_contact()).await;
    let recorded = check(&desk, &number, CheckKind::RecordedContact).await.unwrap();
    assert_eq!((recorded.verdict, recorded.evidence), (Verdict::Failed, Evidence::ContactInOtherRole));
    ann.open(&number).await.says("Somebody else has that role there.");
    let notified = desk.untaken().into_iter().filter(|letter| [DEPARTED, VOUCHER].contains(&&*letter.to));
    assert_eq!(notified.count(), 0, "nobody is disturbed while the contact is in doubt");

    // An approver lets it pass: now the one who really has the role hears of it, and the one named does not.
    let waive = [("waive", "true"), ("reason", "The register is behind.")];
    ben.does(&number, "checks/recorded_contact", &waive).await.went_well();
    desk.work_until_idle().await;
    let notice = desk.take_letter(DEPARTED);
    assert!(desk.untaken().iter().all(|letter| letter.to != VOUCHER));
    assert!(!notice.text.contains("Jonas") && !notice.text.contains("Miriam"), "{}", notice.text);
    let link = notice.link("objections");
    visitor.get(&link).await.is(200).says("Is this change of contact right?");
    visitor.submit(&link, &[("note", "I am still here.")]).await;
    assert_eq!(desk.state(&number).await, "contested");
    ann.open(&number).await.says("I am still here.").says("Another contact on record");
    desk.work_until_idle().await;
    let receipt = desk.take_letter(DEPARTED);
    assert!(receipt.subject.starts_with("Ihr Widerspruch ist angekommen"), "as another contact, too");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn everybody_whose_role_would_change_gets_a_notice_and_has_the_whole_time() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("en");
    // Both roles: the technical contact has left, the billing contact is there.
    let fields = form_with(&[("contact_role", "both")]);
    let number = desk.confirmed_case(&visitor, &fields).await;
    let ben = desk.staff("ben", Role::Approver).await;
    let waive = [("waive", "true"), ("reason", "Technical is enough.")];
    ben.does(&number, "checks/recorded_contact", &waive).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.take_letters(VOUCHER).len(), 1);
    assert_eq!(desk.take_letters(DEPARTED).len(), 1, "as the technical contact on record");
    desk.later(6 * 24).await;
    let notice = check(&desk, &number, CheckKind::DepartedNotice).await.unwrap();
    assert_eq!(notice.verdict, Verdict::Pending);
    desk.later(2 * 24).await;
    let notice = check(&desk, &number, CheckKind::DepartedNotice).await.unwrap();
    assert!(matches!(notice.evidence, Evidence::NoObjection { .. }), "{notice:?}");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn by_configuration_every_contact_on_record_hears_of_a_request() {
    let desk = Desk::start_with("policy.notify = \"all\"\n").await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    assert!(desk.take_letter(DEPARTED).subject.contains("noch Kontaktperson"));
    let other = desk.take_letter(VOUCHER);
    assert!(other.text.contains("als Kontakt"), "{}", other.text);
    desk.visitor("de")
        .get(&other.link("objections"))
        .await
        .is(200)
        .says("Technischer Kontakt (Technical Contact)");
    // Asked about the change of somebody else's role, and there: an objection stops the case as well.
    desk.visitor("de").submit(&other.link("objections"), &[]).await;
    let number = desk.newest().await;
    assert_eq!(desk.state(&number).await, "contested");
    desk.take_all_letters();

    // That it is dismissed does not end the time of the contact who is said to have left.
    let ben = desk.staff("ben", Role::Approver).await;
    let dismissal = [("ruling", "dismissed"), ("reason", "Mr Reuter was mistaken.")];
    ben.does(&number, "objection", &dismissal).await.went_well();
    desk.work_until_idle().await;
    let notice = check(&desk, &number, CheckKind::DepartedNotice).await.unwrap();
    assert!(matches!(notice.evidence, Evidence::NoticeSent { .. }), "{notice:?}");
    assert_eq!((notice.verdict, desk.state(&number).await.as_str()), (Verdict::Pending, "verifying"));
    desk.later(8 * 24).await;
    let notice = check(&desk, &number, CheckKind::DepartedNotice).await.unwrap();
    assert_eq!(notice.verdict, Verdict::Passed, "{notice:?}");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn one_person_with_two_addresses_counts_once() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    // The other contact on record asks under another address of their own.
    let fields = form_with(&[("requester_email", "jonas.reuter+it@nordlicht.example")]);
    let number = desk.confirmed_case(&desk.visitor("en"), &fields).await;
    let jonas = listed(&desk, &number, VOUCHER).await.to_string();
    ann.does(&number, "vouch", &[("contact", &jonas)]).await.is(422);
    let call = [("verdict", "passed"), ("number", "030 / 23125-102"), ("note", "He confirmed.")];
    ann.does(&number, "checks/callback", &call).await.went_well();
    ann.open(&number).await.says("This is the requester, and nobody else.");
    let recorded = check(&desk, &number, CheckKind::RecordedContact).await.unwrap();
    // That helps nobody: what is folded into one person may be two people's mailboxes.
    assert_eq!(recorded.evidence, Evidence::ContactOnRecord { requester: false });
    desk.take_all_letters();
    desk.finish().await;
}

/// For whoever asks for a proof and lets the name servers of the domain keep silent: each question takes all the patience that
/// we have, and everything else of everybody stood behind it.
#[actix_web::test]
async fn name_servers_that_keep_silent_hold_up_nothing_but_their_own_proof() {
    let desk = Desk::start_with(
        "dns.timeout_seconds = 60\ndns.ask_for_mail_servers = false\ndns.watch_domains = false",
    )
    .await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (waiting, ..) = challenged(&desk, &customer, &form()).await;
    desk.dns.iter().for_each(|server| server.keeps_silent(true));
    let asked: usize = desk.dns.iter().map(NameServer::asked).sum();
    let stop = CancellationToken::new();
    let story = async {
        while desk.dns.iter().map(NameServer::asked).sum::<usize>() == asked {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Another customer comes: letter, confirmation, checks, all by the same worker.
        let other = form_with(&[
            ("hosting", "cloud"),
            ("customer_number", "K-2"),
            ("entitlements", "E-2AA-BCD-EFG-H12"),
            ("requester_email", ANOTHER),
        ]);
        desk.visitor("de").escalates(&other).await.went_well();
        let link = loop {
            if let Some(letter) = desk.take_letters(ANOTHER).pop() {
                break letter.link("confirmations");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        desk.visitor("de").submit(&link, &[]).await.says("bestätigt");
        let number = desk.newest().await;
        while check(&desk, &number, CheckKind::DomainRegister)
            .await
            .is_none_or(|check| check.verdict == Verdict::Pending)
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // All the while the one question was waiting for its answer.
        assert_eq!(domain_check(&desk, &waiting).await, verdict(Verdict::Pending, "challenge_set"));
        let due = desk.load(&waiting).await.case.check(CheckKind::DomainDns).unwrap().due_at;
        assert!(due.is_some_and(|due| due <= desk.now()), "it was put off: the question had ended");
        desk.casework.app.stop.cut.cancel();
        stop.cancel();
    };
    tokio::join!(desk.work_until(&stop), story);
    desk.take_all_letters();
    desk.finish().await;
}

/// A proof by DNS says something about the customer that the entitlement's check finds: it is not weighed before.
#[actix_web::test]
async fn a_proof_by_dns_waits_for_the_answer_of_whose_case_it_is() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, _, text) = challenged(&desk, &desk.visitor("de"), &form()).await;
    desk.dns.iter().for_each(|server| server.sets(RECORD, &[&text]));
    let (pool, case) = (&desk.casework.app.pool, desk.find_case(&number).await);
    desk.casework.wake_check(case, CheckKind::Entitlement).await.unwrap();
    assert_eq!(
        verification::domain_step(&desk.casework).await.unwrap(),
        Step::Idle,
        "it is asked again first"
    );
    assert_eq!(verification::step(&desk.casework).await.unwrap(), Step::Did);
    assert_eq!(
        verification::step(&desk.casework).await.unwrap(),
        Step::Idle,
        "proofs by DNS are not its own"
    );

    // Whoever has the case changes it while the name servers are asked: what was read of it counts no more.
    let mut changing = pool.begin().await.unwrap();
    desk.casework.lock(&mut changing, case).await.unwrap();
    let casework = desk.casework.clone();
    let proving = actix_web::rt::spawn(async move { verification::domain_step(&casework).await });
    until_somebody_waits_for_a_lock(pool).await;
    let evidence = Evidence::InRegister { customer: Uuid::new_v4(), company: None, hosting: Vec::new() };
    let elsewhere = Action::RecordCheck { kind: CheckKind::Entitlement, verdict: Verdict::Passed, evidence };
    desk.casework.wake_check(case, CheckKind::Entitlement).await.unwrap();
    desk.casework.act_in(&mut changing, case, Actor::System, &elsewhere, None).await.unwrap();
    changing.commit().await.unwrap();
    assert_eq!(proving.await.unwrap().unwrap(), Step::Did);
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Pending, "challenge_set"), "thrown away");
    assert_eq!(verification::domain_step(&desk.casework).await.unwrap(), Step::Did);
    assert_eq!(domain_check(&desk, &number).await, verdict(Verdict::Inconclusive, "challenge_elsewhere"));
    desk.take_all_letters();
    desk.finish().await;
}
