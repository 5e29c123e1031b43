//! Rejecting, closing, reopening, and objections.

use actix_web::HttpResponse;

use super::submission::{Request, Submission};
use crate::{case::action::Action, web::WebError};

/// `POST /rejection`: `reason`, which stays at the desk.
pub async fn reject(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("rejection", "notice-closed", |entries| {
            Some(Request::Act(Action::Reject { reason: entries.note("reason")? }))
        })
        .await
}

/// `POST /closing`: `outcome` (`completed` | `self_service` | `duplicate` | `withdrawn`), `reason` (may be left out).
pub async fn close(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("closing", "notice-closed", |entries| {
            let outcome = entries.choice("outcome");
            let reason = entries.optional_note("reason");
            Some(Request::Act(Action::Close { outcome: outcome?, reason: reason? }))
        })
        .await
}

/// `POST /reopening`: `reason`.
pub async fn reopen(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("reopening", "notice-reopened", |entries| {
            Some(Request::Act(Action::Reopen { reason: entries.note("reason")? }))
        })
        .await
}

/// `POST /objection`: `ruling` (`dismissed` | `upheld`) and `reason` settle an open one; without `ruling`, `note`
/// records one that somebody made by other means.
pub async fn object(submission: Submission) -> Result<HttpResponse, WebError> {
    if submission.fields.find("note").is_some() || !submission.fields.0.contains_key("reason") {
        return submission
            .perform("objection", "notice-objection-recorded", |entries| {
                Some(Request::Act(Action::Object { note: Some(entries.note("note")?) }))
            })
            .await;
    }
    submission
        .perform("ruling", "notice-objection-settled", |entries| {
            let dismissed = match entries.get("ruling") {
                "dismissed" => Some(true),
                "upheld" => Some(false),
                _ => {
                    entries.refuse("ruling", "desk-choose");
                    None
                }
            };
            let reason = entries.note("reason");
            Some(Request::Act(if dismissed? {
                Action::DismissObjection { reason: reason? }
            } else {
                Action::UpholdObjection { reason: reason? }
            }))
        })
        .await
}
