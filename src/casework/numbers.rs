//! The numbers of cases, given out one after the other within a year, none twice.
//!
//! Whoever takes one in the transaction of its case keeps everybody else waiting until that has ended. A form that comes in has its number
//! reserved before, in a transaction of its own that waits for no disk: the case's commit, which does, writes the reservation down
//! with it, and one that a crash took had no case. A request that failed leaves its number reserved (`reserved_numbers`); sent
//! once more, it gets the same one. What is never asked for again is a gap, which `transparency::verify` names.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::number::CaseNumber,
    clock::{Day, Timestamp},
};

/// Two of the same request at the same moment, the second of which finds the number of the first when it looks again.
const TRIES: usize = 3;
const ONE_FOR_A_REQUEST: &str = "reserved_numbers_of_a_request";

/// The number of a case of this year that `request` is about to open; `None` where it has a case.
pub(super) async fn reserve(
    connection: &mut PgConnection,
    request: Uuid,
    today: Day,
    now: Timestamp,
) -> anyhow::Result<Option<CaseNumber>> {
    let mut tries = TRIES;
    loop {
        tries = tries.saturating_sub(1);
        match try_to_reserve(connection, request, today, now).await {
            Ok(running) => return running.map(|running| number(today, running)).transpose(),
            Err(sqlx::Error::Database(error))
                if tries > 0 && error.constraint() == Some(ONE_FOR_A_REQUEST) => {}
            Err(error) => return Err(error).context("could not reserve a case number"),
        }
    }
}

/// One statement, so one transaction that is short, as all who file meet in the row of the year.
async fn try_to_reserve(
    connection: &mut PgConnection,
    request: Uuid,
    today: Day,
    now: Timestamp,
) -> Result<Option<i32>, sqlx::Error> {
    let reserved = sqlx::query!(
        r#"with held as (
             select running from reserved_numbers where request_id = $2 and year = $1
         ), taken as (
             insert into case_numbers as numbers (year, last)
             select $1, 1 where not exists (select from held) and not exists (select from cases where request_id = $2)
             on conflict (year) do update set last = numbers.last + 1 returning last
         ), kept as (
             insert into reserved_numbers (year, running, request_id, at) select $1, last, $2, $3 from taken returning running
         )
         select running as "running!", set_config('synchronous_commit', 'off', true) as commits
         from (select running from held union all select running from kept) given"#,
        i32::from(today.year()),
        request,
        now as Timestamp,
    )
    .fetch_optional(connection)
    .await?;
    Ok(reserved.map(|row| row.running))
}

/// The next number, for a case that begins in this transaction: until it ends, no other number is given out.
pub(super) async fn take(connection: &mut PgConnection, today: Day) -> anyhow::Result<CaseNumber> {
    let running = sqlx::query_scalar!(
        "insert into case_numbers (year, last) values ($1, 1)
         on conflict (year) do update set last = case_numbers.last + 1 returning last",
        i32::from(today.year()),
    )
    .fetch_one(connection)
    .await
    .context("could not take a case number")?;
    number(today, running)
}

fn number(today: Day, running: i32) -> anyhow::Result<CaseNumber> {
    Ok(CaseNumber::new(today.year(), u32::try_from(running).context("the case numbers ran out")?))
}
