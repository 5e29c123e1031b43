//! A case that was played by the rules, taken apart: its rows, and what is another one's in a copy.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail, ensure};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    files::{File, Letter, read_files, read_letters},
    found::{Found, read_words},
    places::{Places, Source},
    rows::{self, NUMBERED, Rows, hex},
    text::{Finder, Text},
};
use crate::{
    casework::{
        Casework,
        digests::{Record, SUBJECTS, digest_of_nothing, name, read_said},
        trail::copied::{self, Unhashed},
    },
    clock::Timestamp,
    mail::{address::verify_signed_address, outgoing::code::MailCode},
};

pub(super) enum Cell {
    Null,
    Text(Text),
    /// The number of a row, by its place.
    Serial(usize),
    /// The bytes of a letter to Atlassian.
    Letter(usize),
    FileKey(usize),
    FileNonce(usize),
    FileContent(usize),
    Words(Found),
    Names(Found),
    /// The end of the trail.
    End,
}

pub(super) struct Table {
    pub name: &'static str,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// A row that lies under the chain.
pub(super) struct Covered {
    pub table: &'static str,
    pub key: Key,
    /// `None` where the row is gone.
    pub columns: Option<(Text, Text)>,
    /// The line that carries it.
    pub line: i32,
    pub since: Text,
}

pub(super) enum Key {
    Text(Text),
    Serial(usize),
}

pub(super) struct Line {
    pub line: Unhashed,
    pub staff: Option<Text>,
    pub data: Text,
    /// The rows by their place, with whether this line is the last to speak of them.
    pub rests_on: Vec<(usize, bool)>,
}

pub struct Model {
    pub(super) sources: Vec<Source>,
    pub(super) id: usize,
    pub(super) tables: Vec<Table>,
    /// The tables of numbered rows, in the order of their places.
    pub(super) serials: Vec<&'static str>,
    pub(super) covered: Vec<Covered>,
    pub(super) lines: Vec<Line>,
    pub(super) letters: Vec<Letter>,
    pub(super) files: Vec<File>,
    pub(super) opened_at: Timestamp,
    is_closed: bool,
}

impl Model {
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Takes a case apart that has come to rest. `words` are what a copy has its own of: names, addresses, numbers and ids of people and
    /// customer. They must be told apart from each other, and from everything else in the case.
    ///
    /// # Errors
    /// Where the case does not hold, or has what can't be copied.
    pub async fn read(casework: &Casework, case: Uuid, words: &[String]) -> anyhow::Result<Self> {
        let mut connection = casework.app.pool.acquire().await?;
        let waiting = sqlx::query_scalar!(
            r#"select exists (select from case_digests where case_id = $1 and seq is null) as "waits!""#,
            case
        );
        if waiting.fetch_one(&mut *connection).await.context("could not look for what waits")? {
            casework.chain_what_waits(case).await?;
        }
        let rows = rows::read(&mut connection, case).await?;
        let lines = copied::read(&mut connection, case).await?;
        let opened_at = lines.first().context("the case has no line")?.at;
        let mut places = Places::default();
        for (place, word) in words.iter().enumerate() {
            ensure!(!word.contains(['\\', '\t', '\n', '\'']), "{word:?} is no word for a model");
            places.add(word, Source::Given(place));
        }
        let cases = rows.first().context("the case has no rows")?;
        let id = places.add(&case.to_string(), Source::Id);
        let number = cases.list("number").next().context("the case has no number")?.to_owned();
        let number_place = places.add(&number, Source::Number);
        add_ids(&mut places, &rows, casework, &number)?;
        let letters = read_letters(&mut connection, &mut places, &rows, case).await?;
        let around = *opened_at.day_in(&casework.app.zone);
        let finder = Finder::try_new(&places.values, around)?;
        let letters = letters.into_iter().map(|letter| letter.take_apart(&finder)).collect();
        let files = read_files(casework, &rows, &places, case)?;
        let mut serials = Vec::new();
        let mut serial_ids: BTreeMap<(&str, String), usize> = BTreeMap::new();
        for table in rows.iter().filter(|rows| NUMBERED.contains(&rows.table)) {
            for id in table.list("id") {
                serial_ids.insert((table.table, id.to_owned()), serials.len());
                serials.push(table.table);
            }
        }
        let found = places.values.iter().take(words.len()).cloned().enumerate();
        let found: Vec<(usize, String)> = found.chain([(number_place, number)]).collect();
        let is_closed = cases.list("state").next() == Some("closed");
        let tables = rows
            .into_iter()
            .map(|rows| take_table_apart(rows, &finder, &serial_ids, &found))
            .collect::<anyhow::Result<_>>()?;
        let covered = read_covered(&mut connection, case, &finder, &serial_ids).await?;
        let lines = take_lines_apart(lines, &covered, &finder)?;
        let covered = covered.into_iter().map(|(_, covered)| covered).collect();
        Ok(Self {
            sources: places.sources,
            id,
            tables,
            serials,
            covered,
            lines,
            letters,
            files,
            opened_at,
            is_closed,
        })
    }
}

/// What is each row's own.
fn add_ids(places: &mut Places, rows: &[Rows], casework: &Casework, number: &str) -> anyhow::Result<()> {
    let (app, mut addresses) = (&casework.app, BTreeSet::new());
    for table in rows {
        if table.table == "emails" {
            ensure!(
                table.list("state").all(|state| state != "queued"),
                "a letter of {number} was not sent yet"
            );
            for email in table.list("id") {
                let code = MailCode::of(&app.code_signer, email.parse()?).to_string();
                let code = places.add(&code, Source::Follows);
                let tag = places.add("", Source::Follows);
                places.add(email, Source::MailId { code, tag });
                let place = table.column("code_tag").context("e-mails have no tag")?;
                let row = table.rows.iter().find(|row| row.iter().flatten().any(|cell| cell == email));
                let stored =
                    row.and_then(|row| row.get(place)).and_then(Option::as_deref).unwrap_or_default();
                if let Some(value) = places.values.get_mut(tag) {
                    stored.clone_into(value);
                }
            }
            for message in table.list("message_id").filter_map(|message| message.split('@').next()) {
                places.add(message, Source::Id);
            }
            addresses.extend(table.list("envelope_from"));
        } else if !NUMBERED.contains(&table.table) {
            for id in table.list("id").filter(|id| id.parse::<Uuid>().is_ok()) {
                places.add(id, Source::Id);
            }
        }
        for id in table.list("request_id") {
            places.add(id, Source::Id);
        }
        for hash in table.list("token_hash") {
            places.add(hex(hash), Source::Hash);
        }
    }
    for address in addresses {
        let tag = verify_signed_address(address, &app.reply_signer);
        if let Some(behind) = tag.as_deref().and_then(|tag| tag.strip_prefix(&number.to_lowercase())) {
            places.add(address, Source::Address(behind.to_owned()));
        }
    }
    Ok(())
}

fn take_table_apart(
    rows: Rows,
    finder: &Finder,
    serials: &BTreeMap<(&str, String), usize>,
    found: &[(usize, String)],
) -> anyhow::Result<Table> {
    let mut files = 0_usize..;
    let mut letters = 0_usize..;
    let taken = rows.rows.iter().map(|row| {
        let file = if rows.table == "evidence_files" { files.next() } else { None };
        let letter = if rows.table == "drafts" { letters.next() } else { None };
        let cells = rows.columns.iter().zip(row).map(|(column, cell)| {
            let Some(cell) = cell else { return Ok(Cell::Null) };
            Ok(match (rows.table, column.as_str()) {
                ("cases", "event_hash") => Cell::End,
                ("drafts", "raw") => Cell::Letter(letter.context("a draft without a letter")?),
                // The first and only one: who has more is no model.
                ("emails", "raw") => Cell::Letter(0),
                ("evidence_files", "key_id") => Cell::FileKey(file.context("a file")?),
                ("evidence_files", "nonce") => Cell::FileNonce(file.context("a file")?),
                ("evidence_files", "content") => Cell::FileContent(file.context("a file")?),
                ("case_search", "words") => Cell::Words(Found::take_apart(read_words(cell), found)),
                ("case_search", "names") => Cell::Names(Found::take_apart(read_words(cell), found)),
                (table, "id") if NUMBERED.contains(&table) => {
                    Cell::Serial(*serials.get(&(table, cell.clone())).context("a row without a number")?)
                }
                _ => Cell::Text(finder.take_apart(cell)),
            })
        });
        cells.collect::<anyhow::Result<Vec<Cell>>>()
    });
    let taken = taken.collect::<anyhow::Result<_>>()?;
    Ok(Table { name: rows.table, columns: rows.columns, rows: taken })
}

/// The rows under the chain, with their names.
async fn read_covered(
    connection: &mut PgConnection,
    case: Uuid,
    finder: &Finder,
    serials: &BTreeMap<(&str, String), usize>,
) -> anyhow::Result<Vec<(String, Covered)>> {
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    for subject in &SUBJECTS {
        for record in subject.list(connection, &[case]).await? {
            records.insert(name(subject.table, &record.key), record);
        }
    }
    let held = sqlx::query!(
        r#"select subject, key, salt, digest, seq, since::text as "since!" from case_digests where case_id = $1
         order by subject, key"#,
        case
    )
    .fetch_all(connection)
    .await
    .context("could not read the digests of a model")?;
    held.into_iter()
        .map(|held| {
            let subject = SUBJECTS.iter().find(|subject| subject.table == held.subject);
            let table = subject.context("a digest of no table")?.table;
            let row = name(table, &held.key);
            let record = records.remove(&row);
            let digest = match &record {
                Some(record) => record.digest(table, held.salt.as_deref()),
                None => digest_of_nothing(table, &held.key),
            };
            ensure!(digest.as_slice() == held.digest.as_slice(), "{row} is not what its digest says");
            let columns =
                record.map(|record| (finder.take_apart(&record.plain), finder.take_apart(&record.personal)));
            let key = match serials.get(&(table, held.key.clone())) {
                Some(place) => Key::Serial(*place),
                None => Key::Text(finder.take_apart(&held.key)),
            };
            let line = held.seq.with_context(|| format!("{row} waits for a line"))?;
            Ok((row, Covered { table, key, columns, line, since: finder.take_apart(&held.since) }))
        })
        .collect()
}

fn take_lines_apart(
    lines: Vec<Unhashed>,
    covered: &[(String, Covered)],
    finder: &Finder,
) -> anyhow::Result<Vec<Line>> {
    lines
        .into_iter()
        .map(|mut line| {
            let data = finder.take_apart(&serde_json::to_string(&std::mem::take(&mut line.data))?);
            let rests_on = std::mem::take(&mut line.rests_on);
            let rests_on = rests_on.iter().map(|said| {
                let (row, _) = read_said(said);
                let Some(place) = covered.iter().position(|(name, _)| name == row) else {
                    bail!("a line rests on {row}, which has no digest")
                };
                let is_last = covered.get(place).is_some_and(|(_, covered)| covered.line == line.seq);
                Ok((place, is_last))
            });
            let rests_on = rests_on.collect::<anyhow::Result<_>>()?;
            let staff = line.staff.map(|staff| finder.take_apart(&staff.to_string()));
            Ok(Line { line, staff, data, rests_on })
        })
        .collect()
}
