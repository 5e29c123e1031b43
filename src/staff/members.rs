//! The accounts: who may sign in, with which role. What is changed about one is in `accounts`, sessions are in `session`.

use anyhow::Context as _;
use secrecy::SecretString;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::password::{self, Owner, PasswordError};
use crate::{
    administration::trail::{Change, Doer, append},
    case::{
        actor::{Role, StaffId},
        address::EmailAddress,
    },
    clock::Timestamp,
    lang::Language,
};

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

/// Adds somebody to the desk with a password, by the command line; pages invite ([`super::invitations`]).
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
    password::check(&password, &Owner::new(name, email.as_str()))?;
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

/// An account as its owner sees it.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    pub email: String,
    pub language: String,
    pub has_password: bool,
}

pub(crate) async fn find_own(connection: &mut PgConnection, staff: StaffId) -> anyhow::Result<Own> {
    sqlx::query_as!(
        Own,
        r#"select email, language, password_hash is not null as "has_password!" from staff where id = $1"#,
        staff.0,
    )
    .fetch_one(connection)
    .await
    .context("could not look up somebody's own account")
}

/// Who has this address, active or not.
pub async fn find_by_address(pool: &PgPool, email: &EmailAddress) -> anyhow::Result<Option<StaffId>> {
    let id = sqlx::query_scalar!("select id from staff where email = $1", email.as_str().to_lowercase())
        .fetch_optional(pool)
        .await
        .context("could not look up a member of staff")?;
    Ok(id.map(StaffId))
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
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Member {
    pub id: Uuid,
    pub name: String,
    #[serde(skip_serializing)]
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
