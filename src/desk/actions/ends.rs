//! Rejecting, closing, reopening, and objections.

use actix_web::HttpResponse;

use strum::EnumString;

use super::submission::{Request, Submission};
use crate::{
    administration::variables::Kind,
    case::{action::Action, check::CheckKind, state::Outcome},
    web::WebError,
};

/// How an approver settles what stands against a case.
#[derive(Clone, Copy, Debug, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Ruling {
    Dismissed,
    Upheld,
    Duplicate,
}

/// `POST /rejection`: `reason`, which stays at the desk; `told`, which the requester reads beside the decision, and `block`, the
/// version of a text block that it began with, may be left out.
pub async fn reject(submission: Submission) -> Result<HttpResponse, WebError> {
    let block = submission.find_block(Kind::Rejection).await?;
    submission
        .perform("rejection", "notice-closed", |entries| {
            let reason = entries.note("reason");
            let told = entries.optional_note("told");
            entries.refuse_gap("told");
            let told = told?.map(|told| told.from_block(block));
            Some(Request::Act(Action::Reject { reason: reason?, told }))
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

/// `POST /hold`: `reason`.
pub async fn hold(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("hold", "notice-held", |entries| {
            Some(Request::Act(Action::Hold { reason: entries.note("reason")? }))
        })
        .await
}

/// `POST /hold-lifting`: `reason`.
pub async fn lift_hold(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("hold-lifting", "notice-hold-lifted", |entries| {
            Some(Request::Act(Action::LiftHold { reason: entries.note("reason")? }))
        })
        .await
}

/// `POST /objection`: `ruling` (`dismissed` | `upheld` | `duplicate`) and `reason` settle all that stands against the
/// case; without `ruling`, `note` records an objection that somebody made by other means.
pub async fn object(submission: Submission) -> Result<HttpResponse, WebError> {
    if submission.fields.find("note").is_some() || !submission.fields.0.contains_key("reason") {
        return submission
            .perform("objection", "notice-objection-recorded", |entries| {
                let note = Some(entries.note("note")?);
                Some(Request::Act(Action::Object { kind: CheckKind::DepartedNotice, contact: None, note }))
            })
            .await;
    }
    submission
        .perform("ruling", "notice-objection-settled", |entries| {
            let ruling = entries.choice::<Ruling>("ruling");
            let reason = entries.note("reason")?;
            Some(Request::Act(match ruling? {
                Ruling::Dismissed => Action::DismissObjection { reason },
                Ruling::Upheld => Action::UpholdObjection { reason },
                Ruling::Duplicate => Action::Close { outcome: Outcome::Duplicate, reason: Some(reason) },
            }))
        })
        .await
}
