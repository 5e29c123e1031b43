//! The requester confirms, or confirms again: a page with one button. Opening it changes nothing, since scanners open
//! links too.

use std::time::Duration;

use actix_web::{HttpResponse, rt::time::sleep, web};
use serde::Serialize;

use super::{links, message::MessageView};
use crate::{
    case::{
        action::{Action, ActionKind},
        actor::Actor,
        number::CaseNumber,
        refusal::Refusal,
        state::State,
    },
    casework::{ActError, Casework, Loaded, links::Purpose},
    web::{Reader, WebError, see_other},
};

/// Well above what the work takes, with many rivals too, and too short to be noticed beside a page that loads.
const LEAST_TIME: Duration = Duration::from_millis(250);

/// What `intake/confirmation.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmationView {
    number: CaseNumber,
    company: String,
    requester_name: String,
    departed_name: String,
    successor_name: String,
    entitlements: Vec<String>,
}

impl From<&Loaded> for ConfirmationView {
    fn from(loaded: &Loaded) -> Self {
        let escalation = &loaded.escalation;
        Self {
            number: loaded.case.number.clone(),
            company: escalation.company.clone(),
            requester_name: escalation.requester.name.clone(),
            departed_name: escalation.departed.name.clone(),
            successor_name: escalation.successor.name.clone(),
            entitlements: escalation.entitlements.iter().map(ToString::to_string).collect(),
        }
    }
}

/// `GET /confirmations/{token}`: the button; once it was pressed, what comes next.
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let loaded = links::find_case(&casework, &token, Purpose::Confirmation).await?;
    let Some(loaded) = loaded else { return links::gone(&reader) };
    let now = casework.app.clock.now();
    match loaded.case.state {
        _ if loaded.case.offers_one(Actor::Requester, ActionKind::ConfirmAgain, now) => {
            reader.ok("intake/confirmation.html", &ConfirmationView::from(&loaded))
        }
        State::Unconfirmed { .. } => reader.ok("intake/confirmation.html", &ConfirmationView::from(&loaded)),
        _ if loaded.case.confirmed_at.is_some() => confirmed(&reader, &loaded),
        // Closed before anybody confirmed, which is none of the link holder's business.
        _ => links::gone(&reader),
    }
}

/// `POST /confirmations/{token}`: confirms. Pressed twice, it leads to the same page.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let loaded = links::find_case(&casework, &token, Purpose::Confirmation).await?;
    let Some(loaded) = loaded else { return links::gone(&reader) };
    let action = match loaded.case.state {
        State::Unconfirmed { .. } => Action::Confirm,
        _ => Action::ConfirmAgain,
    };
    // A case that another one contests takes more work: the answer waits until nobody could tell.
    let work = casework.act(loaded.case.id, Actor::Requester, &action, None);
    let (acted, ()) = futures_util::future::join(work, sleep(LEAST_TIME)).await;
    match acted {
        Ok(_) | Err(ActError::Refused(Refusal::NotNow | Refusal::Closed | Refusal::AlreadyDecided)) => {
            Ok(see_other(&format!("/confirmations/{token}")))
        }
        Err(error) => Err(error.into()),
    }
}

fn confirmed(reader: &Reader, loaded: &Loaded) -> Result<HttpResponse, WebError> {
    let view = MessageView::new("ok", reader.language, "intake-confirmed-title", "intake-confirmed-text");
    reader.ok(MessageView::TEMPLATE, &view.about(&loaded.case.number))
}
