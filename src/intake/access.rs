//! Whether the new contact has access: how the answer is read, and the page on which the new contact gives it, by their own link.
//!
//! What either side wrote to us is for staff, and stands on nobody else's page.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{
    field_errors::{ErrorsView, FieldErrors, Sentence},
    form::answers::Answers,
    guide::second_contact::{Group, second_contact},
    links,
};
use crate::{
    case::{
        action::{Action, ActionKind},
        actor::Actor,
        escalation::Hosting,
        state::{Outcome, State},
        text::Note,
    },
    casework::{Casework, Loaded, links::Purpose},
    lang::Language,
    web::{Fields, Reader, WebError},
};

/// The answer: fields `access` (`yes` | `no`) and, if there is something to say, `note`.
pub(super) fn read(fields: &Fields) -> Result<Action, FieldErrors> {
    let mut answers = Answers::new(fields);
    let works = match fields.get("access") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    if works.is_none() {
        answers.errors.push("access", Sentence::new("intake-error-access"));
    }
    match (works, answers.optional_text("note")) {
        (Some(true), Some(_)) => Ok(Action::ConfirmAccess),
        (Some(false), Some(note)) => Ok(Action::ReportNoAccess { note: note.map(Note::new) }),
        _ => Err(answers.errors),
    }
}

/// What `intake/successor_access.html` shows: the question, or, once all is done, how to add a second contact.
#[derive(Debug, Serialize)]
struct AccessView {
    base: String,
    company: String,
    entitlements: Vec<String>,
    hosting: Option<Hosting>,
    asks: bool,
    advice: Vec<Group>,
    values: Fields,
    #[serde(flatten)]
    errors: ErrorsView,
}

impl AccessView {
    const TEMPLATE: &'static str = "intake/successor_access.html";

    fn new(token: &str, loaded: &Loaded, asks: bool, language: Language) -> Self {
        let escalation = &loaded.escalation;
        Self {
            base: format!("/successors/{token}"),
            company: escalation.company.clone(),
            entitlements: escalation.entitlements.iter().map(ToString::to_string).collect(),
            hosting: escalation.hosting,
            asks,
            advice: if asks { Vec::new() } else { second_contact(escalation.hosting, language) },
            values: Fields::default(),
            errors: ErrorsView::default(),
        }
    }
}

/// The page of a new contact who has accepted, where there is something to ask or to advise now.
pub(super) fn page(
    reader: &Reader,
    casework: &Casework,
    token: &str,
    loaded: &Loaded,
) -> Option<Result<HttpResponse, WebError>> {
    let asks = loaded.case.offers_one(Actor::Successor, ActionKind::ConfirmAccess, casework.app.clock.now());
    let done = loaded.case.has_accepted()
        && matches!(loaded.case.state.told(), State::Closed { outcome: Outcome::Completed });
    let view = || AccessView::new(token, loaded, asks, reader.language);
    (asks || done).then(|| reader.ok(AccessView::TEMPLATE, &view()))
}

/// `POST /successors/{token}/access-confirmation`
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Successor).await?;
    let address = format!("/successors/{token}");
    let action = match read(&fields) {
        Ok(action) => action,
        Err(errors) => {
            let errors = errors.view(reader.language);
            if reader.wants_json {
                return Err(errors.into());
            }
            let view = AccessView {
                values: fields,
                errors,
                ..AccessView::new(&token, &loaded, true, reader.language)
            };
            return reader.at(&address).page(StatusCode::UNPROCESSABLE_ENTITY, AccessView::TEMPLATE, &view);
        }
    };
    let acted = casework.act(loaded.case.id, Actor::Successor, &action, None).await?;
    let closed = acted.state.told().is_closed();
    let notice = if closed { "notice-access-confirmed" } else { "notice-access-reported" };
    Ok(reader.see_other(&address, notice))
}
