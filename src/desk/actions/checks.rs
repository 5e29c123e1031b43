//! Checks: a verdict by staff on a call or on documents, the request to another contact to vouch, or a waiver by an
//! approver.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    entries::Entries,
    submission::{Request, Submission},
};
use crate::{
    case::{action::Action, check::CheckKind, document::Criterion, refusal::Refusal},
    web::{Fields, WebError},
};

/// `POST /checks/{kind}`: `verdict` (`passed` | `failed` | `inconclusive`) and `note`, for a callback also the `number`
/// that was dialled, for a document `file-<id>` for each file that was looked at and `criterion-<word>` (`yes` | `no`) for
/// each item of the checklist; or `waive` (any value) and `reason`; or `again` (any value), to have it run
/// again.
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
    if submission.fields.find("again").is_some() {
        let request = |_: &mut Entries<'_>| Some(Request::Act(Action::CheckAgain { kind }));
        return submission.perform("again", "notice-check-again", request).await;
    }
    if !kind.is_decided_by_staff() {
        return submission.refuse(Refusal::NotDecidedByStaff).await;
    }
    let form = format!("check-{}", kind.as_str());
    let (files, answers) = (files_of(&submission.fields), answers_of(&submission.fields));
    submission
        .perform(&form, "notice-check-decided", |entries| {
            let verdict = entries.choice("verdict");
            let note = entries.note("note");
            if kind == CheckKind::Callback {
                let number = entries.text("number");
                return Some(Request::DecideCallback { number: number?, verdict: verdict?, note: note? });
            }
            Some(Request::DecideDocument { files, answers, verdict: verdict?, note: note? })
        })
        .await
}

fn files_of(fields: &Fields) -> Vec<Uuid> {
    let ticked = fields.0.keys().filter(|name| fields.is_ticked(name));
    ticked.filter_map(|name| name.strip_prefix("file-")?.parse().ok()).collect()
}

fn answers_of(fields: &Fields) -> BTreeMap<Criterion, bool> {
    let answer = |criterion: &Criterion| match fields.get(&format!("criterion-{}", criterion.as_str())) {
        "yes" => Some((*criterion, true)),
        "no" => Some((*criterion, false)),
        _ => None,
    };
    Criterion::VARIANTS.iter().filter_map(answer).collect()
}

/// `POST /vouch`: `contact`, the id of a contact on record.
pub async fn request_vouch(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("vouch", "notice-vouch-requested", |entries| {
            Some(Request::AskForVouch { contact: entries.choice("contact")? })
        })
        .await
}
