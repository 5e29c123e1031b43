//! The draft that waits for a second person, in short; `approval` shows it whole.

use serde::Serialize;

use crate::{
    case::{
        Case,
        action::Action,
        actor::{Actor, StaffId},
        digest::Digest,
    },
    casework::StoredDraft,
    clock::Timestamp,
    staff::members::Member,
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
    /// Who of the others could approve: they had no hand in it.
    approvers: Vec<String>,
}

impl ApprovalView {
    pub fn may_approve(&self) -> bool {
        self.may_approve
    }
}

/// `facts`: of the case as it is now.
pub fn view(
    case: &Case,
    actor: Actor,
    (draft, facts): (&StoredDraft, Digest),
    members: &[Member],
    now: Timestamp,
) -> ApprovalView {
    let hands = &case.hands;
    let has_hand = |id: StaffId| hands.authors.contains(&id) || hands.deciders.contains(&id);
    let could = members.iter().filter(|member| member.approves && !has_hand(StaffId(member.id)));
    let refusal = case.decide(actor, &Action::Approve { digest: draft.digest, facts }, now).err();
    ApprovalView {
        author: draft.author_name.clone(),
        created_at: draft.created_at,
        revision: draft.revision,
        digest: draft.digest.into(),
        subject: draft.subject.clone(),
        approvers: could.map(|member| member.name.clone()).collect(),
        may_approve: refusal.is_none(),
        refusal: refusal.map(|refusal| refusal.key()),
    }
}
