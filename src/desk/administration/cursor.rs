//! Where a page of a list ends: the sorting values of its last row, opaque in an address; and addresses.

use data_encoding::BASE64URL_NOPAD;
use serde::{Serialize, de::DeserializeOwned};

pub fn write(values: &impl Serialize) -> String {
    BASE64URL_NOPAD.encode(&serde_json::to_vec(values).unwrap_or_default())
}

/// `None` for anything that [`write`] did not write for the same list, and for what PostgreSQL would not take.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let holds_nul = bytes.contains(&0) || String::from_utf8_lossy(&bytes).contains("\\u0000");
    if holds_nul { None } else { serde_json::from_slice(&bytes).ok() }
}

/// A path with what stands behind its `?`, if anything does.
pub fn below(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        let last = ("Nordlicht".to_owned(), "K-1".to_owned());
        assert_eq!(read(&write(&last)), Some(last));
        assert_eq!(read::<(String, String)>(&write(&("a\0", "b"))), None);
        for text in ["", "abc", "!!!", "e30", &write(&17)] {
            assert_eq!(read::<(String, String)>(text), None, "{text}");
        }
    }
}
