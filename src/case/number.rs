//! The number of a case as people say it: `HO-2026-00042`. Does not hand numbers out; `casework` does.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// `HO-`, the year of opening, a running number of that year with at least five digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

impl CaseNumber {
    pub fn new(year: i16, running: u32) -> Self {
        Self(format!("HO-{year:04}-{running:05}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a case number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a case number")]
pub struct InvalidCaseNumber;

impl FromStr for CaseNumber {
    type Err = InvalidCaseNumber;

    /// Forgives lower case and surrounding space; nothing else.
    fn from_str(text: &str) -> Result<Self, InvalidCaseNumber> {
        let number = text.trim().to_ascii_uppercase();
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (year, running) =
            number.strip_prefix("HO-").and_then(|rest| rest.split_once('-')).ok_or(InvalidCaseNumber)?;
        if year.len() == 4 && (5..=9).contains(&running.len()) && digits(year) && digits(running) {
            Ok(Self(number))
        } else {
            Err(InvalidCaseNumber)
        }
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = InvalidCaseNumber;
    fn try_from(text: String) -> Result<Self, InvalidCaseNumber> {
        text.parse()
    }
}

impl From<CaseNumber> for String {
    fn from(number: CaseNumber) -> Self {
        number.0
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        assert_eq!(CaseNumber::new(2026, 42).as_str(), "HO-2026-00042");
        assert_eq!(" ho-2026-00042 ".parse(), Ok(CaseNumber::new(2026, 42)));
        for wrong in ["HO-2026-0042", "HO-26-00042", "XX-2026-00042", "HO-2026-0004a", "", "HO-2026"] {
            assert_eq!(wrong.parse::<CaseNumber>(), Err(InvalidCaseNumber), "{wrong}");
        }
    }
}
