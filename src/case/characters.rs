//! What a text says to the eye and what stands in it: hidden characters, words of mixed scripts, and the addresses, domains
//! and links that it names.
//!
//! Pure, and decides nothing: the form and the desk refuse by it, the approval page shows by it. The attacker is a member
//! of staff who names a stranger at a look-alike domain in words of their own, or a form that hides what it says.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::MixedScript as _;

use super::address::EmailAddress;
pub use crate::characters::{Hidden, find_hidden};

/// What a piece of text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Address,
    Domain,
    Link,
}

/// A stretch of a text; all of them, one after the other, are the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    pub text: &'a str,
    /// What it names that is not the case's.
    pub foreign: Option<Named>,
}

/// Addresses and domains that a message about a case may name.
#[derive(Clone, Debug, Default)]
pub struct Known {
    addresses: BTreeSet<String>,
    domains: BTreeSet<String>,
    linked: BTreeSet<String>,
}

impl Known {
    /// The mailbox, and its domain by itself; not the mailbox beside it.
    pub fn add_address(&mut self, address: &str) {
        let address = address.trim().to_lowercase();
        if let Some((_, domain)) = address.rsplit_once('@') {
            self.domains.insert(domain.to_owned());
        }
        self.addresses.insert(address);
    }

    /// A domain that may also be linked to: ours, or a site that the case is about.
    pub fn add_domain(&mut self, domain: &str) {
        let domain = domain.trim().to_lowercase();
        self.linked.insert(domain.clone());
        self.domains.insert(domain);
    }

    /// Whatever this text of ours names.
    pub fn add_text(&mut self, text: &str) {
        for (_, word) in placed_words(text) {
            match name_in(word) {
                Some((Named::Address, address)) => self.add_address(&address),
                Some((Named::Domain | Named::Link, domain)) => self.add_domain(&domain),
                None => {}
            }
        }
    }

    fn has(&self, named: Named, name: &str) -> bool {
        match named {
            Named::Address => self.addresses.contains(name),
            Named::Domain => self.domains.contains(name),
            Named::Link => self.linked.contains(name),
        }
    }
}

/// The text in pieces, with those marked that name somebody or something the case does not know.
pub fn pieces<'a>(text: &'a str, known: &Known) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut told = 0;
    let mut push = |text: Option<&'a str>, foreign: Option<Named>| {
        pieces.extend(text.filter(|text| !text.is_empty()).map(|text| Piece { text, foreign }));
    };
    for (start, word) in placed_words(text) {
        let Some((named, _)) = name_in(word).filter(|(named, name)| !known.has(*named, name)) else {
            continue;
        };
        push(text.get(told..start), None);
        push(Some(word), Some(named));
        told = start.saturating_add(word.len());
    }
    push(text.get(told..), None);
    pieces
}

/// Signs that stand within an address or a link.
const WITHIN: &str = ".-_+@/:\\?&=%#~\u{ff20}\u{ff0e}\u{3002}\u{ff61}";

/// What an address or a link could be, without the signs around it, and where it begins.
fn placed_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_within = |c: char| c.is_alphanumeric() || WITHIN.contains(c);
    let mut start = 0_usize;
    text.split_inclusive(move |c: char| !is_within(c)).filter_map(move |stretch| {
        let at = start;
        start = start.saturating_add(stretch.len());
        let around = |c: char| !c.is_alphanumeric() && c != '/';
        let begun = stretch.trim_start_matches(around);
        let word = begun.trim_end_matches(around);
        let skipped = stretch.len().saturating_sub(begun.len());
        (!word.is_empty()).then(|| (at.saturating_add(skipped), word))
    })
}

/// What a word names: an address, or the host that a link or a domain leads to, in lower-case ASCII where that exists.
/// Letters of full width and the like are taken for what they look like, as mail programs do.
fn name_in(word: &str) -> Option<(Named, String)> {
    let plain: String = word.nfkc().collect::<String>().replace('\u{3002}', ".");
    if let Some((before, rest)) = plain.split_once("//") {
        // What stands in front of a scheme is what mail programs make a link of; nobody known is called like both together.
        let is_scheme = before.chars().all(|c| c.is_alphanumeric() || matches!(c, '+' | '-' | ':'));
        return Some((Named::Link, if is_scheme { host_of(rest) } else { plain.to_lowercase() }));
    }
    if let Some((local, domain)) = plain.trim_start_matches("mailto:").rsplit_once('@') {
        let address = format!("{local}@{domain}");
        let address = address.parse::<EmailAddress>().map_or(address, |address| address.to_string());
        return Some((Named::Address, address.to_lowercase()));
    }
    if plain.starts_with("www.") {
        return Some((Named::Link, host_of(&plain)));
    }
    let parts = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| c != '.' && WITHIN.contains(c) && !"-_".contains(c));
        parts.filter(|part| is_domain(part)).map(str::to_owned).collect()
    };
    // Two in front of the path: whichever a mail program follows, it is not to be told by the first.
    let front = parts(plain.split(['/', '?', '#']).next().unwrap_or_default());
    if front.len() > 1 && front.iter().any(|part| Some(part) != front.first()) {
        return Some((Named::Link, plain.to_lowercase()));
    }
    let host = front.into_iter().next().or_else(|| parts(&plain).into_iter().next())?;
    Some((if plain.contains('/') { Named::Link } else { Named::Domain }, in_ascii(&host)))
}

/// What stands behind a user name and in front of port, path and query; a browser takes a backslash for a slash.
fn host_of(link: &str) -> String {
    let authority = link.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    in_ascii(host.split_once(':').map_or(host, |(host, _)| host))
}

fn in_ascii(host: &str) -> String {
    idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_lowercase())
}

/// Two labels at least, and an end that no number or abbreviation has ("e.g.", "10.30").
fn is_domain(word: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    let is_end = |label: &str| {
        label.starts_with("xn--") || label.chars().count() >= 2 && label.chars().all(char::is_alphabetic)
    };
    word.rsplit_once('.').is_some_and(|(front, end)| is_end(end) && front.split('.').all(is_label))
}

/// The words of a text that mix scripts as no language does (UTS #39), each once.
pub fn words_of_mixed_scripts(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
    let mixed: BTreeSet<&str> = words.filter(|word| !word.is_single_script()).collect();
    mixed.into_iter().map(str::to_owned).collect()
}

/// Whether a name as a whole mixes scripts, also where each word of it keeps to one.
pub fn mixes_scripts(name: &str) -> bool {
    !name.is_single_script()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let mut known = Known::default();
        known.add_address("Tobias.Rauch@nordlicht.example");
        known.add_domain("reseller.example");
        known.add_text("Reseller GmbH, https://www.reseller.example/imprint, info@reseller.example");
        known
    }

    fn foreign(text: &str) -> Vec<&str> {
        let known = known();
        let pieces = pieces(text, &known);
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), text, "nothing is lost");
        pieces.iter().filter(|piece| piece.foreign.is_some()).map(|piece| piece.text).collect()
    }

    #[test]
    fn who_is_not_the_cases_is_seen() {
        for (text, expected) in [
            ("Please make tobias.rauch@nordlicht.example the contact.", vec![]),
            (
                "Please make tobias.rauch@n0rdlicht.example the contact.",
                vec!["tobias.rauch@n0rdlicht.example"],
            ),
            // Another mailbox of the same domain is nobody the case knows.
            ("Ask <eve@nordlicht.example>.", vec!["eve@nordlicht.example"]),
            ("mailto:eve@evil.example", vec!["mailto:eve@evil.example"]),
            ("Our customer's domain is nordlicht.example, not n0rdlicht.example.", vec!["n0rdlicht.example"]),
            ("n\u{43e}rdlicht.example", vec!["n\u{43e}rdlicht.example"]),
            // A name that is known stands behind one that is not.
            (
                "evil.example/https://reseller.example/login",
                vec!["evil.example/https://reseller.example/login"],
            ),
            ("eve@evil.example:https://reseller.example", vec!["eve@evil.example:https://reseller.example"]),
            ("reseller.example=evil.example/login", vec!["reseller.example=evil.example/login"]),
            ("eve\u{ff20}evil\u{ff0e}example", vec!["eve\u{ff20}evil\u{ff0e}example"]),
            ("eve@evil\u{3002}example", vec!["eve@evil\u{3002}example"]),
            (
                "See https://evil.example/x?y=nordlicht.example.",
                vec!["https://evil.example/x?y=nordlicht.example"],
            ),
            ("https://reseller.example@evil.example/", vec!["https://reseller.example@evil.example/"]),
            ("https://evil.example\\@reseller.example", vec!["https://evil.example\\@reseller.example"]),
            ("https://reseller.example/case", vec![]),
            ("www.reseller.example (www.evil.example)", vec!["www.evil.example"]),
            (
                "evil.example/path and nordlicht.example/path",
                vec!["evil.example/path", "nordlicht.example/path"],
            ),
            ("We called at 10.30, e.g. about v2.0, z.B. SEN-10000001.", vec![]),
            (
                "x=evil.example or *evil.example* or 'evil.example-'",
                vec!["x=evil.example", "evil.example", "evil.example"],
            ),
            ("https://reseller.example/evil.example evil.example", vec!["evil.example"]),
            ("@evil.example", vec!["evil.example"]),
            ("Write to info@reseller.example. Thank you...", vec![]),
            ("twice a@b.example a@b.example", vec!["a@b.example", "a@b.example"]),
            ("", vec![]),
        ] {
            assert_eq!(foreign(text), expected, "{text}");
        }
    }

    #[test]
    fn words_of_two_scripts_are_found() {
        for (text, expected) in [
            ("Please change the contact of Müller-Lüdenscheidt.", vec![]),
            ("N\u{43e}rdlicht GmbH", vec!["N\u{43e}rdlicht"]),
            ("\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442} Nordlicht", vec![]),
            ("\u{65e5}\u{672c}\u{3054}", vec![]),
        ] {
            assert_eq!(words_of_mixed_scripts(text), expected, "{text}");
        }
        assert!(mixes_scripts("Nordlicht \u{410}\u{41e}"), "a whole name of two scripts");
        assert!(!mixes_scripts("Miriam Keßler, Leiterin IT-Betrieb"));
    }
}
