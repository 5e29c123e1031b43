//! The identities of an account, for its page; and taking one away.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    super::{
        changes::{AccountError, begin},
        letters::{self, Happened},
    },
    accounts::{end_sessions_of, lock_admins},
};
use crate::{
    administration::trail::{Change, Doer, append},
    case::actor::StaffId,
    casework::Casework,
    clock::Timestamp,
};

/// Somebody, as a provider knows them.
#[derive(Clone, Debug, Serialize)]
pub struct Identity {
    pub id: Uuid,
    pub provider: String,
    pub issuer: String,
    pub subject: String,
    pub bound_at: Timestamp,
    pub last_used_at: Timestamp,
}

/// By when they were bound. At most one for each provider that is or was configured.
pub async fn list_of(connection: &mut PgConnection, staff: StaffId) -> anyhow::Result<Vec<Identity>> {
    sqlx::query_as!(
        Identity,
        r#"select id, provider, issuer, subject, bound_at as "bound_at: Timestamp", last_used_at as "last_used_at: Timestamp"
         from identities where staff_id = $1 order by bound_at, id"#,
        staff.0,
    )
    .fetch_all(connection)
    .await
    .context("could not list identities")
}

/// By which provider a session came.
pub async fn provider_of(pool: &PgPool, session: Uuid) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        "select i.provider from provider_sessions p join identities i on i.id = p.identity_id where p.session_id = $1",
        session,
    )
    .fetch_optional(pool)
    .await
    .context("could not look whence a session came")
}

/// How many administrators stay so against their provider, because nobody else is one.
pub async fn count_refused_roles(connection: &mut PgConnection) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from identities i join staff s on s.id = i.staff_id
         where i.refused_role is not null and s.disabled_at is null and s.role = 'admin'"#
    )
    .fetch_one(connection)
    .await
    .context("could not count refused roles")
}

/// Takes the identity from its account, and ends the sessions that came by it; those who oversee and whose account it is are told.
/// Not of an account that is disabled: what keeps somebody out must not be made anew by the provider.
pub async fn unbind(casework: &Casework, doer: Doer, identity: Uuid) -> Result<(), AccountError> {
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    // As whoever signs in does: in another order the two would wait for each other.
    lock_admins(&mut transaction).await?;
    let found = sqlx::query!(
        "select i.staff_id, i.provider from identities i join staff s on s.id = i.staff_id
         where i.id = $1 and s.disabled_at is null for update of i",
        identity,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not look for an identity")?
    .ok_or(AccountError::NotFound)?;
    end_sessions_of(&mut transaction, identity).await?;
    sqlx::query!("delete from identities where id = $1", identity)
        .execute(&mut *transaction)
        .await
        .context("could not take an identity away")?;
    let about = (doer, StaffId(found.staff_id));
    letters::tell_overseers(casework, &mut transaction, about, &Happened::IdentityUnbound, now).await?;
    let change = Change::IdentityUnbound { staff: found.staff_id, provider: found.provider };
    append(&mut transaction, doer, &change, now).await?;
    transaction.commit().await.context("could not commit that an identity was taken away")?;
    Ok(())
}
