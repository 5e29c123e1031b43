//! The form that staff prepared for a caller: opened by its link, changed as the customer likes, sent by the customer alone.
//!
//! Opening it changes nothing. Sent with the address that the link went to, it confirms that address, too: nobody else has the
//! link. Whether the register knows anything of it shows neither in the answer nor in its time.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, rt::time::sleep, web};

use super::{
    escalations::{Form, PreparedNote, conditions},
    form,
    message::MessageView,
};
use crate::{
    case::prepared::{Standing, field_names},
    casework::{
        Casework, FoundPrepared, Sent,
        links::{Purpose, find_link},
    },
    token::Token,
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
            form(&token, &found).show(&reader, values)
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
    fields: Fields,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let Some((token, found)) = find(&casework, &token).await? else { return gone(&reader) };
    let page = path(&token);
    if found.standing != Standing::Waiting {
        return Ok(see_other(&page));
    }
    let submission = match form::parse(&fields, &conditions(&reader, &casework)) {
        Ok(submission) => submission,
        Err(errors) => return form(&token, &found).again(&reader, fields, &errors),
    };
    let client = client_address(&request, &casework.app.settings);
    let work = casework.complete_prepared(&token, &submission.escalation, client);
    let (completed, ()) = futures_util::future::join(work, sleep(LEAST_TIME)).await;
    match completed.map_err(WebError::from) {
        Ok(Sent::ToBeConfirmed { page }) => Ok(see_other(&Purpose::Sent.path(&page))),
        // The page behind the link says how it stands.
        Ok(Sent::Confirmed | Sent::Over) => Ok(see_other(&page)),
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
    Form { action: path(token), page: path(token), prepared: Some(note) }
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
    Ok(case.map(|_| see_other(&Purpose::Status.path(token))))
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
