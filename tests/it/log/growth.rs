//! What changes gets into the log: once, whoever logs, and whatever happens meanwhile.

use std::time::Duration;

use data_encoding::HEXLOWER;
use handover::{
    app::Step,
    transparency::{
        append, heads,
        leaves::{ADMINISTRATION, Kind},
        proofs, tree,
    },
};

use super::*;
use crate::helpers::postgres::until_somebody_waits_for_a_lock;

const PATIENCE: Duration = Duration::from_secs(20);

#[actix_web::test]
async fn what_happens_is_logged_and_can_be_proved() {
    let (desk, [one, two]) = desk_with_cases("").await;
    let pool = &desk.owner;
    let mut connection = pool.acquire().await.unwrap();
    for number in [&one, &two] {
        let found = proofs::inclusion(&mut connection, Kind::Case, number).await.unwrap().unwrap();
        let (count, hash): (i32, Vec<u8>) =
            sqlx::query_as("select event_count, event_hash from cases where number = $1")
                .bind(number)
                .fetch_one(pool)
                .await
                .unwrap();
        // As somebody who trusts nobody: from the texts alone.
        let text = format!("handover-log-leaf-v1\ncase\n{number}\n{count}\n{}\n", HEXLOWER.encode(&hash));
        assert_eq!(found.leaf.text(), text);
        let leaf = tree::leaf_hash(text.as_bytes());
        let place = (found.index, found.tree_size);
        assert!(tree::verify_inclusion(&leaf, place, &found.proof, &found.head.head.root));
        assert!(found.head.is_signed_by(&found.public_key));
    }
    let administration =
        proofs::inclusion(&mut connection, Kind::Administration, ADMINISTRATION).await.unwrap();
    assert_eq!(administration.map(|found| found.leaf.subject), Some(ADMINISTRATION.to_owned()));
    assert!(proofs::inclusion(&mut connection, Kind::Case, "HO-2026-99999").await.unwrap().is_none());

    // Each change is a leaf of its own, and the tree before it stays what it was.
    let before = heads::current(&mut connection).await.unwrap().unwrap();
    note(&desk, &two).await;
    desk.work_until_idle().await;
    let after = heads::current(&mut connection).await.unwrap().unwrap();
    assert_eq!(after.head.size, before.head.size + 1);
    let proof =
        proofs::consistency(&mut connection, before.head.size, after.head.size).await.unwrap().unwrap();
    let (old, new) = ((before.head.size, &before.head.root), (after.head.size, &after.head.root));
    assert!(tree::verify_consistency(old, new, &proof));
    // What is as it was logged is not logged again.
    overwrite(
        pool,
        &format!("insert into log_pending (kind, subject) values ('case', '{two}'), ('administration', '-')"),
    )
    .await;
    desk.work_until_idle().await;
    assert_eq!(head(&desk).await, after);
    let verified = verified(pool, &[before, after]).await;
    assert!(verified.holds() && verified.pending == 0, "{verified:?}");
    drop(connection);
    desk.finish().await;
}

/// A log that loses a change would prove that it never was.
#[actix_web::test]
async fn a_change_that_is_under_way_is_logged_once_it_is_there() {
    let (desk, [one, _]) = desk_with_cases("").await;
    let app = &desk.casework.app;
    let before = head(&desk).await;
    let case = desk.find_case(&one).await;
    let mut changing = app.pool.begin().await.unwrap();
    desk.casework.act_in(&mut changing, case, ann(&desk).await, &note_action(), None).await.unwrap();
    // Something else of the same case waits already. Nobody waits for who has the case.
    overwrite(&app.pool, &format!("insert into log_pending (kind, subject) values ('case', '{one}')")).await;
    let logged = tokio::time::timeout(PATIENCE, append::step(app)).await.expect("nobody waits").unwrap();
    assert_eq!((logged, head(&desk).await), (Step::Did, before.clone()), "what is not there is not logged");
    // Nor does the change wait for who logs.
    let mut logging = app.pool.begin().await.unwrap();
    sqlx::query("select tree_size from log_end for update").execute(&mut *logging).await.unwrap();
    tokio::time::timeout(PATIENCE, changing.commit()).await.expect("nobody waits").unwrap();
    assert_eq!(append::step(app).await.unwrap(), Step::Idle, "somebody logs already");
    logging.rollback().await.unwrap();
    log_all(app).await;
    assert_eq!(head(&desk).await.head.size, before.head.size + 1);
    let holds = verified(&app.pool, &[before]).await;
    assert!(holds.holds() && holds.pending == 0, "{holds:?}");
    desk.finish().await;
}

#[actix_web::test]
async fn two_workers_make_one_log() {
    let (desk, [one, two]) = desk_with_cases("").await;
    let app = &desk.casework.app;
    let before = head(&desk).await;
    let works = async || {
        for _ in 0..30 {
            append::step(app).await.unwrap();
        }
    };
    let changes = async || {
        for _ in 0..5 {
            note(&desk, &one).await;
            note(&desk, &two).await;
        }
    };
    tokio::join!(works(), changes(), works());
    log_all(app).await;
    let verified = verified(&app.pool, &[before]).await;
    assert!(verified.holds() && verified.pending == 0, "{verified:?}");
    desk.finish().await;
}

#[actix_web::test]
async fn a_worker_that_dies_in_the_middle_leaves_nothing() {
    let (desk, [one, _]) = desk_with_cases("").await;
    let app = desk.casework.app.clone();
    let before = head(&desk).await;
    note(&desk, &one).await;
    // It has taken what waits and written its leaves, and can't write the head.
    let mut stopping = desk.owner.begin().await.unwrap();
    sqlx::query("lock table log_heads in exclusive mode").execute(&mut *stopping).await.unwrap();
    let own = app.clone();
    let dying = actix_web::rt::spawn(async move { append::step(&own).await });
    until_somebody_waits_for_a_lock(&app.pool).await;
    let kill = "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'";
    sqlx::query(kill).execute(&desk.owner).await.unwrap();
    assert!(dying.await.unwrap().is_err());
    stopping.rollback().await.unwrap();
    assert_eq!(head(&desk).await, before);
    assert_eq!(verified(&app.pool, &[]).await.pending, 1, "it waits again");
    log_all(&app).await;
    assert!(verified(&app.pool, &[before]).await.holds());
    desk.finish().await;
}

/// A busy day makes no head for each of its changes.
#[actix_web::test]
async fn heads_come_at_most_as_often_as_the_settings_say() {
    let desk = Desk::start().await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("en"), &form()).await;
    desk.take_all_letters();
    let first = head(&desk).await;
    desk.staff_without_browser("ann", Role::Agent).await;
    let number = desk.newest().await;
    note(&desk, &number).await;
    desk.work_until_idle().await;
    assert_eq!(head(&desk).await, first);
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(61)));
    desk.work_until_idle().await;
    assert!(head(&desk).await.head.size > first.head.size);
    // More than a head holds waits for nobody, and a clock that went back holds nothing up.
    let many =
        "insert into log_pending (kind, subject) select 'case', number from cases, generate_series(1, 600)";
    overwrite(&desk.owner, many).await;
    note(&desk, &number).await;
    desk.work_until_idle().await;
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(-1)));
    desk.work_until_idle().await;
    let verified = verified(&desk.owner, &[first]).await;
    assert!(verified.holds() && verified.pending == 0, "{verified:?}");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn nothing_personal_gets_into_the_log() {
    let (desk, _) = desk_with_cases("").await;
    let texts: Vec<String> =
        sqlx::query_scalar("select subject from log_leaves").fetch_all(&desk.owner).await.unwrap();
    assert!(texts.iter().all(|text| text == "-" || text.starts_with("HO-2026-")), "{texts:?}");
    desk.finish().await;
}

#[actix_web::test]
async fn what_was_logged_can_not_be_changed_by_who_serves() {
    let (desk, _) = desk_with_cases("").await;
    let pool = &desk.owner;
    for table in ["log_keys", "log_leaves", "log_nodes", "log_heads", "log_stamps"] {
        let (column, value) = match table {
            "log_keys" | "log_heads" => ("key_id", "key_id"),
            "log_nodes" => ("hash", "hash"),
            "log_stamps" => ("response", "response"),
            _ => ("subject", "subject"),
        };
        for sql in [
            format!("update {table} set {column} = {value}"),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
        ] {
            let empty = table == "log_stamps" && !sql.starts_with("truncate");
            let refused = sqlx::query(AssertSqlSafe(sql.clone())).execute(pool).await.is_err();
            assert!(refused || empty, "{sql}");
        }
    }
    assert!(sqlx::query("update log_end set tree_size = 1").execute(pool).await.is_err());
    assert!(sqlx::query("delete from log_end").execute(pool).await.is_err());
    desk.finish().await;
}
