//! Our own e-mails that an inbound one refers to: by their Message-ID, or by the return address they carried.
//!
//! Message-IDs are random and return addresses signed, so that only who received an e-mail of ours can refer to it.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

/// An e-mail of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OurEmail {
    pub id: Uuid,
    pub correlation: Option<Uuid>,
    pub notification: String,
    pub envelope_to: String,
    /// Whom its bounces come back to: a signed address of ours.
    pub envelope_from: String,
}

/// Those with one of these Message-IDs (without angle brackets), newest first.
pub async fn list_by_message_id(
    connection: &mut PgConnection,
    message_ids: &[String],
) -> anyhow::Result<Vec<OurEmail>> {
    sqlx::query_as!(
        OurEmail,
        "select id, correlation_id as correlation, notification, envelope_to, envelope_from from emails
         where message_id = any($1) order by created_at desc, id desc",
        message_ids,
    )
    .fetch_all(connection)
    .await
    .context("could not look for the e-mails that are referred to")
}

/// Those whose bounces come back to one of these addresses, newest first.
pub async fn list_by_return_address(
    connection: &mut PgConnection,
    addresses: &[String],
) -> anyhow::Result<Vec<OurEmail>> {
    let addresses: Vec<String> = addresses.iter().map(|address| address.to_lowercase()).collect();
    sqlx::query_as!(
        OurEmail,
        "select id, correlation_id as correlation, notification, envelope_to, envelope_from from emails
         where lower(envelope_from) = any($1) order by created_at desc, id desc",
        &addresses,
    )
    .fetch_all(connection)
    .await
    .context("could not look for the e-mails with a return address")
}
