//! What the name of somebody at the desk may look like. Colleagues read it on every page and in mails, so it must look like no
//! address to go to, like nobody's, or like two lines: whoever types it, and whichever provider says it.

use crate::case::{characters::find_hidden, facts::Line};

/// The most characters.
pub const LONGEST: usize = 100;

/// The name as it is kept; `None` where it is none.
pub fn parse(typed: &str) -> Option<String> {
    let name = typed.trim();
    let is_name = Line::parse(name).is_some()
        && find_hidden(name).is_none()
        && !name.contains(['/', '@', ':', '<', '>'])
        && name.chars().count() <= LONGEST;
    is_name.then(|| name.to_owned())
}

/// What a provider calls somebody; where that is no name, the part of their address before the `@`, where that is one.
pub fn from_provider(said: Option<&str>, email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default();
    let name = said.and_then(parse).or_else(|| parse(local));
    // An address can be made of signs alone.
    name.unwrap_or_else(|| "?".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_name_is_none_whoever_says_it() {
        for name in ["Ann Admin", " Ann ", "J\u{00f6}rg O'Neill-Li", "\u{674e}\u{660e}"] {
            assert_eq!(parse(name).as_deref(), Some(name.trim()));
            assert_eq!(from_provider(Some(name), "x@reseller.example"), name.trim());
        }
        let long = "x".repeat(101);
        for none in [
            "",
            " ",
            "...",
            "a/b",
            "a@b.example",
            "https://evil.example",
            "<b>a</b>",
            "a\u{202e}b",
            "a\nb",
            &long,
        ] {
            assert_eq!(parse(none), None, "{none:?}");
            assert_eq!(from_provider(Some(none), "ann.admin@reseller.example"), "ann.admin", "{none:?}");
        }
        assert_eq!(from_provider(None, "ann@reseller.example"), "ann");
        assert_eq!(from_provider(None, "a/b@reseller.example"), "?");
    }
}
