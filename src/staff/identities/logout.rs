//! Signed out by the provider (OpenID Connect Back-Channel Logout 1.0): whoever has left there is out here at once.
//!
//! The attackers: whoever would sign others out by a token that is forged, of another kind or used before; and whoever has left
//! and is just coming back with a token from before.

use anyhow::Context as _;

use super::{
    Denied, Provider, SignInError,
    discovery::Want,
    token::{self, Ended, Expected, TokenError},
};
use crate::{app::App, clock::Timestamp};

/// Ends what the token names; how many sessions that were.
///
/// # Errors
/// [`SignInError::Denied`] for a token that is not believed, or was used.
pub async fn receive(app: &App, provider: &Provider, token: &str) -> Result<u64, SignInError> {
    let now = app.clock.now();
    let metadata = provider.metadata(Want::Any, now).await?;
    let (issuer, client_id) = (&provider.settings.issuer, &provider.settings.client_id);
    let verified =
        match token::verify_logout(Expected { issuer, client_id, keys: metadata.jwks() }, token, now) {
            Err(TokenError::UnknownKey) => {
                let metadata = provider.metadata(Want::OtherKeys, now).await?;
                token::verify_logout(Expected { issuer, client_id, keys: metadata.jwks() }, token, now)
            }
            verified => verified,
        };
    end(app, issuer, &verified?, now).await
}

async fn end(app: &App, issuer: &str, ended: &Ended, now: Timestamp) -> Result<u64, SignInError> {
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    sqlx::query!("delete from used_logout_tokens where expires_at <= $1", now as Timestamp)
        .execute(&mut *transaction)
        .await
        .context("could not forget old logout tokens")?;
    let fresh = sqlx::query!(
        "insert into used_logout_tokens (issuer, token_id, expires_at) values ($1, $2, $3) on conflict do nothing",
        issuer,
        ended.id,
        ended.believed_until as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not keep a logout token")?;
    if fresh.rows_affected() == 0 {
        return Err(Denied::Unproved.because("the logout token was used before"));
    }
    // Also where nobody is signed in: somebody may be on the way back with a token from before.
    sqlx::query!(
        "update identities set signed_out_at = greatest(signed_out_at, $4)
         where issuer = $1 and coalesce(subject = $2, true) and ($2::text is not null or id in (
             select identity_id from provider_sessions where provider_session = $3))",
        issuer,
        ended.subject,
        ended.session,
        ended.issued_at as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not keep that somebody was signed out")?;
    // With both, the one session of that person; with one of them, all that it names.
    let sessions = sqlx::query!(
        "delete from sessions where id in (
             select p.session_id from provider_sessions p join identities i on i.id = p.identity_id
             where i.issuer = $1 and ($2::text is null or i.subject = $2)
                 and ($3::text is null or p.provider_session = $3 or (p.provider_session is null and $2 is not null)))",
        issuer,
        ended.subject,
        ended.session,
    )
    .execute(&mut *transaction)
    .await
    .context("could not end sessions")?;
    transaction.commit().await.context("could not commit that somebody was signed out")?;
    Ok(sessions.rows_affected())
}
