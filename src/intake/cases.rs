//! The requester's status page and what can be done there: answer, confirm access, withdraw.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use super::{
    access,
    challenges::Found,
    field_errors::{ErrorsView, FieldErrors},
    files::{EvidenceView, FileAnswer},
    form::answers::Answers,
    links,
    status::{Read, StatusView},
};
use crate::{
    case::{action::Action, actor::Actor, state::State, text::Note},
    casework::{Casework, Loaded, links::Purpose, list_decided_on, list_events, list_notes, list_sent},
    evidence::files,
    web::{Fields, Reader, WebError},
};

#[derive(Clone, Debug, Serialize)]
struct Page {
    #[serde(flatten)]
    status: StatusView,
    evidence: Option<EvidenceView>,
    /// What a look for the DNS record just showed.
    looked: Option<Found>,
    /// What became of the files that were just sent.
    results: Vec<FileAnswer>,
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
}

/// What the address says of the look that was just taken: a word of ours, which changes nothing but a sentence on the page.
#[derive(Debug, Deserialize)]
pub struct Looked {
    looked: Option<String>,
}

/// `GET /cases/{token}`; `looked` where it follows a look for the DNS record.
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    query: web::Query<Looked>,
) -> Result<HttpResponse, WebError> {
    let loaded = links::find_case(&casework, &token, Purpose::Status).await?;
    let Some(loaded) = loaded else {
        let ended = links::find_ended(&casework, &token, Purpose::Status).await?;
        let expired = ("warn", "intake-expired-title", "intake-expired-status");
        return ended.map_or_else(
            || links::gone(&reader),
            |(_, _, came_back)| links::ended(&reader, came_back, expired),
        );
    };
    let mut page =
        page(&reader, &casework, &token, &loaded, Fields::default(), ErrorsView::default()).await?;
    page.looked = query.looked.as_deref().and_then(|word| word.parse().ok());
    reader.ok(StatusView::TEMPLATE, &page)
}

/// `POST /cases/{token}/withdrawal`
pub async fn withdraw(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    act(&reader, &casework, &token, &loaded, &Action::Withdraw, "notice-withdrawn").await
}

/// `POST /cases/{token}/answer`: field `answer`.
pub async fn answer(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let mut answers = Answers::new(&fields);
    let Some(text) = answers.text("answer", "intake-error-answer") else {
        let errors = answers.errors;
        return again(&reader, &casework, &token, &loaded, fields, &errors).await;
    };
    let action = Action::Answer { answer: Note::new(text) };
    act(&reader, &casework, &token, &loaded, &action, "notice-answered").await
}

/// `POST /cases/{token}/access-confirmation`: fields `access` (`yes` | `no`) and, if there is something to say, `note`.
pub async fn confirm_access(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let action = match access::read(&fields) {
        Ok(action) => action,
        Err(errors) => return again(&reader, &casework, &token, &loaded, fields, &errors).await,
    };
    let acted = casework.act(loaded.case.id, Actor::Requester, &action, None).await?;
    let notice = match acted.state.told() {
        State::Closed { .. } => "notice-access-confirmed",
        State::AwaitingConfirmation { .. } => "notice-access-said",
        _ => "notice-access-reported",
    };
    Ok(reader.see_other(&address(&token), notice))
}

pub(super) async fn act(
    reader: &Reader,
    casework: &Casework,
    token: &str,
    loaded: &Loaded,
    action: &Action,
    notice: &'static str,
) -> Result<HttpResponse, WebError> {
    casework.act(loaded.case.id, Actor::Requester, action, None).await?;
    Ok(reader.see_other(&address(token), notice))
}

/// The page again, with what was typed and what is wrong with it.
pub(super) async fn again(
    reader: &Reader,
    casework: &Casework,
    token: &str,
    loaded: &Loaded,
    values: Fields,
    errors: &FieldErrors,
) -> Result<HttpResponse, WebError> {
    let errors = errors.view(reader.language);
    if reader.wants_json {
        return Err(errors.into());
    }
    let page = page(reader, casework, token, loaded, values, errors).await?;
    mistaken(reader, token, &page)
}

/// As [`again`], for files of which some were not taken, with what became of each.
pub(super) async fn answer_files(
    reader: &Reader,
    casework: &Casework,
    token: &str,
    loaded: &Loaded,
    (errors, results): (ErrorsView, Vec<FileAnswer>),
) -> Result<HttpResponse, WebError> {
    if reader.wants_json {
        return Err(errors.into());
    }
    let page = page(reader, casework, token, loaded, Fields::default(), errors).await?;
    mistaken(reader, token, &Page { results, ..page })
}

fn mistaken(reader: &Reader, token: &str, page: &Page) -> Result<HttpResponse, WebError> {
    reader.clone().at(&address(token)).page(StatusCode::UNPROCESSABLE_ENTITY, StatusView::TEMPLATE, page)
}

async fn page(
    reader: &Reader,
    casework: &Casework,
    token: &str,
    loaded: &Loaded,
    values: Fields,
    errors: ErrorsView,
) -> Result<Page, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    let case = loaded.case.id;
    let read = Read {
        trail: list_events(&mut connection, case).await?,
        notes: list_notes(&mut connection, case).await?,
        letters: list_sent(&mut connection, case).await?,
        expectations: casework.expectations(&mut connection).await?,
    };
    let files = files::list(&mut connection, case).await?;
    let decided_on = list_decided_on(&mut connection, case).await?;
    drop(connection);
    let now = casework.app.clock.now();
    let evidence = EvidenceView::of(casework, loaded, (files, &decided_on), reader.language, now);
    let may_send = evidence.as_ref().is_some_and(|evidence| evidence.may_add);
    let status = StatusView::new(address(token), loaded, read, may_send, (casework, reader.language), now);
    Ok(Page { status, evidence, results: Vec::new(), looked: None, values, errors })
}

pub(super) fn address(token: &str) -> String {
    format!("/cases/{token}")
}
