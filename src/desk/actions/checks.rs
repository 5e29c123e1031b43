//! Checks: a verdict by staff, or a waiver by an approver.

use actix_web::{HttpResponse, web};

use super::submission::{Request, Submission};
use crate::{
    case::{action::Action, check::CheckKind},
    web::WebError,
};

/// `POST /checks/{kind}`: `verdict` (`passed` | `failed` | `inconclusive`) and `note`; or `waive` (any value) and
/// `reason`.
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
            Some(Request::Act(Action::DecideCheck { kind, verdict: verdict?, note: note? }))
        })
        .await
}
