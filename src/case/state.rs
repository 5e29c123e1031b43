//! Where a case is. Each place carries exactly its own data and knows who is being waited for.

use serde::{Deserialize, Serialize};
use strum::{EnumDiscriminants, EnumString, IntoStaticStr, VariantArray};

use uuid::Uuid;

use super::{
    contest::{Before, Causes},
    draft::DraftRef,
    follow_up::Follows,
};
use crate::clock::Timestamp;

/// Stored as `state` (the word) and `state_data` (word and data).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, EnumDiscriminants)]
#[serde(tag = "state", rename_all = "snake_case")]
#[strum_discriminants(
    name(Place),
    doc = "The name of a state without its data.",
    derive(Hash, PartialOrd, Ord, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case")
)]
pub enum State {
    /// The requester has not yet confirmed the mailbox.
    Unconfirmed { expires_at: Timestamp },
    /// Checks are running or missing.
    Verifying,
    /// A question to the customer is open.
    AwaitingCustomer { asked_at: Timestamp },
    /// Somebody objects, or asks for the same; nothing goes out until an approver decides.
    Contested { since: Timestamp, causes: Causes, before: Before },
    /// The policy is satisfied; a draft can be written.
    Verified,
    /// A draft waits for a second person.
    AwaitingApproval {
        draft: DraftRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows: Option<Follows>,
    },
    /// Approved and in the outbox; `undeliverable` once the mail server refused it for good.
    Submitted {
        draft: Uuid,
        undeliverable: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows: Option<Follows>,
    },
    /// Atlassian has the request; with `no_access`, the customer says it does not work and we must write again; `silent`
    /// once it has not answered in time and we must ask again.
    WithAtlassian {
        since: Timestamp,
        no_access: bool,
        #[serde(default)]
        silent: bool,
    },
    /// Atlassian says it is done; the customer's side is to confirm access. `said_at`: since when the requester says that it
    /// works, where the new contact, whose word is the better one, has not said so yet.
    AwaitingConfirmation {
        since: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said_at: Option<Timestamp>,
    },
    /// The end, unless an approver reopens it.
    Closed { outcome: Outcome },
}

impl From<Follows> for State {
    fn from(Follows { since, no_access, silent }: Follows) -> Self {
        Self::WithAtlassian { since, no_access, silent }
    }
}

impl State {
    /// What a message written now, or under way, follows up.
    pub fn follows(&self) -> Option<Follows> {
        match self {
            Self::WithAtlassian { since, no_access, silent } => {
                Some(Follows { since: *since, no_access: *no_access, silent: *silent })
            }
            Self::AwaitingApproval { follows, .. } | Self::Submitted { follows, .. } => *follows,
            _ => None,
        }
    }

    pub fn place(&self) -> Place {
        self.into()
    }

    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }
}

impl Place {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// How a case ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    Completed,
    SelfService,
    Rejected,
    Withdrawn,
    Expired,
    Duplicate,
    DeclinedByAtlassian,
}

/// Who is being waited for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Party {
    Us,
    Customer,
    DepartedContact,
    /// Another contact on record, who was asked to vouch.
    Voucher,
    Atlassian,
    Nobody,
}
