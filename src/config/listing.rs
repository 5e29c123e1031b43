//! All settings in a row, each with its value and where that comes from; of a secret only whether it is set.

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value;

use super::{Reading, Settings, Source, secret_files};

/// A setting with its value and its source.
#[derive(Clone, Debug)]
pub struct Listed {
    pub key: String,
    pub shown: Shown,
    pub source: Source,
}

/// What is told of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    Value(Value),
    /// A secret: whether it is set, and neither how long it is nor how many there are.
    Secret {
        is_set: bool,
    },
}

impl Settings {
    /// Each key with its value, in the order of the sections; without secrets, which can't be written.
    ///
    /// # Errors
    /// Never, as far as known: settings are plain values.
    pub fn flatten(&self) -> serde_json::Result<Vec<(String, Value)>> {
        let mut found = Vec::new();
        flatten(String::new(), serde_json::to_value(self)?, &mut found);
        Ok(found)
    }
}

fn flatten(key: String, value: Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let below = if key.is_empty() { name } else { format!("{key}.{name}") };
                flatten(below, value, found);
            }
        }
        // Tables in a row have names of their own: desk.providers.entra.issuer.
        Value::Array(tables) if tables.iter().any(Value::is_object) => {
            for (at, table) in tables.into_iter().enumerate() {
                let name = table.get("name").and_then(Value::as_str);
                let name = name.map_or_else(|| at.to_string(), str::to_owned);
                flatten(format!("{key}.{name}"), table, found);
            }
        }
        value => found.push((key, value)),
    }
}

impl Reading {
    /// Every setting, secrets before the files that may name them.
    ///
    /// # Errors
    /// As of [`Settings::flatten`].
    pub fn list(&self) -> serde_json::Result<Vec<Listed>> {
        let secrets = secret_files::list(&self.settings);
        let mut listed = Vec::new();
        for (key, value) in self.settings.flatten()? {
            let secret = key.strip_suffix("_file");
            if let Some((key, is_set)) = secrets.iter().find(|(known, _)| Some(known.as_str()) == secret) {
                let shown = Shown::Secret { is_set: *is_set };
                listed.push(Listed { key: key.clone(), shown, source: self.sources.find(key) });
            }
            let source = self.sources.find(&key);
            listed.push(Listed { key, shown: Shown::Value(without_passwords(value)), source });
        }
        Ok(listed)
    }
}

/// No setting that is shown is meant to hold one, but an address can: `https://user:password@host`.
fn without_passwords(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(match text.split_once("://") {
            Some((scheme, rest)) => match rest.rsplit_once('@') {
                Some((_, host)) => format!("{scheme}://\u{2026}@{host}"),
                None => text,
            },
            None => text,
        }),
        Value::Array(values) => Value::Array(values.into_iter().map(without_passwords).collect()),
        value => value,
    }
}

impl Serialize for Listed {
    /// `key`, `value` or `secret` and `is_set`, `source`, and what is known of that: `file`, `variable`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("key", &self.key)?;
        match &self.shown {
            Shown::Value(value) => map.serialize_entry("value", value)?,
            Shown::Secret { is_set } => {
                map.serialize_entry("secret", &true)?;
                map.serialize_entry("is_set", is_set)?;
            }
        }
        match &self.source {
            Source::Default => map.serialize_entry("source", "default")?,
            Source::Made => map.serialize_entry("source", "made")?,
            Source::File(file) => {
                map.serialize_entry("source", "file")?;
                map.serialize_entry("file", file)?;
            }
            Source::Variable(name) => {
                map.serialize_entry("source", "environment")?;
                map.serialize_entry("variable", name)?;
            }
            Source::SecretFile(file) => {
                map.serialize_entry("source", "secret_file")?;
                map.serialize_entry("file", file)?;
            }
        }
        map.end()
    }
}
