//! What stays with a person, whatever token asks: and where they do it.
//!
//! Stops whoever has somebody's token, out of a script or a log, and whoever drives a service account. The second pair of eyes
//! belongs to a person who signed in; and a service account has no eyes at all: if it could call a customer back or write the
//! letter, its maker could have one pair of eyes count twice.

use actix_web::{HttpResponse, http::StatusCode, web};

use crate::{
    case::action::ActionKind,
    casework::Casework,
    desk::case_page,
    staff::tokens::ByToken,
    web::{Problem, WebError},
};

/// Whether an action can't be done with a token: with none, or not by a service account.
pub fn with_a_person(kind: ActionKind, is_service: bool) -> bool {
    match kind {
        // What the rules keep for approvers.
        ActionKind::Approve
        | ActionKind::WaiveCheck
        | ActionKind::DismissObjection
        | ActionKind::UpholdObjection
        | ActionKind::Reopen
        | ActionKind::Hold
        | ActionKind::LiftHold => true,
        // A hand in the message, or in what it rests on.
        ActionKind::DecideCallback
        | ActionKind::DecideDocument
        | ActionKind::CorrectFacts
        | ActionKind::SaveDraft => is_service,
        _ => false,
    }
}

/// Whether what stands at this address of a case is a hand, which a service account does not have.
pub fn is_a_hand(path: &str) -> bool {
    matches!(path, "checks/callback" | "checks/document" | "corrections" | "draft")
}

/// The answer: 403, with the page where a person does it.
pub fn problem(page: &str, code: &'static str) -> WebError {
    Problem::new(StatusCode::FORBIDDEN, code).with("page", page).into()
}

/// As [`problem`], of a case, where it is so.
pub fn check(by: Option<&ByToken>, kind: ActionKind, page: &str) -> Result<(), WebError> {
    match by {
        Some(by) if with_a_person(kind, by.is_service) => Err(problem(page, "needs-a-person")),
        _ => Ok(()),
    }
}

/// `POST /api/v1/cases/{number}/approval`: never.
pub async fn approve(
    casework: web::Data<Casework>,
    number: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    case_page::find(&casework, &number).await?;
    let number = number.to_uppercase();
    let page = casework.app.link(&format!("/desk/cases/{number}/approval"));
    Err(problem(&page, "approval-needs-a-person"))
}
