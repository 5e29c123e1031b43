//! Which passwords are refused, beside short ones: those that somebody guesses who knows what people choose, and whose they are
//! (NIST SP 800-63B §3.1.1.2 demands a list of such, and asks for no rules about digits and signs).
//!
//! Fifteen characters keep out nearly every leaked password, but not those that were made longer without a thought: a word twice,
//! a row of keys, the own name and the year. So what counts is how many steps a password takes: a character that nothing
//! explains is one, and so is a whole word of the list (`common.txt`), of the person or the company, a row of keys or of the
//! alphabet, a character repeated, a year, and whatever stood in it before. Fewer than [`FEWEST`] are refused. Words of daily life are not
//! on the list: four of them are a good password.
//!
//! A library that estimates guesses (zxcvbn) would bring ten crates and a megabyte of names and words to find the same: below its lists,
//! of which nearly all entries are shorter than fifteen characters, these are its patterns.

use std::{collections::BTreeSet, sync::LazyLock};

use crate::config::Settings;

/// Steps that a password takes at least.
const FEWEST: usize = 8;
/// Fewer characters are no word and no row.
const SHORTEST_WORD: usize = 3;

/// Rows of keys and other orders that fingers follow, each in both directions.
const ROWS: [&str; 9] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiopue",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb6zhn7ujm",
];

static COMMON: LazyLock<BTreeSet<Vec<char>>> = LazyLock::new(|| {
    let lines = include_str!("common.txt").lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.chars().collect())
        .collect()
});
static FOLLOWED: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let both = ROWS.iter().flat_map(|row| [row.chars().collect(), row.chars().rev().collect()]);
    both.collect()
});

/// What an attacker knows of whose password it is.
#[derive(Clone, Debug, Default)]
pub struct Owner(BTreeSet<Vec<char>>);

impl Owner {
    /// Somebody of this name and address. The domain says the company, too.
    pub fn new(name: &str, email: &str) -> Self {
        Self::default().with(name).with(email)
    }

    /// Of the company that runs this.
    pub fn of_company(self, settings: &Settings) -> Self {
        self.with(&settings.atlassian.partner_name).with(&settings.http.public_url)
    }

    fn with(mut self, words: &str) -> Self {
        let words = words.split(|c: char| !c.is_alphanumeric()).map(folded);
        self.0.extend(words.filter(|word| word.len() >= SHORTEST_WORD));
        self
    }
}

/// Whether it takes too few steps.
pub fn is_guessable(password: &str, owner: &Owner) -> bool {
    steps(password, owner) < FEWEST
}

fn steps(password: &str, owner: &Owner) -> usize {
    // Digits and signs stand for letters in words, and for themselves in rows and years.
    let (plain, text): (Vec<char>, Vec<char>) = both(password).into_iter().unzip();
    // Signs between words are no step of their own, but some of them are not nothing.
    let signs: BTreeSet<char> =
        password.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()).collect();
    let (mut at, mut steps) = (0_usize, signs.len().min(2));
    while at < text.len() {
        let length = [
            word_at(&text, at, &COMMON),
            word_at(&text, at, &owner.0),
            row_at(&plain, at),
            row_at(&text, at),
            year_at(&plain, at),
            repeated_at(&text, at),
            seen_before(&text, at),
        ]
        .into_iter()
        .max()
        .unwrap_or_default();
        at = at.saturating_add(length.max(1));
        steps = steps.saturating_add(1);
    }
    steps
}

/// As words are compared.
fn folded(text: &str) -> Vec<char> {
    both(text).into_iter().map(|(_, folded)| folded).collect()
}

/// In lower case, letters and digits alone: each as it is, and with umlauts and the usual digits for letters written out.
fn both(text: &str) -> Vec<(char, char)> {
    let mut both = Vec::new();
    for c in text.to_lowercase().chars() {
        match c {
            // The umlauts, and the sharp s.
            '\u{e4}' => both.extend([(c, 'a'), (c, 'e')]),
            '\u{f6}' => both.extend([(c, 'o'), (c, 'e')]),
            '\u{fc}' => both.extend([(c, 'u'), (c, 'e')]),
            '\u{df}' => both.extend([(c, 's'), (c, 's')]),
            '0' => both.push((c, 'o')),
            '3' => both.push((c, 'e')),
            '4' | '@' => both.push((c, 'a')),
            '5' | '$' => both.push((c, 's')),
            '7' => both.push((c, 't')),
            '1' | '!' | '|' => both.push((c, 'i')),
            c if c.is_alphanumeric() => both.push((c, c)),
            _ => {}
        }
    }
    both
}

/// The longest of `words` that stands there.
fn word_at(text: &[char], at: usize, words: &BTreeSet<Vec<char>>) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let found = words.iter().filter(|word| rest.starts_with(word)).map(Vec::len);
    found.max().unwrap_or_default()
}

fn row_at(text: &[char], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let shared = |row: &[char]| row.iter().zip(rest).take_while(|(one, other)| one == other).count();
    let longest = FOLLOWED
        .iter()
        .flat_map(|row| (0..row.len()).filter_map(|start| row.get(start..)))
        .map(shared)
        .max()
        .unwrap_or_default();
    if longest >= SHORTEST_WORD { longest } else { 0 }
}

fn year_at(text: &[char], at: usize) -> usize {
    let year: String = text.iter().skip(at).take(4).collect();
    let is_year = year.parse().is_ok_and(|year: u16| (1900..2100).contains(&year));
    if is_year { 4 } else { 0 }
}

fn repeated_at(text: &[char], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let same = rest.iter().take_while(|c| Some(*c) == rest.first()).count();
    if same >= SHORTEST_WORD { same } else { 0 }
}

/// How much of what follows stood in it before.
fn seen_before(text: &[char], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let longest = (0..at)
        .filter_map(|start| text.get(start..))
        .map(|before| before.iter().zip(rest).take_while(|(one, other)| one == other).count())
        .max()
        .unwrap_or_default();
    if longest >= SHORTEST_WORD { longest } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_choose_is_refused() {
        let owner = Owner::new("Miriam Kessler", "m.kessler@nordlicht.example");
        for password in [
            "passwordpassword",
            "Password12345678!",
            "P@ssw0rdP@ssw0rd1",
            "aaaaaaaaaaaaaaaa",
            "abababababababab",
            "123456789012345678",
            "qwertzuiopasdfghjkl",
            "qwertyuiopasdfgh",
            "1qaz2wsx3edc4rfv",
            "abcdefghijklmnop",
            "ponmlkjihgfedcba",
            "Willkommen2026!!",
            "Sommer2026Sommer2026",
            "Ich liebe dich 2026",
            "correct horse battery staple",
            "Miriam.Kessler.1984",
            "Nordlicht-Kessler-26",
            "kesslermiriamkessler",
            "Handover Atlassian Jira",
            "Geheimes Passwort 1",
            "xyxyxyxyxyxyxyxyx",
            "Franz jagt im komplett verwahrlosten Taxi",
        ] {
            assert!(is_guessable(password, &owner), "{password}: {} steps", steps(password, &owner));
        }
    }

    #[test]
    fn what_nobody_guesses_is_taken() {
        let owner = Owner::new("Miriam Kessler", "m.kessler@nordlicht.example");
        for password in [
            "seven grey herons at low tide",
            "another staple of batteries",
            "k8Tq-w2Lm-9fXr-v4Zb",
            "Kessel Rad Amboss Birke",
            "Zwölf Boxkämpfer am Hafen",
            "日本語のパスワードは長いです",
            "Y7pWq2nLx9Rt4vKz8mBd",
        ] {
            assert!(!is_guessable(password, &owner), "{password}: {} steps", steps(password, &owner));
        }
        let of_the_company = "Nordlicht Maschinen 2026";
        assert!(!is_guessable(of_the_company, &Owner::default()));
        assert!(is_guessable(of_the_company, &Owner::new("Nordlicht Maschinen", "")));
    }

    #[test]
    fn every_word_of_the_list_is_written_as_it_is_compared() {
        for word in COMMON.iter() {
            let written: String = word.iter().collect();
            assert_eq!(*word, folded(&written), "{written}");
        }
        assert!(COMMON.len() > 300);
    }
}
