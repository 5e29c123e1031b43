//! The layers that settings are read from, one upon the other, each with a name for where it lies. What is no setting is taken
//! out of a layer and said, so that all of them are said at once.

use std::{borrow::Cow, path::Path};

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Env, Format as _, Toml},
    util::nest,
    value::{Dict, Map, Value},
};

use super::super::DEFAULT;

/// What the layer below all others is called.
pub(super) const DEFAULTS: &str = "the defaults";

/// A layer as it was read.
pub(super) struct Layer {
    metadata: Metadata,
    dict: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Ok(Profile::Default.collect(self.dict.clone()))
    }
}

impl Layer {
    pub fn defaults() -> anyhow::Result<Self> {
        Self::read(&Toml::string(DEFAULT), Metadata::named(DEFAULTS))
    }

    pub fn text(text: &str) -> anyhow::Result<Self> {
        Self::read(&Toml::string(text), Metadata::named("the text given"))
    }

    pub fn file(file: &Path) -> anyhow::Result<Self> {
        let metadata = Metadata::from("the file", file);
        Self::read(&Toml::file_exact(file), metadata)
    }

    fn read(toml: &impl Provider, metadata: Metadata) -> anyhow::Result<Self> {
        let data = toml.data().map_err(|error| {
            anyhow::anyhow!("the settings {} can't be read: {}", whence(&metadata), super::discreet(error))
        });
        Ok(Self { metadata, dict: data?.into_values().next().unwrap_or_default() })
    }

    /// One variable as a setting; `key` with dots: `mail.smtp.password`. Text as it stands, so that a password of digits stays
    /// one; only a list in brackets is read as a list.
    pub fn variable(name: impl Into<Cow<'static, str>>, key: &str, text: &str) -> Self {
        let list = text.starts_with('[').then(|| text.parse::<Value>().ok()).flatten();
        let value = list.unwrap_or_else(|| Value::from(text));
        let metadata = Metadata::from(name, figment::Source::Custom("environment".to_owned()));
        Self { metadata, dict: nest(key, value).into_dict().unwrap_or_default() }
    }

    /// `key` as the defaults have it, upon whatever was wrong with it.
    pub fn default_of(key: &str, value: Value) -> Self {
        let dict = nest(key, value).into_dict().unwrap_or_default();
        Self { metadata: Metadata::named(DEFAULTS), dict }
    }

    /// Upon `figment`, without what `known` does not know; that is added to `complaints`.
    pub fn merge_into(mut self, figment: Figment, known: &Dict, complaints: &mut Vec<String>) -> Figment {
        let mut strange = Vec::new();
        self.dict = keep_known("", std::mem::take(&mut self.dict), known, &mut strange);
        let whence = whence(&self.metadata);
        complaints.extend(strange.into_iter().map(|key| format!("{key} is no setting ({whence})")));
        figment.merge(self)
    }

    pub fn dict(&self) -> &Dict {
        &self.dict
    }
}

fn keep_known(section: &str, dict: Dict, known: &Dict, strange: &mut Vec<String>) -> Dict {
    let mut kept = Dict::new();
    for (name, value) in dict {
        let key = if section.is_empty() { name.clone() } else { format!("{section}.{name}") };
        match (known.get(&name), value) {
            (None, _) => strange.push(key),
            (Some(Value::Dict(_, known)), Value::Dict(tag, below)) => {
                let below = keep_known(&key, below, known, strange);
                kept.insert(name, Value::Dict(tag, below));
            }
            (Some(_), value) => {
                kept.insert(name, value);
            }
        }
    }
    kept
}

/// Where a value lies, in words.
pub(super) fn whence(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(figment::Source::File(file)) => format!("in {}", file.display()),
        Some(figment::Source::Custom(_)) => format!("in the environment variable {}", metadata.name),
        _ => format!("in {}", metadata.name),
    }
}

/// `DATABASE_URL`, which hosting platforms set, as `database.url`; then every `HANDOVER__SECTION__KEY`.
#[expect(clippy::disallowed_methods, reason = "the environment is read here and nowhere else")]
pub(super) fn variables() -> Vec<Layer> {
    let url = std::env::var("DATABASE_URL").ok();
    let url = url.map(|text| Layer::variable("DATABASE_URL", "database.url", &text));
    let ours =
        Env::prefixed("HANDOVER__").split("__").iter().collect::<Vec<_>>().into_iter().map(|(key, text)| {
            let name = format!("HANDOVER__{}", key.as_str().to_uppercase().replace('.', "__"));
            Layer::variable(name, key.as_str(), &text)
        });
    url.into_iter().chain(ours).collect()
}
