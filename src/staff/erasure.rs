//! Forgets somebody who has no account: what they typed to sign in, and invitations that ended.
//!
//! An account stays, also one that was closed: its name stands under what it decided, and somebody has to be able to answer for it.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

/// In place of an address.
const ERASED: &str = "erased@erased.invalid";

/// Requests for a way back in that nobody has looked at yet.
pub async fn erase_resets(connection: &mut PgConnection, resets: &[Uuid]) -> anyhow::Result<u64> {
    let erased = sqlx::query!("delete from password_resets where id = any($1) and email is not null", resets)
        .execute(connection)
        .await
        .context("could not forget who wanted to sign in")?;
    Ok(erased.rows_affected())
}

/// Invitations that nobody can take up any more.
pub async fn erase_invitations(connection: &mut PgConnection, invitations: &[Uuid]) -> anyhow::Result<u64> {
    let erased = sqlx::query!(
        "update staff_invitations set email = $2
         where id = any($1) and ended_at is not null and staff_id is null",
        invitations,
        ERASED,
    )
    .execute(connection)
    .await
    .context("could not forget who was invited")?;
    Ok(erased.rows_affected())
}

/// What programs were answered goes; that they were stays, so that nothing is done twice. Whoever asks again gets an empty answer.
pub async fn erase_replays(connection: &mut PgConnection, requests: &[Uuid]) -> anyhow::Result<u64> {
    let erased =
        sqlx::query!("update token_requests set body = '' where id = any($1) and body is not null", requests)
            .execute(connection)
            .await
            .context("could not forget answers to programs")?;
    Ok(erased.rows_affected())
}
