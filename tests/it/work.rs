//! The worker's loops: what a panic, a flood or a missing database does to them, and what `/health/ready` says of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use handover::{
    case::check::CheckKind,
    mail::outgoing::transport::Transport,
    work::{Kind, Worker},
};
use sqlx::{Connection as _, PgConnection};
use strum::VariantArray as _;
use tokio_util::sync::CancellationToken;

use crate::helpers::{desk::Desk, story};

fn worker(desk: &Desk) -> Worker {
    let settings = &desk.casework.app.settings;
    let transport = Transport::try_new(&settings.mail, &settings.data_dir).unwrap();
    Worker::new(desk.casework.clone(), transport)
}

/// Waits until `it` is so.
async fn until(what: &str, mut it: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !it() {
        assert!(Instant::now() < deadline, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn a_step_that_panics_ends_neither_its_kind_nor_any_other() {
    let desk = Desk::start().await;
    let (calls, stop) = (Arc::new(Mutex::new(BTreeMap::<Kind, usize>::new())), CancellationToken::new());
    let counted = calls.clone();
    let worker = worker(&desk).before_each_step(move |kind| {
        let first = {
            let mut calls = counted.lock().unwrap();
            let times = calls.entry(kind).or_default();
            *times += 1;
            *times == 1
        };
        assert!(!first, "a mistake of ours in {kind:?}");
    });
    let stopping = stop.clone();
    let running = actix_web::rt::spawn(async move { worker.run(&stopping).await });
    let seen = calls.clone();
    until("each kind is tried again after its panic", move || {
        let calls = seen.lock().unwrap();
        Kind::VARIANTS.iter().all(|kind| calls.get(kind).is_some_and(|times| *times > 1))
    })
    .await;

    // Nothing of it is broken: a letter still leaves.
    let visitor = desk.visitor("en");
    visitor.get("/health/ready").await.is(200);
    visitor.escalates(&story::form()).await.went_well();
    until("the letter left", || !desk.untaken().is_empty()).await;
    stop.cancel();
    running.await.unwrap().unwrap();
    desk.take_letter(story::REQUESTER);

    // The worker of this process has ended, and that shows.
    visitor.get("/health/ready").await.is(503).says("the background work has ended");
    desk.finish().await;
}

/// What `/health/ready` says while the database is as `sql` makes it for new connections; within about a second.
async fn ready_while(sql: &str) -> (u16, String) {
    let desk = Desk::start().await;
    let options = desk.database.connect_options();
    let name = options.get_database().unwrap().to_owned();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let sql = sql.replace("THIS", &name);
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    // What a connection begins with is read when it begins.
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()")
        .bind(&name)
        .execute(&mut connection)
        .await
        .unwrap();
    let asked = Instant::now();
    let answer = desk.visitor("en").get("/health/ready").await;
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    (answer.status.as_u16(), answer.text)
}

#[actix_web::test]
async fn a_database_that_takes_no_writes_is_not_ready() {
    for (sql, why) in [
        ("alter database THIS set default_transaction_read_only = on", "the database is read-only"),
        // The disk has room for the old place of a row, and for nothing new.
        ("alter database THIS set temp_file_limit = 0", "the database takes no writes"),
        (
            "create function is_full() returns trigger language plpgsql as
             $$ begin raise exception using errcode = '53100'; end $$;
             create trigger is_full before update on probes for each row execute function is_full()",
            "the disk of the database is full",
        ),
        ("drop table probes", "the database takes no writes"),
        ("delete from _sqlx_migrations where version = 20261128040000", "migrations are missing"),
    ] {
        assert_eq!(ready_while(sql).await, (503, format!("{why}\n")), "{sql}");
    }
    assert_eq!(ready_while("select 1").await, (200, "ready\n".to_owned()));
}

/// Locked, as by a maintenance that never ends: the answer does not wait for it.
#[actix_web::test]
async fn a_database_that_does_not_answer_is_not_ready() {
    let desk = Desk::start().await;
    let mut lock = desk.owner.begin().await.unwrap();
    sqlx::query("lock table probes").execute(&mut *lock).await.unwrap();
    let asked = Instant::now();
    desk.visitor("en").get("/health/ready").await.is(503).says("the database does not answer");
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    lock.rollback().await.unwrap();
    desk.visitor("en").get("/health/ready").await.is(200);
    desk.finish().await;
}

/// Each loop had a connection of its own only to listen; a pool of five was then used up by them.
#[actix_web::test]
async fn all_loops_listen_by_one_connection() {
    let desk = Desk::start().await;
    let stop = CancellationToken::new();
    let (worker, stopping) = (worker(&desk), stop.clone());
    let running = actix_web::rt::spawn(async move { worker.run(&stopping).await });
    desk.visitor("en").escalates(&story::form()).await.went_well();
    // Long before anybody would look by himself.
    let asked = Instant::now();
    until("the letter left", || !desk.untaken().is_empty()).await;
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    let listening: i64 = sqlx::query_scalar(
        "select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen %'",
    )
    .fetch_one(&desk.casework.app.pool)
    .await
    .unwrap();
    assert_eq!(listening, 1);
    stop.cancel();
    running.await.unwrap().unwrap();
    desk.take_letter(story::REQUESTER);
    desk.finish().await;
}

/// So many steps of one kind follow each other at most (`TURN`).
const TURN: usize = 50;

/// Works until `story` is over; the kinds of the steps, in order.
async fn kinds_until(desk: &Desk, story: impl Future<Output = ()>) -> Vec<Kind> {
    let (steps, stop) = (Arc::new(Mutex::new(Vec::new())), CancellationToken::new());
    let noted = steps.clone();
    let worker = worker(desk).before_each_step(move |kind| noted.lock().unwrap().push(kind));
    let story = async {
        story.await;
        stop.cancel();
    };
    let (ended, ()) = tokio::join!(worker.run(&stop), story);
    ended.unwrap();
    let steps = steps.lock().unwrap();
    steps.clone()
}

/// Of the loop that these kinds share: `flooded` has many steps, never more than a turn of them in a row, and each of the
/// others as many turns.
fn is_fair(steps: &[Kind], flooded: Kind, others: &[Kind], items: usize) {
    let of_loop: Vec<Kind> =
        steps.iter().copied().filter(|kind| *kind == flooded || others.contains(kind)).collect();
    let longest = of_loop.chunk_by(|one, next| (*one == flooded) == (*next == flooded));
    let longest = longest.filter(|row| row[0] == flooded).map(<[Kind]>::len).max().unwrap();
    assert!(longest <= TURN, "{longest} steps of {flooded:?} in a row");
    let count = |wanted: Kind| of_loop.iter().filter(|kind| **kind == wanted).count();
    assert!(count(flooded) >= items, "{} steps of {flooded:?}", count(flooded));
    for other in others {
        assert!(count(*other) >= items / TURN, "{} steps of {other:?}", count(*other));
    }
}

async fn count(desk: &Desk, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&desk.casework.app.pool).await.unwrap()
}

/// Somebody has filled the form two thousand times and confirmed nothing, and a week later all of it is over at once.
#[actix_web::test]
async fn two_thousand_cases_that_expire_at_once_hold_up_no_other_work_on_cases() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &story::form()).await;
    desk.work_until_idle().await;
    desk.visitor("de").escalates(&story::form()).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let pool = &desk.owner;
    crate::helpers::postgres::let_rows_be_staged(pool).await;
    sqlx::raw_sql(
        "create temp table clones as
             select id as original, gen_random_uuid() as id, gen_random_uuid() as request_id, n
             from cases, generate_series(1, 2000) n where state = 'unconfirmed';
         create temp table cloned_cases as
             select (jsonb_populate_record(c, jsonb_build_object('id', k.id, 'request_id', k.request_id,
                 'number', 'HO-2020-' || lpad(k.n::text, 5, '0')))).* from cases c join clones k on k.original = c.id;
         do $$ declare columns text; begin
             select string_agg(quote_ident(column_name), ', ') into columns from information_schema.columns
             where table_schema = 'public' and table_name = 'cases' and is_generated = 'NEVER';
             execute format('insert into cases (%1$s) select %1$s from cloned_cases', columns);
         end $$;
         insert into escalations select (jsonb_populate_record(e, jsonb_build_object('case_id', k.id))).*
             from escalations e join clones k on k.original = e.case_id;
         insert into case_entitlements select (jsonb_populate_record(e, jsonb_build_object('case_id', k.id))).*
             from case_entitlements e join clones k on k.original = e.case_id",
    )
    .execute(pool)
    .await
    .unwrap();
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(8 * 24)));
    let case = desk.find_case(&number).await;
    desk.casework.wake_check(case, CheckKind::DomainRegister).await.unwrap();
    let unconfirmed = "select count(*) from cases where state = 'unconfirmed'";
    let woken = "select count(*) from checks where kind = 'domain_register' and due_at is not null";
    assert_eq!((count(&desk, unconfirmed).await, count(&desk, woken).await), (2001, 1));

    let steps = kinds_until(&desk, async {
        while count(&desk, woken).await > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(count(&desk, unconfirmed).await > 0, "the check waited for all of them");
        while count(&desk, unconfirmed).await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let others = [Kind::Upkeep, Kind::Checks, Kind::FollowUps, Kind::Settlements, Kind::Retention];
    is_fair(&steps, Kind::Deadlines, &others, 2000);
    // Not in order to its end: the copies have no trail of their own that could be verified.
}

/// Hundreds of domains are to be asked about, as after an import or by somebody who fills forms; those on record are watched all
/// the same.
#[actix_web::test]
async fn hundreds_of_domains_that_are_asked_about_hold_up_no_watch() {
    let desk = Desk::start().await;
    desk.import_register().await;
    sqlx::query("insert into mail_servers (domain, due_at) select 'flood-' || n || '.example', $1 from generate_series(1, 500) n")
        .bind(desk.now())
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    let due = "select count(*) from mail_servers where asked_at is null";
    let unwatched = "select count(*) from customer_domains c
         where not exists (select from watched_domains w where w.domain = c.domain)";
    assert!(count(&desk, unwatched).await > 0);
    let steps = kinds_until(&desk, async {
        while count(&desk, unwatched).await > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(count(&desk, due).await > 0, "the watch waited for all of them");
        while count(&desk, due).await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    is_fair(&steps, Kind::MailServers, &[Kind::DomainsOnRecord], 500);
    desk.finish().await;
}

/// On a database that was cut off, a step would wait for ever. Here it waits for a lock that nobody lets go of.
#[actix_web::test]
async fn a_step_that_hangs_is_given_up_and_tried_again() {
    let desk = Desk::start().await;
    desk.visitor("en").escalates(&story::form()).await.went_well();
    let mut holder = PgConnection::connect_with(&desk.database.connect_options()).await.unwrap();
    sqlx::raw_sql("begin; lock table emails in access exclusive mode").execute(&mut holder).await.unwrap();
    let (times, stop) = (Arc::new(Mutex::new(0)), CancellationToken::new());
    let counted = times.clone();
    let worker = worker(&desk).giving_up_after(Duration::from_millis(300)).before_each_step(move |kind| {
        if kind == Kind::Deliveries {
            *counted.lock().unwrap() += 1;
        }
    });
    let stopping = stop.clone();
    let running = actix_web::rt::spawn(async move { worker.run(&stopping).await });
    until("delivering is tried again", || *times.lock().unwrap() > 2).await;
    holder.close().await.unwrap();
    let received = &desk.smtp;
    until("the letter leaves", || received.received().len() == 1).await;
    stop.cancel();
    running.await.unwrap().unwrap();
    desk.take_letter(story::REQUESTER);
    desk.finish().await;
}
