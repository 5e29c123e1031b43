//! The names Atlassian gives a licence or subscription. Whether one exists is for the register to say.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A support entitlement number (`SEN-12345678`, `SEN-L12345678`), an entitlement number (`E-3W8-NHD-V5E-GM7`) or a
/// cloud site (`something.atlassian.net`), in canonical writing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum EntitlementNumber {
    Sen(String),
    EntitlementNumber(String),
    Site(String),
}

/// The text names no entitlement in any of the three ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SEN, an entitlement number or a cloud site")]
pub struct InvalidEntitlement;

impl EntitlementNumber {
    /// Reads what people paste: any case, spaces, a missing hyphen after SEN, an address with `https://` and a path.
    pub fn parse(text: &str) -> Result<Self, InvalidEntitlement> {
        let text = text.trim().trim_end_matches([',', ';', '.']);
        // Before the other two: a site may be called `sensor` or `e-bike`.
        if let Ok(site) = Self::host(text) {
            return Ok(site);
        }
        let compact: String =
            text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
        match compact.strip_prefix("SEN") {
            Some(rest) => Self::support(rest.trim_start_matches('-')),
            None => Self::dashed(&compact),
        }
    }

    /// Rebuilds a stored value; `None` for what no parse could have made.
    pub fn restore(kind: &str, value: &str) -> Option<Self> {
        let restored = match kind {
            "sen" => Self::support(value.strip_prefix("SEN-")?),
            "entitlement_number" => Self::dashed(value),
            "site" => Self::host(value),
            _ => return None,
        };
        restored.ok().filter(|restored| restored.value() == value)
    }

    fn support(rest: &str) -> Result<Self, InvalidEntitlement> {
        let digits = rest.strip_prefix('L').unwrap_or(rest);
        let right = (4..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if right { Ok(Self::Sen(format!("SEN-{rest}"))) } else { Err(InvalidEntitlement) }
    }

    fn dashed(compact: &str) -> Result<Self, InvalidEntitlement> {
        let groups = compact.strip_prefix("E-").ok_or(InvalidEntitlement)?;
        let group = |group: &str| {
            group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        };
        let right = groups.split('-').count() == 4 && groups.split('-').all(group);
        if right { Ok(Self::EntitlementNumber(compact.to_owned())) } else { Err(InvalidEntitlement) }
    }

    fn host(text: &str) -> Result<Self, InvalidEntitlement> {
        let lower = text.to_ascii_lowercase();
        let host = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
        let host = host.split(['/', '?', '#']).next().unwrap_or_default();
        let name = host.strip_suffix(".atlassian.net").ok_or(InvalidEntitlement)?;
        let right = (1..=63).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-');
        if right { Ok(Self::Site(host.to_owned())) } else { Err(InvalidEntitlement) }
    }

    /// The stored word for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sen(_) => "sen",
            Self::EntitlementNumber(_) => "entitlement_number",
            Self::Site(_) => "site",
        }
    }

    /// The canonical writing.
    pub fn value(&self) -> &str {
        match self {
            Self::Sen(value) | Self::EntitlementNumber(value) | Self::Site(value) => value,
        }
    }
}

impl fmt::Display for EntitlementNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_paste() {
        for (text, kind, value) in [
            ("SEN-12345678", "sen", "SEN-12345678"),
            ("sen 12345678,", "sen", "SEN-12345678"),
            ("SEN-L12345678", "sen", "SEN-L12345678"),
            ("e-3w8-nhd-v5e-gm7", "entitlement_number", "E-3W8-NHD-V5E-GM7"),
            ("https://Nordlicht.atlassian.net/wiki/x?y", "site", "nordlicht.atlassian.net"),
            ("Sensor.atlassian.net", "site", "sensor.atlassian.net"),
            ("https://sen.atlassian.net/wiki", "site", "sen.atlassian.net"),
            ("e-bike.atlassian.net", "site", "e-bike.atlassian.net"),
            ("http://e-bike.atlassian.net/jira/SEN-12345678", "site", "e-bike.atlassian.net"),
        ] {
            let parsed = EntitlementNumber::parse(text).unwrap();
            assert_eq!((parsed.kind(), parsed.value()), (kind, value), "{text}");
            assert_eq!(EntitlementNumber::restore(kind, value), Some(parsed));
        }
        for wrong in [
            "",
            "SEN-",
            "SEN-12a",
            "E-3W8-NHD-V5E",
            "E-3W8-NHD-V5E-GM77",
            "atlassian.net",
            "-x.atlassian.net",
            "x.atlassian.com",
            "x.y.atlassian.net",
            "E-3W8-NHD-V5E-GM7-AAA",
        ] {
            assert!(EntitlementNumber::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_value_of_another_kind_is_not_restored() {
        for (kind, value) in [
            ("site", "SEN-12345678"),
            ("sen", "sensor.atlassian.net"),
            ("entitlement_number", "e-bike.atlassian.net"),
            ("sen", "12345678"),
            ("entitlement_number", "e-3w8-nhd-v5e-gm7"),
            ("site", "https://nordlicht.atlassian.net"),
            ("", "SEN-12345678"),
        ] {
            assert_eq!(EntitlementNumber::restore(kind, value), None, "{kind} {value}");
        }
    }

    mod properties {
        use super::*;

        proptest::proptest! {
            #[test]
            fn what_was_read_is_restored(
                text in "(https?://)?(SEN|sen|Sen-|E-|e-)?[A-Za-z0-9-]{1,16}(\\.atlassian\\.net)?(/[a-z]{0,4})?                     |(SEN|sen)[ -]?L?[0-9]{3,13}|[Ee](-[A-Za-z0-9]{3}){3,5}"
            ) {
                if let Ok(parsed) = EntitlementNumber::parse(&text) {
                    let restored = EntitlementNumber::restore(parsed.kind(), parsed.value());
                    proptest::prop_assert_eq!(restored, Some(parsed));
                }
            }

            #[test]
            fn every_site_is_one(name in "(sen|SEN-|e-|E-)?[a-zA-Z0-9]{1,20}", around in "(https://)?") {
                let parsed = EntitlementNumber::parse(&format!("{around}{name}.atlassian.net"));
                let site = format!("{}.atlassian.net", name.to_lowercase());
                proptest::prop_assert_eq!(parsed, Ok(EntitlementNumber::Site(site)));
            }
        }
    }
}
