//! What stands in a pack, as JSON, and how its digests are made. Pure. docs/EVIDENCE.md says the same for everybody else, and must.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{case::digest::Digest, clock::Timestamp, config::PolicySettings, lang::Language, token::sha256};

/// Which format this is.
pub const FORMAT: &str = "handover-pack-v1";

/// The entries that every pack has, in their order. Mails and files stand between `case.pdf` and the manifest.
pub const CHAIN: &str = "chain.json";
pub const RECORDS: &str = "records.json";
pub const SETTINGS: &str = "settings.json";
pub const PROOF: &str = "proof.json";
pub const CASE_JSON: &str = "case.json";
pub const CASE_HTML: &str = "case.html";
pub const CASE_PDF: &str = "case.pdf";
pub const MANIFEST: &str = "manifest.json";
pub const SIGNATURE: &str = "manifest.sig";
pub const MAILS: &str = "mails/";
pub const FILES: &str = "files/";

/// Whether what is somebody's is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    Whole,
    Redacted,
}

/// `chain.json`: the trail of the case, exactly as it was hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    pub case: Uuid,
    pub number: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub seq: i32,
    pub version: i32,
    /// Microseconds since 1970, UTC.
    pub at: i64,
    pub actor: String,
    pub staff: Option<Uuid>,
    pub kind: String,
    /// JSON, as text: the hash is over these characters.
    pub data: String,
    pub previous: Digest,
    pub hash: Digest,
}

impl Line {
    /// SHA-256 over the hash before and the fields, each on a line of its own.
    pub fn hash(&self, case: Uuid) -> Digest {
        let staff = self.staff.map(|staff| staff.to_string()).unwrap_or_default();
        let fields = format!(
            "{case}\n{}\n{}\n{}\n{}\n{staff}\n{}\n{}\n",
            self.seq, self.version, self.at, self.actor, self.kind, self.data
        );
        Digest(sha256(&[self.previous.0.as_slice(), fields.as_bytes()].concat()))
    }
}

/// One of `records.json`: a row that the chain speaks of, in the form that its digest is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The table, and the row's key in it.
    pub subject: String,
    pub key: String,
    /// The columns that are nobody's, as JSON text. `None` where they are left out, too, and where the row is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// Those that are somebody's, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// In place of both: SHA-256 over salt and text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_digest: Option<Digest>,
    pub digest: Digest,
    /// It changed since the last line, and the next one will speak of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

/// Columns of which there are none.
const NOTHING: &str = "{}";

impl Record {
    /// What stands for the columns that are somebody's; empty where there are none.
    pub fn inner(&self) -> String {
        if let Some(digest) = self.personal_digest {
            return HEXLOWER.encode(&digest.0);
        }
        // Words that came without a salt are not those that were there.
        let salt = self.salt.as_deref().and_then(|salt| HEXLOWER.decode(salt.as_bytes()).ok());
        match &self.personal {
            Some(personal) if personal != NOTHING => {
                HEXLOWER.encode(&sha256(&[&salt.unwrap_or_default(), personal.as_bytes()].concat()))
            }
            _ => String::new(),
        }
    }

    /// The digest that the parts lead to; `None` where the plain part is left out.
    pub fn computed(&self) -> Option<Digest> {
        let (subject, key, inner) = (&self.subject, &self.key, self.inner());
        let plain = if self.gone { "gone" } else { self.plain.as_deref()? };
        Some(Digest(sha256(format!("{subject}\n{key}\n{plain}\n{inner}").as_bytes())))
    }

    /// How a line names it.
    pub fn name(&self) -> String {
        if self.key.is_empty() { self.subject.clone() } else { format!("{} {}", self.subject, self.key) }
    }

    /// As it is without what is somebody's. What the customer typed goes, wherever it stands.
    #[must_use]
    pub fn redacted(&self) -> Self {
        let left_out = self.subject == "case_entitlements";
        // The reseller's own words for the case stand among the columns that are nobody's.
        let left_out = left_out || (self.subject == "cases" && self.says_more_than_words());
        let inner = self.inner();
        let digest = HEXLOWER.decode(inner.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        Self {
            plain: self.plain.clone().filter(|_| !left_out),
            personal: None,
            salt: None,
            personal_digest: digest.map(Digest).filter(|_| !left_out),
            ..self.clone()
        }
    }

    fn says_more_than_words(&self) -> bool {
        self.columns().contains_key("reference")
    }

    /// All columns that are there.
    pub fn columns(&self) -> serde_json::Map<String, serde_json::Value> {
        let read = |text: &Option<String>| -> serde_json::Map<String, serde_json::Value> {
            text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
        };
        let mut columns = read(&self.plain);
        columns.extend(read(&self.personal));
        columns
    }
}

/// `settings.json`: what the case file was made with, and the policy as it is configured at the export. Nothing of it lies under
/// the chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub format: String,
    pub variant: Variant,
    pub program: String,
    pub exported_at: Timestamp,
    pub with_files: bool,
    pub language: Language,
    pub zone: String,
    pub policy: PolicySettings,
    /// Parents that strangers share, beside those that the program knows.
    pub shared_domains: Vec<String>,
    /// Names of staff by their ids, as they are at the export. Empty in a redacted pack.
    pub people: BTreeMap<Uuid, String>,
}

/// `proof.json`, or `null`: that the end of the chain is in the log over all cases. As `audit prove` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    pub leaf: String,
    pub leaf_index: u64,
    pub tree_size: u64,
    pub proof: Vec<Digest>,
    pub head: String,
    pub public_key: String,
}

/// `manifest.json`: every other entry, in the order of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    pub number: String,
    pub variant: Variant,
    /// Whose signature `manifest.sig` is.
    pub public_key: String,
    pub entries: Vec<Entry>,
    /// Files that belong here and are not there, and why.
    pub left_out: BTreeMap<String, LeftOut>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Nobody wanted files.
    NotWanted,
    /// Its bytes are gone.
    Deleted,
    /// Nobody may open it: the scanner found something, or has not looked yet.
    NotClean,
    /// No key opens it, or its bytes are damaged.
    Unreadable,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub name: String,
    pub size: u64,
    pub sha256: Digest,
}

/// As it stands in the pack: for people to look at, too.
///
/// # Errors
/// Never for what stands here.
pub fn write(value: &impl Serialize) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
