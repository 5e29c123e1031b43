//! Who writes to us about a case, what Atlassian answers, and its own key for it. How either is known is not here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The gist of Atlassian's answer.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AtlassianAnswer {
    /// The change is made.
    Done,
    /// Atlassian answered the customer directly; as far as we know it is made.
    ToldCustomer,
    /// Atlassian wants to know something.
    Question,
    /// Atlassian will not do it.
    Declined,
}

/// What the customer tells us by themselves. Only their word for it: it moves no case, and staff look into it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Topic {
    /// Atlassian wrote to them directly.
    AtlassianAnswered,
    /// Who else at the company could confirm the change. Whoever is asked is somebody on record all the same.
    Voucher,
}

impl Topic {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Who wrote an inbound e-mail that was filed with a case.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Writer {
    Requester,
    Successor,
    DepartedContact,
    /// Another contact on record, who was asked to vouch.
    RegisteredContact,
    Atlassian,
    /// A mail server, which sends back or reports on an e-mail of ours.
    MailServer,
    /// Somebody else, whose e-mail staff assigned to the case.
    Other,
}

impl Writer {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// In what manner an inbound e-mail was written, as far as staff have to know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// By a person, as far as anybody can tell.
    #[default]
    Written,
    /// By a machine, and nothing has to be done about it: an automatic answer, a delay.
    Automatic,
    /// The notice to the departed contact came back, which its check looks at by itself.
    ReturnedNotice,
    /// Another e-mail of ours came back.
    Returned,
}

impl Manner {
    pub fn is_written(&self) -> bool {
        *self == Self::Written
    }
}

/// The key under which Atlassian keeps the matter: `CA-1234567`. Upper-case letters and digits, a hyphen, digits, as
/// Jira has its issue keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TicketKey(String);

/// The text is not a ticket key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a ticket key")]
pub struct InvalidTicketKey;

impl TicketKey {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first ticket key in a subject that is none of our own numbers (`HO-2026-00042`), licence numbers
    /// (`SEN-12345678`) or the like.
    pub fn find_in(subject: &str) -> Option<Self> {
        subject
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .filter(|word| !["HO-", "SEN-", "E-", "AC-", "AT-", "P-"].iter().any(|own| word.starts_with(own)))
            .find_map(|word| word.parse().ok())
    }
}

impl FromStr for TicketKey {
    type Err = InvalidTicketKey;

    fn from_str(text: &str) -> Result<Self, InvalidTicketKey> {
        let (project, number) = text.split_once('-').ok_or(InvalidTicketKey)?;
        let project_is_sound = (2..=10).contains(&project.len())
            && project.starts_with(|c: char| c.is_ascii_uppercase())
            && project.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        let number_is_sound = (1..=10).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
        if project_is_sound && number_is_sound { Ok(Self(text.to_owned())) } else { Err(InvalidTicketKey) }
    }
}

impl TryFrom<String> for TicketKey {
    type Error = InvalidTicketKey;

    fn try_from(text: String) -> Result<Self, InvalidTicketKey> {
        text.parse()
    }
}

impl From<TicketKey> for String {
    fn from(key: TicketKey) -> Self {
        key.0
    }
}

impl fmt::Display for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_key_is_found_in_a_subject_and_nothing_else_is_taken_for_one() {
        for (subject, key) in [
            ("[CA-1234567] Technical contact of SEN-12345678 (HO-2026-00042)", Some("CA-1234567")),
            ("RE: HO-2026-00042: SEN-12345678 [ABC-123]", Some("ABC-123")),
            ("PCS-99 your request", Some("PCS-99")),
            ("AW: HO-2026-00042, E-3W8-NHD-V5E-GM7, SEN-L1234", None),
            ("ca-123 A-1 UTF-8-ish 2026-11 COVID-", None),
            ("", None),
        ] {
            assert_eq!(TicketKey::find_in(subject).as_ref().map(TicketKey::as_str), key, "{subject}");
        }
    }
}
