//! What lets somebody in, all in one place: whoever is deactivated has nothing left that opens, from the same moment on.
//!
//! **Whatever comes to let somebody in or prove who they are gets a line here**: a session, a link, a password, a token for
//! programs, a second factor, a passkey, an account with an identity provider.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{session, tokens};
use crate::{administration::trail::Doer, case::actor::StaffId, clock::Timestamp};

/// Takes everything away that lets `staff` in, in the caller's transaction.
pub(crate) async fn end_all(
    connection: &mut PgConnection,
    (staff, by): (StaffId, Doer),
    now: Timestamp,
) -> anyhow::Result<()> {
    session::end_all(connection, staff).await?;
    sqlx::query!("update staff set password_hash = null where id = $1", staff.0)
        .execute(&mut *connection)
        .await
        .context("could not take a password away")?;
    // Second factors and identities elsewhere stay: they open nothing for whoever is not active.
    sqlx::query!("delete from pending_sign_ins where staff_id = $1", staff.0)
        .execute(&mut *connection)
        .await
        .context("could not end what somebody had begun to sign in with")?;
    end_resets(connection, staff).await?;
    tokens::end_of_services(connection, (staff.0, by), now).await?;
    tokens::end_all(connection, (staff.0, by), now).await
}

/// Ends the links by which `staff` could set a password.
pub(super) async fn end_resets(connection: &mut PgConnection, staff: StaffId) -> anyhow::Result<()> {
    sqlx::query!("delete from password_resets where staff_id = $1 and used_at is null", staff.0)
        .execute(connection)
        .await
        .context("could not end links to set a password")?;
    Ok(())
}

/// Withdraws the open invitations of somebody who may not invite any more: one of them may have been for themself. Their ids.
pub(super) async fn withdraw_invitations_of(
    connection: &mut PgConnection,
    staff: StaffId,
    now: Timestamp,
) -> anyhow::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "update staff_invitations set ended_at = $2 where invited_by = $1 and ended_at is null returning id",
        staff.0,
        now as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not withdraw somebody's invitations")
}
