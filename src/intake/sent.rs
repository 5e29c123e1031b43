//! "Look into your mailbox", after the form: where the letter went, once more, and at another address.
//!
//! Without an account: only the browser that sent the form knows the address of its page, whose token ends with the day and confirms
//! nothing. Everybody gets the same, whatever the register knows, and whether or not the mailbox has a case already.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{
    escalations::conditions,
    field_errors::{ErrorsView, FieldErrors, Sentence},
    form,
    pauses::pause_in_words,
    people::PersonView,
};
use crate::{
    casework::{
        Asked, Casework, Pause, SentForm,
        links::{Purpose, path},
    },
    token::Token,
    web::{Fields, Reader, WebError, limit::client_address, see_other},
};

/// What `intake/sent.html` shows.
#[derive(Clone, Debug, Serialize)]
struct SentView {
    /// For how many days the link in the letter works.
    valid_days: u32,
    /// `None` where nothing can be done from here.
    request: Option<RequestView>,
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
}

#[derive(Clone, Debug, Serialize)]
struct RequestView {
    /// The path of this page.
    base: String,
    to: PersonView,
    /// The letter could not be sent.
    held: bool,
    /// Why it can't be sent again now, in words.
    pause: Option<String>,
    may_mend: bool,
}

const TEMPLATE: &str = "intake/sent.html";

/// `GET /escalations/sent`: without a token, what holds for everybody.
pub async fn any(reader: Reader) -> Result<HttpResponse, WebError> {
    reader.ok(TEMPLATE, &SentView::new(&reader, None, Fields::default(), ErrorsView::default()))
}

/// `GET /escalations/sent/{token}`
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let client = client_address(&request, &casework.app.settings);
    let found = match Token::parse(&token) {
        Some(token) => casework.find_sent(&token, client).await?.map(|found| (token, found)),
        None => None,
    };
    let view = found.map(|(token, found)| RequestView::new(&reader, &token, &found));
    reader.ok(TEMPLATE, &SentView::new(&reader, view, Fields::default(), ErrorsView::default()))
}

/// `POST /escalations/sent/{token}/letter`: the letter once more.
pub async fn send_again(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let token = Token::parse(&token).ok_or(WebError::NotFound)?;
    let client = client_address(&request, &casework.app.settings);
    let page = path(Purpose::Sent, &token);
    Ok(match casework.send_again(&token, client).await? {
        Asked::Sent => reader.see_other(&page, "notice-confirmation-sent"),
        // The page says why.
        Asked::NotNow(_) | Asked::Over => see_other(&page),
    })
}

/// `POST /escalations/sent/{token}/address`: field `requester_email`. The request goes on at that address, and nowhere else.
pub async fn mend(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    mut fields: Fields,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let token = Token::parse(&token).ok_or(WebError::NotFound)?;
    let client = client_address(&request, &casework.app.settings);
    let page = path(Purpose::Sent, &token);
    let Some(found) = casework.find_sent(&token, client).await? else { return Ok(see_other(&page)) };
    form::mend(&mut fields);
    let mended = match form::mend_address(&fields, &conditions(&reader, &casework), &found.escalation) {
        Ok(mended) => mended,
        Err(errors) => return again(&reader, (&token, &found), fields, &errors),
    };
    if mended.requester.email == found.escalation.requester.email {
        let errors = error(Sentence::new("intake-error-address-same"));
        return again(&reader, (&token, &found), fields, &errors);
    }
    match casework.mend_address(&token, (found.case, &mended), client).await? {
        Asked::Sent => Ok(reader.see_other(&page, "notice-address-mended")),
        Asked::Over | Asked::NotNow(Pause::Enough) => Ok(see_other(&page)),
        Asked::NotNow(pause @ Pause::Until(_)) => {
            let words = pause_in_words(pause, reader.language, casework.app.clock.now());
            again(
                &reader,
                (&token, &found),
                fields,
                &error(Sentence::new("intake-error-address-busy").with("pause", words)),
            )
        }
    }
}

fn error(sentence: Sentence) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.push("requester_email", sentence);
    errors
}

fn again(
    reader: &Reader,
    (token, found): (&Token, &SentForm),
    typed: Fields,
    errors: &FieldErrors,
) -> Result<HttpResponse, WebError> {
    let errors = errors.view(reader.language);
    if reader.wants_json {
        return Err(errors.into());
    }
    let page = path(Purpose::Sent, token);
    let view = SentView::new(reader, Some(RequestView::new(reader, token, found)), typed, errors);
    reader.clone().at(&page).page(StatusCode::UNPROCESSABLE_ENTITY, TEMPLATE, &view)
}

impl SentView {
    fn new(reader: &Reader, request: Option<RequestView>, values: Fields, errors: ErrorsView) -> Self {
        let valid_days = reader.app.settings.deadlines.confirmation_days;
        Self { valid_days, request, values, errors }
    }
}

impl RequestView {
    fn new(reader: &Reader, token: &Token, found: &SentForm) -> Self {
        let requester = &found.escalation.requester;
        let now = reader.app.clock.now();
        Self {
            base: path(Purpose::Sent, token),
            to: PersonView::new(&requester.name, Some(&requester.email)),
            held: found.held,
            pause: found.pause.map(|pause| pause_in_words(pause, reader.language, now)),
            may_mend: found.may_mend,
        }
    }
}
