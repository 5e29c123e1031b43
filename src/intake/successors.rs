//! The new contact accepts or declines; later the same link asks whether they have access (`access`). Opening the page changes
//! nothing.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{
    access,
    field_errors::{ErrorsView, FieldErrors, Sentence},
    links,
    message::MessageView,
    people::PeopleView,
};
use crate::{
    case::{
        action::{Action, ActionKind},
        actor::Actor,
        check::{CheckKind, Evidence},
        escalation::ContactRole,
        state::State,
    },
    casework::{Casework, Loaded, links::Purpose},
    web::{Fields, Reader, WebError, see_other},
};

/// What `intake/successor.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct SuccessorView {
    company: String,
    people: PeopleView,
    contact_role: ContactRole,
    entitlements: Vec<String>,
    #[serde(flatten)]
    errors: ErrorsView,
}

impl SuccessorView {
    fn new(loaded: &Loaded, errors: ErrorsView) -> Self {
        let escalation = &loaded.escalation;
        Self {
            company: escalation.company.clone(),
            people: PeopleView::of(escalation),
            contact_role: loaded.asked_role,
            entitlements: escalation.entitlements.iter().map(ToString::to_string).collect(),
            errors,
        }
    }
}

/// `GET /successors/{token}`: the question; once it is settled, how.
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let loaded = links::find_case(&casework, &token, Purpose::Successor).await?;
    let Some(loaded) = loaded else {
        let ended = links::find_ended(&casework, &token, Purpose::Successor).await?;
        return ended.map_or_else(
            || links::gone(&reader),
            |(loaded, _, came_back)| links::ended(&reader, came_back, answered(&loaded).unwrap_or(EXPIRED)),
        );
    };
    let now = casework.app.clock.now();
    if loaded.case.offers_one(Actor::Successor, ActionKind::AcceptSuccession, now) {
        return reader.ok("intake/successor.html", &SuccessorView::new(&loaded, ErrorsView::default()));
    }
    if let Some(page) = access::page(&reader, &casework, &token, &loaded) {
        return page;
    }
    let (tone, title, text) = settled(&loaded);
    reader.ok(MessageView::TEMPLATE, &MessageView::new(tone, reader.language, title, text))
}

/// `POST /successors/{token}`: field `decision` (`accept` | `decline`).
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Successor).await?;
    let action = match fields.get("decision") {
        "accept" => Action::AcceptSuccession,
        "decline" => Action::DeclineSuccession,
        _ => return undecided(&reader, &loaded),
    };
    casework.act(loaded.case.id, Actor::Successor, &action, None).await?;
    Ok(see_other(&format!("/successors/{token}")))
}

fn undecided(reader: &Reader, loaded: &Loaded) -> Result<HttpResponse, WebError> {
    let mut errors = FieldErrors::default();
    errors.push("decision", Sentence::new("intake-error-decision"));
    let errors = errors.view(reader.language);
    if reader.wants_json {
        return Err(errors.into());
    }
    let view = SuccessorView::new(loaded, errors);
    reader.page(StatusCode::UNPROCESSABLE_ENTITY, "intake/successor.html", &view)
}

/// How it stands when there is nothing to decide (any more): tone and keys.
fn settled(loaded: &Loaded) -> (&'static str, &'static str, &'static str) {
    answered(loaded).unwrap_or(("info", "intake-not-now-title", "intake-not-now-text"))
}

/// What became of the question, as far as it concerns whoever was asked.
fn answered(loaded: &Loaded) -> Option<(&'static str, &'static str, &'static str)> {
    let check = loaded.case.check(CheckKind::Successor);
    match check.map(|check| &check.evidence) {
        Some(Evidence::Declined) => Some(("info", "intake-declined-title", "intake-declined-text")),
        _ if loaded.case.state.told().is_closed() => Some(("info", "intake-over-title", "intake-over-text")),
        Some(Evidence::Accepted) if reported_no_access(loaded) => {
            Some(("ok", "intake-again-title", "intake-again-text"))
        }
        Some(Evidence::Accepted) => Some(("ok", "intake-accepted-title", "intake-accepted-text")),
        _ => None,
    }
}

/// Atlassian was told that something is missing, or is about to be.
fn reported_no_access(loaded: &Loaded) -> bool {
    matches!(loaded.case.state.told(), State::WithAtlassian { no_access: true, .. })
}

/// A link whose time is over while the question stands.
const EXPIRED: (&str, &str, &str) = ("warn", "intake-expired-title", "intake-expired-successor");
