//! Cases that are gone with a tombstone: whether each is what the log knew last, whether the administrators' trail says the same, and
//! whether the time of the case was over, by the signed times of the log alone.
//!
//! The attacker is a superuser who deletes a case that is inconvenient: without a tombstone its number is missing; with one they have
//! to write a line of the administrators' trail, too, and make it end so that the log holds; and the first head that knew the case says that
//! it is younger than that. Whoever has the signing key, too, is shown by a head that was kept elsewhere.

use anyhow::Context as _;
use jiff::{SignedDuration, ToSpan as _, tz::TimeZone};
use sqlx::PgConnection;

use super::{Finding, Verified};
use crate::clock::Timestamp;

/// Tombstones that are looked at at once.
const BATCH: i64 = 1_000;
/// Less than the database lets anybody ask for is no rule.
const LEAST_YEARS: i16 = 6;
/// Clocks of the database and of the services differ, and a year is no number of days.
const PATIENCE: SignedDuration = SignedDuration::from_hours(31 * 24);

struct Row {
    number: String,
    at: Timestamp,
    years: i16,
    /// Whether it says what the last leaf of the case says.
    as_logged: bool,
    /// Whether the administrators' trail says the same.
    as_told: bool,
    stands: bool,
    /// When a head was signed that knew the case first, and one that knew that it was deleted.
    known: Option<Timestamp>,
    told: Option<Timestamp>,
}

pub(super) async fn look(connection: &mut PgConnection, verified: &mut Verified) -> anyhow::Result<()> {
    let mut after = String::new();
    loop {
        let rows = list(connection, &after).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.number);
        for row in rows {
            verified.deleted = verified.deleted.saturating_add(1);
            judge(row, verified)?;
        }
    }
    find_without_tombstone(connection, verified).await
}

fn judge(row: Row, verified: &mut Verified) -> anyhow::Result<()> {
    let number = || row.number.clone();
    if row.stands {
        verified.add(Finding::Risen(number()));
    }
    if !row.as_logged {
        verified.add(Finding::Tombstone(number()));
    }
    if !row.as_told {
        verified.add(Finding::DeletedUntold(number()));
    }
    let Some(known) = row.known else { return Ok(()) };
    let over = TimeZone::UTC.to_datetime(*known).checked_add(i64::from(row.years).years())?;
    let over = Timestamp::from(over.to_zoned(TimeZone::UTC)?.timestamp()).after(-PATIENCE);
    let told_before = row.told.is_some_and(|told| told.after(PATIENCE) < row.at);
    if row.years < LEAST_YEARS || row.at < over || told_before {
        verified.add(Finding::DeletedEarly(number()));
    }
    Ok(())
}

async fn list(connection: &mut PgConnection, after: &str) -> anyhow::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select t.number, t.at, t.years,
             coalesce((l.event_count, l.event_hash) = (t.event_count::int8, t.event_hash), false) as "as_logged!",
             told.seq is not null as "as_told!",
             exists (select from cases c where c.number = t.number) as "stands!",
             (select h.at from log_heads h where h.tree_size > (select min(index) from log_leaves
                 where kind = 'case' and subject = t.number) order by h.tree_size limit 1) as "known: Timestamp",
             (select h.at from log_heads h where h.tree_size > (select min(index) from log_leaves
                 where kind = 'administration' and event_count >= told.seq) order by h.tree_size limit 1) as "told: Timestamp"
         from case_tombstones t
         left join lateral (select event_count, event_hash from log_leaves
             where kind = 'case' and subject = t.number order by index desc limit 1) l on true
         left join lateral (select seq from administration_events e where e.kind = 'case_deleted' and e.at = t.at
             and e.data ->> 'number' = t.number and e.data ->> 'lines' = t.event_count::text
             and e.data ->> 'hash' = encode(t.event_hash, 'hex') and e.data ->> 'rule' = t.rule
             and e.data ->> 'years' = t.years::text limit 1) told on true
         where t.number > $1 order by t.number limit $2"#,
        after,
        BATCH,
    )
    .fetch_all(connection)
    .await
    .context("could not hold what is left of cases against the log")
}

/// The administrators' trail says that a case was deleted, and nothing is left of it.
async fn find_without_tombstone(
    connection: &mut PgConnection,
    verified: &mut Verified,
) -> anyhow::Result<()> {
    let numbers = sqlx::query_scalar!(
        r#"select e.data ->> 'number' as "number!" from administration_events e
         where e.kind = 'case_deleted' and not exists (select from case_tombstones t where t.number = e.data ->> 'number' and t.at = e.at)
         order by e.seq limit 1000"#
    )
    .fetch_all(connection)
    .await
    .context("could not look for tombstones that are gone")?;
    numbers.into_iter().for_each(|number| verified.add(Finding::TombstoneGone(number)));
    Ok(())
}
