//! Free text from people: cleaned, bounded, and refused when it holds a password or a licence key. Renders nothing.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

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
        if holds_password(clean) {
            return Err(InvalidText::HoldsPassword);
        }
        Ok(Self(clean.to_owned()))
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

/// A word for a secret followed by something that reads like one (`Passwort: x7!kk2`, `pw=…`), or an API token.
fn holds_password(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "password",
        "passwort",
        "kennwort",
        "passwd",
        "passphrase",
        "pwd",
        "pw",
        "zugangscode",
        "zugangsdaten",
        "credentials",
        "token",
        "api key",
        "api-key",
        "api_key",
        "apikey",
    ];
    let lower = text.to_lowercase();
    let named = WORDS.iter().any(|word| {
        lower.match_indices(word).any(|(start, _)| {
            let before = lower.get(..start).and_then(|head| head.chars().next_back());
            let after = lower.get(start.saturating_add(word.len())..).unwrap_or_default();
            !before.is_some_and(char::is_alphanumeric) && names_a_value(after)
        })
    });
    named || holds_api_token(text)
}

/// After the word: `:`, `=`, "is", "ist", "lautet" and a value with a digit or a sign ("Passwort: unbekannt" gives
/// nothing away); or at once a value with a letter, a digit and a sign.
fn names_a_value(after: &str) -> bool {
    let rest = after.trim_start();
    let verb = ["is", "ist", "lautet", "war", "was"]
        .iter()
        .find_map(|verb| rest.strip_prefix(verb).filter(|tail| tail.starts_with([' ', ':', '='])));
    let (rest, verb) = (verb.unwrap_or(rest).trim_start(), verb.is_some());
    let marked = rest.strip_prefix([':', '=']);
    let value = marked
        .unwrap_or(rest)
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .trim_matches(['"', '\'', '„', '“', ',', '.']);
    let has_digit = value.chars().any(|c| c.is_ascii_digit());
    let has_sign = value.contains(|c| "!#$%&*+?@_^~".contains(c));
    let introduced = marked.is_some() || verb;
    let follows = after.starts_with(char::is_whitespace) && value.contains(char::is_alphabetic);
    let telling = if introduced { has_digit || has_sign } else { follows && has_digit && has_sign };
    value.chars().count() >= 4 && telling
}

/// Atlassian's API tokens begin `ATATT…` (of a person) or `ATCTT…` (of an organisation or repository).
fn holds_api_token(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"_-=".contains(c))
        .any(|run| run.len() >= 16 && (run.contains("ATATT") || run.contains("ATCTT")))
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
    fn secrets_are_refused() {
        for text in [
            "Das Passwort lautet Sommer2024!",
            "password: hunter2",
            "Kennwort = geheim99",
            "PW: abcd1234",
            "the password was Xy12!zz and so on",
            "Passwort Sommer2024!",
            "das Passwort „Sommer2024!“ galt noch",
            "Token: 4f2a9c",
            "API-Key = k3y_value",
            "api key: 0815-4711",
            "api_token=x1y2z3",
            "Zugangsdaten: ann@firma.example",
            "credentials: root#1",
            "Hier: ATATT3xFfGF0aBcDeFgHiJkLmNoPqRsTuVwXyZ_-=1A2B3C4D",
            "key=ATCTT3xFfGN0aBcDeFgHiJ",
        ] {
            assert_eq!(Text::parse(text), Err(InvalidText::HoldsPassword), "{text}");
        }
        for text in [
            "Key: AAABhw0ODAoPeNp9kk9v2kAQxe",
            &"Ab1+".repeat(30),
            &format!("AAAB{}\n{}", "xY1z".repeat(18), "aB3c".repeat(18)),
        ] {
            assert_eq!(Text::parse(text), Err(InvalidText::HoldsLicenceKey), "{text}");
        }
    }

    #[test]
    fn talk_about_passwords_is_fine() {
        for text in [
            "Wir haben das Passwort nicht mehr.",
            "Nobody knows the password of the old account.",
            "The password reset mail goes to the dead mailbox: please help.",
            "Das Kennwort ist leider verloren.",
            "Passwort: unbekannt",
            "Zugangsdaten: keine mehr vorhanden.",
            "The API token expired on 5.11.2024.",
            "Credentials 2024 were never handed on.",
            "Passwort für SEN-12345678 fehlt uns!",
            "Der Name ATATT sagt uns nichts.",
            "SEN-12345678 und E-3W8-NHD-V5E-GM7 sind betroffen.",
            "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung",
        ] {
            assert!(Text::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn text_is_cleaned_and_bounded() {
        assert_eq!(Text::parse(" a\r\nb\u{0} ").unwrap().as_str(), "a\nb");
        assert_eq!(Text::parse(" \n "), Err(InvalidText::Empty));
        assert_eq!(Text::parse(&"x".repeat(4001)), Err(InvalidText::TooLong));
    }
}
