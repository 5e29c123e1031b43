//! `/desk/administration/webhooks`: administrators say which programs are told what happens, see what was sent and what came
//! back, have it sent again, and send a test.
//!
//! The address of an endpoint is shown to nobody again, nor is its secret: both open something elsewhere. Changes go through
//! `administration::webhooks`, which writes them into the trail.

mod form;
mod page;

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::page::{Asked, Said};
use crate::{
    administration::{
        trail::Doer,
        webhooks::{self as changes, Saved},
    },
    casework::Casework,
    desk::second_factors::step_up::Asking,
    staff::session::SignedIn,
    web::{Fields, Reader, WebError},
    webhooks::{
        endpoints::{self, Endpoint},
        outbox,
    },
};

pub const PATH: &str = "/desk/administration/webhooks";

/// `desk/administration/webhooks.html`.
#[derive(Debug, Serialize)]
struct ListView {
    endpoints: Vec<Endpoint>,
    /// There are as many as there can be.
    full: bool,
}

/// What of the address counts; nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Messages before that one.
    before: String,
}

pub async fn list(reader: Reader) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let endpoints = endpoints::list(&mut connection).await?;
    drop(connection);
    let full = i64::try_from(endpoints.len()).is_ok_and(|count| count >= endpoints::MOST);
    reader.ok("desk/administration/webhooks.html", &ListView { endpoints, full })
}

/// `GET /desk/administration/webhooks/new`
pub async fn new(reader: Reader, casework: web::Data<Casework>) -> Result<HttpResponse, WebError> {
    let asked = Asked { reader, casework, fields: Fields::default() };
    page::render(&asked, None, StatusCode::OK, Said::default()).await
}

/// `POST /desk/administration/webhooks`: `name`, `address`, `kind_…` and `personal`. Answers with the secret, this once.
pub async fn create(asking: Asking) -> Result<HttpResponse, WebError> {
    let back = format!("{PATH}/new");
    let asked = asked(&asking, &back);
    let (app, hooks) = (&asked.casework.app, &asked.casework.webhooks);
    let written = match form::read(&asked.fields, true, &hooks.reach, asked.reader.language) {
        Ok(written) => written,
        Err(errors) => return page::answer_wrong(&asked, None, errors).await,
    };
    // Whoever makes one has all that happens sent to where they like, for as long as nobody looks.
    if let Some(page) = asking.demand_where_there_is_one(&back).await? {
        return Ok(page);
    }
    let created = changes::create(&app.pool, hooks, asking.doer(), &written, app.clock.now()).await?;
    let Some((id, secret)) = created else {
        return Ok(asked.reader.see_other(PATH, "notice-webhook-too-many"));
    };
    show_secret(asked, id, secret.reveal()).await
}

/// `GET /desk/administration/webhooks/{id}`
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let endpoint = find(&casework, &id).await?;
    let asked = Asked { reader, casework, fields: form::as_typed(&endpoint) };
    let said = Said { before: query.before.parse().ok(), ..Said::default() };
    page::render(&asked, Some(&endpoint), StatusCode::OK, said).await
}

/// `POST /desk/administration/webhooks/{id}`: as for a new one, and `version`, the one that was looked at. An empty `address`
/// leaves it as it is.
pub async fn change(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let endpoint = find(&asking.casework, &id).await?;
    let address = format!("{PATH}/{}", endpoint.id);
    let asked = asked(&asking, &address);
    let (app, hooks) = (&asked.casework.app, &asked.casework.webhooks);
    let written = match form::read(&asked.fields, false, &hooks.reach, asked.reader.language) {
        Ok(written) => written,
        Err(errors) => return page::answer_wrong(&asked, Some(&endpoint), errors).await,
    };
    if let Some(page) = asking.demand_where_there_is_one(&address).await? {
        return Ok(page);
    }
    let seen = (endpoint.id, asked.fields.get("version").parse().unwrap_or_default());
    match changes::change(&app.pool, hooks, asking.doer(), seen, &written, app.clock.now()).await? {
        Saved::Saved => Ok(asked.reader.see_other(&address, "notice-webhook-saved")),
        Saved::NotFound => Err(WebError::NotFound),
        Saved::Stale => {
            let said = Said { stale: true, ..Said::default() };
            page::render(&asked, Some(&endpoint), StatusCode::CONFLICT, said).await
        }
    }
}

/// `POST /desk/administration/webhooks/{id}/rotation`: a new secret, shown this once; the older one signs beside it for a while.
pub async fn rotate(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id = read_id(&id)?;
    let address = format!("{PATH}/{id}");
    if let Some(page) = asking.demand_where_there_is_one(&address).await? {
        return Ok(page);
    }
    let (app, hooks) = (&asking.casework.app, &asking.casework.webhooks);
    let rotated = changes::rotate(&app.pool, hooks, asking.doer(), id, app.clock.now()).await?;
    let secret = rotated.ok_or(WebError::NotFound)?.reveal();
    show_secret(asked(&asking, &address), id, secret).await
}

fn asked(asking: &Asking, at: &str) -> Asked {
    Asked {
        reader: asking.reader.clone().at(at),
        casework: asking.casework.clone(),
        fields: asking.fields.clone(),
    }
}

async fn show_secret(asked: Asked, id: Uuid, secret: String) -> Result<HttpResponse, WebError> {
    let endpoint = find(&asked.casework, &id.to_string()).await?;
    let reader = asked.reader.at(&format!("{PATH}/{id}"));
    let asked = Asked { reader, fields: form::as_typed(&endpoint), ..asked };
    let said = Said { secret: Some(secret), ..Said::default() };
    page::render(&asked, Some(&endpoint), StatusCode::OK, said).await
}

/// `POST /desk/administration/webhooks/{id}/enabling`
pub async fn enable(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let address = format!("{PATH}/{}", read_id(&id)?);
    if let Some(page) = asking.demand_where_there_is_one(&address).await? {
        return Ok(page);
    }
    switch(&asking.reader, &asking.staff, &id, true).await
}

/// `POST /desk/administration/webhooks/{id}/disabling`
pub async fn disable(
    reader: Reader,
    staff: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    switch(&reader, &staff, &id, false).await
}

async fn switch(reader: &Reader, staff: &SignedIn, id: &str, on: bool) -> Result<HttpResponse, WebError> {
    let (id, app) = (read_id(id)?, &reader.app);
    let switched = changes::switch(&app.pool, Doer::Staff(staff.id), (id, on), app.clock.now()).await?;
    switched.ok_or(WebError::NotFound)?;
    let notice = if on { "notice-webhook-enabled" } else { "notice-webhook-disabled" };
    Ok(reader.see_other(&format!("{PATH}/{id}"), notice))
}

/// `POST /desk/administration/webhooks/{id}/deletion`
pub async fn delete(
    reader: Reader,
    staff: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let (id, app) = (read_id(&id)?, &reader.app);
    let deleted = changes::delete(&app.pool, Doer::Staff(staff.id), id, app.clock.now()).await?;
    deleted.ok_or(WebError::NotFound)?;
    Ok(reader.see_other(PATH, "notice-webhook-deleted"))
}

/// `POST /desk/administration/webhooks/{id}/test`: a message about no case, also to one that is switched off.
pub async fn test(reader: Reader, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let (id, app) = (read_id(&id)?, &reader.app);
    let mut transaction = app.pool.begin().await?;
    let link = app.link(&format!("{PATH}/{id}"));
    outbox::test(&mut transaction, id, &link, app.clock.now()).await?.ok_or(WebError::NotFound)?;
    transaction.commit().await?;
    Ok(reader.see_other(&format!("{PATH}/{id}"), "notice-webhook-queued"))
}

/// `POST /desk/administration/webhooks/{id}/deliveries/{delivery}/repetition`: the same bytes once more, under the same id.
pub async fn repeat(reader: Reader, path: web::Path<(String, String)>) -> Result<HttpResponse, WebError> {
    let (id, delivery) = path.into_inner();
    let (id, app) = (read_id(&id)?, &reader.app);
    let delivery = delivery.parse().map_err(|_| WebError::NotFound)?;
    let mut transaction = app.pool.begin().await?;
    let repeated = outbox::repeat(&mut transaction, id, delivery, app.clock.now()).await?;
    transaction.commit().await?;
    let notice = if repeated { "notice-webhook-queued" } else { "notice-webhook-waits" };
    Ok(reader.see_other(&format!("{PATH}/{id}"), notice))
}

fn read_id(id: &str) -> Result<Uuid, WebError> {
    id.parse().map_err(|_| WebError::NotFound)
}

async fn find(casework: &Casework, id: &str) -> Result<Endpoint, WebError> {
    let id = read_id(id)?;
    let mut connection = casework.app.pool.acquire().await?;
    endpoints::find(&mut connection, id).await?.ok_or(WebError::NotFound)
}
