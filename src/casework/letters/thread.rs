//! The conversation that an e-mail continues: the Message-IDs of what went to and fro, oldest first.
//!
//! One per person and case: what somebody else wrote or got is never named.

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::case::correspondence::Writer;

/// With Atlassian.
pub(in crate::casework) async fn with_atlassian(pool: &PgPool, case: Uuid) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select message_id as "message_id!" from (
             select message_id, created_at as at from emails
             where correlation_id = $1 and audience = 'atlassian' and state = 'sent'
             union all
             select message_id, received_at from inbound_emails
             where correlation_id = $1 and sender = $2 and state = 'filed' and message_id is not null
         ) as conversation order by at"#,
        case,
        Writer::Atlassian.as_str(),
    )
    .fetch_all(pool)
    .await
    .context("could not look up the conversation with Atlassian")
}

/// With the mailbox `address` of the customer's side.
pub(in crate::casework) async fn with_mailbox(
    connection: &mut PgConnection,
    case: Uuid,
    address: &str,
) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select message_id as "message_id!" from (
             select message_id, created_at as at from emails
             where correlation_id = $1 and audience = 'customer' and lower(envelope_to) = lower($2)
                 and state in ('queued', 'sent')
             union all
             select message_id, received_at from inbound_emails
             where correlation_id = $1 and lower(from_address) = lower($2) and state = 'filed' and message_id is not null
         ) as conversation order by at"#,
        case,
        address,
    )
    .fetch_all(connection)
    .await
    .context("could not look up the conversation with a mailbox")
}
