//! Secrets that somebody made up instead of drawing: short ones, the same again and again, keys in a row, words of an
//! example. Whoever guesses the one that signs return addresses writes into cases as any party.
//!
//! Finds what is bad, and says nothing of what is good: only `openssl rand` makes a secret.

use std::collections::HashSet;

/// Of a drawn secret in base64 or hexadecimal.
const SHORTEST: usize = 32;
/// Of 32 random bytes in base64 some thirty differ, in hexadecimal nearly always all sixteen.
const FEWEST_DIFFERENT: usize = 8;
/// As on keyboards, beside the order of the character set itself.
const ROWS: [&str; 6] = ["qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "azertyuiop"];
/// What stands where somebody was to put a secret.
const WORDS: [&str; 9] = [
    "example",
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "password",
    "secret",
    "handover",
    "\u{2026}",
];

/// Why `secret` is none, to be put behind its key; `None` where nothing speaks against it.
pub(super) fn find(secret: &str) -> Option<&'static str> {
    let lower = secret.to_lowercase();
    if secret.len() < SHORTEST {
        Some("needs at least 32 characters (openssl rand -base64 32)")
    } else if WORDS.iter().any(|word| lower.contains(word)) {
        Some("is an example, or made of words (openssl rand -base64 32)")
    } else {
        find_pattern(lower.as_bytes())
    }
}

/// The same of the bytes of a key.
pub(super) fn find_pattern(bytes: &[u8]) -> Option<&'static str> {
    if bytes.iter().collect::<HashSet<_>>().len() < FEWEST_DIFFERENT || repeats(bytes) {
        Some("is the same few characters over and over (openssl rand -base64 32)")
    } else if is_in_a_row(bytes) {
        Some("is a row of keys or numbers (openssl rand -base64 32)")
    } else {
        None
    }
}

/// Whether a beginning of at most half the length comes again and again.
fn repeats(bytes: &[u8]) -> bool {
    (1..=bytes.len() / 2).any(|period| bytes.iter().zip(bytes.iter().skip(period)).all(|(a, b)| a == b))
}

/// Whether more than half of the characters follow from the one before. Of a drawn secret hardly a fifth does.
fn is_in_a_row(bytes: &[u8]) -> bool {
    let follows = |pair: &&[u8]| match *pair {
        [one, other] => one.abs_diff(*other) <= 1 || is_beside(*one, *other),
        _ => false,
    };
    bytes.windows(2).filter(follows).count() * 2 > bytes.len()
}

fn is_beside(one: u8, other: u8) -> bool {
    ROWS.iter().any(|row| {
        let place = |wanted| row.bytes().position(|key| key == wanted);
        place(one).zip(place(other)).is_some_and(|(one, other)| one.abs_diff(other) == 1)
    })
}

#[cfg(test)]
mod tests {
    use data_encoding::{BASE64, HEXLOWER};

    use super::*;

    #[test]
    fn what_was_made_up_is_found() {
        for (secret, why) in [
            ("", "at least 32"),
            ("kT8sW2pQ9vX4mZ7bN3cR6yF1gH5jL0d", "at least 32"),
            ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1", "over and over"),
            ("kT8sW2pQ9vX4kT8sW2pQ9vX4kT8sW2pQ9vX4", "over and over"),
            ("kT8sW2pQ9vX4kT8sW2pQ9vX4kT8sW2pQ", "over and over"),
            ("abcdefghijklmnopqrstuvwxyz0123456789", "row"),
            ("0123456789abcdefghijklmnopqrstuv", "row"),
            ("9876543210zyxwvutsrqponmlkjihgfed", "row"),
            ("QWERTYUIOPasdfghjklzxcvbnm1234567890", "row"),
            ("qwertzuiopasdfghjklyxcvbnm1234567890", "row"),
            ("change-me-before-production-2026-11-28", "example"),
            ("my very secret words, all thirty-two", "example"),
            ("the output of openssl rand goes here \u{2026}", "example"),
        ] {
            let said = find(secret).unwrap_or("nothing");
            assert!(said.contains(why), "{secret}: {said}");
        }
    }

    #[test]
    fn what_was_drawn_is_none_of_it() {
        for _ in 0..2000 {
            let bytes: [u8; 32] = rand::random();
            assert_eq!(find_pattern(&bytes), None, "{bytes:?}");
            for written in [BASE64.encode(&bytes), HEXLOWER.encode(&bytes)] {
                assert_eq!(find(&written), None, "{written}");
            }
        }
    }
}
