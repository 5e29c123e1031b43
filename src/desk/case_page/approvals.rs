//! The draft that waits for a second person, in short; `approval` shows it whole.

use serde::Serialize;

use crate::{
    case::{Case, action::Action, actor::Actor, digest::Digest},
    casework::StoredDraft,
    clock::Timestamp,
};

#[derive(Debug, Serialize)]
pub struct ApprovalView {
    author: String,
    created_at: Timestamp,
    revision: i32,
    /// Names the bytes that the reader is led to.
    digest: String,
    subject: String,
    may_approve: bool,
    /// The key of the sentence why not.
    refusal: Option<String>,
}

/// `facts`: of the case as it is now.
pub fn view(
    case: &Case,
    actor: Actor,
    (draft, facts): (&StoredDraft, Digest),
    now: Timestamp,
) -> ApprovalView {
    let refusal = case.decide(actor, &Action::Approve { digest: draft.digest, facts }, now).err();
    ApprovalView {
        author: draft.author_name.clone(),
        created_at: draft.created_at,
        revision: draft.revision,
        digest: draft.digest.into(),
        subject: draft.subject.clone(),
        may_approve: refusal.is_none(),
        refusal: refusal.map(|refusal| refusal.key()),
    }
}
