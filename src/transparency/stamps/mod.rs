//! A time stamper (RFC 3161) says of a head that it was there at a time. Whoever holds our key can sign a head with any time in it;
//! a stamp of somebody else's they can't make.
//!
//! The attacker is the stamper, or whoever answers in its place: what it answers is of our head and our question, or it is
//! refused. Its signature is not verified here, where its certificate would be one more setting: `openssl ts -verify` does, by
//! whoever relies on it.

mod client;
mod der;

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{
    as_number, heads,
    outlets::{self, Outlet},
};
use crate::{
    app::{App, Step},
    clock::Timestamp,
    token::sha256,
};

/// Has the present head stamped, at most every `log.time_stamp_minutes`.
pub async fn step(app: &App) -> anyhow::Result<Step> {
    let log = &app.settings.log;
    if log.time_stamper.is_empty() {
        return Ok(Step::Idle);
    }
    let now = app.clock.now();
    let Some(waiting) = outlets::find_waiting(app, Outlet::TimeStamper).await? else { return Ok(Step::Idle) };
    let pause = jiff::SignedDuration::from_mins(log.time_stamp_minutes.into());
    if waiting.done_at.is_some_and(|done| done <= now && now < done.after(pause)) {
        return Ok(Step::Idle);
    }
    let Some(lease) = outlets::claim(app, Outlet::TimeStamper).await? else { return Ok(Step::Idle) };
    match stamp(app, waiting.newest, now).await {
        Ok(stamp) => {
            let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
            keep(&mut transaction, waiting.newest, &stamp, now).await?;
            outlets::settle(&mut transaction, &lease, as_number(waiting.newest)?, now).await?;
            transaction.commit().await.context("could not commit a stamp")?;
        }
        Err(error) => outlets::put_off(app, &lease, &error).await?,
    }
    Ok(Step::Did)
}

struct Stamp {
    stamped_at: Timestamp,
    response: Vec<u8>,
}

/// Holds no connection to the database while it waits.
async fn stamp(app: &App, size: u64, now: Timestamp) -> anyhow::Result<Stamp> {
    let mut connection = app.pool.acquire().await.context("could not get a connection")?;
    let head = heads::find(&mut connection, size).await?.context("the head is gone")?;
    drop(connection);
    let question = der::Question::new(sha256(head.text().as_bytes()));
    let response = client::ask(&app.settings.log, question.encode()?).await?;
    let stamped_at = question.judge(&response)?;
    let far = stamped_at.duration_since(*now).abs() > jiff::SignedDuration::from_hours(1);
    if far {
        // Kept all the same: whose clock is wrong is for people to see.
        tracing::warn!(%stamped_at, "the time stamper's clock and ours are more than an hour apart");
    }
    Ok(Stamp { stamped_at, response })
}

async fn keep(connection: &mut PgConnection, size: u64, stamp: &Stamp, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into log_stamps (tree_size, at, stamped_at, response) values ($1, $2, $3, $4) on conflict do nothing",
        as_number(size)?,
        now as Timestamp,
        stamp.stamped_at as Timestamp,
        stamp.response,
    )
    .execute(connection)
    .await
    .context("could not keep a stamp")?;
    Ok(())
}

/// What the stamper answered about the head of this size: a file that `openssl ts -verify` reads.
pub async fn find(connection: &mut PgConnection, size: u64) -> anyhow::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("select response from log_stamps where tree_size = $1", as_number(size)?)
        .fetch_optional(connection)
        .await
        .context("could not read a stamp")
}
