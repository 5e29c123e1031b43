//! Prints how long the overview of the desk takes, as a whole page, in a database of your own, full of invented cases.
//!
//! `cargo run --release --example overview_bench -- URL [CASES]`, by default 100,000 cases of the three years before, each with eight
//! waits and ten lines in its trail. `URL` leads to an empty database, whose schema it makes and whose cases it leaves behind, for
//! another time. It asserts nothing: a time is true of one machine.

#![expect(clippy::print_stdout, reason = "printing is what a measurement does")]

use std::time::Instant;

use actix_web::test::{TestRequest, call_and_read_body, call_service, init_service};
use anyhow::{Context, Result, ensure};
use handover::{
    app::App, case::actor::Role, casework::Casework, clock::Clock, config::Settings, migrations::MIGRATIONS,
    site::Site, staff,
};
use sqlx::PgPool;

/// Each several times; the middle one is printed.
const TIMES: usize = 5;
const NOW: &str = "2026-11-27T09:00:00Z";

#[actix_web::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().context("the address of an empty database")?;
    let cases: i32 = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let pool = PgPool::connect(&url).await?;
    MIGRATIONS.run(&pool).await?;
    let there: i64 = sqlx::query_scalar("select count(*) from cases").fetch_one(&pool).await?;
    ensure!([0, i64::from(cases)].contains(&there), "the database holds {there} cases already");
    if there == 0 {
        let start = Instant::now();
        fill(&pool, cases).await?;
        println!("{:<46} {:>9.1?}", format!("writing {cases} cases"), start.elapsed());
    }

    let clock = Clock::stopped(NOW.parse::<jiff::Timestamp>()?.into());
    let now = clock.now();
    let password = "a long and quite ordinary sentence";
    let email = "ann@reseller.example".parse()?;
    if there == 0 {
        staff::members::add(&pool, "Ann", &email, Role::Auditor, password.to_owned().into(), now).await?;
    }
    let settings = Settings::with("")?;
    let app = App::try_new(pool, settings, clock, &"k".repeat(40).into())?;
    let service = init_service(Site::new(Casework::try_new(app)?).service()).await;
    let request = TestRequest::post().uri("/desk/sign-in").insert_header(("sec-fetch-site", "same-origin"));
    let request = request.set_form([("email", "ann@reseller.example"), ("password", password)]);
    let signed_in = call_service(&service, request.to_request()).await;
    let cookie = signed_in.headers().get("set-cookie").context("not signed in")?.to_str()?.to_owned();
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();

    for (name, path) in [
        ("a page, twelve weeks", "/desk/overview"),
        ("a page, twelve months", "/desk/overview?from=2025-12-01"),
        ("a page, everything", "/desk/overview?from=2000-01-01"),
        ("flow, everything", "/desk/overview/flow.csv?from=2000-01-01"),
        ("open cases", "/desk/overview/open.csv"),
        ("times, everything", "/desk/overview/times.csv?from=2000-01-01"),
        ("targets, everything", "/desk/overview/targets.csv?from=2000-01-01"),
        ("outcomes, everything", "/desk/overview/outcomes.csv?from=2000-01-01"),
        ("checks, everything", "/desk/overview/checks.csv?from=2000-01-01"),
        ("workload, everything", "/desk/overview/workload.csv?from=2000-01-01"),
    ] {
        let mut taken = Vec::new();
        let mut bytes = 0;
        for _ in 0..TIMES {
            let request =
                TestRequest::get().uri(path).insert_header(("cookie", cookie.as_str())).to_request();
            let start = Instant::now();
            bytes = call_and_read_body(&service, request).await.len();
            taken.push(start.elapsed());
        }
        taken.sort();
        let middle = taken.get(TIMES / 2).copied().unwrap_or_default();
        println!("{name:<46} {middle:>9.1?} {bytes:>7} bytes");
    }
    Ok(())
}

async fn fill(pool: &PgPool, cases: i32) -> Result<()> {
    // Cases without a trail.
    sqlx::query("alter table case_digests disable trigger case_digests_rest_on_a_line").execute(pool).await?;
    sqlx::query(
        "insert into cases (id, number, request_id, version, state, state_data, waiting_for, outcome, opened_at, confirmed_at,
             changed_at, waiting_since, event_count, event_hash)
         select gen_random_uuid(), 'HO-2026-' || lpad(i::text, 6, '0'), gen_random_uuid(), 10,
             case when i % 10 = 0 then 'verified' else 'closed' end,
             case when i % 10 = 0 then '{\"state\": \"verified\"}'::jsonb else '{\"state\": \"closed\", \"outcome\": \"completed\"}' end,
             case when i % 10 = 0 then 'us' else 'nobody' end,
             case when i % 10 > 0 then (array['completed', 'self_service', 'rejected', 'withdrawn'])[1 + i % 4] end,
             opened, opened, opened, opened + interval '20 days', 0, sha256('x')
         from (select i, timestamptz '2026-11-06' - i * interval '3 years' / $1 as opened from generate_series(1, $1) i) n",
    )
    .bind(cases)
    .execute(pool)
    .await?;
    sqlx::query(
        "insert into case_waits (case_id, version, party, state, since, until, due_at)
         select c.id, n, case when n = 8 and c.state = 'closed' then 'nobody' else party end,
             case when n = 8 then c.state else w.state end, at, case when n < 8 then next_at end,
             case when n < 8 or c.state <> 'closed' then at + interval '2 days' end
         from cases c cross join (values (1, 'customer', 'unconfirmed'), (2, 'us', 'verifying'), (3, 'departed_contact', 'verifying'),
                 (4, 'us', 'verified'), (5, 'us', 'awaiting_approval'), (6, 'atlassian', 'with_atlassian'),
                 (7, 'customer', 'awaiting_confirmation'), (8, 'us', 'verified')) w (n, party, state)
             cross join lateral (select c.opened_at + n * (30 + abs(hashtext(c.number || n)) % 40) * interval '1 hour' as at,
                 c.opened_at + (n + 1) * (30 + abs(hashtext(c.number || (n + 1))) % 40) * interval '1 hour' as later) t
             cross join lateral (select greatest(t.at, t.later) as next_at) u",
    )
    .execute(pool)
    .await?;
    sqlx::query(
        "insert into case_events (case_id, seq, version, at, actor, kind, data, previous_hash, hash)
         select c.id, n, n, c.opened_at + n * interval '40 hours', 'system', 'check_recorded',
             jsonb_build_object('check', (array['entitlement', 'recorded_contact', 'domain_register', 'departed_notice'])[1 + n % 4],
                 'verdict', (array['passed', 'failed', 'inconclusive', 'passed'])[1 + abs(hashtext(c.number || n)) % 4]),
             sha256('x'), sha256('y')
         from cases c cross join generate_series(1, 10) n",
    )
    .execute(pool)
    .await?;
    sqlx::query("vacuum analyze").execute(pool).await?;
    Ok(())
}
