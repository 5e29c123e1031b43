//! The letters that went to the requester, on the page of their case: so they see what we wrote, and whether it arrived.

use serde::Serialize;

use crate::{casework::SentLetter, clock::Timestamp, mail::outgoing::outbox::EmailState};

/// One letter, for `intake/letters.html`.
#[derive(Clone, Debug, Serialize)]
pub struct SentLetterView {
    subject: String,
    at: Timestamp,
    /// waiting | sent | returned | failed | held
    state: &'static str,
    tone: &'static str,
    /// Without links; `None` where it was not kept.
    body: Option<String>,
}

impl From<SentLetter> for SentLetterView {
    fn from(letter: SentLetter) -> Self {
        let (state, tone) = match (letter.state, letter.bounced) {
            (Some(EmailState::Sent), true) => ("returned", "bad"),
            (Some(EmailState::Sent), false) => ("sent", "ok"),
            (Some(EmailState::Queued), _) => ("waiting", "info"),
            (Some(EmailState::Cancelled), _) => ("held", "warn"),
            (Some(EmailState::Failed) | None, _) => ("failed", "bad"),
        };
        Self { subject: letter.subject, at: letter.at, state, tone, body: letter.body }
    }
}
