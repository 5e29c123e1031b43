//! The accounts as those see them who oversee, and what somebody leaves behind who goes: their open cases.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    administration::trail::{Change, Doer, append},
    case::{
        action::Action,
        actor::{Actor, StaffId},
    },
    casework::{ActError, Casework},
    clock::Timestamp,
};

/// Cases that are handed over at once; of the others the page says how many are left.
const MOST_AT_ONCE: i64 = 200;

/// One account in the list.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub role: String,
    pub last_signed_in_at: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
    pub has_password: bool,
    pub sessions: i64,
    pub cases: i64,
}

/// So many accounts after that one: the active ones first, by name.
pub async fn list(pool: &PgPool, after: Option<Uuid>, limit: i64) -> anyhow::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select s.id, s.name, s.email, s.role, s.last_signed_in_at as "last_signed_in_at: Timestamp",
             s.disabled_at as "disabled_at: Timestamp", s.password_hash is not null as "has_password!",
             (select count(*) from sessions where staff_id = s.id) as "sessions!",
             (select count(*) from cases c where c.owner_id = s.id and c.state <> 'closed') as "cases!"
         from staff s
         where s.kind = 'person' and ($1::uuid is null or ((s.disabled_at is not null), s.name, s.id)
             > (select (a.disabled_at is not null), a.name, a.id from staff a where a.id = $1))
         order by (s.disabled_at is not null), s.name, s.id limit $2"#,
        after,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("could not list accounts")
}

pub async fn find(pool: &PgPool, id: Uuid) -> anyhow::Result<Option<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select s.id, s.name, s.email, s.role, s.last_signed_in_at as "last_signed_in_at: Timestamp",
             s.disabled_at as "disabled_at: Timestamp", s.password_hash is not null as "has_password!",
             (select count(*) from sessions where staff_id = s.id) as "sessions!",
             (select count(*) from cases c where c.owner_id = s.id and c.state <> 'closed') as "cases!"
         from staff s where s.id = $1 and s.kind = 'person'"#,
        id,
    )
    .fetch_optional(pool)
    .await
    .context("could not look up an account")
}

/// Numbers of open cases that somebody has, the oldest first.
pub async fn list_cases(pool: &PgPool, owner: Uuid, limit: i64) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select number from cases where owner_id = $1 and state <> 'closed' order by opened_at, id limit $2",
        owner,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("could not list somebody's cases")
}

/// Gives the open cases of `from` to `to`, or to nobody: each by itself, as `actor`, with its own line in its own trail. How
/// many; what could not be handed over stays, and can be tried again.
pub async fn hand_over(
    casework: &Casework,
    actor: Actor,
    from: StaffId,
    to: Option<StaffId>,
) -> anyhow::Result<u64> {
    let pool = &casework.app.pool;
    let cases = sqlx::query_scalar!(
        "select id from cases where owner_id = $1 and state <> 'closed' order by opened_at, id limit $2",
        from.0,
        MOST_AT_ONCE,
    )
    .fetch_all(pool)
    .await
    .context("could not list the cases of who goes")?;
    let mut handed_over = 0_u64;
    for case in cases {
        match casework.act(case, actor, &Action::Assign { owner: to }, None).await {
            Ok(_) => handed_over = handed_over.saturating_add(1),
            Err(ActError::Other(error)) => return Err(error),
            Err(refused) => tracing::warn!(%case, error = %refused, "a case was not handed over"),
        }
    }
    if let (Actor::Staff { id, .. }, true) = (actor, handed_over > 0) {
        let mut transaction = pool.begin().await.context("could not begin a transaction")?;
        let change =
            Change::StaffCasesHandedOver { staff: from.0, to: to.map(|to| to.0), cases: handed_over };
        append(&mut transaction, Doer::Staff(id), &change, casework.app.clock.now()).await?;
        transaction.commit().await.context("could not commit that cases were handed over")?;
    }
    Ok(handed_over)
}
