//! `GET /api/v1/cases`: the queue for programs: its filters, its condition, its order.
//!
//! What makes no sense is refused, not ignored: a program that asked for something else must not get everything.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PATH, answer};
use crate::{
    casework::Casework,
    clock::{Day, Timestamp},
    desk::queue::{self, Asking, Cursor, Filter, Query, Row, below},
    staff::session::SignedIn,
    web::WebError,
};

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cases {
    cases: Vec<CaseSummary>,
    /// How many match, and how many of them are past their due date, each 500 at most. Of words that stand in very many cases no more than
    /// a page is counted, and nothing that is late.
    total: i64,
    late: i64,
    /// There are more than `total`.
    is_more: bool,
    /// More were found than are looked at: the words stand in very many cases, or that much needs somebody.
    is_cut: bool,
    /// Nothing is written as it was looked for; these are spelt like it.
    tolerant: bool,
    /// The address of the next page.
    next: Option<String>,
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
struct CaseSummary {
    number: String,
    company: String,
    customer_number: Option<String>,
    requester_name: String,
    state: &'static str,
    outcome: Option<&'static str>,
    waiting_for: &'static str,
    #[schema(value_type = String, format = DateTime)]
    waiting_since: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = Date)]
    renews_on: Option<Day>,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// The name of who has it.
    owner: Option<String>,
    /// Something came in that nobody has looked at.
    has_news: bool,
    /// One of its e-mails did not arrive, and nobody has looked at it.
    has_failed_email: bool,
}

pub async fn list(
    request: HttpRequest,
    casework: web::Data<Casework>,
    staff: SignedIn,
) -> Result<HttpResponse, WebError> {
    let known: Vec<&str> = queue::NAMES.into_iter().chain(["after", "limit"]).collect();
    let pairs = answer::parameters(&request, &known)?;
    let query = Query::parse(request.query_string());
    let filter = Filter::read(&query);
    let mut wrong = filter.ignored(&query);
    let given = answer::value(&pairs, "after");
    let after = Cursor::read(given, filter.order());
    if !given.is_empty() && after.is_none() {
        wrong.push("after");
    }
    let limit = answer::limit(&pairs);
    let (Some(limit), true) = (limit, wrong.is_empty()) else {
        if limit.is_none() {
            wrong.push("limit");
        }
        return Err(answer::wrong_parameters(&request, &wrong)?.into());
    };
    let app = &casework.app;
    let asking = Asking::new(app, &staff, app.clock.now());
    let turn = queue::turns::take(app, &filter).await?;
    let mut connection = app.pool.acquire().await?;
    let page = queue::read_page(&mut connection, &filter, &asking, (after.as_ref(), limit)).await?;
    drop((connection, turn));
    let next = page.next.map(|next| {
        let query = filter.query(Some(&next));
        below(&format!("{PATH}/cases"), &format!("{query}&limit={limit}"))
    });
    let cases = Cases {
        cases: page.rows.into_iter().map(summary).collect(),
        total: page.total.cases,
        late: page.total.late,
        is_more: page.total.is_more,
        is_cut: page.is_cut,
        tolerant: page.tolerant,
        next: next.clone(),
    };
    Ok(answer::page(&cases, next.as_deref()))
}

fn summary(row: Row) -> CaseSummary {
    CaseSummary {
        number: row.number,
        company: row.company,
        customer_number: row.customer_number,
        requester_name: row.requester_name,
        state: row.state.as_str(),
        outcome: row.outcome.map(Into::into),
        waiting_for: row.waiting_for.into(),
        waiting_since: row.waiting_since,
        due_at: row.due_at,
        renews_on: row.renews_on,
        changed_at: row.changed_at,
        owner: row.owner,
        has_news: row.has_news,
        has_failed_email: row.has_failed_email,
    }
}
