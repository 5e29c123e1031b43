//! What staff should look at twice, in words of the program: each signal, and what it is told of.

use serde::Serialize;
use strum::{IntoStaticStr, VariantNames};

use super::look_alike::Likeness;
use crate::{
    case::{facts::Fact, state::Place},
    clock::{Day, Timestamp},
    dns::DomainEvent,
    public_mail::PublicMail,
};

/// Whose address it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Whose {
    Requester,
    Successor,
    Departed,
}

/// One thing to look at. Domains are in lower-case ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, IntoStaticStr, VariantNames)]
#[serde(tag = "signal", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Signal {
    /// The domain could be taken for another: one on record, or the departed contact's.
    LookAlike { whose: Whose, domain: String, like: String, on_record: bool, how: Likeness },
    /// A name of the domain mixes scripts.
    MixedScripts { whose: Whose, domain: String },
    /// The domain has letters beyond a–z and is not on record.
    Internationalised { whose: Whose, domain: String },
    /// Anybody can have such an address.
    PublicMail { whose: Whose, domain: String, kind: PublicMail },
    /// An earlier request of the same people, or from the same domain, was rejected.
    RejectedBefore { cases: Vec<OtherCase> },
    /// An earlier case changed the contact of one of the licences, and no import has confirmed it: `named` says whom the request
    /// says to have left.
    ContactChanged { cases: Vec<OtherCase>, named: Named },
    /// Other open cases of the same customer.
    OtherClaims { cases: Vec<OtherCase> },
    /// The requester's domain is neither on record nor the departed contact's, nor like any of them.
    OtherDomain { requester: String, departed: String },
    /// The new contact's domain is neither on record nor the requester's, nor like one on record.
    SuccessorElsewhere { domain: String },
    /// No earlier case came from this domain, and nobody on record has it.
    FirstContact { domain: String },
    /// The register changed lately, by an import.
    RegisterChanged { changes: Vec<Change> },
    /// The form says otherwise than the register about what stands in the letter.
    DiffersFromRegister { what: Fact, form: String, register: String },
    /// No server takes mail for the domain, or none is named.
    NoMail { whose: Whose, domain: String, refused: bool },
    /// The name servers could not say.
    MailUnknown { whose: Whose, domain: String },
    /// Others answer for the domain on record than before, or take its mail: `what` is name or mail servers.
    DomainMoved { whose: Whose, domain: String, what: DomainEvent, on: Day, days: i32 },
    /// The domain on record lapsed, and maybe somebody else registered it since: `what` is vanished or appeared.
    DomainNew { whose: Whose, domain: String, what: DomainEvent, on: Day, days: i32 },
    /// The notice did not reach the contact on record, so nobody could object.
    NoticeUnread,
    /// The machine that answers for the departed contact's mailbox says that they are away: so they are still there.
    SaidAbsent,
    /// It says that they have left.
    SaidLeft,
    /// The renewal is near; `days` is negative once it is over.
    RenewalNear { on: Day, days: i32 },
    /// Whoever asks is to follow.
    RequesterIsSuccessor,
    /// Two of the request's people have addresses that one person most likely reads.
    LikeMailbox { one: Whose, other: Whose },
}

impl Signal {
    pub fn as_str(&self) -> &'static str {
        self.into()
    }

    /// Whether it is only what one should know, and not unusual by itself.
    pub fn is_ordinary(&self) -> bool {
        matches!(
            self,
            Self::RenewalNear { .. }
                | Self::RequesterIsSuccessor
                | Self::NoticeUnread
                | Self::SaidLeft
                | Self::MailUnknown { .. }
                | Self::Internationalised { .. }
        )
    }
}

/// Whom a request says to have left, after an earlier change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Named {
    /// Whoever the earlier case made the contact.
    New,
    /// Whoever that case replaced already.
    Old,
    Other,
}

/// An earlier change of the contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactChange {
    pub case: OtherCase,
    pub named: Named,
}

/// Another case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherCase {
    pub number: String,
    pub state: Place,
}

/// What an import changed, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub what: Changed,
    /// The entitlement's number or site; empty for a customer's domains.
    pub entitlement: String,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Changed {
    Domains,
    Contacts,
    Entitlement,
}

/// What was seen to become of a domain on record in DNS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DomainChange {
    pub domain: String,
    pub what: DomainEvent,
    pub on: Day,
}
