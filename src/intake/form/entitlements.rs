//! The licences of a form: found in what people paste from an invoice, a spreadsheet or a mail, each one that can't be read
//! reported with its line and what it should be.
//!
//! What is certainly a name is taken; where it is only likely, the name is proposed, and taken once it is sent like that. Words
//! beside a name in its line are not looked at.

use super::paste;
use crate::{
    case::{
        entitlement::EntitlementNumber,
        text::{InvalidText, Text},
    },
    intake::field_errors::{FieldErrors, Sentence},
};

/// Licences one case may be about.
pub const MOST: usize = 50;

const FIELD: &str = "entitlements";

/// A stretch of a line, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Certain(EntitlementNumber),
    /// What it was probably meant to be.
    Likely(String, EntitlementNumber),
    Unreadable(String),
}

/// At least one licence and none twice, or `None` with the mistakes noted.
pub fn read(typed: &str, errors: &mut FieldErrors) -> Option<Vec<EntitlementNumber>> {
    if Text::parse(typed) == Err(InvalidText::HoldsLicenceKey) {
        errors.push(FIELD, Sentence::new("intake-error-entitlements-key"));
        return None;
    }
    let pieces = pieces(typed);
    let mut read = Vec::new();
    for (_, piece) in &pieces {
        if let Piece::Certain(name) | Piece::Likely(_, name) = piece
            && !read.contains(name)
        {
            read.push(name.clone());
        }
    }
    let unreadable = pieces.iter().filter(|(_, piece)| matches!(piece, Piece::Unreadable(_))).count();
    let likely = pieces.iter().any(|(_, piece)| matches!(piece, Piece::Likely(..)));
    if pieces.is_empty() {
        errors.push(FIELD, Sentence::new("intake-error-entitlements"));
    } else if read.len().saturating_add(unreadable) > MOST {
        errors.push(FIELD, Sentence::new("intake-error-entitlements-many").with("max", MOST));
    } else if unreadable == 0 && !likely {
        return Some(read);
    } else {
        report(&pieces, likely, errors);
    }
    None
}

/// The licences of a text that was right, one a line.
pub fn tidy(typed: &str) -> Option<String> {
    let read = read(typed, &mut FieldErrors::default())?;
    Some(read.iter().map(EntitlementNumber::value).collect::<Vec<_>>().join("\n"))
}

/// Names every mistake by its line. With a proposal, the whole comes back one a line, and the lines are those of what comes back.
fn report(pieces: &[(usize, Piece)], likely: bool, errors: &mut FieldErrors) {
    let mut lines: Vec<&str> = Vec::new();
    for (typed_in, piece) in pieces {
        let shown = match piece {
            Piece::Certain(name) | Piece::Likely(_, name) => name.value(),
            Piece::Unreadable(text) => text,
        };
        if !lines.contains(&shown) {
            lines.push(shown);
        }
        let line = if likely { position(&lines, shown) } else { *typed_in };
        match piece {
            Piece::Certain(_) => {}
            Piece::Likely(text, name) => {
                let sentence = Sentence::new("intake-propose-entitlement");
                let sentence = sentence.with("line", line).with("text", shortened(text));
                errors.push(FIELD, sentence.with("proposed", name.value().to_owned()));
            }
            Piece::Unreadable(text) => errors.push(FIELD, unreadable(line, text)),
        }
    }
    if likely {
        errors.propose(FIELD, lines.join("\n"));
    }
}

fn position(lines: &[&str], shown: &str) -> usize {
    lines.iter().position(|line| *line == shown).map_or(lines.len(), |at| at.saturating_add(1))
}

/// The pieces with the number of the line they stand in, counted from one as editors do.
fn pieces(typed: &str) -> Vec<(usize, Piece)> {
    let lines = typed.lines().zip(1_usize..);
    lines.flat_map(|(text, line)| pieces_of(text).into_iter().map(move |piece| (line, piece))).collect()
}

fn pieces_of(line: &str) -> Vec<Piece> {
    let line = paste::number(line);
    let parts: Vec<&str> = line.split([',', ';']).map(trimmed).filter(|part| !part.is_empty()).collect();
    let read: Vec<Vec<Piece>> = parts.iter().map(|part| names_in(part)).collect();
    // A row of an invoice: what stands beside a name is no attempt at another.
    let is_row = read.iter().flatten().any(|piece| matches!(piece, Piece::Certain(_)));
    let only_numbers = parts.iter().zip(&read).all(|(part, read)| !read.is_empty() || is_bare(part));
    let mut pieces = Vec::new();
    for (part, read) in parts.iter().zip(read) {
        if !read.is_empty() {
            pieces.extend(read);
        } else if !is_row || only_numbers {
            match guesses(part) {
                guesses if guesses.is_empty() => pieces.push(Piece::Unreadable((*part).to_owned())),
                guesses => pieces.extend(guesses),
            }
        }
    }
    pieces
}

/// Without the signs that stand around names in lists and sentences.
fn trimmed(part: &str) -> &str {
    part.trim_matches(|c: char| c.is_whitespace() || "•·*-–.:\"'„“”()[]<>|".contains(c))
}

/// The names that a part says outright, and what was begun as one.
fn names_in(part: &str) -> Vec<Piece> {
    // Not where a quantity stands behind a whole number: "SEN-12345678 500".
    let digits = part.chars().filter(char::is_ascii_digit).count();
    let is_one = digits < 9 || !part.contains(char::is_whitespace);
    if let Some(name) = EntitlementNumber::parse(part).ok().filter(|_| is_one) {
        return vec![Piece::Certain(name)];
    }
    let words: Vec<&str> = part.split(|c: char| c.is_whitespace() || "|()[]{}<>\"'„“”".contains(c)).collect();
    let mut pieces = Vec::new();
    let mut at = 0_usize;
    while let Some(word) = words.get(at).map(|word| trimmed(word)) {
        let next = words.get(at.saturating_add(1)).map(|word| trimmed(word));
        at = at.saturating_add(1);
        let (piece, took_next) = named_by(word, next);
        pieces.extend(piece);
        at = at.saturating_add(usize::from(took_next));
    }
    pieces
}

/// What a word says, perhaps together with the next one: "SEN 12345678".
fn named_by(word: &str, next: Option<&str>) -> (Option<Piece>, bool) {
    let upper = word.to_ascii_uppercase();
    if let Ok(site @ EntitlementNumber::Site(_)) = EntitlementNumber::parse(word) {
        return (Some(Piece::Certain(site)), false);
    }
    if let Some(rest) = upper.strip_prefix("SEN") {
        let digits = rest.trim_start_matches(['-', '_', ':', '#', '.', '=']);
        if digits.is_empty() {
            let number = next.filter(|next| is_number(next));
            return (number.map(|number| support(&format!("{word} {number}"), number)), number.is_some());
        }
        let is_begun = digits.len() < rest.len() || digits.starts_with(|c: char| c.is_ascii_digit());
        if !is_begun {
            return (None, false);
        }
        let goes_on = next.filter(|next| is_number(next) && digits.len() < FULL && is_number(digits));
        if let Some(next) = goes_on {
            return (Some(likely(&format!("{word} {next}"), &format!("SEN-{digits}{next}"))), true);
        }
        return (Some(support(word, digits)), false);
    }
    match upper.strip_prefix("E-") {
        // Unlike "E-Mail" or "E-Commerce".
        Some(rest) if rest.find('-') == Some(3) || rest.contains(|c: char| c.is_ascii_digit()) => {
            let name = EntitlementNumber::parse(&upper);
            (Some(name.map_or_else(|_| Piece::Unreadable(word.to_owned()), Piece::Certain)), false)
        }
        _ => (None, false),
    }
}

/// Digits of a support entitlement number as they are today. Fewer are taken from a line of their own alone.
const FULL: usize = 7;

/// What stands behind "SEN": a number, or one with letters that are taken for digits.
fn support(text: &str, digits: &str) -> Piece {
    let name = format!("SEN-{}", digits.to_ascii_uppercase());
    match EntitlementNumber::parse(&name) {
        Ok(name) if digits.trim_start_matches(['L', 'l']).len() >= FULL => Piece::Certain(name),
        Ok(name) => Piece::Likely(text.to_owned(), name),
        Err(_) => {
            let (first, rest) = digits.split_at_checked(1).unwrap_or_default();
            let looks = |c: char| match c {
                'O' | 'o' => '0',
                'I' | 'L' | 'i' | 'l' => '1',
                other => other,
            };
            let mended: String = first.chars().chain(rest.chars().map(looks)).collect();
            // A letter or two; more is another word.
            let changed = mended.chars().zip(digits.chars()).filter(|(one, other)| one != other).count();
            if changed > 2 {
                Piece::Unreadable(text.to_owned())
            } else {
                likely(text, &format!("SEN-{mended}"))
            }
        }
    }
}

fn likely(text: &str, name: &str) -> Piece {
    match EntitlementNumber::parse(name) {
        Ok(name) => Piece::Likely(text.to_owned(), name),
        Err(_) => Piece::Unreadable(text.to_owned()),
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix(['L', 'l']).unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number as long as that of a licence.
fn is_bare(part: &str) -> bool {
    let compact: String = part.chars().filter(|c| !c.is_whitespace()).collect();
    is_number(&compact) && (FULL..=9).contains(&compact.len())
}

/// What a part without any name may have been meant to be.
fn guesses(part: &str) -> Vec<Piece> {
    let words: Vec<&str> = part.split_whitespace().collect();
    if is_bare(part) {
        let compact: String = words.concat();
        return vec![likely(part, &format!("SEN-{compact}"))];
    }
    if !words.is_empty() && words.iter().all(|word| is_bare(word)) {
        return words.iter().map(|word| likely(word, &format!("SEN-{word}"))).collect();
    }
    let guess = grouped(part).or_else(|| site(part));
    // One number among words, as in a row that leaves the letters out.
    let alone = || match words.iter().filter(|word| is_bare(word)).collect::<Vec<_>>().as_slice() {
        [one] => EntitlementNumber::parse(&format!("SEN-{one}")).ok(),
        _ => None,
    };
    guess.or_else(alone).map(|name| Piece::Likely(part.to_owned(), name)).into_iter().collect()
}

/// An entitlement number whose groups stand apart by something else, or by nothing; or that lacks its "E-".
fn grouped(part: &str) -> Option<EntitlementNumber> {
    let compact: String = part.chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '.')).collect();
    let compact = compact.to_ascii_uppercase();
    let groups = match compact.len() {
        13 => compact.strip_prefix('E')?,
        12 if part.contains('-') => &compact,
        _ => return None,
    };
    // Words have no digits.
    if !groups.contains(|c: char| c.is_ascii_digit()) || !groups.contains(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let groups: Option<Vec<&str>> =
        [0_usize, 3, 6, 9].into_iter().map(|at| groups.get(at..at.checked_add(3)?)).collect();
    EntitlementNumber::parse(&format!("E-{}", groups?.join("-"))).ok()
}

/// A cloud site whose end is written wrong.
fn site(part: &str) -> Option<EntitlementNumber> {
    let lower = part.to_lowercase();
    let host = lower.rsplit_once("://").map_or(lower.as_str(), |(_, host)| host);
    let host = host.split(['/', '?', '#', ' ']).next().unwrap_or_default();
    let (name, end) =
        host.split_once('.').or_else(|| host.split_once("atlassian").map(|(name, _)| (name, host)))?;
    let is_end = ["atlassian", "atlasian", "attlassian", "atlassain", "atllasian"]
        .iter()
        .any(|word| end.contains(word));
    // Atlassian's own addresses name no site.
    let is_theirs = ["", "www", "my", "id", "admin", "support", "community", "marketplace"].contains(&name);
    if !is_end || is_theirs || name.contains('@') {
        return None;
    }
    EntitlementNumber::parse(&format!("{name}.atlassian.net")).ok()
}

/// Says what the piece looks like it was meant to be, so that the reader knows what to look for.
fn unreadable(line: usize, text: &str) -> Sentence {
    let upper = text.to_ascii_uppercase();
    let key = if upper.starts_with("SEN") {
        "intake-error-entitlement-sen"
    } else if upper.starts_with("E-") {
        "intake-error-entitlement-number"
    } else if upper.starts_with("AC-") {
        "intake-error-entitlement-account"
    } else if text.contains('@') {
        "intake-error-entitlement-address"
    } else if text.contains('.') && !text.contains(char::is_whitespace) {
        "intake-error-entitlement-site"
    } else {
        "intake-error-entitlement"
    };
    Sentence::new(key).with("line", line).with("text", shortened(text))
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is taken, or what comes back, and the keys of what is said about it.
    fn come_to(typed: &str) -> (Vec<String>, Vec<&'static str>) {
        let mut errors = FieldErrors::default();
        let read = read(typed, &mut errors);
        let back = errors.proposals().get(FIELD).map(|text| text.lines().map(str::to_owned).collect());
        let keys = errors.keys().into_iter().map(|(_, key)| key).collect();
        let read = read.map(|read| read.iter().map(|name| name.value().to_owned()).collect());
        (read.or(back).unwrap_or_default(), keys)
    }

    #[test]
    fn what_is_certain_is_taken() {
        for (pasted, expected) in [
            ("SEN-12345678", vec!["SEN-12345678"]),
            ("sen 12345678; SEN-L7654321", vec!["SEN-12345678", "SEN-L7654321"]),
            ("SEN\u{2011}12345678", vec!["SEN-12345678"]),
            ("SEN\u{2013}12345678\nSEN\u{2212}87654321", vec!["SEN-12345678", "SEN-87654321"]),
            ("\u{feff}SEN-1234\u{200b}5678\u{a0}", vec!["SEN-12345678"]),
            ("SEN:\u{a0}12345678", vec!["SEN-12345678"]),
            ("SEN 1234 5678", vec!["SEN-12345678"]),
            ("SEN-12345678\t500\nSEN 87654321 50", vec!["SEN-12345678", "SEN-87654321"]),
            ("E\u{2013}3W8\u{2013}NHD\u{2013}V5E\u{2013}GM7", vec!["E-3W8-NHD-V5E-GM7"]),
            (
                "Jira Software (Data Center) 500 Users\tSEN-12345678\t31.10.2026\t1.200,00 EUR",
                vec!["SEN-12345678"],
            ),
            ("Pos. 1; Confluence, Data Center; SEN 12345678; 1 Stk; 4.500,00", vec!["SEN-12345678"]),
            ("SEN-12345678\tSEN-87654321", vec!["SEN-12345678", "SEN-87654321"]),
            ("| SEN-12345678 | Jira | E-3W8-NHD-V5E-GM7 |", vec!["SEN-12345678", "E-3W8-NHD-V5E-GM7"]),
            (
                "• SEN-12345678\n- SEN-87654321\n3. SEN-11112222",
                vec!["SEN-12345678", "SEN-87654321", "SEN-11112222"],
            ),
            ("Support Entitlement Number (SEN): SEN-12345678.", vec!["SEN-12345678"]),
            ("<https://nordlicht.atlassian.net/wiki/x> Confluence", vec!["nordlicht.atlassian.net"]),
            ("SEN-1234", vec!["SEN-1234"]),
            ("SEN-12345678\r\n\r\nsen 12345678", vec!["SEN-12345678"]),
            // Beside a name, a number is an order's, a price or a date.
            ("Auftrag 20261031 SEN-12345678", vec!["SEN-12345678"]),
            ("E-Mail-Adresse siehe SEN-12345678", vec!["SEN-12345678"]),
        ] {
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(come_to(pasted), (expected, vec![]), "{pasted:?}");
        }
    }

    #[test]
    fn what_is_likely_is_proposed() {
        for (pasted, expected) in [
            ("10000001", vec!["SEN-10000001"]),
            ("1000 0001", vec!["SEN-10000001"]),
            ("10000001, 10000002", vec!["SEN-10000001", "SEN-10000002"]),
            ("10000001 10000002", vec!["SEN-10000001", "SEN-10000002"]),
            ("SEN-12345678, 10000002", vec!["SEN-12345678", "SEN-10000002"]),
            ("Jira Software 10000001", vec!["SEN-10000001"]),
            ("SEN-1000000l", vec!["SEN-10000001"]),
            ("SEN-1OOOO001", vec![]),
            ("SEN-1OO00001", vec!["SEN-10000001"]),
            ("SEN-1234 5678 Jira", vec!["SEN-12345678"]),
            ("Jira SEN-12345", vec!["SEN-12345"]),
            ("E3W8NHDV5EGM7", vec!["E-3W8-NHD-V5E-GM7"]),
            ("E 3W8 NHD V5E GM7", vec!["E-3W8-NHD-V5E-GM7"]),
            ("3W8-NHD-V5E-GM7", vec!["E-3W8-NHD-V5E-GM7"]),
            ("nordlicht.atlassian.com", vec!["nordlicht.atlassian.net"]),
            ("https://nordlicht.atlasian.net/jira", vec!["nordlicht.atlassian.net"]),
        ] {
            let (back, keys) = come_to(pasted);
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(back, expected, "{pasted:?}");
            if !expected.is_empty() {
                assert!(keys.iter().all(|key| *key == "intake-propose-entitlement"), "{pasted:?} {keys:?}");
                // Sent as proposed, it is taken.
                assert_eq!(come_to(&back.join("\n")), (back, vec![]), "{pasted:?}");
            }
        }
    }

    #[test]
    fn what_was_begun_as_a_name_is_never_left_out_without_a_word() {
        for (pasted, keys) in [
            ("SEN-12345678 SEN-1x", vec!["intake-error-entitlement-sen"]),
            ("SEN-12345678\tE-3W8-NHD", vec!["intake-error-entitlement-number"]),
            ("SEN-12345678\nJira Software", vec!["intake-error-entitlement"]),
            ("www.atlassian.com", vec!["intake-error-entitlement-site"]),
            ("Sensor", vec!["intake-error-entitlement-sen"]),
            ("E-Commerce", vec!["intake-error-entitlement-number"]),
            ("SEN-1\u{202e}2345678", vec!["intake-error-entitlement-sen"]),
        ] {
            assert_eq!(come_to(pasted).1, keys, "{pasted:?}");
        }
        // With a proposal beside it, the lines are those of what comes back.
        let mut errors = FieldErrors::default();
        assert_eq!(read("10000001, 10000002\n\nSEN-1x", &mut errors), None);
        assert_eq!(errors.proposals()[FIELD], "SEN-10000001\nSEN-10000002\nSEN-1x");
        let said = errors.view(crate::lang::Language::En);
        assert!(said.error_list[2].message.starts_with("Line 3:"), "{:?}", said.error_list);
    }

    mod properties {
        use super::*;

        proptest::proptest! {
            #[test]
            fn nothing_pasted_is_too_much(typed in "(\\PC|[\\t\\n]){0,60}|([SEN0-9L,;\\t\\n -]|\u{2013}){0,40}") {
                let (read, _) = come_to(&typed);
                // What is taken or comes back stays what it is.
                if !read.is_empty() && come_to(&typed).1.is_empty() {
                    proptest::prop_assert_eq!(come_to(&read.join("\n")), (read, vec![]));
                }
            }

            #[test]
            fn names_are_found_whatever_stands_around_them(
                numbers in proptest::collection::vec((7_u32..9, 0_u32..1_000_000), 1..6),
                dash in "[-\u{2010}\u{2011}\u{2013}\u{2212} :]",
                before in "([A-Z][a-z]{2,8} ){0,3}",
                between in "\\t|  |, |; | \\| |\\r?\\n",
                after in "( [a-z]{2,8}){0,2}",
            ) {
                let expected: Vec<String> = numbers.iter().map(|(head, tail)| format!("SEN-{head}{tail:07}")).collect();
                let pasted: Vec<String> = expected
                    .iter()
                    .map(|name| format!("{before}{}{after}", name.replace('-', &dash)))
                    .collect();
                let (read, keys) = come_to(&pasted.join(&between));
                let mut once = Vec::new();
                for name in expected {
                    if !once.contains(&name) { once.push(name); }
                }
                proptest::prop_assert_eq!((read, keys), (once, vec![]));
            }
        }
    }
}
