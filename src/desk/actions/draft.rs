//! The message to Atlassian: draft, facts set right, return, approval, recall, and what Atlassian said.

use actix_web::{HttpRequest, HttpResponse};

use super::submission::{Request, Submission};
use crate::{
    case::{action::Action, digest::Digest, facts::Corrections, text::Text},
    desk::second_factors::step_up::Asking,
    web::WebError,
};

/// The most characters of a subject; more would be cut off wherever it is read.
const LONGEST_SUBJECT: usize = 200;

/// `POST /draft`: `subject`, `opening`, `closing`. Puts the message forward for approval, with the facts of the case between
/// opening and closing. A character that nobody sees is refused: it would be approved unseen. So is a gap that
/// a text block left.
pub async fn save(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("draft", "notice-drafted", |entries| {
            let subject = entries.text("subject");
            if subject.as_ref().is_some_and(|text| text.as_str().chars().count() > LONGEST_SUBJECT) {
                entries.refuse("subject", "desk-subject-too-long");
            }
            entries.refuse_hidden("subject");
            let opening = entries.text_within("opening", Text::LONGEST_MESSAGE);
            entries.refuse_hidden("opening");
            let closing = entries.text("closing");
            entries.refuse_hidden("closing");
            for field in ["subject", "opening", "closing"] {
                entries.refuse_gap(field);
            }
            Some(Request::SaveDraft { subject: subject?, opening: opening?, closing: closing? })
        })
        .await
}

/// `POST /draft/return`: `reason`.
pub async fn return_draft(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("draft-return", "notice-draft-returned", |entries| {
            Some(Request::Act(Action::ReturnDraft { reason: entries.note("reason")? }))
        })
        .await
}

/// `POST /approval`: `digest` of the bytes that were looked at, 64 hexadecimal digits.
/// Whoever has a second factor is asked for a fresh one first; whether one is demanded and was fresh, the approval itself looks.
pub async fn approve(request: HttpRequest, submission: Submission) -> Result<HttpResponse, WebError> {
    let asking = Asking {
        reader: submission.reader.clone(),
        casework: submission.casework.clone(),
        request,
        staff: submission.staff.clone(),
        fields: submission.fields.clone(),
    };
    if let Some(page) = asking.demand_where_there_is_one(&submission.path).await? {
        return Ok(page);
    }
    submission
        .perform("approval", "notice-approved", |entries| {
            let digest = Digest::try_from(entries.get("digest").to_owned()).ok();
            if digest.is_none() {
                entries.refuse("digest", "desk-no-digest");
            }
            Some(Request::Approve { digest: digest? })
        })
        .await
}

/// `POST /corrections`: `company`, `hosting`, `departed_name`, `departed_email`, `contact_role` (each may be left out), `reason`.
/// Sets facts of the letter right; the address only where the customer does not know it.
pub async fn correct_facts(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("corrections", "notice-facts-corrected", |entries| {
            let company = entries.optional_name("company");
            let hosting = entries.optional_choice("hosting");
            let departed_name = entries.optional_name("departed_name");
            let departed_email = entries.optional_address("departed_email");
            let departed_role = entries.optional_choice("contact_role");
            let reason = entries.note("reason");
            let corrections = Corrections {
                company: company?,
                hosting: hosting?,
                departed_name: departed_name?,
                departed_email: departed_email?,
                departed_role: departed_role?,
            };
            Some(Request::Act(Action::CorrectFacts { corrections, reason: reason? }))
        })
        .await
}

/// `POST /recall`: `reason`.
pub async fn recall(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("recall", "notice-recalled", |entries| {
            Some(Request::Act(Action::Recall { reason: entries.note("reason")? }))
        })
        .await
}

/// `POST /answer`: `answer` (`done` | `told_customer` | `question` | `declined`), `note` (may be left out).
pub async fn record_answer(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("answer", "notice-answer-recorded", |entries| {
            let answer = entries.choice("answer");
            let note = entries.optional_note("note");
            Some(Request::Act(Action::RecordAtlassianAnswer { answer: answer?, note: note? }))
        })
        .await
}
