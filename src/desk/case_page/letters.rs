//! The e-mails of a case and what became of each.

use serde::Serialize;

use crate::{
    case::{Case, action::Action, actor::Actor},
    clock::Timestamp,
    mail::outbox::{EmailState, ListedEmail},
};

#[derive(Debug, Serialize)]
pub struct LetterView {
    #[serde(flatten)]
    email: ListedEmail,
    tone: &'static str,
    /// Tried without success, and to be tried again.
    deferred: bool,
    may_retry: bool,
}

/// Latest first.
pub fn view(case: &Case, actor: Actor, emails: Vec<ListedEmail>, now: Timestamp) -> Vec<LetterView> {
    emails
        .into_iter()
        .rev()
        .map(|email| {
            let retry = Action::RetryEmail { email: email.id, to_atlassian: email.atlassian };
            LetterView {
                tone: match email.state {
                    EmailState::Queued => "info",
                    EmailState::Sent if email.bounced => "bad",
                    EmailState::Sent => "ok",
                    EmailState::Failed => "bad",
                    EmailState::Cancelled => "warn",
                },
                deferred: email.state == EmailState::Queued && email.attempts > 0,
                may_retry: email.state == EmailState::Failed && case.decide(actor, &retry, now).is_ok(),
                email,
            }
        })
        .collect()
}
