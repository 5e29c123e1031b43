//! Holds chains and log against each other: what was logged lies on its chain, what is there was logged or waits to be, and every
//! number that was given out has its case, or what is left of it (`deleted`), or was no more than reserved (`reserved`).

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{Finding, Verified, reserved};
use crate::transparency::as_size;

/// Leaves that are held against their chains at once.
const BATCH: i64 = 10_000;
/// Found at once of one kind.
const MOST: i64 = 1_000;

pub(super) async fn look(connection: &mut PgConnection, verified: &mut Verified) -> anyhow::Result<()> {
    let end = sqlx::query_scalar!("select max(index) from log_leaves")
        .fetch_one(&mut *connection)
        .await
        .context("could not find the end of the log")?;
    let mut begin = 0;
    while end.is_some_and(|end| begin <= end) {
        hold_against_chains(connection, begin, verified).await?;
        begin = begin.saturating_add(BATCH);
    }
    find_not_logged(connection, verified).await?;
    find_without_case(connection, verified).await?;
    verified.pending = sqlx::query_scalar!(r#"select count(*) as "count!" from log_pending"#)
        .fetch_one(connection)
        .await
        .context("could not count what waits to be logged")?;
    Ok(())
}

async fn hold_against_chains(
    connection: &mut PgConnection,
    begin: i64,
    verified: &mut Verified,
) -> anyhow::Result<()> {
    let rows = sqlx::query!(
        r#"select l.index, l.subject, l.event_count, l.kind = 'case' and c.id is null as "gone!"
         from log_leaves l
         left join cases c on l.kind = 'case' and c.number = l.subject
         left join case_events e on e.case_id = c.id and e.seq = l.event_count
         left join administration_events a on l.kind = 'administration' and a.seq = l.event_count
         where l.index >= $1 and l.index < $2 and coalesce(e.hash, a.hash) is distinct from l.event_hash
             -- What is deleted has no lines; its last leaf is held against what is left of it (`deleted`).
             and not (l.kind = 'case' and c.id is null and exists (
                 select from case_tombstones t where t.number = l.subject and t.event_count >= l.event_count))
         order by l.index limit $3"#,
        begin,
        begin.saturating_add(BATCH),
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not hold the log against the chains")?;
    for row in rows {
        let (index, subject) = (as_size(row.index)?, row.subject);
        verified.add(if row.gone {
            Finding::Gone { index, subject }
        } else {
            Finding::Chain { index, subject, line: row.event_count }
        });
    }
    Ok(())
}

async fn find_not_logged(connection: &mut PgConnection, verified: &mut Verified) -> anyhow::Result<()> {
    let rows = sqlx::query_scalar!(
        r#"select chain.subject as "subject!" from (
             select 'case' as kind, number as subject, event_count::int8 as event_count, event_hash from cases
             union all
             select 'administration', '-', event_count, event_hash from administration_chain where event_count > 0) chain
         left join lateral (select event_count, event_hash from log_leaves
             where kind = chain.kind and subject = chain.subject order by index desc limit 1) l on true
         where (l.event_hash is distinct from chain.event_hash or l.event_count <> chain.event_count)
             and not exists (select from log_pending p where p.kind = chain.kind and p.subject = chain.subject)
         limit $1"#,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not look for what was not logged")?;
    rows.into_iter().for_each(|subject| verified.add(Finding::NotLogged(subject)));
    Ok(())
}

/// Numbers of a year are given out one after the other, and none comes back.
async fn find_without_case(connection: &mut PgConnection, verified: &mut Verified) -> anyhow::Result<()> {
    let gaps = sqlx::query_scalar!(
        r#"select given.number as "number!" from (
             select 'HO-' || lpad(y.year::text, 4, '0') || '-' || lpad(n::text, greatest(5, length(n::text)), '0') as number, y.year, n
             from case_numbers y cross join generate_series(1, y.last) n) given
         where not exists (select from cases c where c.number = given.number)
             and not exists (select from case_tombstones t where t.number = given.number)
             and not exists (select from reserved_numbers r where r.year = given.year and r.running = given.n) limit $1"#,
        MOST,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not look for cases that are gone")?;
    gaps.into_iter().for_each(|number| verified.add(Finding::NoCase(number)));
    reserved::look(connection, verified).await?;
    let beyond = sqlx::query_scalar!(
        "select c.number from cases c left join case_numbers y on y.year = substr(c.number, 4, 4)::integer
         where y.last is null or substr(c.number, 9)::numeric > y.last limit $1",
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not look for numbers that nobody gave out")?;
    beyond.into_iter().for_each(|number| verified.add(Finding::NoNumber(number)));
    Ok(())
}
