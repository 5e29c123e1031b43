//! Free text from people: cleaned, bounded, and refused when it holds a password or a licence key. Renders nothing.

mod secrets;

use secrets::holds_password;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::link::secret_folders;

/// Text of one or more lines that is not empty, has no control characters and holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidText {
    Empty,
    /// More characters than it may have.
    TooLong,
    /// It seems to hold a password.
    HoldsPassword,
    /// It seems to hold a licence key.
    HoldsLicenceKey,
    /// It holds a personal link of ours: whoever reads it could use it in the name of whom it was for.
    HoldsLink,
}

/// The folders of all pages behind a secret, followed by one: 43 characters of base64url.
fn holds_link(text: &str) -> bool {
    secret_folders().flat_map(|folder| text.match_indices(folder).map(move |(at, _)| at + folder.len())).any(
        |end| {
            let rest = text.get(end..).unwrap_or_default().strip_prefix('/').unwrap_or_default();
            let secret =
                rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            secret.count() == 43
        },
    )
}

impl Text {
    /// Characters a text may have.
    pub const MAX: usize = 4000;
    /// Characters that a message to Atlassian may have: one that names fifty sites is longer than anything else.
    pub const LONGEST_MESSAGE: usize = 20_000;

    /// A text of at most [`Text::MAX`] characters.
    pub fn parse(text: &str) -> Result<Self, InvalidText> {
        Self::parse_within(text, Self::MAX)
    }

    /// A text of at most `most` characters.
    pub fn parse_within(text: &str, most: usize) -> Result<Self, InvalidText> {
        let clean: String = text
            .replace("\r\n", "\n")
            .chars()
            .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
            .collect();
        let clean = clean.trim();
        if clean.is_empty() {
            return Err(InvalidText::Empty);
        }
        if clean.chars().count() > most {
            return Err(InvalidText::TooLong);
        }
        if holds_licence_key(clean) {
            return Err(InvalidText::HoldsLicenceKey);
        }
        if holds_link(clean) {
            return Err(InvalidText::HoldsLink);
        }
        if holds_password(clean) {
            return Err(InvalidText::HoldsPassword);
        }
        Ok(Self(clean.to_owned()))
    }

    /// A text that was kept: refused only where it is none at all, for what is refused may have become more since.
    pub fn restore(text: &str) -> Option<Self> {
        (!text.trim().is_empty()).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is kept with the case. The trail names only its id, so that the text can be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: Uuid,
    pub text: Text,
    /// The version of a text block that it began with.
    pub block: Option<Uuid>,
}

impl Note {
    pub fn new(text: Text) -> Self {
        Self { id: Uuid::new_v4(), text, block: None }
    }

    #[must_use]
    pub fn from_block(self, block: Option<Uuid>) -> Self {
        Self { block, ..self }
    }
}

/// What a note is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NoteKind {
    /// Among staff.
    Note,
    /// To the customer.
    Question,
    /// From the customer.
    Answer,
    /// Why somebody decided something.
    Reason,
    /// What the requester is told of a decision.
    Told,
    /// From whoever objects.
    Objection,
    /// What Atlassian said.
    AtlassianAnswer,
}

/// Atlassian licence keys are long base64 blocks that begin `AAAB…` and are wrapped over several lines.
fn holds_licence_key(text: &str) -> bool {
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let joined: String = text.chars().filter(|c| *c != '\n' && *c != '\t').collect();
    let long_run = joined.split(|c: char| !is_base64(c)).any(|run| {
        let mixed = run.chars().any(|c| c.is_ascii_digit()) && run.chars().any(|c| c.is_ascii_uppercase());
        run.len() >= 80 && mixed && run.chars().any(|c| c.is_ascii_lowercase())
    });
    long_run || joined.split(|c: char| !is_base64(c)).any(|run| run.starts_with("AAAB") && run.len() >= 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licence_keys_are_refused() {
        for text in [
            "Key: AAABhw0ODAoPeNp9kk9v2kAQxe",
            &"Ab1+".repeat(30),
            &format!("AAAB{}\n{}", "xY1z".repeat(18), "aB3c".repeat(18)),
        ] {
            assert_eq!(Text::parse(text), Err(InvalidText::HoldsLicenceKey), "{text}");
        }
        assert_eq!(Text::parse("Das Passwort lautet Sommer2024!"), Err(InvalidText::HoldsPassword));
    }

    #[test]
    fn links_of_ours_are_refused_and_nothing_that_looks_like_one() {
        let secret = "q3X-0kV_7mTz9bLwYh2Rr5cJfUeNs8gPaD1oKiBvC4E";
        for folder in secret_folders() {
            for text in [
                format!("https://handover.example/{folder}/{secret}"),
                format!("so geht es nicht: /{folder}/{secret}/answer?x=1"),
            ] {
                assert_eq!(Text::parse(&text), Err(InvalidText::HoldsLink), "{text}");
            }
            assert!(Text::parse(&format!("https://handover.example/{folder}/{}", &secret[1..])).is_ok());
        }
        assert!(Text::parse("Siehe https://my.atlassian.com/cases/CA-12345 und unsere cases/2026.").is_ok());
    }

    /// What was kept before passwords were told better still reads.
    #[test]
    fn what_was_kept_stays_a_text() {
        assert!(Text::restore("Das Passwort lautet Sommer2024!").is_some());
        assert_eq!(Text::restore(" "), None);
    }

    #[test]
    fn text_is_cleaned_and_bounded() {
        assert_eq!(Text::parse(" a\r\nb\u{0} ").unwrap().as_str(), "a\nb");
        assert_eq!(Text::parse(" \n "), Err(InvalidText::Empty));
        assert_eq!(Text::parse(&"x".repeat(4001)), Err(InvalidText::TooLong));
    }
}
