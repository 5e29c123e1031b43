//! The orders of the queue; each is an index of the open cases.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What comes first.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sort {
    /// What is contested, then by who is waited for (us first) and when it is due.
    #[default]
    Urgency,
    Due,
    Renewal,
    /// What has waited longest.
    Waiting,
    /// What changed last.
    Changed,
}
