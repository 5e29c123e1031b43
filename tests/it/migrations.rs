//! Every migration meets rows from before it. A file of `tests/it/migrations/` holds what a database held once the migration
//! of its name was the last one; from there all later ones are applied, one after the other. No row is lost, every trail
//! holds, today's program reads every case, and its worker goes on from there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use handover::{
    casework::{list_events, list_notes, verify_trail},
    migrations::{Fit, MIGRATIONS, compare},
    transparency::verify::Finding,
};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, migrate::Migrate as _};
use uuid::Uuid;

use crate::helpers::{desk::Desk, postgres::Database};

/// What the hashes in the files are of.
const PASSWORD: &str = "correct horse battery staple";

/// What no migration may change of a row, by table.
const KEPT: [(&str, &str); 9] = [
    ("case_events", "case_id, seq, version, at, actor, staff_id, kind, data, previous_hash, hash"),
    (
        "escalations",
        "case_id, requester_email, company, departed_email, contact_role, successor_email, explanation",
    ),
    ("case_entitlements", "case_id, position, kind, value"),
    ("case_notes", "id, case_id, kind, body, created_at"),
    ("drafts", "id, author_id, subject, raw, digest, evidence_digest, voided_at"),
    ("approvals", "id, draft_id, digest, drafted_by, approved_by"),
    ("emails", "id, audience, notification, envelope_to, subject, raw, digest, state"),
    ("inbound_emails", "id, raw, state, received_at"),
    ("evidence_files", "id, case_id, name, sha256, content, scan"),
];

/// Where a file begins, and its rows.
fn beginnings() -> BTreeMap<i64, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/migrations");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            let version: i64 = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
            assert!(MIGRATIONS.version_exists(version), "{version} is no migration");
            (version, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The tables that a migration alters or whose rows it changes.
fn touched(sql: &str) -> BTreeSet<String> {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let plain = lines.collect::<Vec<_>>().join("\n");
    // What stands in a function happens later.
    let outside: String = plain.split("$$").step_by(2).collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = outside.split_whitespace().collect();
    let named = words.windows(3).filter_map(|words| match words {
        ["alter", "table", table] | ["delete", "from", table] => Some(*table),
        ["update", table, "set"] => Some(*table),
        _ => None,
    });
    let renamed = words.windows(4).filter_map(|words| match words {
        ["update", table, _, "set"] => Some(*table),
        _ => None,
    });
    named.chain(renamed).map(|table| table.trim_end_matches(';').to_owned()).collect()
}

async fn count_rows(connection: &mut PgConnection) -> BTreeMap<String, i64> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select tablename::text from pg_tables where schemaname = 'public' and tablename <> '_sqlx_migrations'",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let mut counted = BTreeMap::new();
    for table in tables {
        let sql = AssertSqlSafe(format!("select count(*) from {table}"));
        counted.insert(table, sqlx::query_scalar(sql).fetch_one(&mut *connection).await.unwrap());
    }
    counted
}

/// A digest of what must stay of each table that is there.
async fn kept(
    connection: &mut PgConnection,
    tables: &BTreeMap<String, i64>,
) -> BTreeMap<&'static str, String> {
    let mut digests = BTreeMap::new();
    for (table, columns) in KEPT.into_iter().filter(|(table, _)| tables.contains_key(*table)) {
        let sql = format!(
            "select coalesce(md5(string_agg(md5(kept::text), '' order by md5(kept::text))), '')
             from (select {columns} from {table}) as kept"
        );
        let digest = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *connection).await.unwrap();
        digests.insert(table, digest);
    }
    digests
}

/// Applies everything, with the rows of the file in their place. Which migrations met rows in which tables that they touch.
async fn walk(pool: &PgPool, (begin, rows): (i64, &str)) -> BTreeSet<(i64, String)> {
    sqlx::raw_sql("drop schema public cascade; create schema public").execute(pool).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    connection.ensure_migrations_table("_sqlx_migrations").await.unwrap();
    let mut met = BTreeSet::new();
    for migration in MIGRATIONS.iter() {
        let before = count_rows(&mut connection).await;
        let held = kept(&mut connection, &before).await;
        if migration.version > begin {
            let populated = |table: &String| before.get(table).is_some_and(|rows| *rows > 0);
            met.extend(
                touched(migration.sql.as_str()).into_iter().filter(populated).map(|t| (migration.version, t)),
            );
        }
        connection.apply("_sqlx_migrations", migration).await.unwrap_or_else(|error| {
            panic!("{} does not go onto what {begin} left: {error}", migration.version)
        });
        let after = count_rows(&mut connection).await;
        for (table, rows) in &before {
            let left = after.get(table).copied().unwrap_or_default();
            assert!(left >= *rows, "{} loses rows of {table}: {rows}, then {left}", migration.version);
        }
        assert_eq!(kept(&mut connection, &before).await, held, "{} changes what stays", migration.version);
        if migration.version == begin {
            // As they were found, not as they came to be: triggers judge how rows come to be.
            sqlx::raw_sql("set session_replication_role = replica").execute(&mut *connection).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(rows)).execute(&mut *connection).await.unwrap();
            sqlx::raw_sql("set session_replication_role = origin").execute(&mut *connection).await.unwrap();
        }
    }
    met
}

#[actix_web::test]
async fn every_migration_takes_what_a_database_held_before_it() {
    let mut met = BTreeSet::new();
    for (begin, rows) in beginnings() {
        let database = Database::create().await;
        met.extend(walk(&database.pool().await, (begin, &rows)).await);
        let desk = Desk::start_upon(database).await;
        let pool = &desk.casework.app.pool;
        assert_eq!(compare(pool).await.unwrap(), Fit::Same);

        // What each case waits for now is kept, and every end that the trail tells of.
        let wrong: Vec<String> = sqlx::query_scalar(
            "select number from cases c where not exists (select from case_waits w where w.case_id = c.id and w.until is null
                 and (w.state, w.party) = (c.state, c.waiting_for) and w.since <= c.waiting_since)
             union select 'ends of ' || number from cases c
             where (select count(*) from case_waits w where w.case_id = c.id and w.state = 'closed')
                 <> (select count(*) from case_events e where e.case_id = c.id and e.data ->> 'to' = 'closed'
                     and e.data ->> 'from' is distinct from 'closed')
             union select 'overlap in ' || w.case_id from case_waits w join case_waits n
                 on n.case_id = w.case_id and n.version > w.version and n.since < coalesce(w.until, 'infinity')",
        )
        .fetch_all(pool)
        .await
        .unwrap();
        assert_eq!(wrong, [""; 0], "waits after {begin}");

        // Everything is readable by today's program, line by line and page by page.
        let ids: Vec<Uuid> = sqlx::query_scalar("select id from cases").fetch_all(pool).await.unwrap();
        assert_eq!(verify_trail(pool).await.unwrap(), (ids.len(), Vec::new()), "after {begin}");
        let loaded = desk.casework.load_all(&ids).await.unwrap();
        assert_eq!(loaded.len(), ids.len(), "cases that can't be read after {begin}");
        for id in &ids {
            let mut connection = pool.acquire().await.unwrap();
            assert!(!list_events(&mut connection, *id).await.unwrap().is_empty());
            list_notes(&mut connection, *id).await.unwrap();
        }
        if ids.is_empty() {
            desk.finish().await;
            continue;
        }
        desk.clock.set("2026-06-09T10:30:00Z".parse::<jiff::Timestamp>().unwrap().into());
        let visitor = desk.visitor("de");
        let fields = [("email", "ann@reseller.example"), ("password", PASSWORD)];
        visitor.post("/desk/sign-in", &fields).await.went_well();
        visitor.get("/desk/cases").await.is(200);
        for case in loaded.values() {
            visitor.get(&format!("/desk/cases/{}", case.case.number)).await.is(200);
        }
        for page in ["/desk/mail", "/desk/quarantine", "/desk/overview"] {
            visitor.get(page).await.is(200);
        }

        // And the worker goes on from there, also where the register changes.
        desk.import_register().await;
        desk.later(3 * 24).await;
        assert_eq!(verify_trail(pool).await.unwrap(), (ids.len(), Vec::new()), "after the work on {begin}");
        // What was there before the log is in it. The rows of the files take no numbers.
        let mut log = handover::transparency::verify::verify(pool, &Default::default()).await.unwrap();
        log.findings.retain(|finding| !matches!(finding, Finding::NoNumber(_) | Finding::NoCase(_)));
        assert_eq!(log.findings, [], "of {begin}");
        assert!(log.leaves >= u64::try_from(ids.len()).unwrap(), "{log:?}");
        desk.take_all_letters();
        desk.finish().await;
    }

    let first = beginnings().into_keys().next().unwrap();
    let created = |table: &str, version: i64| {
        let mut before = MIGRATIONS.iter().filter(|migration| migration.version < version);
        before.any(|migration| migration.sql.as_str().contains(&format!("create table {table} (")))
    };
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > first) {
        for table in touched(migration.sql.as_str()) {
            let version = migration.version;
            assert!(
                !created(&table, version) || met.contains(&(version, table.clone())),
                "{version} changes {table} and meets no row there: put some into a file of tests/it/migrations"
            );
        }
    }
}

/// A walk that nothing could go wrong in would show nothing.
#[actix_web::test]
async fn a_migration_that_loses_or_rewrites_rows_is_noticed() {
    let (begin, rows) = beginnings().pop_first().unwrap();
    let database = Database::create().await;
    let pool = database.pool().await;
    walk(&pool, (begin, &rows)).await;
    let mut connection = pool.acquire().await.unwrap();
    let tables = count_rows(&mut connection).await;
    let held = kept(&mut connection, &tables).await;
    crate::helpers::postgres::let_rows_be_staged(&pool).await;
    sqlx::raw_sql("update case_notes set body = body || '!'").execute(&mut *connection).await.unwrap();
    assert_ne!(kept(&mut connection, &tables).await, held);
    sqlx::raw_sql("delete from sessions").execute(&mut *connection).await.unwrap();
    assert_ne!(count_rows(&mut connection).await, tables);

    let found = touched(
        "-- alter table a\nalter table b add c int;\nupdate d x set y = 1; create function f() as $$ delete from g; $$;",
    );
    assert_eq!(found, BTreeSet::from(["b".to_owned(), "d".to_owned()]));
}
