//! The message to Atlassian: draft, return, approval, recall, and what Atlassian said.

use actix_web::HttpResponse;

use super::submission::{Request, Submission};
use crate::{
    case::{action::Action, draft::Digest, text::Text},
    web::WebError,
};

/// The most characters of a subject; more would be cut off wherever it is read.
const LONGEST_SUBJECT: usize = 200;

/// `POST /draft`: `subject`, `body`. Puts the message forward for approval.
pub async fn save(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("draft", "notice-drafted", |entries| {
            let subject = entries.text("subject");
            if subject.as_ref().is_some_and(|text| text.as_str().chars().count() > LONGEST_SUBJECT) {
                entries.refuse("subject", "desk-subject-too-long");
            }
            let body = entries.text_within("body", Text::LONGEST_MESSAGE);
            Some(Request::SaveDraft { subject: subject?, body: body? })
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
pub async fn approve(submission: Submission) -> Result<HttpResponse, WebError> {
    submission
        .perform("approval", "notice-approved", |entries| {
            let digest = Digest::try_from(entries.get("digest").to_owned()).ok();
            if digest.is_none() {
                entries.refuse("digest", "desk-no-digest");
            }
            Some(Request::Act(Action::Approve { digest: digest? }))
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
