//! Between the first factor and the second: no session, but a row of its own that is good for the second step alone.
//!
//! It ends after ten minutes or ten tries, is used once, and falls with the account, the password that began it and the browser's
//! cookie. The session that follows has a token of its own, so whoever knew this one has nothing.

use actix_web::HttpRequest;
use anyhow::Context as _;

use crate::{
    app::App,
    case::{actor::StaffId, second_factor::SecondFactor},
    clock::Timestamp,
    staff::session::{self, FirstFactor, Opening},
    token::Token,
};

const LASTS: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);
const TRIES: i32 = 10;

/// What comes after a right first factor.
#[derive(Debug)]
pub enum Next {
    /// A session.
    Session(Token),
    /// The second step, under this token.
    SecondStep(Token),
}

/// Whoever has a second factor is asked for it; others have a session. For every way to sign in that shows but one factor.
pub async fn after_first_factor(
    app: &App,
    request: &HttpRequest,
    staff: StaffId,
    with: FirstFactor,
    now: Timestamp,
) -> anyhow::Result<Next> {
    let opening = Opening::of(request, with);
    let token = Token::random();
    let pending = sqlx::query!(
        "with cleared as (delete from pending_sign_ins where staff_id = $2 and expires_at <= $3)
         insert into pending_sign_ins (token_hash, staff_id, began_with, password_digest, user_agent, expires_at)
         select $1, id, $4, case when $4 = 'password' then sha256(convert_to(password_hash, 'UTF8')) end, left($5, 200), $6
         from staff where id = $2 and (
             exists (select from totp_devices where staff_id = $2 and confirmed_at is not null)
             or exists (select from passkeys where staff_id = $2 and refused_at is null))",
        &token.hash(),
        staff.0,
        now as Timestamp,
        <&str>::from(with),
        opening.user_agent,
        now.after(LASTS) as Timestamp,
    )
    .execute(&app.pool)
    .await
    .context("could not begin a second step")?;
    if pending.rows_affected() == 1 {
        return Ok(Next::SecondStep(token));
    }
    Ok(Next::Session(session::open(app, staff, &opening, now).await?))
}

/// Whose second step this is; counts a try. `None` where it is over: begin with the first.
pub async fn begin_try(app: &App, token: &Token, now: Timestamp) -> anyhow::Result<Option<StaffId>> {
    let staff = sqlx::query_scalar!(
        "update pending_sign_ins p set tries = tries + 1 from staff s
         where p.token_hash = $1 and p.expires_at > $2 and p.tries < $3 and s.id = p.staff_id and s.disabled_at is null
             and (p.password_digest is null or p.password_digest = sha256(convert_to(s.password_hash, 'UTF8')))
         returning p.staff_id",
        &token.hash(),
        now as Timestamp,
        TRIES,
    )
    .fetch_optional(&app.pool)
    .await
    .context("could not look up a second step")?;
    Ok(staff.map(StaffId))
}

/// Whether it can go on, without counting.
pub async fn stands(app: &App, token: &Token, now: Timestamp) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from pending_sign_ins where token_hash = $1 and expires_at > $2 and tries < $3) as "stands!""#,
        &token.hash(),
        now as Timestamp,
        TRIES,
    )
    .fetch_one(&app.pool)
    .await
    .context("could not look up a second step")
}

/// The second factor was right: a session, once. `None` where it is over meanwhile.
pub async fn finish(
    app: &App,
    token: &Token,
    factor: SecondFactor,
    now: Timestamp,
) -> anyhow::Result<Option<Token>> {
    let row = sqlx::query!(
        "delete from pending_sign_ins p using staff s
         where p.token_hash = $1 and p.expires_at > $2 and s.id = p.staff_id and s.disabled_at is null
             and (p.password_digest is null or p.password_digest = sha256(convert_to(s.password_hash, 'UTF8')))
         returning p.staff_id, p.began_with, p.user_agent",
        &token.hash(),
        now as Timestamp,
    )
    .fetch_optional(&app.pool)
    .await
    .context("could not end a second step")?;
    let Some(row) = row else { return Ok(None) };
    let with = row.began_with.parse().context("a sign-in began in an unknown way")?;
    let opening = Opening { with, second_factor: Some(factor), user_agent: &row.user_agent };
    Ok(Some(session::open(app, StaffId(row.staff_id), &opening, now).await?))
}
