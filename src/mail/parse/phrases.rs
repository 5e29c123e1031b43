//! The words mail programs and mail servers use, in many languages, kept as data in `phrases.txt`.
//!
//! The file has sections `[name]` with one lower-case phrase per line. Texts must be lower-cased before they
//! are compared. An unknown section is empty, which a test forbids.

use std::{collections::HashMap, sync::LazyLock};

static PHRASES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut sections: HashMap<&str, Vec<&str>> = HashMap::new();
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

/// The phrases of a section.
pub(super) fn list(section: &str) -> &'static [&'static str] {
    PHRASES.get(section).map_or(&[], Vec::as_slice)
}

/// Whether a lower-case text holds one of the phrases.
pub(super) fn any_in(section: &str, text: &str) -> bool {
    list(section).iter().any(|phrase| text.contains(phrase))
}

/// Whether a lower-case text starts with one of the phrases.
pub(super) fn any_starts(section: &str, text: &str) -> bool {
    list(section).iter().any(|phrase| text.starts_with(phrase))
}

/// Whether a lower-case text starts with one of the phrases as whole words.
pub(super) fn any_word_starts(section: &str, text: &str) -> bool {
    let ends_there = |rest: &str| !rest.starts_with(char::is_alphabetic);
    list(section).iter().any(|phrase| text.strip_prefix(phrase).is_some_and(ends_there))
}

/// Whether a lower-case text is one of the phrases.
pub(super) fn is_one(section: &str, text: &str) -> bool {
    list(section).contains(&text)
}

#[cfg(test)]
mod tests {
    use super::PHRASES;

    #[test]
    fn every_section_named_in_the_code_exists_and_is_lower_case() {
        let code = [
            include_str!("automatic.rs"),
            include_str!("bounce.rs"),
            include_str!("notice.rs"),
            include_str!("quote.rs"),
            include_str!("returned.rs"),
            include_str!("signature.rs"),
        ]
        .concat();
        let named = |section: &str| code.contains(&format!("\"{section}\""));
        for (section, phrases) in PHRASES.iter() {
            assert!(named(section), "nobody uses [{section}]");
            for phrase in phrases {
                assert_eq!(&phrase.to_lowercase(), phrase, "in [{section}]");
            }
        }
        for prefix in ["auto.", "bounce.", "quote.", "signature.", "subject."] {
            for (at, _) in code.match_indices(&format!("\"{prefix}")) {
                let name = code[at + 1..].split('"').next().unwrap();
                assert!(PHRASES.contains_key(name), "[{name}] is missing");
            }
        }
    }
}
