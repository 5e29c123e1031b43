//! Prints how well inbound mail is understood, measured on a corpus of labelled messages.
//!
//! `cargo run --example mail_report -- DIR`, or with `HANDOVER_MAIL_CORPUS` set. `DIR` has a folder for each
//! of `bounce`, `autoreply`, `reply` and `malformed`, each with a `manifest.jsonl`: one JSON object per line
//! with `file` (relative to `DIR`), `expected` and optionally `doubtful`. Doubtful rows are counted apart.
//! Below the figures it says from which sources (`source_repo`) the wrong answers come, and in which files words of the
//! author are missing. Of the figures about text, "author's text kept" is the one that matters most: what was lost nobody reads.
//! It reports and never fails: which figures are good enough is for the reader to say.

#![expect(clippy::print_stdout, reason = "printing is what a report does")]
#![expect(clippy::indexing_slicing, reason = "indexing a JSON value by name gives null, never a panic")]

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use handover::message::{Kind, Understanding, address, understand};
use serde_json::Value;

/// Right answers and all answers.
#[derive(Default)]
struct Score {
    good: u32,
    all: u32,
}

impl Score {
    fn count(&mut self, right: bool) {
        self.good += u32::from(right);
        self.all += 1;
    }

    fn print(&self, name: &str) {
        let percent = f64::from(self.good) * 100.0 / f64::from(self.all);
        println!("{name:<44} {:>5} of {:<5} {percent:>6.1} %", self.good, self.all);
    }
}

/// Scores by question, and by question and source.
#[derive(Default)]
struct Tally {
    source: String,
    file: String,
    questions: BTreeMap<String, Score>,
    lost: Vec<String>,
    sources: BTreeMap<(String, String), Score>,
}

impl Tally {
    fn count(&mut self, question: &str, doubtful: bool, right: bool) {
        let suffix = if doubtful { " (doubtful)" } else { "" };
        self.questions.entry(format!("{question}{suffix}")).or_default().count(right);
        if !doubtful {
            self.sources.entry((question.to_owned(), self.source.clone())).or_default().count(right);
        }
    }

    /// The two figures that say what a reader has of a text: whether all that its author wrote is there, and no more.
    fn weigh(&mut self, doubtful: bool, kept: bool, no_more: bool) {
        self.count("author's text kept", doubtful, kept);
        self.count("no more shown than the author's text", doubtful, no_more);
        if !kept {
            self.lost.push(self.file.clone());
        }
    }

    fn print(&self) {
        for (question, score) in &self.questions {
            score.print(question);
        }
        println!("\nauthor's words missing in: {}", self.lost.join(", "));
        let mut last = "";
        for ((question, source), score) in self.sources.iter().filter(|(_, score)| score.good < score.all) {
            if last != question {
                println!("\n{question}, by source where some are wrong");
                last = question;
            }
            score.print(&format!("  {source}"));
        }
    }
}

fn main() -> Result<()> {
    let named = env::args_os().nth(1).or_else(corpus_from_environment);
    let corpus =
        PathBuf::from(named.context("name the directory of the corpus, or set HANDOVER_MAIL_CORPUS")?);
    let mut tally = Tally::default();
    for folder in ["bounce", "autoreply", "reply", "malformed"] {
        measure(&corpus, folder, &mut tally)?;
    }
    tally.print();
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a report has no configuration to read it from")]
fn corpus_from_environment() -> Option<std::ffi::OsString> {
    env::var_os("HANDOVER_MAIL_CORPUS")
}

fn measure(corpus: &Path, folder: &str, tally: &mut Tally) -> Result<()> {
    let manifest = corpus.join(folder).join("manifest.jsonl");
    let rows = fs::read_to_string(&manifest).with_context(|| format!("reading {}", manifest.display()))?;
    for row in rows.lines().filter(|row| !row.trim().is_empty()) {
        let row: Value = serde_json::from_str(row).context("reading a row of the manifest")?;
        let file = row["file"].as_str().context("a row without file")?;
        let bytes = fs::read(corpus.join(file)).with_context(|| format!("reading {file}"))?;
        let understood = understand(&bytes);
        let expected = &row["expected"];
        let doubtful = !row["doubtful"].is_null();
        file.clone_into(&mut tally.file);
        tally.source = row["source_repo"].as_str().unwrap_or("unknown").to_owned();
        match folder {
            "bounce" => bounce(tally, &understood, expected, doubtful),
            "autoreply" => automatic(tally, &understood, expected, doubtful),
            "reply" => reply(tally, &understood, expected, doubtful),
            _ => headers(tally, &understood, expected, doubtful),
        }
    }
    Ok(())
}

fn bounce(tally: &mut Tally, understood: &Understanding, expected: &Value, doubtful: bool) {
    let found = understood.kind == Kind::Bounce;
    match expected["is_bounce"].as_bool() {
        Some(true) => tally.count("bounces found", doubtful, found),
        Some(false) => return tally.count("others not called bounces", doubtful, !found),
        None => return,
    }
    let bounce = understood.bounce.as_ref();
    let recipients: Vec<String> = bounce
        .map(|bounce| bounce.recipients.iter().map(|address| address.to_lowercase()).collect())
        .unwrap_or_default();
    let wanted = words(&expected["recipients"]);
    let acceptable = if expected["acceptable_recipients"].is_null() {
        wanted.clone()
    } else {
        words(&expected["acceptable_recipients"])
    };
    let basis = expected["recipients_basis"].as_str().unwrap_or_default();
    if !wanted.is_empty() {
        let right = wanted.iter().all(|address| recipients.contains(address))
            && recipients.iter().all(|address| wanted.contains(address))
            || !recipients.is_empty() && recipients.iter().all(|address| acceptable.contains(address));
        let asserted = basis.starts_with("source spec") || basis.starts_with("dsn-field");
        let question =
            if asserted { "right recipients, asserted" } else { "right recipients, by another program" };
        tally.count(question, doubtful, right);
    }
    let statuses = words(&expected["acceptable_status"]);
    if !statuses.is_empty() {
        let right =
            bounce.is_some_and(|bounce| bounce.statuses.iter().any(|status| statuses.contains(status)));
        tally.count("acceptable status", doubtful, right);
    }
    if let Some(temporary) = expected["temporary"].as_bool() {
        tally.count("temporary or not", doubtful, bounce.is_some_and(|bounce| bounce.temporary == temporary));
    }
    let originals = words(&expected["original_message_id"]);
    if !originals.is_empty() {
        let id = bounce.and_then(|bounce| bounce.original_message_id.as_ref()).map(|id| id.to_lowercase());
        tally.count("Message-ID of the original", doubtful, id.is_some_and(|id| originals.contains(&id)));
    }
}

fn automatic(tally: &mut Tally, understood: &Understanding, expected: &Value, doubtful: bool) {
    tally.count("others not called bounces", doubtful, understood.kind != Kind::Bounce);
    let automatic = understood.kind == Kind::AutoReply;
    match expected["is_auto"].as_bool() {
        Some(true) => tally.count("automatic mail found", doubtful, automatic),
        Some(false) => tally.count("people not called automatic", doubtful, !automatic),
        None => {}
    }
    if let Some(silent) = expected["must_not_auto_respond"].as_bool() {
        tally.count("may be answered or not", doubtful, understood.answerable != silent);
    }
}

fn reply(tally: &mut Tally, understood: &Understanding, expected: &Value, doubtful: bool) {
    tally.count("others not called bounces", doubtful, understood.kind != Kind::Bounce);
    let text = &understood.visible_text;
    let Some(wanted) = expected["visible_text"].as_str() else {
        let has = |list: &Value, there: bool| {
            list.as_array().is_none_or(|list| {
                list.iter()
                    .filter_map(Value::as_str)
                    .all(|part| one_line(text).contains(&one_line(part)) == there)
            })
        };
        let (kept, no_more) =
            (has(&expected["must_contain"], true), has(&expected["must_not_contain"], false));
        tally.weigh(doubtful, kept, no_more);
        return tally.count("visible text, in parts", doubtful, kept && no_more);
    };
    let same = |one: &str, other: &str| match expected["match"].as_str() {
        Some("loose_alnum") => letters(one) == letters(other),
        _ => one_line(one) == one_line(other),
    };
    tally.count("visible text, in full", doubtful, same(text, wanted));
    // Some sources keep signatures that are meant to go; there the text above the signature is as right.
    let without = without_signature(wanted);
    let kept = expected["signature_policy"].as_str() == Some("kept");
    tally.count(
        "visible text, signatures apart",
        doubtful,
        same(text, wanted) || kept && same(text, without),
    );
    let least = if kept { without } else { wanted };
    tally.weigh(doubtful, holds(text, least), holds(wanted, text));
}

fn headers(tally: &mut Tally, understood: &Understanding, expected: &Value, doubtful: bool) {
    if let Some(wanted) = expected["subject"].as_str() {
        let subject = one_line(understood.subject.as_deref().unwrap_or_default());
        tally.count("subject", doubtful, subject == one_line(wanted));
        // A label with a replacement character only says that its program could not read that character.
        let readable = |text: &str| text.chars().filter(char::is_ascii).collect::<String>();
        let right = subject == one_line(wanted)
            || wanted.contains(char::REPLACEMENT_CHARACTER)
                && readable(&subject) == readable(&one_line(wanted));
        tally.count("subject, where the label is readable", doubtful, right);
    }
    if let Some(wanted) = expected["from_email"].as_str().filter(|wanted| !wanted.is_empty()) {
        let from = understood.from.as_ref().and_then(|from| from.address.as_deref()).unwrap_or_default();
        tally.count("from", doubtful, address::same(from, &address::canonical(wanted)));
    }
}

/// A string or a list of strings, in lower case and without angle brackets.
fn words(value: &Value) -> Vec<String> {
    let list = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    list.iter()
        .filter_map(Value::as_str)
        .map(|word| word.trim_matches(['<', '>', ' ']).to_lowercase())
        .collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn letters(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a text has all words of another, in their order.
fn holds(text: &str, words: &str) -> bool {
    let cut = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let mut there = cut(text).into_iter();
    cut(words).into_iter().all(|word| there.any(|other| other == word))
}

fn without_signature(text: &str) -> &str {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "--" || line.starts_with("Sent from my ") {
            return text.get(..offset).unwrap_or(text);
        }
        offset += line.len();
    }
    text
}
