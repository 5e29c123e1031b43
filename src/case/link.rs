//! What a link in a letter opens. The secret in it, and its end, are for `casework`.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    Confirmation,
    Status,
    Successor,
    Objection,
    Voucher,
    /// The page after the form, for the browser that sent it. Confirms nothing.
    Sent,
}

impl Purpose {
    /// The first part of the path of the page that such a link opens.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmations",
            Self::Status => "cases",
            Self::Successor => "successors",
            Self::Objection => "objections",
            Self::Voucher => "vouchers",
            Self::Sent => "escalations/sent",
        }
    }
}
