//! What is different between two versions of a text block, word by word.

use serde::Serialize;
use similar::{Algorithm, ChangeTag, utils::diff_words};

use crate::administration::words::Words;

/// One part of a block, before and after.
#[derive(Debug, Serialize)]
pub struct Difference {
    /// The name of the field.
    part: &'static str,
    changed: bool,
    pieces: Vec<Piece>,
}

#[derive(Debug, Serialize)]
struct Piece {
    text: String,
    change: &'static str,
}

/// Every part that either has.
pub fn between(before: &Words, after: &Words) -> Vec<Difference> {
    let parts = |words: &Words| {
        let german = words.de.clone().unwrap_or_default();
        [
            ("title_de", words.title_de.clone()),
            ("title_en", words.title_en.clone()),
            ("de", german),
            ("en", words.en.clone()),
        ]
    };
    let pairs = parts(before).into_iter().zip(parts(after));
    pairs
        .filter(|((_, before), (_, after))| !before.is_empty() || !after.is_empty())
        .map(|((part, before), (_, after))| {
            let found = diff_words(Algorithm::Myers, before.as_str(), after.as_str());
            let piece =
                |(tag, text): &(ChangeTag, &str)| Piece { text: (*text).to_owned(), change: word(*tag) };
            Difference { part, changed: before != after, pieces: found.iter().map(piece).collect() }
        })
        .collect()
}

fn word(tag: ChangeTag) -> &'static str {
    match tag {
        ChangeTag::Equal => "same",
        ChangeTag::Insert => "added",
        ChangeTag::Delete => "removed",
    }
}
