//! Who has which second factors, for their own page, for administrators and for `doctor`; and what takes all of them away.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::news::{News, tell};
use crate::{
    administration::trail::{Change, Doer},
    case::{
        actor::{Role, StaffId},
        second_factor::demanded_from,
    },
    casework::Casework,
    clock::Timestamp,
    config::Settings,
    staff::{
        changes::{AccountError, begin},
        session,
    },
};

/// One app or passkey.
#[derive(Clone, Debug, Serialize)]
pub struct Device {
    pub id: Uuid,
    /// `totp` or `passkey`.
    pub kind: String,
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    /// There may be a copy of it.
    pub refused_at: Option<Timestamp>,
}

/// What somebody has.
#[derive(Clone, Debug, Serialize)]
pub struct Enrolled {
    pub devices: Vec<Device>,
    /// Recovery codes that were not used.
    pub codes: i64,
}

pub async fn list(connection: &mut PgConnection, staff: StaffId) -> anyhow::Result<Enrolled> {
    let devices = sqlx::query_as!(
        Device,
        r#"select id as "id!", kind as "kind!", name as "name!", created_at as "created_at!: Timestamp",
             last_used_at as "last_used_at: Timestamp", refused_at as "refused_at: Timestamp" from (
             select id, 'totp' as kind, name, created_at, last_used_at, null::timestamptz as refused_at from totp_devices
                 where staff_id = $1 and confirmed_at is not null
             union all
             select id, 'passkey', name, created_at, last_used_at, refused_at from passkeys where staff_id = $1) devices
         order by created_at, id"#,
        staff.0,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not list second factors")?;
    let codes = sqlx::query_scalar!(
        r#"select count(*) as "left!" from recovery_codes where staff_id = $1 and used_at is null"#,
        staff.0
    )
    .fetch_one(connection)
    .await
    .context("could not count recovery codes")?;
    Ok(Enrolled { devices, codes })
}

/// How somebody stands, for whoever looks after everybody.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    pub id: Uuid,
    pub name: String,
    pub role: String,
    pub apps: i64,
    pub passkeys: i64,
    /// From when on they can do nothing without one; where one is demanded and missing.
    pub missing_from: Option<Timestamp>,
    /// That moment is past.
    pub is_over: bool,
}

/// So many people are listed; a desk has dozens.
const MOST_LISTED: i64 = 500;

/// Everybody who can sign in; those who must have one and have none first.
pub async fn list_standing(
    connection: &mut PgConnection,
    settings: &Settings,
    now: Timestamp,
) -> anyhow::Result<Vec<Standing>> {
    let rows = sqlx::query!(
        r#"select s.id, s.name, s.role, coalesce(s.second_factor_grace_from, s.created_at) as "grace_from!: Timestamp",
             (select count(*) from totp_devices t where t.staff_id = s.id and t.confirmed_at is not null) as "apps!",
             (select count(*) from passkeys p where p.staff_id = s.id and p.refused_at is null) as "passkeys!"
         from staff s where s.disabled_at is null and s.kind = 'person' order by s.name, s.id limit $1"#,
        MOST_LISTED
    )
    .fetch_all(connection)
    .await
    .context("could not list who has a second factor")?;
    let mut listed = rows
        .into_iter()
        .map(|row| {
            let role: Role = row.role.parse().context("a member of staff has an unknown role")?;
            let has_one = row.apps > 0 || row.passkeys > 0;
            let missing_from = demanded_from(settings, role, row.grace_from).filter(|_| !has_one);
            Ok(Standing {
                id: row.id,
                name: row.name,
                role: row.role,
                apps: row.apps,
                passkeys: row.passkeys,
                is_over: missing_from.is_some_and(|from| from <= now),
                missing_from,
            })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    listed.sort_by_key(|standing| standing.missing_from.is_none());
    Ok(listed)
}

/// Takes all second factors of `staff` away, and ends their sessions and what they had begun: for who has lost everything. It
/// opens nothing by itself, since their password is still asked for, and they are told. `false` where there was nothing.
///
/// As every change of an account by somebody else: one after the other, by somebody who may at that moment.
pub async fn reset(
    casework: &Casework,
    staff: StaffId,
    doer: Doer,
    now: Timestamp,
) -> Result<bool, AccountError> {
    let mut transaction = begin(casework, doer).await?;
    let gone = sqlx::query_scalar!(
        r#"with apps as (delete from totp_devices where staff_id = $1 returning 1),
             keys as (delete from passkeys where staff_id = $1 returning 1),
             codes as (delete from recovery_codes where staff_id = $1 returning 1),
             tries as (delete from second_factor_tries where staff_id = $1),
             pending as (delete from pending_sign_ins where staff_id = $1)
         select (select count(*) from apps) + (select count(*) from keys) + (select count(*) from codes) as "gone!""#,
        staff.0
    )
    .fetch_one(&mut *transaction)
    .await
    .context("could not take second factors away")?;
    if gone == 0 {
        return Ok(false);
    }
    session::end_others(&mut transaction, staff, None).await?;
    let change = Change::SecondFactorsReset { staff: staff.0 };
    tell(casework, &mut transaction, staff, &News::Reset, Some((doer, &change)), now).await?;
    transaction.commit().await.context("could not commit that second factors are gone")?;
    Ok(true)
}

/// Who has this address and can sign in.
pub async fn find_by_email(pool: &PgPool, email: &str) -> anyhow::Result<Option<StaffId>> {
    let id = sqlx::query_scalar!(
        "select id from staff where email = $1 and disabled_at is null",
        email.to_lowercase()
    )
    .fetch_optional(pool)
    .await
    .context("could not look up a member of staff")?;
    Ok(id.map(StaffId))
}
