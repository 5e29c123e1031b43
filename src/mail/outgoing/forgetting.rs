//! Letters about no case, to staff and to others: to whom they went, what was their subject and what a mail server said of them
//! is erased when their time is over. That there was one stays. A case's letters are erased with the case.

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::clock::Timestamp;

pub async fn forget_to_staff(
    connection: &mut PgConnection,
    before: Timestamp,
    most: i64,
) -> anyhow::Result<u64> {
    forget(connection, true, before, most).await
}

pub async fn forget_to_others(
    connection: &mut PgConnection,
    before: Timestamp,
    most: i64,
) -> anyhow::Result<u64> {
    forget(connection, false, before, most).await
}

async fn forget(
    connection: &mut PgConnection,
    to_staff: bool,
    before: Timestamp,
    most: i64,
) -> anyhow::Result<u64> {
    let letters = sqlx::query_scalar!(
        "select id from emails
         where correlation_id is null and envelope_to <> 'erased@erased.invalid' and state <> 'queued' and settled_at < $1
             and (audience = 'staff') = $2 order by settled_at limit $3 for update",
        before as Timestamp,
        to_staff,
        most,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not look for letters whose time is over")?;
    sqlx::query!("update deliveries set response = '—' where email_id = any($1)", &letters)
        .execute(&mut *connection)
        .await
        .context("could not erase what mail servers said")?;
    let erased = sqlx::query!(
        "update emails set envelope_to = 'erased@erased.invalid', subject = '—', raw = null where id = any($1)",
        &letters,
    )
    .execute(connection)
    .await
    .context("could not erase letters about no case")?;
    Ok(erased.rows_affected())
}
