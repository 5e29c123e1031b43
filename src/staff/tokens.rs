//! Tokens: how a script acts for a member of staff, or for a service account that nobody signs in as.
//!
//! A token is 256 random bits, shown once and stored as its hash; finding it is looking that up, so no comparison tells anything by
//! its time. What it may do is what its scopes say and what its owner's role allows at that moment, whichever is less. It ends by
//! its time, by hand, or with its owner. What it was asked before stands in `replays`.

use anyhow::Context as _;
use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use crate::{
    administration::trail::{Change, Doer, append},
    app::App,
    case::{
        actor::{Role, StaffId},
        second_factor::demanded_from,
    },
    clock::{Day, Timestamp},
    token::Token,
};

/// What scanners of published code know our tokens by.
pub const PREFIX: &str = "hvr_";
/// A token lasts at most so many days.
pub const MOST_DAYS: i64 = 366;
/// So many that work may one member of staff have.
pub const MOST: i64 = 20;
/// A token that was used within this time is not written to again.
const TOUCH_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);
/// Longest name, in characters.
pub const LONGEST_NAME: usize = 60;

/// What a token is for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
pub enum Scope {
    #[serde(rename = "cases:read")]
    #[strum(serialize = "cases:read")]
    CasesRead,
    #[serde(rename = "cases:write")]
    #[strum(serialize = "cases:write")]
    CasesWrite,
    /// Whole cases, with messages and files: auditors and administrators only.
    #[serde(rename = "cases:export")]
    #[strum(serialize = "cases:export")]
    CasesExport,
    #[serde(rename = "register:read")]
    #[strum(serialize = "register:read")]
    RegisterRead,
    #[serde(rename = "register:import")]
    #[strum(serialize = "register:import")]
    RegisterImport,
    #[serde(rename = "reports:read")]
    #[strum(serialize = "reports:read")]
    ReportsRead,
    #[serde(rename = "mail:read")]
    #[strum(serialize = "mail:read")]
    MailRead,
    #[serde(rename = "mail:write")]
    #[strum(serialize = "mail:write")]
    MailWrite,
    #[serde(rename = "blocks:read")]
    #[strum(serialize = "blocks:read")]
    BlocksRead,
    #[serde(rename = "blocks:write")]
    #[strum(serialize = "blocks:write")]
    BlocksWrite,
    /// Of their owner's own: saved views, what they are told by mail.
    #[serde(rename = "settings:read")]
    #[strum(serialize = "settings:read")]
    SettingsRead,
    #[serde(rename = "settings:write")]
    #[strum(serialize = "settings:write")]
    SettingsWrite,
}

impl Scope {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A token that was used, and for whom. In the request behind the guard.
#[derive(Clone, Debug)]
pub struct ByToken {
    pub id: Uuid,
    pub scopes: Vec<Scope>,
    /// For a service account.
    pub is_service: bool,
    /// The request that is answered once, where the sender asked for that.
    pub request: Option<Uuid>,
}

/// A token that stands, with its owner as they are at this moment.
#[derive(Clone, Debug)]
pub struct Found {
    pub token: ByToken,
    pub staff: StaffId,
    pub name: String,
    pub role: Role,
    /// From when their owner has to have a second factor, if they must have one and have none: as [`super::session::SignedIn::must_enrol_from`],
    /// by what was shown at a provider when they last signed in there. Nobody shows one for a service account.
    pub must_enrol_from: Option<Timestamp>,
}

/// What somebody wants a token to be.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    pub owner: StaffId,
    pub name: &'a str,
    pub scopes: &'a [Scope],
    /// The last day.
    pub until: Day,
}

/// Reads the text behind `Bearer`; `None` for what can't be a token of ours.
pub fn parse(text: &str) -> Option<Token> {
    Token::parse(text.strip_prefix(PREFIX)?)
}

/// The token as its owner is shown it, once.
pub fn reveal(token: &Token) -> String {
    format!("{PREFIX}{}", token.reveal())
}

/// Whose token it is, if it stands at `now`: neither ended, nor over, and its owner not disabled. Marks it as used.
pub async fn find(app: &App, token: &Token, now: Timestamp) -> anyhow::Result<Option<Found>> {
    let row = sqlx::query!(
        r#"select t.id, t.scopes, t.last_used_at as "last_used_at: Timestamp", s.id as staff, s.name, s.role,
             s.kind = 'service' as "is_service!", coalesce(s.second_factor_grace_from, s.created_at) as "grace_from!: Timestamp",
             exists (select from totp_devices d where d.staff_id = s.id and d.confirmed_at is not null)
                 or exists (select from passkeys p where p.staff_id = s.id and p.refused_at is null)
                 or exists (select from identities i
                     where i.staff_id = s.id and i.second_factor_at is not null and i.issuer = any($3))
                 as "has_second_factor!"
         from staff_tokens t join staff s on s.id = t.staff_id
         where t.token_hash = $1 and t.ended_at is null and t.expires_at > $2 and s.disabled_at is null"#,
        &token.hash(),
        now as Timestamp,
        // One that is not asked any more says nothing about anybody.
        &app.settings.desk.providers.iter().map(|provider| provider.issuer.clone()).collect::<Vec<_>>(),
    )
    .fetch_optional(&app.pool)
    .await
    .context("could not look up a token")?;
    let Some(row) = row else { return Ok(None) };
    if row.last_used_at.is_none_or(|last| last.after(TOUCH_AFTER) <= now) {
        sqlx::query!("update staff_tokens set last_used_at = $2 where id = $1", row.id, now as Timestamp)
            .execute(&app.pool)
            .await
            .context("could not mark a token as used")?;
    }
    let role: Role =
        row.role.parse().with_context(|| format!("a member of staff has the role {:?}", row.role))?;
    let token =
        ByToken { id: row.id, scopes: read_scopes(&row.scopes)?, is_service: row.is_service, request: None };
    let must_enrol_from = demanded_from(&app.settings, role, row.grace_from)
        .filter(|_| !row.is_service && !row.has_second_factor);
    Ok(Some(Found { token, staff: StaffId(row.staff), name: row.name, role, must_enrol_from }))
}

fn read_scopes(words: &[String]) -> anyhow::Result<Vec<Scope>> {
    let read = |word: &String| word.parse().with_context(|| format!("a token has the scope {word:?}"));
    words.iter().map(read).collect()
}

/// Makes a token. `None` where its owner has as many as one may have, or is gone.
pub async fn create(
    connection: &mut PgConnection,
    maker: StaffId,
    new: &NewToken<'_>,
    (now, zone): (Timestamp, &jiff::tz::TimeZone),
) -> anyhow::Result<Option<Token>> {
    // Two at once are counted one after the other.
    let owner = sqlx::query_scalar!(
        "select id from staff where id = $1 and disabled_at is null for no key update",
        new.owner.0
    )
    .fetch_optional(&mut *connection)
    .await
    .context("could not find the owner of a token")?;
    let alive = sqlx::query_scalar!(
        r#"select count(*) as "count!" from staff_tokens where staff_id = $1 and ended_at is null and expires_at > $2"#,
        new.owner.0,
        now as Timestamp,
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not count tokens")?;
    if owner.is_none() || alive >= MOST {
        return Ok(None);
    }
    let (id, token) = (Uuid::now_v7(), Token::random());
    let after = new.until.saturating_add(1.days());
    let expires_at: Timestamp =
        after.to_zoned(zone.clone()).context("a token's last day does not end")?.timestamp().into();
    let scopes: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    sqlx::query!(
        "insert into staff_tokens (id, staff_id, name, token_hash, scopes, created_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        new.owner.0,
        new.name,
        &token.hash(),
        &scopes,
        maker.0,
        now as Timestamp,
        expires_at as Timestamp,
    )
    .execute(&mut *connection)
    .await
    .context("could not keep a token")?;
    let change = Change::TokenCreated { token: id, staff: new.owner.0, scopes };
    append(connection, Doer::Staff(maker), &change, now).await?;
    Ok(Some(token))
}

/// Ends a token: one's own, or anybody's where `overseer` says so. `false` where there is none that works.
pub async fn end(
    pool: &PgPool,
    (by, overseer): (StaffId, bool),
    token: Uuid,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    let staff = sqlx::query_scalar!(
        "update staff_tokens set ended_at = $2 where id = $1 and ended_at is null and (staff_id = $3 or $4)
         returning staff_id",
        token,
        now as Timestamp,
        by.0,
        overseer,
    )
    .fetch_optional(&mut *transaction)
    .await
    .context("could not end a token")?;
    let Some(staff) = staff else { return Ok(false) };
    append(&mut transaction, Doer::Staff(by), &Change::TokenEnded { token, staff }, now).await?;
    transaction.commit().await.context("could not commit the end of a token")?;
    Ok(true)
}

/// Ends all tokens of somebody, in the transaction in which they lose their access.
pub async fn end_all(
    connection: &mut PgConnection,
    (staff, by): (Uuid, Doer),
    now: Timestamp,
) -> anyhow::Result<()> {
    let ended = sqlx::query_scalar!(
        "update staff_tokens set ended_at = $2 where staff_id = $1 and ended_at is null returning id",
        staff,
        now as Timestamp,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not end somebody's tokens")?;
    for token in ended {
        append(connection, by, &Change::TokenEnded { token, staff }, now).await?;
    }
    Ok(())
}

/// Ends the tokens of service accounts that somebody made who administers no more: they know them, and would have them as long as
/// they last.
pub async fn end_of_services(
    connection: &mut PgConnection,
    (maker, by): (Uuid, Doer),
    now: Timestamp,
) -> anyhow::Result<()> {
    let ended = sqlx::query!(
        "update staff_tokens set ended_at = $2 where created_by = $1 and staff_id <> $1 and ended_at is null
         returning id, staff_id",
        maker,
        now as Timestamp,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not end the tokens of service accounts")?;
    for token in ended {
        append(connection, by, &Change::TokenEnded { token: token.id, staff: token.staff_id }, now).await?;
    }
    Ok(())
}

/// A token as pages list it: never what opens anything.
#[derive(Clone, Debug, Serialize)]
pub struct ListedToken {
    pub id: Uuid,
    pub name: String,
    pub owner: String,
    pub is_service: bool,
    pub scopes: Vec<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// Those that work, the newest first, from behind `before` on: of one member of staff, or of everybody. One statement.
pub async fn list(
    connection: &mut PgConnection,
    (of, before): (Option<StaffId>, Option<Uuid>),
    limit: i64,
    now: Timestamp,
) -> anyhow::Result<Vec<ListedToken>> {
    sqlx::query_as!(
        ListedToken,
        r#"select t.id, t.name, s.name as owner, s.kind = 'service' as "is_service!", t.scopes,
             t.created_at as "created_at: Timestamp", t.expires_at as "expires_at: Timestamp",
             t.last_used_at as "last_used_at: Timestamp"
         from staff_tokens t join staff s on s.id = t.staff_id
         where t.ended_at is null and t.expires_at > $4 and ($1::uuid is null or t.staff_id = $1)
             and ($2::uuid is null or t.id < $2)
         order by t.id desc limit $3"#,
        of.map(|staff| staff.0),
        before,
        limit,
        now as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not list tokens")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_shown_and_nothing_else_is() {
        let token = Token::random();
        let shown = reveal(&token);
        assert_eq!(parse(&shown).unwrap().hash(), token.hash());
        for wrong in [
            "",
            "hvr_",
            token.reveal(),
            &shown[..46],
            &format!("{shown}a"),
            &format!("HVR_{}", token.reveal()),
        ] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn scopes_are_written_as_they_are_stored() {
        for scope in Scope::VARIANTS {
            assert_eq!(scope.as_str().parse::<Scope>().unwrap(), *scope);
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
    }
}
