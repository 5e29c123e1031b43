//! How the reseller's own system calls a case, and where it shows it. For staff alone: nothing of it is ever shown to the
//! customer's side or sent to Atlassian.
//!
//! A reference is a number or key, no prose: plain letters, digits and a few signs, so that it hides nothing, holds no link of
//! ours, and leads to no other place when it stands in an address.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Such as `SALES-4711`, `INC0012345` or `2026/17`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// The text is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a reference")]
pub struct InvalidReference;

impl Reference {
    /// Characters it may have; fewer than a secret of ours has.
    pub const MAX: usize = 40;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let text = text.trim();
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_./#:".contains(c);
        // What holds neither letter nor digit names nothing, and `..` in an address leads upwards.
        let names = text.chars().any(|c| c.is_ascii_alphanumeric());
        if text.len() <= Self::MAX && text.chars().all(fits) && names && !text.contains("..") {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidReference)
        }
    }
}

impl TryFrom<String> for Reference {
    type Error = InvalidReference;

    fn try_from(text: String) -> Result<Self, InvalidReference> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a reference is shown: an address with `{reference}` behind its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    before: String,
    after: String,
}

impl FromStr for Pattern {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let (before, after) = text.split_once("{reference}").ok_or(InvalidReference)?;
        let rest = before.strip_prefix("https://").or_else(|| before.strip_prefix("http://"));
        let (host, _) = rest.and_then(|rest| rest.split_once('/')).ok_or(InvalidReference)?;
        let clean = |text: &str| text.chars().all(|c| c.is_ascii_graphic() && !"<>\"{}\\".contains(c));
        if host.is_empty() || host.contains('@') || !clean(before) || !clean(after) {
            return Err(InvalidReference);
        }
        Ok(Self { before: before.to_owned(), after: after.to_owned() })
    }
}

impl Pattern {
    /// The address of `reference`, every sign in it encoded (RFC 3986 §2.1).
    pub fn address(&self, reference: &Reference) -> String {
        let encode = |byte: u8| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        let encoded: String = reference.as_str().bytes().map(encode).collect();
        format!("{}{encoded}{}", self.before, self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_key_and_no_prose() {
        for text in ["SALES-4711", "INC0012345", "#12345", "2026/17", "a.b:c_d", " 7 "] {
            assert!(text.parse::<Reference>().is_ok(), "{text}");
        }
        let long = "1".repeat(41);
        let token = format!("/cases/{}", "A".repeat(43));
        for text in [
            "",
            "   ",
            "-",
            "..",
            "../..",
            "a/../b",
            "Frau Abend",
            "SALES\u{202e}4711",
            "SALES\u{200b}-1",
            "SÄLES-1",
            "<b>",
            "javascript:alert(1)",
            "a\nb",
            "a?b",
            "a%2e",
            &long,
            &token,
        ] {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_pattern_leads_to_its_own_host_whatever_the_reference() {
        let pattern: Pattern =
            "https://jira.reseller.example/browse/{reference}?from=handover".parse().unwrap();
        let address = |text: &str| pattern.address(&text.parse().unwrap());
        assert_eq!(address("SALES-4711"), "https://jira.reseller.example/browse/SALES-4711?from=handover");
        assert_eq!(address("a/b#c:d"), "https://jira.reseller.example/browse/a%2Fb%23c%3Ad?from=handover");
        for wrong in [
            "",
            "https://jira.reseller.example/",
            "{reference}",
            "javascript:alert('{reference}')",
            "https://{reference}/",
            "https://{reference}.reseller.example/",
            "https:///{reference}",
            "https://a@b.example/{reference}",
            "https://jira.reseller.example/{reference}/{reference}",
            "https://jira.reseller.example/\"{reference}",
        ] {
            assert!(wrong.parse::<Pattern>().is_err(), "{wrong}");
        }
    }
}
