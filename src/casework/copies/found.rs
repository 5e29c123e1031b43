//! The words that a case is found by, as `find_words` and its triggers keep them
//! (`migrations/20261128140100_find_cases.sql`), for a copy: made of the model's, with those of the copy's values in place of its own. Pure.
//!
//! Folds what the demo's names hold, not every letter there is.

use std::collections::BTreeSet;

use super::text::Values;

/// What stands in one row of `case_search`.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    kept: BTreeSet<String>,
    /// Values whose words stand there.
    words: Vec<usize>,
    /// Values that stand there as numbers, and in which of their forms.
    numbers: Vec<(usize, usize)>,
}

impl Found {
    /// `values` are those of the model that may stand there, by their places.
    pub fn take_apart(stored: BTreeSet<String>, values: &[(usize, String)]) -> Self {
        let mut found = Self { kept: stored.clone(), ..Self::default() };
        for (place, value) in values {
            let words = words(value);
            if !words.is_empty() && words.is_subset(&stored) {
                found.kept.retain(|word| !words.contains(word));
                found.words.push(*place);
            }
            for (form, number) in numbers(value).into_iter().enumerate() {
                if stored.contains(&number) && !words.contains(&number) {
                    found.kept.remove(&number);
                    found.numbers.push((*place, form));
                }
            }
        }
        found
    }

    pub fn render(&self, values: &Values) -> BTreeSet<String> {
        let mut found = self.kept.clone();
        for place in &self.words {
            found.extend(words(values.get(*place)));
        }
        for (place, form) in &self.numbers {
            found.extend(numbers(values.get(*place)).into_iter().nth(*form));
        }
        found
    }
}

fn words(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    folded
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

/// As one number: whole, without the letters before a licence's, and a case's own.
fn numbers(text: &str) -> Vec<String> {
    if text.len() > 40 || !text.contains(|sign: char| sign.is_ascii_digit()) || text.contains(['@', ' ']) {
        return Vec::new();
    }
    let compact = |text: &str| fold(text).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let bare = ["SEN-L", "SEN-", "SEN", "E-"].into_iter().find_map(|prefix| text.strip_prefix(prefix));
    let running = text.split('-').nth(2).unwrap_or_default().trim_start_matches('0');
    vec![compact(text), bare.map(compact).unwrap_or_default(), running.to_owned()]
}

fn fold(text: &str) -> String {
    let mut plain = String::new();
    for sign in text.to_lowercase().chars() {
        match sign {
            '\u{e4}' => plain.push('a'),
            '\u{f6}' => plain.push('o'),
            '\u{fc}' => plain.push('u'),
            '\u{df}' => plain.push_str("ss"),
            other => plain.push(other),
        }
    }
    let mut folded = String::new();
    let mut signs = plain.chars().peekable();
    while let Some(sign) = signs.next() {
        folded.push(sign);
        if matches!(sign, 'a' | 'o' | 'u') && signs.peek() == Some(&'e') {
            signs.next();
        }
    }
    folded
}

/// The lexemes of a `tsvector` without places, as PostgreSQL writes it.
pub(super) fn read_words(stored: &str) -> BTreeSet<String> {
    stored.split(' ').map(|word| word.trim_matches('\'').to_owned()).filter(|word| !word.is_empty()).collect()
}

pub(super) fn write_words(words: &BTreeSet<String>) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ")
}

pub(super) fn write_names(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_copy_is_found_by_is_its_own() {
        let stored = read_words("'abend' 'hallo' 'ho' '2026' '00042' 'ho202600042' '42' 'mullerei'");
        let model = [
            (0, "Abend M\u{fc}llerei".to_owned()),
            (1, "HO-2026-00042".to_owned()),
            (2, "Elsewhere".to_owned()),
        ];
        let found = Found::take_apart(stored, &model);
        let copy = Values {
            texts: ["J\u{f6}rg Goethe", "HO-2023-01234", "Nowhere"].map(ToOwned::to_owned).to_vec(),
            ..Values::default()
        };
        let words = write_words(&found.render(&copy));
        assert_eq!(words, "'01234' '1234' '2023' 'gothe' 'hallo' 'ho' 'ho202301234' 'jorg'");
    }
}
