//! What a browser was asked to sign with a passkey: kept here and not with the browser, taken once, over after five minutes.
//!
//! Bound to the browser by a cookie, and where somebody is signed in, to the session: an answer that was caught elsewhere, or
//! comes a second time, is an answer to nothing.

use anyhow::Context as _;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgPool;
use strum::IntoStaticStr;
use uuid::Uuid;

use crate::{clock::Timestamp, token::Token};

const LASTS: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

/// What the answer is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    SignIn,
    /// In this session.
    StepUp(Uuid),
    Enrolment(Uuid),
}

impl Purpose {
    fn session(self) -> Option<Uuid> {
        match self {
            Self::SignIn => None,
            Self::StepUp(session) | Self::Enrolment(session) => Some(session),
        }
    }
}

pub(super) async fn begin(
    pool: &PgPool,
    purpose: Purpose,
    state: &impl Serialize,
    now: Timestamp,
) -> anyhow::Result<Token> {
    let token = Token::random();
    sqlx::query!(
        "with over as (delete from passkey_ceremonies where expires_at <= $5)
         insert into passkey_ceremonies (token_hash, purpose, session_id, state, expires_at) values ($1, $2, $3, $4, $6)",
        &token.hash(),
        <&str>::from(purpose),
        purpose.session(),
        serde_json::to_value(state)?,
        now as Timestamp,
        now.after(LASTS) as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not keep what a browser is asked to sign")?;
    Ok(token)
}

/// Ends it, and says what was asked. `None` where nothing was, or not for this.
pub(super) async fn take<T: DeserializeOwned>(
    pool: &PgPool,
    token: &Token,
    purpose: Purpose,
    now: Timestamp,
) -> anyhow::Result<Option<T>> {
    let row = sqlx::query!(
        r#"delete from passkey_ceremonies where token_hash = $1
         returning purpose, session_id, state, expires_at as "expires_at: Timestamp""#,
        &token.hash()
    )
    .fetch_optional(pool)
    .await
    .context("could not look up what a browser was asked to sign")?;
    let row = row.filter(|row| {
        let word: &str = purpose.into();
        row.purpose == word && row.session_id == purpose.session() && row.expires_at > now
    });
    row.map(|row| serde_json::from_value(row.state).context("what a browser was asked to sign can't be read"))
        .transpose()
}
