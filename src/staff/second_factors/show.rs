//! Somebody shows a code: of an app, or for recovery. One answer for both, and one limit.

use std::time::Duration;

use anyhow::Context as _;
use secrecy::SecretString;

use super::{
    news::{News, tell},
    recovery_codes, totp, tries,
};
use crate::{
    case::{actor::StaffId, second_factor::SecondFactor},
    casework::Casework,
    clock::Timestamp,
    staff::password,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right(SecondFactor),
    Wrong,
    /// Too many wrong ones; later.
    TooMany(Duration),
}

/// Takes `typed` as a code of `staff`.
pub async fn show(
    casework: &Casework,
    staff: StaffId,
    typed: &str,
    now: Timestamp,
) -> anyhow::Result<Verdict> {
    // Nobody finds one of these by trying; and who has lost their telephone is let in whatever somebody else tried.
    if recovery_codes::normalise(typed).len() == recovery_codes::LENGTH {
        let right = recovery_codes::take(casework, staff, typed, now).await?;
        return Ok(if right { Verdict::Right(SecondFactor::RecoveryCode) } else { Verdict::Wrong });
    }
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Verdict::Wrong);
    }
    let app = &casework.app;
    let tried = match tries::begin(&app.pool, staff, now).await? {
        Ok(tried) => tried,
        Err(wait) => return Ok(Verdict::TooMany(wait)),
    };
    if totp::take(app, staff, &digits, now).await? {
        tries::forgive(&app.pool, tried).await?;
        return Ok(Verdict::Right(SecondFactor::Totp));
    }
    tell_of_tries(casework, staff, &tried, now).await?;
    Ok(Verdict::Wrong)
}

/// Whether somebody signed in still knows their password, within the same limit.
///
/// # Errors
/// The inner one says how long to wait.
pub async fn knows_password(
    casework: &Casework,
    staff: StaffId,
    typed: &str,
    now: Timestamp,
) -> anyhow::Result<Result<bool, Duration>> {
    if typed.is_empty() || typed.len() > password::LONGEST {
        return Ok(Ok(false));
    }
    let pool = &casework.app.pool;
    let tried = match tries::begin(pool, staff, now).await? {
        Ok(tried) => tried,
        Err(wait) => return Ok(Err(wait)),
    };
    let hash =
        sqlx::query_scalar!("select password_hash from staff where id = $1 and disabled_at is null", staff.0)
            .fetch_optional(pool)
            .await
            .context("could not look up a password")?
            .flatten();
    let right = password::verify(SecretString::from(typed.to_owned()), hash).await?;
    if right {
        tries::forgive(pool, tried).await?;
    }
    Ok(Ok(right))
}

async fn tell_of_tries(
    casework: &Casework,
    staff: StaffId,
    tried: &tries::Try,
    now: Timestamp,
) -> anyhow::Result<()> {
    if !tried.is_last {
        return Ok(());
    }
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    if tries::is_to_be_told(&mut transaction, staff, tried).await? {
        tell(casework, &mut transaction, staff, &News::WrongCodes, None, now).await?;
    }
    transaction.commit().await.context("could not commit that somebody is told of tries")?;
    Ok(())
}
