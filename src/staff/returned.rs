//! Links of accounts that come back in a message, as when a mailbox is full: they end in the transaction in which staff can read
//! the message. Otherwise whoever reads it could take up an invitation as administrator, or set a colleague's password.

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::{clock::Timestamp, token::Token};

/// Ends those of `tokens` that let somebody in, and says which they are, so that they are not shown.
pub async fn end(
    connection: &mut PgConnection,
    tokens: &[Token],
    now: Timestamp,
) -> anyhow::Result<Vec<Token>> {
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    let hashes: Vec<Vec<u8>> = tokens.iter().map(|token| token.hash().to_vec()).collect();
    let ended = sqlx::query_scalar!(
        r#"with resets as (
             update password_resets set expires_at = least(expires_at, $2) where token_hash = any($1) returning token_hash
         ), invitations as (
             update staff_invitations set expires_at = least(expires_at, $2) where token_hash = any($1) returning token_hash
         )
         select token_hash as "token_hash!" from resets union all select token_hash from invitations"#,
        &hashes,
        now as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not end links of accounts that came back")?;
    let is_ended = |token: &&Token| ended.iter().any(|hash| hash.as_slice() == token.hash().as_slice());
    Ok(tokens.iter().filter(is_ended).cloned().collect())
}
