//! Targets: how often whoever was waited for kept theirs, in which state, and by how much they were early or late.
//!
//! A target counts once, on the day on which it was met or its time was over. It is met where the wait ended by then. What was with us
//! for less than a minute only passed between two automatic steps: counted, it would be a merit of ours in every case.

use anyhow::Context as _;
use sqlx::PgConnection;
use strum::VariantArray as _;

use super::{Asking, Cell, Form, Read, Table, times::PARTIES};
use crate::{case::state::Place, clock::Timestamp};

pub(super) async fn read(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Read> {
    let rows = sqlx::query!(
        r#"with told as (
             select party, state, until is null as goes_on, until is not null and until <= due_at as met,
                 business_seconds(due_at, $4, $5, $6)
                     - business_seconds(coalesce(until, greatest(since, $3::timestamptz)), $4, $5, $6) as spare
             from case_waits
             where due_at is not null and least(until, due_at) >= $1 and least(until, due_at) < $2
                 and (until <= due_at or due_at < $3)
                 and (party <> 'us' or until is null or until >= since + interval '1 minute'))
         select party, state, count(*) filter (where met) as "met!", count(*) filter (where not met) as "missed!",
             count(*) filter (where not met and goes_on) as "going_on!",
             percentile_cont(0.5) within group (order by spare) filter (where met) as early,
             percentile_cont(0.5) within group (order by -spare) filter (where not met) as late,
             max(-spare) filter (where not met) as latest
         from told group by party, state"#,
        asking.from as Timestamp,
        asking.until as Timestamp,
        asking.now as Timestamp,
        &asking.spans.opens as &[Timestamp],
        &asking.spans.closes as &[Timestamp],
        &asking.spans.before,
    )
    .fetch_all(connection)
    .await
    .context("could not tell which targets were met")?;
    let columns = ["party", "state", "met", "missed", "still-missed", "share-met", "early", "late", "latest"];
    let mut table = Table { columns: asking.heading(&columns), rows: Vec::new() };
    for party in PARTIES {
        for place in Place::VARIANTS {
            let found =
                rows.iter().find(|row| (row.party.as_str(), row.state.as_str()) == (party, place.as_str()));
            let Some(row) = found else { continue };
            let rounded =
                |seconds: Option<f64>| Cell::Time(seconds.map(|seconds| seconds.round().max(0.0) as i64));
            table.rows.push(vec![
                asking.say("overview-party", party),
                asking.say("state", place.as_str()),
                Cell::Count(row.met),
                Cell::Count(row.missed),
                Cell::Count(row.going_on),
                Cell::Share(row.met, row.met + row.missed),
                rounded(row.early),
                rounded(row.late),
                Cell::Time(row.latest.map(|seconds| seconds.max(0))),
            ]);
        }
    }
    Ok((table, Form::Stacks, vec![2, 3]))
}
