//! Two programs upon one schema while services are replaced one after the other: the queries of the older one are still answered, it goes
//! on, and it may start once more; it never goes back.

use std::io::Read as _;

use handover::migrations::{OLDEST_WORKING, latest};
use reqwest::StatusCode;
use serde::Deserialize;
use sqlx::{Column as _, Either, Executor as _, SqlSafeStr as _, Statement as _, TypeInfo as _};
use tempfile::TempDir;

use super::*;
use crate::helpers::{
    command::{handover, text},
    program::Program,
};

#[derive(Deserialize)]
struct Query {
    query: String,
    /// Names and types.
    columns: Vec<(String, String)>,
    parameters: Vec<String>,
}

fn read(file: &Path) -> Vec<Query> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What of them this schema answers no longer, or otherwise.
async fn unanswered(connection: &mut PgConnection, queries: &[Query]) -> Vec<String> {
    let mut wrong = Vec::new();
    for query in queries {
        let statement = match connection.prepare(AssertSqlSafe(query.query.clone()).into_sql_str()).await {
            Ok(statement) => statement,
            Err(error) => {
                wrong.push(format!("{error}: {}", query.query));
                continue;
            }
        };
        let columns: Vec<(String, String)> = statement
            .columns()
            .iter()
            .map(|column| (column.name().to_owned(), column.type_info().name().to_owned()))
            .collect();
        let parameters: Vec<String> = match statement.parameters() {
            Some(Either::Left(kinds)) => kinds.iter().map(|kind| kind.name().to_owned()).collect(),
            _ => Vec::new(),
        };
        if columns != query.columns || parameters != query.parameters {
            wrong.push(format!("{columns:?} {parameters:?}: {}", query.query));
        }
    }
    wrong
}

#[actix_web::test]
async fn the_queries_of_the_last_two_releases_are_answered_as_they_were() {
    let database = Database::create().await;
    let mut connection = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    let kept = kept(".queries.json.gz");
    let mut looked = 0;
    for (version, file) in kept.iter().rev().take(2) {
        let queries = read(file);
        assert!(queries.len() > 100, "{version}");
        assert_eq!(unanswered(&mut connection, &queries).await, [""; 0], "of {version}");
        looked += queries.len();
    }
    assert!(looked > 100);

    // It finds what it is for.
    let queries = read(kept.last_key_value().unwrap().1);
    for (change, words) in [
        ("alter table cases rename column renews_on to renews", "\"renews_on\" does not exist"),
        ("alter table staff alter column email type varchar", "VARCHAR"),
        ("drop table saved_views cascade", "\"saved_views\" does not exist"),
    ] {
        let mut change_alone = connection.begin().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(change)).execute(&mut *change_alone).await.ok();
        // One that can't be answered ends a transaction: ask outside of one.
        change_alone.commit().await.unwrap();
        let wrong = unanswered(&mut connection, &queries).await;
        assert!(wrong.iter().any(|wrong| wrong.contains(words)), "{change}: {wrong:?}");
    }
}

/// Tomorrow's migration, by a program that promises this for those from `oldest` on.
async fn migrated_tomorrow(database: &Database, oldest: i64) {
    let mut owner = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    let sql = format!(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (99991231000000, 'tomorrow', true, '', 0) on conflict do nothing;
         insert into schema_promise (oldest) values ({oldest}) on conflict (one) do update set oldest = excluded.oldest"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut owner).await.unwrap();
}

#[actix_web::test]
async fn the_older_program_goes_on_and_may_start_once_more_and_never_goes_back() {
    let database = Database::in_use().await;
    let data = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = handover(data.path());
        command.args(arguments).env("DATABASE_URL", database.url());
        command.env("HANDOVER__DATABASE__OWNER_URL", database.owner_url()).output().unwrap()
    };
    // `migrate` writes down what it promises, also where nothing is missing.
    assert!(run(&["migrate"]).status.success());
    let mut owner = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    let promised: i64 =
        sqlx::query_scalar("select oldest from schema_promise").fetch_one(&mut owner).await.unwrap();
    assert_eq!(promised, OLDEST_WORKING);

    let running = Program::serve(&database.url(), &[]).await;
    migrated_tomorrow(&database, latest()).await;
    assert_eq!(running.health().await, Some(StatusCode::OK), "the one that runs goes on");
    let again = Program::serve(&database.url(), &[]).await;
    assert_eq!(again.health().await, Some(StatusCode::OK));
    assert!(again.log().contains("replace it soon"), "{}", again.log());
    assert!(run(&["audit", "verify"]).status.success());
    // It neither migrates nor grants: what the newer one needs would be taken back.
    for arguments in [&["migrate"][..], &["database", "grants", "handover_service"]] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(3), "{}", text(&refused));
        assert!(text(&refused).contains("A schema never goes back"), "{}", text(&refused));
    }
    drop(again);

    // The release after the next has taken away what it used.
    migrated_tomorrow(&database, latest() + 1).await;
    for arguments in [&["serve"][..], &["work"], &["audit", "verify"]] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(3), "{}", text(&refused));
        assert!(text(&refused).contains("newer than this program"), "{}", text(&refused));
    }
}
