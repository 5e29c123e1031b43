//! `POST /api/v1/bulk`: what is done to several cases at once, by the page's own function, as programs are answered.
//!
//! One answer for many trails: a request that is taken over from a process that died finds in each trail whether it did that case.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::begin;
use crate::{
    desk::{
        bulk::{BulkView, CaseLine, LetterLine},
        door::Door,
    },
    staff::replays,
    web::WebError,
};

/// What was done to each, or would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bulk {
    /// It was done; otherwise this is what would happen.
    done: bool,
    /// How many it was done to, or could be.
    count: usize,
    cases: Vec<BulkCase>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BulkCase {
    number: String,
    ok: bool,
    /// The version that it has now.
    version: Option<i32>,
    /// Why not: a word that stays, and a sentence.
    code: Option<String>,
    reason: Option<String>,
    /// What would go out.
    letters: Vec<BulkLetter>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BulkLetter {
    notification: &'static str,
    to: String,
    subject: String,
}

pub(in crate::desk) fn answer(view: BulkView) -> HttpResponse {
    let cases = view.cases.into_iter().map(|case| BulkCase {
        number: case.number,
        ok: case.ok,
        version: case.version,
        reason: case.code.is_some().then_some(case.refusal),
        code: case.code,
        letters: case.letters.into_iter().map(letter).collect(),
    });
    begin(StatusCode::OK).json(Bulk { done: view.done, count: view.count, cases: cases.collect() })
}

fn letter(letter: LetterLine) -> BulkLetter {
    BulkLetter {
        notification: letter.notification.into(),
        to: letter.message.to,
        subject: letter.message.subject,
    }
}

/// The cases that this request was done to before, with the version that each got. None where nobody asked for it once.
pub(in crate::desk) async fn list_done(door: &Door) -> Result<HashMap<Uuid, i32>, WebError> {
    match door.request() {
        Some(request) => Ok(replays::list_done(&door.app.pool, request).await?),
        None => Ok(HashMap::new()),
    }
}

/// The line of a case that it was done to.
pub(in crate::desk) async fn done_before(
    door: &Door,
    case: Uuid,
    done: &HashMap<Uuid, i32>,
) -> Result<Option<CaseLine>, WebError> {
    let Some(version) = done.get(&case) else { return Ok(None) };
    let loaded = door.load(case).await?.ok_or(WebError::NotFound)?;
    Ok(Some(CaseLine {
        number: loaded.case.number.to_string(),
        company: loaded.escalation.company,
        version: Some(*version),
        ok: true,
        code: None,
        refusal: String::new(),
        letters: Vec::new(),
    }))
}
