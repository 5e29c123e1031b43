//! Everybody locks a case before its e-mails and messages: transactions that meet wait for each other in turn, and none is
//! ended by PostgreSQL as the victim of a deadlock.

use std::time::Duration;

use handover::{
    app::{App, Step},
    case::{
        action::Action,
        actor::{Actor, Role},
        check::CheckKind,
    },
    correspondence,
    mail::{
        incoming::{
            inbound::{self, Source},
            quarantine::{self, Decider},
        },
        outgoing::{
            deliver::{self, Office},
            transport::Transport,
        },
    },
};
use uuid::Uuid;

use crate::helpers::{
    desk::Desk,
    inbound::{BELIEVING, Mail},
    postgres::until_somebody_waits_for_a_lock,
    smtp::{Answer, Stage},
    story::{REQUESTER, form, form_with},
};

/// Longer than PostgreSQL looks on at a deadlock.
const PATIENCE: Duration = Duration::from_secs(20);

fn office<'a>(app: &'a App, transport: &'a Transport) -> Office<'a> {
    let App { pool, clock, telemetry, meters, settings, .. } = app;
    Office { telemetry, meters, pool, transport, clock, settings: &settings.mail }
}

/// For the objection that meets the news of a failed delivery: the settlement held the e-mail and waited for the case, the
/// objection held the case and waited for the e-mail, and one of them was thrown away.
#[actix_web::test]
async fn a_settlement_waits_for_the_case_before_it_takes_the_email() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ..) = desk.submitted_case(&desk.visitor("de")).await;
    let case = desk.find_case(&number).await;
    desk.smtp.answer(Stage::Recipient, Answer::Say("550 5.1.1 no such user"));
    let app = &desk.casework.app;
    let transport = Transport::try_new(&app.settings.mail, &app.settings.data_dir).unwrap();
    put_letters_off(&desk).await;
    deliver::step(office(app, &transport)).await.unwrap();

    let mut objecting = app.pool.begin().await.unwrap();
    desk.casework.lock(&mut objecting, case).await.unwrap();
    let casework = desk.casework.clone();
    let settling = actix_web::rt::spawn(async move { casework.settlement_step().await });
    until_somebody_waits_for_a_lock(&app.pool).await;
    let free = "select id from emails where audience = 'atlassian' for update nowait";
    assert!(sqlx::query(free).execute(&mut *objecting).await.is_ok(), "the e-mail is free");
    let objection = Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None };
    let objected = desk.casework.act_in(&mut objecting, case, Actor::DepartedContact, &objection, None);
    tokio::time::timeout(PATIENCE, objected).await.expect("the e-mail is free").unwrap();
    assert!(!settling.is_finished());
    objecting.commit().await.unwrap();
    assert_eq!(settling.await.unwrap().unwrap(), Step::Did);

    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "contested");
    let emails = "select state from emails where audience = 'atlassian'";
    let states: Vec<String> = sqlx::query_scalar(emails).fetch_all(&app.pool).await.unwrap();
    assert_eq!(states, ["cancelled"]);
    desk.take_all_letters();
    desk.finish().await;
}

/// Two workers that find the same news: the second one waits for the case, and then finds it told.
#[actix_web::test]
async fn two_settlements_of_one_email_tell_it_once() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ..) = desk.submitted_case(&desk.visitor("de")).await;
    let case = desk.find_case(&number).await;
    let app = &desk.casework.app;
    let transport = Transport::try_new(&app.settings.mail, &app.settings.data_dir).unwrap();
    put_letters_off(&desk).await;
    deliver::step(office(app, &transport)).await.unwrap();
    let version = desk.load(&number).await.version;

    let mut held = app.pool.begin().await.unwrap();
    desk.casework.lock(&mut held, case).await.unwrap();
    let mut settling = Vec::new();
    for waiting in 1..=2 {
        let casework = desk.casework.clone();
        settling.push(actix_web::rt::spawn(async move { casework.settlement_step().await }));
        // One that looks in the same moment as the other would find nothing, and not wait.
        until_sessions_wait(&desk, waiting).await;
    }
    held.commit().await.unwrap();
    for one in settling {
        assert_eq!(one.await.unwrap().unwrap(), Step::Did);
    }
    assert_eq!(desk.load(&number).await.version, version + 1);
    assert_eq!(desk.state(&number).await, "with_atlassian");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Letters to the customer's side by an hour, so that the request to Atlassian is the one that is delivered.
async fn put_letters_off(desk: &Desk) {
    let sql = "update emails set next_attempt_at = next_attempt_at + interval '1 hour'
         where audience <> 'atlassian' and state = 'queued'";
    sqlx::query(sql).execute(&desk.casework.app.pool).await.unwrap();
    // What was sent before is passed on first.
    while desk.casework.settlement_step().await.unwrap() == Step::Did {}
}

pub async fn until_sessions_wait(desk: &Desk, number: i64) {
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    // However loaded the machine.
    for _ in 0..4000 {
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&desk.casework.app.pool).await.unwrap();
        if waiting >= number {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("fewer than {number} sessions wait");
}

async fn newest_message(desk: &Desk) -> Uuid {
    let newest = "select id from inbound_emails order by received_at desc, id desc limit 1";
    sqlx::query_scalar(newest).fetch_one(&desk.casework.app.pool).await.unwrap()
}

#[actix_web::test]
async fn a_release_waits_for_the_case_before_it_takes_the_message() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let requesters = desk.take_letter(REQUESTER).return_path;
    let case = desk.find_case(&number).await;
    let stranger = Mail::authentic("somebody.else@nordlicht.example", &requesters);
    desk.receives(&stranger.raw()).await.is_in_quarantine("inbound-unknown-sender");
    let (id, ann) = (newest_message(&desk).await, desk.staff("ann", Role::Agent).await);

    let mut held = desk.casework.app.pool.begin().await.unwrap();
    desk.casework.lock(&mut held, case).await.unwrap();
    let (visitor, path) = (ann.visitor, format!("/desk/quarantine/{id}/release"));
    let releasing = actix_web::rt::spawn(async move {
        visitor.submit(&path, &[("number", number.as_str()), ("writer", "other")]).await
    });
    until_somebody_waits_for_a_lock(&desk.casework.app.pool).await;
    let by = Decider { staff: ann.id.0, at: desk.now(), token: None };
    let discarded = tokio::time::timeout(PATIENCE, quarantine::discard(&mut held, id, "Spam.", by)).await;
    assert!(discarded.expect("the message is free").unwrap());
    held.commit().await.unwrap();
    releasing.await.unwrap().says("Somebody else has decided");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn filing_waits_for_the_case_before_it_takes_the_message() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let requesters = desk.take_letter(REQUESTER).return_path;
    let (pool, case) = (&desk.casework.app.pool, desk.find_case(&number).await);
    let mut connection = pool.acquire().await.unwrap();
    let raw = Mail::authentic(REQUESTER, &requesters).raw();
    assert!(inbound::store(&mut connection, Source::Pipe, &raw, desk.now()).await.unwrap());
    drop(connection);
    let id = newest_message(&desk).await;

    let mut held = pool.begin().await.unwrap();
    desk.casework.lock(&mut held, case).await.unwrap();
    let casework = desk.casework.clone();
    let filing = actix_web::rt::spawn(async move { correspondence::step(&casework).await });
    until_somebody_waits_for_a_lock(pool).await;
    let free = "select id from inbound_emails where id = $1 for update nowait";
    assert!(sqlx::query(free).bind(id).execute(&mut *held).await.is_ok(), "the message is free");
    held.commit().await.unwrap();
    assert_eq!(filing.await.unwrap().unwrap(), Step::Did);
    desk.fate_of_the_last().await.is_filed_from("requester");
    desk.take_all_letters();
    desk.finish().await;
}

/// Checks of many cases become due at once. Each case is locked before its checks, a few cases at a time: who works on one is
/// waited for, and meanwhile holds up nobody who works on another.
#[actix_web::test]
async fn whoever_makes_many_checks_due_waits_for_each_case_and_keeps_no_other() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    for entitlement in ["SEN-10000001", "SEN-10000002", "SEN-10000003"] {
        desk.confirmed_case(&customer, &form_with(&[("entitlements", entitlement)])).await;
        desk.take_all_letters();
    }
    desk.work_until_idle().await;
    let pool = &desk.casework.app.pool;
    let decided =
        "select case_id from checks where kind = 'domain_register' and verdict <> 'pending' order by case_id";
    let cases: Vec<Uuid> = sqlx::query_scalar(decided).fetch_all(pool).await.unwrap();
    let [first, second, third] = cases[..] else { panic!("{cases:?}") };
    let due =
        "select case_id from checks where kind = 'domain_register' and due_at is not null order by case_id";
    let none: Vec<Uuid> = sqlx::query_scalar(due).fetch_all(pool).await.unwrap();
    assert_eq!(none, Vec::<Uuid>::new());

    let mut held = pool.begin().await.unwrap();
    desk.casework.lock(&mut held, second).await.unwrap();
    let casework = desk.casework.clone();
    let waking = actix_web::rt::spawn(async move { casework.wake_domain_checks(1).await });
    until_somebody_waits_for_a_lock(pool).await;
    let free = "select from checks where case_id = $1 for update nowait";
    assert!(sqlx::query(free).bind(second).execute(&mut *held).await.is_ok(), "its checks are free");
    let so_far: Vec<Uuid> = sqlx::query_scalar(due).fetch_all(pool).await.unwrap();
    assert_eq!(so_far, [first], "what came before is done");
    let mut other = pool.begin().await.unwrap();
    let free = "select from cases where id = any($1) for update nowait";
    let others = vec![first, third];
    assert!(sqlx::query(free).bind(&others).execute(&mut *other).await.is_ok(), "the others are free");
    other.rollback().await.unwrap();
    held.commit().await.unwrap();
    waking.await.unwrap().unwrap();
    let all: Vec<Uuid> = sqlx::query_scalar(due).fetch_all(pool).await.unwrap();
    assert_eq!(all, [first, second, third]);
    desk.take_all_letters();
    desk.finish().await;
}
