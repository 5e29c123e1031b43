//! Whoever reads the departed contact's mailbox may object. Opening the page changes nothing; silence is no consent.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{
    field_errors::ErrorsView, form::answers::Answers, links, message::MessageView, people::PeopleView,
};
use crate::{
    case::{
        action::{Action, ActionKind},
        actor::Actor,
        check::{CheckKind, Evidence},
        text::Note,
    },
    casework::{Casework, Loaded, links::Purpose},
    clock::Timestamp,
    web::{Fields, Reader, WebError, see_other},
};

/// What `intake/objection.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct ObjectionView {
    company: String,
    people: PeopleView,
    entitlements: Vec<String>,
    /// Until when an objection is waited for; `None` once that is over. It is heard all the same.
    window_ends: Option<Timestamp>,
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
}

impl ObjectionView {
    fn new(loaded: &Loaded, values: Fields, errors: ErrorsView, now: Timestamp) -> Self {
        let notice = loaded.case.check(CheckKind::DepartedNotice);
        let window_ends = match notice.map(|check| &check.evidence) {
            Some(Evidence::NoticeSent { window_ends_at, .. }) => Some(*window_ends_at),
            _ => None,
        };
        Self {
            company: loaded.escalation.company.clone(),
            people: PeopleView::of(&loaded.escalation),
            entitlements: loaded.escalation.entitlements.iter().map(ToString::to_string).collect(),
            window_ends: window_ends.filter(|end| now < *end),
            values,
            errors,
        }
    }
}

/// `GET /objections/{token}`: the question; after an objection, that it arrived.
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let loaded = links::find_case(&casework, &token, Purpose::Objection).await?;
    let Some(loaded) = loaded else { return links::gone(&reader) };
    let now = casework.app.clock.now();
    if loaded.case.offers_one(Actor::DepartedContact, ActionKind::Object, now) {
        let view = ObjectionView::new(&loaded, Fields::default(), ErrorsView::default(), now);
        return reader.ok("intake/objection.html", &view);
    }
    let (tone, title, text) = match loaded.case.state.is_closed() {
        true => ("info", "intake-over-title", "intake-over-objection-text"),
        false => ("ok", "intake-objected-title", "intake-objected-text"),
    };
    reader.ok(MessageView::TEMPLATE, &MessageView::new(tone, reader.language, title, text))
}

/// `POST /objections/{token}`: field `note`, which may be missing.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Objection).await?;
    let mut answers = Answers::new(&fields);
    let Some(note) = answers.optional_text("note") else {
        let errors = answers.errors.view(reader.language);
        if reader.wants_json {
            return Err(errors.into());
        }
        let view = ObjectionView::new(&loaded, fields, errors, casework.app.clock.now());
        return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "intake/objection.html", &view);
    };
    let action = Action::Object { note: note.map(Note::new) };
    casework.act(loaded.case.id, Actor::DepartedContact, &action, None).await?;
    Ok(see_other(&format!("/objections/{token}")))
}
