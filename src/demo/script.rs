//! What the demo is told from: `demo/cases.toml`.

use anyhow::Context as _;
use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use serde::Deserialize;

use super::story::Story;
use crate::{case::actor::Role, lang::Language};

/// What `demo/cases.toml` holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub staff: Vec<Person>,
    pub cases: Vec<Story>,
    /// What people write in the cases of a crowd: the first where nothing says which, the last where they write English.
    pub crowd: Vec<Words>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub role: Role,
}

/// What people write in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub language: Language,
    pub explanation: String,
    pub question: String,
    pub objection: String,
    pub note: String,
}

impl Script {
    pub fn load() -> anyhow::Result<Self> {
        Figment::from(Toml::string(include_str!("../../demo/cases.toml")))
            .extract()
            .context("demo/cases.toml is not valid")
    }
}
