//! What a worker hands over, and what the other side said to it.

use uuid::Uuid;

use crate::clock::Timestamp;

/// An e-mail that one worker holds for the time of its lease.
#[derive(Clone)]
pub struct ClaimedEmail {
    pub id: Uuid,
    /// Counts the tries from 1; with `claimed_until` it names this claim among all claims of the e-mail.
    pub attempt: i32,
    pub claimed_until: Timestamp,
    pub created_at: Timestamp,
    /// From then on it may not be handed over any more.
    pub not_after: Option<Timestamp>,
    pub envelope_from: String,
    pub envelope_to: String,
    pub raw: Vec<u8>,
    /// The trace of what queued it.
    pub traceparent: Option<String>,
}

impl Receipt {
    /// Its kind, in a word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Deferred { .. } => "deferred",
            Self::Crowded { .. } => "crowded",
            Self::Refused { .. } => "refused",
            Self::Rejected { .. } => "rejected",
        }
    }
}

/// What the other side said, in its own words where it said any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    Accepted {
        response: String,
    },
    /// Not now, or nobody knows: try again later.
    Deferred {
        response: String,
    },
    /// Not over another connection, while `others` of ours are open or being opened. It says nothing about the e-mail. Alone, it
    /// would have been [`Receipt::Deferred`], so nothing is asked on and on.
    Crowded {
        response: String,
        others: usize,
    },
    /// The mail server refuses us, whatever we send: a sign-in, a sender's address, a quota. Somebody has to mend that, and
    /// then the e-mail goes out.
    Refused {
        response: String,
    },
    /// Never, with these bytes and this recipient.
    Rejected {
        response: String,
    },
}
