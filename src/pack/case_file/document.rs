//! The case file in words: titled sections of terms and what stands there, for the page and the PDF alike. Pure.

use serde_json::{Map, Value};

use super::{
    super::{
        format::{Line, Record, Variant},
        rebuilt::{self, rows},
    },
    Sources, data,
    words::Words,
};
use crate::{lang::Language, shared_domains::SharedDomains, transparency::heads::SignedHead};

pub struct Document {
    pub language: Language,
    pub number: String,
    pub title: String,
    /// What the reader should know first.
    pub intro: Vec<String>,
    pub sections: Vec<Section>,
}

pub struct Section {
    pub title: String,
    pub entries: Vec<Entry>,
}

pub struct Entry {
    pub term: String,
    pub lines: Vec<String>,
}

struct Maker<'s> {
    sources: Sources<'s>,
    words: Words<'s>,
}

pub fn of(sources: Sources<'_>) -> Document {
    let words = Words::new(sources.settings);
    let number = sources.chain.number.clone();
    let title = words.fill("pack-title", &[("number", number.clone())]);
    let maker = Maker { sources, words };
    let sections = vec![
        maker.about(),
        maker.request(),
        maker.checks(),
        maker.decisions(),
        maker.objections(),
        maker.messages(),
        maker.answers(),
        maker.letters(),
        maker.files(),
        maker.trail(),
    ];
    let words = &maker.words;
    let mut intro = vec![words.text("pack-intro"), words.text("pack-intro-settings")];
    if sources.settings.variant == Variant::Redacted {
        intro.push(words.text("pack-intro-redacted"));
    }
    let sections = sections.into_iter().filter(|section| !section.entries.is_empty()).collect();
    Document { language: words.language, number, title, intro, sections }
}

fn text(columns: &Map<String, Value>, name: &str) -> Option<String> {
    match columns.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl Maker<'_> {
    fn section(&self, key: &str, entries: Vec<Entry>) -> Section {
        Section { title: self.words.text(key), entries }
    }

    fn entry(&self, key: &str, line: impl Into<String>) -> Entry {
        Entry { term: self.words.text(key), lines: vec![line.into()] }
    }

    fn rows(&self, subject: &'static str) -> impl Iterator<Item = (&Record, Map<String, Value>)> {
        rows(self.sources.records, subject).map(|record| (record, record.columns()))
    }

    /// The text of a note; a sentence where it is left out.
    fn note(&self, id: &str) -> String {
        let found = self.rows("case_notes").find(|(record, _)| record.key == id);
        found
            .and_then(|(_, columns)| text(&columns, "body"))
            .unwrap_or_else(|| self.words.text("pack-left-out"))
    }

    fn instant(&self, columns: &Map<String, Value>, name: &str) -> String {
        text(columns, name).map(|at| self.words.instant(&at)).unwrap_or_default()
    }

    /// The name of whoever a column names.
    fn staff(&self, columns: &Map<String, Value>, name: &str) -> Option<String> {
        text(columns, name)?.parse().ok().map(|id| self.words.staff(id))
    }

    fn about(&self) -> Section {
        let (settings, words) = (self.sources.settings, &self.words);
        let last = self.sources.chain.lines.last().map(|line| data(&line.data)).unwrap_or_default();
        let state = text(&last, "to").map(|word| words.word("state", &word)).unwrap_or_default();
        let case = self.rows("cases").next().map(|(_, columns)| columns).unwrap_or_default();
        let outcome = text(&case, "outcome").map(|word| words.word("outcome", &word));
        let head = self.sources.proof.and_then(|proof| SignedHead::read_all(&proof.head).ok()?.pop());
        let head = match head {
            Some(head) => words.fill(
                "pack-head",
                &[
                    ("size", head.head.size.to_string()),
                    ("at", words.instant(&head.head.at.to_string())),
                    ("key", data_encoding::HEXLOWER.encode(&head.head.key_id)),
                ],
            ),
            None => words.text("pack-head-none"),
        };
        let entries = vec![
            self.entry("pack-number", self.sources.chain.number.clone()),
            self.entry(
                "pack-state",
                [Some(state), outcome].into_iter().flatten().collect::<Vec<_>>().join(", "),
            ),
            self.entry("pack-lines", self.sources.chain.lines.len().to_string()),
            self.entry("pack-made", words.instant(&settings.exported_at.to_string())),
            self.entry("pack-zone", settings.zone.clone()),
            self.entry("pack-program", settings.program.clone()),
            self.entry("pack-log", head),
        ];
        self.section("pack-about", entries)
    }

    fn request(&self) -> Section {
        const NAMED: [&str; 15] = [
            "company",
            "customer_number",
            "requester_name",
            "requester_email",
            "requester_phone",
            "requester_position",
            "departed_name",
            "departed_email",
            "departed_on",
            "successor_name",
            "successor_email",
            "contact_role",
            "hosting",
            "language",
            "explanation",
        ];
        let mut entries = Vec::new();
        for (_, columns) in self.rows("escalations") {
            for name in NAMED {
                let Some(value) = text(&columns, name) else { continue };
                let value = match name {
                    "contact_role" => self.words.word("contact-role", &value),
                    "hosting" => self.words.word("hosting", &value),
                    "language" => self.words.word("language", &value),
                    _ => value,
                };
                entries
                    .push(Entry { term: self.words.text(&format!("pack-field-{name}")), lines: vec![value] });
            }
        }
        let licences: Vec<String> =
            self.rows("case_entitlements").filter_map(|(_, columns)| text(&columns, "value")).collect();
        if !licences.is_empty() {
            entries.push(Entry { term: self.words.text("pack-licences"), lines: licences });
        }
        for (subject, value) in [("address_corrections", "email"), ("corrections", "value")] {
            for (_, columns) in self.rows(subject) {
                let what = text(&columns, "whose").or_else(|| text(&columns, "what")).unwrap_or_default();
                let value = text(&columns, value).unwrap_or_else(|| self.words.text("pack-left-out"));
                let line = format!("{what}: {value} ({})", self.instant(&columns, "at"));
                entries.push(self.entry("pack-corrected", line));
            }
        }
        self.section("pack-request", entries)
    }

    fn checks(&self) -> Section {
        let settings = self.sources.settings;
        let shared = SharedDomains::new(&settings.shared_domains);
        let homes = rebuilt::homes(self.sources.records, &shared, settings.exported_at);
        let entries = self.rows("checks").map(|(record, columns)| {
            let words = &self.words;
            let verdict =
                text(&columns, "verdict").map(|word| words.word("verdict", &word)).unwrap_or_default();
            let mut lines = vec![verdict];
            match columns.get("evidence") {
                Some(evidence) => lines.push(words.evidence(evidence, columns.get("decided_by"))),
                None => lines.push(words.text("pack-left-out")),
            }
            let roots = rebuilt::check(record).zip(homes.as_ref()).map(|(check, homes)| check.roots(homes));
            if let Some(roots) = roots.filter(|roots| !roots.is_empty()) {
                lines.push(words.roots(&roots));
            }
            if let Some(staff) = self.staff(&columns, "decided_by") {
                lines.push(words.fill("pack-decided-by", &[("name", staff)]));
            }
            for (name, key) in [("decided_at", "pack-decided-at"), ("expires_at", "pack-expires-at")] {
                if columns.contains_key(name) {
                    lines.push(words.fill(key, &[("at", self.instant(&columns, name))]));
                }
            }
            if let Some(note) = columns.get("evidence").and_then(|evidence| evidence.get("note")?.as_str()) {
                lines.push(self.note(note));
            }
            Entry { term: words.word("check", &record.key), lines }
        });
        self.section("pack-checks", entries.collect())
    }

    fn decisions(&self) -> Section {
        let entries = self.rows("approvals").map(|(_, columns)| {
            let says = |name: &str| self.staff(&columns, name).unwrap_or_default();
            let digest = |name: &str| text(&columns, name).unwrap_or_default().replace("\\x", "");
            let lines = vec![
                self.words.fill("pack-drafted-by", &[("name", says("drafted_by"))]),
                self.words.fill("pack-approved-by", &[("name", says("approved_by"))]),
                self.words.fill("pack-approved-bytes", &[("digest", digest("digest"))]),
                self.words.fill("pack-approved-checks", &[("digest", digest("evidence_digest"))]),
            ];
            Entry { term: self.instant(&columns, "approved_at"), lines }
        });
        self.section("pack-decisions", entries.collect())
    }

    fn said(&self, line: &Line) -> Entry {
        let mut lines = vec![format!("{} {}", self.words.who(line), self.words.event(line))];
        let data = data(&line.data);
        lines.extend(["note", "told"].iter().filter_map(|name| text(&data, name)).map(|id| self.note(&id)));
        Entry { term: self.words.moment(line.at), lines }
    }

    fn lines_of<'l>(&'l self, kinds: &'l [&str]) -> impl Iterator<Item = Entry> + 'l {
        let meant = self.sources.chain.lines.iter().filter(|line| kinds.contains(&line.kind.as_str()));
        meant.map(|line| self.said(line))
    }

    fn objections(&self) -> Section {
        let kinds =
            ["objected", "second_claim_recorded", "objection_dismissed", "objection_upheld", "rejected"];
        self.section("pack-objections", self.lines_of(&kinds).collect())
    }

    fn messages(&self) -> Section {
        let mut entries = Vec::new();
        for (_, columns) in self.rows("approvals") {
            let Some(draft) = text(&columns, "draft_id") else { continue };
            for (_, draft) in self.rows("drafts").filter(|(record, _)| record.key == draft) {
                let term = self.instant(&columns, "approved_at");
                let says =
                    |name: &str| text(&draft, name).unwrap_or_else(|| self.words.text("pack-left-out"));
                let mut lines = vec![format!("{}: {}", self.words.text("pack-to"), says("recipient"))];
                lines.push(format!("{}: {}", self.words.text("pack-subject"), says("subject")));
                lines.extend(says("body").lines().map(str::to_owned));
                entries.push(Entry { term, lines });
            }
        }
        for (_, columns) in self.rows("deliveries") {
            let outcome = text(&columns, "outcome").unwrap_or_default();
            let response = text(&columns, "response").unwrap_or_else(|| self.words.text("pack-left-out"));
            let line = format!("{}: {outcome}. {response}", self.words.text("pack-delivery"));
            entries.push(Entry { term: self.instant(&columns, "at"), lines: vec![line] });
        }
        self.section("pack-messages", entries)
    }

    fn answers(&self) -> Section {
        let mut entries: Vec<Entry> =
            self.lines_of(&["atlassian_answered", "answered", "customer_told"]).collect();
        for (record, columns) in self.rows("inbound_emails") {
            let sender =
                text(&columns, "sender").map(|word| self.words.word("writer", &word)).unwrap_or_default();
            let hash = text(&columns, "content_hash").unwrap_or_default().replace("\\x", "");
            let lines = vec![format!("{sender} ({})", record.key), format!("SHA-256 {hash}")];
            entries.push(Entry { term: self.instant(&columns, "received_at"), lines });
        }
        self.section("pack-answers", entries)
    }

    fn letters(&self) -> Section {
        let mut sorted: Vec<_> = self.rows("emails").collect();
        sorted.sort_by_key(|(record, columns)| (text(columns, "created_at"), record.key.clone()));
        let entries = sorted.into_iter().map(|(record, columns)| {
            let kind = text(&columns, "notification").unwrap_or_default();
            let to = text(&columns, "envelope_to").unwrap_or_else(|| self.words.text("pack-left-out"));
            let mut lines = vec![format!("{} → {to}", self.words.word("notification", &kind))];
            lines.extend(text(&columns, "subject"));
            let body = self.rows("letter_texts").find(|(text, _)| text.key == record.key);
            let body = body.and_then(|(_, columns)| text(&columns, "body")).unwrap_or_default();
            lines.extend(body.lines().map(str::to_owned));
            Entry { term: self.instant(&columns, "created_at"), lines }
        });
        self.section("pack-letters", entries.collect())
    }

    fn files(&self) -> Section {
        let entries = self.rows("evidence_files").map(|(record, columns)| {
            let by =
                self.staff(&columns, "uploaded_by").unwrap_or_else(|| self.words.word("actor", "requester"));
            let hash = text(&columns, "sha256").unwrap_or_default().replace("\\x", "");
            let name = text(&columns, "name").unwrap_or_else(|| self.words.text("pack-left-out"));
            let size = text(&columns, "size").unwrap_or_default();
            let lines = vec![format!("{name}, {size} B, {by} ({})", record.key), format!("SHA-256 {hash}")];
            Entry { term: self.instant(&columns, "created_at"), lines }
        });
        self.section("pack-files", entries.collect())
    }

    fn trail(&self) -> Section {
        let entries = self.sources.chain.lines.iter().map(|line| {
            let data = data(&line.data);
            let mut said = format!("{} {}", self.words.who(line), self.words.event(line));
            if let (Some(from), Some(to)) = (text(&data, "from"), text(&data, "to"))
                && from != to
            {
                let (from, to) = (self.words.word("state", &from), self.words.word("state", &to));
                said = format!("{said} ({from} → {to})");
            }
            Entry { term: format!("{} · {}", line.seq, self.words.moment(line.at)), lines: vec![said] }
        });
        self.section("pack-trail", entries.collect())
    }
}
