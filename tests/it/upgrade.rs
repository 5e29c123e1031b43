//! From every released schema to this one: with what its program left there, and with that program still running. `bin/keep-schema`
//! makes what lies in tests/schemas, once for each release.

mod rules;
mod side_by_side;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use handover::{
    administration::trail,
    case::actor::Role,
    casework::verify_trail,
    clock::Timestamp,
    migrations::{self, Fit},
    postgres::find_clients,
    transparency::verify::Finding,
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::helpers::{desk::Desk, postgres::Database};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas")
}

/// What lies there with this ending, by the last migration, the oldest first.
fn kept(ending: &str) -> BTreeMap<i64, PathBuf> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let named = files.filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        Some((name.strip_suffix(ending)?.parse().unwrap(), path))
    });
    named.collect()
}

fn client(name: &str) -> Command {
    Command::new(find_clients(None, 15).unwrap().folder.join(name))
}

/// A database as a program of that day left it.
async fn as_it_was(dump: &Path) -> Database {
    let database = Database::create().await;
    let mut owner = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    sqlx::raw_sql("drop schema public cascade; create schema public").execute(&mut owner).await.unwrap();
    owner.close().await.unwrap();
    let restored = client("pg_restore")
        .args(["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"])
        .arg(format!("--dbname={}", database.owner_url().split("&statement").next().unwrap()))
        .arg(dump)
        .output()
        .unwrap();
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    database
}

/// Everything that is no row, as a text.
fn schema_of(database: &Database) -> Vec<String> {
    let dumped = client("pg_dump")
        .args(["--schema-only", "--no-owner", "--no-privileges", "--no-comments"])
        .arg(format!("--dbname={}", database.owner_url().split("&statement").next().unwrap()))
        .output()
        .unwrap();
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    let text = String::from_utf8(dumped.stdout).unwrap();
    // Without what each dump says anew.
    let is_statement = |line: &&str| !line.is_empty() && !line.starts_with(['\\', '-']);
    // A condition that was restored once has fewer parentheses.
    text.lines().filter(is_statement).map(|line| line.replace(['(', ')'], "")).collect()
}

#[actix_web::test]
async fn every_released_schema_becomes_this_one_and_its_cases_go_on() {
    let dumps = kept(".dump");
    assert!(
        dumps.keys().any(|version| *version >= migrations::OLDEST_WORKING),
        "bin/keep-schema was not run"
    );
    let fresh = schema_of(&Database::create().await);
    for (version, dump) in dumps {
        let database = as_it_was(&dump).await;
        let mut owner = PgConnection::connect_with(&database.connect_options()).await.unwrap();
        assert_eq!(migrations::applied(&mut owner).await.unwrap().last(), Some(&version));
        let cases: i64 =
            sqlx::query_scalar("select count(*) from cases").fetch_one(&mut owner).await.unwrap();
        assert!(cases > 5, "{version} holds {cases} cases");
        migrations::apply(&mut owner).await.unwrap();
        assert_eq!(migrations::compare(&mut owner).await.unwrap(), Fit::Same);
        let migrated = schema_of(&database);
        for (line, wanted) in migrated.iter().zip(&fresh) {
            assert_eq!(line, wanted, "from {version} another schema comes");
        }
        assert_eq!(migrated.len(), fresh.len(), "from {version}");

        // The day after.
        let last: Timestamp =
            sqlx::query_scalar("select max(at) from case_events").fetch_one(&mut owner).await.unwrap();
        let desk = Desk::start_upon(database).await;
        desk.clock.set(last.after(jiff::SignedDuration::from_hours(24)));
        desk.import_register().await;
        let visitor = desk.visitor("de");
        let agent = desk.staff("una", Role::Agent).await;
        let approver = desk.staff("vera", Role::Approver).await;
        let numbers: Vec<String> =
            sqlx::query_scalar("select number from cases").fetch_all(&mut owner).await.unwrap();
        for number in &numbers {
            agent.open(number).await;
        }
        let number = desk.verified_case(&visitor, &agent).await;
        agent.drafts(&number).await;
        approver.approves(&number).await.went_well();
        desk.later(3 * 24).await;
        let (looked, broken) = verify_trail(&desk.owner).await.unwrap();
        assert_eq!((looked, broken), (numbers.len() + 1, Vec::new()), "from {version}");
        assert!(trail::verify(&desk.owner).await.unwrap().holds(), "from {version}");
        let log = handover::transparency::verify::verify(&desk.owner, &Default::default()).await.unwrap();
        assert_eq!(log.findings, [] as [Finding; 0], "from {version}");
        desk.take_all_letters();
        desk.finish().await;
    }
}
