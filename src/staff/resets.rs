//! A forgotten password: a link by mail, for one hour and one use, and with it another password.
//!
//! Whoever asks learns nothing. The request keeps what was typed and answers, always alike; the worker looks afterwards whose
//! it is. A mail goes out every ten minutes and five times a day at most for each account, and ten times an hour for each
//! network, so that nobody is flooded. Nothing is written to who is deactivated, or has no password because they come in
//! otherwise. A link replaces the password and nothing else: whoever holds the mailbox of an approver still lacks the second
//! factor, and does not get in by the link itself.

use std::net::IpAddr;

use anyhow::Context as _;
use secrecy::SecretString;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    attempts::network_key,
    changes::AccountError,
    letters::{self, Letter},
    new_password::store_password,
    password::{self, Owner},
};
use crate::{
    administration::trail::{Change, Doer, append},
    app::{App, Step},
    calls::{self, Topic},
    case::actor::StaffId,
    casework::Casework,
    clock::Timestamp,
    panics::caught_in,
    token::Token,
};

/// How long a link works that was asked for.
const LASTS: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);
/// How long one does that nobody asked for, and may be read after days.
const LASTS_UNASKED: jiff::SignedDuration = jiff::SignedDuration::from_hours(3 * 24);
/// What has not been looked at yet is never more than this.
const MOST_WAITING: i64 = 1000;

/// Why somebody gets a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Forgotten,
    Reactivated,
}

/// Keeps that a link is wanted. `false` where too many wait already, whoever they are.
pub async fn ask(app: &App, address: IpAddr, email: &str) -> anyhow::Result<bool> {
    let kept = sqlx::query!(
        "insert into password_resets (id, email, network, asked_at)
         select $1, left($2, 254), $3, $4 where (select count(*) from password_resets where email is not null) < $5",
        Uuid::now_v7(),
        email.trim().to_lowercase(),
        network_key(&app.sign_in_signer, address),
        app.clock.now() as Timestamp,
        MOST_WAITING,
    )
    .execute(&app.pool)
    .await
    .context("could not keep that somebody forgot a password")?;
    // The worker hears of it as of mail.
    let mut connection = app.pool.acquire().await.context("could not call the workers")?;
    calls::call(&mut connection, Topic::Reset).await?;
    Ok(kept.rows_affected() == 1)
}

/// Looks whose the next request is and writes to them.
pub async fn step(casework: &Casework) -> anyhow::Result<Step> {
    let now = casework.app.clock.now();
    let next = sqlx::query_scalar!(
        "select id from password_resets where email is not null and asked_at <= $1 order by asked_at limit 1",
        now as Timestamp,
    )
    .fetch_optional(&casework.app.pool)
    .await
    .context("could not look who forgot a password")?;
    let Some(request) = next else { return Ok(Step::Idle) };
    if let Err(error) = caught_in(answer(casework, request, now)).await {
        // It can be asked for once more; nobody else waits for it.
        tracing::error!(error = format!("{error:#}"), "could not answer who forgot a password");
        sqlx::query!("delete from password_resets where id = $1", request)
            .execute(&casework.app.pool)
            .await?;
    }
    Ok(Step::Did)
}

async fn answer(casework: &Casework, request: Uuid, now: Timestamp) -> anyhow::Result<()> {
    let mut transaction = casework.app.pool.begin().await.context("could not begin a transaction")?;
    // Several at once, for one account, would each find that none has gone out yet.
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtextextended('links to set a password', 0)) as "locked: ()""#
    )
    .fetch_one(&mut *transaction)
    .await?;
    let found = sqlx::query!(
        r#"delete from password_resets r where r.id = $1 and r.email is not null
         returning r.network, r.asked_at as "asked_at: Timestamp",
             (select s.id from staff s where s.email = r.email and s.disabled_at is null and s.password_hash is not null
                 and not exists (select from password_resets o where o.staff_id = s.id and o.asked_at > $2)
                 and (select count(*) from password_resets o where o.staff_id = s.id and o.asked_at > $3) < 5
                 and (select count(*) from password_resets o where o.network = r.network and o.token_hash is not null
                     and o.asked_at > $4) < 10) as staff"#,
        request,
        now.after(-jiff::SignedDuration::from_mins(10)) as Timestamp,
        now.after(-jiff::SignedDuration::from_hours(24)) as Timestamp,
        now.after(-jiff::SignedDuration::from_hours(1)) as Timestamp,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not look whose password was forgotten")?;
    sqlx::query!(
        "delete from password_resets where asked_at < $1",
        now.after(-jiff::SignedDuration::from_hours(7 * 24)) as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not forget old requests")?;
    if let Some(found) = found
        && let Some(staff) = found.staff
    {
        write_for(casework, &mut transaction, (StaffId(staff), found.network), Why::Forgotten, now).await?;
    }
    transaction.commit().await.context("could not commit a link to set a password")
}

/// Writes a link to somebody, in the caller's transaction.
pub(super) async fn write(
    casework: &Casework,
    connection: &mut PgConnection,
    staff: StaffId,
    why: Why,
    now: Timestamp,
) -> anyhow::Result<()> {
    write_for(casework, connection, (staff, 0), why, now).await
}

async fn write_for(
    casework: &Casework,
    connection: &mut PgConnection,
    (staff, network): (StaffId, i32),
    why: Why,
    now: Timestamp,
) -> anyhow::Result<()> {
    let token = Token::random();
    let expires_at = now.after(if why == Why::Forgotten { LASTS } else { LASTS_UNASKED });
    sqlx::query!(
        "insert into password_resets (id, network, asked_at, staff_id, token_hash, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        Uuid::now_v7(),
        network,
        now as Timestamp,
        staff.0,
        &token.hash(),
        expires_at as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not keep a link to set a password")?;
    let link = casework.app.link(&format!("/desk/password-resets/{}", token.reveal()));
    let letter = Letter::PasswordLink { link, expires_at, reactivated: why == Why::Reactivated };
    letters::write(casework, connection, staff, &letter, now).await
}

/// Whose password a link sets.
#[derive(Clone, Debug)]
pub struct Found {
    pub name: String,
    pub email: String,
}

/// `None` for a link that was used, is too old, or never was one.
pub async fn find(app: &App, token: &Token) -> anyhow::Result<Option<Found>> {
    sqlx::query_as!(
        Found,
        "select s.name, s.email from password_resets r join staff s on s.id = r.staff_id
         where r.token_hash = $1 and r.used_at is null and r.expires_at > $2 and s.disabled_at is null",
        &token.hash(),
        app.clock.now() as Timestamp,
    )
    .fetch_optional(&app.pool)
    .await
    .context("could not look up a link to set a password")
}

/// Sets the password of whom the link was sent to. Of two at once one is too late: it is [`AccountError::NotFound`] then.
pub async fn set(casework: &Casework, token: &Token, password: SecretString) -> Result<(), AccountError> {
    let app = &casework.app;
    let found = find(app, token).await?.ok_or(AccountError::NotFound)?;
    password::check(&password, &Owner::new(&found.name, &found.email).of_company(&app.settings))?;
    let hash = password::hash(password).await?;
    let now = app.clock.now();
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    // The person before the link, as whoever deactivates them locks.
    sqlx::query!(
        "select id from staff where id = (select staff_id from password_resets where token_hash = $1) for no key update",
        &token.hash(),
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not lock an account")?;
    let used = sqlx::query_scalar!(
        r#"update password_resets set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2
         returning staff_id as "staff!""#,
        &token.hash(),
        now as Timestamp,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not use a link to set a password")?;
    let staff = StaffId(used.ok_or(AccountError::NotFound)?);
    store_password(casework, &mut transaction, staff, &hash, now).await?;
    let change = Change::StaffPasswordReset { staff: staff.0 };
    append(&mut transaction, Doer::Staff(staff), &change, now).await?;
    transaction.commit().await.context("could not commit a password")?;
    Ok(())
}
