//! How often somebody may show a wrong code: counted in PostgreSQL, over all sessions, browsers and processes.
//!
//! Five within a quarter of an hour and thirty a day: of the three codes of a million that are right at a time, who tries on finds
//! one in thirty years. What is old is forgotten, and neither passkeys nor recovery codes are counted here, so nobody
//! who knows a password locks its owner out.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::PgPool;

use crate::{case::actor::StaffId, clock::Timestamp};

const WINDOW: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);
const IN_WINDOW: i64 = 5;
const DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
const A_DAY: i64 = 30;

/// A try that counts as wrong until [`forgive`]: tries at the same time can't slip past the limit.
#[derive(Debug)]
pub(super) struct Try {
    id: i64,
    /// It is the last one for now.
    pub is_last: bool,
}

/// Counts a try.
///
/// # Errors
/// The inner one says how long to wait.
pub(super) async fn begin(
    pool: &PgPool,
    staff: StaffId,
    now: Timestamp,
) -> anyhow::Result<Result<Try, Duration>> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    // One after the other, or a hundred at once would all be the first.
    sqlx::query!("select id from staff where id = $1 for no key update", staff.0)
        .fetch_one(&mut *transaction)
        .await
        .context("could not wait for another try")?;
    let day = now.after(-DAY);
    sqlx::query!(
        "delete from second_factor_tries where staff_id = $1 and at <= $2",
        staff.0,
        day as Timestamp
    )
    .execute(&mut *transaction)
    .await
    .context("could not forget old tries")?;
    let counted = sqlx::query!(
        r#"select count(*) as "all!", count(*) filter (where at > $2) as "lately!",
             min(at) as "first: Timestamp", min(at) filter (where at > $2) as "first_lately: Timestamp"
         from second_factor_tries where staff_id = $1"#,
        staff.0,
        now.after(-WINDOW) as Timestamp,
    )
    .fetch_one(&mut *transaction)
    .await
    .context("could not count tries")?;
    let until = |first: Option<Timestamp>, length| {
        let left = first.unwrap_or(now).after(length).duration_since(*now);
        Duration::try_from(left).unwrap_or_default()
    };
    if counted.all >= A_DAY {
        return Ok(Err(until(counted.first, DAY)));
    }
    if counted.lately >= IN_WINDOW {
        return Ok(Err(until(counted.first_lately, WINDOW)));
    }
    let id = sqlx::query_scalar!(
        "insert into second_factor_tries (staff_id, at) values ($1, $2) returning id",
        staff.0,
        now as Timestamp,
    )
    .fetch_one(&mut *transaction)
    .await
    .context("could not count a try")?;
    transaction.commit().await.context("could not commit a try")?;
    Ok(Ok(Try { id, is_last: counted.lately.saturating_add(1) == IN_WINDOW }))
}

/// It was right, so it does not count.
pub(super) async fn forgive(pool: &PgPool, tried: Try) -> anyhow::Result<()> {
    sqlx::query!("delete from second_factor_tries where id = $1", tried.id)
        .execute(pool)
        .await
        .context("could not forget a try")?;
    Ok(())
}

/// Whether its owner is to be told of it: once a day, however long somebody goes on.
pub(super) async fn is_to_be_told(
    connection: &mut sqlx::PgConnection,
    staff: StaffId,
    tried: &Try,
) -> anyhow::Result<bool> {
    let marked = sqlx::query!(
        "update second_factor_tries set told = true where id = $2
             and not exists (select from second_factor_tries where staff_id = $1 and told)",
        staff.0,
        tried.id,
    )
    .execute(connection)
    .await
    .context("could not keep that somebody is told of tries")?;
    Ok(marked.rows_affected() == 1)
}
