//! Prints how long the desk's list and search take in a database of your own, full of invented cases.
//!
//! `cargo run --release --example queue_bench -- URL [OPEN [CLOSED]]`, by default 50,000 open and 50,000 closed ones. `URL` leads to an
//! empty database, whose schema it makes and whose cases it leaves behind. It asserts nothing: a time is true of one machine.

#![expect(clippy::print_stdout, reason = "printing is what a measurement does")]

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use handover::migrations::MIGRATIONS;
use sqlx::{AssertSqlSafe, PgPool};

/// Each several times; the middle one is printed.
const TIMES: usize = 7;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().context("the address of an empty database")?;
    let mut number = |usual: i32| arguments.next().map_or(Ok(usual), |text| text.parse());
    let (open, closed) = (number(50_000)?, number(50_000)?);
    let pool = PgPool::connect(&url).await?;
    MIGRATIONS.run(&pool).await?;
    let there: i64 = sqlx::query_scalar("select count(*) from cases").fetch_one(&pool).await?;
    ensure!(there == 0, "the database holds {there} cases already");
    let start = Instant::now();
    fill(&pool, open, closed).await?;
    println!("{:<46} {:>9.1?}", format!("writing {} cases", open.saturating_add(closed)), start.elapsed());

    let list =
        "select c.number from cases c join escalations e on e.case_id = c.id where c.state <> 'closed'";
    for (name, sql) in [
        ("a page by urgency", format!("{list} order by c.urgency, coalesce(c.due_at, 'infinity'),
             coalesce(c.renews_on, 'infinity'), c.number limit 51")),
        ("a page far inside, by change", format!("{list} and (c.changed_at, c.number) < ('2026-05-01T06:00:00Z', 'HO')
             order by c.changed_at desc, c.number desc limit 51")),
        ("the counts of the views", "select count(*) filter (where owner_id is null), count(*) filter (where waiting_for = 'us'),
             count(*) filter (where due_at < now()), (select count(*) from cases where state = 'closed'),
             count(*) filter (where state = 'awaiting_approval' and not exists (select from drafts d where d.case_id = c.id))
             from cases c where state <> 'closed'".to_owned()),
        ("a search for a number", searching("HO-2026-00042", false)),
        ("a search for two names", searching("Rita Firma77", false)),
        ("a search for a word of a note", searching("wort4711", false)),
        ("a search for what half of them have", searching("firma", false)),
        ("a search with a slip of the fingers", searching("Frima77", true)),
    ] {
        let mut taken = Vec::new();
        let mut rows = 0;
        for _ in 0..TIMES {
            let start = Instant::now();
            rows = sqlx::query(AssertSqlSafe(sql.as_str())).fetch_all(&pool).await?.len();
            taken.push(start.elapsed());
        }
        taken.sort();
        let middle = taken.get(TIMES / 2).copied().unwrap_or_default();
        println!("{name:<46} {middle:>9.1?} {rows:>7} rows");
    }
    Ok(())
}

fn searching(text: &str, tolerant: bool) -> String {
    let found = if tolerant {
        format!("select search_cases('{text}', null, true) limit 5001")
    } else {
        format!("select unnest(cases) from find_cases('{text}', null, 5000)")
    };
    format!("select c.number from cases c where c.id = any(array({found}))
         order by c.urgency, coalesce(c.due_at, 'infinity'), coalesce(c.renews_on, 'infinity'), c.number limit 51")
}

async fn fill(pool: &PgPool, open: i32, closed: i32) -> Result<()> {
    // Cases without a trail.
    sqlx::query("alter table case_digests disable trigger case_digests_rest_on_a_line").execute(pool).await?;
    for (sql, from, until) in [
        ("insert into cases (id, number, request_id, version, state, state_data, waiting_for, due_at, renews_on, opened_at,
              confirmed_at, changed_at, waiting_since, event_count, event_hash)
          select gen_random_uuid(), 'HO-2026-' || lpad(i::text, 5, '0'), gen_random_uuid(), 1, 'verified',
              '{\"state\": \"verified\"}', (array['us', 'customer', 'atlassian'])[1 + i % 3],
              timestamptz '2026-06-01' + (i % 700) * interval '1 hour', date '2026-07-01' + i % 300, now(), now(),
              timestamptz '2026-05-01' + (i % 1100) * interval '1 hour', timestamptz '2026-05-01' + (i % 1300) * interval '1 hour',
              0, sha256('x')
          from generate_series($1, $2) i", 1, open),
        ("insert into cases (id, number, request_id, version, state, state_data, waiting_for, outcome, opened_at, confirmed_at,
              changed_at, waiting_since, event_count, event_hash)
          select gen_random_uuid(), 'HO-2026-' || lpad(i::text, 5, '0'), gen_random_uuid(), 1, 'closed',
              '{\"state\": \"closed\", \"outcome\": \"completed\"}', 'nobody', 'completed', now(), now(),
              timestamptz '2026-05-01' + (i % 1300) * interval '1 hour', now(), 0, sha256('x')
          from generate_series($1, $2) i", open.saturating_add(1), open.saturating_add(closed)),
    ] {
        sqlx::query(sql).bind(from).bind(until).execute(pool).await?;
    }
    sqlx::query(
        "insert into escalations (case_id, language, requester_name, requester_email, company, hosting, departed_name,
             departed_email, contact_role, successor_is_requester, successor_name, successor_email, explanation)
         select id, 'de', 'Rita ' || md5(number), md5(number) || '@firma.example', 'Firma' || right(number, 3) || ' ' || left(md5(number), 8),
             'cloud', 'Dora ' || right(md5(number), 6), 'd@firma.example', 'both', true, 'Rita', 'r@firma.example', 'text'
         from cases",
    )
    .execute(pool)
    .await?;
    sqlx::query(
        "insert into case_notes (id, case_id, kind, body, created_at)
         select gen_random_uuid(), id, 'note', (select string_agg('wort' || (abs(hashtext(number || n)) % 50000), ' ')
             from generate_series(1, 80) n), now() from cases",
    )
    .execute(pool)
    .await?;
    sqlx::query("vacuum analyze").execute(pool).await?;
    Ok(())
}
