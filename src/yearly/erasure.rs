//! Forgets whom a yearly question was sent to. That somebody does not want to be asked stays: it is a hash, and they said so.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

/// In place of an address.
const ERASED: &str = "erased@erased.invalid";

/// How many questions that were.
pub async fn erase(connection: &mut PgConnection, questions: &[Uuid]) -> anyhow::Result<u64> {
    let erased =
        sqlx::query!("update contact_questions set mailbox = $2 where id = any($1)", questions, ERASED)
            .execute(connection)
            .await
            .context("could not forget who was asked")?;
    Ok(erased.rows_affected())
}
