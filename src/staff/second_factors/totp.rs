//! Codes of an authenticator app (TOTP, RFC 6238): SHA-1, six digits, half a minute, as every app knows them.
//!
//! A code of the step before or after counts too, for clocks that differ; once a step's code was taken, none of that step or before
//! it is: the database compares and sets, so of two requests with the same code one succeeds.

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use uuid::Uuid;

use super::{
    MOST,
    news::{News, tell},
    recovery_codes,
};
use crate::{
    administration::trail::{Change, Doer},
    app::App,
    case::{actor::StaffId, second_factor::SecondFactor},
    casework::Casework,
    clock::Timestamp,
    sealing::Sealer,
    staff::session::{self, SignedIn},
};

/// Bytes of a secret (RFC 4226 §4: 160 bits).
const SECRET: usize = 20;
/// An app that was not confirmed within this time is set up anew.
const TO_CONFIRM: jiff::SignedDuration = jiff::SignedDuration::from_mins(30);

/// What an app is told, once.
pub struct Setup {
    pub name: String,
    /// In base32, for who types.
    pub secret: String,
    /// `otpauth://…`, for who scans.
    pub address: String,
}

fn generator(secret: &[u8], account: &str) -> anyhow::Result<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(Secret::new(secret.into()))
        .with_issuer(Some("Handover"))
        // A colon would end it.
        .with_account_name(account.replace(':', " "))
        .build()
        .context("could not make codes of a secret")
}

fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_second()).unwrap_or_default()
}

fn bound_to(device: Uuid, staff: StaffId) -> Vec<u8> {
    [b"handover totp v1".as_slice(), device.as_bytes(), staff.0.as_bytes()].concat()
}

/// Begins to set one up; what was begun before and not confirmed is forgotten. `None` where there are enough.
pub async fn begin(app: &App, staff: StaffId, name: &str, now: Timestamp) -> anyhow::Result<Option<Uuid>> {
    let device = Uuid::now_v7();
    let secret: [u8; SECRET] = rand::random();
    let sealed = app.factor_sealer.seal(&bound_to(device, staff), &secret)?;
    let begun = sqlx::query!(
        "with forgotten as (delete from totp_devices where staff_id = $2 and confirmed_at is null)
         insert into totp_devices (id, staff_id, name, sealed, created_at) select $1, $2, $3, $4, $5
         where (select count(*) from totp_devices where staff_id = $2 and confirmed_at is not null) < $6",
        device,
        staff.0,
        name,
        sealed,
        now as Timestamp,
        MOST,
    )
    .execute(&app.pool)
    .await
    .context("could not begin to set up an authenticator app")?;
    Ok((begun.rows_affected() == 1).then_some(device))
}

/// What to tell the app; only of one's own, and not once it is confirmed.
pub async fn find_setup(
    app: &App,
    staff: StaffId,
    device: Uuid,
    now: Timestamp,
) -> anyhow::Result<Option<Setup>> {
    let row = sqlx::query!(
        "select d.name, d.sealed, s.email from totp_devices d join staff s on s.id = d.staff_id
         where d.id = $1 and d.staff_id = $2 and d.confirmed_at is null and d.created_at > $3",
        device,
        staff.0,
        now.after(-TO_CONFIRM) as Timestamp,
    )
    .fetch_optional(&app.pool)
    .await
    .context("could not look up an authenticator app")?;
    row.map(|row| {
        let secret = app.factor_sealer.open(&bound_to(device, staff), &row.sealed)?;
        let totp = generator(&secret, &row.email)?;
        let address = totp.to_url().context("could not write the address for an authenticator app")?;
        Ok(Setup { name: row.name, secret: totp.secret().to_base32(), address })
    })
    .transpose()
}

/// Its first code was shown: from now on it counts. All other sessions of the person end. The first recovery codes, where
/// there are none; `None` where the code was wrong.
pub async fn confirm(
    casework: &Casework,
    staff: &SignedIn,
    device: Uuid,
    code: &str,
    now: Timestamp,
) -> anyhow::Result<Option<Vec<String>>> {
    let app = &casework.app;
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    let row = sqlx::query!(
        "select name, sealed from totp_devices where id = $1 and staff_id = $2 and confirmed_at is null and created_at > $3
         for update",
        device,
        staff.id.0,
        now.after(-TO_CONFIRM) as Timestamp,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not look up an authenticator app")?;
    let Some(row) = row else { return Ok(None) };
    let time = seconds(app.clock.of_devices());
    let Some(step) = step_of(&app.factor_sealer, (device, staff.id), &row.sealed, code, time)? else {
        return Ok(None);
    };
    sqlx::query!(
        "update totp_devices set confirmed_at = $2, last_step = $3, last_used_at = $2 where id = $1",
        device,
        now as Timestamp,
        step,
    )
    .execute(&mut *transaction)
    .await
    .context("could not confirm an authenticator app")?;
    session::end_others(&mut transaction, staff.id, Some(staff.session)).await?;
    let codes = recovery_codes::make_first(&mut transaction, app, staff.id, now).await?;
    let change = Change::SecondFactorAdded { staff: staff.id.0, factor: SecondFactor::Totp };
    let news = News::TotpAdded { device: &row.name };
    let doer = Doer::Staff(staff.id);
    tell(casework, &mut transaction, staff.id, &news, Some((doer, &change)), now).await?;
    transaction.commit().await.context("could not commit an authenticator app")?;
    Ok(Some(codes))
}

/// Takes a code: whether one of the person's apps shows it now, and it was not taken before.
pub(super) async fn take(app: &App, staff: StaffId, code: &str, now: Timestamp) -> anyhow::Result<bool> {
    let devices = sqlx::query!(
        "select id, sealed from totp_devices where staff_id = $1 and confirmed_at is not null",
        staff.0
    )
    .fetch_all(&app.pool)
    .await
    .context("could not look up authenticator apps")?;
    let time = seconds(app.clock.of_devices());
    for device in devices {
        if let Some(step) = step_of(&app.factor_sealer, (device.id, staff), &device.sealed, code, time)?
            && take_step(&app.pool, device.id, step, now).await?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn take_step(pool: &PgPool, device: Uuid, step: i64, now: Timestamp) -> anyhow::Result<bool> {
    let taken = sqlx::query!(
        "update totp_devices set last_step = $2, last_used_at = $3 where id = $1 and last_step < $2",
        device,
        step,
        now as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not take a code")?;
    Ok(taken.rows_affected() == 1)
}

/// The time step whose code this is. Under another `secrets.key` than it was sealed with, no code is right, and the log says why.
fn step_of(
    sealer: &Sealer,
    (device, staff): (Uuid, StaffId),
    sealed: &[u8],
    code: &str,
    time: u64,
) -> anyhow::Result<Option<i64>> {
    let secret = match sealer.open(&bound_to(device, staff), sealed) {
        Ok(secret) => secret,
        Err(locked) => {
            tracing::error!(%staff, error = %locked, "the secret of an authenticator app can't be read");
            return Ok(None);
        }
    };
    let step = generator(&secret, "")?.check(code, time);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// Takes one away. `false` where there is none of this person.
pub async fn remove(
    casework: &Casework,
    staff: &SignedIn,
    device: Uuid,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    let removed = sqlx::query_scalar!(
        "delete from totp_devices where id = $1 and staff_id = $2 and confirmed_at is not null returning name",
        device,
        staff.id.0,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not remove an authenticator app")?;
    let Some(name) = removed else { return Ok(false) };
    after_removal(&mut transaction, staff).await?;
    let change = Change::SecondFactorRemoved { staff: staff.id.0, factor: SecondFactor::Totp };
    let news = News::TotpRemoved { device: &name };
    let doer = Doer::Staff(staff.id);
    tell(casework, &mut transaction, staff.id, &news, Some((doer, &change)), now).await?;
    transaction.commit().await.context("could not commit that an authenticator app is removed")?;
    Ok(true)
}

/// Who removes a factor because it was stolen must not leave the thief's session behind. Recovery codes go with the last one:
/// they stand for it.
pub(super) async fn after_removal(connection: &mut PgConnection, staff: &SignedIn) -> anyhow::Result<()> {
    session::end_others(connection, staff.id, Some(staff.session)).await?;
    sqlx::query!(
        "delete from recovery_codes where staff_id = $1
             and not exists (select from totp_devices where staff_id = $1 and confirmed_at is not null)
             and not exists (select from passkeys where staff_id = $1 and refused_at is null)",
        staff.id.0
    )
    .execute(connection)
    .await
    .context("could not forget recovery codes")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six digits of its eight.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = generator(b"12345678901234567890", "ann@reseller.example").unwrap();
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.check(code, time), Some(time / 30), "{time}");
        }
    }

    #[test]
    fn a_code_counts_a_step_early_or_late_and_no_longer() {
        let totp = generator(b"12345678901234567890", "x").unwrap();
        let code = "081804";
        let step = 1_111_111_109 / 30;
        let at = |offset: i64| totp.check(code, u64::try_from((step + offset) * 30).unwrap());
        let right = Some(u64::try_from(step).unwrap());
        assert_eq!([-2, -1, 0, 1, 2].map(at), [None, right, right, right, None]);
        for wrong in ["", "81804", "0818040", "08l804", "٠٨١٨٠٤"] {
            assert_eq!(totp.check(wrong, 1_111_111_109), None, "{wrong}");
        }
    }

    #[test]
    fn what_an_app_scans_names_us_and_the_account() {
        let totp = generator(b"12345678901234567890", "ann:x@reseller.example").unwrap();
        let address = totp.to_url().unwrap();
        assert!(address.starts_with("otpauth://totp/Handover:ann%20x%40reseller.example?"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{address}");
    }
}
