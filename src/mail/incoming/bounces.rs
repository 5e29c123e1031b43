//! What was sent back of ours: written once a bounce is believed. What follows from it is for others.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{clock::Timestamp, message::Bounce};

/// Notes that the inbound e-mail `inbound` sends our `email` back. Says whether it tells that the mailbox we wrote to
/// can't be reached: for good, and no other one that it forwards to.
pub async fn record(
    connection: &mut PgConnection,
    inbound: Uuid,
    email: Uuid,
    bounce: &Bounce,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let lower = |addresses: &[String]| -> Vec<String> {
        addresses.iter().map(|address| address.to_lowercase()).collect()
    };
    let (recipients, gone) = (lower(&bounce.recipients), lower(&bounce.gone));
    let about_recipient = sqlx::query_scalar!(
        "insert into bounces (inbound_email_id, email_id, temporary, about_recipient, statuses, at, mailbox_gone)
         select $1, id, $3, cardinality($4::text[]) = 0 or lower(envelope_to) = any($4), $5, $6,
             not $3 and lower(envelope_to) = any($4) and lower(envelope_to) = any($7::text[])
         from emails where id = $2
         returning about_recipient",
        inbound,
        email,
        bounce.temporary,
        &recipients,
        &bounce.statuses,
        now as Timestamp,
        &gone,
    )
    .fetch_one(connection)
    .await
    .context("could not note a bounce")?;
    Ok(about_recipient && !bounce.temporary)
}

/// How many bounces of our `email` were believed since `since`.
pub async fn count_of(connection: &mut PgConnection, email: Uuid, since: Timestamp) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from bounces where email_id = $1 and at > $2"#,
        email,
        since as Timestamp,
    )
    .fetch_one(connection)
    .await
    .context("could not count the bounces of an e-mail")
}
