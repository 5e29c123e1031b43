//! What ended and still says who signed in from where, who was invited, and who forgot a password: forgotten when its time is over.
//! Accounts are never: whoever decided something stays named.

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::clock::Timestamp;

/// Forgets what ended before then, at most so many rows of each table. How many of each.
pub async fn forget(connection: &mut PgConnection, before: Timestamp, most: i64) -> anyhow::Result<Vec<u64>> {
    let ended = [
        sqlx::query!(
            "delete from sessions where id in (select id from sessions where expires_at < $1 order by expires_at limit $2)",
            before as Timestamp,
            most,
        ),
        sqlx::query!(
            "delete from staff_invitations where id in (select id from staff_invitations
                 where coalesce(ended_at, expires_at) < $1 order by coalesce(ended_at, expires_at) limit $2)",
            before as Timestamp,
            most,
        ),
        sqlx::query!(
            "delete from password_resets where id in (select id from password_resets
                 where asked_at < $1 order by asked_at limit $2)",
            before as Timestamp,
            most,
        ),
        sqlx::query!(
            "delete from pending_sign_ins where token_hash in (select token_hash from pending_sign_ins
                 where expires_at < $1 order by expires_at limit $2)",
            before as Timestamp,
            most,
        ),
        sqlx::query!(
            "delete from provider_sign_ins where state_hash in (select state_hash from provider_sign_ins
                 where expires_at < $1 order by expires_at limit $2)",
            before as Timestamp,
            most,
        ),
        sqlx::query!(
            "delete from passkey_ceremonies where token_hash in (select token_hash from passkey_ceremonies
                 where expires_at < $1 order by expires_at limit $2)",
            before as Timestamp,
            most,
        ),
        sqlx::query!(
            "delete from second_factor_tries where id in (select id from second_factor_tries where at < $1 order by at limit $2)",
            before as Timestamp,
            most,
        ),
        sqlx::query!(
            "delete from sign_in_limits where key in (select key from sign_in_limits
                 where failed_at < $1 and free_at < $1 order by failed_at limit $2)",
            before as Timestamp,
            most,
        ),
        sqlx::query!(
            "delete from token_requests where id in (select id from token_requests
                 where begun_at < $1 and (status is not null or leased_until < $1) order by begun_at limit $2)",
            before as Timestamp,
            most,
        ),
    ];
    let mut counts = Vec::with_capacity(ended.len());
    for statement in ended {
        let forgotten = statement.execute(&mut *connection).await.context("could not forget what ended")?;
        counts.push(forgotten.rows_affected());
    }
    Ok(counts)
}
