//! Each wait of a case, kept when it begins and when it ends: whom it waited for, in which state, from when to when, and by when
//! it should have ended. Written in the transaction of the change.
//!
//! For reports only: no rule reads it. What is being waited for now, and the date that reminders move on, stand in the case.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
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
