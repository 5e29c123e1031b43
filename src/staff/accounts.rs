//! What administrators change about an account: its role, whether it is active, its sessions.
//!
//! One change at a time, over all processes: whoever changes an account waits for whoever does already, and is looked at again
//! then, so that of two administrators who demote each other one stays. The last active administrator stays in any case; the
//! database says so, too (`staff_keep_an_admin`). Nobody changes their own role. An administrator who makes another account for
//! themself, to approve what they wrote, can't be told from one who invites a colleague: it stands in the trail, and everybody
//! who oversees is told by mail ([`letters::tell_overseers`]).

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    access,
    changes::{begin, refused},
    identities,
    letters::{self, Happened},
    resets, session, tokens,
};
pub use super::{
    changes::AccountError,
    new_password::{change_password, set_password},
};
use crate::{
    administration::trail::{Change, Doer, append},
    case::actor::{Role, StaffId},
    casework::Casework,
    clock::Timestamp,
};

struct Found {
    role: Role,
    is_active: bool,
}

async fn find(connection: &mut PgConnection, staff: StaffId) -> Result<Found, AccountError> {
    let row = sqlx::query!(
        "select role, disabled_at is null as \"is_active!\" from staff where id = $1 and kind = 'person'",
        staff.0
    )
    .fetch_optional(connection)
    .await
    .context("could not look up an account")?
    .ok_or(AccountError::NotFound)?;
    Ok(Found { role: row.role.parse().context("an unknown role")?, is_active: row.is_active })
}

fn not_oneself(doer: Doer, staff: StaffId) -> Result<(), AccountError> {
    if doer.staff_id() == Some(staff) { Err(AccountError::Oneself) } else { Ok(()) }
}

/// Gives somebody another role. Their sessions end: whatever was begun under the old role is signed in for anew.
pub async fn set_role(
    casework: &Casework,
    doer: Doer,
    staff: StaffId,
    role: Role,
) -> Result<(), AccountError> {
    not_oneself(doer, staff)?;
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    let found = find(&mut transaction, staff).await?;
    if !found.is_active {
        return Err(AccountError::NotFound);
    }
    if found.role == role {
        return Ok(());
    }
    sqlx::query!("update staff set role = $2 where id = $1", staff.0, <&str>::from(role))
        .execute(&mut *transaction)
        .await
        .map_err(refused)?;
    session::end_all(&mut transaction, staff).await?;
    if found.role == Role::Admin {
        tokens::end_of_services(&mut transaction, (staff.0, doer), now).await?;
    }
    let withdrawn = if found.role == Role::Admin {
        access::withdraw_invitations_of(&mut transaction, staff, now).await?
    } else {
        Vec::new()
    };
    let happened = Happened::RoleChanged { role };
    letters::tell_overseers(casework, &mut transaction, (doer, staff), &happened, now).await?;
    let change = Change::StaffRoleChanged { staff: staff.0, from: found.role, role };
    append(&mut transaction, doer, &change, now).await?;
    append_withdrawn(&mut transaction, doer, withdrawn, now).await?;
    transaction.commit().await.context("could not commit a role")?;
    Ok(())
}

/// Bars somebody from the desk, at once: nothing that lets them in is left. Their cases are handed over after that, each by
/// itself ([`super::listed::hand_over`]); until then they count as nobody's.
pub async fn deactivate(casework: &Casework, doer: Doer, staff: StaffId) -> Result<(), AccountError> {
    not_oneself(doer, staff)?;
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    if !find(&mut transaction, staff).await?.is_active {
        return Err(AccountError::NotFound);
    }
    sqlx::query!("update staff set disabled_at = $2 where id = $1", staff.0, now as Timestamp)
        .execute(&mut *transaction)
        .await
        .map_err(refused)?;
    access::end_all(&mut transaction, (staff, doer), now).await?;
    let withdrawn = access::withdraw_invitations_of(&mut transaction, staff, now).await?;
    letters::tell_overseers(casework, &mut transaction, (doer, staff), &Happened::Deactivated, now).await?;
    append(&mut transaction, doer, &Change::StaffDisabled { staff: staff.0 }, now).await?;
    append_withdrawn(&mut transaction, doer, withdrawn, now).await?;
    transaction.commit().await.context("could not commit that somebody is deactivated")?;
    Ok(())
}

async fn append_withdrawn(
    connection: &mut PgConnection,
    doer: Doer,
    invitations: Vec<Uuid>,
    now: Timestamp,
) -> anyhow::Result<()> {
    for invitation in invitations {
        append(connection, doer, &Change::StaffInvitationWithdrawn { invitation }, now).await?;
    }
    Ok(())
}

/// Lets somebody in again, with the role they had. They have no password any more: a mail brings the link to set one.
pub async fn reactivate(casework: &Casework, doer: Doer, staff: StaffId) -> Result<(), AccountError> {
    not_oneself(doer, staff)?;
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    let found = find(&mut transaction, staff).await?;
    if found.is_active {
        return Err(AccountError::NotFound);
    }
    sqlx::query!("update staff set disabled_at = null where id = $1", staff.0)
        .execute(&mut *transaction)
        .await
        .map_err(refused)?;
    // Who comes by a provider comes by it again; a password beside it would be a way in that the provider can't close.
    if identities::list_of(&mut transaction, staff).await?.is_empty() {
        resets::write(casework, &mut transaction, staff, resets::Why::Reactivated, now).await?;
    }
    let happened = Happened::Reactivated { role: found.role };
    letters::tell_overseers(casework, &mut transaction, (doer, staff), &happened, now).await?;
    append(&mut transaction, doer, &Change::StaffReactivated { staff: staff.0, role: found.role }, now)
        .await?;
    transaction.commit().await.context("could not commit that somebody is let in again")?;
    Ok(())
}

/// Signs somebody out everywhere. How many sessions there were.
pub async fn end_sessions(casework: &Casework, doer: Doer, staff: StaffId) -> Result<u64, AccountError> {
    let now = casework.app.clock.now();
    let mut transaction = begin(casework, doer).await?;
    find(&mut transaction, staff).await?;
    let sessions = session::end_all(&mut transaction, staff).await?;
    append(&mut transaction, doer, &Change::StaffSessionsEnded { staff: staff.0, sessions }, now).await?;
    transaction.commit().await.context("could not commit the end of sessions")?;
    Ok(sessions)
}
