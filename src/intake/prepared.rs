//! The form that staff prepared for a caller: opened by its link, changed as the customer likes, sent by the customer alone.
//!
//! Opening it changes nothing. Sent with the address that the link went to, it confirms that address, too: nobody else has the
//! link. Whether the register knows anything of it shows neither in the answer nor in its time.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, rt::time::sleep, web};
use data_encoding::HEXLOWER;

use super::{
    escalations::{Form, PreparedNote, conditions},
    form,
    message::MessageView,
};
use crate::{
    case::prepared::{Standing, field_names},
    casework::{
        Casework, FoundPrepared, Sent,
        links::{self, Purpose, find_link},
    },
    token::{Token, sha256},
    web::{Fields, Reader, WebError, limit::client_address, see_other},
};

/// As for a confirmation: well above what the work takes.
const LEAST_TIME: Duration = Duration::from_millis(250);

/// `GET /prepared/{token}`
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let Some((token, found)) = find(&casework, &token).await? else {
        // What was written down is forgotten, and the link may still lead to the case.
        return match Token::parse(&token) {
            Some(token) => on(&reader, &casework, &token).await?.map_or_else(|| gone(&reader), Ok),
            None => gone(&reader),
        };
    };
    match found.standing {
        Standing::Waiting => {
            let mut values = Fields::default();
            for name in field_names() {
                if let Some(value) = found.fields.get(name) {
                    values.set(name, value);
                }
            }
            form(&token, &found).show(&reader, StatusCode::OK, values)
        }
        Standing::Completed => sent(&reader, &casework, &token).await,
        Standing::Expired | Standing::Withdrawn => gone(&reader),
    }
}

/// `POST /prepared/{token}`: makes a case of it, once.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    mut fields: Fields,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let Some((token, found)) = find(&casework, &token).await? else { return lapsed(&reader, fields) };
    let page = path(&token);
    match found.standing {
        Standing::Waiting => {}
        Standing::Completed => return Ok(see_other(&page)),
        Standing::Expired | Standing::Withdrawn => return lapsed(&reader, fields),
    }
    if let Some(page) = form(&token, &found).in_other_language(&reader, &fields) {
        return page;
    }
    form::mend(&mut fields);
    let submission = match form::parse(&fields, &conditions(&reader, &casework)) {
        Ok(submission) => submission,
        Err(errors) => return form(&token, &found).again(&reader, fields, &errors),
    };
    let client = client_address(&request, &casework.app.settings);
    let work = casework.complete_prepared(&token, &submission.escalation, client);
    let (completed, ()) = futures_util::future::join(work, sleep(LEAST_TIME)).await;
    match completed.map_err(WebError::from) {
        Ok(Sent::ToBeConfirmed { page }) => Ok(see_other(&links::path(Purpose::Sent, &page))),
        // The page behind the link says how it stands.
        Ok(Sent::Confirmed) => Ok(see_other(&page)),
        // Meanwhile it was sent by somebody else with the link, or withdrawn.
        Ok(Sent::Over) => match find(&casework, token.reveal()).await? {
            Some((_, found)) if found.standing == Standing::Completed => Ok(see_other(&page)),
            _ => lapsed(&reader, fields),
        },
        Err(WebError::Unavailable(error)) if !reader.wants_json => {
            tracing::warn!(error = format!("{error:#}"), "a prepared form could not be taken in now");
            form(&token, &found).not_now(&reader, fields)
        }
        Err(error) => Err(error),
    }
}

async fn find(casework: &Casework, token: &str) -> Result<Option<(Token, FoundPrepared)>, WebError> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    Ok(casework.find_prepared(&token).await?.map(|found| (token, found)))
}

fn path(token: &Token) -> String {
    format!("/prepared/{}", token.reveal())
}

fn form(token: &Token, found: &FoundPrepared) -> Form {
    let note = PreparedNote { on: found.prepared_on, until: found.expires_on };
    // A name that tells nobody the link.
    let digest = HEXLOWER.encode(sha256(token.reveal().as_bytes()).get(..6).unwrap_or_default());
    let kept = format!("prepared-{digest}");
    Form { action: path(token), page: path(token), kept, prepared: Some(note), lapsed: false }
}

/// It became a case. Whoever confirmed by this link gets there by it; anybody else by the letter to the address in the form.
async fn sent(reader: &Reader, casework: &Casework, token: &Token) -> Result<HttpResponse, WebError> {
    if let Some(way) = on(reader, casework, token).await? {
        return Ok(way);
    }
    let (title, text) = ("intake-prepared-sent-title", "intake-prepared-sent-text");
    reader.ok(MessageView::TEMPLATE, &MessageView::new("ok", reader.language, title, text))
}

/// The way to the case that the link leads to, where it does.
async fn on(reader: &Reader, casework: &Casework, token: &Token) -> Result<Option<HttpResponse>, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let case = find_link(&mut connection, token, Purpose::Status, casework.app.clock.now()).await?;
    Ok(case.map(|_| see_other(&links::path(Purpose::Status, token))))
}

/// What was typed, on a form like any other: it was written while what staff had prepared ran out or was withdrawn, or the link
/// never opened anything. It does not say which.
fn lapsed(reader: &Reader, fields: Fields) -> Result<HttpResponse, WebError> {
    if reader.wants_json {
        return Err(WebError::NotFound);
    }
    let form = Form { lapsed: true, ..Form::empty() };
    let switched = form.in_other_language(reader, &fields);
    switched.unwrap_or_else(|| form.show(reader, StatusCode::NOT_FOUND, fields))
}

/// The page for a link that opens nothing (any more), with the way to the empty form. It does not say which.
fn gone(reader: &Reader) -> Result<HttpResponse, WebError> {
    let days = reader.app.settings.deadlines.confirmation_days;
    let arguments = [("days".into(), days.into())].into();
    let (title, text) = ("intake-prepared-gone-title", "intake-prepared-gone-text");
    let view = MessageView::with("warn", reader.language, title, text, &arguments)
        .leading_to("/escalations/new", reader.language.text("intake-home-start"));
    reader.page(StatusCode::NOT_FOUND, MessageView::TEMPLATE, &view)
}
