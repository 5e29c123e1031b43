//! Where a page of the queue ends: the sorting values of its last row, so that new cases do not shift the next page.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::clock::{Day, Timestamp};

/// Opaque in an address, but not secret: it only says where to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub rank: i16,
    pub due_at: Option<Timestamp>,
    pub renews_on: Option<Day>,
    pub changed_at: Timestamp,
    pub number: String,
}

impl Cursor {
    pub fn write(&self) -> String {
        BASE64URL_NOPAD.encode(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// `None` for anything that [`Cursor::write`] did not write.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        let cursor = Cursor {
            rank: 1,
            due_at: Some("2026-11-23T09:00:00.123456Z".parse::<jiff::Timestamp>().unwrap().into()),
            renews_on: None,
            changed_at: jiff::Timestamp::UNIX_EPOCH.into(),
            number: "HO-2026-00001".to_owned(),
        };
        assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
        for text in ["", "abc", "!!!", "e30"] {
            assert_eq!(Cursor::read(text), None, "{text}");
        }
    }
}
