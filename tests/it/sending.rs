//! What becomes of our e-mails, as staff see it, and what they can do: send again, write anew, hold back, settle.

use handover::{
    case::{actor::Role, refusal::Refusal},
    casework::Loaded,
    lang::Language,
};

use crate::helpers::{
    desk::{Answer, Desk, StaffVisitor},
    inbound::bounce,
    smtp::{Answer as Say, Stage},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form},
};

/// The addresses of the buttons of this kind on a page.
fn buttons(page: &Answer, kind: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text);
    let forms = scraper::Selector::parse(&format!("form[action$=\"/{kind}\"]")).unwrap();
    html.select(&forms).map(|form| form.value().attr("action").unwrap().to_owned()).collect()
}

/// Presses the one button of this kind on the page of all e-mails, and lands there again.
async fn presses(staff: &StaffVisitor, shelf: &str, kind: &str) -> Answer {
    let page = staff.get(&format!("/desk/mail?shelf={shelf}")).await.is(200);
    let paths = buttons(&page, kind);
    assert_eq!(paths.len(), 1, "{paths:?} in {}", page.words());
    let version = page.field("version").unwrap();
    let answer = staff.visitor.submit(&paths[0], &[("version", &version), ("from", "mail")]).await;
    answer.says("Not arrived")
}

/// A confirmed case whose successor has accepted, with nothing unread.
async fn story() -> (Desk, StaffVisitor, String) {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let visitor = desk.visitor("de");
    let number = desk.confirmed_case(&visitor, &form()).await;
    let link = desk.take_letter(SUCCESSOR).link("successors");
    visitor.post(&link, &[("decision", "accept")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    (desk, ann, number)
}

fn sentence(refusal: Refusal) -> String {
    Language::En.text(&refusal.key())
}

fn events(loaded: &Loaded) -> i32 {
    loaded.version
}

#[actix_web::test]
async fn a_letter_that_came_back_is_written_anew_with_a_link_that_works() {
    let (desk, ann, number) = story().await;
    ann.does(&number, "question", &[("question", "Seit wann ist Frau Abend weg?")]).await.went_well();
    desk.work_until_idle().await;
    let first = desk.take_letter(REQUESTER);
    ann.get("/desk/cases").await.never_says("could not be delivered");
    desk.receives(&bounce(&first.return_path, REQUESTER, None)).await.is_filed_from("mail_server");

    ann.get("/desk/cases").await.says("One e-mail could not be delivered").says("E-mail not delivered");
    ann.open(&number).await.says("One e-mail could not be delivered").says("came back").says("5.1.1");
    let page = ann.get("/desk/mail").await.is(200).says(&number).says("Nordlicht").says(REQUESTER);
    assert_eq!(buttons(&page, "retry"), [""; 0], "the bytes are forgotten");
    let path = buttons(&page, "replacement").remove(0);
    presses(&ann, "open", "replacement").await.says("A new e-mail is on its way");
    ann.visitor.post(&path, &[]).await.went_well();
    desk.work_until_idle().await;

    let second = desk.take_letter(REQUESTER);
    assert_eq!(second.subject, first.subject);
    assert!(second.text.contains("Seit wann ist Frau Abend weg?"), "{}", second.text);
    assert_ne!(second.link("cases"), first.link("cases"));
    let visitor = desk.visitor("de");
    visitor.post(&format!("{}/answer", second.link("cases")), &[("answer", "Seit Mai.")]).await.went_well();
    ann.get("/desk/cases").await.never_says("could not be delivered").never_says("E-mail not delivered");
    ann.open(&number).await.says("replaced by a new one").says("sent an e-mail again with a new link");
    ann.get("/desk/mail").await.says("No undeliverable e-mail is open");

    // Overtaken by the answer: a question is not asked again.
    desk.receives(&bounce(&second.return_path, REQUESTER, None)).await.is_filed_from("mail_server");
    let page = ann.get("/desk/mail").await.is(200).says(&number);
    assert_eq!(buttons(&page, "replacement"), [""; 0]);
    let again = buttons(&page, "settlement").remove(0).replace("settlement", "replacement");
    ann.visitor.post(&again, &[]).await.is(409);
    presses(&ann, "open", "settlement").await.says("Marked as seen").says("No undeliverable e-mail is open");
    ann.get("/desk/mail?shelf=dead").await.says(&number);
    desk.finish().await;
}

#[actix_web::test]
async fn what_nobody_can_do_anything_about_is_marked_as_seen() {
    let (desk, ann, number) = story().await;
    desk.smtp.answer(Stage::Recipient, Say::Say("550 5.1.1 no such mailbox"));
    ann.does(&number, "question", &[("question", "Seit wann?")]).await.went_well();
    desk.work_until_idle().await;
    let ada = desk.staff("ada", Role::Auditor).await;
    let page = ada.get("/desk/mail").await.is(200).says("no such mailbox");
    assert_eq!(buttons(&page, "settlement"), [""; 0], "an auditor changes nothing");
    let before = events(&desk.load(&number).await);
    let path = buttons(&ann.get("/desk/mail").await, "settlement").remove(0);
    presses(&ann, "open", "settlement").await.says("No undeliverable e-mail is open");
    ann.visitor.post(&path, &[]).await.went_well();
    assert_eq!(events(&desk.load(&number).await), before + 1, "once, and the trail tells");
    ann.get("/desk/cases").await.never_says("could not be delivered");
    ann.open(&number).await.says("has seen that an e-mail did not arrive");
    // What failed again is news again.
    desk.smtp.answer(Stage::Recipient, Say::Say("550 5.1.1 still no such mailbox"));
    presses(&ann, "dead", "retry").await;
    desk.work_until_idle().await;
    ann.get("/desk/mail").await.says("still no such mailbox").says("Delivery history (2)");
    desk.finish().await;
}

#[actix_web::test]
async fn a_letter_that_waits_is_held_back_unless_the_case_waits_for_it() {
    let (desk, ann, number) = story().await;
    for _ in 0..2 {
        desk.smtp.answer(Stage::Mail, Say::Say("451 4.3.0 come back later"));
    }
    ann.does(&number, "question", &[("question", "Seit wann?")]).await.went_well();
    desk.work_until_idle().await;
    let page = ann
        .get("/desk/mail?shelf=waiting")
        .await
        .is(200)
        .says("come back later")
        .says("deferred after one try");
    assert_eq!(buttons(&page, "cancellation"), [""; 0], "the case waits for an answer");
    let email: uuid::Uuid = sqlx::query_scalar("select id from emails where state = 'queued'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let what = format!("emails/{email}/cancellation");
    ann.does(&number, &what, &[]).await.is(409).says(&sentence(Refusal::LetterAwaited));

    let told = [("reason", "Kein Kunde."), ("told", "Sie sind kein Kunde.")];
    ann.does(&number, "rejection", &told).await.went_well();
    desk.work_until_idle().await;
    let page = ann.get("/desk/mail?shelf=waiting").await.is(200);
    assert_eq!(buttons(&page, "cancellation").len(), 2, "the end is news, the question overtaken");
    ann.does(&number, &what, &[]).await.went_well();
    ann.open(&number).await.says("held an e-mail back");
    ann.does(&number, &what, &[]).await.went_well();
    desk.later(1).await;
    let letter = desk.take_letter(REQUESTER);
    assert!(letter.text.contains("Sie sind kein Kunde."), "only the one about the end");
    let end = desk.take_letter(DEPARTED);
    assert!(!end.text.contains("Sie sind kein Kunde."), "{}", end.text);
    desk.take_letter(SUCCESSOR);
    let sent: uuid::Uuid = sqlx::query_scalar("select id from emails where notification = 'case_closed'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let too_late = ann.does(&number, &format!("emails/{sent}/cancellation"), &[]).await.is(409);
    too_late.says(&sentence(Refusal::AlreadyHandedOver));
    desk.finish().await;
}

#[actix_web::test]
async fn a_letter_that_is_being_handed_over_can_not_be_held_back() {
    let (desk, ann, number) = story().await;
    ann.does(&number, "rejection", &[("reason", "Kein Kunde.")]).await.went_well();
    let claim = "update emails set claimed_until = $1, attempts = 1 where state = 'queued' returning id";
    let email: uuid::Uuid = sqlx::query_scalar(claim)
        .bind(desk.now().after(jiff::SignedDuration::from_secs(60)))
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let page = ann.get("/desk/mail?shelf=waiting").await.is(200).says("being sent");
    assert_eq!(buttons(&page, "cancellation"), [""; 0]);
    let refused = ann.does(&number, &format!("emails/{email}/cancellation"), &[]).await.is(409);
    refused.says(&sentence(Refusal::AlreadyHandedOver));
    let version = desk.load(&number).await.version;
    ann.open(&number).await.never_says("held an e-mail back");
    assert_eq!(desk.load(&number).await.version, version);
    desk.later(1).await;
    for told in [REQUESTER, SUCCESSOR, DEPARTED] {
        desk.take_letter(told);
    }
    desk.finish().await;
}

#[actix_web::test]
async fn an_approved_request_that_still_waits_can_be_taken_back() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ann, _) = desk.submitted_case(&desk.visitor("de")).await;
    desk.smtp.answer(Stage::Mail, Say::Say("451 4.3.0 come back later"));
    desk.work_until_idle().await;
    ann.get("/desk/mail?shelf=waiting").await.says(ATLASSIAN);
    ann.does(&number, "recall", &[("reason", "The wrong site.")]).await.went_well();
    assert_eq!(desk.state(&number).await, "verified");
    desk.later(24).await;
    ann.get("/desk/mail?shelf=waiting").await.says("No e-mail is waiting");
    desk.finish().await;
}

#[actix_web::test]
async fn mistyped_addresses_of_strangers_raise_no_alarm() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    desk.smtp.answer(Stage::Recipient, Say::Say("550 5.1.1 no such mailbox"));
    desk.visitor("de").escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    ann.get("/desk/cases").await.never_says("could not be delivered").says("E-mail not delivered");
    ann.get("/desk/mail").await.says("No undeliverable e-mail is open");
    let page = ann.get("/desk/mail?shelf=dead").await.says("no such mailbox");
    assert_eq!(buttons(&page, "retry").len(), 1);
    let number = desk.newest().await;
    ann.open(&number).await.never_says("could not be delivered").says("no such mailbox");
    desk.finish().await;
}

#[actix_web::test]
async fn the_desk_says_when_sending_fails_now_and_when_it_works_again() {
    let desk = Desk::start_with("mail.alarm_failures = 3\nmail.alarm_minutes = 15").await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    for _ in 0..3 {
        desk.smtp.answer(Stage::Mail, Say::Say("451 4.7.1 we are closed"));
    }
    desk.visitor("de").escalates(&form()).await.went_well();
    for _ in 0..3 {
        ann.get("/desk/cases").await.never_says("takes no e-mails");
        desk.later(5).await;
    }
    for path in ["/desk/cases", "/desk/mail"] {
        ann.get(path).await.says("The mail server accepts no e-mails").says("451 4.7.1 we are closed");
    }
    desk.later(5).await;
    ann.get("/desk/cases").await.never_says("takes no e-mails");
    desk.take_all_letters();

    // Nobody works.
    desk.visitor("de").escalates(&form()).await.went_well();
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(14)));
    ann.get("/desk/cases").await.never_says("Sending stands still");
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(2)));
    ann.get("/desk/cases").await.says("Sending stands still");
    desk.work_until_idle().await;
    ann.get("/desk/cases").await.never_says("Sending stands still");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn the_desk_says_when_the_mailbox_is_not_collected() {
    let desk = Desk::start_with(
        "mail.imap.host = \"imap.reseller.example\"\nmail.imap.username = \"handover\"\nmail.alarm_minutes = 15",
    )
    .await;
    let ann = desk.staff("ann", Role::Agent).await;
    ann.get("/desk/cases").await.says("Collecting e-mail does not work").says("never collected");
    let set = async |collected: jiff::SignedDuration, failing: Option<jiff::SignedDuration>| {
        let at = |ago: jiff::SignedDuration| desk.now().after(-ago);
        sqlx::query(
            "insert into mailboxes (name, collected_at, failing_since, last_error) values ($1, $2, $3, $4)
             on conflict (name) do update set collected_at = $2, failing_since = $3, last_error = $4",
        )
        .bind("handover@imap.reseller.example:993/INBOX")
        .bind(at(collected))
        .bind(failing.map(at))
        .bind(failing.map(|_| "NO [ALERT] mailbox is locked"))
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    };
    let minutes = jiff::SignedDuration::from_mins;
    set(minutes(20), Some(minutes(10))).await;
    ann.get("/desk/cases").await.never_says("Collecting e-mail does not work");
    set(minutes(30), Some(minutes(16))).await;
    ann.get("/desk/mail").await.says("Collecting e-mail does not work").says("mailbox is locked");
    set(minutes(30), None).await;
    ann.get("/desk/cases").await.says("Collecting e-mail does not work");
    set(minutes(1), None).await;
    ann.get("/desk/mail").await.never_says("Collecting e-mail does not work").says("Last collected");
    desk.finish().await;
}

#[actix_web::test]
async fn a_long_list_of_e_mails_is_turned_over_without_losing_or_repeating_one() {
    let (desk, ann, number) = story().await;
    sqlx::query(
        "insert into emails (id, audience, notification, correlation_id, message_id, envelope_from, envelope_to, subject,
             language, raw, digest, state, next_attempt_at, created_at, settled_at, noticed_at)
         select gen_random_uuid(), 'customer', 'case_confirmed', (select id from cases where number = $1), i || '@x.example',
             'us@reseller.example', 'them@customer.example', 'Subject ' || i, 'en', 'x', sha256('x'), 'failed', now(), now(),
             now(), now()
         from generate_series(1, 120) i",
    )
    .bind(&number)
    .execute(&desk.casework.app.pool)
    .await
    .unwrap();
    let mut path = "/desk/mail".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = ann.get(&path).await.is(200);
        let html = scraper::Html::parse_document(&page.text);
        let subjects = scraper::Selector::parse(".letters__subject").unwrap();
        seen.extend(html.select(&subjects).map(|subject| subject.text().collect::<String>()));
        let next = scraper::Selector::parse("a[rel=next]").unwrap();
        let Some(link) = html.select(&next).next() else { break };
        path = link.value().attr("href").unwrap().to_owned();
    }
    assert_eq!(seen.len(), 120);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 120);
    ann.get("/desk/mail?shelf=lost&before=nonsense").await.is(200).says("Subject");
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_is_asked_to_vouch_anew_who_left_the_register() {
    let desk = Desk::start_with("policy.ask_voucher = true\n").await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_letter(VOUCHER);
    desk.take_all_letters();
    let pool = &desk.casework.app.pool;
    let fail = "update emails set state = 'failed' where notification = 'vouch_request' returning id";
    let email: uuid::Uuid = sqlx::query_scalar(fail).fetch_one(pool).await.unwrap();
    sqlx::query("delete from contacts where email = $1").bind(VOUCHER).execute(pool).await.unwrap();
    let refused = ann.does(&number, &format!("emails/{email}/replacement"), &[]).await.is(409);
    refused.says(&sentence(Refusal::NotNow));
    desk.work_until_idle().await;
    assert_eq!(desk.take_all_letters().len(), 0);
    desk.finish().await;
}
