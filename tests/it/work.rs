//! The worker's loops: what a panic, a flood or a missing database does to them, and what `/health/ready` says of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use handover::{
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
    assert!(asked.elapsed() < Duration::from_millis(1500), "{:?}", asked.elapsed());
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
    let mut lock = desk.casework.app.pool.begin().await.unwrap();
    sqlx::query("lock table probes").execute(&mut *lock).await.unwrap();
    let asked = Instant::now();
    desk.visitor("en").get("/health/ready").await.is(503).says("the database does not answer");
    assert!(asked.elapsed() < Duration::from_millis(1500), "{:?}", asked.elapsed());
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
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
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
