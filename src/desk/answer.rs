//! `/desk/quarantine/{id}/answer`: a message that belongs to no case is answered with the way to the form, because somebody says
//! so. The page shows the letter, and what speaks for the author.
//!
//! An author is easily forged, and the answer goes to whoever is named: so it is a person who decides.

use std::time::Duration;

use actix_web::{HttpResponse, rt::time::timeout, web};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{api::answer, door::Door, message::MessageView, quarantine};
use crate::{
    casework::{Casework, NotAnswered, PrepareError},
    lang::{Language, tongue},
    mail::incoming::{
        authentication::Doubt,
        genuine::{authenticate, in_words},
        reread::{Reread, reread},
    },
    staff::session::SignedIn,
    web::{Fields, Reader, WebError},
};

const QUARANTINE: &str = "/desk/quarantine";
/// Who writes chooses the name servers that are asked, and somebody waits for the page.
const PATIENCE: Duration = Duration::from_secs(5);

/// The language that the answer is wanted in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    language: String,
}

/// `desk/answer.html`.
#[derive(Debug, Serialize)]
struct AnswerView {
    id: Uuid,
    subject: String,
    /// The name that the message gives itself; anybody writes what they like.
    name: String,
    address: String,
    /// The name looks like another address than the author's.
    name_deceives: bool,
    /// The domain is written in characters beyond ASCII, which can look like another one.
    beyond_ascii: bool,
    genuine: bool,
    /// A message key: why the author may not be genuine.
    doubt: Option<&'static str>,
    language: Language,
    other_language: Language,
    letter: Option<MessageView>,
    /// The last part of a message key: why it is not answered.
    refused: Option<&'static str>,
}

/// `GET /desk/quarantine/{id}/answer`
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let Some(message) = find(&casework, &id).await? else { return Ok(gone(&reader)) };
    let understood = &message.understood;
    let from = understood.from.clone();
    let address = from.as_ref().and_then(|from| from.address.clone()).unwrap_or_default();
    let name = from.and_then(|from| from.name).unwrap_or_default();
    let subject = understood.subject.clone().unwrap_or_default();
    let guessed = || tongue::guess(&format!("{subject}\n{}", understood.visible_text), &address);
    let language = Language::parse(&query.language).unwrap_or_else(guessed);
    let doubt = find_doubt(&casework, &message).await;
    let (letter, refused) = match casework.rehearse_answer(staff.actor(), &message, language).await {
        Ok(Ok(letter)) => (Some(MessageView::of(&letter.raw)?), None),
        Ok(Err(why)) => (None, Some(why.into())),
        Err(error) => return Err(failed(error)),
    };
    let view = AnswerView {
        id: message.id,
        name_deceives: name.contains('@') && !name.to_lowercase().contains(&address.to_lowercase()),
        beyond_ascii: !address.is_ascii() || address.contains("xn--"),
        subject,
        name,
        address,
        genuine: doubt.is_none(),
        doubt: doubt.map(|doubt| in_words(doubt, casework.app.settings.mail.inbound.authentication)),
        language,
        other_language: if language == Language::De { Language::En } else { Language::De },
        letter,
        refused,
    };
    reader.ok("desk/answer.html", &view)
}

/// `POST /desk/quarantine/{id}/answer`
pub async fn create(
    reader: Reader,
    casework: Door,
    staff: SignedIn,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let Some(message) = find(&casework, &id).await? else {
        let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
        // Asked again after an answer that got lost, it is done.
        if reader.is_api && quarantine::is_settled(&casework, id, ("answered", &staff)).await? {
            return Ok(answer::settled(id, "answered"));
        }
        return quarantine::gone(&reader, &casework, id).await;
    };
    let language = Language::parse(fields.get("language")).unwrap_or(reader.language);
    match casework.answer_with_form(staff.actor(), &message, language).await {
        Ok(Ok(_)) if reader.is_api => Ok(answer::settled(message.id, "answered")),
        Ok(Err(NotAnswered::Gone)) if reader.is_api => quarantine::gone(&reader, &casework, message.id).await,
        Ok(Err(why)) if reader.is_api => {
            Err(answer::refused(&format!("answer-refused-{}", Into::<&str>::into(why))))
        }
        Ok(Ok(_)) => Ok(reader.see_other(QUARANTINE, "notice-quarantine-answered")),
        // The page says why.
        Ok(Err(_)) => {
            let page = format!("{QUARANTINE}/{}/answer?language={}", message.id, language.as_str());
            Ok(reader.see_other(&page, "notice-quarantine-not-answered"))
        }
        Err(error) => Err(failed(error)),
    }
}

async fn find(casework: &Casework, id: &str) -> Result<Option<Reread>, WebError> {
    let id = id.parse().map_err(|_| WebError::NotFound)?;
    Ok(reread(&casework.app.pool, id).await?)
}

fn gone(reader: &Reader) -> HttpResponse {
    reader.see_other(QUARANTINE, "notice-quarantine-gone")
}

async fn find_doubt(casework: &Casework, message: &Reread) -> Option<Doubt> {
    let settings = &casework.app.settings;
    let (raw, envelope) = (&message.raw, &message.envelope);
    let judging = authenticate(settings, raw, envelope, message.received_at, &message.understood);
    match timeout(PATIENCE, judging).await {
        Ok(judged) => judged.err(),
        Err(_elapsed) => Some(Doubt::Unclear),
    }
}

fn failed(error: PrepareError) -> WebError {
    match error {
        PrepareError::Refused(refusal) => {
            WebError::Refused { key: refusal.key(), about_rights: refusal.is_about_rights() }
        }
        error => anyhow::Error::from(error).into(),
    }
}
