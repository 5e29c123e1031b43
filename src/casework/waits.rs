//! Each wait of a case, kept when it begins and when it ends: whom it waited for, in which state, from when to when, and by when
//! it should have ended. Written in the transaction of the change.
//!
//! For reports, and for a clock that stood still: while a case is with us because something came in, the time of whoever is waited
//! for does not run. What is being waited for now, and the date that reminders move on, stand in the case.

use anyhow::Context as _;
use jiff::SignedDuration;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    business_time::Calendar,
    case::state::{Party, Place},
    clock::Timestamp,
};

/// A wait that begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    pub case: Uuid,
    /// The version of the case that begins it.
    pub version: i32,
    pub party: Party,
    pub place: Place,
    pub due_at: Option<Timestamp>,
}

/// Ends the wait that is going on, and begins the next. A clock that went back ends a wait where it began.
pub(super) async fn turn(connection: &mut PgConnection, wait: Wait, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "update case_waits set until = greatest(since, $2) where case_id = $1 and until is null",
        wait.case,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not end a wait")?;
    begin(connection, wait, now).await
}

/// What is left of their time, if the case waited for them before in this same stay in its state: then their clock goes on where it
/// stood, and the earlier wait has no target of its own any more. Without it, whoever writes to us every day would keep Atlassian's
/// time from ever ending. Ours begins anew: what came in is new. The notice has an end of its own, which nothing moves.
pub(super) async fn go_on(
    connection: &mut PgConnection,
    calendar: &Calendar,
    wait: Wait,
) -> anyhow::Result<Option<SignedDuration>> {
    if !matches!(wait.party, Party::Customer | Party::Voucher | Party::Atlassian) {
        return Ok(None);
    }
    let party: &str = wait.party.into();
    let stood = sqlx::query!(
        r#"with stood as (
             select version, until, due_at from case_waits
             where case_id = $1 and party = $2 and state = $3 and until < due_at and version > coalesce(
                 (select max(version) from case_waits where case_id = $1 and state <> $3), 0)
             order by version desc limit 1)
         update case_waits w set due_at = null from stood where w.case_id = $1 and w.version = stood.version
         returning stood.until as "until!", stood.due_at as "due_at!""#,
        wait.case,
        party,
        wait.place.as_str(),
    )
    .fetch_optional(connection)
    .await
    .context("could not find what is left of a time")?;
    Ok(stood.map(|stood| calendar.time_between(stood.until, stood.due_at)))
}

/// The first wait of a case.
pub(super) async fn begin(connection: &mut PgConnection, wait: Wait, now: Timestamp) -> anyhow::Result<()> {
    let party: &str = wait.party.into();
    sqlx::query!(
        "insert into case_waits (case_id, version, party, state, since, due_at) values ($1, $2, $3, $4, $5, $6)",
        wait.case,
        wait.version,
        party,
        wait.place.as_str(),
        now as Timestamp,
        wait.due_at as Option<Timestamp>,
    )
    .execute(connection)
    .await
    .context("could not keep a wait")?;
    Ok(())
}
