//! An invitation is taken up: the account exists from then on.

use anyhow::Context as _;
use secrecy::SecretString;
use uuid::Uuid;

use super::InviteError;
use crate::{
    administration::trail::{Change, Doer, append},
    app::App,
    case::actor::{Role, StaffId},
    casework::Casework,
    clock::Timestamp,
    staff::{
        changes::{AccountError, begin},
        letters::{self, Happened},
        names,
        password::{self, Owner},
    },
    token::Token,
};

/// What a link leads to.
#[derive(Clone, Debug)]
pub struct Found {
    pub email: String,
    pub role: Role,
}

/// `None` for a link that was used, withdrawn, replaced, is too old, or never was one.
pub async fn find(app: &App, token: &Token) -> anyhow::Result<Option<Found>> {
    let row = sqlx::query!(
        "select email, role from staff_invitations where token_hash = $1 and ended_at is null and expires_at > $2",
        &token.hash(),
        app.clock.now() as Timestamp,
    )
    .fetch_optional(&app.pool)
    .await
    .context("could not look up an invitation")?;
    row.map(|row| Ok(Found { email: row.email, role: row.role.parse().context("an unknown role")? }))
        .transpose()
}

/// Makes the account. Signs nobody in: whatever is asked for at the desk is asked for there.
pub async fn accept(
    casework: &Casework,
    token: &Token,
    name: &str,
    password: SecretString,
) -> Result<StaffId, InviteError> {
    let app = &casework.app;
    let found = find(app, token).await?.ok_or(AccountError::NotFound)?;
    let name = names::parse(name).ok_or(InviteError::NoName)?;
    password::check(&password, &Owner::new(&name, &found.email).of_company(&app.settings))?;
    let hash = password::hash(password).await?;
    let (id, now) = (Uuid::now_v7(), app.clock.now());
    // In the order of every change of an account; whoever invited need not be an administrator any more to have been one.
    let mut transaction = begin(casework, Doer::Program).await?;
    let taken = sqlx::query!(
        "select id, email, role, language from staff_invitations
         where token_hash = $1 and ended_at is null and expires_at > $2 for update",
        &token.hash(),
        now as Timestamp,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not take up an invitation")?
    .ok_or(AccountError::NotFound)?;
    let added = sqlx::query!(
        "insert into staff (id, email, name, role, password_hash, language, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (email) do nothing",
        id,
        taken.email,
        name,
        taken.role,
        hash,
        taken.language,
        now as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not add a member of staff")?;
    if added.rows_affected() == 0 {
        return Err(InviteError::Known);
    }
    sqlx::query!(
        "update staff_invitations set ended_at = $2, staff_id = $3 where id = $1",
        taken.id,
        now as Timestamp,
        id,
    )
    .execute(&mut *transaction)
    .await
    .context("could not end an invitation")?;
    let role: Role = taken.role.parse().context("an invitation to an unknown role")?;
    let doer = Doer::Staff(StaffId(id));
    letters::tell_overseers(casework, &mut transaction, (doer, StaffId(id)), &Happened::Joined { role }, now)
        .await?;
    append(&mut transaction, doer, &Change::StaffJoined { staff: id, invitation: taken.id, role }, now)
        .await?;
    transaction.commit().await.context("could not commit a member of staff")?;
    Ok(StaffId(id))
}
