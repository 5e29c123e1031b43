//! Views that people named: a filter that is kept, for oneself or for everybody.
//!
//! Owns the table `saved_views`. What is kept is a filter as this program writes it, read again by the same code as any
//! address: a colleague who stores something crafted gets an ordinary list, and nobody is led anywhere else.

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::filter::{Filter, Query};
use crate::{
    case::{actor::Role, facts::Line},
    casework::Casework,
    clock::Timestamp,
    staff::session::SignedIn,
    web::{Fields, Reader, WebError},
};

/// As many each person may keep, so that nobody fills everybody's list.
const MOST: i64 = 30;
/// Longest name, in characters.
const LONGEST: usize = 60;

/// A saved view as the reader sees it.
#[derive(Debug, Serialize)]
pub struct SavedView {
    id: Uuid,
    name: String,
    href: String,
    /// The present address is this one.
    chosen: bool,
    /// Whose it is, where everybody sees it.
    shared_by: Option<String>,
    may_delete: bool,
}

/// The reader's own and those that are shared, by name. One query.
pub async fn list(
    connection: &mut PgConnection,
    staff: &SignedIn,
    now: &Filter,
) -> anyhow::Result<Vec<SavedView>> {
    let rows = sqlx::query!(
        "select v.id, v.name, v.query, v.shared, v.owner_id, s.name as owner
         from saved_views v join staff s on s.id = v.owner_id
         where v.owner_id = $1 or v.shared order by lower(v.name), v.id limit 300",
        staff.id.0
    )
    .fetch_all(connection)
    .await
    .context("could not list saved views")?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let filter = Filter::read(&Query::parse(&row.query));
            SavedView {
                id: row.id,
                name: row.name,
                href: filter.address(None),
                chosen: filter == *now,
                may_delete: row.owner_id == staff.id.0 || staff.role == Role::Admin,
                shared_by: row.shared.then_some(row.owner),
            }
        })
        .collect())
}

/// `POST /desk/views`: `name`, `query`, `shared`. A name that the person has already is changed.
pub async fn save(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let filter = Filter::read(&Query::parse(fields.get("query")));
    let address = filter.address(None);
    let name = Line::parse(fields.get("name"));
    let Some(name) = name.filter(|name| name.as_str().chars().count() <= LONGEST) else {
        return Ok(reader.see_other(&address, "notice-view-no-name"));
    };
    let kept = keep(&casework, &staff, name.as_str(), &filter, fields.is_ticked("shared")).await?;
    Ok(reader.see_other(&address, if kept { "notice-view-saved" } else { "notice-view-too-many" }))
}

async fn keep(
    casework: &Casework,
    staff: &SignedIn,
    name: &str,
    filter: &Filter,
    shared: bool,
) -> anyhow::Result<bool> {
    let now: Timestamp = casework.app.clock.now();
    let kept = sqlx::query!(
        "insert into saved_views (id, owner_id, name, query, shared, created_at)
         select $1, $2, $3, $4, $5, $6
         where (select count(*) from saved_views where owner_id = $2 and name <> $3) < $7
         on conflict (owner_id, name) do update set query = excluded.query, shared = excluded.shared",
        Uuid::now_v7(),
        staff.id.0,
        name,
        filter.query(None),
        shared,
        now as Timestamp,
        MOST,
    )
    .execute(&casework.app.pool)
    .await
    .context("could not save a view")?;
    Ok(kept.rows_affected() == 1)
}

/// `POST /desk/views/{id}/deletion`: one's own; for an administrator, also one that is shared.
pub async fn delete(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let deleted = sqlx::query!(
        "delete from saved_views where id = $1 and (owner_id = $2 or shared and $3)",
        id,
        staff.id.0,
        staff.role == Role::Admin,
    )
    .execute(&casework.app.pool)
    .await?;
    if deleted.rows_affected() == 0 {
        return Err(WebError::NotFound);
    }
    let filter = Filter::read(&Query::parse(fields.get("query")));
    Ok(reader.see_other(&filter.address(None), "notice-view-deleted"))
}
