//! The list of what the services write, held against the catalog, against the triggers and against every statement of the
//! program: a new table, column or statement that nobody thought of shows here, with what to do.

use std::{collections::BTreeSet, fs, path::Path};

use handover::privileges::{Columns, DOORS, TABLES, Writes};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};

use crate::{helpers::postgres::Database, house};

/// Where it is said.
const LIST: &str = "src/privileges/list.rs";

fn line_of(table: &str) -> &'static Writes {
    let found = TABLES.iter().find(|(name, _)| *name == table);
    &found.unwrap_or_else(|| panic!("{table} has no line in {LIST}")).1
}

async fn list(pool: &PgPool, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

#[tokio::test]
async fn every_table_has_a_line_and_every_line_a_table() {
    let database = Database::create().await;
    let pool = database.pool().await;
    let there = list(
        &pool,
        "select tablename::text from pg_tables where schemaname = 'public' and tablename <> '_sqlx_migrations'",
    )
    .await;
    for table in &there {
        let is_listed = TABLES.iter().any(|(name, _)| name == table);
        assert!(
            is_listed,
            "{table} has no line in {LIST}, so the services can't even read it: say there what they write in it. \
             GROWS where rows are only ever added, .changing(&[…]) with the columns of what is kept, WORKING for what the program notes for itself"
        );
    }
    let columns = list(
        &pool,
        "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'",
    )
    .await;
    for (table, writes) in TABLES {
        assert!(there.iter().any(|name| name == table), "{LIST} names {table}, which is not there");
        let Columns::Named(named) = writes.updates else { continue };
        for column in named {
            let name = format!("{table}.{column}");
            assert!(columns.contains(&name), "{LIST} names {name}, which is not there");
        }
    }
}

/// What a trigger refuses to everybody, a grant must not hold out to the services: they would only need the trigger gone.
#[tokio::test]
async fn what_triggers_refuse_is_granted_to_nobody() {
    let database = Database::create().await;
    let rows: Vec<(String, bool, bool)> = sqlx::query_as(
        "select tgrelid::regclass::text, bool_or(tgtype & 16 > 0), bool_or(tgtype & 8 > 0)
         from pg_trigger join pg_proc p on p.oid = tgfoid
         where not tgisinternal and proname = 'refuse_change' group by 1",
    )
    .fetch_all(&database.pool().await)
    .await
    .unwrap();
    assert!(rows.len() > 15);
    for (table, refuses_update, refuses_delete) in rows {
        let writes = line_of(&table);
        assert!(
            !refuses_update || writes.updates == Columns::None,
            "rows of {table} never change (refuse_change), but {LIST} lets the services update them: take it off"
        );
        assert!(
            !refuses_delete || !writes.deletes,
            "rows of {table} are never deleted (refuse_change), but {LIST} lets the services: take it off"
        );
    }
}

/// Who calls a function that has its owner's rights can hang it onto a table of theirs, and set its path.
#[tokio::test]
async fn functions_with_their_owners_rights_are_closed_and_keep_their_path() {
    let database = Database::create().await;
    let rows: Vec<(String, String, bool, bool)> = sqlx::query_as(
        "select proname::text, oid::regprocedure::text, has_function_privilege('handover_service', oid, 'execute'),
             coalesce(array_to_string(proconfig, ' '), '') like '%search_path=%'
         from pg_proc where pronamespace = 'public'::regnamespace and prosecdef",
    )
    .fetch_all(&database.pool().await)
    .await
    .unwrap();
    for (name, signature, is_callable, has_path) in &rows {
        assert!(has_path, "{signature} is security definer: it needs `set search_path`");
        let is_door = DOORS.contains(&name.as_str());
        assert_eq!(*is_callable, is_door, "{signature}: {LIST} says in DOORS what the services call");
    }
    for door in DOORS {
        assert!(rows.iter().any(|(name, ..)| name == door), "{LIST} names {door}, which is no such function");
    }
}

/// The statements of the program, as they were checked when it was built, without those of tests.
fn statements() -> Vec<String> {
    let flat = |text: &str| text.replace("\\\"", "\"").split_whitespace().collect::<Vec<_>>().join(" ");
    let all = |folder| house::files(folder, ".rs").iter().map(|(_, text)| flat(text)).collect::<String>();
    let (tests, sources) = (all("tests"), all("src"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let described: serde_json::Value = serde_json::from_str(&text).unwrap();
        let (query, given) =
            (described["query"].as_str().unwrap(), &described["describe"]["parameters"]["Left"]);
        let once = flat(query);
        let is_of_tests = tests.contains(&once) && !sources.contains(&once);
        let verbs = ["select", "with", "insert", "update", "delete"];
        if is_of_tests || !verbs.iter().any(|verb| once.starts_with(verb)) {
            continue;
        }
        let nulls = vec!["null"; given.as_array().map_or(0, Vec::len)].join(", ");
        let nulls = if nulls.is_empty() { String::new() } else { format!("({nulls})") };
        // Rights are looked at when a statement begins: a plan of it is enough, and does nothing.
        found.push(format!("prepare tried as {query};\nexplain execute tried{nulls}; deallocate tried"));
    }
    assert!(found.len() > 400, "{}", found.len());
    found
}

/// Why the services may not do it, if so.
async fn refusal(services: &mut PgConnection, statement: &str) -> Option<String> {
    let tried = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *services).await;
    let error = tried.err()?;
    sqlx::raw_sql("deallocate all").execute(services).await.unwrap();
    Some(error.to_string())
}

#[tokio::test]
async fn the_services_may_do_every_statement_of_the_program_and_need_what_they_are_given() {
    let database = Database::create().await;
    let mut services = PgConnection::connect_with(&database.service_options()).await.unwrap();
    let mut owner = PgConnection::connect_with(&database.connect_options()).await.unwrap();
    let statements = statements();
    let mut refused = Vec::new();
    for statement in &statements {
        if let Some(why) = refusal(&mut services, statement).await {
            refused.push(format!("{why}\n    {}", statement.lines().collect::<Vec<_>>().join("\n    ")));
        }
    }
    assert!(
        refused.is_empty(),
        "the services may not do what the program does: say in {LIST} what it writes there.\n{}",
        refused.join("\n")
    );

    // And the other way round: without a column that they are given, something is refused.
    let bodies: Vec<String> = sqlx::query_scalar(
        "select prosrc from pg_proc p where pronamespace = 'public'::regnamespace and prolang <> 13",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let mut needless = Vec::new();
    for (table, writes) in TABLES {
        let Columns::Named(columns) = writes.updates else { continue };
        for column in columns {
            let names = |text: &&String| text.contains(table) && text.contains(column);
            let change =
                |verb: &str, to: &str| format!("{verb} update ({column}) on {table} {to} handover_service");
            sqlx::raw_sql(AssertSqlSafe(change("revoke", "from"))).execute(&mut owner).await.unwrap();
            let mut is_needed = bodies.iter().any(|body| names(&body));
            for statement in statements.iter().filter(names) {
                is_needed = is_needed || refusal(&mut services, statement).await.is_some();
            }
            sqlx::raw_sql(AssertSqlSafe(change("grant", "to"))).execute(&mut owner).await.unwrap();
            if !is_needed {
                needless.push(format!("{table}.{column}"));
            }
        }
    }
    assert_eq!(needless, [""; 0], "no statement changes these: take them off {LIST}");
    services.close().await.unwrap();
    owner.close().await.unwrap();
}

/// What no statement and no trigger does needs no right.
#[test]
fn nothing_is_granted_that_nobody_does() {
    let mut text = String::new();
    for (_, source) in house::files("src", ".rs").into_iter().chain(house::files("migrations", ".sql")) {
        let lower = house::without_tests(&source).to_lowercase();
        text.push_str(&lower.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let after = |verb: &str| -> BTreeSet<String> {
        let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        text.match_indices(verb).map(|(start, _)| name(&text[start + verb.len()..])).collect()
    };
    let (inserted, deleted) = (after("insert into "), after("delete from "));
    for (table, writes) in TABLES {
        assert!(
            !writes.inserts || inserted.contains(*table),
            "nothing inserts into {table}: take it off {LIST}"
        );
        assert!(
            !writes.deletes || deleted.contains(*table),
            "nothing deletes from {table}: take it off {LIST}"
        );
    }
}
