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
    /// `None`: the customer does not know it.
    pub hosting: Option<Hosting>,
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
    pub email: DepartedAddress,
    pub on: Option<Day>,
    pub role: ContactRole,
}

/// Under which address the departed contact was registered.
///
/// The attacker says that nobody knows it, so that the true contact never hears of the request: then everybody on record hears
/// of it whose role would change (`casework::letters`), and nobody on record may speak for it, since any of them may be the
/// one who has left ([`super::contact`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DepartedAddress {
    /// By the customer.
    Stated(EmailAddress),
    /// The customer does not know it, and nobody has found it out.
    Unknown,
    /// The customer does not know it, and staff found it out. Never shown to the customer's side: it may be the register's.
    FoundOut(EmailAddress),
}

impl DepartedAddress {
    /// What anybody knows: for checks, letters to that mailbox, staff and Atlassian.
    pub fn known(&self) -> Option<&EmailAddress> {
        match self {
            Self::Stated(address) | Self::FoundOut(address) => Some(address),
            Self::Unknown => None,
        }
    }

    /// What the customer said: for whatever their side sees.
    pub fn stated(&self) -> Option<&EmailAddress> {
        match self {
            Self::Stated(address) => Some(address),
            Self::Unknown | Self::FoundOut(_) => None,
        }
    }

    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// Whether this is the mailbox, where it is known.
    pub fn same_mailbox(&self, address: &str) -> bool {
        self.known().is_some_and(|known| known.same_mailbox(address))
    }

    /// Whether this is most likely the same person's, where it is known.
    pub fn same_person(&self, address: &str) -> bool {
        self.known().is_some_and(|known| known.same_person(address))
    }
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
        // What staff found out is not compared: the answer would tell what the register holds.
        let (departed, successor) = (self.departed.email.stated(), Some(&self.successor.email));
        let (own, other) = match whose {
            Addressed::Successor => (successor, departed),
            Addressed::Departed => (departed, successor),
        };
        if [other, Some(&self.requester.email)]
            .into_iter()
            .flatten()
            .any(|taken| taken.shares_mailbox(address))
        {
            return Err(Refusal::AddressTaken);
        }
        if own == Some(address) { Err(Refusal::NothingCorrected) } else { Ok(()) }
    }

    /// As the customer stated it; `None` where they don't know it.
    pub fn address_of(&self, whose: Addressed) -> Option<&EmailAddress> {
        match whose {
            Addressed::Successor => Some(&self.successor.email),
            Addressed::Departed => self.departed.email.stated(),
        }
    }

    /// With `address` in place of the one that was.
    pub fn correct(&mut self, whose: Addressed, address: EmailAddress) {
        match whose {
            Addressed::Successor => self.successor.email = address,
            Addressed::Departed => self.departed.email = DepartedAddress::Stated(address),
        }
    }

    /// The domain whose name servers can speak for the customer: that of the departed contact's address, else of the
    /// requester's, as written there; never a public mail provider's. Comes from the form alone, so that it tells nothing of
    /// the register.
    pub fn challenge_domain(&self) -> Option<&str> {
        [self.departed.email.stated(), Some(&self.requester.email)]
            .into_iter()
            .flatten()
            .filter(|address| PublicMail::of(address.domain()).is_none())
            .find(|address| address.registrable_domain().is_some())
            .map(EmailAddress::domain)
    }

    /// As the customer sent it, without what staff found out since.
    #[must_use]
    pub fn as_sent(&self) -> Self {
        let email = self
            .departed
            .email
            .stated()
            .map_or(DepartedAddress::Unknown, |it| DepartedAddress::Stated(it.clone()));
        Self { departed: Departed { email, ..self.departed.clone() }, ..self.clone() }
    }

    /// Name and text of the TXT record that shows `token`.
    pub fn challenge_record(&self, token: &str) -> Option<(String, String)> {
        let domain = self.challenge_domain()?;
        Some((format!("_handover-challenge.{domain}"), format!("handover={token}")))
    }
}
