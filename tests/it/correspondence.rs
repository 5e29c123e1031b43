//! What comes in by mail: what is believed joins its case and moves nothing; all else waits in quarantine.

use handover::{
    app::Step,
    case::{
        actor::Role,
        check::{CheckKind, Verdict},
        event::Event,
    },
    casework::list_events,
    correspondence,
    mail::{
        address::signed_address,
        incoming::inbound::{self, Source, find_said},
    },
    message::Said,
};

use crate::helpers::{
    desk::Desk,
    inbound::{BELIEVING, Mail, bounce},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form},
};

/// A case that the requester has confirmed, and the signed addresses of its letters.
struct Confirmed {
    desk: Desk,
    number: String,
    requesters: String,
    requesters_message_id: String,
    successors: String,
    departeds: String,
    departeds_message_id: String,
}

impl Confirmed {
    async fn start() -> Confirmed {
        let desk = Desk::start_with(BELIEVING).await;
        desk.import_register().await;
        let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
        let (requesters, departeds) = (desk.take_letter(REQUESTER), desk.take_letter(DEPARTED));
        let successors = desk.take_letter(SUCCESSOR).return_path;
        let bare = |id: Option<String>| id.unwrap().trim_matches(['<', '>']).to_owned();
        Confirmed {
            desk,
            number,
            requesters_message_id: bare(requesters.header("Message-ID")),
            requesters: requesters.return_path,
            successors,
            departeds_message_id: bare(departeds.header("Message-ID")),
            departeds: departeds.return_path,
        }
    }
}

#[actix_web::test]
async fn a_reply_joins_its_case_with_a_line_in_the_trail_and_moves_nothing() {
    let story = Confirmed::start().await;
    let case = story.desk.find_case(&story.number).await;
    let before = story.desk.load(&story.number).await;
    let fate = story.desk.receives(&Mail::authentic(REQUESTER, &story.requesters).raw()).await;
    fate.is_filed_from("requester");
    assert_eq!(fate.case, Some(case));
    let after = story.desk.load(&story.number).await;
    assert_eq!(after.case.state, before.case.state);
    assert_eq!(after.version, before.version + 1);
    let mut connection = story.desk.casework.app.pool.acquire().await.unwrap();
    let last = list_events(&mut connection, case).await.unwrap().pop().unwrap();
    assert!(matches!(last.event, Event::MailFiled { .. }), "{:?}", last.event);
    drop(connection);

    // Others of the case, by whichever of its addresses; upper case is no obstacle.
    let fate = story.desk.receives(&Mail::authentic(SUCCESSOR, &story.requesters.to_uppercase()).raw()).await;
    fate.is_filed_from("successor");
    story
        .desk
        .receives(&Mail::authentic(DEPARTED, &story.departeds).raw())
        .await
        .is_filed_from("departed_contact");
    story.desk.finish().await;
}

#[actix_web::test]
async fn whoever_was_asked_to_vouch_may_answer_by_mail() {
    let desk = Desk::start_with(&format!("{BELIEVING}policy.ask_voucher = true\n")).await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let asked = desk.take_letter(VOUCHER);
    desk.take_all_letters();
    let answer = Mail::authentic(VOUCHER, &asked.return_path);
    desk.receives(&answer.raw()).await.is_filed_from("registered_contact");

    // A colleague to whom it was passed on was not asked, and nobody answers for a contact taken off the record.
    let passed_on = Mail::authentic("somebody.else@nordlicht.example", &asked.return_path);
    desk.receives(&passed_on.raw()).await.is_in_quarantine("inbound-unknown-sender");
    sqlx::query("delete from contacts where email = $1")
        .bind(VOUCHER)
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    let late = Mail::authentic(VOUCHER, &asked.return_path).saying("Another thing.");
    desk.receives(&late.raw()).await.is_in_quarantine("inbound-unknown-sender");
    desk.finish().await;
}

#[actix_web::test]
async fn whatever_does_not_add_up_waits_in_quarantine_with_its_reason() {
    let story = Confirmed::start().await;
    let other = story.desk.visitor("de");
    let second = story.desk.confirmed_case(&other, &almrausch()).await;
    let foreign = story.desk.take_letter("katharina.moser@almrausch.example");
    story.desk.take_all_letters();
    let case = Some(story.desk.find_case(&story.number).await);

    let plain = "handover@reseller.example";
    let number = &story.number;
    let wrong_signature = story.requesters.replacen(".r.", ".r.a", 1);
    let other_case = story.requesters.replace(&number.to_lowercase(), &second.to_lowercase());
    let results = "Authentication-Results";
    let pass = |server: &str| format!("{server}; dmarc=pass header.from=nordlicht.example");
    for (what, mail, reason, guess) in [
        (
            "a stranger who knows the number",
            Mail::authentic("mallory@evil.example", plain).with("Subject", &format!("Re: {number}")),
            "inbound-no-address",
            case,
        ),
        (
            "a stranger who got hold of an address",
            Mail::authentic("mallory@evil.example", &story.requesters),
            "inbound-unknown-sender",
            case,
        ),
        (
            "a colleague of the requester",
            Mail::authentic("somebody.else@nordlicht.example", &story.requesters),
            "inbound-unknown-sender",
            case,
        ),
        ("the requester without the address", Mail::authentic(REQUESTER, plain), "inbound-no-address", None),
        ("a wrong signature", Mail::authentic(REQUESTER, &wrong_signature), "inbound-no-address", None),
        ("a signature of another case", Mail::authentic(REQUESTER, &other_case), "inbound-no-address", None),
        ("no results", Mail::unauthentic(REQUESTER, &story.requesters), "inbound-no-results", case),
        (
            "another server's results",
            Mail::unauthentic(REQUESTER, &story.requesters).on_top(results, &pass("mx.evil.example")),
            "inbound-no-results",
            case,
        ),
        (
            "results that came with the message, below ours",
            Mail::unauthentic(REQUESTER, &story.requesters)
                .on_top(results, &pass("mx.reseller.example"))
                .on_top(results, "mx.reseller.example; dmarc=fail header.from=nordlicht.example"),
            "inbound-unauthenticated",
            case,
        ),
        (
            "two authors",
            Mail::authentic(REQUESTER, &story.requesters).on_top("From", "mallory@evil.example"),
            "inbound-no-author",
            case,
        ),
        (
            "addresses of two cases",
            Mail::authentic(REQUESTER, &format!("{}, {}", story.requesters, foreign.return_path)),
            "inbound-contradiction",
            None,
        ),
        (
            "an answer to a letter of another case",
            Mail::authentic(REQUESTER, &story.requesters)
                .with("In-Reply-To", &foreign.header("Message-ID").unwrap()),
            "inbound-contradiction",
            None,
        ),
    ] {
        let version = story.desk.load(number).await.version;
        let fate = story.desk.receives(&mail.raw()).await;
        assert_eq!(
            (fate.state.as_str(), fate.reason.as_str(), fate.case),
            ("quarantined", reason, guess),
            "{what}"
        );
        assert_eq!(story.desk.load(number).await.version, version, "{what}: the case is untouched");
    }
    story.desk.finish().await;
}

fn almrausch() -> Vec<(&'static str, String)> {
    crate::helpers::story::form_with(&[
        ("requester_name", "Katharina Moser"),
        ("requester_email", "katharina.moser@almrausch.example"),
        ("company", "Almrausch Touristik GmbH"),
        ("hosting", "cloud"),
        ("entitlements", "https://almrausch.atlassian.net/wiki"),
        ("departed_email", "vinzenz.hochleitner@almrausch.example"),
        ("successor_is_requester", "true"),
        ("successor_name", ""),
        ("successor_email", ""),
    ])
}

#[actix_web::test]
async fn without_a_configured_receiver_everything_waits_for_staff() {
    let desk = Desk::start().await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let address = desk.take_letter(REQUESTER).return_path;
    desk.take_all_letters();
    desk.receives(&Mail::authentic(REQUESTER, &address).raw())
        .await
        .is_in_quarantine("inbound-not-configured");
    desk.finish().await;
}

#[actix_web::test]
async fn a_bounce_counts_with_our_return_address_or_message_id_and_not_otherwise() {
    let story = Confirmed::start().await;
    let plain = "handover@reseller.example";
    story.desk.receives(&bounce(&story.requesters, REQUESTER, None)).await.is_filed_from("mail_server");
    let id = Some(story.departeds_message_id.as_str());
    story.desk.receives(&bounce(plain, "forwarded@elsewhere.example", id)).await.is_filed_from("mail_server");

    let forged_address = story.departeds.replacen(".d.", ".d.b", 1);
    for forged in [
        bounce(plain, DEPARTED, None),
        bounce(&forged_address, DEPARTED, None),
        bounce(plain, DEPARTED, Some("made.up@reseller.example")),
    ] {
        story.desk.receives(&forged).await.is_in_quarantine("inbound-foreign-bounce");
    }
    // The marks of two letters, of which one is another case's.
    story.desk.confirmed_case(&story.desk.visitor("de"), &almrausch()).await;
    let foreign = story.desk.take_letter("katharina.moser@almrausch.example").return_path;
    story.desk.take_all_letters();
    story.desk.receives(&bounce(&foreign, DEPARTED, id)).await.is_in_quarantine("inbound-contradiction");
    story.desk.finish().await;
}

#[actix_web::test]
async fn out_of_office_is_filed_and_never_answered_and_opens_nothing_again() {
    let story = Confirmed::start().await;
    let away = Mail::authentic(REQUESTER, &story.requesters)
        .with("Subject", "Abwesenheitsnotiz: Ihr Vorgang")
        .with("Auto-Submitted", "auto-replied")
        .saying("Ich bin bis zum 15. Juni nicht im Haus.\n");
    story.desk.receives(&away.raw()).await.is_filed_from("requester");
    let ann = story.desk.staff("ann", Role::Agent).await;
    ann.does(&story.number, "rejection", &[("reason", "Made up for this story.")]).await;
    story.desk.work_until_idle().await;
    story.desk.take_all_letters();
    assert_eq!(story.desk.state(&story.number).await, "closed");
    let again = away.with("Message-ID", "<another@nordlicht.example>");
    story.desk.receives(&again.raw()).await.is_filed_from("requester");
    assert_eq!(story.desk.state(&story.number).await, "closed");
    assert!(story.desk.untaken().is_empty(), "nothing is answered");
    story.desk.finish().await;
}

#[actix_web::test]
async fn what_came_twice_by_different_ways_is_filed_once() {
    let story = Confirmed::start().await;
    let mail = Mail::authentic(REQUESTER, &story.requesters);
    story.desk.receives(&mail.raw()).await.is_filed_from("requester");
    let version = story.desk.load(&story.number).await.version;
    let fate = story.desk.receives(&mail.clone().on_top("Received", "by another way").raw()).await;
    assert_eq!((fate.state.as_str(), fate.reason.as_str()), ("discarded", "inbound-duplicate"));
    assert_eq!(story.desk.load(&story.number).await.version, version);
    // The same Message-ID with other words is another message.
    story.desk.receives(&mail.saying("Something else.\n").raw()).await.is_filed_from("requester");
    story.desk.finish().await;
}

#[actix_web::test]
async fn a_message_that_kills_its_workers_is_parked_and_blocks_no_other() {
    let story = Confirmed::start().await;
    let pool = &story.desk.casework.app.pool;
    let mut connection = pool.acquire().await.unwrap();
    let now = story.desk.now();
    inbound::store(&mut connection, Source::Pipe, b"Subject: poison\r\n\r\n", now).await.unwrap();
    drop(connection);
    for _ in 0..3 {
        // A worker takes it and is never heard of again.
        assert!(inbound::claim(pool, &story.desk.clock).await.unwrap().is_some());
        story
            .desk
            .receives(&Mail::authentic(REQUESTER, &story.requesters).raw())
            .await
            .is_filed_from("requester");
        assert_eq!(
            correspondence::step(&story.desk.casework).await.unwrap(),
            Step::Idle,
            "its lease still runs"
        );
        story.desk.clock.set(story.desk.now().after(jiff::SignedDuration::from_mins(6)));
    }
    story.desk.work_until_idle().await;
    let rows = sqlx::query!(
        "select state, reason from inbound_emails where starts_with(encode(raw, 'escape'), 'Subject: poison')"
    );
    let row = rows.fetch_one(pool).await.unwrap();
    assert_eq!((row.state.as_str(), row.reason.as_deref()), ("parked", Some("inbound-unreadable")));
    let ann = story.desk.staff("ann", Role::Agent).await;
    ann.get("/desk/quarantine")
        .await
        .is(200)
        .says("It could not be read to the end.")
        .says("Subject: poison");
    story.desk.finish().await;
}

#[actix_web::test]
async fn atlassians_answer_teaches_its_ticket_key_and_suggests() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let (number, ann, ben) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    let request = desk.take_letter(ATLASSIAN);
    desk.take_all_letters();
    let address = request.header("Reply-To").unwrap();
    let answer = Mail::authentic("support@atlassian.example", &address)
        .with("Subject", &format!("[CA-1234567] {}", request.subject))
        .with("In-Reply-To", &request.header("Message-ID").unwrap())
        .saying("Hi Ann,\n\nthe technical contact of SEN-10000001 has been updated.\n");
    desk.receives(&answer.raw()).await.is_filed_from("atlassian");
    let loaded = desk.load(&number).await;
    assert_eq!(loaded.case.state.place().as_str(), "with_atlassian", "mail moves nothing");
    assert_eq!(loaded.ticket.unwrap().as_str(), "CA-1234567");
    let row =
        sqlx::query!("select suggestion, answers_email_id is not null as \"answers!\" from inbound_emails");
    let row = row.fetch_one(&desk.casework.app.pool).await.unwrap();
    assert_eq!((row.suggestion.as_deref(), row.answers), (Some("done"), true));

    // From the reseller's customer the same words teach nothing.
    let claimed = Mail::authentic(REQUESTER, &address).with("Subject", "[EVIL-1] done");
    desk.receives(&claimed.raw()).await.is_filed_from("requester");
    assert_eq!(desk.load(&number).await.ticket.unwrap().as_str(), "CA-1234567");
    ann.open(&number).await.says("Looks like: The change is made");

    // The next letter continues the conversation under that key.
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    let follow_up = desk.take_letter(ATLASSIAN);
    assert!(follow_up.subject.starts_with("[CA-1234567] "), "{}", follow_up.subject);
    let (first, second) = (request.header("Message-ID").unwrap(), answer.header("Message-ID"));
    assert_eq!(follow_up.header("In-Reply-To"), Some(second.clone()));
    let references = follow_up.header("References").unwrap();
    assert_eq!(references.split_whitespace().collect::<Vec<_>>(), [first, second]);

    // By the Message-ID of the request alone it is Atlassian's, too.
    let plain = Mail::authentic("support@atlassian.example", "handover@reseller.example")
        .with("In-Reply-To", &request.header("Message-ID").unwrap());
    desk.receives(&plain.raw()).await.is_filed_from("atlassian");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_returned_notice_shortens_the_wait_and_a_full_mailbox_does_not() {
    let story = Confirmed::start().await;
    let (desk, number) = (&story.desk, &story.number);
    let notice = async || {
        let checks = desk.load(number).await.case.checks;
        let check = checks.into_iter().find(|check| check.kind == CheckKind::DepartedNotice).unwrap();
        (check.verdict, <&'static str>::from(&check.evidence))
    };
    let gone = bounce(&story.departeds, DEPARTED, None);
    let full = String::from_utf8(gone.clone()).unwrap().replace("5.1.1", "5.2.2").into_bytes();
    desk.receives(&full).await.is_filed_from("mail_server");
    let late = String::from_utf8(gone.clone()).unwrap().replace("Action: failed", "Action: delayed");
    desk.receives(late.replace("5.1.1", "4.4.1").as_bytes()).await.is_filed_from("mail_server");
    desk.later(3 * 24).await;
    assert_eq!(notice().await, (Verdict::Pending, "notice_sent"), "the window is as it was");

    // Sent on to another mailbox: that one is gone, not the one on record.
    let other = bounce(&story.departeds, "petra@elsewhere.example", None);
    desk.receives(&other).await.is_filed_from("mail_server");
    desk.receives(&gone).await.is_filed_from("mail_server");
    assert_eq!(notice().await, (Verdict::Pending, "notice_sent"));
    desk.later(23).await;
    assert_eq!(notice().await, (Verdict::Pending, "notice_sent"), "one business day is left");
    desk.later(2).await;
    assert_eq!(notice().await, (Verdict::Passed, "notice_returned"));
    let ann = desk.staff("ann", Role::Agent).await;
    ann.open(number).await.says("the mailbox no longer exists").says("came back");
    story.desk.take_all_letters();
    story.desk.finish().await;
}

#[actix_web::test]
async fn no_contact_can_send_back_what_went_to_another() {
    let desk = Desk::start_with(&format!("{BELIEVING}policy.notify = \"all\"\n")).await;
    desk.import_register().await;
    let pool = desk.owner.clone();
    sqlx::query(
        "insert into contacts (id, entitlement_id, role, name, email, updated_at)
             select gen_random_uuid(), entitlement_id, role, 'Nora Ebel', 'nora.ebel@nordlicht.example', now()
             from contacts where email = $1",
    )
    .bind(VOUCHER)
    .execute(&pool)
    .await
    .unwrap();
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let (jonas, nora) = (desk.take_letter(VOUCHER), desk.take_letter("nora.ebel@nordlicht.example"));
    let departed = desk.take_letter(DEPARTED);
    assert_ne!(jonas.return_path, nora.return_path, "each mailbox has an address of its own");

    // Nora reads her letter and says, as a mail server, that the mailboxes of the others are gone.
    for recipient in [VOUCHER, DEPARTED] {
        desk.receives(&bounce(&nora.return_path, recipient, None)).await.is_filed_from("mail_server");
    }
    let gone: i64 = sqlx::query_scalar("select count(*) from bounces where mailbox_gone or about_recipient")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(gone, 0);

    // Letters of earlier programs went out under one address for all.
    sqlx::query("alter table emails disable trigger emails_keep").execute(&pool).await.unwrap();
    sqlx::query("update emails set envelope_from = $1 where envelope_from = $2")
        .bind(&jonas.return_path)
        .bind(&nora.return_path)
        .execute(&pool)
        .await
        .unwrap();
    let shared = bounce(&jonas.return_path, VOUCHER, None);
    desk.receives(&shared).await.is_in_quarantine("inbound-shared-bounce");
    let named = departed.header("Message-ID").unwrap();
    let named = bounce(&departed.return_path, DEPARTED, Some(named.trim_matches(['<', '>'])));
    desk.receives(&named).await.is_filed_from("mail_server");
    desk.later(24).await;
    let checks = desk.load(&number).await.case.checks;
    let notice = checks.into_iter().find(|check| check.kind == CheckKind::DepartedNotice).unwrap();
    assert_eq!(notice.verdict, Verdict::Pending, "one mailbox of three is gone");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_notice_sent_back_for_another_reason_proves_nothing() {
    let story = Confirmed::start().await;
    let gone = bounce(&story.departeds, DEPARTED, Some(&story.departeds_message_id));
    // A full mailbox; our own address is refused (RFC 3463: X.1.7, X.1.8; Exchange: 5.1.0, 5.1.90); no route.
    for code in ["5.2.2", "5.1.8", "5.1.7", "5.1.0", "5.1.90", "5.4.1"] {
        let other = String::from_utf8(gone.clone()).unwrap().replace("5.1.1", code);
        story.desk.receives(other.as_bytes()).await.is_filed_from("mail_server");
    }
    story.desk.later(9 * 24).await;
    let checks = story.desk.load(&story.number).await.case.checks;
    let check = checks.into_iter().find(|check| check.kind == CheckKind::DepartedNotice).unwrap();
    assert_eq!(
        (check.verdict, <&'static str>::from(&check.evidence)),
        (Verdict::Inconclusive, "notice_undeliverable")
    );
    story.desk.take_all_letters();
    story.desk.finish().await;
}

#[actix_web::test]
async fn what_the_departed_contacts_mailbox_says_by_itself_is_kept_with_the_verdict() {
    // What it says; then the verdict, its evidence and what the page says of it.
    let left = ("Frau Abend ist nicht mehr im Unternehmen.\n", Verdict::Passed, "no_objection");
    let away = ("Ich bin ab Montag wieder erreichbar.\n", Verdict::Inconclusive, "contact_away");
    for (words, verdict, evidence) in [left, away] {
        let story = Confirmed::start().await;
        let notice = async || {
            let checks = story.desk.load(&story.number).await.case.checks;
            checks.into_iter().find(|check| check.kind == CheckKind::DepartedNotice).unwrap()
        };
        let answer = Mail::authentic(DEPARTED, &story.departeds)
            .with("Subject", "Automatische Antwort")
            .with("Auto-Submitted", "auto-replied");
        story.desk.receives(&answer.saying(words).raw()).await.is_filed_from("departed_contact");
        assert_eq!(notice().await.verdict, Verdict::Pending);
        story.desk.later(9 * 24).await;
        let check = notice().await;
        assert_eq!((check.verdict, <&'static str>::from(&check.evidence)), (verdict, evidence));
        let ann = story.desk.staff("ann", Role::Agent).await;
        let page = ann.open(&story.number).await;
        if verdict == Verdict::Passed {
            page.says("the mailbox answered automatically that its owner has left")
                .says("Whoever manages the mailbox");
        } else {
            page.says("that its owner is away and will be back");
            // Whoever was away may object after all, and staff can ask again.
            ann.does(&story.number, "checks/departed_notice", &[("again", "true")]).await.went_well();
            story.desk.work_until_idle().await;
            story.desk.later(9 * 24).await;
            assert_eq!(notice().await.verdict, Verdict::Inconclusive, "a silence later takes nothing back");
        }
        story.desk.take_all_letters();
        story.desk.finish().await;
    }
}

#[actix_web::test]
async fn a_customers_letter_that_came_back_shows_on_the_case_and_in_the_queue() {
    let story = Confirmed::start().await;
    let ann = story.desk.staff("ann", Role::Agent).await;
    ann.visitor.get("/desk/cases").await.is(200).never_says("E-mail not delivered");
    story.desk.receives(&bounce(&story.requesters, REQUESTER, None)).await.is_filed_from("mail_server");
    ann.visitor.get("/desk/cases").await.is(200).says("E-mail not delivered");
    ann.open(&story.number).await.says("came back").says("did not reach miriam.kessler@nordlicht.example");
    story.desk.finish().await;
}

#[actix_web::test]
async fn staff_release_a_message_to_a_case_or_discard_it_with_a_reason() {
    let story = Confirmed::start().await;
    let (desk, number) = (&story.desk, &story.number);
    let colleague = Mail::authentic("somebody.else@nordlicht.example", &story.requesters)
        .with("Subject", "A colleague <b>writes</b>")
        .with("Content-Type", "text/html; charset=utf-8")
        .saying("<p>We really need this. <script>alert(1)</script></p>\n");
    desk.receives(&colleague.raw()).await.is_in_quarantine("inbound-unknown-sender");
    desk.receives(&Mail::authentic("mallory@evil.example", "handover@reseller.example").raw()).await;
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar("select id from inbound_emails order by id")
        .fetch_all(&desk.casework.app.pool)
        .await
        .unwrap();
    let path = |id: usize, what: &str| format!("/desk/quarantine/{}/{what}", ids[id]);

    let auditor = desk.staff("una", Role::Auditor).await;
    auditor.visitor.get("/desk/quarantine").await.is(200).never_says("File with the case");
    auditor.visitor.post(&path(0, "release"), &[("number", number)]).await.is(403);
    auditor.visitor.post(&path(0, "discard"), &[("reason", "x")]).await.is(403);

    let ann = desk.staff("ann", Role::Agent).await.visitor;
    ann.get("/desk/cases").await.is(200).says("2 received e-mails without a case");
    let page = ann.get("/desk/quarantine").await.is(200);
    assert!(page.text.contains("A colleague &lt;b&gt;writes") && !page.text.contains("<script>alert"));
    let page = page.says("The sender is not one of the people in the case.").says("We really need this.");
    assert_eq!(page.field("number").as_deref(), Some(number.as_str()), "its likely case is filled in");
    let source = ann.get(&format!("/desk/inbound/{}/original", ids[0])).await.is(200);
    assert_eq!(source.text.as_bytes(), colleague.raw());

    ann.post(&path(0, "release"), &[("number", "HO-2026-99999")]).await.is(422).says("There is no case");
    let release = [("number", number.as_str()), ("writer", "other")];
    let released = ann.submit(&path(0, "release"), &release).await;
    let released = released.says("The e-mail now belongs to the case.").says("A colleague <b>writes</b>");
    released.says("We really need this.").says("filed by us");
    ann.submit(&path(0, "release"), &release).await.says("Somebody else has decided");

    ann.post(&path(1, "discard"), &[("reason", " ")]).await.is(422).says("Please say why");
    ann.submit(&path(1, "discard"), &[("reason", "Spam.")]).await.says("No received e-mail");
    ann.get(&format!("/desk/inbound/{}/original", uuid::Uuid::nil())).await.is(404);
    let german = desk.visitor("de");
    german.get("/desk/quarantine").await.is(303);
    story.desk.finish().await;
}

#[actix_web::test]
async fn an_auto_responder_and_handover_do_not_keep_each_other_busy() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let mut sent = 0;
    let mut rounds = 0;
    // Everything that is sent to anybody is answered at once, by a machine that does not say that it is one.
    loop {
        let letters = desk.take_all_letters();
        if letters.is_empty() {
            break;
        }
        sent += letters.len();
        rounds += 1;
        assert!(rounds < 5, "they keep each other busy");
        for letter in letters {
            let answer = Mail::authentic(&letter.to, &letter.header("Reply-To").unwrap())
                .with("Subject", &format!("Automatische Antwort: {}", letter.subject))
                .with("In-Reply-To", &letter.header("Message-ID").unwrap());
            assert_eq!(desk.receives(&answer.raw()).await.state, "filed");
            let returned = bounce(&letter.return_path, &letter.to, None);
            assert_eq!(desk.receives(&returned).await.state, "filed");
        }
        desk.later(24 * 30).await;
    }
    assert_eq!((rounds, sent), (1, 3), "nothing that comes in makes anything go out");
    desk.finish().await;
}

#[actix_web::test]
async fn a_responder_that_lies_about_itself_is_stopped_by_its_pace() {
    let story = Confirmed::start().await;
    let (desk, number) = (&story.desk, &story.number);
    // It answers everything at once, again and again, with ever new Message-IDs and no word of being a machine.
    let answer = |count: usize| {
        Mail::authentic(REQUESTER, &story.requesters)
            .saying(&format!("Thanks! Ticket {count} is open.\n"))
            .raw()
    };
    let mut filed = 0;
    for count in 0..30 {
        let fate = desk.receives(&answer(count)).await;
        if fate.state == "filed" {
            filed += 1;
        } else {
            fate.is_in_quarantine("inbound-too-many");
            assert_eq!(fate.case, Some(desk.find_case(number).await), "staff see what it is about");
        }
    }
    assert_eq!(filed, 20);
    let version = desk.load(number).await.version;
    desk.receives(&answer(30)).await.is_in_quarantine("inbound-too-many");
    assert_eq!(desk.load(number).await.version, version, "the case is at rest");
    assert!(desk.untaken().is_empty(), "nothing went out");
    // Others are heard meanwhile, and so is it when it has calmed down.
    desk.receives(&Mail::authentic(SUCCESSOR, &story.requesters).raw()).await.is_filed_from("successor");
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(61)));
    desk.receives(&answer(31)).await.is_filed_from("requester");

    // A mail server that returns one letter over and over.
    let mut believed = 0;
    for _ in 0..25 {
        let fate = desk.receives(&bounce(&story.requesters, REQUESTER, None)).await;
        believed += usize::from(fate.state == "filed");
    }
    assert_eq!(believed, 20);
    assert!(desk.untaken().is_empty(), "nothing went out");
    story.desk.finish().await;
}

#[actix_web::test]
async fn atlassians_ticket_system_has_its_pace_for_each_case() {
    let story = Confirmed::start().await;
    story.desk.confirmed_case(&story.desk.visitor("de"), &almrausch()).await;
    let other = story.desk.take_letter("katharina.moser@almrausch.example").return_path;
    story.desk.take_all_letters();
    // Whatever was asked already: these are the addresses of requests to Atlassian.
    let atlassians = |address: &str| {
        let tag = address.split_once('+').unwrap().1.rsplit_once(".r.").unwrap().0;
        let signer = &story.desk.casework.app.reply_signer;
        signed_address("handover@reseller.example", signer, &format!("{tag}.a"))
    };
    let (own, other) = (atlassians(&story.requesters), atlassians(&other));
    let ticket = |to: &str| Mail::authentic("support@atlassian.example", to).raw();
    for _ in 0..20 {
        story.desk.receives(&ticket(&own)).await.is_filed_from("atlassian");
    }
    story.desk.clock.set(story.desk.now().after(jiff::SignedDuration::from_secs(1)));
    story.desk.receives(&ticket(&own)).await.is_in_quarantine("inbound-too-many");
    story.desk.receives(&ticket(&other)).await.is_filed_from("atlassian");
    story.desk.finish().await;
}

#[actix_web::test]
async fn an_answer_to_the_plain_address_joins_by_the_message_id_of_our_letter() {
    let story = Confirmed::start().await;
    let (desk, plain) = (&story.desk, "handover@reseller.example");
    let id = format!("<{}>", story.requesters_message_id);
    let answering = |mail: Mail| mail.with("In-Reply-To", &id);
    desk.receives(&answering(Mail::authentic(REQUESTER, plain)).raw()).await.is_filed_from("requester");
    desk.receives(
        &Mail::authentic(REQUESTER, plain).with("References", &format!("<x@y.example> {id}")).raw(),
    )
    .await
    .is_filed_from("requester");
    let case = Some(desk.find_case(&story.number).await);
    for (mail, reason) in [
        (answering(Mail::authentic("mallory@evil.example", plain)), "inbound-unknown-sender"),
        (answering(Mail::unauthentic(REQUESTER, plain)), "inbound-no-results"),
    ] {
        let fate = desk.receives(&mail.raw()).await;
        fate.is_in_quarantine(reason);
        assert_eq!(fate.case, case);
    }
    let made_up = Mail::authentic(REQUESTER, plain).with("In-Reply-To", "<made.up@reseller.example>");
    desk.receives(&made_up.raw()).await.is_in_quarantine("inbound-no-address");
    story.desk.finish().await;
}

/// The signed address proves that somebody got the letter that went to its party, and no more.
#[actix_web::test]
async fn what_comes_to_an_address_of_somebody_else_waits_for_people() {
    let story = Confirmed::start().await;
    let (desk, plain) = (&story.desk, "handover@reseller.example");
    let case = Some(desk.find_case(&story.number).await);
    let answering = |id: &str| format!("<{id}>");
    let at_record = Mail::authentic("support@atlassian.example", &story.requesters);
    for (what, mail, reason) in [
        (
            "Atlassian's machine writes to the requester's address",
            at_record
                .clone()
                .with("Subject", "[EVIL-1] Your ticket")
                .with("Auto-Submitted", "auto-generated"),
            "inbound-atlassian-elsewhere",
        ),
        (
            "Atlassian answers the departed contact's letter",
            Mail::authentic("support@atlassian.example", plain)
                .with("In-Reply-To", &answering(&story.departeds_message_id)),
            "inbound-atlassian-elsewhere",
        ),
        (
            "the departed contact, by the requester's",
            Mail::authentic(DEPARTED, &story.requesters),
            "inbound-other-party",
        ),
        (
            "the departed contact, by the new contact's",
            Mail::authentic(DEPARTED, &story.successors),
            "inbound-other-party",
        ),
        (
            "the departed contact answers the requester's letter",
            Mail::authentic(DEPARTED, plain).with("In-Reply-To", &answering(&story.requesters_message_id)),
            "inbound-other-party",
        ),
        (
            "the requester, by the departed contact's",
            Mail::authentic(REQUESTER, &story.departeds),
            "inbound-other-party",
        ),
        (
            "the new contact, by the departed contact's",
            Mail::authentic(SUCCESSOR, &story.departeds),
            "inbound-other-party",
        ),
    ] {
        let fate = desk.receives(&mail.raw()).await;
        assert_eq!(
            (fate.state.as_str(), fate.reason.as_str(), fate.case),
            ("quarantined", reason, case),
            "{what}"
        );
    }
    assert_eq!(desk.load(&story.number).await.ticket, None, "no key is learnt");
    // People of one side pass letters on.
    for (who, to, writer) in [
        (SUCCESSOR, &story.requesters, "successor"),
        (REQUESTER, &story.successors, "requester"),
        (DEPARTED, &story.departeds, "departed_contact"),
    ] {
        desk.receives(&Mail::authentic(who, to).raw()).await.is_filed_from(writer);
    }
    let both = format!("{}, {}", story.requesters, story.departeds);
    desk.receives(&Mail::authentic(DEPARTED, &both).raw()).await.is_filed_from("departed_contact");
    let ann = desk.staff("ann", Role::Agent).await;
    ann.get("/desk/quarantine")
        .await
        .is(200)
        .says("answers no request of ours to Atlassian")
        .says("went to somebody else");
    story.desk.finish().await;
}

#[actix_web::test]
async fn the_departed_contacts_mailbox_says_whether_they_left_or_are_away() {
    let story = Confirmed::start().await;
    let desk = &story.desk;
    let case = desk.find_case(&story.number).await;
    let beginning = desk.load(&story.number).await.opened_at;
    let said = async || {
        let mut connection = desk.casework.app.pool.acquire().await.unwrap();
        find_said(&mut connection, case, beginning).await.unwrap().map(|(said, _)| said)
    };
    let automatic = |mail: Mail| {
        mail.with("Subject", "Automatische Antwort: Sind Sie noch Kontaktperson?")
            .with("Auto-Submitted", "auto-replied")
    };
    let left = "Frau Abend hat das Unternehmen verlassen.\n";
    let ann = desk.staff("ann", Role::Agent).await;

    // Not by the wrong mailbox, not by a person, not unauthenticated, not in answer to another letter.
    desk.receives(&automatic(Mail::authentic(REQUESTER, &story.requesters)).saying(left).raw()).await;
    desk.receives(&Mail::authentic(DEPARTED, &story.departeds).saying(left).raw())
        .await
        .is_filed_from("departed_contact");
    desk.receives(&automatic(Mail::unauthentic(DEPARTED, &story.departeds)).saying(left).raw()).await;
    desk.receives(&automatic(Mail::authentic(DEPARTED, &story.requesters)).saying(left).raw()).await;
    assert_eq!(said().await, None);
    ann.open(&story.number).await.never_says("Mailbox says they have left").never_says("Away, not gone");

    let id = format!("<{}>", story.departeds_message_id);
    let answer = automatic(Mail::authentic(DEPARTED, "handover@reseller.example")).with("In-Reply-To", &id);
    desk.receives(&answer.saying(left).raw()).await.is_filed_from("departed_contact");
    assert_eq!(said().await, Some(Said::Left));
    ann.open(&story.number).await.says("Mailbox says they have left").says("no longer with the company");

    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(5)));
    let away = automatic(Mail::authentic(DEPARTED, &story.departeds))
        .saying("Ich bin ab Montag wieder erreichbar.\n");
    desk.receives(&away.raw()).await.is_filed_from("departed_contact");
    assert_eq!(said().await, Some(Said::Absent), "the last word counts");
    let page = ann.open(&story.number).await;
    page.says("Away, not gone")
        .says("They are away and will be back")
        .never_says("Mailbox says they have left");
    assert_eq!(desk.state(&story.number).await, "verifying", "mail moves nothing");
    story.desk.finish().await;
}
