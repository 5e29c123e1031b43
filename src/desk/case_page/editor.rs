//! The editor of the message to Atlassian: what it begins with.

use serde::Serialize;

use crate::{
    case::{action::ActionKind, outcome::Notification},
    casework::{Casework, Loaded, StoredDraft},
    clock::Timestamp,
    desk::session::SignedIn,
};

#[derive(Debug, Serialize)]
pub struct EditorView {
    /// From the configuration; can't be edited.
    recipient: String,
    /// The request, or a follow-up to it.
    notification: Notification,
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
    let notification = match loaded.case.delivered_at {
        None => Notification::AtlassianRequest,
        Some(_) => Notification::AtlassianFollowUp,
    };
    Ok(Some(match draft {
        Some(draft) => EditorView {
            recipient: draft.recipient.clone(),
            notification,
            subject: draft.subject.clone(),
            body: draft.body.clone(),
        },
        None => {
            let text = casework.suggest_draft(loaded.case.id, &reading.name).await?;
            EditorView { recipient: text.recipient, notification, subject: text.subject, body: text.body }
        }
    }))
}
