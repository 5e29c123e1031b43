//! `/desk/administration/services`: the service accounts, and one of them: what switching it off or on does stands on the page before
//! its button is pressed. Those who oversee read, administrators change.
//!
//! A new one is made with its first token, on the page of tokens.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    case::actor::{Role, StaffId},
    desk::{second_factors::step_up::Asking, tokens},
    staff::{
        services::{self, Listed},
        session::SignedIn,
        tokens::{self as kept, ListedToken},
    },
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/services";
const PAGE_SIZE: i64 = 50;

/// Before which account the page begins; nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    before: String,
}

/// `desk/administration/services.html`.
#[derive(Debug, Serialize)]
struct ListView {
    services: Vec<Listed>,
    /// The reader may change them.
    may: bool,
    first: Option<&'static str>,
    next: Option<String>,
}

pub async fn list(
    reader: Reader,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let (app, before) = (&reader.app, query.before.parse().ok());
    let limit = PAGE_SIZE.saturating_add(1);
    let mut services = services::list(&app.pool, before, limit, app.clock.now()).await?;
    let more = i64::try_from(services.len()).is_ok_and(|count| count > PAGE_SIZE);
    services.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    let view = ListView {
        next: services.last().filter(|_| more).map(|last| format!("{PATH}?before={}", last.id)),
        first: before.map(|_: Uuid| PATH),
        services,
        may: staff.role == Role::Admin,
    };
    reader.ok("desk/administration/services.html", &view)
}

/// `desk/administration/service.html`.
#[derive(Debug, Serialize)]
struct ServiceView {
    service: Listed,
    tokens: Vec<ListedToken>,
    may: bool,
    /// Where another token is made for it.
    new_token: String,
}

/// `GET /desk/administration/services/{id}`
pub async fn show(reader: Reader, staff: SignedIn, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let (id, now) = (parse(&id)?, reader.app.clock.now());
    let mut connection = reader.app.pool.acquire().await?;
    let service = services::find(&mut connection, id, now).await?.ok_or(WebError::NotFound)?;
    let mut listed = kept::list(&mut connection, (Some(id), None), kept::MOST, now).await?;
    drop(connection);
    tokens::show_last_days(&mut listed);
    let view = ServiceView {
        may: staff.role == Role::Admin,
        new_token: format!("{}?account={}", tokens::PATH, service.id),
        tokens: listed,
        service,
    };
    reader.ok("desk/administration/service.html", &view)
}

/// `POST …/deactivation`
pub async fn deactivate(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let back = address(id);
    if let Some(page) = asking.demand_where_there_is_one(&back).await? {
        return Ok(page);
    }
    services::deactivate(&asking.casework, asking.doer(), id).await?;
    Ok(asking.reader.see_other(&back, "notice-service-deactivated"))
}

/// `POST …/reactivation`
pub async fn reactivate(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let back = address(id);
    if let Some(page) = asking.demand_where_there_is_one(&back).await? {
        return Ok(page);
    }
    services::reactivate(&asking.casework, asking.doer(), id).await?;
    Ok(asking.reader.see_other(&back, "notice-service-reactivated"))
}

fn parse(id: &str) -> Result<StaffId, WebError> {
    id.parse::<Uuid>().map(StaffId).map_err(|_| WebError::NotFound)
}

fn address(id: StaffId) -> String {
    format!("{PATH}/{id}")
}
