//! Another password for an account: by its owner, who proves the present one; by a link; or on the machine itself.

use anyhow::Context as _;
use secrecy::SecretString;
use sqlx::PgConnection;

use super::{
    access,
    changes::{AccountError, begin},
    letters::{self, Letter},
    password::{self, Owner},
    session::{self, SignedIn},
};
use crate::{
    administration::trail::{Change, Doer, append},
    case::actor::StaffId,
    casework::Casework,
    clock::Timestamp,
    token::Token,
};

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
