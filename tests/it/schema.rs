//! Who changes the schema: `migrate`, and what serves where a setting says so. Everything else looks at it and says so.

use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::helpers::{command, postgres::Database};

/// Commands that must not change the schema, and with which code they end where it is another one.
const OTHERS: [(&[&str], i32); 8] = [
    (&["doctor"], 3),
    (&["audit", "verify"], 3),
    (&["evidence", "rekey"], 3),
    (&["demo"], 3),
    (&["staff", "add", "--name", "Eva Ernst", "--email", "eva@reseller.example", "--role", "auditor"], 3),
    (&["staff", "disable", "--email", "eva@reseller.example"], 3),
    (&["register", "import", "/dev/null"], 3),
    // A mail server would give the message back to its sender on any other code.
    (&["mail", "ingest"], 75),
];

struct Place {
    database: Database,
    data: TempDir,
}

impl Place {
    async fn with(change: &'static str) -> Self {
        let place = Self { database: Database::create().await, data: TempDir::new().unwrap() };
        sqlx::raw_sql(change).execute(&place.database.pool().await).await.unwrap();
        place
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut started = command::handover(self.data.path());
        started.args(arguments).env("DATABASE_URL", self.database.url()).stdin(message());
        started.env("HANDOVER__DATABASE__OWNER_URL", self.database.owner_url());
        started
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    async fn count_tables(&self) -> i64 {
        sqlx::query_scalar("select count(*) from pg_tables where schemaname = 'public'")
            .fetch_one(&self.database.pool().await)
            .await
            .unwrap()
    }
}

/// Something for `mail ingest` to read.
fn message() -> Stdio {
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, b"Subject: x\r\n\r\nx\r\n").unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    file.into()
}

#[actix_web::test]
async fn an_older_schema_is_named_and_left_alone_by_all_but_migrate() {
    let place = Place::with("drop schema public cascade; create schema public").await;
    for (arguments, code) in OTHERS {
        let refused = place.run(arguments);
        let said = command::text(&refused);
        assert_eq!(refused.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains("older than this program: run `handover migrate`"), "{arguments:?}: {said}");
        assert_eq!(place.count_tables().await, 0, "{arguments:?} changed the schema");
    }
    for serving in ["serve", "work"] {
        let refused =
            place.command(&[serving]).env("HANDOVER__DATABASE__MIGRATE_AT_START", "false").output().unwrap();
        assert_eq!(refused.status.code(), Some(3), "{}", command::text(&refused));
        assert_eq!(place.count_tables().await, 0, "{serving} changed the schema");
    }

    let migrated = place.run(&["migrate"]);
    assert!(migrated.status.success(), "{}", command::text(&migrated));
    assert!(place.count_tables().await > 20);
    assert!(place.run(&["migrate"]).status.success(), "again, where nothing is missing");
    assert!(place.run(&["audit", "verify"]).status.success());
}

#[actix_web::test]
async fn what_works_brings_the_schema_up_where_the_setting_says_so() {
    let place = Place::with("drop schema public cascade; create schema public").await;
    // As the owner, who alone can.
    let mut worker = place.command(&["work"]);
    let worker = worker.env("DATABASE_URL", place.database.owner_url());
    let mut worker = worker.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = String::new();
    let mut lines = std::io::BufReader::new(worker.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut lines, &mut said).unwrap();
    assert!(said.contains("works in the background"), "{said}");
    assert!(place.count_tables().await > 20);
    worker.kill().unwrap();
    worker.wait().unwrap();
}

/// Whoever starts yesterday's program on today's schema could write what today's rules never allowed.
#[actix_web::test]
async fn a_newer_schema_is_left_to_the_newer_program() {
    let place = Place::with(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (99991231000000, 'tomorrow', true, '', 0)",
    )
    .await;
    for (arguments, code) in OTHERS.into_iter().chain([
        (["migrate"].as_slice(), 3),
        (["serve"].as_slice(), 3),
        (["work"].as_slice(), 3),
    ]) {
        let refused = place.run(arguments);
        let said = command::text(&refused);
        assert_eq!(refused.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains("newer than this program"), "{arguments:?}: {said}");
    }
}
