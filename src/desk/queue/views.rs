//! Views that people named: a filter that is kept, for oneself or for everybody.
//!
//! Owns the table `saved_views`. What is kept is a filter as this program writes it, read again by the same code as any
//! address: a colleague who stores something crafted gets an ordinary list, and nobody is led anywhere else.

use actix_web::{HttpResponse, http::StatusCode, web};
use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::filter::{Filter, NAMES, Query, below};
use crate::{
    case::{actor::Role, facts::Line},
    casework::Casework,
    clock::Timestamp,
    desk::api::{
        self, answer,
        views::{View, Views},
    },
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
    pub id: Uuid,
    pub name: String,
    href: String,
    /// What stands behind the `?` of the list.
    #[serde(skip)]
    pub query: String,
    /// The present address is this one.
    chosen: bool,
    /// Whose it is, where everybody sees it.
    pub shared_by: Option<String>,
    pub may_delete: bool,
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
                query: filter.query(None),
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
    if reader.is_api && !is_understood(fields.get("query"), &filter) {
        return Err(answer::invalid(&reader, "query", "api-parameter"));
    }
    let name = Line::parse(fields.get("name"));
    let Some(name) = name.filter(|name| name.as_str().chars().count() <= LONGEST) else {
        if reader.is_api {
            return Err(answer::invalid(&reader, "name", "notice-view-no-name"));
        }
        return Ok(reader.see_other(&address, "notice-view-no-name"));
    };
    let shared = fields.is_ticked("shared");
    let kept = keep(&casework, &staff, name.as_str(), &filter, shared).await?;
    if reader.is_api {
        let id = kept.ok_or_else(|| answer::refused("notice-view-too-many"))?;
        let shared_by = shared.then(|| staff.name.clone());
        let name = name.as_str().to_owned();
        return Ok(answer::begin(StatusCode::OK).json(view(id, name, filter.query(None), (shared_by, true))));
    }
    let kept = kept.is_some();
    Ok(reader.see_other(&address, if kept { "notice-view-saved" } else { "notice-view-too-many" }))
}

/// Whether the list of cases would understand all of it.
fn is_understood(query: &str, filter: &Filter) -> bool {
    let Ok(pairs) = serde_html_form::from_str::<Vec<(String, String)>>(query) else { return false };
    let once = |name: &str| pairs.iter().filter(|(other, _)| other == name).count() == 1;
    pairs.iter().all(|(name, _)| NAMES.contains(&name.as_str()) && once(name))
        && filter.ignored(&Query::parse(query)).is_empty()
}

/// `GET /api/v1/views`: the same for programs; at most 300, so one page.
pub async fn tell(casework: web::Data<Casework>, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let saved = list(&mut connection, &staff, &Filter::default()).await?;
    drop(connection);
    let views = saved
        .into_iter()
        .map(|saved| view(saved.id, saved.name, saved.query, (saved.shared_by, saved.may_delete)));
    Ok(answer::begin(StatusCode::OK).json(Views { views: views.collect() }))
}

fn view(id: Uuid, name: String, query: String, (shared_by, may_delete): (Option<String>, bool)) -> View {
    let href = below(&format!("{}/cases", api::PATH), &query);
    View { id, name, query, href, shared_by, may_delete }
}

async fn keep(
    casework: &Casework,
    staff: &SignedIn,
    name: &str,
    filter: &Filter,
    shared: bool,
) -> anyhow::Result<Option<Uuid>> {
    let now: Timestamp = casework.app.clock.now();
    sqlx::query_scalar!(
        "insert into saved_views (id, owner_id, name, query, shared, created_at)
         select $1, $2, $3, $4, $5, $6
         where (select count(*) from saved_views where owner_id = $2 and name <> $3) < $7
         on conflict (owner_id, name) do update set query = excluded.query, shared = excluded.shared
         returning id",
        Uuid::now_v7(),
        staff.id.0,
        name,
        filter.query(None),
        shared,
        now as Timestamp,
        MOST,
    )
    .fetch_optional(&casework.app.pool)
    .await
    .context("could not save a view")
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
    if reader.is_api {
        return Ok(answer::settled(id, "deleted"));
    }
    let filter = Filter::read(&Query::parse(fields.get("query")));
    Ok(reader.see_other(&filter.address(None), "notice-view-deleted"))
}
