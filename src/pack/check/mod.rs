//! `audit check`: whether a pack holds, by itself, without database, settings or anybody's word. Pure but for reading the file.
//!
//! Tells three kinds of things apart: what holds, what does not, and what nobody can tell from a pack. The last is listed, never
//! passed over.

mod chain;
mod decisions;
mod opened;
mod proof;

use std::io::{Read, Seek};

use ed25519_dalek::VerifyingKey;
use serde::de::DeserializeOwned;

use self::{decisions::Given, opened::Opened};
use super::{
    case_file::{self, Sources},
    format::{
        CASE_HTML, CASE_JSON, CASE_PDF, CHAIN, Chain, Entry, FILES, FORMAT, MAILS, MANIFEST, Manifest, PROOF,
        Proof, RECORDS, Record, SETTINGS, SIGNATURE, Settings, Variant,
    },
    rebuilt::{digest_of, rows},
    signature,
};
use crate::{case::digest::Digest, token::sha256, transparency::keys};

/// What a check found.
#[derive(Debug, Default)]
pub struct Report {
    pub number: String,
    pub variant: Option<Variant>,
    /// The key that signed the pack.
    pub signed_by: Option<Digest>,
    pub holds: Vec<String>,
    pub broken: Vec<String>,
    /// What can't be told from the pack.
    pub open: Vec<String>,
}

impl Report {
    pub fn is_sound(&self) -> bool {
        self.broken.is_empty()
    }

    fn holds(&mut self, what: impl Into<String>) {
        self.holds.push(what.into());
    }

    fn broken(&mut self, what: impl Into<String>) {
        self.broken.push(what.into());
    }

    fn open(&mut self, what: impl Into<String>) {
        self.open.push(what.into());
    }
}

/// Checks a pack. With `keys`, every signature in it must be by one of them.
///
/// # Errors
/// For whatever is no pack at all.
pub fn check(reader: impl Read + Seek, keys: &[Digest]) -> anyhow::Result<Report> {
    let opened = opened::open(reader)?;
    let mut report = Report::default();
    let Some((manifest, chain, records, settings, proof)) = read(&opened, &mut report) else {
        return Ok(report);
    };
    report.number.clone_from(&chain.number);
    report.variant = Some(manifest.variant);
    let signer = signed(&opened, &manifest, &mut report);
    if manifest.number != chain.number
        || manifest.variant != settings.variant
        || [&manifest.format, &settings.format].iter().any(|format| *format != FORMAT)
    {
        report.broken("manifest, settings and trail are not of one pack of this format");
    }
    let said = chain::follow(&chain, &mut report);
    chain::compare(&said, &records, manifest.variant, &mut report);
    of_this_case(&chain, &records, &mut report);
    contents(&opened, &manifest, &records, &mut report);
    let given = Given { chain: &chain, records: &records, settings: &settings, said: &said };
    decisions::check(&given, &mut report);
    let logged_by = match &proof {
        Some(proof) => proof::check(&chain, proof, &mut report),
        None => {
            report.open("nothing of the case was logged yet: that its whole trail was not made anew, only a head kept elsewhere shows");
            None
        }
    };
    by_known_keys(signer, logged_by, keys, &mut report);
    let sources = Sources { chain: &chain, records: &records, settings: &settings, proof: proof.as_ref() };
    same_case_file(&opened, sources, &mut report);
    Ok(report)
}

type Parts = (Manifest, Chain, Vec<Record>, Settings, Option<Proof>);

fn read(opened: &Opened, report: &mut Report) -> Option<Parts> {
    fn part<T: DeserializeOwned>(opened: &Opened, name: &str, report: &mut Report) -> Option<T> {
        let read = serde_json::from_slice(opened.part(name));
        read.map_err(|error| report.broken(format!("{name} can't be read: {error}"))).ok()
    }
    Some((
        part(opened, MANIFEST, report)?,
        part(opened, CHAIN, report)?,
        part(opened, RECORDS, report)?,
        part(opened, SETTINGS, report)?,
        part(opened, PROOF, report)?,
    ))
}

/// The manifest names all entries as they are, and is signed by the key that it names.
fn signed(opened: &Opened, manifest: &Manifest, report: &mut Report) -> Option<VerifyingKey> {
    let listed = |entry: &&Entry| entry.name != MANIFEST && entry.name != SIGNATURE;
    let there: Vec<&Entry> = opened.entries.iter().filter(listed).collect();
    for entry in &there {
        if !manifest.entries.contains(entry) {
            report.broken(format!("{} is not what the manifest says", entry.name));
        }
    }
    if manifest.entries.len() != there.len() {
        report.broken("the manifest names other entries than there are");
    }
    let key = keys::read_pem(&manifest.public_key);
    let text = std::str::from_utf8(opened.part(SIGNATURE)).unwrap_or_default();
    let key = key.filter(|key| signature::is_signed(opened.part(MANIFEST), text, key));
    match &key {
        Some(_) => report.holds(format!("{} entries, by the signed manifest", there.len())),
        None => report.broken("the manifest is not signed by the key that it names"),
    }
    report.signed_by = key.as_ref().map(signature::name);
    key
}

/// The rows are those of the case whose trail it is.
fn of_this_case(chain: &Chain, records: &[Record], report: &mut Report) {
    let Some(case) = rows(records, "cases").next() else {
        return report.broken("the case itself is not there");
    };
    if case.plain.is_none() {
        return;
    }
    let columns = case.columns();
    let says = |name: &str| columns.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let last = chain.lines.last().map(chain::data).unwrap_or_default();
    let place = last.get("to").and_then(|place| place.as_str()).unwrap_or_default();
    if says("id") != chain.case.to_string() || says("number") != chain.number || says("state") != place {
        report.broken("the trail is another case's, or does not end where the case is");
    }
}

/// Messages and files are those that the records name.
fn contents(opened: &Opened, manifest: &Manifest, records: &[Record], report: &mut Report) {
    let named = |subject, id: &str, column| -> Option<Digest> {
        rows(records, subject).find(|record| record.key == id).and_then(|record| digest_of(record, column))
    };
    let mut count = 0_usize;
    let mut compare = |entry: &Entry, digest: Option<Digest>| {
        if digest == Some(entry.sha256) {
            count = count.saturating_add(1);
        } else {
            report.broken(format!("{} is not what its record names", entry.name));
        }
    };
    for (name, entry) in opened.folder(MAILS) {
        let found = match name.split_once('-') {
            Some(("out", id)) => named("emails", id, "digest"),
            Some(("in", id)) => named("inbound_emails", id, "content_hash"),
            _ => None,
        };
        compare(entry, found);
    }
    for (name, entry) in opened.folder(FILES) {
        compare(entry, named("evidence_files", name, "sha256"));
    }
    report.holds(format!("{count} messages and files, by what the records name"));
    let there = |folder, name: &str| opened.folder(folder).any(|(there, _)| there.ends_with(name));
    let missing =
        |subject, folder| rows(records, subject).filter(|record| !there(folder, &record.key)).count();
    for (what, count) in [
        ("outgoing messages", missing("emails", MAILS)),
        ("messages that came in", missing("inbound_emails", MAILS)),
        ("files", missing("evidence_files", FILES)),
    ] {
        if count > 0 {
            report.open(format!("the bytes of {count} {what} are not in the pack, only their digests"));
        }
    }
    for (name, why) in &manifest.left_out {
        report.open(format!("{name} is left out: {why:?}"));
    }
}

/// Without a key from elsewhere, all that can be said is whose it is, and that it is one.
fn by_known_keys(
    signer: Option<VerifyingKey>,
    logged_by: Option<VerifyingKey>,
    known: &[Digest],
    report: &mut Report,
) {
    let names: Vec<Digest> = [signer, logged_by].iter().flatten().map(signature::name).collect();
    if known.is_empty() {
        if names.windows(2).any(|pair| matches!(pair, [one, other] if one != other)) {
            report.broken("pack and log are signed by two keys: name both to accept them (--key)");
        }
        report.open("whether the key that signed it is the reseller's: name theirs, which you have from elsewhere (--key)");
    } else if names.iter().all(|name| known.contains(name)) && !names.is_empty() {
        report.holds("every signature is by a key that was named");
    } else {
        report.broken("a signature is by another key than was named");
    }
}

/// The case file is made of the rest: made anew, it is the same.
fn same_case_file(opened: &Opened, sources: Sources<'_>, report: &mut Report) {
    if !report.is_sound() {
        return report.open("whether the case file says what the records say: they do not hold themselves");
    }
    if sources.settings.program != env!("CARGO_PKG_VERSION") {
        return report.open(format!(
            "whether the case file says what the records say: it was written by version {}, this is another",
            sources.settings.program
        ));
    }
    let Ok(made) = case_file::make(sources) else {
        return report.broken("no case file can be made of the records");
    };
    for (name, bytes) in [(CASE_JSON, &made.json), (CASE_HTML, &made.html), (CASE_PDF, &made.pdf)] {
        let digest = Digest(sha256(bytes));
        if opened.entries.iter().any(|entry| entry.name == name && entry.sha256 == digest) {
            report.holds(format!("{name} says what the records say"));
        } else {
            report.broken(format!("{name} is not what the records say"));
        }
    }
}
