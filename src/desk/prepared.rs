//! `/desk/prepared`: what staff wrote down for callers and what became of it, and the answers with the way to the form. None of
//! it is a case, so it stands in no queue.
//!
//! Never shows a link: only the mailbox it went to has one.

pub mod form;
mod prefill;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{api::answer, door::Door};
use crate::{
    case::prepared::may_prepare,
    casework::{
        Casework, ListedAnswer, ListedPrepared, PrepareError, is_prepared, list_answers, list_prepared,
    },
    staff::session::SignedIn,
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/prepared";
const PAGE_SIZE: usize = 50;
/// Answers shown; older ones stand with their letters at `/desk/mail`.
const ANSWERS: i64 = 20;

/// What of the address counts; nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    before: String,
}

/// `desk/prepared.html`.
#[derive(Debug, Serialize)]
struct ListView {
    rows: Vec<ListedPrepared>,
    answers: Vec<ListedAnswer>,
    may_prepare: bool,
    next: Option<String>,
    first: Option<&'static str>,
}

/// `GET /desk/prepared`
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let before: Option<Uuid> = query.before.parse().ok();
    let limit = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let mut connection = casework.app.pool.acquire().await?;
    let mut rows =
        list_prepared(&mut connection, (staff.id, before), limit, casework.app.clock.now()).await?;
    let answers = list_answers(&mut connection, if before.is_some() { 0 } else { ANSWERS }).await?;
    drop(connection);
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let view = ListView {
        next: rows.last().filter(|_| more).map(|last| format!("{PATH}?before={}", last.id)),
        first: before.map(|_| PATH),
        may_prepare: may_prepare(staff.actor()).is_ok(),
        rows,
        answers,
    };
    reader.at(PATH).ok("desk/prepared.html", &view)
}

/// `POST /desk/prepared/{id}/letter`: once more, with a link of its own.
pub async fn resend(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let notice = match casework.resend_prepared(staff.actor(), id).await {
        Ok(()) if reader.is_api => return Ok(answer::settled(id, "sent")),
        Ok(()) => "notice-prepared-sent",
        Err(error) => excuse(error)?,
    };
    if reader.is_api {
        return not_done(&casework, id, notice).await;
    }
    Ok(reader.see_other(PATH, notice))
}

/// `POST /desk/prepared/{id}/withdrawal`
pub async fn withdraw(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let id = parse(&id)?;
    let notice = match casework.withdraw_prepared(staff.actor(), id).await {
        Ok(true) if reader.is_api => return Ok(answer::settled(id, "withdrawn")),
        Ok(true) => "notice-prepared-withdrawn",
        Ok(false) => "notice-prepared-over",
        Err(error) => excuse(error)?,
    };
    if reader.is_api {
        return not_done(&casework, id, notice).await;
    }
    Ok(reader.see_other(PATH, notice))
}

/// A program may name what never was.
async fn not_done(casework: &Casework, id: Uuid, notice: &str) -> Result<HttpResponse, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    if !is_prepared(&mut connection, id).await? {
        return Err(WebError::NotFound);
    }
    Err(answer::refused(notice))
}

fn parse(id: &str) -> Result<Uuid, WebError> {
    id.parse().map_err(|_| WebError::NotFound)
}

/// The sentence that says why nothing was sent.
pub fn excuse(error: PrepareError) -> Result<&'static str, WebError> {
    match error {
        PrepareError::MailboxFull => Ok("notice-prepared-mailbox-full"),
        PrepareError::TooMany => Ok("notice-prepared-too-many"),
        PrepareError::MessageGone => Ok("notice-quarantine-gone"),
        PrepareError::Over => Ok("notice-prepared-over"),
        PrepareError::Refused(refusal) => {
            Err(WebError::Refused { key: refusal.key(), about_rights: refusal.is_about_rights() })
        }
        PrepareError::Other(error) => Err(error.into()),
    }
}
