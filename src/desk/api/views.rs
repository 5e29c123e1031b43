//! `/api/v1/views`: saved views of the queue, which the pages' functions keep and delete. What is kept is read as the list itself
//! reads it, and what that would not understand is refused.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    PATH,
    answer::begin,
    cases::{FILTERS, PARAMETERS},
};
use crate::{
    casework::Casework,
    desk::queue::{self, Filter, Query, below},
    staff::session::SignedIn,
    web::WebError,
};

/// Saved views, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Views {
    views: Vec<View>,
}

/// A filter of the queue under a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct View {
    id: Uuid,
    name: String,
    /// What stands behind the `?` of the list of cases.
    query: String,
    /// The list itself.
    href: String,
    /// Whose it is, where everybody sees it.
    shared_by: Option<String>,
    may_delete: bool,
}

fn view(id: Uuid, name: &str, query: String, (shared_by, may_delete): (Option<String>, bool)) -> View {
    let href = below(&format!("{PATH}/cases"), &query);
    View { id, name: name.to_owned(), query, href, shared_by, may_delete }
}

/// At most 300, so one page.
pub async fn list(casework: web::Data<Casework>, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let saved = queue::list_saved(&mut connection, &staff, &Filter::default()).await?;
    drop(connection);
    let views = saved
        .into_iter()
        .map(|saved| view(saved.id, &saved.name, saved.query, (saved.shared_by, saved.may_delete)));
    Ok(begin(StatusCode::OK).json(Views { views: views.collect() }))
}

/// One that was kept just now.
pub fn one(id: Uuid, name: &str, query: String, shared_by: Option<String>) -> HttpResponse {
    begin(StatusCode::OK).json(view(id, name, query, (shared_by, true)))
}

/// Whether the list of cases would understand all of it.
pub fn is_understood(query: &str, filter: &Filter) -> bool {
    let Ok(pairs) = serde_html_form::from_str::<Vec<(String, String)>>(query) else { return false };
    let known = PARAMETERS.get(..FILTERS).unwrap_or_default();
    let once = |name: &str| pairs.iter().filter(|(other, _)| other == name).count() == 1;
    pairs.iter().all(|(name, _)| known.contains(&name.as_str()) && once(name))
        && filter.ignored(&Query::parse(query)).is_empty()
}
