//! A customer who calls or writes: staff write down what they say, and the customer completes and sends it. Until then it is no
//! case. And a message that belongs to no case is answered with the way to the form, once, and never to a machine.

use std::time::Duration;

use handover::{
    case::{
        actor::{Actor, Role},
        check::{CheckKind, Verdict},
        refusal::Refusal,
    },
    casework::Sent,
    token::Token,
};
use uuid::Uuid;

use crate::helpers::{
    desk::{Answer, Desk, StaffVisitor},
    inbound::{BELIEVING, Mail, bounce},
    smtp::{Answer as Say, Stage},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

const US: &str = "handover@reseller.example";

/// What somebody says on the telephone.
const CALLED: [(&str, &str); 5] = [
    ("requester_email", REQUESTER),
    ("company", "Nordlicht Maschinenbau"),
    ("entitlements", "SEN-10000001"),
    ("departed_name", "Petra Abend"),
    ("explanation", "Frau Abend ist weg."),
];

impl StaffVisitor {
    /// Sends the form for a caller as the page of the letter does, without looking.
    async fn prepares(&self, fields: &[(&str, &str)]) -> Answer {
        let id = Uuid::new_v4().to_string();
        let mut all = vec![("id", id.as_str()), ("language", "de")];
        all.extend_from_slice(fields);
        self.visitor.post("/desk/prepared", &all).await
    }
}

/// What the page behind the link has in its form, as a browser would send it.
fn filled_in(page: &Answer) -> Vec<(String, String)> {
    let names = [
        "requester_name",
        "requester_email",
        "company",
        "entitlements",
        "departed_name",
        "departed_email",
        "explanation",
    ];
    names.iter().map(|name| ((*name).to_owned(), page.field(name).unwrap_or_default())).collect()
}

/// The customer's own answers, with these changed.
fn answers(changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut fields = form_with(changes);
    fields.retain(|(name, _)| *name != "request_id");
    fields
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

async fn count(desk: &Desk, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&desk.casework.app.pool).await.unwrap()
}

async fn cases(desk: &Desk) -> i64 {
    count(desk, "select (select count(*) from cases) + (select coalesce(sum(last), 0) from case_numbers)")
        .await
}

#[actix_web::test]
async fn a_caller_gets_a_form_by_mail_and_makes_a_case_of_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (ann, ben) =
        (desk.staff_reading("ann", Role::Agent, "de").await, desk.staff("ben", Role::Approver).await);

    // Ann writes down what she hears, looks at the letter, and sends it.
    ann.get("/desk/prepared").await.is(200).says("Nichts ist vorbereitet");
    let page = ann.get("/desk/prepared/new").await.is(200);
    let id = page.field("id").unwrap();
    let mut fields = vec![("id", id.as_str()), ("language", "de"), ("message", "")];
    fields.extend(CALLED);
    let mut looks = fields.clone();
    looks.push(("review", "true"));
    let review = ann.visitor.post("/desk/prepared", &looks).await.is(200);
    let review = review.says("Ist die Adresse richtig?").says("Frau Abend ist weg.").says(REQUESTER);
    assert!(review.words().contains("/prepared/"), "the letter as it will be read");
    assert_eq!(count(&desk, "select count(*) from prepared_requests").await, 0, "it was a rehearsal");
    let mut back = fields.clone();
    back.push(("reconsider", "true"));
    let again = ann.visitor.post("/desk/prepared", &back).await.is(200);
    assert_eq!(again.field("company").as_deref(), Some("Nordlicht Maschinenbau"));
    ann.visitor.post("/desk/prepared", &fields).await.went_well();
    // Pressed twice, it is sent once.
    ann.visitor.post("/desk/prepared", &fields).await.went_well();
    desk.work_until_idle().await;
    let page =
        ann.get("/desk/prepared").await.is(200).says(REQUESTER).says("wartet auf den Kunden").says("ann");
    assert!(!page.text.contains("/prepared/A"), "no link");

    // It is no case: nothing has a number, nothing is checked, nobody else is written to.
    assert_eq!(cases(&desk).await, 0);
    let letter = desk.take_letter(REQUESTER);
    for words in ["Nordlicht", "Abend", "SEN-", "weg"] {
        assert!(
            !letter.text.contains(words),
            "nothing that was typed goes to a mailbox that may be a stranger's"
        );
    }
    assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert!(letter.subject.contains("absenden"), "{}", letter.subject);
    let link = letter.link("prepared");
    assert!(letter.html.unwrap().contains(&link));
    ann.get("/desk/cases").await.never_says("Nordlicht");

    // The customer sees who wrote it, and everything at once that is missing; nothing typed is lost.
    let page = customer.get(&link).await.is(200).says("haben dieses Formular").says("Jemand von uns");
    let page = page.says("geschieht nichts");
    assert_eq!(page.field("explanation").as_deref(), Some("Frau Abend ist weg."));
    assert!(!page.text.contains("id=\"authority\" name=\"authority\" value=\"true\" checked"));
    let mut typed = filled_in(&page);
    typed.push(("requester_name".into(), "Miriam Kessler".into()));
    let typed: Vec<(&str, &str)> =
        typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let wrong = customer.post(&link, &typed).await.is(422);
    let wrong = wrong.says("berechtigt sind").says("wie Sie Atlassian betreiben").says("neuen Kontaktperson");
    assert_eq!(wrong.field("company").as_deref(), Some("Nordlicht Maschinenbau"));
    assert!(wrong.text.contains(&format!("action=\"{link}\"")), "the form goes to the same place");
    assert_eq!(cases(&desk).await, 0, "looking and mistakes change nothing");

    // Sent with the address that the link went to, it is confirmed by that, and the link leads to the case.
    let answers = answers(&[]);
    let back = customer.post(&link, &borrowed(&answers)).await.went_well().location.unwrap();
    assert_eq!(back, link);
    let status = customer.get(&back).await.went_well().location.unwrap();
    customer.get(&status).await.is(200).says("HO-2026-00001");
    let number = desk.newest().await;
    assert_eq!(desk.state(&number).await, "verifying");
    let loaded = desk.load(&number).await;
    let confirmed = loaded.case.check(CheckKind::RequesterEmail).unwrap();
    assert_eq!(confirmed.verdict, Verdict::Passed);
    assert_eq!(loaded.escalation.company, "Nordlicht Maschinenbau GmbH", "what the customer sent");
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER).link("cases");
    desk.take_letter(DEPARTED);
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    assert!(customer.get(&link).await.location.unwrap().starts_with("/cases/"), "the link leads to the case");

    // The trail says who wrote it down, and that person is a hand in the case: they may call back and draft, never approve.
    ann.open(&number).await.says("vorbereitet");
    ann.get("/desk/prepared").await.says(&number).says("Vorgang eröffnet");
    customer.submit(&invitation, &[("decision", "accept")]).await;
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_prepared_does_not_approve() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (ann, ben, cal) = (
        desk.staff("ann", Role::Agent).await,
        desk.staff("ben", Role::Approver).await,
        desk.staff("cal", Role::Approver).await,
    );
    ben.prepares(&CALLED).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("prepared");
    customer.post(&link, &borrowed(&answers(&[]))).await.went_well();
    desk.work_until_idle().await;
    let number = desk.newest().await;
    desk.take_letter(REQUESTER);
    desk.take_letter(DEPARTED);
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    customer.submit(&invitation, &[("decision", "accept")]).await;
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    ann.drafts(&number).await;
    // Without the button, with it, and past the rules.
    let digest = desk.digest(&number).await;
    assert!(ben.get(&format!("/desk/cases/{number}/approval")).await.field("digest").is_none());
    ben.approves_bytes(&number, &digest).await.is(403).says("prepared the request");
    let past_the_rules = "insert into approvals (id, case_id, draft_id, digest, evidence_digest, drafted_by, approved_by, approved_at)
         select gen_random_uuid(), case_id, id, digest, evidence_digest, author_id, $1, now() from drafts where voided_at is null";
    let refused = sqlx::query(past_the_rules).bind(ben.id.0).execute(&desk.casework.app.pool).await;
    assert!(refused.unwrap_err().to_string().contains("approver decided"), "the database says it again");
    let needs = "select count(*) from cases_that_need($1, now())";
    for (person, needed) in [(&ben, 0_i64), (&cal, 1)] {
        let cases: i64 =
            sqlx::query_scalar(needs).bind(person.id.0).fetch_one(&desk.casework.app.pool).await.unwrap();
        assert_eq!(cases, needed, "{}", person.email);
    }
    cal.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn another_address_is_confirmed_by_the_ordinary_letter() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("de"));
    // Mistyped: the letter goes to a stranger, who sees only what staff wrote.
    ann.prepares(&[("requester_email", "m.kesler@nordlicht.example")]).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter("m.kesler@nordlicht.example").link("prepared");
    // A tag makes it another address, too.
    let sent = customer.post(&link, &borrowed(&answers(&[]))).await.went_well();
    let page = customer.get(&sent.location.unwrap()).await.is(200).says("nordlicht.example");
    page.says("Noch einmal senden").never_says("Adresse berichtigen");
    let number = desk.newest().await;
    assert_eq!(desk.state(&number).await, "unconfirmed");
    desk.work_until_idle().await;
    // Whoever got the link does not get into the case by it.
    let page = customer.get(&link).await.is(200).says("wurde schon gesendet").never_says(&number);
    page.never_says(REQUESTER);
    let confirmation = desk.take_letter(REQUESTER).link("confirmations");
    customer.submit(&confirmation, &[]).await;
    assert_eq!(desk.state(&number).await, "verifying");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Whoever has a case about the same is asked first whether to go on with that, as with every form.
#[actix_web::test]
async fn a_second_case_about_the_same_is_asked_about() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("de"));
    let first = desk.confirmed_case(&customer, &form()).await;
    desk.take_all_letters();
    ann.prepares(&CALLED).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("prepared");
    customer.post(&link, &borrowed(&answers(&[]))).await.went_well();
    desk.work_until_idle().await;
    let confirmation = desk.take_letter(REQUESTER).link("confirmations");
    customer.get(&confirmation).await.is(200).says(&first);
    desk.finish().await;
}

/// Two windows, or a stranger beside the customer: one waits for the other, and finds it sent.
#[actix_web::test]
async fn two_who_send_at_once_make_one_case() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("de"));
    ann.prepares(&CALLED).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("prepared");
    let token = Token::parse(link.rsplit('/').next().unwrap()).unwrap();
    let pool = &desk.casework.app.pool;
    customer.escalates(&form_with(&[("requester_email", "else@almrausch.example")])).await.went_well();
    let other = desk.newest().await;
    let escalation = desk.load(&other).await.escalation;

    let mut held = pool.begin().await.unwrap();
    sqlx::query("select from prepared_requests for update").execute(&mut *held).await.unwrap();
    let sending: Vec<_> = ["mine", "theirs"]
        .into_iter()
        .map(|company| {
            let (casework, token) = (desk.casework.clone(), token.clone());
            let mut escalation = escalation.clone();
            escalation.company = company.to_owned();
            escalation.requester.email = REQUESTER.parse().unwrap();
            actix_web::rt::spawn(async move {
                casework.complete_prepared(&token, &escalation, "127.0.0.1".parse().unwrap()).await
            })
        })
        .collect();
    until_sessions_wait(&desk, 2).await;
    held.commit().await.unwrap();
    let mut sent = Vec::new();
    for one in sending {
        sent.push(one.await.unwrap().unwrap());
    }
    sent.sort_by_key(|sent| matches!(sent, Sent::Over));
    assert!(matches!(sent[..], [Sent::Confirmed, Sent::Over]), "{sent:?}");
    assert_eq!(count(&desk, "select count(*) from cases").await, 2, "with the other one");
    // The one who came second is told, and finds the case.
    assert!(customer.post(&link, &borrowed(&answers(&[]))).await.location.unwrap().ends_with(&link));
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

async fn until_sessions_wait(desk: &Desk, number: i64) {
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    for _ in 0..1000 {
        if count(desk, waiting).await == number {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("fewer than {number} sessions wait");
}

#[actix_web::test]
async fn what_was_prepared_ends_and_is_forgotten() {
    let desk = Desk::start().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("de"));
    ann.prepares(&CALLED).await.went_well();
    desk.work_until_idle().await;
    let first = desk.take_letter(REQUESTER).link("prepared");

    // A week later it is over, says so, and offers the empty form.
    desk.later(7 * 24).await;
    let page = customer.get(&first).await.is(404).says("gibt es nicht mehr");
    assert!(page.text.contains("href=\"/escalations/new\""));
    // Typed while it ran out: nothing is lost, and it can be sent as a request like any other.
    let late = customer.post(&first, &borrowed(&answers(&[("explanation", "Lange getippt.")]))).await;
    let late = late.is(404).says("Ihre Angaben sind noch da");
    assert_eq!(late.field("explanation").as_deref(), Some("Lange getippt."));
    assert_eq!(late.field("entitlements").as_deref(), Some("SEN-10000001\nsen-10000002"));
    assert!(late.text.contains("action=\"/escalations\"") && late.field("request_id").is_some());
    assert_eq!(cases(&desk).await, 0);
    ann.get("/desk/prepared").await.says("expired");

    // Sent once more, it has time again, by either link.
    let id: Uuid = sqlx::query_scalar("select id from prepared_requests")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    ann.visitor.submit(&format!("/desk/prepared/{id}/letter"), &[]).await.says("on its way");
    desk.work_until_idle().await;
    let second = desk.take_letter(REQUESTER).link("prepared");
    assert_ne!(first, second);
    customer.get(&first).await.is(200);
    customer.get(&second).await.is(200);

    // Withdrawn, it opens nothing, and nothing is to be sent again.
    ann.visitor.submit(&format!("/desk/prepared/{id}/withdrawal"), &[]).await.says("no longer opens");
    customer.get(&second).await.is(404);
    let late =
        customer.post(&second, &borrowed(&answers(&[]))).await.is(404).says("Ihre Angaben sind noch da");
    // A link that never was says the same.
    let nowhere = format!("/prepared/{}", "a".repeat(43));
    let never = customer.post(&nowhere, &borrowed(&answers(&[]))).await.is(404);
    let without_id = |page: &Answer| page.text.replace(&page.field("request_id").unwrap(), "");
    assert_eq!(without_id(&never), without_id(&late));
    let english = customer.post(&second, &[("switch_to", "en"), ("company", "Nordlicht")]).await.is(200);
    assert_eq!(english.says("your answers are still here").field("company").as_deref(), Some("Nordlicht"));
    let german = customer.post("/language", &[("language", "de"), ("return_to", "/")]).await;
    german.went_well();
    ann.visitor.submit(&format!("/desk/prepared/{id}/letter"), &[]).await.says("nothing left to change");
    assert_eq!(cases(&desk).await, 0);
    // Prepared anew with the address set right.
    let anew = ann.get(&format!("/desk/prepared/new?from={id}")).await.is(200);
    assert_eq!(anew.field("company").as_deref(), Some("Nordlicht Maschinenbau"));
    assert_ne!(anew.field("id").unwrap(), id.to_string());

    // After a month what was written, and for whom, is gone; that something was prepared, and by whom, stays.
    desk.later(29 * 24).await;
    assert_eq!(count(&desk, "select count(*) from prepared_requests where fields is not null").await, 1);
    desk.later(2 * 24).await;
    assert_eq!(count(&desk, "select count(*) from prepared_requests where fields is not null").await, 0);
    assert_eq!(
        count(&desk, "select count(*) from prepared_requests where requester_email is not null").await,
        0
    );
    ann.get("/desk/prepared").await.says("(deleted)").never_says(REQUESTER).never_says("Nordlicht");
    customer.get(&second).await.is(404);
    desk.finish().await;
}

#[actix_web::test]
async fn staff_are_held_to_limits_and_secrets() {
    let settings = "limits.desk_letters_per_staff = 3\nlimits.form_letters_per_mailbox = 2\n";
    let desk = Desk::start_with(settings).await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Agent).await);
    let auditor = desk.staff("uma", Role::Auditor).await;

    // All mistakes at once, nothing lost; no password, no licence key, no address of ours or Atlassian's.
    let wrong = [
        ("requester_email", "somebody@reseller.example"),
        ("explanation", "Das Passwort: x7!kk2pq"),
        ("departed_email", "nobody"),
        ("company", "Nordlicht"),
    ];
    let page = ann.prepares(&wrong).await.is(422).says("password").says("e-mail address");
    assert_eq!(page.field("company").as_deref(), Some("Nordlicht"));
    for address in ["somebody@atlassian.com", "licensing@atlassian.example", US, ""] {
        ann.prepares(&[("requester_email", address)]).await.is(422);
    }
    assert_eq!(count(&desk, "select count(*) from prepared_requests").await, 0);

    // Two letters a day to one mailbox, however it is written; three by one member of staff.
    ann.prepares(&[("requester_email", "a@nordlicht.example")]).await.went_well();
    ann.prepares(&[("requester_email", "A+x@nordlicht.example")]).await.went_well();
    let full = ann.prepares(&[("requester_email", "a+y@nordlicht.example"), ("company", "N")]).await.is(422);
    assert_eq!(full.says("as many e-mails").field("company").as_deref(), Some("N"));
    ann.prepares(&[("requester_email", "b@nordlicht.example")]).await.went_well();
    ann.prepares(&[("requester_email", "c@nordlicht.example")]).await.is(422).says("you sent as many");
    ben.prepares(&[("requester_email", "c@nordlicht.example")]).await.went_well();
    assert_eq!(count(&desk, "select count(*) from prepared_requests").await, 4);

    // Who only reads prepares nothing.
    auditor.get("/desk/prepared").await.is(200);
    auditor.get("/desk/prepared/new").await.is(403);
    auditor.prepares(&CALLED).await.is(403);
    desk.work_until_idle().await;
    assert_eq!(desk.take_all_letters().len(), 4);
    desk.later(25).await;
    ann.prepares(&[("requester_email", "c@nordlicht.example")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// A member of staff who gets at everything but the customer's mailbox makes no case of it, by no way that there is.
#[actix_web::test]
async fn staff_alone_make_no_case_of_what_they_prepared() {
    let desk = Desk::start().await;
    let (ann, pool) = (desk.staff("ann", Role::Admin).await, &desk.owner);
    ann.prepares(&CALLED).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    // The bytes of the letter, with the link, are forgotten; what is kept opens nothing.
    assert_eq!(count(&desk, "select count(*) from emails where raw is not null").await, 0);
    let hash: Vec<u8> =
        sqlx::query_scalar("select token_hash from prepared_letters").fetch_one(pool).await.unwrap();
    let guess = data_encoding::BASE64URL_NOPAD.encode(&hash);
    desk.visitor("de").post(&format!("/prepared/{guess}"), &borrowed(&answers(&[]))).await.is(404);
    assert_eq!(cases(&desk).await, 0);
    // The database takes no case for it that did not come by one of its links, in time, with the line in its trail.
    desk.visitor("de").escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    for (sql, constraint) in [
        ("update prepared_requests set case_id = (select id from cases)", "prepared_requests_in_trail"),
        (
            "update prepared_requests set completed_at = now(), completed_by = sha256('x')",
            "prepared_requests_completed",
        ),
        ("update prepared_requests set fields = '{}'", "stays as it was"),
        ("update prepared_requests set prepared_by = gen_random_uuid()", "stays as it was"),
        ("delete from prepared_requests", "append-only"),
        ("delete from prepared_letters", "append-only"),
    ] {
        let refused = sqlx::query(sql).execute(pool).await.unwrap_err();
        let database = refused.as_database_error().unwrap();
        let said = format!("{} {}", database.constraint().unwrap_or_default(), database.message());
        assert!(said.contains(constraint), "{sql}: {said}");
    }
    // Withdrawn, it stays so.
    let id: Uuid = sqlx::query_scalar("select id from prepared_requests").fetch_one(pool).await.unwrap();
    assert!(desk.casework.withdraw_prepared(ann.actor(), id).await.unwrap());
    assert!(!desk.casework.withdraw_prepared(ann.actor(), id).await.unwrap());
    for actor in [Actor::Requester, Actor::System, Actor::Atlassian] {
        let refused = desk.casework.withdraw_prepared(actor, id).await.unwrap_err();
        assert!(refused.to_string().contains(&Refusal::NotYours.key()), "{refused}");
    }
    desk.finish().await;
}

#[actix_web::test]
async fn a_letter_that_does_not_arrive_stands_with_what_was_prepared() {
    let desk = Desk::start_with(BELIEVING).await;
    let ann = desk.staff("ann", Role::Agent).await;
    desk.smtp.answer(Stage::Recipient, Say::Say("550 5.1.1 no such mailbox"));
    ann.prepares(&CALLED).await.went_well();
    desk.work_until_idle().await;
    ann.get("/desk/prepared").await.is(200).says("undeliverable").says("no such mailbox");
    ann.get("/desk/mail?shelf=open").await.is(200).never_says(REQUESTER);
    ann.get("/desk/mail?shelf=dead").await.is(200).says(REQUESTER).says("Prepared form");
    assert!(desk.untaken().is_empty());

    // One that comes back later, by its Message-ID or by the signed address alone.
    for (by_id, address) in [(true, "one@nordlicht.example"), (false, "two@nordlicht.example")] {
        ann.prepares(&[("requester_email", address)]).await.went_well();
        desk.work_until_idle().await;
        let letter = desk.take_letter(address);
        let id = letter.header("Message-ID").unwrap().trim_matches(['<', '>']).to_owned();
        let report = bounce(&letter.return_path, address, by_id.then_some(id.as_str()));
        let fate = desk.receives(&report).await;
        assert_eq!((fate.state.as_str(), fate.reason.as_str()), ("discarded", "inbound-caseless-bounce"));
    }
    assert_eq!(count(&desk, "select count(*) from bounces").await, 2);
    // Made up: without our Message-ID and our signature it is nobody's.
    let made_up = bounce(US, REQUESTER, Some("made-up@reseller.example"));
    desk.receives(&made_up).await.is_in_quarantine("inbound-foreign-bounce");
    desk.later(1).await;
    desk.finish().await;
}

#[actix_web::test]
async fn a_message_becomes_a_prepared_request() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("de"));
    let mail = Mail::authentic("Miriam Kessler <miriam.kessler@nordlicht.example>", US)
        .on_top("Authentication-Results", "mx.reseller.example; dmarc=pass header.from=nordlicht.example")
        .with("Subject", "Kontaktperson ausgeschieden")
        .saying(
            "Guten Tag,\n\nFrau Abend ist nicht mehr bei uns. Es geht um SEN-10000001 und sen-10000002.\n",
        );
    desk.receives(&mail.raw()).await.is_in_quarantine("inbound-no-address");
    let id = newest(&desk).await;
    ann.get("/desk/quarantine").await.says("Answer with the form").says("Prepare a request");
    let page = ann.get(&format!("/desk/prepared/new?message={id}")).await.is(200).says("nobody has verified");
    let value = |name: &str| page.field(name).unwrap_or_default();
    assert_eq!(value("requester_email"), REQUESTER);
    assert_eq!(value("requester_name"), "Miriam Kessler");
    assert_eq!(value("explanation"), "Kontaktperson ausgeschieden");
    assert_eq!(value("entitlements"), "SEN-10000001\nSEN-10000002");
    assert!(page.text.contains("name=\"language\" value=\"de\" checked"), "guessed by its words");
    let (form, message) = (value("id"), value("message"));
    let fields = [
        ("id", form.as_str()),
        ("message", message.as_str()),
        ("language", "de"),
        ("requester_email", REQUESTER),
        ("entitlements", "SEN-10000001"),
    ];
    ann.visitor.post("/desk/prepared", &fields).await.went_well();
    assert_eq!(desk.fate_of_the_last().await.state, "answered");
    ann.get("/desk/quarantine").await.never_says("Kontaktperson ausgeschieden");
    ann.get(&format!("/desk/prepared/new?message={id}")).await.went_well();
    // Decided meanwhile by somebody else: nothing is sent.
    let second = Uuid::new_v4().to_string();
    let mut fields = fields;
    fields[0].1 = &second;
    let late =
        ann.visitor.post("/desk/prepared", &fields).await.is(409).says("Somebody has dealt with the e-mail");
    assert_eq!(late.field("entitlements").as_deref(), Some("SEN-10000001"), "nothing typed is lost");
    assert_eq!(late.field("message").as_deref(), Some(""));
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("prepared");
    customer.post(&link, &borrowed(&answers(&[]))).await.went_well();
    assert_eq!(desk.state(&desk.newest().await).await, "verifying");
    ann.get("/desk/prepared").await.says("e-mail that came in");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

async fn newest(desk: &Desk) -> Uuid {
    sqlx::query_scalar("select id from inbound_emails order by received_at desc, id desc limit 1")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_message_is_answered_once_and_nothing_of_it_comes_back() {
    let desk = Desk::start_with(BELIEVING).await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Agent).await);
    let stranger = "erika@firma.example";
    let mail = |subject: &str| {
        Mail::authentic(stranger, US)
            .with("Subject", subject)
            .with("Reply-To", "victim@elsewhere.example")
            .with("References", "<first@firma.example>")
            .saying("Guten Tag,\nunsere Kontaktperson ist weg. Kaufen Sie hier: https://evil.example\n")
    };
    let first = mail("Kontakt? https://evil.example");
    desk.receives(&first.raw()).await.is_in_quarantine("inbound-no-address");
    let id = newest(&desk).await;
    let path = format!("/desk/quarantine/{id}/answer");

    // The page shows what speaks for the author, and the letter in the language of the message; another can be had.
    let page = ann.get(&path).await.is(200).says(stranger).says("confirms it").says("so erreichen Sie uns");
    page.never_says("may be forged");
    ann.get(&format!("{path}?language=en")).await.is(200).says("how to reach us");
    assert_eq!(desk.fate_of_the_last().await.state, "quarantined", "looking changes nothing");
    ann.visitor.submit(&path, &[("language", "de")]).await.says("on its way");
    assert_eq!(desk.fate_of_the_last().await.state, "answered");
    desk.work_until_idle().await;
    let letter = desk.take_letter(stranger);
    assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-replied"));
    let own_id = first.header("Message-ID");
    assert_eq!(letter.header("In-Reply-To").as_deref(), Some(own_id.as_str()));
    assert!(letter.header("References").unwrap().contains("<first@firma.example>"));
    assert!(letter.return_path.starts_with("handover+out-"), "{}", letter.return_path);
    let whole = format!("{} {} {}", letter.subject, letter.text, letter.html.clone().unwrap());
    for words in ["evil", "Kontakt?", "Kaufen", "victim"] {
        assert!(!whole.contains(words), "{words} comes back in {whole}");
    }
    assert!(letter.text.contains("/escalations/new"));

    // Once: this message, and this mailbox for some weeks, by whoever presses.
    let gone = ben.visitor.post(&path, &[("language", "de")]).await.went_well();
    assert_eq!(gone.location.as_deref(), Some("/desk/quarantine"));
    desk.receives(&mail("noch einmal").with("From", "Erika+x@firma.example").raw()).await;
    let again = format!("/desk/quarantine/{}/answer", newest(&desk).await);
    ben.get(&again).await.is(200).says("not long ago").never_says("so erreichen");
    ben.visitor.submit(&again, &[("language", "de")]).await.says("not long ago");
    desk.work_until_idle().await;
    assert!(desk.untaken().is_empty());
    desk.later(31 * 24).await;
    ben.visitor.submit(&again, &[("language", "en")]).await.says("on its way");
    desk.work_until_idle().await;
    desk.take_letter("Erika+x@firma.example");
    ann.get("/desk/prepared").await.says("Answered with the link").says(stranger);
    desk.finish().await;
}

/// Machines, lists, mail servers, ourselves, Atlassian, several authors: nobody is written to, whoever presses the button.
#[actix_web::test]
async fn nothing_is_answered_that_must_not_be() {
    let desk = Desk::start_with(BELIEVING).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let from = |address: &str| Mail::authentic(address, US).with("Subject", "Kontakt");
    let person = "erika@firma.example";
    let messages: Vec<(&str, Mail)> = vec![
        ("automatic", from(person).with("Auto-Submitted", "auto-replied")),
        ("automatic", from(person).with("Auto-Submitted", "auto-generated")),
        ("automatic", from(person).with("Precedence", "bulk")),
        ("automatic", from(person).with("List-Id", "<users.firma.example>")),
        ("automatic", from(person).with("X-Auto-Response-Suppress", "All")),
        ("automatic", from(person).on_top("Return-Path", "<>")),
        ("no_reply", from("no-reply@firma.example")),
        ("no_reply", from("notifications@firma.example")),
        ("foreign", from("kollege@reseller.example")),
        ("foreign", from("jira@mail.atlassian.com")),
        ("foreign", from(ATLASSIAN)),
        ("no_author", from(person).with("From", "a@firma.example, b@firma.example")),
        ("no_author", from(person).with("From", "Erika <>")),
    ];
    for (why, mail) in messages {
        desk.receives(&mail.raw()).await;
        if desk.fate_of_the_last().await.state != "quarantined" {
            continue;
        }
        let path = format!("/desk/quarantine/{}/answer", newest(&desk).await);
        let shown = ann.get(&path).await.is(200);
        let offers = shown.text.contains(&format!("action=\"{path}\""));
        assert!(!offers, "{why}: no button for {}", mail.header("From"));
        let answered = ann.visitor.post(&path, &[("language", "de")]).await.went_well();
        assert!(answered.location.unwrap().starts_with(&path), "{why}: {}", mail.header("From"));
        desk.work_until_idle().await;
        assert!(desk.untaken().is_empty(), "{why}: {}", mail.header("From"));
    }
    let kept = count(&desk, "select count(*) from inbound_emails where state = 'quarantined'").await;
    assert_eq!(kept, 13, "each was tried, and each still waits");

    // Tricks with names and domains are shown.
    let named = from(person).with("From", "\"chef@nordlicht.example\" <erika@firma.example>");
    desk.receives(&named.raw()).await;
    let path = format!("/desk/quarantine/{}/answer", newest(&desk).await);
    ann.get(&path).await.is(200).says("looks like another e-mail address");
    let umlauts = Mail::unauthentic("erika@fïrma.example", US);
    desk.receives(&umlauts.raw()).await;
    let path = format!("/desk/quarantine/{}/answer", newest(&desk).await);
    ann.get(&path).await.is(200).says("easily confused").says("may be forged").says("xn--");
    desk.finish().await;
}

/// A machine on the other side answers our answer, which answers nothing: it ends there.
#[actix_web::test]
async fn two_machines_do_not_answer_each_other() {
    let desk = Desk::start_with(BELIEVING).await;
    let ann = desk.staff("ann", Role::Agent).await;
    let machine = "hilfe@firma.example";
    desk.receives(&Mail::authentic(machine, US).raw()).await;
    let path = format!("/desk/quarantine/{}/answer", newest(&desk).await);
    ann.visitor.post(&path, &[("language", "de")]).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(machine);
    // It does not say that it is a machine.
    let id = letter.header("Message-ID").unwrap();
    for _ in 0..3 {
        let answer = Mail::authentic(machine, &letter.return_path).with("In-Reply-To", &id);
        desk.receives(&answer.raw()).await.is_in_quarantine("inbound-no-address");
        let path = format!("/desk/quarantine/{}/answer", newest(&desk).await);
        ann.visitor.submit(&path, &[("language", "de")]).await.says("not long ago");
    }
    desk.work_until_idle().await;
    desk.finish().await;
}

#[actix_web::test]
async fn two_who_answer_one_mailbox_at_once_write_once() {
    let desk = Desk::start_with(BELIEVING).await;
    let (ann, pool) = (desk.staff("ann", Role::Agent).await, &desk.owner);
    let mut held = pool.begin().await.unwrap();
    let mut answering = Vec::new();
    for _ in 0..2 {
        desk.receives(&Mail::authentic("erika@firma.example", US).raw()).await;
        let message =
            handover::mail::incoming::reread::reread(pool, newest(&desk).await).await.unwrap().unwrap();
        answering.push((desk.casework.clone(), message));
    }
    sqlx::query("lock table form_answers in exclusive mode").execute(&mut *held).await.unwrap();
    let actor = ann.actor();
    let answering: Vec<_> = answering
        .into_iter()
        .map(|(casework, message)| {
            actix_web::rt::spawn(async move {
                casework.answer_with_form(actor, &message, handover::lang::Language::De).await.unwrap()
            })
        })
        .collect();
    until_sessions_wait(&desk, 2).await;
    held.commit().await.unwrap();
    let mut answered = 0;
    for one in answering {
        answered += usize::from(one.await.unwrap().is_ok());
    }
    assert_eq!(answered, 1);
    desk.work_until_idle().await;
    desk.take_letter("erika@firma.example");
    desk.finish().await;
}

/// Back in the browser, the address mended, sent again: the wrong mailbox's link ends, the right one gets a letter.
#[actix_web::test]
async fn a_form_that_was_mended_and_sent_again_takes_the_place_of_the_first() {
    let desk = Desk::start().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Agent).await);
    let id = Uuid::new_v4().to_string();
    let with = |address: &'static str| {
        [("id", id.as_str()), ("language", "de"), ("requester_email", address)]
            .map(|(name, value)| (name, value.to_owned()))
    };
    for address in ["wrong@nordlicht.example", REQUESTER, REQUESTER] {
        let fields = with(address);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ann.visitor.post("/desk/prepared", &fields).await.went_well();
    }
    desk.work_until_idle().await;
    assert!(desk.take_letters("wrong@nordlicht.example").is_empty(), "it had not left yet");
    let link = desk.take_letter(REQUESTER).link("prepared");
    desk.visitor("de").get(&link).await.is(200);
    assert_eq!(count(&desk, "select count(*) from prepared_requests where withdrawn_at is null").await, 1);
    let sql = "select count(*) from prepared_requests where withdrawn_at is not null and requester_email like 'wrong%'";
    assert_eq!(count(&desk, sql).await, 1);

    // A colleague's words are nobody else's: they would hide whose hand it was.
    let from: Uuid =
        sqlx::query_scalar("select id from prepared_requests where requester_email like 'wrong%'")
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
    let anew = format!("/desk/prepared/new?from={from}");
    assert_eq!(
        ann.get(&anew).await.is(200).field("requester_email").as_deref(),
        Some("wrong@nordlicht.example")
    );
    ben.get(&anew).await.is(303);
    let theirs = ben.get("/desk/prepared").await.is(200);
    assert!(!theirs.text.contains("?from="));
    desk.take_all_letters();
    desk.finish().await;
}
