//! One verification of a case: its kind, verdict, evidence, who decided it and until when it counts.
//!
//! How a check is run lives in `verification`; which checks suffice lives in `policy`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};
use uuid::Uuid;

use super::{
    actor::StaffId,
    document::{Criterion, FileRef},
    escalation::Hosting,
    root::{Home, Homes, Person, Root},
};
use crate::clock::Timestamp;

/// What is verified. The order is the order in which automatic checks run.
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
pub enum CheckKind {
    /// The requester reads the mailbox they gave.
    RequesterEmail,
    /// The entitlements are in the register and belong to one customer.
    Entitlement,
    /// The departed contact is the register's contact for them.
    RecordedContact,
    /// The requester's registrable domain is that customer's on record.
    DomainRegister,
    /// The customer's name servers show our challenge.
    DomainDns,
    /// The departed contact was notified and did not object.
    DepartedNotice,
    /// The new contact confirmed the mailbox and accepts.
    Successor,
    /// Another contact from the register confirms.
    Vouch,
    /// Staff called the number from the register.
    Callback,
    /// Staff reviewed a signed letter or other evidence.
    Document,
}

impl CheckKind {
    /// The checks that begin by themselves once the requester has confirmed.
    pub const AUTOMATIC: [Self; 5] = [
        Self::Entitlement,
        Self::RecordedContact,
        Self::DomainRegister,
        Self::DepartedNotice,
        Self::Successor,
    ];

    /// Whether the register alone answers it, at any time and without a letter to anybody.
    pub fn is_answered_by_register(self) -> bool {
        matches!(self, Self::Entitlement | Self::RecordedContact | Self::DomainRegister)
    }

    /// Whether staff decide it by looking or calling, with a note.
    pub fn is_decided_by_staff(self) -> bool {
        matches!(self, Self::Callback | Self::Document)
    }

    /// Whether it can prove that the requester may speak for the customer. The others are required, or not; the new contact
    /// and the silence of the departed one are of the requester's own choice.
    pub fn is_proof(self) -> bool {
        matches!(self, Self::DomainRegister | Self::DomainDns | Self::Vouch | Self::Callback | Self::Document)
    }

    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    Pending,
    Passed,
    Failed,
    Inconclusive,
    /// An approver decided, with a reason, that the case goes on without it.
    Waived,
}

/// What a verdict rests on. Holds no personal content: names of people and addresses stay in the escalation and the register.
///
/// Read from rows that earlier programs wrote, and part of what an approval binds: a field that is added is left out where it
/// says nothing, so that what was stored reads and hashes as it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantNames)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Evidence {
    /// Nothing yet.
    None,
    /// The link sent to the mailbox was used.
    LinkUsed,
    /// All entitlements belong to one customer of the register.
    InRegister {
        customer: Uuid,
        /// What the register calls the customer, and where it says that the products run; older verdicts name neither.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        company: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        hosting: Vec<Hosting>,
    },
    /// The register knows fewer of them than were asked for.
    NotInRegister {
        found: usize,
        asked: usize,
    },
    /// They belong to different customers.
    SeveralCustomers,
    /// The departed contact stands in the register for every entitlement that was found, in the role that was named.
    ContactOnRecord {
        /// Whether the requester, too, is a contact of every one of them, in whatever role.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        requester: bool,
    },
    /// The register names somebody else.
    ContactNotOnRecord,
    /// The register has this contact, but not in the role that is to change.
    ContactInOtherRole,
    /// The register has this contact in this role, and somebody else as the primary one.
    ContactNotPrimary,
    /// The customer does not know under which address the departed contact was registered, and nobody has found it out.
    ContactAddressUnknown,
    /// The register could not be asked: the entitlement check did not pass.
    EntitlementUnknown,
    /// The domain is the customer's on record.
    DomainMatches,
    /// The customer has other domains on record, or none.
    DomainDiffers,
    /// Anybody can get an address at this provider.
    FreeMailDomain,
    /// Mailboxes at this provider are made to be thrown away.
    DisposableDomain,
    /// Several customers share the domain.
    DomainShared,
    /// The notice was sent, first at `sent_at`; the window for an objection, counted from then, ends at that time.
    NoticeSent {
        sent_at: Timestamp,
        window_ends_at: Timestamp,
        #[serde(default)]
        reminded_at: Vec<Timestamp>,
    },
    /// The window passed without an objection, which is not consent.
    NoObjection {
        sent_at: Timestamp,
        window_ends_at: Timestamp,
        #[serde(default)]
        reminded_at: Vec<Timestamp>,
        /// When the mailbox last said by itself that its owner has left. Whoever owns the domain can have it say so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said_left_at: Option<Timestamp>,
    },
    /// The mailbox of the contact said at `said_at`, by itself, that its owner is away and will be back.
    ContactAway {
        sent_at: Timestamp,
        said_at: Timestamp,
    },
    /// The notice could not be delivered to the mailbox on record.
    NoticeUndeliverable {
        sent_at: Timestamp,
    },
    /// A mail server sent the notice back: there is no such mailbox any more.
    NoticeReturned {
        sent_at: Timestamp,
        returned_at: Timestamp,
    },
    /// There is nobody on record to notify.
    NobodyToNotify,
    /// The departed contact, or somebody else who was written to, objected.
    Objected {
        #[serde(default, skip_serializing_if = "Asking::is_over")]
        asking: Asking,
        /// Which other contact on record that was; not kept before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<Uuid>,
    },
    /// The successor was written to.
    InvitationSent {
        sent_at: Timestamp,
    },
    Accepted,
    Declined,
    /// The successor is the requester, whose mailbox is confirmed.
    SameAsRequester,
    /// The domain's name servers are to show this token, which is no secret.
    ChallengeSet {
        token: String,
        started_at: Timestamp,
    },
    /// The resolvers did not agree, or one failed; they are asked again.
    ChallengeUnclear {
        token: String,
        started_at: Timestamp,
    },
    /// All resolvers showed the token.
    ChallengeSeen {
        token: String,
        started_at: Timestamp,
        seen_at: Timestamp,
    },
    /// All resolvers showed it, but the register does not know the domain as this customer's alone.
    ChallengeElsewhere {
        seen_at: Timestamp,
        /// So that it can be judged anew once the register changes; older verdicts kept neither.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        started_at: Option<Timestamp>,
    },
    /// Nobody set the record in time.
    ChallengeNotSeen {
        started_at: Timestamp,
    },
    /// This contact on record was asked to vouch.
    VouchRequested {
        contact: Uuid,
        sent_at: Timestamp,
        /// Where the mailbox is that was written to.
        #[serde(default, skip_serializing_if = "Home::is_unknown")]
        home: Home,
    },
    /// This contact on record vouched.
    Vouched {
        contact: Uuid,
        #[serde(default, skip_serializing_if = "Home::is_unknown")]
        home: Home,
    },
    /// This contact on record objected.
    VouchRefused {
        contact: Uuid,
    },
    /// The contact who was asked, vouched or was called is no longer on record.
    NoLongerOnRecord {
        contact: Uuid,
    },
    /// There is no other contact on record.
    NobodyToAsk,
    /// A member of staff called this contact's number on record; what came of it stands in the note.
    Called {
        contact: Uuid,
        note: Uuid,
        /// Who of the case's people that is; never the departed contact. Not kept before: somebody else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whose: Option<Person>,
    },
    /// A member of staff looked at these files and answered the checklist; what they saw stands in the note.
    DocumentReviewed {
        files: Vec<FileRef>,
        answers: BTreeMap<Criterion, bool>,
        note: Uuid,
    },
    /// A member of staff decided; why stands in the note.
    StaffDecision {
        note: Uuid,
    },
    /// An approver decided that the case goes on without the word of anybody but those who ask; why stands in the note.
    WithoutOthers {
        note: Uuid,
    },
}

impl Evidence {
    /// The contact on record in whose favour it speaks, or who was asked.
    pub fn contact(&self) -> Option<Uuid> {
        match self {
            Self::VouchRequested { contact, .. }
            | Self::Vouched { contact, .. }
            | Self::Called { contact, .. } => Some(*contact),
            _ => None,
        }
    }

    /// When the name servers were seen to show the token, whoever's domain it is.
    pub fn seen_at(&self) -> Option<Timestamp> {
        match self {
            Self::ChallengeSeen { seen_at, .. } | Self::ChallengeElsewhere { seen_at, .. } => Some(*seen_at),
            _ => None,
        }
    }

    /// The token that the domain's name servers are to show or were seen to show, and since when. The same whether or not the
    /// domain is on record: the requester reads it.
    pub fn challenge(&self) -> Option<(&str, Timestamp)> {
        match self {
            Self::ChallengeSet { token, started_at }
            | Self::ChallengeUnclear { token, started_at }
            | Self::ChallengeSeen { token, started_at, .. }
            | Self::ChallengeElsewhere { token: Some(token), started_at: Some(started_at), .. } => {
                Some((token, *started_at))
            }
            _ => None,
        }
    }
}

/// What an objection stopped, to go on once it is dismissed: it is one person's word, and everybody else who was written to
/// keeps their time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asking {
    /// Everybody has had their time.
    #[default]
    Over,
    /// Nobody was asked yet, or about something else.
    Anew,
    Running {
        sent_at: Timestamp,
        window_ends_at: Timestamp,
        reminded_at: Vec<Timestamp>,
    },
}

impl Asking {
    fn is_over(&self) -> bool {
        *self == Self::Over
    }

    /// What an objection to `check` stops.
    pub fn stopped(check: Option<&Check>) -> Self {
        match check.map(|check| (check.verdict, &check.evidence)) {
            Some((Verdict::Pending, Evidence::NoticeSent { sent_at, window_ends_at, reminded_at })) => {
                Self::Running {
                    sent_at: *sent_at,
                    window_ends_at: *window_ends_at,
                    reminded_at: reminded_at.clone(),
                }
            }
            Some((Verdict::Pending, _)) => Self::Anew,
            _ => Self::Over,
        }
    }
}

/// One check of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub kind: CheckKind,
    pub verdict: Verdict,
    pub evidence: Evidence,
    /// The member of staff who decided it, if one did.
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<Timestamp>,
    /// From then on the verdict no longer counts.
    pub expires_at: Option<Timestamp>,
    /// When it is to be run by itself.
    pub due_at: Option<Timestamp>,
}

impl Check {
    /// A check that waits to be run at `due_at`, or for somebody to act when that is `None`.
    pub fn pending(kind: CheckKind, evidence: Evidence, due_at: Option<Timestamp>) -> Self {
        Self {
            kind,
            verdict: Verdict::Pending,
            evidence,
            decided_by: None,
            decided_at: None,
            expires_at: None,
            due_at,
        }
    }

    /// What somebody would have to own to fake it, any one of which is enough. Empty for what has not passed, and for what
    /// anybody may know.
    pub fn roots(&self, homes: &Homes) -> Vec<Root> {
        if self.verdict != Verdict::Passed {
            return Vec::new();
        }
        let mailbox = |person: Person, home: &Home| {
            let mut roots = homes.domains(home);
            roots.extend([Root::Mailbox(person), Root::Person(person)]);
            roots
        };
        let staff = self.decided_by.map(Root::Staff);
        match (self.kind, &self.evidence) {
            (CheckKind::Entitlement | CheckKind::RecordedContact, _) => Vec::new(),
            (CheckKind::Successor, Evidence::Accepted) => mailbox(Person::Successor, &homes.successor),
            (CheckKind::RequesterEmail | CheckKind::DomainRegister | CheckKind::Successor, _) => {
                mailbox(Person::Requester, &homes.requester)
            }
            (CheckKind::DomainDns, _) => homes.domains(&homes.challenge),
            // Whoever reads the mailbox keeps silent or objects.
            (CheckKind::DepartedNotice, _) => mailbox(Person::Departed, &homes.departed),
            (CheckKind::Vouch, Evidence::Vouched { contact, home }) => {
                mailbox(Person::Contact(*contact), home)
            }
            (CheckKind::Vouch, _) => Vec::new(),
            (CheckKind::Callback, Evidence::Called { contact, whose, .. }) => {
                let person = whose.unwrap_or(Person::Contact(*contact));
                [Root::Line(person), Root::Person(person)].into_iter().chain(staff).collect()
            }
            (CheckKind::Callback, _) => staff.into_iter().collect(),
            (CheckKind::Document, _) => [Root::Paper].into_iter().chain(staff).collect(),
        }
    }

    /// Whether it counts in the customer's favour at `now`.
    pub fn counts(&self, now: Timestamp) -> bool {
        matches!(self.verdict, Verdict::Passed | Verdict::Waived)
            && self.expires_at.is_none_or(|end| now < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_of_earlier_programs_is_read_and_written_as_it_was() {
        for stored in [
            r#"{"type":"contact_on_record"}"#,
            r#"{"type":"objected"}"#,
            r#"{"type":"in_register","customer":"00000000-0000-0000-0000-000000000007"}"#,
            r#"{"type":"vouch_requested","contact":"00000000-0000-0000-0000-000000000007","sent_at":"2026-06-01T10:00:00Z"}"#,
            r#"{"type":"vouched","contact":"00000000-0000-0000-0000-000000000007"}"#,
            r#"{"type":"called","contact":"00000000-0000-0000-0000-000000000007","note":"00000000-0000-0000-0000-000000000001"}"#,
        ] {
            let evidence: Evidence = serde_json::from_str(stored).unwrap();
            assert_eq!(serde_json::to_string(&evidence).unwrap(), stored);
        }
    }

    #[test]
    fn a_call_to_whom_nobody_kept_is_somebody_elses_and_an_old_vouch_rests_on_the_domain() {
        let homes = Homes { departed: Home::Below("sebald.example".to_owned()), ..Homes::default() };
        let contact = Uuid::from_u128(7);
        let roots = |kind, evidence| {
            let check = Check { verdict: Verdict::Passed, ..Check::pending(kind, evidence, None) };
            check.roots(&homes)
        };
        let person = Person::Contact(contact);
        let call = Evidence::Called { contact, note: Uuid::nil(), whose: None };
        assert_eq!(roots(CheckKind::Callback, call), [Root::Line(person), Root::Person(person)]);
        let vouch = roots(CheckKind::Vouch, Evidence::Vouched { contact, home: Home::Unknown });
        assert!(vouch.contains(&Root::Domain("sebald.example".to_owned())), "{vouch:?}");
    }
}
