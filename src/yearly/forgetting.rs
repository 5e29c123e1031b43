//! Whom we asked is forgotten when its time is over; that somebody was, and what they said, stays.

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::clock::Timestamp;

/// Erases the mailboxes that were asked before then, at most so many. How many.
pub async fn forget_mailboxes(
    connection: &mut PgConnection,
    before: Timestamp,
    most: i64,
) -> anyhow::Result<u64> {
    let erased = sqlx::query!(
        "update contact_questions set mailbox = 'erased@erased.invalid' where id in (select id from contact_questions
             where asked_at < $1 and mailbox <> 'erased@erased.invalid' order by asked_at limit $2)",
        before as Timestamp,
        most,
    )
    .execute(connection)
    .await
    .context("could not erase whom we asked")?;
    Ok(erased.rows_affected())
}
