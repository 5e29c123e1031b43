//! Service accounts: nobody signs in as one, programs act for it with tokens. Made with its first token, switched off and on again
//! by administrators.
//!
//! Stops a program that got out of hand, or whose token got lost, at once: all its tokens end with the account, and none comes
//! back with it. Those who oversee are told of each change, as of those of people's accounts; and who changes one is looked at in
//! the transaction of the change.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    access,
    changes::{AccountError, begin},
    letters::{self, Happened},
    tokens::{self, NewToken},
};
use crate::{
    administration::trail::{Change, Doer, append},
    case::actor::{Role, StaffId},
    casework::Casework,
    clock::Timestamp,
    token::Token,
};

/// For which service account a token is to be.
#[derive(Clone, Copy, Debug)]
pub enum Account<'a> {
    New { name: &'a str, role: Role },
    Known(StaffId),
}

/// A service account as those see it who oversee.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub id: Uuid,
    pub name: String,
    pub role: String,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// That work.
    pub tokens: i64,
    pub last_used_at: Option<Timestamp>,
}

/// So many accounts after that one, the newest first.
pub async fn list(
    pool: &PgPool,
    before: Option<Uuid>,
    limit: i64,
    now: Timestamp,
) -> anyhow::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select s.id, s.name, s.role, s.created_at as "created_at: Timestamp", s.disabled_at as "disabled_at: Timestamp",
             (select count(*) from staff_tokens t where t.staff_id = s.id and t.ended_at is null and t.expires_at > $3) as "tokens!",
             (select max(t.last_used_at) from staff_tokens t where t.staff_id = s.id) as "last_used_at: Timestamp"
         from staff s where s.kind = 'service' and ($1::uuid is null or s.id < $1) order by s.id desc limit $2"#,
        before,
        limit,
        now as Timestamp,
    )
    .fetch_all(pool)
    .await
    .context("could not list service accounts")
}

pub async fn find(
    connection: &mut PgConnection,
    id: StaffId,
    now: Timestamp,
) -> anyhow::Result<Option<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select s.id, s.name, s.role, s.created_at as "created_at: Timestamp", s.disabled_at as "disabled_at: Timestamp",
             (select count(*) from staff_tokens t where t.staff_id = s.id and t.ended_at is null and t.expires_at > $2) as "tokens!",
             (select max(t.last_used_at) from staff_tokens t where t.staff_id = s.id) as "last_used_at: Timestamp"
         from staff s where s.kind = 'service' and s.id = $1"#,
        id.0,
        now as Timestamp,
    )
    .fetch_optional(connection)
    .await
    .context("could not look up a service account")
}

/// Makes a token for a service account, with the account where it is new. `None` where it has as many as one may have.
pub async fn create_token(
    casework: &Casework,
    maker: StaffId,
    account: Account<'_>,
    new: &NewToken<'_>,
) -> Result<Option<Token>, AccountError> {
    let (now, zone) = (casework.app.clock.now(), &casework.app.zone);
    let doer = Doer::Staff(maker);
    let mut transaction = begin(casework, doer).await?;
    let owner = match account {
        Account::New { name, role } => add(casework, &mut transaction, doer, (name, role), now).await?,
        Account::Known(id) => {
            let found = find(&mut transaction, id, now).await?;
            found.filter(|found| found.disabled_at.is_none()).ok_or(AccountError::NotFound)?;
            id
        }
    };
    let new = NewToken { owner, ..new.clone() };
    let made = tokens::create(&mut transaction, maker, &new, (now, zone)).await?;
    if made.is_some() {
        transaction.commit().await.context("could not commit a token")?;
    }
    Ok(made)
}

async fn add(
    casework: &Casework,
    connection: &mut PgConnection,
    doer: Doer,
    (name, role): (&str, Role),
    now: Timestamp,
) -> anyhow::Result<StaffId> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into staff (id, email, name, role, kind, created_at) values ($1, $2, $3, $4, 'service', $5)",
        id,
        // A name that is nobody's for ever (RFC 6761).
        format!("{id}@service.invalid"),
        name,
        <&str>::from(role),
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not add a service account")?;
    let happened = Happened::ServiceAdded { role };
    letters::tell_overseers(casework, connection, (doer, StaffId(id)), &happened, now).await?;
    append(connection, doer, &Change::ServiceAdded { staff: id, role }, now).await?;
    Ok(StaffId(id))
}

/// Switches it off: all its tokens end, at once and for good.
pub async fn deactivate(casework: &Casework, doer: Doer, service: StaffId) -> Result<(), AccountError> {
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    let disabled = sqlx::query!(
        "update staff set disabled_at = $2 where id = $1 and kind = 'service' and disabled_at is null",
        service.0,
        now as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not switch a service account off")?;
    if disabled.rows_affected() == 0 {
        return Err(AccountError::NotFound);
    }
    let about = (doer, service);
    letters::tell_overseers(casework, &mut transaction, about, &Happened::Deactivated, now).await?;
    access::end_all(&mut transaction, (service, doer), now).await?;
    append(&mut transaction, doer, &Change::StaffDisabled { staff: service.0 }, now).await?;
    transaction.commit().await.context("could not commit that a service account is off")?;
    Ok(())
}

/// Switches it on again, without any token: whoever had one may not be whom it is wanted for now.
pub async fn reactivate(casework: &Casework, doer: Doer, service: StaffId) -> Result<(), AccountError> {
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    let role = sqlx::query_scalar!(
        "update staff set disabled_at = null where id = $1 and kind = 'service' and disabled_at is not null returning role",
        service.0,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not switch a service account on")?
    .ok_or(AccountError::NotFound)?;
    let role: Role = role.parse().context("an unknown role")?;
    let about = (doer, service);
    letters::tell_overseers(casework, &mut transaction, about, &Happened::Reactivated { role }, now).await?;
    append(&mut transaction, doer, &Change::StaffReactivated { staff: service.0, role }, now).await?;
    transaction.commit().await.context("could not commit that a service account is on")?;
    Ok(())
}
