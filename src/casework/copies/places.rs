//! The values of a model that a copy has its own of, and where those come from.

use data_encoding::HEXLOWER;

use crate::token::sha256;

/// Where a value of a copy comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The words that whoever copies gives, in their order.
    Given(usize),
    Number,
    Id,
    /// Of an e-mail, with the places of its code and of what that is found by.
    MailId {
        code: usize,
        tag: usize,
    },
    /// 32 random bytes.
    Hash,
    /// A return address of ours, with what its tag has behind the number.
    Address(String),
    /// By whoever has the place of the id, or of the letter.
    Follows,
}

/// Values of the model and where those of a copy come from.
#[derive(Default)]
pub(super) struct Places {
    pub values: Vec<String>,
    pub sources: Vec<Source>,
}

impl Places {
    pub fn add(&mut self, value: &str, source: Source) -> usize {
        self.values.push(value.to_owned());
        self.sources.push(source);
        self.values.len().saturating_sub(1)
    }
}

/// As a digest stands in JSON and in cells.
pub(super) fn hash_of(text: &str) -> String {
    HEXLOWER.encode(&sha256(text.as_bytes()))
}
