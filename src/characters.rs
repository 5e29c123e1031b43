//! Characters that show nothing of themselves and change how the rest reads: found, named, made visible.
//!
//! Unicode's general category says which ([`is_hidden`]); what is refused and where is for those who ask. The attacker is
//! whoever hides a word, or turns one round, before the eyes of the person who decides.

use std::fmt;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Letters and marks that are drawn as nothing and that Unicode puts into other categories: the grapheme joiner, the
/// fillers of Hangul and the blank of Braille.
const BLANK: [char; 6] = ['\u{34f}', '\u{115f}', '\u{1160}', '\u{2800}', '\u{3164}', '\u{ffa0}'];

/// A hidden character, written as its code point: `U+202E`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hidden(char);

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "U+{:04X}", u32::from(self.0))
    }
}

/// Whether nobody sees the character: format characters (bidirectional controls, zero width, soft hyphen, tags), line and
/// paragraph separators, and letters that are drawn as nothing.
pub fn is_hidden(c: char) -> bool {
    use GeneralCategory::{Format, LineSeparator, ParagraphSeparator};
    // Most text is ASCII, which has none.
    !c.is_ascii()
        && (matches!(c.general_category(), Format | LineSeparator | ParagraphSeparator) || BLANK.contains(&c))
}

/// The first hidden character of a text.
pub fn find_hidden(text: &str) -> Option<Hidden> {
    text.chars().find(|c| is_hidden(*c)).map(Hidden)
}

/// The text with every hidden character written out: `⟦U+202E⟧`.
pub fn write_visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) { visible.push_str(&marked(c)) } else { visible.push(c) }
    }
    visible
}

/// A value as one line in which nothing is hidden and nothing begins a line of its own.
pub fn write_in_one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    write_visible(line.split_whitespace().collect::<Vec<_>>().join(" ").as_str())
}

/// The text as HTML: escaped, every hidden character written out and marked.
pub fn write_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c if is_hidden(c) => {
                html.push_str("<mark class=\"hidden-character\">");
                html.push_str(&marked(c));
                html.push_str("</mark>");
            }
            c => html.push(c),
        }
    }
    html
}

fn marked(c: char) -> String {
    format!("\u{27e6}{}\u{27e7}", Hidden(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found_and_named() {
        for (text, expected) in [
            ("Jörg Weiß-Müller", None),
            ("O’Brien, 東京 – Ελλάδα", None),
            ("tabs\tand\nlines", None),
            ("abc\u{202e}cba", Some("U+202E")),
            ("\u{2066}x", Some("U+2066")),
            ("zero\u{200b}width", Some("U+200B")),
            ("joined\u{200d}", Some("U+200D")),
            ("soft\u{ad}hyphen", Some("U+00AD")),
            ("\u{feff}begin", Some("U+FEFF")),
            ("\u{e0041}tag", Some("U+E0041")),
            ("line\u{2028}separator", Some("U+2028")),
            ("filler\u{3164}", Some("U+3164")),
            ("\u{61c}", Some("U+061C")),
        ] {
            assert_eq!(find_hidden(text).map(|hidden| hidden.to_string()).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_written_out() {
        assert_eq!(write_visible("a\u{202e}b"), "a⟦U+202E⟧b");
        assert_eq!(write_visible("plain\ntext"), "plain\ntext");
        assert_eq!(
            write_in_one_line(" Nordlicht\r\n  New contact   Eve\u{200b} "),
            "Nordlicht New contact Eve⟦U+200B⟧"
        );
    }

    #[test]
    fn what_people_write_is_never_markup() {
        let html = write_html("<b a=\"x\" b='y'>&\u{202e}");
        assert_eq!(
            html,
            "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;<mark class=\"hidden-character\">⟦U+202E⟧</mark>"
        );
    }
}
