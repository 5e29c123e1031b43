//! What a backup says of itself: which program made it of which schema, when, what is in it, and which keys it needs.
//!
//! Holds no key. Nothing in it is believed before the archive's digests and its proof were looked at.

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    migrations::{self, MIGRATIONS},
    version,
};

/// The first word of every manifest.
pub const FORMAT: &str = "handover-backup-v1";
/// The largest that is read.
pub const MOST: u64 = 1 << 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    /// Of the program that made it.
    pub program: String,
    /// The last migration of the database.
    pub schema: i64,
    /// By the clock of the database; what was committed until then is in it.
    pub made_at: Timestamp,
    /// Of PostgreSQL, whose data it is.
    pub server: u32,
    /// Of PostgreSQL's programs that wrote the dump.
    pub tools: u32,
    pub encoding: String,
    pub cases: i64,
    /// The signed head of the log over all cases, as a text; none where nothing was logged.
    pub log_head: Option<String>,
    pub keys: Keys,
    pub parts: Vec<Part>,
}

/// What else is needed, and how the right one is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Drawn for this backup, in hexadecimal: no two backups have the same marks of one key.
    pub salt: String,
    /// Of `secrets.key`.
    pub secret: String,
    /// Those that files in it are encrypted under.
    pub evidence: Vec<EvidenceKey>,
    /// The ids of the keys that signed heads of the log, the last one last. They are public.
    pub log: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceKey {
    pub name: String,
    /// How many files are under it.
    pub files: i64,
    /// None where the key was not configured when the backup was made.
    pub mark: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub name: String,
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// # Errors
    /// Where it is none, or one of a later format.
    pub fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let value: serde_json::Value =
            serde_json::from_slice(bytes).context("what the backup says of itself can't be read")?;
        let format = value.get("format").and_then(serde_json::Value::as_str).unwrap_or_default();
        ensure!(format == FORMAT, "the backup is of the format {format:?}, and this program reads {FORMAT}");
        serde_json::from_value(value).context("what the backup says of itself can't be read")
    }

    pub fn write(&self) -> anyhow::Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self).context("could not write the manifest")?;
        text.push(b'\n');
        Ok(text)
    }

    /// # Errors
    /// Where a newer program made it, or one of another line.
    pub fn must_be_known(&self) -> anyhow::Result<()> {
        ensure!(
            MIGRATIONS.version_exists(self.schema),
            "the backup has the schema {}, which this program ({}, schema {}) does not know: restore it with Handover {} or a newer one",
            self.schema,
            version::VERSION,
            migrations::latest(),
            self.program
        );
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn sample() -> Manifest {
        Manifest {
            format: FORMAT.to_owned(),
            program: "0.1.0".to_owned(),
            schema: migrations::latest(),
            made_at: "2026-06-01T08:00:00Z".parse::<jiff::Timestamp>().unwrap().into(),
            server: 15,
            tools: 15,
            encoding: "UTF8".to_owned(),
            cases: 3,
            log_head: None,
            keys: Keys {
                salt: "00".repeat(16),
                secret: "aabbcc".to_owned(),
                evidence: Vec::new(),
                log: Vec::new(),
            },
            parts: vec![Part { name: "database.dump".to_owned(), bytes: 4, sha256: "00".repeat(32) }],
        }
    }

    #[test]
    fn it_reads_back_and_nothing_else_is_one() {
        let manifest = sample();
        assert_eq!(Manifest::read(&manifest.write().unwrap()).unwrap(), manifest);
        for wrong in
            ["", "[]", "{}", "{\"format\": \"handover-backup-v2\"}", "{\"format\": \"handover-backup-v1\"}"]
        {
            assert!(Manifest::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let later = Manifest::read(b"{\"format\": \"handover-backup-v2\"}").unwrap_err().to_string();
        assert!(later.contains("handover-backup-v2"), "{later}");
    }

    #[test]
    fn a_schema_of_tomorrow_names_the_program_that_knows_it() {
        let manifest = Manifest { schema: 20_991_231_000_000, program: "7.1.0".to_owned(), ..sample() };
        let refused = manifest.must_be_known().unwrap_err().to_string();
        assert!(refused.contains("Handover 7.1.0 or a newer one"), "{refused}");
        sample().must_be_known().unwrap();
    }
}
