//! The accounts: who may sign in, with which role. Sessions are in `session`.

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{password, tokens};
use crate::{
    administration::trail::{Change, Doer, append},
    case::{
        actor::{Role, StaffId},
        address::EmailAddress,
    },
    clock::Timestamp,
    lang::Language,
};

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("the password needs at least {} characters", password::SHORTEST)]
    TooShort,
    #[error("the password is longer than {} bytes", password::LONGEST)]
    TooLong,
}

/// Why somebody can't be added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    #[error("the name is empty")]
    NoName,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("somebody with this address is there already")]
    EmailTaken,
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Adds somebody to the desk. As all changes here, by the command line: no page manages accounts.
pub async fn add(
    pool: &PgPool,
    name: &str,
    email: &EmailAddress,
    role: Role,
    password: SecretString,
    now: Timestamp,
) -> Result<StaffId, AddError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AddError::NoName);
    }
    check_length(&password)?;
    let id = Uuid::now_v7();
    let word: &str = role.into();
    let hash = password::hash(password).await?;
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    let added = sqlx::query!(
        "insert into staff (id, email, name, role, password_hash, created_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (email) do nothing",
        id,
        email.as_str().to_lowercase(),
        name,
        word,
        hash,
        now as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not add a member of staff")?;
    if added.rows_affected() == 0 {
        return Err(AddError::EmailTaken);
    }
    append(&mut transaction, Doer::CommandLine, &Change::StaffAdded { staff: id, role }, now).await?;
    transaction.commit().await.context("could not commit a member of staff")?;
    Ok(StaffId(id))
}

/// Gives somebody another password and ends all their sessions. `false` where nobody active has this address.
///
/// # Errors
/// A [`PasswordError`] within, for a password that is not taken.
pub async fn set_password(
    pool: &PgPool,
    email: &EmailAddress,
    password: SecretString,
    now: Timestamp,
) -> anyhow::Result<bool> {
    check_length(&password)?;
    let hash = password::hash(password).await?;
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    let changed = sqlx::query_scalar!(
        "with changed as (
             update staff set password_hash = $2 where email = $1 and disabled_at is null returning id
         ), ended as (
             delete from sessions where staff_id in (select id from changed)
         )
         select id from changed",
        email.as_str().to_lowercase(),
        hash,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not change a password")?;
    let Some(staff) = changed else { return Ok(false) };
    append(&mut transaction, Doer::CommandLine, &Change::StaffPasswordChanged { staff }, now).await?;
    transaction.commit().await.context("could not commit a password")?;
    Ok(true)
}

fn check_length(password: &SecretString) -> Result<(), PasswordError> {
    let secret = password.expose_secret();
    if secret.chars().count() < password::SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if secret.len() > password::LONGEST {
        return Err(PasswordError::TooLong);
    }
    Ok(())
}

/// Bars somebody from the desk, at once. `false` where nobody active has this address.
pub async fn disable(pool: &PgPool, email: &EmailAddress, now: Timestamp) -> anyhow::Result<bool> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    let disabled = sqlx::query_scalar!(
        "with disabled as (
             update staff set disabled_at = $2 where email = $1 and disabled_at is null returning id
         ), ended as (
             delete from sessions where staff_id in (select id from disabled)
         )
         select id from disabled",
        email.as_str().to_lowercase(),
        now as Timestamp,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not disable a member of staff")?;
    let Some(staff) = disabled else { return Ok(false) };
    tokens::end_all(&mut transaction, (staff, Doer::CommandLine), now).await?;
    append(&mut transaction, Doer::CommandLine, &Change::StaffDisabled { staff }, now).await?;
    transaction.commit().await.context("could not commit that a member of staff is disabled")?;
    Ok(true)
}

/// A service account: it has tokens, and nobody signs in as it or writes to it.
pub async fn add_service(
    connection: &mut PgConnection,
    by: StaffId,
    name: &str,
    role: Role,
    now: Timestamp,
) -> anyhow::Result<StaffId> {
    let id = Uuid::now_v7();
    let word: &str = role.into();
    sqlx::query!(
        "insert into staff (id, email, name, role, kind, created_at) values ($1, $2, $3, $4, 'service', $5)",
        id,
        // A name that is nobody's for ever (RFC 6761).
        format!("{id}@service.invalid"),
        name,
        word,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not add a service account")?;
    append(connection, Doer::Staff(by), &Change::ServiceAdded { staff: id, role }, now).await?;
    Ok(StaffId(id))
}

/// The language of somebody's mail and pages.
pub(crate) async fn choose_language(
    connection: &mut PgConnection,
    staff: StaffId,
    language: Language,
) -> anyhow::Result<()> {
    sqlx::query!("update staff set language = $2 where id = $1", staff.0, language.as_str())
        .execute(connection)
        .await
        .context("could not keep somebody's language")?;
    Ok(())
}

/// What a sign-in is weighed by.
pub(crate) struct Credentials {
    pub id: StaffId,
    /// None, where somebody has no password.
    pub password_hash: Option<String>,
}

/// By address in any case; nobody who is disabled.
pub(crate) async fn find_credentials(pool: &PgPool, email: &str) -> anyhow::Result<Option<Credentials>> {
    let row = sqlx::query!(
        "select id, password_hash from staff where email = $1 and disabled_at is null and kind = 'person'",
        email.to_lowercase(),
    )
    .fetch_optional(pool)
    .await
    .context("could not look up a member of staff")?;
    Ok(row.map(|row| Credentials { id: StaffId(row.id), password_hash: row.password_hash }))
}

/// Somebody of the desk, as pages name them.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Member {
    pub id: Uuid,
    pub name: String,
    #[serde(skip)]
    pub email: String,
    /// Can have cases: neither disabled nor an auditor.
    pub works_cases: bool,
    /// Not disabled, and of a role that may approve.
    pub approves: bool,
}

/// Everybody who is or ever was at the desk, by name.
pub async fn list_members(connection: &mut PgConnection) -> anyhow::Result<Vec<Member>> {
    sqlx::query_as!(
        Member,
        r#"select id, name, email, disabled_at is null and role <> 'auditor' and kind = 'person' as "works_cases!",
             disabled_at is null and role in ('approver', 'admin') and kind = 'person' as "approves!"
         from staff order by name, id"#
    )
    .fetch_all(connection)
    .await
    .context("could not list staff")
}
