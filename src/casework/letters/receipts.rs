//! The receipt for files: once for all that come in within an hour.
//!
//! Stops whoever has a requester's link from flooding the mailbox with one file after the other. The letter says so itself.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{case::outcome::Notification, clock::Timestamp};

const ONE_FOR: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

pub(in crate::casework) async fn was_written_lately(
    connection: &mut PgConnection,
    case: Uuid,
    now: Timestamp,
) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from emails
             where correlation_id = $1 and created_at > $2 and notification = $3 and state <> 'cancelled') as "lately!""#,
        case,
        now.after(-ONE_FOR) as Timestamp,
        Notification::FilesReceived.as_str(),
    )
    .fetch_one(connection)
    .await
    .context("could not look for an earlier receipt")
}
