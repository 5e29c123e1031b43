//! Which column of somebody's file is which field of ours.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Context as _;
use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// A field of the register as a file can give it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    CustomerNumber,
    CustomerName,
    Country,
    Domains,
    Sen,
    EntitlementNumber,
    Site,
    Product,
    Hosting,
    Tier,
    Status,
    StartsOn,
    RenewsOn,
    TechnicalName,
    TechnicalEmail,
    TechnicalPhone,
    BillingName,
    BillingEmail,
    BillingPhone,
    Primary,
}

impl Field {
    /// The word for it in mapping files and reports.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Where the mapping of an import comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappingChoice {
    /// One that Handover brings along, by name: see [`PRESETS`].
    Preset(String),
    /// A TOML file: `our_field = "their column"`, or a list of columns of which the first that is not empty counts.
    File(PathBuf),
}

impl Default for MappingChoice {
    fn default() -> Self {
        Self::Preset("handover".to_owned())
    }
}

/// The mappings that Handover brings along, by name.
pub const PRESETS: [(&str, &str); 2] = [
    ("handover", include_str!("../../../config/register/handover.toml")),
    ("marketplace", include_str!("../../../config/register/marketplace.toml")),
];

/// For each field the columns that may hold it, in the order they are tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping(BTreeMap<Field, Vec<String>>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Columns {
    One(String),
    Several(Vec<String>),
}

impl Mapping {
    /// Reads the chosen mapping. Errors name the file and the key that is not known.
    pub fn load(choice: &MappingChoice) -> anyhow::Result<Self> {
        match choice {
            MappingChoice::Preset(name) => {
                let names = PRESETS.map(|(name, _)| name).join(", ");
                let (_, text) = PRESETS
                    .iter()
                    .find(|(preset, _)| preset == name)
                    .with_context(|| format!("there is no preset {name:?}; there are: {names}"))?;
                Self::parse(text).with_context(|| format!("the preset {name} is not valid"))
            }
            MappingChoice::File(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("could not read the mapping {}", path.display()))?;
                Self::parse(&text).with_context(|| format!("the mapping {} is not valid", path.display()))
            }
        }
    }

    /// Reads a mapping from TOML text.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let columns: BTreeMap<Field, Columns> = Figment::from(Toml::string(text)).extract()?;
        Ok(Self(
            columns
                .into_iter()
                .map(|(field, columns)| match columns {
                    Columns::One(column) => (field, vec![column]),
                    Columns::Several(columns) => (field, columns),
                })
                .collect(),
        ))
    }

    /// The columns that may hold `field`.
    pub fn columns(&self, field: Field) -> &[String] {
        self.0.get(&field).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_parse_and_handovers_own_names_every_field() {
        for (name, _) in PRESETS {
            Mapping::load(&MappingChoice::Preset(name.to_owned())).unwrap();
        }
        let own = Mapping::load(&MappingChoice::default()).unwrap();
        for field in Field::VARIANTS {
            assert_eq!(own.columns(*field), [field.as_str()]);
        }
    }

    #[test]
    fn mistakes_are_named() {
        let error = format!("{:#}", Mapping::parse("customer = \"Kunde\"").unwrap_err());
        assert!(error.contains("unknown variant") && error.contains("customer"), "{error}");
        let error = format!("{:#}", Mapping::load(&MappingChoice::Preset("x".into())).unwrap_err());
        assert!(error.contains("handover, marketplace"), "{error}");
        assert!(Mapping::parse("sen = 5").is_err());
    }

    #[test]
    fn several_columns_keep_their_order() {
        let mapping = Mapping::parse("sen = [\"b.c\", \"a\"]\nsite = \"s\"").unwrap();
        assert_eq!(mapping.columns(Field::Sen), ["b.c", "a"]);
        assert_eq!(mapping.columns(Field::Site), ["s"]);
        assert!(mapping.columns(Field::Tier).is_empty());
    }
}
