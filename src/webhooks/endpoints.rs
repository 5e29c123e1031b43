//! The endpoints as they are stored. Who changes one writes it into the trail of administrators' changes, too
//! (`administration::webhooks`); nothing here does.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use strum::IntoStaticStr;
use uuid::Uuid;

use super::secret::Sealed;
use crate::clock::Timestamp;

/// So many there can be: each is a statement's row in every change of a case, and a place among the senders.
pub const MOST: i64 = 20;

/// An endpoint without what it keeps sealed.
#[derive(Clone, Debug, Serialize)]
pub struct Endpoint {
    pub id: Uuid,
    pub name: String,
    pub host: String,
    pub kinds: Vec<String>,
    pub personal: bool,
    pub version: i32,
    pub created_at: Timestamp,
    /// The older secret signs, too, until then.
    pub old_secret_until: Option<Timestamp>,
    pub failing_since: Option<Timestamp>,
    pub last_success_at: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
    pub disabled_why: Option<String>,
}

/// What an administrator chooses.
#[derive(Clone, Debug)]
pub struct Chosen<'a> {
    pub name: &'a str,
    pub host: &'a str,
    pub kinds: &'a [String],
    pub personal: bool,
}

/// Why an endpoint is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Why {
    Administrator,
    /// Its receiver said that there is nothing any more.
    Gone,
    /// It took nothing for days.
    Failing,
}

/// By name; there are few.
pub async fn list(connection: &mut PgConnection) -> anyhow::Result<Vec<Endpoint>> {
    sqlx::query_as!(
        Endpoint,
        "select id, name, host, kinds, personal, version, created_at, old_secret_until, failing_since, last_success_at,
             disabled_at, disabled_why
         from webhook_endpoints order by name, id"
    )
    .fetch_all(connection)
    .await
    .context("could not list the endpoints of webhooks")
}

pub async fn find(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<Option<Endpoint>> {
    sqlx::query_as!(
        Endpoint,
        "select id, name, host, kinds, personal, version, created_at, old_secret_until, failing_since, last_success_at,
             disabled_at, disabled_why
         from webhook_endpoints where id = $1",
        id
    )
    .fetch_optional(connection)
    .await
    .context("could not read an endpoint of webhooks")
}

/// `false` where there are as many as there can be.
pub async fn insert(
    connection: &mut PgConnection,
    id: Uuid,
    chosen: &Chosen<'_>,
    (address, secret): (&Sealed, &Sealed),
    now: Timestamp,
) -> anyhow::Result<bool> {
    let inserted = sqlx::query!(
        "insert into webhook_endpoints (id, name, host, address, secret, kinds, personal, version, created_at)
         select $1, $2, $3, $4, $5, $6, $7, 1, $8 where (select count(*) from webhook_endpoints) < $9",
        id,
        chosen.name,
        chosen.host,
        address,
        secret,
        chosen.kinds,
        chosen.personal,
        now as Timestamp,
        MOST,
    )
    .execute(connection)
    .await
    .context("could not keep an endpoint of webhooks")?;
    Ok(inserted.rows_affected() == 1)
}

/// `false` where somebody changed it since, or it is gone. Without an address, it keeps its own.
pub async fn update(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    chosen: &Chosen<'_>,
    address: Option<&Sealed>,
) -> anyhow::Result<bool> {
    let updated = sqlx::query!(
        "update webhook_endpoints set name = $3, host = case when $7::bytea is null then host else $4 end, kinds = $5,
             personal = $6, address = coalesce($7, address), version = version + 1
         where id = $1 and version = $2",
        id,
        version,
        chosen.name,
        chosen.host,
        chosen.kinds,
        chosen.personal,
        address as Option<&Sealed>,
    )
    .execute(connection)
    .await
    .context("could not change an endpoint of webhooks")?;
    Ok(updated.rows_affected() == 1)
}

/// Puts a new secret in the place of the old one, which signs beside it until then.
pub async fn rotate(
    connection: &mut PgConnection,
    id: Uuid,
    secret: &Sealed,
    until: Timestamp,
) -> anyhow::Result<bool> {
    let rotated = sqlx::query!(
        "update webhook_endpoints set old_secret = secret, old_secret_until = $3, secret = $2, version = version + 1
         where id = $1",
        id,
        secret,
        until as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not change a secret of webhooks")?;
    Ok(rotated.rows_affected() == 1)
}

/// Switches it on; what it failed at before is forgotten.
pub async fn enable(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<bool> {
    let enabled = sqlx::query!(
        "update webhook_endpoints set disabled_at = null, disabled_why = null, gone_at = null, failing_since = null
         where id = $1 and disabled_at is not null",
        id
    )
    .execute(connection)
    .await
    .context("could not switch an endpoint on")?;
    Ok(enabled.rows_affected() == 1)
}

/// Switches it off. What waits for it is not sent any more, or it would come days late, when it is switched on again.
pub async fn disable(
    connection: &mut PgConnection,
    id: Uuid,
    why: Why,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let why: &str = why.into();
    let disabled = sqlx::query!(
        "update webhook_endpoints set disabled_at = $2, disabled_why = $3
         where id = $1 and (disabled_at is null or disabled_why <> $3)",
        id,
        now as Timestamp,
        why,
    )
    .execute(&mut *connection)
    .await
    .context("could not switch an endpoint off")?;
    sqlx::query!(
        "update webhook_deliveries set state = 'cancelled', settled_at = $2 where endpoint_id = $1 and state = 'queued'",
        id,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not cancel what waits for an endpoint")?;
    Ok(disabled.rows_affected() == 1)
}

/// With all its messages.
pub async fn delete(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<bool> {
    let deleted = sqlx::query!("delete from webhook_endpoints where id = $1", id)
        .execute(connection)
        .await
        .context("could not delete an endpoint of webhooks")?;
    Ok(deleted.rows_affected() == 1)
}

/// One that is to be switched off, and why, locked: its receiver said so, or took nothing for `days` while it was tried.
pub async fn find_hopeless(connection: &mut PgConnection, days: u32) -> anyhow::Result<Option<(Uuid, Why)>> {
    let row = sqlx::query!(
        r#"select id, gone_at is not null as "gone!" from webhook_endpoints
         where disabled_at is null
             and (gone_at is not null or last_failure_at >= failing_since + make_interval(days => $1))
         order by id limit 1 for no key update skip locked"#,
        i32::try_from(days).unwrap_or(i32::MAX),
    )
    .fetch_optional(connection)
    .await
    .context("could not look for endpoints that take nothing")?;
    Ok(row.map(|row| (row.id, if row.gone { Why::Gone } else { Why::Failing })))
}
