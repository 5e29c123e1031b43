//! One copy of a model: fills the gaps, makes anew what is computed, and writes it all as rows for COPY.

use std::collections::BTreeMap;

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    found::{write_names, write_words},
    model::{Cell, Key, Model},
    places::Source,
    rows::{TABLES, escape_into},
    text::Values,
};
use crate::{
    case::number::CaseNumber,
    casework::{
        Casework,
        digests::{Record, digest_of_nothing, name, said},
        trail::copied::{Unhashed, chain},
    },
    clock::{Day, Timestamp},
    evidence::vault::Sealed,
    mail::{address::signed_address, outgoing::code::Stamp},
    token::Sha256Bytes,
};

/// What somebody gives for a copy.
#[derive(Clone, Debug)]
pub struct Part {
    /// In the places of the model's.
    pub words: Vec<String>,
    /// How much later than the model; negative for earlier.
    pub weeks: i64,
    pub beside: SignedDuration,
}

/// Rows of many copies by their tables, as COPY reads them.
#[derive(Default)]
pub(super) struct Sheets {
    pub tables: BTreeMap<&'static str, String>,
    pub lines: String,
    pub digests: String,
    pub numbers: Vec<String>,
}

impl Model {
    /// When a copy was opened.
    pub(super) fn opened_at(&self, part: &Part) -> Timestamp {
        Values { texts: Vec::new(), weeks: part.weeks, beside: part.beside }.at(self.opened_at)
    }

    pub(super) fn opened_on(&self, part: &Part, casework: &Casework) -> Day {
        self.opened_at(part).day_in(&casework.app.zone)
    }

    pub(super) fn copy(
        &self,
        casework: &Casework,
        (part, number): (&Part, &CaseNumber),
        serials: &[i64],
        sheets: &mut Sheets,
    ) -> anyhow::Result<()> {
        let mut values = self.values(casework, part, number);
        let case: Uuid = values.get(self.id).parse()?;
        let letters = self.letters.iter().map(|letter| letter.compose(casework, number, &mut values));
        let letters: Vec<Vec<u8>> = letters.collect::<anyhow::Result<_>>()?;
        let files = self.files.iter().map(|file| file.seal(casework, case, &values));
        let files: Vec<Option<Sealed>> = files.collect::<anyhow::Result<_>>()?;
        let digests = self.write_digests(case, &values, serials, &mut sheets.digests)?;
        let end = self.write_lines(case, &values, &digests, &mut sheets.lines)?;
        let made = Made { letters, files, end };
        for (table, (name, _)) in self.tables.iter().zip(TABLES) {
            let sheet = sheets.tables.entry(name).or_default();
            for row in &table.rows {
                for (nth, cell) in row.iter().enumerate() {
                    if nth > 0 {
                        sheet.push('\t');
                    }
                    write_cell(cell, &values, serials, &made, sheet)?;
                }
                sheet.push('\n');
            }
        }
        sheets.numbers.push(number.as_str().to_owned());
        Ok(())
    }

    /// All but what follows from letters.
    fn values(&self, casework: &Casework, part: &Part, number: &CaseNumber) -> Values {
        let (app, mut follow) = (&casework.app, Vec::new());
        let texts = self.sources.iter().map(|source| match source {
            Source::Given(place) => part.words.get(*place).cloned().unwrap_or_default(),
            Source::Number => number.as_str().to_owned(),
            // In the order of time, which an index takes better.
            Source::Id => Uuid::now_v7().to_string(),
            Source::MailId { code, tag } => {
                let stamp = Stamp::new(&app.code_signer);
                follow.push((*code, stamp.code.to_string()));
                follow.push((*tag, stamp.tag().to_owned()));
                stamp.id.to_string()
            }
            Source::Hash => HEXLOWER.encode(&rand::random::<Sha256Bytes>()),
            Source::Address(behind) => {
                let tag = format!("{}{behind}", number.as_str().to_lowercase());
                signed_address(&app.settings.mail.from_address, &app.reply_signer, &tag)
            }
            Source::Follows => String::new(),
        });
        let texts = texts.collect();
        let mut values = Values { texts, weeks: part.weeks, beside: part.beside };
        for (place, text) in follow {
            values.set(place, text);
        }
        values
    }

    /// The digests of the rows as they stand there: by their places, with the names of the rows.
    fn write_digests(
        &self,
        case: Uuid,
        values: &Values,
        serials: &[i64],
        to: &mut String,
    ) -> anyhow::Result<Vec<(String, Sha256Bytes)>> {
        let written = self.covered.iter().map(|covered| {
            let key = match &covered.key {
                Key::Text(text) => text.render(values),
                Key::Serial(place) => serials.get(*place).context("a row without a number")?.to_string(),
            };
            let mut salt: Option<[u8; 16]> = None;
            let digest = match &covered.columns {
                None => digest_of_nothing(covered.table, &key),
                Some((plain, personal)) => {
                    let (plain, personal) = (plain.render(values), personal.render(values));
                    salt = (personal != "{}").then(rand::random);
                    let record = Record { case, key: key.clone(), plain, personal };
                    record.digest(covered.table, salt.as_ref().map(<[u8; 16]>::as_slice))
                }
            };
            let salt =
                salt.map_or_else(|| "\\N".to_owned(), |salt| format!("\\\\x{}", HEXLOWER.encode(&salt)));
            let (hex, since) = (HEXLOWER.encode(&digest), covered.since.render(values));
            let (table, line) = (covered.table, covered.line);
            to.push_str(&format!("{case}\t{table}\t{key}\t{salt}\t\\\\x{hex}\t{line}\t{since}\n"));
            Ok((name(table, &key), digest))
        });
        written.collect()
    }

    /// The hash of the last.
    fn write_lines(
        &self,
        case: Uuid,
        values: &Values,
        digests: &[(String, Sha256Bytes)],
        to: &mut String,
    ) -> anyhow::Result<Sha256Bytes> {
        let lines = self.lines.iter().map(|model| {
            let mut rests_on: Vec<(&str, Sha256Bytes)> = Vec::with_capacity(model.rests_on.len());
            for (place, is_last) in &model.rests_on {
                let (row, digest) = digests.get(*place).context("a line rests on nothing")?;
                // What a row said before, nobody can hold against anything.
                rests_on.push((row, if *is_last { *digest } else { rand::random() }));
            }
            rests_on.sort();
            Ok(Unhashed {
                at: values.at(model.line.at),
                staff: model.staff.as_ref().map(|staff| staff.render(values).parse()).transpose()?,
                data: serde_json::from_str(&model.data.render(values))?,
                rests_on: rests_on.iter().map(|(row, digest)| said(digest, row)).collect(),
                ..model.line.clone()
            })
        });
        let mut lines: Vec<Unhashed> = lines.collect::<anyhow::Result<_>>()?;
        let hashed = chain(case, &mut lines)?;
        for (line, hashed) in lines.iter().zip(&hashed) {
            let staff = line.staff.map_or_else(|| "\\N".to_owned(), |staff| staff.to_string());
            let (seq, version, at, actor, kind) = (line.seq, line.version, line.at, &line.actor, &line.kind);
            to.push_str(&format!("{case}\t{seq}\t{version}\t{at}\t{actor}\t{staff}\t{kind}\t"));
            escape_into(&serde_json::to_string(&hashed.data)?, to);
            let (previous, hash) = (HEXLOWER.encode(&hashed.previous), HEXLOWER.encode(&hashed.hash));
            to.push_str(&format!("\t\\\\x{previous}\t\\\\x{hash}\n"));
        }
        Ok(hashed.last().context("a case without a line")?.hash)
    }
}

/// What was made anew for a copy.
struct Made {
    letters: Vec<Vec<u8>>,
    files: Vec<Option<Sealed>>,
    end: Sha256Bytes,
}

fn write_cell(
    cell: &Cell,
    values: &Values,
    serials: &[i64],
    made: &Made,
    to: &mut String,
) -> anyhow::Result<()> {
    let file = |place: usize| made.files.get(place).and_then(Option::as_ref).context("a file that is gone");
    let bytes = |bytes: &[u8], to: &mut String| {
        to.push_str("\\\\x");
        HEXLOWER.encode_append(bytes, to);
    };
    match cell {
        Cell::Null => to.push_str("\\N"),
        Cell::Text(text) => text.render_into(values, to),
        Cell::Serial(place) => {
            to.push_str(&serials.get(*place).context("a row without a number")?.to_string())
        }
        Cell::Letter(place) => bytes(made.letters.get(*place).context("a letter that is gone")?, to),
        Cell::FileKey(place) => to.push_str(&file(*place)?.key_id),
        Cell::FileNonce(place) => bytes(&file(*place)?.nonce, to),
        Cell::FileContent(place) => bytes(&file(*place)?.content, to),
        Cell::Words(found) => to.push_str(&write_words(&found.render(values))),
        Cell::Names(found) => to.push_str(&write_names(&found.render(values))),
        Cell::End => bytes(&made.end, to),
    }
    Ok(())
}
