//! What of a model has to be made anew for a copy: letters to Atlassian, whose bytes name the case, and files, which are encrypted
//! for theirs.

use anyhow::{Context as _, ensure};
use data_encoding::HEXLOWER;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    places::{Places, Source, hash_of},
    rows::{Rows, hex, unescape},
    text::{Finder, Text, Values},
};
use crate::{
    case::{actor::StaffId, check::Check, draft::evidence_digest, number::CaseNumber},
    casework::{Casework, load::list_checks},
    clock::Timestamp,
    evidence::vault::{Owner, Sealed},
};

/// A letter to Atlassian as a model has it.
pub(super) struct Written {
    author: String,
    recipient: String,
    subject: String,
    body: String,
    facts: String,
    at: Timestamp,
    /// Where what is computed of it stands among the values.
    message: usize,
    digest: usize,
    facts_digest: usize,
    /// `None` where the checks have changed since.
    evidence: Option<(usize, Vec<Check>)>,
}

/// The same with its gaps.
pub(super) struct Letter {
    author: Text,
    recipient: Text,
    subject: Text,
    body: Text,
    facts: Text,
    at: Timestamp,
    message: usize,
    digest: usize,
    facts_digest: usize,
    evidence: Option<(usize, Vec<TakenCheck>)>,
}

/// A check, its evidence, and who decided it.
type TakenCheck = (Check, Text, Option<Text>);

pub(super) async fn read_letters(
    connection: &mut PgConnection,
    places: &mut Places,
    rows: &[Rows],
    case: Uuid,
) -> anyhow::Result<Vec<Written>> {
    let drafts = rows.iter().find(|rows| rows.table == "drafts").context("there are no drafts")?;
    ensure!(drafts.rows.len() <= 1, "a model was written about to Atlassian once");
    for rows in rows.iter().filter(|rows| rows.table == "emails") {
        let letter = drafts.list("digest").next();
        for digest in rows.list("digest").filter(|digest| Some(*digest) != letter) {
            places.add(hex(digest), Source::Hash);
        }
    }
    let Some(message) = drafts.list("message_id").next() else { return Ok(Vec::new()) };
    let one = |column: &str| drafts.list(column).next().map(unescape).unwrap_or_default();
    let (facts, author) = (one("facts"), one("author_id").parse::<Uuid>()?);
    let author = sqlx::query_scalar!("select name from staff where id = $1", author)
        .fetch_one(&mut *connection)
        .await
        .context("could not look up an author")?;
    let at: jiff::Timestamp = one("created_at").replace(' ', "T").replace("+00", "Z").parse()?;
    let checks = list_checks(connection, &[case]).await?.remove(&case).unwrap_or_default();
    let evidence = one("evidence_digest");
    let evidence = evidence.trim_start_matches("\\x");
    let is_as_then = HEXLOWER.encode(&evidence_digest(&checks).0) == evidence;
    let evidence = places.add(evidence, if is_as_then { Source::Follows } else { Source::Hash });
    let letter = Written {
        author,
        recipient: one("recipient"),
        subject: one("subject"),
        body: one("body"),
        at: at.into(),
        message: places.add(message, Source::Follows),
        digest: places.add(one("digest").trim_start_matches("\\x"), Source::Follows),
        facts_digest: places.add(&hash_of(&facts), Source::Follows),
        evidence: is_as_then.then_some((evidence, checks)),
        facts,
    };
    Ok(vec![letter])
}

impl Written {
    pub fn take_apart(self, finder: &Finder) -> Letter {
        let evidence = self.evidence.map(|(place, checks)| {
            let taken = checks.into_iter().map(|check| {
                let words = serde_json::to_string(&check.evidence).unwrap_or_default();
                let decided_by = check.decided_by.map(|staff| finder.take_apart(&staff.to_string()));
                let words = finder.take_apart(&words);
                (check, words, decided_by)
            });
            (place, taken.collect())
        });
        Letter {
            author: finder.take_apart(&self.author),
            recipient: finder.take_apart(&self.recipient),
            subject: finder.take_apart(&self.subject),
            body: finder.take_apart(&self.body),
            facts: finder.take_apart(&self.facts),
            at: self.at,
            message: self.message,
            digest: self.digest,
            facts_digest: self.facts_digest,
            evidence,
        }
    }
}

impl Letter {
    /// The bytes of a copy's letter; what is computed of them gets its places among the values.
    pub fn compose(
        &self,
        casework: &Casework,
        number: &CaseNumber,
        values: &mut Values,
    ) -> anyhow::Result<Vec<u8>> {
        let (author, recipient) = (self.author.render(values), self.recipient.render(values));
        let (subject, body) = (self.subject.render(values), self.body.render(values));
        let words = (recipient.as_str(), subject.as_str(), body.as_str());
        let composed = casework.compose_to_atlassian(&author, words, (number, &[]), values.at(self.at))?;
        values.set(self.message, composed.message_id);
        values.set(self.digest, HEXLOWER.encode(&crate::token::sha256(&composed.raw)));
        values.set(self.facts_digest, hash_of(&self.facts.render(values)));
        if let Some((place, checks)) = &self.evidence {
            let checks = checks.iter().map(|(check, words, decided_by)| {
                let decided_by = decided_by.as_ref().map(|staff| staff.render(values).parse());
                Ok(Check {
                    evidence: serde_json::from_str(&words.render(values))?,
                    decided_by: decided_by.transpose()?.map(StaffId),
                    expires_at: check.expires_at.map(|end| values.at(end)),
                    ..check.clone()
                })
            });
            let checks: Vec<Check> = checks.collect::<anyhow::Result<_>>()?;
            values.set(*place, HEXLOWER.encode(&evidence_digest(&checks).0));
        }
        Ok(composed.raw)
    }
}

/// A file of a model.
pub(super) struct File {
    /// The place of its id.
    place: usize,
    /// `None` once it is forgotten.
    bytes: Option<Vec<u8>>,
}

pub(super) fn read_files(
    casework: &Casework,
    rows: &[Rows],
    places: &Places,
    case: Uuid,
) -> anyhow::Result<Vec<File>> {
    let Some(files) = rows.iter().find(|rows| rows.table == "evidence_files") else { return Ok(Vec::new()) };
    let columns = ["id", "key_id", "nonce", "content"].map(|name| files.column(name));
    files
        .rows
        .iter()
        .map(|row| {
            let cell = |nth: usize| row.get((*columns.get(nth)?)?)?.as_deref();
            let id = cell(0).context("a file without an id")?;
            let place = places.values.iter().position(|value| value == id).context("a file of no case")?;
            let bytes = match (cell(1), cell(2), cell(3)) {
                (Some(key), Some(nonce), Some(content)) => {
                    let bytes = |cell: &str| HEXLOWER.decode(hex(cell).as_bytes());
                    let (nonce, content) = (bytes(nonce)?, bytes(content)?);
                    let sealed = Sealed { key_id: key.to_owned(), nonce, content };
                    let opened = casework.cabinet.keyring.open(Owner { file: id.parse()?, case }, sealed);
                    Some(opened.map_err(|_| anyhow::anyhow!("a file of the model can't be opened"))?)
                }
                _ => None,
            };
            Ok(File { place, bytes })
        })
        .collect()
}

impl File {
    pub fn seal(&self, casework: &Casework, case: Uuid, values: &Values) -> anyhow::Result<Option<Sealed>> {
        let Some(bytes) = &self.bytes else { return Ok(None) };
        let owner = Owner { file: values.get(self.place).parse()?, case };
        casework.cabinet.keyring.seal(owner, bytes.clone()).map(Some)
    }
}
