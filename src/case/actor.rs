//! Who acts: people outside, staff with a role, Atlassian, or the system itself. How they prove it is not here.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

/// A member of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StaffId(pub Uuid);

impl fmt::Display for StaffId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a member of staff may do; each role may do what those before it may, but for what `routes` keeps for those who
/// watch over administrators.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Reads everything, changes nothing.
    Auditor,
    /// Works cases and writes drafts.
    Agent,
    /// Approves, waives, reopens, settles objections.
    Approver,
    /// Also writes text blocks.
    Admin,
}

/// Somebody who wants a transition or caused one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    Requester,
    Successor,
    DepartedContact,
    RegisteredContact,
    Staff { id: StaffId, role: Role },
    Atlassian,
    System,
}

impl Actor {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Successor => "successor",
            Self::DepartedContact => "departed_contact",
            Self::RegisteredContact => "registered_contact",
            Self::Staff { .. } => "staff",
            Self::Atlassian => "atlassian",
            Self::System => "system",
        }
    }

    pub fn staff_id(self) -> Option<StaffId> {
        match self {
            Self::Staff { id, .. } => Some(id),
            _ => None,
        }
    }
}
