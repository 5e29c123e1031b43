//! Whose account somebody's identity is: by the provider's own name for them, by their address the first time alone.
//!
//! The attackers: whoever administers the provider and gives an account there the address of somebody here, and whoever was barred
//! here and comes back by the provider. What a provider changes about an account stands in the trail, and is told by mail to those
//! who oversee and to whoever has the account: nothing about accounts changes in silence.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    super::{
        access, changes,
        letters::{self, By, Happened},
        names, tokens,
    },
    Denied, Provider, SignInError,
    claims::Claimed,
};
use crate::{
    administration::trail::{Change, Doer, append},
    case::actor::{Role, StaffId},
    casework::Casework,
    clock::Timestamp,
    config::Accounts,
};

/// Somebody who gets in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admitted {
    pub staff: StaffId,
    pub identity: Uuid,
}

/// What became of the account, for the trail and for mails.
#[derive(Debug, Default)]
struct Became {
    changes: Vec<Change>,
    happened: Vec<Happened>,
}

/// Finds, binds or makes the account, and gives it the role that the groups say.
pub(super) async fn admit(
    casework: &Casework,
    provider: &Provider,
    claimed: &Claimed,
    now: Timestamp,
) -> Result<Admitted, SignInError> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    let mut became = Became::default();
    // First of all, always in the same order: two administrators who lose their groups at once wait for each other here.
    let admins = if claimed.role.is_some() { lock_admins(&mut transaction).await? } else { Vec::new() };
    let known = find(&mut transaction, provider, claimed).await?;
    if claimed.role == Some(None) {
        // Whoever lost every group loses the sessions that came by it, and what their programs have.
        if let Some(known) = known {
            end_sessions_of(&mut transaction, known.identity).await?;
            tokens::end_all(&mut transaction, (known.staff.0, Doer::Program), now).await?;
            transaction.commit().await.context("could not commit the end of sessions")?;
        }
        return Err(Denied::NoRole.because("no group that has a role"));
    }
    let admitted = match known {
        Some(known) => known,
        None => bind(&mut transaction, (provider, claimed), &mut became, now).await?,
    };
    if let Some(Some(role)) = claimed.role {
        apply_role(&mut transaction, (provider, role), admitted, &admins, &mut became, now).await?;
    }
    sqlx::query!(
        "update identities set last_used_at = $2::timestamptz, second_factor_at = case when $3 then $2::timestamptz end where id = $1",
        admitted.identity,
        now as Timestamp,
        claimed.second_factor,
    )
    .execute(&mut *transaction)
    .await
    .context("could not keep that an identity was used")?;
    for happened in &became.happened {
        let by = (By::Provider(&provider.settings.label), admitted.staff);
        letters::tell_overseers(casework, &mut transaction, by, happened, now).await?;
    }
    for change in &became.changes {
        append(&mut transaction, Doer::Program, change, now).await?;
    }
    transaction.commit().await.context("could not commit a sign-in")?;
    Ok(admitted)
}

/// The account that the identity is bound to.
async fn find(
    connection: &mut PgConnection,
    provider: &Provider,
    claimed: &Claimed,
) -> Result<Option<Admitted>, SignInError> {
    let row = sqlx::query!(
        r#"select i.id, i.staff_id, i.signed_out_at as "signed_out_at: Timestamp", s.disabled_at is not null as "is_disabled!"
         from identities i join staff s on s.id = i.staff_id
         where i.issuer = $1 and i.subject = $2 and s.kind = 'person' for no key update"#,
        provider.settings.issuer,
        claimed.subject,
    )
    .fetch_optional(connection)
    .await
    .context("could not look for an identity")?;
    let Some(row) = row else { return Ok(None) };
    if row.is_disabled {
        return Err(Denied::NoAccount.because("the account has no access any more"));
    }
    if row.signed_out_at.is_some_and(|at| claimed.issued_at < at) {
        return Err(Denied::SignedOut.because("it was signed out there meanwhile"));
    }
    Ok(Some(Admitted { staff: StaffId(row.staff_id), identity: row.id }))
}

/// Binds the identity to the account with its address; makes one where that is wanted.
async fn bind(
    connection: &mut PgConnection,
    (provider, claimed): (&Provider, &Claimed),
    became: &mut Became,
    now: Timestamp,
) -> Result<Admitted, SignInError> {
    let email =
        claimed.email.as_ref().map_err(|denied| denied.because("no address that could name an account"))?;
    let email = email.as_str().to_lowercase();
    let known = sqlx::query!(
        r#"select s.id, s.disabled_at is not null or s.kind <> 'person' as "is_disabled!",
             exists (select from identities i where i.staff_id = s.id and i.issuer = $2) as "is_bound!"
         from staff s where s.email = $1 for no key update"#,
        email,
        provider.settings.issuer,
    )
    .fetch_optional(&mut *connection)
    .await
    .context("could not look for an account")?;
    let staff = match known {
        Some(known) if known.is_disabled => {
            return Err(Denied::NoAccount.because("the account has no access any more"));
        }
        Some(known) if known.is_bound => {
            return Err(Denied::BoundOtherwise.because("the account is bound to another identity there"));
        }
        Some(known) => {
            became.happened.push(Happened::IdentityBound);
            known.id
        }
        None => make(connection, (provider, claimed), &email, became, now).await?,
    };
    let identity = Uuid::now_v7();
    let bound = sqlx::query!(
        "insert into identities (id, staff_id, provider, issuer, subject, bound_at, last_used_at)
         values ($1, $2, $3, $4, $5, $6, $6) on conflict do nothing",
        identity,
        staff,
        provider.settings.name,
        provider.settings.issuer,
        claimed.subject,
        now as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not bind an identity")?;
    if bound.rows_affected() == 0 {
        // Two come back at once, and the other was first: it counts, with all that it changed.
        return Err(Denied::Stale.because("bound at the same moment by another sign-in"));
    }
    became.changes.push(Change::IdentityBound { staff, provider: provider.settings.name.clone() });
    Ok(Admitted { staff: StaffId(staff), identity })
}

/// An account for somebody who has a group with a role.
async fn make(
    connection: &mut PgConnection,
    (provider, claimed): (&Provider, &Claimed),
    email: &str,
    became: &mut Became,
    now: Timestamp,
) -> Result<Uuid, SignInError> {
    if provider.settings.accounts == Accounts::Invited {
        return Err(Denied::NoAccount.because("nobody has an account with that address"));
    }
    let Some(Some(role)) = claimed.role else {
        return Err(Denied::NoRole.because("no group that has a role"));
    };
    let (id, word) = (Uuid::now_v7(), <&str>::from(role));
    let made = sqlx::query!(
        "insert into staff (id, email, name, role, created_at) values ($1, $2, $3, $4, $5) on conflict (email) do nothing",
        id,
        email,
        names::from_provider(claimed.name.as_deref(), email),
        word,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not make an account")?;
    if made.rows_affected() == 0 {
        return Err(Denied::Stale.because("the account was made at the same moment by another sign-in"));
    }
    became.happened.push(Happened::JoinedByProvider { role });
    became.changes.push(Change::StaffJoinedByProvider {
        staff: id,
        role,
        provider: provider.settings.name.clone(),
    });
    Ok(id)
}

/// Everybody who administers, so that nobody else becomes or stops being one until the end of the transaction.
pub(super) async fn lock_admins(connection: &mut PgConnection) -> anyhow::Result<Vec<Uuid>> {
    changes::wait(connection).await?;
    sqlx::query_scalar!(
        "select id from staff where role = 'admin' and kind = 'person' and disabled_at is null order by id for no key update"
    )
    .fetch_all(connection)
    .await
    .context("could not look who administers")
}

/// The role of the groups. The last administrator stays one, and the desk says so.
async fn apply_role(
    connection: &mut PgConnection,
    (provider, role): (&Provider, Role),
    admitted: Admitted,
    admins: &[Uuid],
    became: &mut Became,
    now: Timestamp,
) -> anyhow::Result<()> {
    let has = sqlx::query_scalar!("select role from staff where id = $1 for no key update", admitted.staff.0)
        .fetch_one(&mut *connection)
        .await
        .context("could not look for a role")?;
    let has: Role = has.parse().with_context(|| format!("a member of staff has the role {has:?}"))?;
    let is_last = has == Role::Admin && role != Role::Admin && admins == [admitted.staff.0];
    let refused = is_last.then(|| <&str>::from(role));
    sqlx::query!("update identities set refused_role = $2 where id = $1", admitted.identity, refused)
        .execute(&mut *connection)
        .await
        .context("could not keep which role was refused")?;
    if is_last {
        tracing::warn!(provider = provider.settings.name, staff = %admitted.staff.0, "the last administrator has no group of administrators");
        return Ok(());
    }
    if role == has {
        return Ok(());
    }
    let word: &str = role.into();
    sqlx::query!("update staff set role = $2 where id = $1", admitted.staff.0, word)
        .execute(&mut *connection)
        .await
        .context("could not change a role")?;
    if has == Role::Admin {
        // One of them may have been for themself.
        for invitation in access::withdraw_invitations_of(connection, admitted.staff, now).await? {
            became.changes.push(Change::StaffInvitationWithdrawn { invitation });
        }
        tokens::end_of_services(connection, (admitted.staff.0, Doer::Program), now).await?;
    }
    if role != has {
        sqlx::query!("delete from sessions where staff_id = $1", admitted.staff.0)
            .execute(&mut *connection)
            .await
            .context("could not end sessions of another role")?;
    }
    let provider = provider.settings.name.clone();
    became.happened.push(Happened::RoleChanged { role });
    became.changes.push(Change::StaffRoleByProvider { staff: admitted.staff.0, role, provider });
    Ok(())
}

/// Ends every session that came by this identity.
pub(super) async fn end_sessions_of(connection: &mut PgConnection, identity: Uuid) -> anyhow::Result<u64> {
    let ended = sqlx::query!(
        "delete from sessions where id in (select session_id from provider_sessions where identity_id = $1)",
        identity,
    )
    .execute(connection)
    .await
    .context("could not end the sessions of an identity")?;
    Ok(ended.rows_affected())
}
