//! What administrators change about an account: its role, whether it is active, its sessions; and what its owner does with the
//! password.
//!
//! One change at a time, over all processes: whoever changes an account waits for whoever does already, and is looked at again
//! then, so that of two administrators who demote each other one stays. The last active administrator stays in any case; the
//! database says so, too (`staff_keep_an_admin`). Nobody changes their own role. An administrator who makes another account for
//! themself, to approve what they wrote, can't be told from one who invites a colleague: it stands in the trail, and everybody
//! who oversees is told by mail ([`letters::tell_overseers`]).

use anyhow::Context as _;
use secrecy::SecretString;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::{
    access,
    letters::{self, Happened, Letter},
    password::{self, Owner, PasswordError},
    session::{self, SignedIn},
};
use crate::{
    administration::trail::{Change, Doer, append},
    case::actor::{Role, StaffId},
    casework::Casework,
    clock::Timestamp,
    token::Token,
    web::WebError,
};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("there is no such account in this state")]
    NotFound,
    /// Somebody who is no administrator any more.
    #[error("only administrators change accounts")]
    Forbidden,
    #[error("nobody changes their own role or access")]
    Oneself,
    #[error("the last active administrator stays one: make somebody else an administrator first")]
    LastAdmin,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("the password is not the present one")]
    WrongPassword,
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<AccountError> for WebError {
    fn from(error: AccountError) -> Self {
        let refused = |key: &str| Self::Refused { key: key.to_owned(), about_rights: false };
        match error {
            AccountError::NotFound => Self::NotFound,
            AccountError::Forbidden => Self::Forbidden,
            AccountError::Oneself => refused("staff-refused-oneself"),
            AccountError::LastAdmin => refused("staff-refused-last-admin"),
            // Pages say these beside the field.
            AccountError::Password(_) | AccountError::WrongPassword => Self::Invalid(Vec::new()),
            AccountError::Other(error) => error.into(),
        }
    }
}

/// Waits for all other changes of accounts, and looks whether `doer` may change any.
pub(super) async fn begin(
    casework: &Casework,
    doer: Doer,
) -> Result<Transaction<'static, Postgres>, AccountError> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtextextended('changes of accounts', 0)) as "locked: ()""#
    )
    .fetch_one(&mut *transaction)
    .await
    .context("could not wait for other changes of accounts")?;
    if let Some(doer) = doer.staff_id() {
        let may = sqlx::query_scalar!(
            r#"select exists (select from staff where id = $1 and role = 'admin' and disabled_at is null) as "may!""#,
            doer.0,
        )
        .fetch_one(&mut *transaction)
        .await
        .context("could not look who changes an account")?;
        if !may {
            return Err(AccountError::Forbidden);
        }
    }
    Ok(transaction)
}

struct Found {
    role: Role,
    is_active: bool,
}

async fn find(connection: &mut PgConnection, staff: StaffId) -> Result<Found, AccountError> {
    let row =
        sqlx::query!("select role, disabled_at is null as \"is_active!\" from staff where id = $1", staff.0)
            .fetch_optional(connection)
            .await
            .context("could not look up an account")?
            .ok_or(AccountError::NotFound)?;
    Ok(Found { role: row.role.parse().context("an unknown role")?, is_active: row.is_active })
}

/// What the database refuses is refused; everything else is an error.
fn refused(error: sqlx::Error) -> AccountError {
    let constraint = error.as_database_error().and_then(|error| error.constraint());
    if constraint == Some("staff_keep_an_admin") {
        return AccountError::LastAdmin;
    }
    AccountError::Other(anyhow::Error::from(error).context("could not change an account"))
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
    access::end_all(&mut transaction, staff).await?;
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
    super::resets::write(casework, &mut transaction, staff, super::resets::Why::Reactivated, now).await?;
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

/// Whose password is set, as far as the rules for passwords and the mail about it need it.
struct Person {
    name: String,
    email: String,
    hash: Option<String>,
}

async fn find_person(connection: &mut PgConnection, staff: StaffId) -> Result<Person, AccountError> {
    sqlx::query_as!(
        Person,
        "select name, email, password_hash as hash from staff where id = $1 and disabled_at is null",
        staff.0,
    )
    .fetch_optional(connection)
    .await
    .context("could not look up whose password it is")?
    .ok_or(AccountError::NotFound)
}

async fn check(casework: &Casework, staff: StaffId, password: &SecretString) -> Result<Person, AccountError> {
    let mut connection = casework.app.pool.acquire().await.context("no connection")?;
    let person = find_person(&mut connection, staff).await?;
    drop(connection);
    let owner = Owner::new(&person.name, &person.email).of_company(&casework.app.settings);
    password::check(password, &owner)?;
    Ok(person)
}

/// Sets a password that was proved otherwise than by the old one: by a link, or on the machine itself. All sessions end, and so
/// do other links; whatever is asked for besides the password stays. The owner is told by mail.
pub(super) async fn store_password(
    casework: &Casework,
    connection: &mut PgConnection,
    staff: StaffId,
    hash: &str,
    now: Timestamp,
) -> Result<(), AccountError> {
    let changed = sqlx::query!(
        "update staff set password_hash = $2 where id = $1 and disabled_at is null",
        staff.0,
        hash,
    )
    .execute(&mut *connection)
    .await
    .context("could not change a password")?;
    if changed.rows_affected() == 0 {
        return Err(AccountError::NotFound);
    }
    session::end_all(connection, staff).await?;
    access::end_resets(connection, staff).await?;
    letters::write(casework, connection, staff, &Letter::PasswordChanged, now).await?;
    Ok(())
}

/// By the command line.
pub async fn set_password(
    casework: &Casework,
    staff: StaffId,
    password: SecretString,
) -> Result<(), AccountError> {
    let now = casework.app.clock.now();
    check(casework, staff, &password).await?;
    let hash = password::hash(password).await?;
    let mut transaction = begin(casework, Doer::CommandLine).await?;
    store_password(casework, &mut transaction, staff, &hash, now).await?;
    append(&mut transaction, Doer::CommandLine, &Change::StaffPasswordChanged { staff: staff.0 }, now)
        .await?;
    transaction.commit().await.context("could not commit a password")?;
    Ok(())
}

/// Who is signed in gives themself another password: `current` proves that it is they who sit there. The session goes on under
/// another token, which is returned; all others end.
pub async fn change_password(
    casework: &Casework,
    signed_in: &SignedIn,
    current: SecretString,
    password: SecretString,
) -> Result<Token, AccountError> {
    let now = casework.app.clock.now();
    let person = check(casework, signed_in.id, &password).await;
    // Looked at first, whatever is wrong with the new one: it tells nobody anything.
    let hash = match &person {
        Ok(person) => person.hash.clone(),
        Err(AccountError::Password(_)) => {
            let mut connection = casework.app.pool.acquire().await.context("no connection")?;
            find_person(&mut connection, signed_in.id).await?.hash
        }
        Err(_) => None,
    };
    if !password::verify(current, hash.clone()).await? {
        return Err(AccountError::WrongPassword);
    }
    person?;
    let fresh = password::hash(password).await?;
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    let changed = sqlx::query!(
        "update staff set password_hash = $2 where id = $1 and disabled_at is null and password_hash = $3",
        signed_in.id.0,
        fresh,
        hash,
    )
    .execute(&mut *transaction)
    .await
    .context("could not change a password")?;
    // Somebody changed it meanwhile: what was proved is the old one.
    if changed.rows_affected() == 0 {
        return Err(AccountError::WrongPassword);
    }
    access::end_resets(&mut transaction, signed_in.id).await?;
    let token = session::rotate(&mut transaction, signed_in.id, signed_in.session).await?;
    letters::write(casework, &mut transaction, signed_in.id, &Letter::PasswordChanged, now).await?;
    let change = Change::StaffPasswordChanged { staff: signed_in.id.0 };
    append(&mut transaction, Doer::Staff(signed_in.id), &change, now).await?;
    transaction.commit().await.context("could not commit a password")?;
    token.ok_or(AccountError::NotFound)
}
