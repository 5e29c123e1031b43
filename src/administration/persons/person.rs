//! Who is looked for: one mailbox in all its spellings, and the names that rows tie to it.
//!
//! Two people whose addresses differ by a dot alone are taken for one, as everywhere here; so the page shows every spelling that
//! was found, for somebody to look at before a copy leaves the house.

use std::{collections::BTreeSet, ops::Range};

use crate::{case::address::EmailAddress, token::sha256};

/// Before a spelling stands nothing that could belong to it; what an address of a page escapes may.
const BEFORE: &str = "(?:(?<![[:alnum:]._+-])|%[0-9a-f]{2})";
/// And behind it neither.
const AFTER: &str = "(?![[:alnum:]-])(?!\\.[[:alnum:]])";

/// A mailbox that somebody asks about.
#[derive(Clone, Debug)]
pub struct Person {
    pub address: EmailAddress,
}

impl Person {
    pub fn new(address: EmailAddress) -> Self {
        Self { address }
    }

    /// Whether `address` is another spelling of theirs.
    pub fn is(&self, address: &str) -> bool {
        self.address.same_person(address)
    }

    /// What the database finds every spelling by, in a regular expression of its own, without regard to case.
    pub(super) fn pattern(&self) -> String {
        let mailbox = self.address.mailbox();
        let (local, domain) = mailbox.rsplit_once('@').unwrap_or_default();
        let signs: Vec<String> = local.chars().map(escaped).collect();
        let written = idna::domain_to_unicode(domain).0;
        let domains: BTreeSet<String> = [domain, written.as_str()].map(escape).into();
        let domains: Vec<String> = domains.into_iter().collect();
        format!(
            "{BEFORE}\\.?{}\\.?(?:(?:\\+|%2b)[[:alnum:]._%+=-]*)?(?:@|%40)(?:{}){AFTER}",
            signs.join("\\.?"),
            domains.join("|")
        )
    }

    /// As an objection to the yearly question is kept: of each spelling.
    pub(super) fn hashes(&self, spellings: &BTreeSet<String>) -> Vec<Vec<u8>> {
        // Also where no row has it any more.
        let own = self.address.as_str().to_lowercase();
        let (local, domain) = own.rsplit_once('@').unwrap_or_default();
        let untagged = format!("{}@{domain}", local.split('+').next().unwrap_or_default());
        spellings
            .iter()
            .chain([&own, &untagged])
            .map(|spelling| sha256(spelling.as_bytes()).to_vec())
            .collect()
    }

    /// The spellings of theirs in a text, in lower case.
    pub(super) fn spellings_in(&self, text: &str) -> BTreeSet<String> {
        addresses_in(text)
            .into_iter()
            .filter_map(|at| text.get(at))
            .filter(|found| self.is(found))
            .map(str::to_lowercase)
            .collect()
    }
}

/// What the database finds a name by that has at least two words; a single word is too many people's.
pub(super) fn name_pattern(name: &str) -> Option<String> {
    let words: Vec<String> = name.split_whitespace().map(escape).collect();
    (words.len() > 1).then(|| format!("\\m{}\\M", words.join("\\s+")))
}

fn escape(text: &str) -> String {
    text.chars().map(escaped).collect()
}

fn escaped(sign: char) -> String {
    if sign.is_alphanumeric() { sign.to_string() } else { format!("\\{sign}") }
}

/// Where addresses stand in a text: whatever is written around an `@` as one.
pub(super) fn addresses_in(text: &str) -> Vec<Range<usize>> {
    let is_local = |sign: char| sign.is_ascii_alphanumeric() || "._%+-'&=~!#$".contains(sign);
    let is_domain = |sign: char| sign.is_alphanumeric() || ".-".contains(sign);
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
        let local: usize = before.chars().rev().take_while(|sign| is_local(*sign)).map(char::len_utf8).sum();
        let domain: String = behind.chars().skip(1).take_while(|sign| is_domain(*sign)).collect();
        let domain = domain.trim_end_matches(['.', '-']).len();
        if local > 0 && domain > 0 {
            found.push(at.saturating_sub(local)..at.saturating_add(domain).saturating_add(1));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_prose() {
        let text = "Frau Abend <petra.abend+x@nordlicht.example>, (eva@müller.example). a@ @b";
        let found: Vec<&str> = addresses_in(text).into_iter().map(|at| &text[at]).collect();
        assert_eq!(found, ["petra.abend+x@nordlicht.example", "eva@müller.example"]);
        let person = Person::new("petraabend@nordlicht.example".parse().unwrap());
        assert_eq!(person.spellings_in(text), ["petra.abend+x@nordlicht.example".to_owned()].into());
    }
}
