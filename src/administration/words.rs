//! The words of a text block: what may stand in them, and the values that go in their place. Pure.
//!
//! The whole syntax is `{name}`, with a name from the fixed list of the block's kind; there is no other power in it: no condition,
//! no loop, no filter, no way to anything but these values. A value goes in as it is and is never read again, so that a company
//! called `{requester_name}` stays that. A value that the case does not have leaves a gap, `[… …]`, which no form sends.
//!
//! The attacker is whoever took over an administrator's account and writes for everybody: a block is plain text that every letter
//! escapes, names nobody but us and Atlassian, and hides nothing.

use serde::Serialize;
use uuid::Uuid;

use super::variables::{Kind, Values, Variable};
use crate::{
    case::{
        characters::{Hidden, Known, find_hidden, pieces, words_of_mixed_scripts},
        digest::Digest,
        text::{InvalidText, Text},
    },
    lang::Language,
    token::sha256,
};

/// How a gap begins; nobody writes that by accident.
pub const GAP: &str = "[\u{2026}";
/// No name of a value is longer, in characters: what is longer is no name.
const LONGEST_NAME: usize = 60;
/// Schemes without `//` that a mail program makes a link of, or a browser runs.
const SCHEMES: [&str; 7] = ["javascript:", "vbscript:", "data:", "file:", "mailto:", "tel:", "sms:"];
/// Atlassian's own, where a letter may lead.
pub const ATLASSIAN: [&str; 6] = [
    "atlassian.com",
    "www.atlassian.com",
    "my.atlassian.com",
    "admin.atlassian.com",
    "id.atlassian.com",
    "support.atlassian.com",
];

/// The words of one version of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    pub title_de: String,
    pub title_en: String,
    /// `None` for what goes out in English only.
    pub de: Option<String>,
    pub en: String,
}

impl Words {
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::De => &self.title_de,
            Language::En => &self.title_en,
        }
    }

    pub fn body(&self, language: Language) -> &str {
        match (language, &self.de) {
            (Language::De, Some(german)) => german,
            _ => &self.en,
        }
    }

    /// Over all that makes up the version.
    pub fn digest(&self, block: Uuid, version: i32, kind: &str) -> Digest {
        // A JSON array: no two versions are written alike.
        let all = serde_json::json!([block, version, kind, self.title_de, self.title_en, self.de, self.en]);
        Digest(sha256(all.to_string().as_bytes()))
    }
}

/// Why words can't be taken; `line` and `column` count from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    Text(InvalidText),
    Hidden(Hidden),
    /// A word of letters that only look alike.
    MixedScripts(String),
    /// An address, a domain or a link that is neither ours nor Atlassian's.
    Foreign(String),
    /// A link that is not `https`.
    Scheme(String),
    /// No value of this name for this kind of block.
    Unknown {
        name: String,
        line: usize,
        column: usize,
    },
    /// A brace that belongs to no value.
    Loose {
        line: usize,
        column: usize,
    },
}

/// Reads the words of a block of this kind. `known` is whom and what it may name.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(kind: Kind, text: &str, known: &Known) -> Result<Text, Wrong> {
    let text = Text::parse(text).map_err(Wrong::Text)?;
    let words = text.as_str();
    if let Some(hidden) = find_hidden(words) {
        return Err(Wrong::Hidden(hidden));
    }
    for token in tokens(words) {
        let place = |at: usize| place(words, at);
        match token {
            Token::Words(_) => {}
            Token::Named { name, at } if find(kind, name).is_none() => {
                let (line, column) = place(at);
                return Err(Wrong::Unknown { name: name.to_owned(), line, column });
            }
            Token::Named { .. } => {}
            Token::Loose { at, .. } => {
                let (line, column) = place(at);
                return Err(Wrong::Loose { line, column });
            }
        }
    }
    if let Some(word) = words_of_mixed_scripts(words).into_iter().next() {
        return Err(Wrong::MixedScripts(word));
    }
    if let Some(scheme) = odd_scheme(words) {
        return Err(Wrong::Scheme(scheme));
    }
    if let Some(foreign) = pieces(words, known).into_iter().find(|piece| piece.foreign.is_some()) {
        return Err(Wrong::Foreign(foreign.text.to_owned()));
    }
    // What comes in the place of a name may end a word of the block, and the two be a link together: "{company}.support".
    let filled: String = tokens(words)
        .into_iter()
        .map(|token| match token {
            Token::Words(words) => words,
            Token::Named { .. } | Token::Loose { .. } => "aa",
        })
        .collect();
    if let Some(scheme) = odd_scheme(&filled) {
        return Err(Wrong::Scheme(scheme));
    }
    if let Some(foreign) = pieces(&filled, known).into_iter().find(|piece| piece.foreign.is_some()) {
        return Err(Wrong::Foreign(foreign.text.to_owned()));
    }
    Ok(text)
}

/// A scheme before `://` other than `https`, or one that needs no slashes.
fn odd_scheme(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let is_scheme = |c: &char| c.is_alphanumeric() || matches!(c, '+' | '-' | '.');
    let before = |end: usize| -> String {
        let run = lower.get(..end).unwrap_or_default().chars().rev().take_while(is_scheme);
        run.collect::<Vec<char>>().into_iter().rev().collect()
    };
    let slashed = lower.match_indices("//").map(|(at, _)| {
        let head = lower.get(..at).unwrap_or_default();
        head.strip_suffix(':').map_or_else(String::new, |head| before(head.len()))
    });
    if let Some(scheme) = slashed.into_iter().find(|scheme| scheme != "https") {
        return Some(format!("{scheme}//"));
    }
    SCHEMES
        .into_iter()
        .find(|scheme| {
            lower.match_indices(scheme).any(|(at, _)| {
                let follows =
                    lower.get(at.saturating_add(scheme.len())..).and_then(|rest| rest.chars().next());
                let begins = !lower
                    .get(..at)
                    .and_then(|head| head.chars().next_back())
                    .is_some_and(char::is_alphanumeric);
                begins && follows.is_some_and(|c| !c.is_whitespace())
            })
        })
        .map(str::to_owned)
}

/// A stretch of a block; all of them, one after the other, are the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Words(&'a str),
    /// `{name}`, and where its brace stands.
    Named {
        name: &'a str,
        at: usize,
    },
    /// A brace that opens or closes no name.
    Loose {
        brace: &'a str,
        at: usize,
    },
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let (words, behind) = rest.split_at(start);
        if !words.is_empty() {
            found.push(Token::Words(words));
        }
        let at = text.len().saturating_sub(behind.len());
        // Both braces are one byte.
        let (brace, after) = behind.split_at(1);
        match (brace, name_before_brace(after)) {
            ("{", Some((name, tail))) => {
                found.push(Token::Named { name, at });
                rest = tail;
            }
            _ => {
                found.push(Token::Loose { brace, at });
                rest = after;
            }
        }
    }
    if !rest.is_empty() {
        found.push(Token::Words(rest));
    }
    found
}

/// What stands in front of the closing brace, on the same line.
fn name_before_brace(text: &str) -> Option<(&str, &str)> {
    let (name, tail) = text.split_once('}')?;
    (!name.contains(['{', '\n']) && name.chars().count() <= LONGEST_NAME).then_some((name, tail))
}

fn find(kind: Kind, name: &str) -> Option<Variable> {
    name.parse().ok().filter(|variable| kind.variables().contains(variable))
}

/// Line and column of a byte of a text.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count().saturating_add(1);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
    (line, column)
}

/// What a piece of a filled block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Words,
    Value,
    Gap,
}

/// A piece of a filled block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Filled {
    pub text: String,
    pub origin: Origin,
}

/// The block with the values in their places. Never fails: what has no value, also by a name that is none any more, is a gap.
pub fn fill(kind: Kind, text: &str, values: &Values, language: Language) -> Vec<Filled> {
    let piece = |text: &str, origin| Filled { text: text.to_owned(), origin };
    tokens(text)
        .into_iter()
        .map(|token| match token {
            Token::Words(text) | Token::Loose { brace: text, .. } => piece(text, Origin::Words),
            Token::Named { name, .. } => match find(kind, name) {
                None => piece(&gap(name), Origin::Gap),
                Some(variable) => match values.get(variable) {
                    Some(value) => piece(value, Origin::Value),
                    None => piece(&gap(&variable.label(language)), Origin::Gap),
                },
            },
        })
        .collect()
}

/// As [`fill`], as one text.
pub fn fill_in(kind: Kind, text: &str, values: &Values, language: Language) -> String {
    fill(kind, text, values, language).into_iter().map(|piece| piece.text).collect()
}

fn gap(what: &str) -> String {
    format!("{GAP} {what}]")
}

/// The first gap that a text still has.
pub fn find_gap(text: &str) -> Option<&str> {
    let from = text.find(GAP)?;
    let rest = text.get(from..)?;
    let end = rest
        .find([']', '\n'])
        .map_or(rest.len(), |end| end.saturating_add(usize::from(rest.as_bytes().get(end) == Some(&b']'))));
    rest.get(..end)
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    fn known() -> Known {
        let mut known = Known::default();
        known.add_address("desk@reseller.example");
        known.add_domain("my.atlassian.com");
        known
    }

    fn wrong(text: &str) -> Wrong {
        check(Kind::Question, text, &known()).unwrap_err()
    }

    fn values() -> Values {
        let mut values = Values::default();
        values.set(Variable::Company, "{requester_name} & {company}");
        values.set(Variable::RequesterName, "Eve\r\nBcc: x\u{202e}");
        values.set(Variable::Ticket, "  ");
        values
    }

    #[test]
    fn values_go_into_their_places_and_are_never_read_again() {
        let filled = fill_in(Kind::Question, "For {company}: {requester_name}.", &values(), Language::En);
        assert_eq!(filled, "For {requester_name} & {company}: Eve Bcc: x\u{27e6}U+202E\u{27e7}.");
    }

    #[test]
    fn what_the_case_does_not_have_is_a_gap() {
        let filled = fill_in(Kind::FollowUp, "Your {ticket} about {gone_since}", &values(), Language::En);
        assert_eq!(filled, "Your [… Atlassian’s ticket] about [… gone_since]");
        assert_eq!(find_gap(&filled), Some("[… Atlassian’s ticket]"));
        assert_eq!(find_gap("open […"), Some("[…"));
        assert_eq!(find_gap("[...] is quoting"), None);
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let unknown = |name: &str, line, column| Wrong::Unknown { name: name.to_owned(), line, column };
        assert_eq!(wrong("Grüße\nan {requester}"), unknown("requester", 2, 4));
        // Of another kind; not by another spelling; and no power of a template.
        assert_eq!(wrong("{ticket}"), unknown("ticket", 1, 1));
        assert_eq!(wrong("{ company }"), unknown(" company ", 1, 1));
        assert_eq!(wrong("{Company}"), unknown("Company", 1, 1));
        assert_eq!(wrong("{% include \"x\" %}"), unknown("% include \"x\" %", 1, 1));
        assert_eq!(wrong("a {{ company }}"), Wrong::Loose { line: 1, column: 3 });
        assert_eq!(wrong("a {company"), Wrong::Loose { line: 1, column: 3 });
        assert_eq!(wrong("a\nb }"), Wrong::Loose { line: 2, column: 3 });
        assert_eq!(wrong("a {com\npany}"), Wrong::Loose { line: 1, column: 3 });
    }

    #[test]
    fn nothing_is_hidden_and_nobody_else_is_named() {
        assert!(matches!(wrong("Answer\u{200b} us"), Wrong::Hidden(_)));
        assert_eq!(wrong("the c\u{43e}mpany"), Wrong::MixedScripts("c\u{43e}mpany".to_owned()));
        assert_eq!(wrong("Das Passwort lautet Sommer2024!"), Wrong::Text(InvalidText::HoldsPassword));
        assert_eq!(wrong(&"x".repeat(100_000)), Wrong::Text(InvalidText::TooLong));
        for named in [
            "https://evil.example/a",
            "eve@evil.example",
            "www.evil.example",
            "https://desk.reseller.example",
        ] {
            assert_eq!(wrong(&format!("See {named} please")), Wrong::Foreign(named.to_owned()), "{named}");
        }
        for (text, scheme) in [
            ("http://my.atlassian.com", "http//"),
            ("JavaScript:alert(1)", "javascript:"),
            ("data:text/html,x", "data:"),
            ("mailto:desk@reseller.example", "mailto:"),
            ("//my.atlassian.com", "//"),
        ] {
            assert_eq!(wrong(text), Wrong::Scheme(scheme.to_owned()), "{text}");
        }
        for right in [
            "Bitte antworten Sie bis {deadline} an desk@reseller.example.",
            "Sign in at https://my.atlassian.com/licenses and look.",
            "<b>Not bold</b>\r\nSubject: not a header",
            "Our data: none. Um 10:30 Uhr.",
        ] {
            assert!(check(Kind::Question, right, &known()).is_ok(), "{right}");
        }
    }

    #[test]
    fn every_value_has_a_name_in_both_languages() {
        for kind in Kind::VARIANTS {
            for variable in kind.variables() {
                for language in Language::ALL {
                    assert!(!variable.label(language).starts_with("block-"), "{variable:?}");
                }
            }
        }
    }

    #[test]
    fn every_part_of_a_version_counts() {
        let words =
            Words { title_de: "a".to_owned(), title_en: "b".to_owned(), de: None, en: "c".to_owned() };
        let digest = words.digest(Uuid::nil(), 1, "note");
        assert_ne!(digest, words.digest(Uuid::nil(), 2, "note"));
        assert_ne!(digest, words.digest(Uuid::nil(), 1, "question"));
        assert_ne!(digest, Words { de: Some(String::new()), ..words }.digest(Uuid::nil(), 1, "note"));
    }
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Braces, names and lines more often than chance would have them.
    fn texts() -> impl Strategy<Value = String> {
        let bits = prop::sample::select(vec![
            "{",
            "}",
            "{company}",
            "{requester_name}",
            "{nobody}",
            "\n",
            " ",
            "ä",
            "[…",
            "\u{202e}",
            "https://",
        ]);
        prop::collection::vec(prop_oneof![bits.prop_map(str::to_owned), ".{0,6}"], 0..24)
            .prop_map(|bits| bits.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_panics_and_nothing_is_lost(text in texts()) {
            let put_back: String = tokens(&text)
                .into_iter()
                .map(|token| match token {
                    Token::Words(text) | Token::Loose { brace: text, .. } => text.to_owned(),
                    Token::Named { name, .. } => format!("{{{name}}}"),
                })
                .collect();
            prop_assert_eq!(&put_back, &text);
            let _ = check(Kind::Question, &text, &Known::default());
            let _ = find_gap(&text);
            let _ = fill_in(Kind::Note, &text, &Values::default(), Language::De);
        }

        /// Whatever a value says, it stands there once, as it is.
        #[test]
        fn a_value_is_never_read(company in texts(), before in "[a-z ]{0,8}", after in "[a-z ]{0,8}") {
            let mut values = Values::default();
            values.set(Variable::Company, &company);
            values.set(Variable::RequesterName, "SECOND");
            let text = format!("{before}{{company}}{after}");
            let filled = fill_in(Kind::Question, &text, &values, Language::En);
            let once = match values.get(Variable::Company) {
                Some(value) => value.to_owned(),
                None => gap(&Variable::Company.label(Language::En)),
            };
            prop_assert_eq!(filled, format!("{before}{once}{after}"));
        }
    }
}
