//! Words of the configuration that customers read: names, lines, a telephone number, links. Says what is wrong about one, beginning with
//! its key.
//!
//! The attacker is whoever gets words into the configuration by a copied line or a ticket: a line break in a name would be a header of
//! every e-mail, and what nobody sees turns what everybody sees.

use crate::characters::find_hidden;

/// Whether `text` is one line that can be seen, of at most `most` characters. Empty is for others to judge.
pub fn check_line(key: &str, text: &str, most: usize) -> Result<(), String> {
    if text.contains(char::is_control) {
        return Err(format!("{key} has a line break or another control character: give it one line"));
    }
    check_seen(key, text, most)
}

/// The same of several lines.
pub fn check_lines(key: &str, text: &str, most: usize) -> Result<(), String> {
    if text.contains(|c: char| c.is_control() && c != '\n') {
        return Err(format!("{key} has a control character"));
    }
    check_seen(key, text, most)
}

fn check_seen(key: &str, text: &str, most: usize) -> Result<(), String> {
    if let Some(hidden) = find_hidden(text) {
        return Err(format!("{key} has a character that nobody sees ({hidden})"));
    }
    let length = text.chars().count();
    if length > most {
        return Err(format!("{key} has {length} characters, and {most} fit"));
    }
    Ok(())
}

/// A page that ours link to: `http` only for the demo, which production refuses.
pub fn check_link(key: &str, url: &str) -> Result<(), String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '\'' | '<' | '>' | '\\');
    let fits = rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_plain));
    if !fits {
        return Err(format!("{key} is no address of a page: https://www.your-company.example/…"));
    }
    check_seen(key, url, 300)
}

/// The `tel:` address of a number as people write it, which telephones anywhere can dial (RFC 3966, E.164).
pub fn dialled(key: &str, number: &str) -> Result<String, String> {
    let wrong = || {
        format!(
            "{key} is no number that can be dialled from anywhere: write it as +49 30 23125 100, without (0)"
        )
    };
    let rest = number.strip_prefix('+').ok_or_else(wrong)?;
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '/' | '.');
    let fits = rest.chars().all(is_plain)
        && rest.starts_with(|c: char| matches!(c, '1'..='9'))
        && rest.ends_with(|c: char| c.is_ascii_digit())
        && (7..=15).contains(&digits.len());
    if fits { Ok(format!("tel:+{digits}")) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_or_refused() {
        for (number, expected) in [
            ("+49 30 23125 100", "tel:+493023125100"),
            ("+43-1-5880000", "tel:+4315880000"),
            ("+41 44/668.18.00", "tel:+41446681800"),
        ] {
            assert_eq!(dialled("key", number).as_deref(), Ok(expected));
        }
        for number in [
            "030 23125 100",
            "+49 (0)30 23125 100",
            "+049 30 23125",
            "+49",
            "+49 30 23125 100 100 100",
            "+49 30 23125 100;ext=1",
            "+49 30 23125 100 ",
            "+49 30\u{a0}23125",
            "+49 30 23125\n100",
            "+\u{ff14}\u{ff19}3023125100",
            "javascript:alert(1)",
            "+49 30 CALL-US",
            "",
        ] {
            assert!(dialled("key", number).unwrap_err().starts_with("key is no number"), "{number:?}");
        }
    }

    #[test]
    fn what_breaks_a_line_or_hides_is_refused() {
        for (text, says) in [
            ("Beispiel\r\nBcc: eve@evil.example", "line break"),
            ("Beispiel\u{0}", "line break"),
            ("Beispiel\u{202e}HbmG", "U+202E"),
            ("Bei\u{200b}spiel", "U+200B"),
            ("Bei\u{2028}spiel", "U+2028"),
            ("x".repeat(61).as_str(), "61 characters"),
        ] {
            let said = check_line("key", text, 60).unwrap_err();
            assert!(said.starts_with("key ") && said.contains(says), "{said}");
        }
        assert_eq!(check_line("key", "Müller & Söhne <GmbH> \"Ost\"", 60), Ok(()));
        assert_eq!(check_lines("key", "one\ntwo", 60), Ok(()));
        assert!(check_lines("key", "one\ttwo", 60).is_err());
    }

    #[test]
    fn a_link_leads_to_a_page() {
        for url in
            ["https://www.reseller.example/privacy?a&b", "http://localhost/x", "https://müller.example/"]
        {
            assert_eq!(check_link("key", url), Ok(()), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "https://",
            "www.reseller.example",
            "data:text/html,x",
            "https://a.example/\nBcc: x",
            "https://a.example/\"onclick=x",
            "https://a.example/ x",
            "https://a\u{202e}.example/",
        ] {
            assert!(check_link("key", url).unwrap_err().starts_with("key "), "{url:?}");
        }
    }
}
