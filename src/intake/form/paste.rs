//! What people paste, made into what they meant: where only one thing can be meant, without asking.
//!
//! Takes away what nobody sees and what mail programs put around an address. Where a character changes the order of the others
//! before the eye, it stays, to be refused: what is read must be what was seen. The attacker hides a word from whoever looks.

use crate::web::Fields;

/// Fields of one line that hold no address.
const LINES: [&str; 7] = [
    "requester_name",
    "requester_position",
    "requester_phone",
    "company",
    "customer_number",
    "departed_name",
    "successor_name",
];

const ADDRESSES: [&str; 3] = ["requester_email", "departed_email", "successor_email"];

/// Mends all that is certain, where it stands.
pub fn mend(typed: &mut Fields) {
    for name in LINES {
        replace(typed, name, line);
    }
    for name in ADDRESSES {
        replace(typed, name, address);
    }
}

fn replace(typed: &mut Fields, name: &str, with: fn(&str) -> String) {
    // Several lines in a field for one are no paste that could be mended.
    if let Some(text) = typed.find(name).filter(|text| !text.contains(['\n', '\r'])) {
        let mended = with(text);
        if mended != text {
            typed.set(name, &mended);
        }
    }
}

/// Without characters of no width, each kind of space a plain one.
pub fn line(text: &str) -> String {
    let plain = text.chars().filter(|c| !has_no_width(*c));
    let plain: String = plain.map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

/// As [`line`], and each kind of dash a hyphen: for numbers and addresses, in which no other stands.
pub fn number(text: &str) -> String {
    line(text).chars().map(|c| if is_dash(c) { '-' } else { c }).collect()
}

/// The address alone of `Name <a@b.example>`, `mailto:a@b.example?subject=…` and the like.
pub fn address(text: &str) -> String {
    let text = number(text);
    let inner = enclosed(&text, '<', '>').or_else(|| enclosed(&text, '(', ')')).unwrap_or(&text);
    let around = |c: char| c.is_whitespace() || "<>()[]\"'„“”‚‘’,;:.".contains(c);
    let inner = inner.trim_matches(around);
    let scheme = inner.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:"));
    let inner = match scheme {
        Some(_) => inner.get(7..).and_then(|rest| rest.split('?').next()).unwrap_or_default(),
        None => inner,
    };
    // Nothing left of what was typed: then it was no address, and stays as it is to be looked at.
    if inner.contains('@') { inner.trim_matches(around).to_owned() } else { text }
}

/// What stands between the last two of these signs, if it looks like an address.
fn enclosed(text: &str, open: char, close: char) -> Option<&str> {
    let (_, rest) = text.rsplit_once(open)?;
    rest.split(close).next().filter(|inner| inner.contains('@'))
}

/// An address that was probably meant, where the text is none; to be asked about.
pub fn probable_address(text: &str) -> Option<String> {
    let mut guess = text.to_lowercase();
    for (written, meant) in [
        ("(at)", "@"),
        ("[at]", "@"),
        ("{at}", "@"),
        (" at ", "@"),
        ("(dot)", "."),
        ("[dot]", "."),
        (" dot ", "."),
        (",", "."),
        ("@@", "@"),
        ("..", "."),
    ] {
        guess = guess.replace(written, meant);
    }
    guess.retain(|c| !c.is_whitespace());
    (guess != text && guess.matches('@').count() == 1).then_some(guess)
}

/// Zero width space, word joiner, byte order mark and soft hyphen: what is left is what the eye reads. Joiners stay, since some
/// scripts spell with them.
fn has_no_width(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Hyphens, dashes and the minus sign.
fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_what_was_pasted() {
        for (pasted, expected) in [
            ("jana@nordlicht.example", "jana@nordlicht.example"),
            (" Jana Petersen <jana@nordlicht.example> ", "jana@nordlicht.example"),
            ("\"Petersen, Jana\" <Jana@Nordlicht.example>;", "Jana@Nordlicht.example"),
            ("<jana@nordlicht.example>", "jana@nordlicht.example"),
            ("Jana <mailto:jana@nordlicht.example>", "jana@nordlicht.example"),
            ("MAILTO:jana@nordlicht.example?subject=x%40y", "jana@nordlicht.example"),
            ("Jana Petersen (jana@nordlicht.example)", "jana@nordlicht.example"),
            ("jana@nordlicht.example.", "jana@nordlicht.example"),
            ("\u{feff}jana@nord\u{200b}licht.example\u{a0}", "jana@nordlicht.example"),
            ("jana@nord\u{2011}licht.example", "jana@nord-licht.example"),
            ("jana.meyer\u{2013}x@nordlicht.example", "jana.meyer-x@nordlicht.example"),
            // Nothing certain about these.
            ("jana", "jana"),
            ("jana@a.example, tom@b.example", "jana@a.example, tom@b.example"),
            ("jana@nord\u{202e}licht.example", "jana@nord\u{202e}licht.example"),
            ("", ""),
        ] {
            assert_eq!(address(pasted), expected, "{pasted:?}");
        }
    }

    #[test]
    fn what_was_probably_meant_is_only_proposed() {
        for (typed, expected) in [
            ("jana(at)nordlicht.example", Some("jana@nordlicht.example")),
            ("jana at nordlicht dot example", Some("jana@nordlicht.example")),
            ("jana@nordlicht,example", Some("jana@nordlicht.example")),
            ("jana @ nordlicht.example", Some("jana@nordlicht.example")),
            ("jana@a.example, tom@b.example", None),
            ("jana", None),
        ] {
            assert_eq!(probable_address(typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn lines_keep_their_words_and_lose_what_nobody_sees() {
        for (pasted, expected) in [
            ("Tom\u{200b} Ahlers\u{a0}", "Tom Ahlers"),
            ("Nord\u{ad}licht\tGmbH", "Nordlicht GmbH"),
            ("Nordlicht – Werkzeugbau", "Nordlicht – Werkzeugbau"),
            ("Jana \u{202e}nesreteP", "Jana \u{202e}nesreteP"),
        ] {
            assert_eq!(line(pasted), expected, "{pasted:?}");
        }
    }

    #[test]
    fn several_lines_for_one_are_left_to_be_refused() {
        let mut typed = Fields::default();
        typed.set("requester_name", "Jana\r\nBcc: x@y.example");
        typed.set("requester_email", "Jana <jana@nordlicht.example>");
        mend(&mut typed);
        assert_eq!(typed.get("requester_name"), "Jana\r\nBcc: x@y.example");
        assert_eq!(typed.get("requester_email"), "jana@nordlicht.example");
    }

    mod properties {
        use super::*;

        proptest::proptest! {
            /// Whatever stands around it, and whoever is made of it.
            #[test]
            fn mending_twice_is_mending_once(text in "\\PC{0,40}") {
                let once = address(&text);
                proptest::prop_assert_eq!(address(&once), once.clone());
                let once = line(&text);
                proptest::prop_assert_eq!(line(&once), once.clone());
            }

            #[test]
            fn names_and_signs_around_an_address_change_nothing(
                name in "[A-Za-zäöü ]{0,20}",
                address_itself in "[a-z]{1,8}(\\.[a-z]{1,8})?@[a-z]{2,10}\\.example",
                scheme in "(mailto:)?",
                end in "[>]?[,; ]{0,2}",
            ) {
                let pasted = format!("{name}<{scheme}{address_itself}{end}");
                proptest::prop_assert_eq!(address(&pasted), address_itself);
            }
        }
    }
}
