//! The words mail programs and mail servers use, in many languages, kept as data in `phrases.txt`.
//!
//! The file has sections `[name]` with one lower-case phrase per line. Texts must be lower-cased before they
//! are compared. An unknown section is empty, which a test forbids.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

static PHRASES: LazyLock<HashMap<&'static str, Section>> = LazyLock::new(|| {
    let mut sections: HashMap<&str, Section> = HashMap::new();
    let mut section = "";
    for line in include_str!("phrases.txt").lines() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
        } else if !line.is_empty() && !line.starts_with('#') {
            sections.entry(section).or_default().push(line);
        }
    }
    sections
});

/// The phrases of one section, and ways to find one without trying all.
#[derive(Default)]
struct Section {
    all: Vec<&'static str>,
    whole: HashSet<&'static str>,
    by_start: HashMap<char, Vec<&'static str>>,
}

impl Section {
    fn push(&mut self, phrase: &'static str) {
        self.all.push(phrase);
        self.whole.insert(phrase);
        if let Some(start) = phrase.chars().next() {
            self.by_start.entry(start).or_default().push(phrase);
        }
    }
}

/// The phrases of a section.
pub(super) fn list(section: &str) -> &'static [&'static str] {
    PHRASES.get(section).map_or(&[], |section| section.all.as_slice())
}

/// The phrases of a section that start with the same letter as the text.
fn candidates(section: &str, text: &str) -> &'static [&'static str] {
    let start = text.chars().next();
    let phrases = start.and_then(|start| PHRASES.get(section)?.by_start.get(&start));
    phrases.map_or(&[], Vec::as_slice)
}

/// Whether a lower-case text holds one of the phrases.
pub(super) fn any_in(section: &str, text: &str) -> bool {
    list(section).iter().any(|phrase| text.contains(phrase))
}

/// Whether a lower-case text starts with one of the phrases.
pub(super) fn any_starts(section: &str, text: &str) -> bool {
    candidates(section, text).iter().any(|phrase| text.starts_with(phrase))
}

/// Whether a lower-case text starts with one of the phrases as whole words.
pub(super) fn any_word_starts(section: &str, text: &str) -> bool {
    let ends_there = |rest: &str| !rest.starts_with(char::is_alphabetic);
    candidates(section, text).iter().any(|phrase| text.strip_prefix(phrase).is_some_and(ends_there))
}

/// Whether a lower-case text is one of the phrases.
pub(super) fn is_one(section: &str, text: &str) -> bool {
    PHRASES.get(section).is_some_and(|section| section.whole.contains(text))
}

#[cfg(test)]
mod tests {
    use super::PHRASES;

    #[test]
    fn every_section_named_in_the_code_exists_and_is_lower_case() {
        let code = [
            include_str!("automatic.rs"),
            include_str!("bounce.rs"),
            include_str!("evidence.rs"),
            include_str!("fields.rs"),
            include_str!("notice.rs"),
            include_str!("quote.rs"),
            include_str!("returned.rs"),
            include_str!("said.rs"),
            include_str!("signature.rs"),
            include_str!("status.rs"),
            include_str!("subject.rs"),
            include_str!("visible.rs"),
        ]
        .concat();
        let named = |section: &str| code.contains(&format!("\"{section}\""));
        for (section, phrases) in PHRASES.iter().map(|(name, section)| (name, &section.all)) {
            assert!(named(section), "nobody uses [{section}]");
            for phrase in phrases {
                assert_eq!(&phrase.to_lowercase(), phrase, "in [{section}]");
            }
        }
        for prefix in ["auto.", "bounce.", "meaning.", "quote.", "said.", "signature.", "subject."] {
            for (at, _) in code.match_indices(&format!("\"{prefix}")) {
                let name = code[at + 1..].split('"').next().unwrap();
                assert!(PHRASES.contains_key(name), "[{name}] is missing");
            }
        }
    }
}
