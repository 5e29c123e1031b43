//! Forgets e-mails that are about no case: what they say and whom they went to or came from. What is about one goes with its case.
//!
//! The rows stay, so that figures and what hangs on them do. The database refuses what still waits to leave, and what somebody still
//! has to look at.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

/// In place of an address, and of words; the database lets nothing else stand there.
const ERASED_ADDRESS: &str = "erased@erased.invalid";
const ERASED: &str = "—";

/// Of our own that were settled. How many.
pub async fn erase_outgoing(connection: &mut PgConnection, emails: &[Uuid]) -> anyhow::Result<u64> {
    let erased = sqlx::query!(
        "update emails set envelope_to = $2, subject = $3, raw = null
         where id = any($1) and correlation_id is null and state <> 'queued'",
        emails,
        ERASED_ADDRESS,
        ERASED,
    )
    .execute(&mut *connection)
    .await
    .context("could not forget e-mails")?;
    // Mail servers repeat the address.
    sqlx::query!(
        "update deliveries d set response = $2 from emails e
         where e.id = d.email_id and e.id = any($1) and e.correlation_id is null and e.state <> 'queued' and d.response is not null",
        emails,
        ERASED,
    )
    .execute(connection)
    .await
    .context("could not forget what mail servers said")?;
    Ok(erased.rows_affected())
}

/// Of those that came in and that somebody decided about. How many.
pub async fn erase_incoming(connection: &mut PgConnection, messages: &[Uuid]) -> anyhow::Result<u64> {
    let erased = sqlx::query!(
        "update inbound_emails set raw = '', message_id = null,
             from_address = case when from_address is not null then $2 end,
             subject = case when subject is not null then $3 end,
             visible_text = case when visible_text is not null then $3 end,
             note = case when note is not null then $3 end,
             client_ip = null, helo = null, envelope_from = null, attachments = '[]'
         where id = any($1) and correlation_id is null and state in ('discarded', 'answered')",
        messages,
        ERASED_ADDRESS,
        ERASED,
    )
    .execute(connection)
    .await
    .context("could not forget messages")?;
    Ok(erased.rows_affected())
}
