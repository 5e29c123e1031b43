//! A program's JSON as the fields of a form, so that both are read by the same code: one object of texts and yes or no.
//!
//! Says what an operation takes and holds what was sent against it: another name, another type or a name that stands twice is
//! refused, so that two readers of one body can't understand two things. What the values mean is for whoever reads the fields.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::Value;

use super::{error::FieldError, fields::Fields};
use crate::lang::{Arguments, Language};

/// A body that is no form, read as a whole by the guard.
#[derive(Clone, Debug)]
pub struct Body(pub actix_web::web::Bytes);

/// Files or criteria that one body may name.
const MOST_NAMES: usize = 100;

/// One field of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// In English, for the reference.
    pub about: &'static str,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    Bool,
    Id,
    /// Ids of files: sent on as `file-<id>`.
    Files,
    /// Yes or no by name: sent on as `criterion-<name>`.
    Criteria(&'static [&'static str]),
    /// Versions by the number of their case: sent on as `case-<number>`.
    Versions,
}

/// Why a body is not read.
#[derive(Debug)]
pub enum Unread {
    /// No JSON object, one too deep, or one with a name twice.
    Malformed,
    Wrong(Vec<FieldError>),
}

/// Reads `body`; an empty one is an object of nothing.
///
/// # Errors
/// [`Unread`].
pub fn read(body: &[u8], fields: &[Field], language: Language) -> Result<Fields, Unread> {
    let Object(values) = if body.is_empty() {
        Object::default()
    } else {
        serde_json::from_slice(body).map_err(|_| Unread::Malformed)?
    };
    let (mut read, mut wrong) = (Fields::default(), Vec::new());
    for (name, value) in values {
        let key = match fields.iter().find(|field| field.name == name) {
            None => Some("api-field-unknown"),
            Some(field) => (!put(&mut read, field, &value)).then_some("api-field-type"),
        };
        if let Some(key) = key {
            let message = language.text_with(key, &Arguments::new());
            wrong.push(FieldError { field: name.chars().take(60).collect(), message });
        }
    }
    if wrong.is_empty() { Ok(read) } else { Err(Unread::Wrong(wrong)) }
}

/// Whether the value is of the field's kind. Nothing is as if it were left out.
fn put(to: &mut Fields, field: &Field, value: &Value) -> bool {
    match (field.kind, value) {
        (_, Value::Null) => !field.required,
        (Kind::Text, Value::String(text)) => {
            to.set(field.name, &shown(text));
            true
        }
        (Kind::Id, Value::String(text)) => {
            to.set(field.name, text);
            text.parse::<uuid::Uuid>().is_ok()
        }
        (Kind::Choice(words), Value::String(text)) => {
            to.set(field.name, text);
            words.contains(&text.as_str())
        }
        (Kind::Bool, Value::Bool(yes)) => {
            to.set(field.name, if *yes { "true" } else { "" });
            true
        }
        (Kind::Files, Value::Array(ids)) if ids.len() <= MOST_NAMES => ids.iter().all(|id| {
            let id = id.as_str().and_then(|id| id.parse::<uuid::Uuid>().ok());
            id.is_some_and(|id| {
                to.set(&format!("file-{id}"), "true");
                true
            })
        }),
        (Kind::Criteria(words), Value::Object(answers)) if answers.len() <= MOST_NAMES => {
            answers.iter().all(|(criterion, answer)| {
                let yes = answer.as_bool().filter(|_| words.contains(&criterion.as_str()));
                yes.is_some_and(|yes| {
                    to.set(&format!("criterion-{criterion}"), if yes { "yes" } else { "no" });
                    true
                })
            })
        }
        (Kind::Versions, Value::Object(cases)) if (1..=MOST_NAMES).contains(&cases.len()) => {
            cases.iter().all(|(number, version)| {
                let version = version.as_i64().and_then(|version| i32::try_from(version).ok());
                let plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                version.filter(|version| *version >= 1 && plain && number.len() <= 40).is_some_and(
                    |version| {
                        to.set(&format!("case-{number}"), &version.to_string());
                        true
                    },
                )
            })
        }
        _ => false,
    }
}

/// As forms are read: control characters are dropped, and PostgreSQL keeps no NUL.
fn shown(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\r' | '\t') || !c.is_control()).collect()
}

/// An object in which no name stands twice.
#[derive(Debug, Default)]
struct Object(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut values = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if values.insert(name, value).is_some() {
                        return Err(A::Error::custom("a name stands twice"));
                    }
                }
                Ok(Object(values))
            }
        }
        deserializer.deserialize_map(Once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn field(name: &'static str, kind: Kind) -> Field {
        Field { name, kind, required: false, about: "" }
    }

    const FIELDS: [Field; 7] = [
        field("note", Kind::Text),
        field("verdict", Kind::Choice(&["passed", "failed"])),
        field("waive", Kind::Bool),
        field("contact", Kind::Id),
        field("files", Kind::Files),
        field("criteria", Kind::Criteria(&["date", "names"])),
        field("cases", Kind::Versions),
    ];

    #[test]
    fn an_object_becomes_the_fields_of_a_form() {
        let id = "018f0000-0000-7000-8000-000000000001";
        let body = format!(
            r#"{{"note":"Zeile\nzwei\u0000","verdict":"passed","waive":true,"contact":"{id}","files":["{id}"],
                "criteria":{{"date":true,"names":false}},"cases":{{"HO-2026-00042":7}}}}"#
        );
        let fields = read(body.as_bytes(), &FIELDS, Language::En).unwrap();
        for (name, value) in [
            ("note", "Zeile\nzwei"),
            ("verdict", "passed"),
            ("waive", "true"),
            ("contact", id),
            (&format!("file-{id}"), "true"),
            ("criterion-date", "yes"),
            ("criterion-names", "no"),
            ("case-HO-2026-00042", "7"),
        ] {
            assert_eq!(fields.get(name), value, "{name}");
        }
        assert_eq!(read(b"", &FIELDS, Language::En).unwrap(), Fields::default());
    }

    #[test]
    fn what_two_could_read_differently_is_no_object() {
        let deep = format!("{{\"note\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
        for body in [
            &b"[]"[..],
            b"{",
            b"{} {}",
            b"\"note\"",
            b"{\"note\":\"a\",\"note\":\"b\"}",
            b"{\"note\":\"\xfc\"}",
            b"{\"note\":\"\\ud800\"}",
            deep.as_bytes(),
        ] {
            assert!(matches!(read(body, &FIELDS, Language::En), Err(Unread::Malformed)));
        }
    }

    #[test]
    fn other_names_and_types_are_told_all_at_once() {
        let body = br#"{"version":"1","note":1,"waive":"true","files":["x"],"criteria":{"other":true},"verdict":"maybe"}"#;
        let Err(Unread::Wrong(wrong)) = read(body, &FIELDS, Language::De) else { panic!() };
        let names: Vec<&str> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(names, ["criteria", "files", "note", "verdict", "version", "waive"]);
    }

    #[test]
    fn a_version_is_a_whole_number_of_a_case() {
        for cases in [
            "{}",
            "[]",
            "{\"HO-1\":0}",
            "{\"HO-1\":\"7\"}",
            "{\"HO-1\":7.5}",
            "{\"HO=1&x\":7}",
            "{\"HO-1\":4294967297}",
        ] {
            let body = format!("{{\"cases\":{cases}}}");
            let Err(Unread::Wrong(wrong)) = read(body.as_bytes(), &FIELDS, Language::En) else {
                panic!("{cases}")
            };
            assert_eq!(wrong[0].field, "cases");
        }
    }
}
