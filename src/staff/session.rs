//! Signed-in browsers. The cookie holds a random token, the table only its hash; ending a session is deleting its row.

mod own;

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    cookie::{Cookie, time},
    dev::Payload,
    http::header::USER_AGENT,
};
use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::{
    app::App,
    case::actor::{Actor, Role, StaffId},
    clock::Timestamp,
    token::Token,
    web::{WebError, cookies},
};

pub(crate) use own::{began_elsewhere, end_one, end_others, list};

/// A session that was used within this time is not written to again.
const TOUCH_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// Who sends the request. Handlers get it from the guard in `site`; without the guard there is none to get.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub id: StaffId,
    pub name: String,
    pub role: Role,
    /// Names the session without opening it.
    pub session: Uuid,
    /// With what the session was strengthened, and when that was last shown.
    pub second_factor: Option<(SecondFactor, Timestamp)>,
    /// They have set one up, so it is asked for (`second_factors`).
    pub has_second_factor: bool,
    /// From when the days of grace count.
    pub grace_from: Timestamp,
    /// When they signed in.
    pub opened_at: Timestamp,
}

/// What somebody signed in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum FirstFactor {
    Password,
    Passkey,
    /// An identity provider (OpenID Connect).
    Provider,
}

/// What somebody showed besides; approvals are weighed by it, so it stands with the rules.
pub use crate::case::second_factor::SecondFactor;

/// How a session begins.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    pub with: FirstFactor,
    pub second_factor: Option<SecondFactor>,
    /// As the browser calls itself; cut to 200 characters.
    pub user_agent: &'a str,
}

impl<'a> Opening<'a> {
    /// With `with` alone, by the browser that sent `request`.
    pub fn of(request: &'a HttpRequest, with: FirstFactor) -> Self {
        let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
        Self { with, second_factor: None, user_agent: user_agent.unwrap_or_default() }
    }
}

impl SignedIn {
    pub fn actor(&self) -> Actor {
        Actor::Staff { id: self.id, role: self.role }
    }

    /// Auditors and administrators: what administrators do, and what the register holds as a whole, is no business of those who
    /// work cases.
    pub fn oversees(&self) -> bool {
        oversees(self.role)
    }
}

/// As [`SignedIn::oversees`], of a role.
pub fn oversees(role: Role) -> bool {
    matches!(role, Role::Auditor | Role::Admin)
}

impl FromRequest for SignedIn {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let signed_in = request.extensions().get::<Self>().cloned();
        let missing = || anyhow::anyhow!("a desk page was asked for without the guard before it").into();
        ready(signed_in.ok_or_else(missing))
    }
}

/// The token in the request's cookie.
pub fn token_of(request: &HttpRequest, app: &App) -> Option<Token> {
    Token::parse(cookies::read(request.headers(), cookies::session_name(&app.settings))?)
}

/// What a session is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Somebody does something.
    Working,
    /// A page that is open asks by itself. It must not keep a session alive that everybody has left: whoever comes by the machine
    /// would find it open.
    Watching,
}

/// Whose session it is, if it stands at `now`: neither ended, nor too old, nor idle for too long. Work marks it as used.
pub async fn find(
    connection: &mut PgConnection,
    app: &App,
    token: &Token,
    (now, used): (Timestamp, Use),
) -> anyhow::Result<Option<SignedIn>> {
    let hash = token.hash();
    let row = sqlx::query!(
        r#"select st.id, st.name, st.role, se.id as session, se.last_seen_at,
             se.second_factor, se.second_factor_at as "second_factor_at: Timestamp", se.created_at as "opened_at: Timestamp",
             coalesce(st.second_factor_grace_from, st.created_at) as "grace_from!: Timestamp",
             exists (select from totp_devices t where t.staff_id = st.id and t.confirmed_at is not null)
                 or exists (select from passkeys p where p.staff_id = st.id and p.refused_at is null) as "has_second_factor!"
         from sessions se join staff st on st.id = se.staff_id
         where se.token_hash = $1 and se.expires_at > $2 and se.last_seen_at > $3 and st.disabled_at is null"#,
        &hash,
        now as Timestamp,
        idle_since(app, now) as Timestamp,
    )
    .fetch_optional(&mut *connection)
    .await
    .context("could not look up a session")?;
    let Some(row) = row else { return Ok(None) };
    if used == Use::Working && row.last_seen_at.after(TOUCH_AFTER) <= now {
        sqlx::query!("update sessions set last_seen_at = $2 where token_hash = $1", &hash, now as Timestamp)
            .execute(&mut *connection)
            .await
            .context("could not touch a session")?;
    }
    let role = row.role.parse().with_context(|| format!("a member of staff has the role {:?}", row.role))?;
    let second_factor = match (row.second_factor, row.second_factor_at) {
        (Some(word), Some(at)) => {
            Some((word.parse().with_context(|| format!("a session has the second factor {word:?}"))?, at))
        }
        _ => None,
    };
    Ok(Some(SignedIn {
        id: StaffId(row.id),
        name: row.name,
        role,
        session: row.session,
        second_factor,
        has_second_factor: row.has_second_factor,
        grace_from: row.grace_from,
        opened_at: row.opened_at,
    }))
}

/// Opens a session with a token of its own and clears away the person's sessions that are over.
pub(crate) async fn open(
    app: &App,
    staff: StaffId,
    opening: &Opening<'_>,
    now: Timestamp,
) -> anyhow::Result<Token> {
    let token = Token::random();
    let lasts = jiff::SignedDuration::from_hours(app.settings.desk.absolute_hours.into());
    // The row of the person is locked first: whoever is deactivated at this moment gets no session that outlasts it.
    let opened = sqlx::query!(
        "with person as (
             update staff set last_signed_in_at = $3 where id = $2 and disabled_at is null returning id
         ), cleared as (
             delete from sessions where staff_id = $2 and (expires_at <= $3 or last_seen_at <= $5)
         )
         insert into sessions (token_hash, staff_id, created_at, last_seen_at, expires_at, signed_in_with, second_factor,
             second_factor_at, user_agent)
         select $1, id, $3, $3, $4, $6, $7, case when $7::text is not null then $3::timestamptz end, left($8, 200) from person",
        &token.hash(),
        staff.0,
        now as Timestamp,
        now.after(lasts) as Timestamp,
        idle_since(app, now) as Timestamp,
        <&str>::from(opening.with),
        opening.second_factor.map(<&str>::from),
        opening.user_agent,
    )
    .execute(&app.pool)
    .await
    .context("could not open a session")?;
    anyhow::ensure!(opened.rows_affected() == 1, "somebody was deactivated while they signed in");
    Ok(token)
}

/// A second factor was shown in the session of `token`: it goes on under another token, so that whoever knew the weaker one
/// has nothing. `None` where the session is over.
pub(crate) async fn strengthen(
    pool: &PgPool,
    token: &Token,
    factor: SecondFactor,
    now: Timestamp,
) -> anyhow::Result<Option<Token>> {
    let fresh = Token::random();
    let changed = sqlx::query!(
        "update sessions set token_hash = $2, second_factor = $3, second_factor_at = $4, last_seen_at = $4
         where token_hash = $1",
        &token.hash(),
        &fresh.hash(),
        <&str>::from(factor),
        now as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not strengthen a session")?;
    Ok((changed.rows_affected() == 1).then_some(fresh))
}

/// What somebody may do or how they prove who they are has changed: of all their sessions the one of `token` goes on, under
/// another token; the others end. `None` where it is over itself.
pub(crate) async fn rotate(
    connection: &mut PgConnection,
    staff: StaffId,
    session: Uuid,
) -> anyhow::Result<Option<Token>> {
    let fresh = Token::random();
    let kept = sqlx::query!(
        "with others as (delete from sessions where staff_id = $1 and id <> $2)
         update sessions set token_hash = $3 where staff_id = $1 and id = $2",
        staff.0,
        session,
        &fresh.hash(),
    )
    .execute(connection)
    .await
    .context("could not end the other sessions")?;
    Ok((kept.rows_affected() == 1).then_some(fresh))
}

/// The cookie that carries the token of a session.
pub(crate) fn cookie(app: &App, token: &Token) -> Cookie<'static> {
    let age = time::Duration::hours(app.settings.desk.absolute_hours.into());
    cookies::cookie(&app.settings, cookies::session_name(&app.settings), token.reveal().to_owned(), age)
}

/// Lets all sessions go along with a clock that is put forward.
pub async fn carry_over(pool: &PgPool, by: jiff::SignedDuration) -> anyhow::Result<()> {
    sqlx::query!(
        "update sessions set last_seen_at = last_seen_at + make_interval(secs => $1),
             expires_at = expires_at + make_interval(secs => $1),
             second_factor_at = second_factor_at + make_interval(secs => $1),
             authenticated_at = authenticated_at + make_interval(secs => $1)",
        by.as_secs_f64()
    )
    .execute(pool)
    .await
    .context("could not carry the sessions over")?;
    Ok(())
}

/// Ends one session; it need not exist.
pub(crate) async fn end(pool: &PgPool, token: &Token) -> anyhow::Result<()> {
    sqlx::query!("delete from sessions where token_hash = $1", &token.hash())
        .execute(pool)
        .await
        .context("could not end a session")?;
    Ok(())
}

/// Ends all sessions of somebody, on every machine; how many there were.
pub(crate) async fn end_all(connection: &mut PgConnection, staff: StaffId) -> anyhow::Result<u64> {
    let ended = sqlx::query!("delete from sessions where staff_id = $1", staff.0)
        .execute(connection)
        .await
        .context("could not end sessions")?;
    Ok(ended.rows_affected())
}

/// Who was last seen at or before this moment is gone.
fn idle_since(app: &App, now: Timestamp) -> Timestamp {
    now.after(-jiff::SignedDuration::from_mins(app.settings.desk.idle_minutes.into()))
}
