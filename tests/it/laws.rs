//! Each law of the design, attacked: through the pages, through the door behind them, and past both in the database.

use handover::{
    case::{
        action::Action,
        actor::{Actor, Role},
        check::{CheckKind, Evidence, Verdict},
        correspondence::AtlassianAnswer,
        digest::Digest,
        refusal::Refusal,
        text::{Note, Text},
    },
    casework::{ActError, Fault, Written, find_live_draft, verify_trail},
};
use sqlx::PgPool;

use crate::helpers::{
    desk::Desk,
    smtp::{Answer, Stage},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

fn note() -> Note {
    Note::new(Text::parse("because").unwrap())
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, ActError>) -> Refusal {
    match result {
        Err(ActError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// Runs `sql`, which must be refused by the database; returns what it said.
async fn denied(pool: &PgPool, sql: &str) -> String {
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(pool).await.unwrap_err().to_string()
}

const WRITTEN: Written<'_> = Written { subject: "Subject", opening: "Opening", closing: "Closing" };

#[actix_web::test]
async fn law_1_nobody_alone_gets_an_e_mail_to_atlassian() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Approver).await;
    let cal = desk.staff("cal", Role::Approver).await;
    let number = desk.verified_case(&desk.visitor("de"), &cal).await;
    ann.drafts(&number).await;

    let digest = desk.digest(&number).await;
    ann.approves_bytes(&number, &digest).await.is(403).says("draft");
    cal.approves_bytes(&number, &digest).await.is(403);
    assert_eq!(desk.state(&number).await, "awaiting_approval");

    // Past the rules, the database refuses the author and whoever decided a check.
    let pool = &desk.casework.app.pool;
    for who in [&ann, &cal] {
        let sql = format!(
            "insert into approvals (id, case_id, draft_id, digest, evidence_digest, drafted_by, approved_by, approved_at)
             select gen_random_uuid(), case_id, id, digest, evidence_digest, author_id, '{}', now() from drafts
             where voided_at is null",
            who.id
        );
        assert!(denied(pool, &sql).await.contains("approv"), "{who}", who = who.id);
    }
    // And an e-mail to Atlassian without any approval.
    let sql = "insert into emails (id, audience, notification, message_id, envelope_from, envelope_to, subject, language,
                   raw, digest, next_attempt_at, created_at)
               values (gen_random_uuid(), 'atlassian', 'x', 'm', 'a@b.example', 'c@d.example', 's', 'en', 'raw',
                   sha256('raw'), now(), now())";
    assert!(denied(pool, sql).await.contains("emails_check"));
    desk.work_until_idle().await;
    desk.finish().await;
}

#[actix_web::test]
async fn law_1_an_unsatisfied_policy_lets_nothing_through() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let case = desk.find_case(&number).await;
    let drafted = desk.casework.save_draft(case, ann.actor(), &WRITTEN, None).await;
    assert_eq!(refused(drafted), Refusal::NotNow);
    let approved = desk.casework.approve(case, (ben.actor(), None), Digest([0; 32]), None).await;
    assert_eq!(refused(approved), Refusal::NotNow);
    ann.does(&number, "draft", &[("subject", "Subject"), ("opening", "Body"), ("closing", "Kind regards")])
        .await
        .is(409);
    desk.finish().await;
}

#[actix_web::test]
async fn law_1_checks_that_expire_before_the_approval_stop_it() {
    let desk = Desk::start_with("policy.expires_after_days = 30\n").await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ann.drafts(&number).await;
    let case = desk.find_case(&number).await;
    let digest = find_live_draft(&mut desk.casework.app.pool.acquire().await.unwrap(), case)
        .await
        .unwrap()
        .unwrap()
        .digest;
    // The worker has not come round yet.
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(31 * 24)));
    let approved = desk.casework.approve(case, (ben.actor(), None), digest, None).await;
    assert_eq!(refused(approved), Refusal::PolicyNotSatisfied);
    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "verifying");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn law_1_a_request_that_outlives_its_checks_in_the_outbox_is_not_handed_over() {
    let desk = Desk::start_with("policy.expires_after_days = 30\n").await;
    desk.import_register().await;
    let (number, ann, _) = desk.submitted_case(&desk.visitor("de")).await;
    let pool = &desk.owner;
    let moved = "update emails set not_after = null where audience = 'atlassian'";
    assert!(denied(pool, moved).await.contains("frozen"));

    // No worker runs for a month, then one does.
    desk.later(31 * 24).await;
    assert!(desk.take_all_letters().iter().all(|letter| letter.to != ATLASSIAN));
    let failed: i64 =
        sqlx::query_scalar("select count(*) from emails where audience = 'atlassian' and state = 'failed'")
            .fetch_one(pool)
            .await
            .unwrap();
    assert_eq!(failed, 1);
    let email: uuid::Uuid = sqlx::query_scalar("select id from emails where audience = 'atlassian'")
        .fetch_one(pool)
        .await
        .unwrap();
    ann.does(&number, &format!("emails/{email}/retry"), &[]).await.is(409);
    desk.finish().await;
}

#[actix_web::test]
async fn law_2_an_edit_and_a_new_verdict_void_the_draft() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ann.drafts(&number).await;
    let looked_at = ben.looks_at_the_message(&number).await;

    // Edited after the second person looked: what was looked at can't be approved any more.
    let edited = [
        ("subject", "Another subject"),
        ("opening", "Another body, with other words."),
        ("closing", "Kind regards"),
    ];
    ann.does(&number, "draft", &edited).await.went_well();
    ben.approves_bytes(&number, &looked_at).await.is(409);

    // A verdict after the draft voids it, and the database lets nobody revive it.
    ann.reviews_a_letter(&number).await.went_well();
    assert_eq!(desk.state(&number).await, "verified");
    let pool = &desk.owner;
    assert!(denied(pool, "update drafts set voided_at = null").await.contains("only be voided"));
    assert!(
        denied(pool, "update drafts set subject = 'x' where voided_at is null or true")
            .await
            .contains("voided")
    );
    let void = "insert into approvals (id, case_id, draft_id, digest, evidence_digest, drafted_by, approved_by, approved_at)
                select gen_random_uuid(), case_id, id, digest, evidence_digest, author_id,
                    (select id from staff where name = 'ben'), now() from drafts limit 1";
    denied(pool, void).await;
    desk.finish().await;
}

#[actix_web::test]
async fn law_3_every_try_sends_the_approved_bytes_under_one_message_id() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ..) = desk.submitted_case(&desk.visitor("de")).await;
    let case = desk.find_case(&number).await;
    let approved: Vec<u8> = sqlx::query_scalar("select digest from approvals where case_id = $1")
        .bind(case)
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    desk.smtp.answer(Stage::Message, Answer::Say("451 4.3.0 later"));
    desk.smtp.answer(Stage::Message, Answer::Cut);
    for _ in 0..4 {
        desk.later(5).await;
    }
    let sent: Vec<_> = desk.take_all_letters().into_iter().filter(|letter| letter.to == ATLASSIAN).collect();
    assert_eq!(sent.len(), 3, "one put off, one cut, one taken");
    for letter in &sent {
        assert_eq!(handover::token::sha256(&letter.raw).to_vec(), approved);
        assert_eq!(letter.header("Message-ID"), sent[0].header("Message-ID"));
    }
    let pool = &desk.owner;
    assert!(
        denied(pool, "update emails set raw = 'other' where audience = 'atlassian'").await.contains("frozen")
    );
    assert!(denied(pool, "update emails set envelope_to = 'x@y.example'").await.contains("frozen"));
    assert_eq!(desk.state(&number).await, "with_atlassian");
    desk.finish().await;
}

#[actix_web::test]
async fn law_3_a_request_that_is_refused_for_good_shows_and_can_be_tried_again_or_taken_back() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ann, _) = desk.submitted_case(&desk.visitor("de")).await;
    desk.smtp.answer(Stage::Recipient, Answer::Say("550 5.2.1 we do not want this"));
    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "submitted");
    ann.open(&number).await.says("we do not want this");
    ann.get("/desk/cases").await.is(200).says(&number);

    let email: uuid::Uuid = sqlx::query_scalar("select id from emails where state = 'failed'")
        .fetch_one(&desk.owner)
        .await
        .unwrap();
    // Not on checks that are others than those approved, nor after the first of them has expired.
    let pool = &desk.owner;
    crate::helpers::postgres::let_rows_be_staged(pool).await;
    for (change, back) in [
        (
            "update checks set verdict = 'failed' where kind = 'callback'",
            "update checks set verdict = 'passed' where kind = 'callback'",
        ),
        (
            "update emails set not_after = '2020-01-01' where audience = 'atlassian'",
            "update emails set not_after = null where audience = 'atlassian'",
        ),
    ] {
        sqlx::query("alter table emails disable trigger emails_keep").execute(pool).await.unwrap();
        sqlx::query(change).execute(pool).await.unwrap();
        ann.does(&number, &format!("emails/{email}/retry"), &[]).await.is(409);
        sqlx::query(back).execute(pool).await.unwrap();
        sqlx::query("alter table emails enable trigger user").execute(pool).await.unwrap();
    }
    ann.does(&number, &format!("emails/{email}/retry"), &[]).await.went_well();
    desk.smtp.answer(Stage::Recipient, Answer::Say("550 5.2.1 still not"));
    desk.work_until_idle().await;
    ann.does(&number, "recall", &[("reason", "Wrong address in the configuration.")]).await.went_well();
    assert_eq!(desk.state(&number).await, "verified");
    ann.does(&number, &format!("emails/{email}/retry"), &[]).await.is(409);
    desk.work_until_idle().await;
    desk.finish().await;
}

#[actix_web::test]
async fn law_4_change_event_and_letters_come_together_or_not_at_all() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let case = desk.find_case(&number).await;
    let before = desk.load(&number).await;
    let ann = desk.staff("ann", Role::Agent).await;

    // Inside a transaction that is given up, nothing stays: no state, no line, no letter, no link.
    let mut transaction = desk.casework.app.pool.begin().await.unwrap();
    let ask = Action::AskCustomer { question: note() };
    desk.casework.act_in(&mut transaction, case, ann.actor(), &ask, None).await.unwrap();
    transaction.rollback().await.unwrap();
    let after = desk.load(&number).await;
    assert_eq!((after.version, after.case.state), (before.version, before.case.state));
    let queued: i64 = sqlx::query_scalar("select count(*) from emails where notification = 'question'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(queued, 0);
    assert!(verify_trail(&desk.casework.app.pool).await.unwrap().1.is_empty());
    desk.finish().await;
}

#[actix_web::test]
async fn law_4_two_people_can_not_overwrite_each_other() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, bob) = (desk.staff("ann", Role::Agent).await, desk.staff("bob", Role::Agent).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let version = ann.open(&number).await.field("version").unwrap();
    bob.does(&number, "notes", &[("note", "I called already.")]).await.went_well();
    let stale = ann
        .visitor
        .post(
            &format!("/desk/cases/{number}/question"),
            &[("version", &version), ("question", "Which of the two numbers?")],
        )
        .await
        .is(409);
    // What changed is shown, and nothing typed is lost.
    assert!(stale.says("bob").text.contains("Which of the two numbers?"));
    assert_eq!(desk.state(&number).await, "verifying");
    desk.finish().await;
}

#[actix_web::test]
async fn law_5_atlassian_itself_moves_nothing() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ..) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    let case = desk.find_case(&number).await;
    let action = Action::RecordAtlassianAnswer { answer: AtlassianAnswer::Done, note: None };
    assert_eq!(refused(desk.casework.act(case, Actor::Atlassian, &action, None).await), Refusal::NotYours);
    desk.finish().await;
}

#[actix_web::test]
async fn law_7_the_trail_can_not_be_changed_and_a_forged_one_shows() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let pool = &desk.owner;
    for sql in
        ["update case_events set actor = 'system'", "delete from case_events", "truncate case_events cascade"]
    {
        assert!(denied(pool, sql).await.contains("append-only"), "{sql}");
    }
    assert!(denied(pool, "update escalations set company = 'x'").await.contains("append-only"));

    // Nobody's name, address or words stand in it, so that erasing them leaves it whole.
    let trail: String = sqlx::query_scalar("select string_agg(data::text, ' ') from case_events")
        .fetch_one(pool)
        .await
        .unwrap();
    for personal in ["Kessler", "nordlicht", "Abend", "Rauch", "ausgeschieden"] {
        assert!(!trail.contains(personal), "{personal} in {trail}");
    }

    // With the triggers off, as only the database's owner can, the chain tells.
    let forge = "alter table case_events disable trigger user; \
                 update case_events set data = data || '{\"to\": \"closed\"}' where seq = 2; \
                 alter table case_events enable trigger user";
    sqlx::raw_sql(forge).execute(pool).await.unwrap();
    let (_, broken) = verify_trail(pool).await.unwrap();
    assert_eq!(broken.len(), 1);
    assert_eq!((broken[0].number.as_str(), &broken[0].fault), (number.as_str(), &Fault::Line(2)));
}

#[actix_web::test]
async fn law_7_a_cut_off_end_shows_too() {
    let desk = Desk::start().await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let pool = &desk.owner;
    let cut = "alter table case_events disable trigger user; \
               delete from case_events e where seq = (select max(seq) from case_events where case_id = e.case_id); \
               set constraints all immediate; alter table case_events enable trigger user";
    sqlx::raw_sql(cut).execute(pool).await.unwrap();
    assert_eq!(verify_trail(pool).await.unwrap().1.len(), 1);
    desk.take_all_letters();
}

#[actix_web::test]
async fn law_8_passwords_and_licence_keys_are_not_taken_in() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let key = format!("Unser Schlüssel: AAAB{}", "xY1z".repeat(20));
    for secret in ["Das Passwort lautet Sommer2024!", key.as_str()] {
        let fields = form_with(&[("explanation", secret)]);
        customer.escalates(&fields).await.is(422);
    }
    let cases: i64 =
        sqlx::query_scalar("select count(*) from cases").fetch_one(&desk.casework.app.pool).await.unwrap();
    assert_eq!(cases, 0);
    desk.finish().await;
}

#[actix_web::test]
async fn an_objection_stops_a_request_that_has_not_left() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&customer, &form()).await;
    let objection = desk.take_letter(DEPARTED).link("objections");
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    desk.take_letter(REQUESTER);
    customer.post(&invitation, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    assert_eq!(desk.state(&number).await, "submitted");

    // Approved, but still in the outbox when the departed contact objects.
    let departed = desk.visitor("de");
    departed.get(&objection).await.is(200);
    assert_eq!(desk.state(&number).await, "submitted", "looking objects to nothing");
    departed.submit(&objection, &[("note", "Ich arbeite noch hier.")]).await;
    assert_eq!(desk.state(&number).await, "contested");
    desk.later(48).await;
    assert!(desk.take_letter(DEPARTED).subject.starts_with("Ihr Widerspruch ist angekommen"));
    let since: Vec<String> = desk.take_all_letters().into_iter().map(|letter| letter.subject).collect();
    assert!(since.len() == 1 && since[0].starts_with("Wir haben alles"), "the request never left: {since:?}");
    ann.open(&number).await.says("Ich arbeite noch hier.");

    // An agent can't settle it; an approver can, and then can't approve.
    let ruling =
        [("ruling", "dismissed"), ("reason", "Works for the sister company now; confirmed by phone.")];
    ann.does(&number, "objection", &ruling).await.is(403);
    ben.does(&number, "objection", &ruling).await.went_well();
    assert_eq!(desk.state(&number).await, "verified");
    ann.drafts(&number).await;
    ben.approves_bytes(&number, &desk.digest(&number).await).await.is(403);
    desk.work_until_idle().await;
    assert_eq!(desk.take_letters(DEPARTED).len(), 1, "what was decided");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn an_objection_that_nobody_dismissed_outlives_a_withdrawal() {
    // With a policy that asks nothing of the notice, only the contest itself stands in the way.
    let policy = r#"policy.required = ["requester_email"]
        policy.distinct_roots = 0
        policy.outside_domain = 0
        policy.from_others = 0
        policy.blocking = []
    "#;
    let desk = Desk::start_with(policy).await;
    desk.import_register().await;
    let ben = desk.staff("ben", Role::Approver).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let case = desk.find_case(&number).await;
    let act =
        async |actor: Actor, action: Action| desk.casework.act(case, actor, &action, None).await.unwrap();
    act(
        Actor::DepartedContact,
        Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
    )
    .await;
    act(Actor::Requester, Action::Withdraw).await;
    act(ben.actor(), Action::Reopen { reason: note() }).await;
    assert_eq!(desk.state(&number).await, "contested");
    let drafted = desk.casework.save_draft(case, ben.actor(), &WRITTEN, None).await;
    assert_eq!(refused(drafted), Refusal::NotNow);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn the_same_submission_twice_opens_one_case() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let fields = form();
    let (one, two) = tokio::join!(customer.escalates(&fields), customer.escalates(&fields));
    // Each browser gets a page of its own, which leads to the one case.
    one.went_well();
    two.went_well();
    customer.escalates(&fields).await.went_well();
    let cases: i64 =
        sqlx::query_scalar("select count(*) from cases").fetch_one(&desk.casework.app.pool).await.unwrap();
    assert_eq!(cases, 1);
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.finish().await;
}

#[actix_web::test]
async fn what_nobody_confirms_expires_after_one_reminder() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    customer.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("confirmations");
    desk.later(6 * 24).await;
    desk.take_letter(REQUESTER);
    desk.later(24 + 1).await;
    let number = desk.newest().await;
    assert_eq!(desk.state(&number).await, "closed");
    customer.get(&link).await.is(410);
    desk.finish().await;
}

#[actix_web::test]
async fn checks_against_the_register_see_through_wrong_claims() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let evidence = |number: String, kind: CheckKind| {
        let desk = &desk;
        async move {
            let loaded = desk.load(&number).await;
            let check = loaded.case.check(kind).unwrap().clone();
            (check.verdict, check.evidence)
        }
    };
    let story = |changes: &'static [(&'static str, &'static str)]| {
        let desk = &desk;
        async move {
            let fields = form_with(changes);
            let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
            let letters = desk.take_all_letters();
            (number, letters)
        }
    };

    // An unknown number among known ones.
    let (number, letters) = story(&[("entitlements", "SEN-10000001\nSEN-99999999")]).await;
    let (verdict, found) = evidence(number.clone(), CheckKind::Entitlement).await;
    assert_eq!((verdict, found), (Verdict::Failed, Evidence::NotInRegister { found: 1, asked: 2 }));
    assert!(letters.iter().all(|letter| letter.to != DEPARTED), "nobody is written to on a mere claim");

    // Two customers' entitlements in one form.
    let (number, _) = story(&[("entitlements", "SEN-10000001\nalmrausch.atlassian.net")]).await;
    assert_eq!(evidence(number, CheckKind::Entitlement).await, (Verdict::Failed, Evidence::SeveralCustomers));

    // A "departed contact" whom the register does not know gets no letter either.
    let (number, letters) = story(&[("departed_email", "somebody@nordlicht.example")]).await;
    assert_eq!(
        evidence(number.clone(), CheckKind::RecordedContact).await,
        (Verdict::Failed, Evidence::ContactNotOnRecord)
    );
    assert_eq!(
        evidence(number, CheckKind::DepartedNotice).await,
        (Verdict::Inconclusive, Evidence::NobodyToNotify)
    );
    assert!(letters.iter().all(|letter| letter.to != "somebody@nordlicht.example"));

    // A requester from elsewhere, or from where anybody can be.
    let (number, _) = story(&[("requester_email", "miriam@elsewhere.example")]).await;
    assert_eq!(evidence(number, CheckKind::DomainRegister).await, (Verdict::Failed, Evidence::DomainDiffers));
    let (number, _) = story(&[("requester_email", "miriam.kessler@gmx.de")]).await;
    assert_eq!(
        evidence(number, CheckKind::DomainRegister).await,
        (Verdict::Inconclusive, Evidence::FreeMailDomain)
    );
    desk.finish().await;
}

#[actix_web::test]
async fn a_rejected_and_a_withdrawn_case_end_with_a_letter_and_can_be_reopened_by_an_approver_only() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let customer = desk.visitor("de");
    let number = desk.confirmed_case(&customer, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    desk.take_all_letters();
    customer.submit(&format!("{status}/withdrawal"), &[]).await;
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    assert!(desk.take_letter(DEPARTED).text.contains("um nichts gebeten"));
    assert_eq!(desk.state(&number).await, "closed");
    ann.does(&number, "reopening", &[("reason", "They called.")]).await.is(403);
    ben.does(&number, "reopening", &[("reason", "They called.")]).await.went_well();
    assert_eq!(desk.state(&number).await, "verifying");
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    let told = "We could not reach anybody at the company.";
    ann.does(&number, "rejection", &[("reason", "A feeling."), ("told", told)]).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(REQUESTER);
    assert!(letter.text.contains("We could not reach anybody") && !letter.text.contains("A feeling."));
    let end = desk.take_letter(DEPARTED).text;
    assert!(!end.contains("reach anybody") && !end.contains("A feeling."), "{end}");
    desk.finish().await;
}

#[actix_web::test]
async fn two_actions_on_one_case_come_one_after_the_other() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, bob) = (desk.staff("ann", Role::Agent).await, desk.staff("bob", Role::Agent).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let case = desk.find_case(&number).await;
    let before = desk.load(&number).await.version;

    // While one holds the case, the other waits for it, rather than deciding on what it saw before.
    let mut first = desk.casework.app.pool.begin().await.unwrap();
    let ask = Action::AskCustomer { question: note() };
    desk.casework.act_in(&mut first, case, ann.actor(), &ask, None).await.unwrap();
    let (casework, actor) = (desk.casework.clone(), bob.actor());
    let second = actix_web::rt::spawn(async move {
        casework.act(case, actor, &Action::AskCustomer { question: note() }, Some(before)).await
    });
    crate::helpers::postgres::until_somebody_waits_for_a_lock(&desk.casework.app.pool).await;
    assert!(!second.is_finished());
    first.commit().await.unwrap();
    assert!(matches!(second.await.unwrap(), Err(ActError::Stale { current }) if current == before + 1));
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn an_objection_while_the_mail_server_hesitates_lets_no_further_try_happen() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ..) = desk.submitted_case(&desk.visitor("de")).await;
    let case = desk.find_case(&number).await;
    let gate = std::sync::Arc::new(tokio::sync::Notify::new());
    desk.smtp.answer(Stage::Recipient, Answer::After(gate.clone()));
    let reached = desk.smtp.times(Stage::Recipient);
    desk.smtp.answer(Stage::Message, Answer::Say("451 4.3.0 later"));

    // The worker is in the middle of handing it over when the departed contact objects.
    let objecting = async {
        desk.smtp.until(Stage::Recipient, reached + 1).await;
        desk.casework
            .act(
                case,
                Actor::DepartedContact,
                &Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
                None,
            )
            .await
            .unwrap();
        gate.notify_one();
    };
    tokio::join!(desk.work_until_idle(), objecting);
    desk.later(48).await;
    assert_eq!(desk.state(&number).await, "contested");
    let tries = desk.take_all_letters().into_iter().filter(|letter| letter.to == ATLASSIAN).count();
    assert!(tries <= 1, "{tries} tries");
    let state: String = sqlx::query_scalar("select state from emails where audience = 'atlassian'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(state, "cancelled");
    desk.finish().await;
}

#[actix_web::test]
async fn a_request_that_arrives_while_somebody_objects_is_known_to_have_arrived() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ..) = desk.submitted_case(&desk.visitor("de")).await;
    let case = desk.find_case(&number).await;
    let gate = std::sync::Arc::new(tokio::sync::Notify::new());
    desk.smtp.answer(Stage::Recipient, Answer::After(gate.clone()));
    let reached = desk.smtp.times(Stage::Recipient);
    let objecting = async {
        desk.smtp.until(Stage::Recipient, reached + 1).await;
        desk.casework
            .act(
                case,
                Actor::DepartedContact,
                &Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None },
                None,
            )
            .await
            .unwrap();
        gate.notify_one();
    };
    tokio::join!(desk.work_until_idle(), objecting);
    desk.work_until_idle().await;
    let loaded = desk.load(&number).await;
    assert_eq!(loaded.case.state.place().as_str(), "contested");
    assert!(loaded.case.delivered_at.is_some(), "Atlassian has it, and the desk must know");
    assert_eq!(loaded.case.state.told().place().as_str(), "with_atlassian");
    desk.take_letter(ATLASSIAN);
    assert!(desk.take_letter(REQUESTER).subject.contains("Atlassian"), "as without the objection");
    // The new contact, too, hears what they would hear anyway; whoever objects, that it has arrived.
    desk.take_letter(SUCCESSOR);
    desk.take_letter(DEPARTED);
    desk.finish().await;
}

#[actix_web::test]
async fn a_form_that_was_mended_and_sent_again_opens_a_case_of_its_own() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let mut fields = form_with(&[("requester_email", "miriam.kesler@nordlicht.example")]);
    customer.escalates(&fields).await.went_well();
    fields.retain(|(name, _)| *name != "requester_email");
    fields.push(("requester_email", REQUESTER.to_owned()));
    customer.escalates(&fields).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.take_letter("miriam.kesler@nordlicht.example");
    desk.finish().await;
}
