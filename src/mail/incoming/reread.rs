//! A message of the quarantine, understood once more when staff answer it: what is kept of it are the bytes and a few fields.
//!
//! On a thread of its own and within a time, as when it came in.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    clock::Timestamp,
    message::{self, Understanding, envelope::Envelope},
};

/// Messages take milliseconds; somebody waits for the page.
const PATIENCE: Duration = Duration::from_secs(10);

/// A message that waits for staff.
#[derive(Debug)]
pub struct Reread {
    pub id: Uuid,
    pub raw: Vec<u8>,
    pub received_at: Timestamp,
    pub envelope: Envelope,
    pub understood: Understanding,
}

/// `None` where it does not wait (any more), or could not be read to its end.
pub async fn reread(pool: &PgPool, id: Uuid) -> anyhow::Result<Option<Reread>> {
    let row = sqlx::query!(
        "select raw, received_at, client_ip, helo, envelope_from from inbound_emails
         where id = $1 and state = 'quarantined'",
        id,
    )
    .fetch_optional(pool)
    .await
    .context("could not read a message of the quarantine")?;
    let Some(row) = row else { return Ok(None) };
    let raw = row.raw.clone();
    let reading = tokio::task::spawn_blocking(move || message::understand(&raw));
    let Ok(Ok(understood)) = tokio::time::timeout(PATIENCE, reading).await else { return Ok(None) };
    let envelope = Envelope {
        client_ip: row.client_ip.and_then(|ip| ip.parse().ok()),
        helo: row.helo,
        mail_from: row.envelope_from,
    };
    Ok(Some(Reread { id, raw: row.raw, received_at: row.received_at, envelope, understood }))
}
