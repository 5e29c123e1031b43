//! What a page of a case and the search for files whose time is over read where there are many cases: rows along indexes, not all there
//! ever were. Counted by PostgreSQL, by table; no time is looked at.

use std::collections::BTreeMap;

use handover::{app::Step, case::actor::Role, verification};
use sqlx::{Connection as _, PgPool};

use crate::{
    helpers::{
        desk::Desk,
        story::{REQUESTER, form},
    },
    queries::escalate,
    queue::plenty,
};

/// More than are planned for their values in any case.
const VISITS: usize = 9;
const GROWING: &str = "'cases', 'escalations', 'evidence_files'";

/// Rows that were read one after the other, and along indexes, by table.
async fn read_so_far(desk: &Desk) -> BTreeMap<String, (i64, i64)> {
    // What the program's one connection has counted is told at once.
    sqlx::query("select pg_stat_force_next_flush()").execute(&desk.casework.app.pool).await.unwrap();
    let sql = format!(
        "select relname::text, seq_tup_read, coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname in ({GROWING})"
    );
    let rows: Vec<(String, i64, i64)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&desk.owner).await.unwrap();
    rows.into_iter().map(|(table, seq, index)| (table, (seq, index))).collect()
}

/// Every second one closed, each with a file that is gone; the others are a colleague's, each with something new.
async fn fill(staging: &PgPool) {
    let run = async |sql: &'static str| {
        sqlx::query(sql).execute(staging).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    // So that they find their numbers free.
    run("alter table cases disable trigger all").await;
    run("update cases set number = replace(number, 'HO-2026-', 'HO-2024-')").await;
    plenty(staging, 3_000).await;
    for sql in [
        "update cases set state = 'closed', waiting_for = 'nobody', outcome = 'completed', closed_at = changed_at,
             state_data = '{\"state\": \"closed\", \"outcome\": \"completed\"}'
         where number like 'HO-2026-%' and substr(number, 9)::integer % 2 = 0",
        // Something came in for each of the others, and their owner has not looked.
        "update cases set news_since = opened_at, owner_id = (select id from staff where email like 'ben%')
         where number like 'HO-2026-%' and state <> 'closed'",
        "update cases set number = replace(number, 'HO-2026-', 'HO-2025-')",
        "update cases set number = replace(number, 'HO-2024-', 'HO-2026-')",
        "alter table cases enable trigger all",
        "insert into evidence_files (id, case_id, kind, size, sha256, created_at, deleted_at, scan, scanned_at)
         select gen_random_uuid(), id, 'pdf', 1, sha256('x'), opened_at, now(), 'clean', now() from cases where state = 'closed'",
        "analyze",
    ] {
        run(sql).await;
    }
}

/// How the whole list of what needs an approver is read.
async fn plan_of_needs(pool: &PgPool) -> String {
    let lines: Vec<String> = sqlx::query_scalar(
        "explain select case_id from cases_that_need('00000000-0000-0000-0000-000000000001', now(), 5001)",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    lines.join("\n")
}

#[actix_web::test]
async fn neither_a_page_nor_retention_reads_all_there_ever_was() {
    let desk = Desk::start_on_one_connection("").await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ann = desk.staff("ann", Role::Agent).await;
    desk.staff("ben", Role::Agent).await;
    let staging = desk.database.pool().await;
    fill(&staging).await;
    let plan = plan_of_needs(&staging).await;
    staging.close().await;
    // Joined, all events there ever were would be read to see that nobody decided anything.
    assert!(plan.contains("case_events") && !plan.contains("Anti Join"), "{plan}");

    let cost = async || {
        let before = read_so_far(&desk).await;
        ann.open(&number).await.is(200);
        desk.casework.retention_step().await.unwrap();
        let mut read = read_so_far(&desk).await;
        for (table, (seq, index)) in &mut read {
            *seq -= before[table].0;
            *index -= before[table].1;
        }
        read
    };
    // Until each statement has the plan that is kept.
    for _ in 0..7 {
        cost().await;
    }
    let read = cost().await;
    assert_eq!(read.len(), 3);
    assert!(read["cases"].1 > 0, "the page was counted: {read:?}");
    for (table, (seq, index)) in &read {
        assert_eq!(*seq, 0, "{table} was read from its beginning: {read:?}");
        assert!(*index < 500, "{table}: {read:?}");
    }
}

/// PostgreSQL plans a statement five times for the values it is asked with, and then keeps a plan for all values, unless that looks
/// dearer than planning anew each time: which costs more than most statements of a page do.
#[actix_web::test]
async fn pages_that_are_open_all_day_are_not_planned_anew() {
    let desk = Desk::start_on_one_connection("").await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let number = desk.confirmed_case(&customer, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    desk.take_all_letters();
    let ann = desk.staff("ann", Role::Approver).await;
    desk.staff("ben", Role::Agent).await;
    let staging = desk.database.pool().await;
    fill(&staging).await;
    staging.close().await;

    let pool = &desk.casework.app.pool;
    let visit = async |page: &str| {
        // What others had planned on this connection is not asked about. How many cases a filter has is planned for its values: what is
        // late of them may be all or nothing.
        pool.acquire().await.unwrap().clear_cached_statements().await.unwrap();
        for _ in 0..VISITS {
            if page == status {
                customer.get(page).await.is(200);
            } else {
                ann.get(page).await.is(200);
            }
        }
        let planned: Vec<(String, i64)> = sqlx::query_as(
            "select right(regexp_replace(statement, '\\s+', ' ', 'g'), 300), custom_plans from pg_prepared_statements
             where custom_plans > 5 and generic_plans = 0 and statement not like 'select (select count(*) from (select from cases c where %' order by 1",
        )
        .fetch_all(pool)
        .await
        .unwrap();
        (page.to_owned(), planned)
    };
    let case = format!("/desk/cases/{number}");
    let mut anew = Vec::new();
    for page in [
        case.as_str(),
        "/desk/cases",
        "/desk/cases?view=mine",
        "/desk/cases?view=unassigned",
        "/desk/cases?view=needs_me",
        "/desk/cases?view=new",
        "/desk/cases?view=us",
        "/desk/cases?view=closed",
        "/desk/cases?text=HO-2026-00001",
        "/desk/cases?text=nordlicht",
        "/desk/cases?text=nowhere",
        "/desk/mail",
        "/desk/quarantine",
        "/desk/prepared",
        &status,
    ] {
        anew.push(visit(page).await);
    }
    anew.retain(|(_, planned)| !planned.is_empty());
    assert!(anew.is_empty(), "{anew:#?}");
}

/// As above: what filing, letters and the checks of a case ask for each of them.
#[actix_web::test]
async fn what_every_case_asks_is_not_planned_anew() {
    let desk = Desk::start_on_one_connection("").await;
    desk.import_register().await;
    let staging = desk.database.pool().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    desk.staff("ann", Role::Agent).await;
    desk.staff("ben", Role::Agent).await;
    fill(&staging).await;
    staging.close().await;

    desk.casework.app.pool.acquire().await.unwrap().clear_cached_statements().await.unwrap();
    for n in 0..VISITS {
        escalate(&desk, n..n + 1).await;
    }
    let planned: Vec<(String, i64)> = sqlx::query_as(
        "select left(regexp_replace(statement, '\\s+', ' ', 'g'), 200), custom_plans from pg_prepared_statements
         where custom_plans > 5 and generic_plans = 0 order by 1",
    )
    .fetch_all(&desk.casework.app.pool)
    .await
    .unwrap();
    assert!(planned.is_empty(), "{planned:#?}");
}

/// After an import the checks of every open case are due at one moment; each is found without reading the others.
#[actix_web::test]
async fn a_check_that_is_due_is_found_among_any_number() {
    let desk = Desk::start_on_one_connection("").await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    desk.staff("ben", Role::Agent).await;
    let staging = desk.database.pool().await;
    fill(&staging).await;
    for sql in [
        "alter table checks disable trigger all",
        "insert into checks (case_id, kind, verdict, evidence, decided_by, decided_at, expires_at, due_at)
         select c.id, k.kind, k.verdict, k.evidence, k.decided_by, k.decided_at, k.expires_at, c.opened_at
         from (select * from checks where kind in ('entitlement', 'recorded_contact', 'domain_register')) k
             cross join cases c where c.number like 'HO-2025-%' and c.state <> 'closed'",
        "alter table checks enable trigger all",
        // Those that come first may not run.
        "update checks set due_at = '2020-01-01' where case_id in (
             select id from cases where number like 'HO-2025-%' and state <> 'closed' order by number limit 60)",
        "update cases set state = 'submitted', state_data = '{\"state\": \"submitted\"}' where id in (
             select case_id from checks where due_at = '2020-01-01')",
        "update checks set due_at = '2021-01-01' where due_at > '2020-01-01'",
    ] {
        sqlx::query(sql).execute(&staging).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let due = async || {
        let sql = "select count(*) from checks where due_at = '2021-01-01'";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&staging).await.unwrap()
    };

    let cost = async || {
        let (before, were_due) = (read_so_far(&desk).await, due().await);
        assert_eq!(verification::step(&desk.casework).await.unwrap(), Step::Did);
        assert_eq!(due().await, were_due - 1);
        let read = read_so_far(&desk).await;
        (read["cases"].0 - before["cases"].0, read["cases"].1 - before["cases"].1)
    };
    assert!(due().await > 3_000);
    // Before and after the statistics are what they should be, and whatever plan is kept.
    for _ in 0..7 {
        cost().await;
    }
    sqlx::query("analyze").execute(&staging).await.unwrap();
    // The least of several: of so few cases, PostgreSQL may read all while it still looks for a plan. In order, they were read each time.
    let mut least = i64::MAX;
    for _ in 0..7 {
        let (seq, index) = cost().await;
        least = least.min(seq + index);
    }
    assert!((1..500).contains(&least), "{least} cases were read");
    staging.close().await;
}
