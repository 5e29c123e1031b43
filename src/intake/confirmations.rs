//! The requester confirms, or confirms again: a page with one button. Opening it changes nothing, since scanners open
//! links too.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, rt::time::sleep, web};
use serde::Serialize;

use super::{links, message::MessageView, pauses::pause_in_words, people::PeopleView};
use crate::{
    case::{
        action::{Action, ActionKind},
        actor::Actor,
        number::CaseNumber,
        refusal::Refusal,
        state::State,
    },
    casework::{
        ActError, Asked, Casework, Loaded, find_own_case,
        links::{Purpose, path},
    },
    token::Token,
    web::{Fields, Reader, WebError, limit::client_address, see_other},
};

/// Well above what the work takes, and too short to be noticed beside a page that loads.
const LEAST_TIME: Duration = Duration::from_millis(250);

/// What `intake/confirmation.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmationView {
    number: CaseNumber,
    /// The case that the same mailbox has about the same already.
    own_case: Option<CaseNumber>,
    company: String,
    people: PeopleView,
    entitlements: Vec<String>,
}

impl ConfirmationView {
    fn new(loaded: &Loaded, own_case: Option<CaseNumber>) -> Self {
        let escalation = &loaded.escalation;
        Self {
            number: loaded.case.number.clone(),
            own_case,
            company: escalation.company.clone(),
            people: PeopleView::of(escalation),
            entitlements: escalation.entitlements.iter().map(ToString::to_string).collect(),
        }
    }
}

/// `GET /confirmations/{token}`: the button; once it was pressed, what comes next.
pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let loaded = links::find_case(&casework, &token, Purpose::Confirmation).await?;
    let Some(loaded) = loaded else { return offer(&reader, &casework, &token, &request).await };
    let now = casework.app.clock.now();
    match loaded.case.state {
        _ if loaded.case.offers_one(Actor::Requester, ActionKind::ConfirmAgain, now) => {
            reader.ok("intake/confirmation.html", &ConfirmationView::new(&loaded, None))
        }
        State::Unconfirmed { .. } => {
            let mut connection = casework.app.pool.acquire().await?;
            let own = find_own_case(&mut connection, loaded.case.id).await?.map(|own| own.number);
            drop(connection);
            reader.ok("intake/confirmation.html", &ConfirmationView::new(&loaded, own))
        }
        _ if loaded.case.confirmed_at.is_some() => confirmed(&reader, &loaded),
        // Closed before anybody confirmed, which is none of the link holder's business.
        _ => links::gone(&reader),
    }
}

/// `POST /confirmations/{token}`: confirms. Pressed twice, it leads to the same page. With the field `instead` (`existing`),
/// the request is withdrawn and the way leads to the case that the same mailbox has about the same already.
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    fields: Fields,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let loaded = links::find_case(&casework, &token, Purpose::Confirmation).await?;
    let Some(loaded) = loaded else { return offer(&reader, &casework, &token, &request).await };
    if fields.get("instead") == "existing" {
        return go_on(&casework, &token, &loaded).await;
    }
    let action = match loaded.case.state {
        State::Unconfirmed { .. } => Action::Confirm,
        _ => Action::ConfirmAgain,
    };
    // Whatever the confirmation sets off, the answer waits until nobody could tell.
    let work = casework.act(loaded.case.id, Actor::Requester, &action, None);
    let (acted, ()) = futures_util::future::join(work, sleep(LEAST_TIME)).await;
    match acted {
        Ok(_) | Err(ActError::Refused(Refusal::NotNow | Refusal::Closed | Refusal::AlreadyDecided)) => {
            Ok(see_other(&format!("/confirmations/{token}")))
        }
        Err(error) => Err(error.into()),
    }
}

async fn go_on(casework: &Casework, token: &str, loaded: &Loaded) -> Result<HttpResponse, WebError> {
    if matches!(loaded.case.state, State::Unconfirmed { .. })
        && let Some(status) = casework.go_on_with_own_case(loaded.case.id, loaded.version).await?
    {
        return Ok(see_other(&path(Purpose::Status, &status)));
    }
    // The other case has ended, or this one was confirmed in between: the page says how it stands.
    Ok(see_other(&format!("/confirmations/{token}")))
}

fn confirmed(reader: &Reader, loaded: &Loaded) -> Result<HttpResponse, WebError> {
    let view = MessageView::new("ok", reader.language, "intake-confirmed-title", "intake-confirmed-text");
    reader.ok(MessageView::TEMPLATE, &view.about(&loaded.case.number))
}

/// What `intake/expired.html` shows.
#[derive(Clone, Debug, Serialize)]
struct ExpiredView {
    /// Where the button sends.
    action: String,
    /// Why no letter can be sent now, in words.
    pause: Option<String>,
}

/// `POST /confirmations/{token}/letter`: a new letter for what was filed, in answer to a link that has expired.
pub async fn ask_once_more(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let client = client_address(&request, &casework.app.settings);
    let page = format!("/confirmations/{token}");
    let Some(token) = Token::parse(&token) else { return links::gone(&reader) };
    Ok(match casework.ask_once_more(&token, client).await? {
        Asked::Sent => reader.see_other(&page, "notice-confirmation-sent"),
        // The page says why.
        Asked::NotNow(_) | Asked::Over => see_other(&page),
    })
}

/// The page for a link that confirms nothing (any more). One that did once was in a letter, so that its holder is told how to get
/// another; where that goes, and what was filed, is not shown.
async fn offer(
    reader: &Reader,
    casework: &Casework,
    token: &str,
    request: &HttpRequest,
) -> Result<HttpResponse, WebError> {
    let client = client_address(request, &casework.app.settings);
    let Some(parsed) = Token::parse(token) else { return links::gone(reader) };
    if let Some(pause) = casework.find_expired(&parsed, client).await? {
        let now = casework.app.clock.now();
        let view = ExpiredView {
            action: format!("/confirmations/{token}/letter"),
            pause: pause.map(|pause| pause_in_words(pause, reader.language, now)),
        };
        let page = format!("/confirmations/{token}");
        return reader.clone().at(&page).page(StatusCode::GONE, "intake/expired.html", &view);
    }
    // A later letter asks the requester of a case that goes on.
    match links::find_ended(casework, token, Purpose::Confirmation).await? {
        Some((loaded, _, came_back)) if loaded.case.confirmed_at.is_some() => {
            let told = ("info", "intake-expired-title", "intake-expired-renewal");
            links::ended(reader, came_back, told)
        }
        Some((.., true)) => {
            links::ended(reader, true, ("warn", "intake-expired-title", "intake-expired-status"))
        }
        _ => links::gone(reader),
    }
}
