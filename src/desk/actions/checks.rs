//! Checks: a verdict by staff, the request to another contact to vouch, or a waiver by an approver.

use actix_web::{HttpResponse, web};

use super::submission::{Request, Submission};
use crate::{
    case::{action::Action, check::CheckKind},
    web::WebError,
};

/// `POST /checks/{kind}`: `verdict` (`passed` | `failed` | `inconclusive`) and `note`, for a callback also the `number`
/// that was dialled; or `waive` (any value) and `reason`.
pub async fn decide(
    submission: Submission,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, WebError> {
    let kind: CheckKind = path.1.parse().map_err(|_| WebError::NotFound)?;
    if submission.fields.find("waive").is_some() {
        let form = format!("waive-{}", kind.as_str());
        return submission
            .perform(&form, "notice-check-waived", |entries| {
                let reason = entries.note("reason")?;
                Some(Request::Act(Action::WaiveCheck { kind, reason }))
            })
            .await;
    }
    let form = format!("check-{}", kind.as_str());
    submission
        .perform(&form, "notice-check-decided", |entries| {
            let verdict = entries.choice("verdict");
            let note = entries.note("note");
            if kind == CheckKind::Callback {
                let number = entries.text("number");
                return Some(Request::DecideCallback { number: number?, verdict: verdict?, note: note? });
            }
            Some(Request::Act(Action::DecideCheck { kind, verdict: verdict?, note: note? }))
        })
        .await
}

/// `POST /vouch`: `contact`, the id of a contact on record.
pub async fn request_vouch(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("vouch", "notice-vouch-requested", |entries| {
            Some(Request::AskForVouch { contact: entries.choice("contact")? })
        })
        .await
}
