//! The editor of the message to Atlassian: what it begins with.

use serde::Serialize;

use super::{TrailEntry, Words, trail};
use crate::{
    case::{action::ActionKind, event::Event, facts::LetterFacts, outcome::Notification},
    casework::{CaseRecord, Casework, DraftText, Loaded, TrailLine},
    clock::Timestamp,
    staff::session::SignedIn,
};

#[derive(Debug, Serialize)]
pub struct EditorView {
    /// By configuration and hosting; can't be edited.
    recipient: String,
    /// The request, or a follow-up to it.
    notification: Notification,
    subject: String,
    opening: String,
    /// As they will stand between opening and closing; can't be edited.
    facts: String,
    closing: String,
    /// Why the draft that this begins with came back; `None` where none did.
    returned: Option<TrailEntry>,
}

impl EditorView {
    /// The fields that can be edited, and what they begin with.
    pub fn words(&self) -> [(&'static str, &str); 3] {
        [("subject", &self.subject), ("opening", &self.opening), ("closing", &self.closing)]
    }
}

/// `None` where the reader can't write a draft now, or the letter would have to state what nobody knows. Begins with the words of the draft that waits for approval or came back,
/// else with the template filled from the case; the facts are always those of now.
pub fn view(
    casework: &Casework,
    (loaded, facts): (&Loaded, &LetterFacts),
    reading: &SignedIn,
    (record, words): (&CaseRecord, &Words),
    now: Timestamp,
) -> anyhow::Result<Option<EditorView>> {
    // A letter never claims what nobody knows: `missing` says what.
    if !facts.unknown().is_empty() || !loaded.case.offers_one(reading.actor(), ActionKind::SaveDraft, now) {
        return Ok(None);
    }
    let notification = match loaded.case.delivered_at {
        None => Notification::AtlassianRequest,
        Some(_) => Notification::AtlassianFollowUp,
    };
    let DraftText { recipient, mut subject, mut opening, facts, mut closing } =
        casework.letter_text(loaded, facts, record.sent.as_ref(), &reading.name)?;
    let fate = record
        .events
        .iter()
        .rev()
        .find(|line| ends_a_draft(&line.event) || matches!(line.event, Event::Drafted { .. }));
    let goes_on = fate.is_some_and(|line| !matches!(line.event, Event::Delivered));
    // One that was written as one text can't be gone on with: the facts would stand in it twice.
    if let Some(draft) = record.draft.as_ref().filter(|draft| goes_on && !draft.facts.is_empty()) {
        (subject, opening, closing) = (draft.subject.clone(), draft.opening.clone(), draft.closing.clone());
    }
    let came_back =
        |line: &&TrailLine| matches!(line.event, Event::DraftReturned { .. } | Event::Recalled { .. });
    let returned = fate.filter(came_back).map(|line| trail::entry(line, words));
    Ok(Some(EditorView { recipient, notification, subject, opening, facts, closing, returned }))
}

/// Whether a draft came to something else than to wait for its approval.
fn ends_a_draft(event: &Event) -> bool {
    matches!(event, Event::Delivered | Event::DraftReturned { .. } | Event::Recalled { .. })
}
