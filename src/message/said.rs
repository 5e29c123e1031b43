//! What the machine says that answers for somebody's mailbox: that they have left, or that they are away.
//!
//! German and English. A person who writes is for people to read; this is for automatic answers alone. In doubt it says
//! nothing. Where both are said, they are away: who takes "on leave" for "has left" would let a change pass of which its
//! victim learns too late.

use serde::Serialize;

use super::{Understanding, phrases};

/// What an automatic answer says of whom it answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// No longer with the company.
    Left,
    /// Away, and so still there.
    Absent,
}

impl Said {
    /// By the word under which it is kept.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "left" => Some(Self::Left),
            "absent" => Some(Self::Absent),
            _ => None,
        }
    }
}

/// Letters that "a few words" may have.
const GAP: usize = 60;

/// What the text seems to say. Subjects say nothing: some programs call every answer of theirs an absence. Nor does what may be
/// quoted: our own notice, sent back by a machine, must not tell us that somebody has left.
#[must_use]
pub fn said(message: &Understanding) -> Option<Said> {
    said_in(&message.own_text)
}

fn said_in(text: &str) -> Option<Said> {
    let sentences = sentences(text);
    let left = |sentence: &String| says("said.left", sentence) && !says("said.left-but", sentence);
    if sentences.iter().any(|sentence| says("said.absent", sentence)) {
        Some(Said::Absent)
    } else {
        sentences.iter().any(left).then_some(Said::Left)
    }
}

/// Whether the sentence holds one of the phrases, as whole words.
fn says(section: &str, sentence: &str) -> bool {
    phrases::list(section).iter().any(|phrase| match phrase.split_once(" * ") {
        Some((begins, ends)) => says_around(sentence, begins, ends),
        None => find_words(sentence, phrase).is_some(),
    })
}

fn says_around(sentence: &str, begins: &str, ends: &str) -> bool {
    let Some(rest) = find_words(sentence, begins).and_then(|at| sentence.get(at..)) else { return false };
    find_words(rest, ends).is_some_and(|end| {
        rest.get(..end).is_some_and(|between| between.chars().count() <= GAP.saturating_add(ends.len()))
    })
}

/// Where the words end in a text that has a space around each word: the place of the last of these spaces.
fn find_words(text: &str, words: &str) -> Option<usize> {
    let whole = format!(" {words} ");
    let at = text.find(&whole)?;
    at.checked_add(whole.len())?.checked_sub(1)
}

/// In lower case, with one space around each word.
fn sentences(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace(['\u{2019}', '\u{2bc}'], "'").replace("\r\n", "\n");
    let mut sentences = vec![String::from(" ")];
    let mut before = ' ';
    let mut characters = lower.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        // Not after a number, as in a date; a line end alone ends no sentence, an empty line does.
        let ends = match character {
            '.' => next.is_whitespace() && !before.is_numeric(),
            '!' | '?' | ';' => true,
            '\n' => next == '\n',
            _ => false,
        };
        before = character;
        if ends {
            sentences.push(String::from(" "));
            continue;
        }
        let Some(sentence) = sentences.last_mut() else { continue };
        if character.is_alphanumeric() || character == '\'' || character == '-' {
            sentence.push(character);
        } else if !sentence.ends_with(' ') {
            sentence.push(' ');
        }
    }
    for sentence in &mut sentences {
        if !sentence.ends_with(' ') {
            sentence.push(' ');
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In `tests/mails/said.txt`: `left`, `absent` or `nothing`, then a text, then an empty line with two dashes.
    #[test]
    fn automatic_answers_are_read_for_what_they_say() {
        let mut read = 0;
        for case in include_str!("../../tests/mails/said.txt").split("\n--\n") {
            let Some((expected, text)) = case.trim_start().split_once('\n') else { continue };
            let said = match said_in(text) {
                Some(Said::Left) => "left",
                Some(Said::Absent) => "absent",
                None => "nothing",
            };
            assert_eq!(said, expected, "{text}");
            read += 1;
        }
        assert!(read >= 45, "{read}");
    }

    #[test]
    fn no_text_takes_long_or_panics() {
        for text in ["", ".", "\n\n\n", "hat das unternehmen", " * ", &"hat das unternehmen ".repeat(20_000)]
        {
            assert_eq!(said_in(text), None);
        }
    }
}
