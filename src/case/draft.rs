//! The text to Atlassian under work, composed once to the bytes that would go out. Composing is not here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    actor::StaffId,
    check::{Check, Verdict},
    digest::Digest,
};
use crate::token::sha256;

/// A composed message, ready to be looked at by a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDraft {
    pub id: Uuid,
    pub recipient: String,
    pub subject: String,
    /// Words of staff before and after the facts.
    pub opening: String,
    pub closing: String,
    /// Rendered from case and register; nobody writes them.
    pub facts: String,
    pub message_id: String,
    /// The whole message; what is approved and what is sent.
    pub raw: Vec<u8>,
}

impl NewDraft {
    pub fn digest(&self) -> Digest {
        Digest(sha256(&self.raw))
    }

    /// The text of the message: what staff wrote, with the facts between.
    pub fn body(&self) -> String {
        format!("{}\n\n{}\n\n{}", self.opening, self.facts, self.closing)
    }
}

/// Digest over the facts of a letter, as they stand in it.
pub fn facts_digest(facts: &str) -> Digest {
    Digest(sha256(facts.as_bytes()))
}

/// The draft that awaits approval: who wrote it, which bytes, on which evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRef {
    pub id: Uuid,
    pub author: StaffId,
    pub digest: Digest,
    pub evidence: Digest,
    /// Of the facts it states; `None` for a draft that was written as one text, which nobody can approve any more.
    #[serde(default)]
    pub facts: Option<Digest>,
}

/// Digest over what the decided checks say: kind, verdict, evidence, who decided, until when. An approval binds it
/// (law 2). What is still pending proves nothing, so beginning another check disturbs nobody.
pub fn evidence_digest(checks: &[Check]) -> Digest {
    let mut lines: Vec<String> = checks
        .iter()
        .filter(|check| check.verdict != Verdict::Pending)
        .map(|check| {
            let evidence = serde_json::to_string(&check.evidence).unwrap_or_default();
            let decided_by = check.decided_by.map(|staff| staff.to_string()).unwrap_or_default();
            let expires_at = check.expires_at.map(|end| end.to_string()).unwrap_or_default();
            let verdict: &str = check.verdict.into();
            format!("{}\t{verdict}\t{evidence}\t{decided_by}\t{expires_at}\n", check.kind.as_str())
        })
        .collect();
    lines.sort();
    Digest(sha256(lines.concat().as_bytes()))
}
