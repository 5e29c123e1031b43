//! The trail and what it rests on: every hash made anew, every record held against what the last line says of it. Pure.
//!
//! The attacker has the pack and changes what they like; whoever makes the whole chain anew is found by the log alone (`proof`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Report;
use crate::{
    case::{digest::Digest, event::Event},
    casework::Subject,
    pack::format::{Chain, Line, Record, Variant},
    token::sha256,
};

/// What the lines say of each row, by its name: the line, and the digest that it names.
pub type Said = BTreeMap<String, Vec<(i32, Digest)>>;

/// The data of a line; empty where it is none.
pub fn data(line: &Line) -> Map<String, Value> {
    serde_json::from_str(&line.data).unwrap_or_default()
}

fn word(data: &Map<String, Value>, name: &str) -> String {
    data.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Follows the chain as far as it holds.
pub fn follow(chain: &Chain, report: &mut Report) -> Said {
    let (mut said, mut previous, mut place) = (Said::new(), Digest([0; 32]), String::new());
    if chain.lines.is_empty() {
        report.broken("the trail has no lines");
    }
    for (line, seq) in chain.lines.iter().zip(1..) {
        let data = data(line);
        if line.seq != seq
            || line.previous != previous
            || line.hash != line.hash(chain.case)
            || data.is_empty()
        {
            report.broken(format!("the trail does not hold from line {seq} on"));
            return said;
        }
        if word(&data, "from") != place {
            report.broken(format!("line {seq} begins where the line before did not end"));
        }
        let by_itself = line.kind == Event::Chained.as_str() && !said.is_empty();
        for text in data.get("rests_on").and_then(Value::as_array).into_iter().flatten() {
            let read = text.as_str().and_then(|text| text.split_once(' '));
            let read =
                read.and_then(|(digest, name)| Some((Digest::try_from(digest.to_owned()).ok()?, name)));
            let Some((digest, name)) = read else {
                report.broken(format!("line {seq} rests on something that can't be read"));
                continue;
            };
            let table = name.split(' ').next().unwrap_or_default();
            if by_itself && Subject::find(table).is_none_or(|subject| subject.decides) {
                report.broken(format!("{name} came into line {seq}, which is not about it"));
            }
            said.entry(name.to_owned()).or_default().push((seq, digest));
        }
        (previous, place) = (line.hash, word(&data, "to"));
    }
    report.holds(format!("{} lines of the trail", chain.lines.len()));
    said
}

/// What stands for a row that is no longer there.
fn gone(name: &str) -> Digest {
    let (table, key) = name.split_once(' ').unwrap_or((name, ""));
    Digest(sha256(format!("{table}\n{key}\ngone\n").as_bytes()))
}

/// Holds every record against the lines.
pub fn compare(said: &Said, records: &[Record], variant: Variant, report: &mut Report) {
    let (mut seen, mut sound, mut waiting) = (BTreeSet::new(), 0_usize, 0_usize);
    // A case from before lines rested on anything.
    let is_old = said.is_empty();
    for record in records {
        let name = record.name();
        let Some(subject) = Subject::find(&record.subject) else {
            report.broken(format!("{name}: there is no such kind of record"));
            continue;
        };
        if !seen.insert(name.clone()) {
            report.broken(format!("{name} stands there twice"));
        }
        if !is_of(record, variant) {
            report.broken(format!("{name} has parts that do not belong into such a pack, or lacks some"));
        }
        if record.computed().is_some_and(|computed| computed != record.digest) {
            report.broken(format!("{name} is not what its digest says"));
        }
        let last = said.get(&name).and_then(|said| said.last());
        match last {
            Some((_, digest)) if *digest == record.digest => sound = sound.saturating_add(1),
            _ if record.waits && (is_old || !subject.decides) => waiting = waiting.saturating_add(1),
            Some((line, _)) => report.broken(format!("{name} is not what line {line} rests on")),
            None => report.broken(format!("no line of the trail speaks of {name}")),
        }
    }
    for (name, said) in said.iter().filter(|(name, _)| !seen.contains(*name)) {
        if let Some((line, _)) = said.last().filter(|(_, digest)| *digest != gone(name)) {
            report.broken(format!("{name} is not there, and line {line} rests on it"));
        }
    }
    report.holds(format!("{sound} records that the trail rests on"));
    if is_old && waiting > 0 {
        report.open(format!(
            "the case is from before its trail rested on anything: {waiting} records are nobody's word"
        ));
    } else if waiting > 0 {
        report.open(format!(
            "{waiting} records changed since the last line, and the next one will speak of them"
        ));
    }
    let left_out = records.iter().filter(|record| record.plain.is_none() && !record.gone).count();
    if left_out > 0 {
        report.open(format!("{left_out} records are left out but for their digest"));
    }
}

/// Whether it has the parts that a record of such a pack has.
fn is_of(record: &Record, variant: Variant) -> bool {
    let none = record.personal.is_none() && record.salt.is_none();
    match variant {
        _ if record.gone => none && record.plain.is_none() && record.personal_digest.is_none(),
        Variant::Whole => {
            record.plain.is_some() && record.personal.is_some() && record.personal_digest.is_none()
        }
        Variant::Redacted => none,
    }
}
