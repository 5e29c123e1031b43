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

/// The first part of the path of a page that opens what staff prepared: it is about no case yet.
pub const PREPARED: &str = "prepared";

/// The first part of the path of the yearly question to a contact on record, which is about no case.
pub const CONTACT_QUESTION: &str = "contact-checks";

/// The first parts of the paths of pages that let somebody into the desk.
pub const ACCOUNTS: [&str; 2] = ["desk/invitations", "desk/password-resets"];

/// The first parts of the paths of all pages behind a secret.
pub fn secret_folders() -> impl Iterator<Item = &'static str> {
    Purpose::VARIANTS
        .iter()
        .map(|purpose| purpose.folder())
        .chain([PREPARED, CONTACT_QUESTION])
        .chain(ACCOUNTS)
}
