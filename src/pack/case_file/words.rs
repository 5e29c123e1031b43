//! Evidence and events of a case file as sentences, from the words that are stored.
//!
//! As the desk's pages say them, but from data alone: a sentence is filled with whatever fields there are, and where one is missing or
//! left out, the stored word stands in its place.

use std::borrow::Cow;

use fluent_templates::fluent_bundle::FluentValue;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{super::format::Settings, data};
use crate::{
    case::root::{Person, Root},
    lang::{Arguments, Language},
    pack::format::Line,
    view::write_instant,
};

pub struct Words<'s> {
    pub language: Language,
    zone: TimeZone,
    settings: &'s Settings,
}

impl<'s> Words<'s> {
    pub fn new(settings: &'s Settings) -> Self {
        let zone = TimeZone::get(&settings.zone).unwrap_or(TimeZone::UTC);
        Self { language: settings.language, zone, settings }
    }

    pub fn text(&self, key: &str) -> String {
        self.language.text(key)
    }

    pub fn fill(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let arguments: Arguments<'_> = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(value.clone())))
            .collect();
        self.language.text_with(key, &arguments)
    }

    /// The sentence for a stored word; the word where there is none.
    pub fn word(&self, family: &str, word: &str) -> String {
        let key = format!("{family}-{word}");
        self.language.find_text(&key, &Arguments::new()).unwrap_or_else(|| word.to_owned())
    }

    /// To the minute, as people write it; what is no time stays as it is.
    pub fn instant(&self, text: &str) -> String {
        let at = text.parse::<jiff::Timestamp>();
        at.map_or_else(|_| text.to_owned(), |at| write_instant(at.into(), &self.zone, self.language))
    }

    pub fn moment(&self, microseconds: i64) -> String {
        self.instant(&super::moment(microseconds))
    }

    /// The name, where the pack may say it; else the id.
    pub fn staff(&self, id: Uuid) -> String {
        self.settings.people.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    fn staff_of(&self, value: &Value) -> Option<String> {
        value.as_str().and_then(|id| id.parse().ok()).map(|id| self.staff(id))
    }

    /// Who did what a line says.
    pub fn who(&self, line: &Line) -> String {
        match line.staff {
            Some(staff) => self.staff(staff),
            None => self.word("actor", &line.actor),
        }
    }

    /// What they did, to follow who did it.
    pub fn event(&self, line: &Line) -> String {
        let mut data = data(&line.data);
        let mode = match data.get("owner").and_then(Value::as_str) {
            Some(owner) if line.staff.is_some_and(|staff| staff.to_string() == owner) => "taken",
            Some(_) => "given",
            None => "dropped",
        };
        data.insert("mode".to_owned(), mode.into());
        self.sentence(&format!("event-{}", line.kind), &line.kind, &data)
    }

    /// What a check rests on; `by`: who decided.
    pub fn evidence(&self, evidence: &Value, by: Option<&Value>) -> String {
        let mut fields = evidence.as_object().cloned().unwrap_or_default();
        let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let count = |name: &str| fields.get(name).and_then(Value::as_array).map_or(0, Vec::len);
        let (times, files) = (count("reminded_at").saturating_add(1), count("files"));
        let criteria = |met: bool| {
            let answers = fields.get("answers").and_then(Value::as_object).cloned().unwrap_or_default();
            let named = answers.iter().filter(|(_, answer)| answer.as_bool() == Some(met));
            let named: Vec<String> = named.map(|(name, _)| self.word("criterion-short", name)).collect();
            if named.is_empty() { self.text("criterion-none") } else { named.join(", ") }
        };
        let who = fields.get("whose").and_then(Value::as_str).unwrap_or("contact").to_owned();
        let actor = if who == "contact" { "registered_contact" } else { who.as_str() };
        let more = [
            ("met", criteria(true).into()),
            ("unmet", criteria(false).into()),
            ("whose", self.word("actor", actor).into()),
            ("who", who.clone().into()),
            ("times", times.into()),
            ("count", files.into()),
            ("name", by.and_then(|by| self.staff_of(by)).unwrap_or_default().into()),
        ];
        fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
        self.sentence(&format!("evidence-{kind}"), &kind, &fields)
    }

    fn sentence(&self, key: &str, word: &str, fields: &Map<String, Value>) -> String {
        let arguments: Arguments<'_> = fields
            .iter()
            .map(|(name, value)| (Cow::Owned(name.clone()), self.argument(name, value)))
            .chain(fields.get("asked").map(|asked| (Cow::Borrowed("count"), self.argument("asked", asked))))
            .collect();
        // Fluent writes `{$name}` for what is missing.
        let found = self.language.find_text(key, &arguments).filter(|text| !text.contains("{$"));
        found.unwrap_or_else(|| word.to_owned())
    }

    fn argument(&self, name: &str, value: &Value) -> FluentValue<'static> {
        let family = match name {
            "check" | "verdict" | "answer" | "outcome" | "writer" => Some(name),
            _ => None,
        };
        match (family, value) {
            (Some(family), Value::String(word)) => self.word(family, word).into(),
            (None, Value::String(_)) if name == "owner" => self.staff_of(value).unwrap_or_default().into(),
            (None, Value::String(text)) => self.instant(text).into(),
            (_, Value::Number(number)) => number.as_i64().unwrap_or_default().into(),
            (_, Value::Array(all)) if name == "what" => {
                let words = all.iter().filter_map(Value::as_str).map(|word| self.word("fact", word));
                words.collect::<Vec<_>>().join(", ").into()
            }
            (_, other) => other.to_string().into(),
        }
    }

    fn person(&self, person: Person) -> String {
        let word = match person {
            Person::Requester => "requester",
            Person::Successor => "successor",
            Person::Departed => "departed_contact",
            Person::Contact(_) => "registered_contact",
        };
        self.word("actor", word)
    }

    /// One thing to own.
    pub fn root(&self, root: &Root) -> String {
        let name = match root {
            Root::Domain(domain) => domain.clone(),
            Root::Mailbox(person) | Root::Person(person) | Root::Line(person) => self.person(*person),
            Root::Paper => String::new(),
            Root::Staff(staff) => self.staff(staff.0),
        };
        self.fill(&format!("root-{}", root.as_str()), &[("name", name)])
    }

    pub fn roots(&self, roots: &[Root]) -> String {
        let named: Vec<String> = roots.iter().map(|root| self.root(root)).collect();
        self.fill("roots-check", &[("roots", named.join(&self.text("gap-or")))])
    }
}
