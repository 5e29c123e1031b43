//! In which language a message is written, by its small words. A guess, for somebody who sees it and may change it.

use std::collections::HashSet;

use crate::lang::Language;

/// Small words by language, `de:` and `en:`; as data, since they are no English.
const WORDS: &str = include_str!("tongue.txt");
/// Characters that are looked at.
const LOOKED_AT: usize = 4000;
/// Where nothing else tells: endings of domains where German is spoken.
const GERMAN_ENDINGS: [&str; 5] = [".de", ".at", ".ch", ".li", ".swiss"];

/// By the words of `text`; where they don't tell, by the domain of the author's `address`.
#[must_use]
pub fn guess(text: &str, address: &str) -> Language {
    let (german, english) = (small_words("de:"), small_words("en:"));
    let beginning: String = text.chars().take(LOOKED_AT).collect();
    let lower = beginning.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphabetic());
    let (mut de, mut en) = (0_usize, 0_usize);
    for word in words {
        de = de.saturating_add(usize::from(german.contains(word)));
        en = en.saturating_add(usize::from(english.contains(word)));
    }
    let ends_german = GERMAN_ENDINGS.iter().any(|ending| address.to_lowercase().ends_with(ending));
    match de.cmp(&en) {
        std::cmp::Ordering::Greater => Language::De,
        std::cmp::Ordering::Less => Language::En,
        std::cmp::Ordering::Equal if ends_german => Language::De,
        std::cmp::Ordering::Equal => Language::En,
    }
}

fn small_words(language: &str) -> HashSet<&'static str> {
    WORDS.lines().filter_map(|line| line.strip_prefix(language)).flat_map(str::split_whitespace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_tell_the_language() {
        let german = "Guten Tag,\nFrau Abend ist nicht mehr bei uns, wer kann die Lizenz jetzt verwalten?";
        let english = "Hello,\nour contact has left the company. Who can manage the licence now?";
        assert_eq!(guess(german, "a@firm.example"), Language::De);
        assert_eq!(guess(english, "a@firma.de"), Language::En);
        assert_eq!(guess("SEN-12345678", "a@firma.at"), Language::De);
        assert_eq!(guess("", "a@firm.example"), Language::En);
    }
}
