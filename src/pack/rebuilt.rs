//! Records → what the rules are asked with: the checks of the case, where its people's mailboxes are, its approvals. Pure.
//!
//! Believes no record: what can't be read is nothing, and whoever asks says that it could not be weighed.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::format::Record;
use crate::{
    case::{
        actor::StaffId,
        address::EmailAddress,
        check::{Check, CheckKind, Evidence, Verdict},
        digest::Digest,
        escalation::{Departed, DepartedAddress, Escalation, Requester, Successor},
        root::Homes,
        text::Text,
    },
    clock::{Day, Timestamp},
    shared_domains::SharedDomains,
};

/// The rows of one table, in the order of the pack.
pub fn rows<'r>(records: &'r [Record], subject: &'r str) -> impl Iterator<Item = &'r Record> {
    records.iter().filter(move |record| record.subject == subject && !record.gone)
}

fn read<T: DeserializeOwned>(columns: &Map<String, Value>, name: &str) -> Option<T> {
    serde_json::from_value(columns.get(name)?.clone()).ok()
}

/// The check that a record of `checks` holds.
pub fn check(record: &Record) -> Option<Check> {
    let columns = record.columns();
    let kind: CheckKind = record.key.parse().ok()?;
    let evidence: Evidence = read(&columns, "evidence")?;
    let verdict: Verdict = read(&columns, "verdict")?;
    Some(Check {
        decided_by: read(&columns, "decided_by").map(StaffId),
        decided_at: read(&columns, "decided_at"),
        expires_at: read(&columns, "expires_at"),
        verdict,
        ..Check::pending(kind, evidence, None)
    })
}

/// All of them, each case's in the order of their names; `None` where one can't be read.
pub fn checks(records: &[Record]) -> Option<Vec<Check>> {
    rows(records, "checks").map(check).collect()
}

/// The value of the latest row before `at` of which `is_meant` is true.
fn latest(
    (records, subject): (&[Record], &str),
    at: Timestamp,
    (is_meant, value): (impl Fn(&Map<String, Value>) -> bool, &str),
) -> Option<String> {
    let mut found: Option<(Timestamp, Uuid, String)> = None;
    for record in rows(records, subject) {
        let columns = record.columns();
        let (Some(when), Ok(id)) = (read::<Timestamp>(&columns, "at"), record.key.parse::<Uuid>()) else {
            continue;
        };
        let newer = found.as_ref().is_none_or(|(last, last_id, _)| (*last, *last_id) <= (when, id));
        if let Some(value) = read(&columns, value).filter(|_| when <= at && newer && is_meant(&columns)) {
            found = Some((when, id, value));
        }
    }
    found.map(|(_, _, value)| value)
}

/// Where the mailboxes of the people were at that time; `None` where what the customer said is not in the pack.
pub fn homes(records: &[Record], shared: &SharedDomains, at: Timestamp) -> Option<Homes> {
    let said = rows(records, "escalations").next()?.columns();
    let address = |text: String| text.parse::<EmailAddress>().ok();
    let is = |name: &'static str, word: &'static str| {
        move |columns: &Map<String, Value>| columns.get(name).and_then(Value::as_str) == Some(word)
    };
    let corrected =
        |whose| latest((records, "address_corrections"), at, (is("whose", whose), "email")).and_then(address);
    let found = latest((records, "corrections"), at, (is("what", "departed_email"), "value"));
    let departed = corrected("departed").or_else(|| read(&said, "departed_email").and_then(address));
    let successor = corrected("successor").or_else(|| read(&said, "successor_email").and_then(address))?;
    // Of this, the addresses alone are looked at.
    let escalation = Escalation {
        language: read(&said, "language")?,
        requester: Requester {
            name: String::new(),
            email: read(&said, "requester_email").and_then(address)?,
            phone: None,
            position: None,
        },
        company: String::new(),
        customer_number: None,
        hosting: None,
        entitlements: Vec::new(),
        departed: Departed {
            name: String::new(),
            email: match (departed, found.and_then(address)) {
                (Some(stated), _) => DepartedAddress::Stated(stated),
                (None, Some(found)) => DepartedAddress::FoundOut(found),
                (None, None) => DepartedAddress::Unknown,
            },
            on: None::<Day>,
            role: read(&said, "contact_role")?,
        },
        successor: Successor { name: String::new(), email: successor, is_requester: false },
        explanation: Text::restore("-")?,
    };
    Some(Homes::of(&escalation, shared))
}

/// A row of `approvals`.
#[derive(Clone, Debug, Deserialize)]
pub struct Approval {
    pub draft_id: Uuid,
    #[serde(deserialize_with = "bytea")]
    pub digest: Digest,
    #[serde(deserialize_with = "bytea")]
    pub evidence_digest: Digest,
    pub drafted_by: StaffId,
    pub approved_by: StaffId,
    pub approved_at: Timestamp,
}

/// A row of `drafts`, but for its words.
#[derive(Clone, Debug, Deserialize)]
pub struct Draft {
    pub author_id: StaffId,
    #[serde(deserialize_with = "bytea")]
    pub digest: Digest,
    #[serde(deserialize_with = "bytea")]
    pub evidence_digest: Digest,
    pub created_at: Timestamp,
}

/// Read as a whole; `None` where the plain part is not there or no such row.
pub fn row<T: DeserializeOwned>(record: &Record) -> Option<T> {
    serde_json::from_str(record.plain.as_deref()?).ok()
}

/// Bytes as PostgreSQL writes them: `\x…`.
fn bytea<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
    let text = String::deserialize(deserializer)?;
    let digits = text.strip_prefix("\\x").unwrap_or_default().to_owned();
    Digest::try_from(digits).map_err(serde::de::Error::custom)
}

/// A digest among the columns of a record.
pub fn digest_of(record: &Record, column: &str) -> Option<Digest> {
    let text = record.columns().get(column)?.as_str()?.strip_prefix("\\x")?.to_owned();
    Digest::try_from(text).ok()
}
