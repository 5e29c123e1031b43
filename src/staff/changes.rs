//! What every change of an account begins with: one at a time, by somebody who may; and why nothing comes of one.

use anyhow::Context as _;
use sqlx::{PgConnection, Postgres, Transaction};

use super::password::PasswordError;
use crate::{administration::trail::Doer, casework::Casework, web::WebError};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("there is no such account in this state")]
    NotFound,
    /// Somebody who is no administrator any more.
    #[error("only administrators change accounts")]
    Forbidden,
    #[error("nobody changes their own role or access")]
    Oneself,
    #[error("the last active administrator stays one: make somebody else an administrator first")]
    LastAdmin,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("the password is not the present one")]
    WrongPassword,
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<AccountError> for WebError {
    fn from(error: AccountError) -> Self {
        let refused = |key: &str| Self::Refused { key: key.to_owned(), about_rights: false };
        match error {
            AccountError::NotFound => Self::NotFound,
            AccountError::Forbidden => Self::Forbidden,
            AccountError::Oneself => refused("staff-refused-oneself"),
            AccountError::LastAdmin => refused("staff-refused-last-admin"),
            // Pages say these beside the field.
            AccountError::Password(_) | AccountError::WrongPassword => Self::Invalid(Vec::new()),
            AccountError::Other(error) => error.into(),
        }
    }
}

/// Waits for all other changes of accounts, and looks whether `doer` may change any.
pub(super) async fn begin(
    casework: &Casework,
    doer: Doer,
) -> Result<Transaction<'static, Postgres>, AccountError> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    wait(&mut transaction).await?;
    if let Some(doer) = doer.staff_id() {
        let may = sqlx::query_scalar!(
            r#"select exists (select from staff where id = $1 and kind = 'person' and role = 'admin' and disabled_at is null) as "may!""#,
            doer.0,
        )
        .fetch_one(&mut *transaction)
        .await
        .context("could not look who changes an account")?;
        if !may {
            return Err(AccountError::Forbidden);
        }
    }
    Ok(transaction)
}

/// Waits for all other changes of accounts, before anything else is locked.
pub(super) async fn wait(connection: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtextextended('changes of accounts', 0)) as "locked: ()""#
    )
    .fetch_one(connection)
    .await
    .context("could not wait for other changes of accounts")?;
    Ok(())
}

/// What the database refuses is refused; everything else is an error.
pub(super) fn refused(error: sqlx::Error) -> AccountError {
    let constraint = error.as_database_error().and_then(|error| error.constraint());
    if constraint == Some("staff_keep_an_admin") {
        return AccountError::LastAdmin;
    }
    AccountError::Other(anyhow::Error::from(error).context("could not change an account"))
}
