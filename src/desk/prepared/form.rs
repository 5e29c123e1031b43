//! `/desk/prepared/new`: staff write down what a caller says, look at the letter, and send it.
//!
//! What is wrong is told all at once, and nothing typed is lost. The page of the letter sends the same form again.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{PATH, excuse, prefill};
use crate::{
    case::prepared::{Mistake, PreparedWords, field_names},
    casework::{Casework, NewPrepared, PrepareError, find_own_prepared, foreign_domains},
    desk::{api, door::Door, message::MessageView},
    lang::Language,
    mail::incoming::{quarantine, reread::reread},
    staff::session::SignedIn,
    web::{Fields, Reader, WebError, error::FieldError},
};

/// Where the form is opened.
const NEW: &str = "/desk/prepared/new";

/// What of the address counts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// A message of the quarantine.
    message: String,
    /// Something prepared before.
    from: String,
}

/// `desk/prepared_form.html`, a form as the components for fields want it.
#[derive(Debug, Serialize)]
struct FormView {
    values: Fields,
    errors: BTreeMap<String, String>,
    error_list: Vec<FieldError>,
    /// It comes of a message, so part of it is the message's claim.
    of_message: bool,
}

/// `desk/prepared_review.html`.
#[derive(Debug, Serialize)]
struct ReviewView {
    letter: MessageView,
    notification: String,
    language: Language,
    /// What the customer will find in the form.
    written: Vec<(&'static str, String)>,
    /// What is sent again.
    fields: Vec<(String, String)>,
}

/// `GET /desk/prepared/new`
pub async fn new(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let mut values = Fields::default();
    let mut language = reader.language;
    if let Ok(message) = query.message.parse::<Uuid>() {
        let Some(message) = reread(&casework.app.pool, message).await? else {
            return Ok(reader.see_other("/desk/quarantine", "notice-quarantine-gone"));
        };
        (values, language) = prefill::of_message(&message);
        values.set("message", &message.id.to_string());
    } else if let Ok(prepared) = query.from.parse::<Uuid>() {
        let mut connection = casework.app.pool.acquire().await?;
        let found = find_own_prepared(&mut connection, prepared, staff.id).await?;
        drop(connection);
        let Some(found) = found else { return Ok(reader.see_other(PATH, "notice-prepared-over")) };
        (values, language) = (prefill::of_prepared(found.fields), found.language);
    }
    values.set("language", language.as_str());
    values.set("id", &Uuid::now_v7().to_string());
    show(&reader, StatusCode::OK, values, Vec::new())
}

/// `POST /desk/prepared`: with `review`, shows the letter; with `reconsider`, the form again; else writes to the customer. A program
/// names no `id`: what it prepares has that of its request.
pub async fn create(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let id = fields.get("id").parse().ok().or(casework.request()).unwrap_or_else(Uuid::now_v7);
    if fields.is_ticked("reconsider") {
        return show(&reader, StatusCode::OK, fields, Vec::new());
    }
    let foreign = foreign_domains(&casework.app.settings);
    let words = PreparedWords::parse(|name| fields.get(name).to_owned(), &foreign);
    let language = Language::parse(fields.get("language"));
    let (words, language) = match (words, language) {
        (Ok(words), Some(language)) => (words, language),
        (words, language) => {
            let mut wrong = words.err().unwrap_or_default();
            if language.is_none() {
                wrong.push(("language", Mistake::NotAChoice));
            }
            let wrong: Vec<FieldError> =
                wrong.into_iter().map(|(name, mistake)| told(&reader, name, &mistake)).collect();
            if reader.is_api {
                return Err(WebError::Invalid(wrong));
            }
            return show(&reader, StatusCode::UNPROCESSABLE_ENTITY, fields, wrong);
        }
    };
    let message = fields.find("message").and_then(|message| message.parse().ok());
    if let Some(message) = message
        && !is_known(&casework, message).await?
    {
        return not_sent(&reader, fields, PrepareError::MessageGone);
    }
    let new = NewPrepared { id, language, words, message };
    if fields.is_ticked("review") {
        return match casework.rehearse_preparing(staff.actor(), &new).await {
            Ok(Some(letter)) => {
                let letter = (MessageView::of(&letter.raw)?, letter.notification);
                review(&reader, &new, letter, &fields)
            }
            // It was sent with another press of the button.
            Ok(None) => Ok(reader.see_other(PATH, "notice-prepared-sent")),
            Err(error) => not_sent(&reader, fields, error),
        };
    }
    match casework.prepare(staff.actor(), &new).await {
        Ok(()) if reader.is_api => Ok(api::prepared::created(id)),
        Ok(()) => Ok(reader.see_other(PATH, "notice-prepared-sent")),
        Err(error) => not_sent(&reader, fields, error),
    }
}

/// Whether there is such a message, whatever became of it.
async fn is_known(casework: &Casework, message: Uuid) -> Result<bool, WebError> {
    let mut connection = casework.app.pool.acquire().await?;
    Ok(quarantine::find_standing(&mut connection, message).await?.is_some())
}

/// Nothing typed is lost where a limit is reached.
fn not_sent(reader: &Reader, mut fields: Fields, error: PrepareError) -> Result<HttpResponse, WebError> {
    let about_address = |message: String| vec![FieldError { field: "requester_email".to_owned(), message }];
    if reader.is_api {
        return Err(match error {
            PrepareError::MailboxFull | PrepareError::TooMany => {
                WebError::Invalid(about_address(reader.language.text(excuse(error)?)))
            }
            error => api::answer::refused(excuse(error)?),
        });
    }
    if matches!(error, PrepareError::MessageGone) {
        // Sent again, it is about no message.
        fields.set("message", "");
        let wrong = about_address(reader.language.text("prepared-error-message-gone"));
        return show(reader, StatusCode::CONFLICT, fields, wrong);
    }
    if matches!(error, PrepareError::MailboxFull | PrepareError::TooMany) {
        let message = reader.language.text(excuse(error)?);
        return show(reader, StatusCode::UNPROCESSABLE_ENTITY, fields, about_address(message));
    }
    Ok(reader.see_other(PATH, excuse(error)?))
}

fn show(
    reader: &Reader,
    status: StatusCode,
    mut values: Fields,
    error_list: Vec<FieldError>,
) -> Result<HttpResponse, WebError> {
    if values.get("id").parse::<Uuid>().is_err() {
        values.set("id", &Uuid::now_v7().to_string());
    }
    for name in ["departed_email_unknown", "successor_is_requester"] {
        let ticked = if values.is_ticked(name) { "true" } else { "" };
        values.set(name, ticked);
    }
    let errors = error_list.iter().map(|error| (error.field.clone(), error.message.clone())).collect();
    let of_message = !values.get("message").is_empty();
    let view = FormView { values, errors, error_list, of_message };
    reader.clone().at(NEW).page(status, "desk/prepared_form.html", &view)
}

fn review(
    reader: &Reader,
    new: &NewPrepared,
    (letter, notification): (MessageView, String),
    fields: &Fields,
) -> Result<HttpResponse, WebError> {
    let written = field_names()
        .filter_map(|name| new.words.fields().get(name).map(|value| (name, value.clone())))
        .collect();
    let sent_again = ["id", "message", "language"].into_iter().chain(field_names());
    let fields = sent_again.map(|name| (name.to_owned(), fields.get(name).to_owned())).collect();
    let view = ReviewView { letter, notification, language: new.language, written, fields };
    reader.clone().at(NEW).ok("desk/prepared_review.html", &view)
}

/// A mistake in words, those of the customer's form where it is the same.
fn told(reader: &Reader, field: &str, mistake: &Mistake) -> FieldError {
    let language = reader.language;
    let message = match mistake {
        Mistake::NoAddress => language.text("prepared-error-no-address"),
        Mistake::InvalidAddress => language.text("intake-error-email"),
        Mistake::ForeignAddress => language.text("intake-error-email-foreign"),
        Mistake::Hidden(character) => {
            let arguments = [("character".into(), character.clone().into())].into();
            language.text_with("intake-error-hidden", &arguments)
        }
        Mistake::NotOneLine => language.text("intake-error-line"),
        Mistake::TooLong(most) => {
            language.text_with("intake-error-text-long", &[("max".into(), (*most).into())].into())
        }
        Mistake::HoldsPassword => language.text("intake-error-password"),
        Mistake::HoldsLicenceKey => language.text("intake-error-licence-key"),
        Mistake::HoldsLink => language.text("intake-error-link"),
        Mistake::NotAChoice => language.text("prepared-error-choice"),
    };
    FieldError { field: field.to_owned(), message }
}
