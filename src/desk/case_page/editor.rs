//! The editor of the message to Atlassian: what it begins with.

use serde::Serialize;

use crate::{
    case::action::ActionKind,
    casework::{Casework, Loaded, StoredDraft},
    clock::Timestamp,
    desk::session::SignedIn,
};

#[derive(Debug, Serialize)]
pub struct EditorView {
    /// From the configuration; can't be edited.
    recipient: String,
    subject: String,
    body: String,
}

/// `None` where the reader can't write a draft now. Begins with the draft that waits for approval, else with the
/// template filled from the case.
pub async fn view(
    casework: &Casework,
    loaded: &Loaded,
    reading: &SignedIn,
    draft: Option<&StoredDraft>,
    now: Timestamp,
) -> anyhow::Result<Option<EditorView>> {
    if !loaded.case.offers_one(reading.actor(), ActionKind::SaveDraft, now) {
        return Ok(None);
    }
    Ok(Some(match draft {
        Some(draft) => EditorView {
            recipient: draft.recipient.clone(),
            subject: draft.subject.clone(),
            body: draft.body.clone(),
        },
        None => {
            let text = casework.suggest_draft(loaded.case.id, &reading.name).await?;
            EditorView { recipient: text.recipient, subject: text.subject, body: text.body }
        }
    }))
}
