//! The case file: what chain and records say, for programs (`case.json`) and for people (`case.html`, `case.pdf`).
//!
//! Pure, and made of nothing but the other entries of the pack: whoever checks a pack makes it anew and compares.

mod document;
mod html;
mod pdf;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    format::{self, Chain, FORMAT, Proof, Record, Settings, Variant},
    rebuilt::rows,
};
use crate::casework::SUBJECTS;

/// What the case file is made of.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'s> {
    pub chain: &'s Chain,
    pub records: &'s [Record],
    pub settings: &'s Settings,
    pub proof: Option<&'s Proof>,
}

/// The three forms of it.
#[derive(Debug, PartialEq, Eq)]
pub struct CaseFile {
    pub json: Vec<u8>,
    pub html: Vec<u8>,
    pub pdf: Vec<u8>,
}

/// # Errors
/// Where the letters can't be set.
pub fn make(sources: Sources<'_>) -> anyhow::Result<CaseFile> {
    let document = document::of(sources);
    let html = html::write(&document).into_bytes();
    Ok(CaseFile { json: json(sources)?, html, pdf: pdf::write(&document)? })
}

#[derive(Serialize)]
struct Json<'s> {
    format: &'static str,
    number: &'s str,
    case: Uuid,
    variant: Variant,
    /// As the last line says.
    state: Value,
    trail: Vec<JsonLine<'s>>,
    /// By table, each row with its key and all columns that are in the pack.
    records: BTreeMap<&'static str, Vec<Value>>,
}

#[derive(Serialize)]
struct JsonLine<'s> {
    seq: i32,
    at: String,
    actor: &'s str,
    staff: Option<Uuid>,
    /// As they are called at the export; never in a redacted pack.
    staff_name: Option<&'s str>,
    kind: &'s str,
    data: Map<String, Value>,
}

/// What a line says beside its fields, without the digests that it rests on.
fn data(text: &str) -> Map<String, Value> {
    let mut data: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
    data.remove("rests_on");
    data
}

fn moment(microseconds: i64) -> String {
    jiff::Timestamp::from_microsecond(microseconds).map(|at| at.to_string()).unwrap_or_default()
}

fn json(Sources { chain, records, settings, .. }: Sources<'_>) -> anyhow::Result<Vec<u8>> {
    let trail: Vec<JsonLine<'_>> = chain
        .lines
        .iter()
        .map(|line| JsonLine {
            seq: line.seq,
            at: moment(line.at),
            actor: &line.actor,
            staff: line.staff,
            staff_name: line.staff.and_then(|staff| settings.people.get(&staff)).map(String::as_str),
            kind: &line.kind,
            data: data(&line.data),
        })
        .collect();
    let with_key = |record: &Record| {
        let mut columns = record.columns();
        columns.insert("key".to_owned(), record.key.clone().into());
        Value::Object(columns)
    };
    let listed = SUBJECTS
        .iter()
        .map(|subject| (subject.table, rows(records, subject.table).map(with_key).collect::<Vec<_>>()));
    format::write(&Json {
        format: FORMAT,
        number: &chain.number,
        case: chain.case,
        variant: settings.variant,
        state: trail.last().and_then(|line| line.data.get("to").cloned()).unwrap_or_default(),
        trail,
        records: listed.filter(|(_, rows)| !rows.is_empty()).collect(),
    })
}
