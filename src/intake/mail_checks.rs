//! "Is this e-mail from us?": anybody who got one types its code and the address that it came to.
//!
//! A code alone says nothing: who copies one from an e-mail of his own into a forgery that he sends to others gets a no for
//! theirs. Who knows code and address has the e-mail, or a copy; so the answer says which it was, to be held against the one that
//! lies before the reader, and no more. A wrong code, another's code and an address that gets no mail from us have one answer.
//! Asked too often, it waits like every public form.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::field_errors::{ErrorsView, FieldErrors, Sentence};
use crate::{
    casework::Casework,
    clock::Timestamp,
    mail::outgoing::code::{MailCode, find_known},
    web::{Fields, Reader, WebError},
};

/// What `intake/mail_check.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct MailCheckView {
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
    /// `None` while nothing was asked.
    answer: Option<Answer>,
    desk_address: String,
    /// How every link of ours begins.
    public_url: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "word", rename_all = "snake_case")]
enum Answer {
    Ours { notification: String, subject: String, written_at: Timestamp },
    NotConfirmed,
}

impl MailCheckView {
    const TEMPLATE: &'static str = "intake/mail_check.html";

    fn new(reader: &Reader, values: Fields, errors: ErrorsView, answer: Option<Answer>) -> Self {
        let settings = &reader.app.settings;
        let (desk_address, public_url) =
            (settings.mail.from_address.clone(), settings.http.public_url.clone());
        Self { values, errors, answer, desk_address, public_url }
    }
}

/// `GET /mail-checks`
pub async fn new(reader: Reader) -> Result<HttpResponse, WebError> {
    let view = MailCheckView::new(&reader, Fields::default(), ErrorsView::default(), None);
    reader.ok(MailCheckView::TEMPLATE, &view)
}

/// `POST /mail-checks`: `code` and `address`. Answers on the spot: nothing of it stands in an address, a log or the database.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let mut errors = FieldErrors::default();
    for (field, key) in
        [("code", "intake-error-mail-check-code"), ("address", "intake-error-mail-check-address")]
    {
        if fields.find(field).is_none() {
            errors.push(field, Sentence::new(key));
        }
    }
    if !errors.is_empty() {
        let errors = errors.view(reader.language);
        if reader.wants_json {
            return Err(errors.into());
        }
        let view = MailCheckView::new(&reader, fields, errors, None);
        return reader.page(StatusCode::UNPROCESSABLE_ENTITY, MailCheckView::TEMPLATE, &view);
    }
    let answer = find(&casework, &fields).await?;
    let view = MailCheckView::new(&reader, fields, ErrorsView::default(), Some(answer));
    reader.ok(MailCheckView::TEMPLATE, &view)
}

async fn find(casework: &Casework, fields: &Fields) -> Result<Answer, WebError> {
    let Some(code) = MailCode::parse(fields.get("code")) else { return Ok(Answer::NotConfirmed) };
    let mut connection = casework.app.pool.acquire().await?;
    let known = find_known(&mut connection, &casework.app.code_signer, &code, fields.get("address")).await?;
    Ok(known.map_or(Answer::NotConfirmed, |known| Answer::Ours {
        notification: known.notification,
        subject: known.subject,
        written_at: known.written_at,
    }))
}
