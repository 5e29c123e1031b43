//! The pages behind the link in the yearly question. Opening one changes nothing, whoever opens it; a button does.
//!
//! One address takes a POST from a machine: the one in the header `List-Unsubscribe` (RFC 8058), which the mail programs of receivers
//! use without a cookie. It does one thing, whatever it is sent. Somebody who gets hold of the link can stop the yearly mail and
//! leave a hint for staff, and nothing else: letters about cases go on.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::answers::{self, Asked};
use crate::{
    app::App,
    case::{address::EmailAddress, link::CONTACT_QUESTION},
    clock::Timestamp,
    web::{Fields, Reader, WebError, see_other},
};

/// The first part of the path.
pub(super) const FOLDER: &str = CONTACT_QUESTION;

/// What `yearly/question.html` shows.
#[derive(Debug, Serialize)]
struct QuestionView {
    base: String,
    asked_at: Timestamp,
    licences: Vec<String>,
    /// `still`, `gone`, or none yet.
    answer: Option<String>,
    answered_at: Option<Timestamp>,
    is_open: bool,
    unsubscribed: bool,
    /// What the form begins with, where somebody has to follow: sent by a button, so that no address holds it.
    entitlements: String,
    /// If it is one for all.
    hosting: Option<String>,
    /// Nothing was chosen.
    mistaken: bool,
}

/// What `yearly/unsubscription.html` shows.
#[derive(Debug, Serialize)]
struct UnsubscriptionView {
    base: String,
    done: bool,
}

fn base(token: &str) -> String {
    format!("/{FOLDER}/{token}")
}

async fn find(app: &App, token: &str) -> Result<Asked, WebError> {
    let mut connection = app.pool.acquire().await?;
    answers::find(&mut connection, token).await?.ok_or(WebError::NotFound)
}

async fn view(app: &App, token: &str, asked: Asked) -> Result<QuestionView, WebError> {
    let mut connection = app.pool.acquire().await?;
    let unsubscribed = answers::is_refused(&mut connection, &asked.mailbox).await?;
    let is_open = asked.is_open(app.clock.now());
    let hosting = match asked.hostings.as_slice() {
        [hosting] => Some(hosting.clone()),
        _ => None,
    };
    Ok(QuestionView {
        base: base(token),
        asked_at: asked.asked_at,
        entitlements: asked.labels.join("\n"),
        licences: asked.labels,
        answer: asked.answer,
        answered_at: asked.answered_at,
        is_open,
        unsubscribed,
        hosting,
        mistaken: false,
    })
}

/// `GET /contact-checks/{token}`
pub async fn show(reader: Reader, token: web::Path<String>) -> Result<HttpResponse, WebError> {
    let asked = find(&reader.app, &token).await?;
    let view = view(&reader.app, &token, asked).await?;
    reader.ok("yearly/question.html", &view)
}

/// `POST /contact-checks/{token}`: field `answer` (`still` | `gone`). It may be given anew; the last one counts.
pub async fn answer(
    reader: Reader,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let asked = find(app, &token).await?;
    let now = app.clock.now();
    if !asked.is_open(now) {
        return Err(WebError::NotFound);
    }
    let answer = match fields.get("answer") {
        word @ ("still" | "gone") => word,
        _ => {
            let view = QuestionView { mistaken: true, ..view(app, &token, asked).await? };
            let reader = reader.clone().at(&base(&token));
            return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "yearly/question.html", &view);
        }
    };
    let mut connection = app.pool.acquire().await?;
    answers::keep(&mut connection, asked.id, answer, now).await?;
    Ok(see_other(&base(&token)))
}

/// `GET /contact-checks/{token}/unsubscription`: a page with a button, since scanners open every address.
pub async fn confirm_unsubscription(
    reader: Reader,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    find(&reader.app, &token).await?;
    let view = UnsubscriptionView { base: base(&token), done: false };
    reader.ok("yearly/unsubscription.html", &view)
}

/// `POST /contact-checks/{token}/unsubscription`, by that button or by a mail program (RFC 8058). What it is sent is not looked at,
/// and it works for as long as there is the link.
pub async fn unsubscribe(
    reader: Reader,
    token: web::Path<String>,
    _sent: web::Bytes,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let asked = find(app, &token).await?;
    let now = app.clock.now();
    let mut connection = app.pool.acquire().await?;
    answers::refuse(&mut connection, &asked.mailbox, now).await?;
    if let Ok(address) = asked.mailbox.parse::<EmailAddress>() {
        answers::refuse(&mut connection, address.as_str(), now).await?;
    }
    drop(connection);
    let view = UnsubscriptionView { base: base(&token), done: true };
    reader.clone().at(&format!("{}/unsubscription", base(&token))).ok("yearly/unsubscription.html", &view)
}
