//! Where a page of the queue ends: the sorting values of its last row, so that new cases do not shift the next page.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::sort::Sort;
use crate::clock::{Day, Timestamp};

/// Opaque in an address, but not secret: it only says where to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The order that it belongs to.
    pub sort: Sort,
    pub rank: i16,
    /// What the order is by: when it is due, changed, or began to wait.
    pub at: Option<Timestamp>,
    pub renews_on: Option<Day>,
    pub number: String,
}

impl Cursor {
    pub fn write(&self) -> String {
        BASE64URL_NOPAD.encode(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// `None` for anything that [`Cursor::write`] did not write, or wrote for another order.
    pub fn read(text: &str, sort: Sort) -> Option<Self> {
        let cursor: Self = serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()?;
        // PostgreSQL takes no NUL.
        (cursor.sort == sort && !cursor.number.contains('\0')).then_some(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        let cursor = Cursor {
            sort: Sort::Due,
            rank: 1,
            at: Some("2026-11-23T09:00:00.123456Z".parse::<jiff::Timestamp>().unwrap().into()),
            renews_on: None,
            number: "HO-2026-00001".to_owned(),
        };
        assert_eq!(Cursor::read(&cursor.write(), Sort::Due), Some(cursor.clone()));
        assert_eq!(Cursor::read(&cursor.write(), Sort::Renewal), None);
        let with_nul = Cursor { number: "a\0".to_owned(), ..cursor };
        assert_eq!(Cursor::read(&with_nul.write(), Sort::Due), None);
        for text in ["", "abc", "!!!", "e30"] {
            assert_eq!(Cursor::read(text, Sort::Due), None, "{text}");
        }
    }
}
