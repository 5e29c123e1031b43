//! Whoever got a notice may object: the reader of the departed contact's mailbox, and others on record whose role would change. Opening the page changes nothing; silence is no consent.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;
use uuid::Uuid;

use super::{
    field_errors::ErrorsView, form::answers::Answers, links, message::MessageView, people::PeopleView,
};
use crate::{
    case::{
        action::{Action, ActionKind},
        actor::Actor,
        check::{CheckKind, Evidence},
        escalation::ContactRole,
        text::Note,
    },
    casework::{
        Casework, Loaded,
        links::{Purpose, find_objection_link},
    },
    clock::Timestamp,
    token::Token,
    web::{Fields, Reader, WebError, see_other},
};

/// What `intake/objection.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct ObjectionView {
    company: String,
    /// Whether the reader is another contact on record than the one who is said to have left.
    is_other: bool,
    people: PeopleView,
    contact_role: ContactRole,
    entitlements: Vec<String>,
    /// Until when an objection is waited for; `None` once that is over. It is heard all the same.
    window_ends: Option<Timestamp>,
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
}

impl ObjectionView {
    fn new(loaded: &Loaded, actor: Actor, values: Fields, errors: ErrorsView, now: Timestamp) -> Self {
        let notice = loaded.case.check(CheckKind::DepartedNotice);
        let window_ends = match notice.map(|check| &check.evidence) {
            Some(Evidence::NoticeSent { window_ends_at, .. }) => Some(*window_ends_at),
            _ => None,
        };
        Self {
            company: loaded.escalation.company.clone(),
            is_other: actor == Actor::RegisteredContact,
            people: PeopleView::of(&loaded.escalation),
            contact_role: loaded.asked_role,
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
    let Some(Opened { loaded, reader: actor, .. }) = find_case(&casework, &token).await? else {
        let ended = links::find_ended(&casework, &token, Purpose::Objection).await?;
        return ended.map_or_else(
            || links::gone(&reader),
            |(loaded, _, came_back)| links::ended(&reader, came_back, too_late_here(&loaded)),
        );
    };
    let now = casework.app.clock.now();
    if loaded.case.offers_one(actor, ActionKind::Object, now) {
        let view = ObjectionView::new(&loaded, actor, Fields::default(), ErrorsView::default(), now);
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
    let Opened { loaded, reader: actor, contact } =
        find_case(&casework, &token).await?.ok_or(WebError::NotFound)?;
    let mut answers = Answers::new(&fields);
    let Some(note) = answers.optional_text("note") else {
        let errors = answers.errors.view(reader.language);
        if reader.wants_json {
            return Err(errors.into());
        }
        let view = ObjectionView::new(&loaded, actor, fields, errors, casework.app.clock.now());
        return reader.page(StatusCode::UNPROCESSABLE_ENTITY, "intake/objection.html", &view);
    };
    let action = Action::Object { kind: CheckKind::DepartedNotice, contact, note: note.map(Note::new) };
    casework.act(loaded.case.id, actor, &action, None).await?;
    Ok(see_other(&format!("/objections/{token}")))
}

/// What a link opens, and as whom.
struct Opened {
    loaded: Loaded,
    reader: Actor,
    /// Which contact on record that is, where it is not the departed one.
    contact: Option<Uuid>,
}

async fn find_case(casework: &Casework, token: &str) -> Result<Option<Opened>, WebError> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let mut connection = casework.app.pool.acquire().await?;
    let found = find_objection_link(&mut connection, &token, casework.app.clock.now()).await?;
    drop(connection);
    let Some((case, contact)) = found else { return Ok(None) };
    let reader = match contact {
        Some(_) => Actor::RegisteredContact,
        None => Actor::DepartedContact,
    };
    Ok(casework.load(case).await?.map(|loaded| Opened { loaded, reader, contact }))
}

/// A link that objects no longer. Whoever it was for can still be heard, and reads how.
fn too_late_here(loaded: &Loaded) -> (&'static str, &'static str, &'static str) {
    match loaded.case.state.is_closed() {
        true => ("info", "intake-over-title", "intake-over-objection-text"),
        false => ("warn", "intake-expired-title", "intake-expired-objection"),
    }
}
