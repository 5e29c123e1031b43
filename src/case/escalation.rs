//! What the customer asked for. Never changes after intake, but for an address that the customer sets right, which voids what
//! rested on the old one; what we find out about it stands in checks.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{address::EmailAddress, entitlement::EntitlementNumber, refusal::Refusal, text::Text};
use crate::{clock::Day, lang::Language, public_mail::PublicMail};

/// One customer's request to have their primary contact changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// The language the customer is written to in.
    pub language: Language,
    pub requester: Requester,
    pub company: String,
    pub customer_number: Option<String>,
    pub hosting: Hosting,
    /// At least one, none twice.
    pub entitlements: Vec<EntitlementNumber>,
    pub departed: Departed,
    pub successor: Successor,
    pub explanation: Text,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    pub name: String,
    pub email: EmailAddress,
    pub phone: Option<String>,
    pub position: Option<String>,
}

/// Who is said to have left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departed {
    pub name: String,
    pub email: EmailAddress,
    pub on: Option<Day>,
    pub role: ContactRole,
}

/// Who is to be the contact from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    pub name: String,
    pub email: EmailAddress,
    pub is_requester: bool,
}

/// Where the licensed products run.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Hosting {
    DataCenter,
    Cloud,
    CloudPartnerManaged,
}

/// What the departed contact was contact for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ContactRole {
    Technical,
    Billing,
    Both,
}

/// Whose address the requester can set right. Their own they have confirmed: another one is another request.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Addressed {
    Successor,
    Departed,
}

impl Addressed {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Escalation {
    /// Whether `address` can be the one of `whose`, as the form would have it: one mailbox for two people would let one of them
    /// answer for both.
    ///
    /// # Errors
    /// [`Refusal::AddressTaken`] where it is somebody else's of the case, [`Refusal::NothingCorrected`] where it is theirs
    /// already.
    pub fn admits(&self, whose: Addressed, address: &EmailAddress) -> Result<(), Refusal> {
        let (own, other) = match whose {
            Addressed::Successor => (&self.successor.email, &self.departed.email),
            Addressed::Departed => (&self.departed.email, &self.successor.email),
        };
        if [other, &self.requester.email].iter().any(|taken| taken.shares_mailbox(address)) {
            return Err(Refusal::AddressTaken);
        }
        if own == address { Err(Refusal::NothingCorrected) } else { Ok(()) }
    }

    pub fn address_of(&self, whose: Addressed) -> &EmailAddress {
        match whose {
            Addressed::Successor => &self.successor.email,
            Addressed::Departed => &self.departed.email,
        }
    }

    /// With `address` in place of the one that was.
    pub fn correct(&mut self, whose: Addressed, address: EmailAddress) {
        match whose {
            Addressed::Successor => self.successor.email = address,
            Addressed::Departed => self.departed.email = address,
        }
    }

    /// The domain whose name servers can speak for the customer: that of the departed contact's address, else of the
    /// requester's, as written there; never a public mail provider's. Comes from the form alone, so that it tells nothing of
    /// the register.
    pub fn challenge_domain(&self) -> Option<&str> {
        [&self.departed.email, &self.requester.email]
            .into_iter()
            .filter(|address| PublicMail::of(address.domain()).is_none())
            .find(|address| address.registrable_domain().is_some())
            .map(EmailAddress::domain)
    }

    /// Name and text of the TXT record that shows `token`.
    pub fn challenge_record(&self, token: &str) -> Option<(String, String)> {
        let domain = self.challenge_domain()?;
        Some((format!("_handover-challenge.{domain}"), format!("handover={token}")))
    }
}
