//! `/api/v1/prepared`: what staff write down for callers, as the page has it. No case comes of it before the customer has completed
//! and sent it, whoever wrote it down and with whatever.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PATH, answer};
use crate::{
    casework::{Casework, ListedPrepared, list_prepared},
    clock::Timestamp,
    staff::session::SignedIn,
    web::WebError,
};

/// What was written down, and sent to the customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Prepared {
    pub id: Uuid,
}

/// A page of what was prepared, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreparedList {
    prepared: Vec<PreparedSummary>,
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PreparedSummary {
    id: Uuid,
    /// `waiting`, `expired`, `withdrawn` or `completed`.
    #[schema(value_type = String)]
    standing: crate::case::prepared::Standing,
    prepared_by: String,
    #[schema(value_type = String, format = DateTime)]
    prepared_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Nothing once it was forgotten.
    to: Option<String>,
    company: Option<String>,
    /// The case that came of it.
    case: Option<String>,
    /// The last letter did not arrive.
    undelivered: bool,
}

pub async fn list(
    request: HttpRequest,
    casework: web::Data<Casework>,
    staff: SignedIn,
) -> Result<HttpResponse, WebError> {
    let pairs = answer::parameters(&request, &["before", "limit"])?;
    let Some(limit) = answer::limit(&pairs) else {
        return Err(answer::wrong_parameters(&request, &["limit"])?.into());
    };
    let before = answer::id(&request, &pairs, "before")?;
    let mut connection = casework.app.pool.acquire().await?;
    let one_more = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let now = casework.app.clock.now();
    let mut rows = list_prepared(&mut connection, (staff.id, before), one_more, now).await?;
    drop(connection);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more);
    let next = next.map(|last| format!("{PATH}/prepared?before={}&limit={limit}", last.id));
    let list = PreparedList { prepared: rows.into_iter().map(summary).collect(), next: next.clone() };
    Ok(answer::page(&list, next.as_deref()))
}

fn summary(row: ListedPrepared) -> PreparedSummary {
    PreparedSummary {
        id: row.id,
        standing: row.standing,
        prepared_by: row.prepared_by,
        prepared_at: row.prepared_at,
        expires_at: row.expires_at,
        to: row.to,
        company: row.company,
        case: row.number,
        undelivered: row.undelivered,
    }
}

/// Answers the page's function, which did it.
pub fn created(id: Uuid) -> HttpResponse {
    let location = (header::LOCATION, format!("{PATH}/prepared"));
    answer::begin(StatusCode::CREATED).insert_header(location).json(Prepared { id })
}
