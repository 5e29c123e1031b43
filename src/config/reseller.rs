//! Settings of the reseller's face. Plain values; `brand` judges them and makes of them what customers see.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Whom customers deal with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reseller {
    pub name: String,
    pub logo: PathBuf,
    pub logo_dark: PathBuf,
    pub accent: String,
    pub accent_dark: String,
    pub phone: String,
    pub hours: Words,
    pub address: String,
}

/// Words for people: the same for everybody, or by language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Words {
    Same(String),
    Each(ByLanguage),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ByLanguage {
    pub de: String,
    pub en: String,
}
