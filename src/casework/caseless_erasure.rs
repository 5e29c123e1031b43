//! Forgets what is no case's: what staff prepared for somebody, and the words of letters about no case.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::clock::Timestamp;

/// What was written down, and for whom. What is still open ends with it: whoever it was for does not want it. How many.
pub async fn erase_prepared(
    connection: &mut PgConnection,
    prepared: &[Uuid],
    now: Timestamp,
) -> anyhow::Result<u64> {
    let erased = sqlx::query!(
        "update prepared_requests set fields = null, requester_email = null, erased_at = $2,
             expires_at = case when case_id is null and withdrawn_at is null then least(expires_at, $2) else expires_at end
         where id = any($1) and erased_at is null
             and not exists (select from cases c where c.id = prepared_requests.case_id and c.state <> 'closed')",
        prepared,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not forget what was prepared")?;
    Ok(erased.rows_affected())
}

/// The words of letters about no case. How many.
pub async fn erase_texts(connection: &mut PgConnection, emails: &[Uuid]) -> anyhow::Result<u64> {
    let erased = sqlx::query!(
        "delete from letter_texts t using emails e
         where e.id = t.email_id and e.id = any($1) and e.correlation_id is null and e.state <> 'queued'",
        emails,
    )
    .execute(connection)
    .await
    .context("could not forget the words of letters")?;
    Ok(erased.rows_affected())
}
