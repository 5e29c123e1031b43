//! Going back to a point in time, as docs/OPERATIONS.md says it: a base backup, the write-ahead log archived beside it, the server destroyed,
//! and all of it again up to a moment. What was before it is there and verifies, what was after it is gone, and heads of the log that
//! were kept elsewhere say so.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::Path,
    process::Command,
    time::Duration,
};

use handover::{
    casework::verify_trail,
    postgres::{Server, find_clients},
    transparency::{
        heads::{self, SignedHead},
        verify::{Brought, Finding, verify},
    },
};
use sqlx::PgPool;
use tempfile::TempDir;

use crate::helpers::{
    command::{handover, text},
    desk::Desk,
    postgres::Database,
    story,
};

/// As the account that PostgreSQL runs under where we are root.
fn give(folder: &Path, like: &Path) {
    let owner = fs::metadata(like).unwrap();
    if fs::metadata(folder).unwrap().uid() != owner.uid() {
        chown(folder, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().unwrap().is_dir() {
            give(&entry.path(), like);
        } else {
            chown(entry.path(), Some(owner.uid()), Some(owner.gid())).unwrap();
        }
    }
}

/// Lets everybody in who has to go through.
fn open(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}

async fn until(what: &str, pool: &PgPool, sql: &'static str) {
    for _ in 0..1500 {
        if sqlx::query_scalar(sql).fetch_one(pool).await.is_ok_and(|done: bool| done) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("still not: {what}");
}

async fn head(desk: &Desk) -> SignedHead {
    desk.later(1).await;
    heads::current(&mut desk.owner.acquire().await.unwrap()).await.unwrap().unwrap()
}

async fn confirmed(desk: &Desk, entitlement: &str) -> String {
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.confirmed_case(&desk.visitor("de"), &story::form_with(&[("entitlements", entitlement)])).await
}

#[actix_web::test]
async fn what_was_before_the_moment_comes_back_and_verifies() {
    let (data, archive, base) = (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let kept = archive.path().display();
    let command = format!("archive_command=test ! -f {kept}/%f && cp %p {kept}/%f");
    let server =
        Server::start_with(data.path(), None, &["archive_mode=on", &command, "archive_timeout=1s"]).unwrap();
    [data.path(), archive.path(), base.path()].into_iter().for_each(open);
    let cluster = data.path().join("postgres");
    give(archive.path(), &cluster);

    let desk = Desk::start_upon(Database::on(server.connect_options()).await).await;
    desk.import_register().await;
    let first = confirmed(&desk, "SEN-10000001").await;
    let options = server.connect_options();
    let copied = Command::new(find_clients(None, 15).unwrap().folder.join("pg_basebackup"))
        .args(["--checkpoint=fast", "--wal-method=none", "--username=postgres", "--pgdata"])
        .arg(base.path().join("postgres"))
        .arg(format!("--dbname=host={} port={}", options.get_socket().unwrap().display(), options.get_port()))
        .output()
        .unwrap();
    assert!(copied.status.success(), "{}", text(&copied));

    let second = confirmed(&desk, "SEN-10000002").await;
    let before = head(&desk).await;
    let moment: String =
        sqlx::query_scalar("select clock_timestamp()::text").fetch_one(&desk.owner).await.unwrap();
    // What is after it has another time.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let agent = desk.staff("ann", handover::case::actor::Role::Agent).await;
    agent.does(&first, "notes", &[("note", "Written too late.")]).await.went_well();
    let third = confirmed(&desk, "SEN-10000099").await;
    let after = head(&desk).await;
    desk.take_all_letters();

    let end: String =
        sqlx::query_scalar("select pg_walfile_name(pg_switch_wal())").fetch_one(&desk.owner).await.unwrap();
    until(
        "archived",
        &desk.owner,
        "select exists (select from pg_stat_archiver where last_archived_time is not null)",
    )
    .await;
    for _ in 0..1500 {
        if archive.path().join(&end).exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    desk.finish().await;
    server.stop().unwrap();
    fs::remove_dir_all(data.path().join("postgres")).unwrap();

    // The base backup, and the log up to the moment.
    let again = base.path().join("postgres");
    fs::write(again.join("recovery.signal"), "").unwrap();
    give(&again, archive.path());
    let fetch = format!("restore_command=cp {kept}/%f %p");
    let target = format!("recovery_target_time={moment}");
    let settings = [fetch.as_str(), &target, "recovery_target_action=promote"];
    let server = Server::start_with(base.path(), None, &settings).unwrap();
    let pool =
        sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_lazy_with(server.connect_options());
    until("promoted", &pool, "select not pg_is_in_recovery()").await;
    pool.close().await;

    let desk = Desk::start_upon(Database::on(server.connect_options()).await).await;
    desk.clock.set(after.head.at);
    let numbers: Vec<String> =
        sqlx::query_scalar("select number from cases order by number").fetch_all(&desk.owner).await.unwrap();
    assert_eq!(numbers, [first.clone(), second]);
    let notes: i64 =
        sqlx::query_scalar("select count(*) from case_notes").fetch_one(&desk.owner).await.unwrap();
    assert_eq!(notes, 0, "written after the moment");
    assert_eq!(verify_trail(&desk.owner).await.unwrap(), (2, Vec::new()));
    let since = async |head: &SignedHead| {
        let brought = Brought { since: vec![head.clone()], ..Brought::default() };
        verify(&desk.owner, &brought).await.unwrap().findings
    };
    assert_eq!(since(&before).await, []);
    let (kept, leaves) = (after.head.size, before.head.size);
    assert_eq!(since(&after).await, [Finding::Shrunk { kept, leaves }]);

    // The same by hand, and in words.
    let (home, file) = (TempDir::new().unwrap(), archive.path().join("heads.txt"));
    let audit = |head: &SignedHead| {
        fs::write(&file, head.text()).unwrap();
        let mut command = handover(home.path());
        command.args(["audit", "verify", "--since", file.to_str().unwrap()]);
        command.env("DATABASE_URL", desk.database.url()).output().unwrap()
    };
    let held = audit(&before);
    assert!(held.status.success(), "{}", text(&held));
    let set_back = audit(&after);
    assert_eq!(set_back.status.code(), Some(1));
    assert!(text(&set_back).contains("the log was set back"), "{}", text(&set_back));

    // It goes on from there. The next number is one that was given out before: whoever has a letter of the case that is gone has that number.
    let next = confirmed(&desk, "SEN-10000099").await;
    assert_eq!(next, third);
    desk.later(1).await;
    assert_eq!(verify_trail(&desk.owner).await.unwrap(), (3, Vec::new()));
    desk.take_all_letters();
    desk.finish().await;
    server.stop().unwrap();
}
