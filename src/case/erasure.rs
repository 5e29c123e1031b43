//! How much of a closed case is erased, and why. What stays in any case: its number, its way, its trail, who decided what.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How much of the words of a case is gone; more may follow, never less.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    EnumString,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Scope {
    /// What concerns one person, or less.
    Part,
    /// All but the correspondence, which commercial and tax law wants kept for longer.
    Content,
    Everything,
}

impl Scope {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// By which rule it was erased.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Rule {
    /// A request that nobody ever confirmed.
    Unconfirmed,
    /// The time of the content of a closed case is over.
    Content,
    /// So is that of its correspondence.
    Correspondence,
    /// Somebody has a right to it.
    Request,
}

impl Rule {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
