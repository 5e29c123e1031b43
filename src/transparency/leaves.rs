//! What a leaf of the log says: the end of one chain, as a short text. Pure.
//!
//! No personal content: a number, how many lines, and the hash of the last.

use data_encoding::HEXLOWER;
use strum::{EnumString, IntoStaticStr};

use super::tree;
use crate::token::Sha256Bytes;

/// Whose chain it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    Case,
    Administration,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What stands where a case has its number.
pub const ADMINISTRATION: &str = "-";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    pub kind: Kind,
    /// The number of a case, or [`ADMINISTRATION`].
    pub subject: String,
    /// How many lines the chain had.
    pub event_count: i64,
    /// The hash of the last of them.
    pub event_hash: Sha256Bytes,
}

impl Leaf {
    /// The bytes that are hashed, five lines: version, kind, number, lines, hash.
    pub fn text(&self) -> String {
        format!(
            "handover-log-leaf-v1\n{}\n{}\n{}\n{}\n",
            self.kind.as_str(),
            self.subject,
            self.event_count,
            HEXLOWER.encode(&self.event_hash)
        )
    }

    pub fn hash(&self) -> Sha256Bytes {
        tree::leaf_hash(self.text().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changed, it would be another log.
    #[test]
    fn a_leaf_is_what_the_documents_say() {
        let leaf = Leaf {
            kind: Kind::Case,
            subject: "HO-2026-00042".to_owned(),
            event_count: 12,
            event_hash: [0xab; 32],
        };
        let hash = "ab".repeat(32);
        assert_eq!(leaf.text(), format!("handover-log-leaf-v1\ncase\nHO-2026-00042\n12\n{hash}\n"));
        let other = Leaf { kind: Kind::Administration, subject: ADMINISTRATION.to_owned(), ..leaf };
        assert_eq!(other.text(), format!("handover-log-leaf-v1\nadministration\n-\n12\n{hash}\n"));
    }
}
