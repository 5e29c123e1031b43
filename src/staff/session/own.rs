//! Somebody's sessions, as they see and end them themself.

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::idle_since;
use crate::{app::App, case::actor::StaffId, clock::Timestamp};

/// A session as its owner sees it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Listed {
    pub id: Uuid,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The stored words.
    pub signed_in_with: String,
    pub second_factor: Option<String>,
    pub user_agent: String,
}

/// The sessions of somebody that stand at `now`, the one that was used last first; no more than a person has.
pub(crate) async fn list(
    connection: &mut PgConnection,
    app: &App,
    staff: StaffId,
    now: Timestamp,
) -> anyhow::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select id, created_at as "created_at: Timestamp", last_seen_at as "last_seen_at: Timestamp", signed_in_with,
             second_factor, user_agent
         from sessions where staff_id = $1 and expires_at > $2 and last_seen_at > $3
         order by last_seen_at desc, id limit 50"#,
        staff.0,
        now as Timestamp,
        idle_since(app, now) as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not list sessions")
}

/// Ends a session of `staff` by its id; `false` where they have none of it.
pub(crate) async fn end_one(pool: &PgPool, staff: StaffId, session: Uuid) -> anyhow::Result<bool> {
    let ended = sqlx::query!("delete from sessions where staff_id = $1 and id = $2", staff.0, session)
        .execute(pool)
        .await
        .context("could not end a session")?;
    Ok(ended.rows_affected() == 1)
}

/// Ends all sessions of `staff` but this one: what began with less than they have now, somebody else may have begun.
pub(crate) async fn end_others(
    connection: &mut PgConnection,
    staff: StaffId,
    but: Option<Uuid>,
) -> anyhow::Result<()> {
    sqlx::query!("delete from sessions where staff_id = $1 and id is distinct from $2", staff.0, but)
        .execute(connection)
        .await
        .context("could not end other sessions")?;
    Ok(())
}

/// Whether an identity provider, and no password of ours, began it, and asked who it is after `since`.
pub(crate) async fn began_elsewhere(pool: &PgPool, session: Uuid, since: Timestamp) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
             select from sessions where id = $1 and signed_in_with = 'provider' and authenticated_at > $2
         ) as "elsewhere!""#,
        session,
        since as Timestamp,
    )
    .fetch_one(pool)
    .await
    .context("could not look up how a session began")
}
