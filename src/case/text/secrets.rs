//! Passwords in prose: told by the words around them. Says yes or no, and keeps nothing.
//!
//! Whoever writes "das Passwort lautet …" to be helpful has it kept with the case, read by staff and sent on (law 8). Whoever
//! writes about a password that is lost must not be refused: so a word alone is never enough, something must follow that reads
//! like a value. What is missed here, staff can still take out.

use crate::case::entitlement::EntitlementNumber;

/// Words for a password, also as the end of a compound ("Adminpasswort").
const LONG: [&str; 10] = [
    "passwords",
    "password",
    "passw\u{f6}rter",
    "passwoerter",
    "passwort",
    "kennw\u{f6}rter",
    "kennwort",
    "passphrase",
    "passwd",
    "losungswort",
];
/// Words for one that are others' endings, too: they stand alone.
const SHORT: [&str; 6] = ["pwd", "pw", "pass", "pin", "pin-code", "zugangscode"];
/// Words for what goes with one, or is as good. What follows is a secret only where it looks like one.
const WIDE: [&str; 6] = ["zugangsdaten", "credentials", "token", "api key", "api-key", "api_key"];
const WIDE_TOO: [&str; 3] = ["apikey", "logindaten", "anmeldedaten"];
/// Who somebody is, before a slash and the secret: "login admin / geheim123".
const LOGIN: [&str; 9] =
    ["login", "logins", "user", "username", "benutzer", "benutzername", "zugang", "anmeldung", "account"];
/// What people write where there is no password.
const HARMLESS: [&str; 58] = [
    "unbekannt",
    "unknown",
    "verloren",
    "verlorengegangen",
    "lost",
    "gone",
    "weg",
    "vergessen",
    "forgotten",
    "keine",
    "keines",
    "keins",
    "kein",
    "none",
    "nein",
    "nicht",
    "not",
    "never",
    "nie",
    "niemand",
    "niemandem",
    "nobody",
    "fehlt",
    "missing",
    "siehe",
    "see",
    "leider",
    "unfortunately",
    "wurde",
    "wird",
    "abgelaufen",
    "expired",
    "gesperrt",
    "locked",
    "blocked",
    "ge\u{e4}ndert",
    "changed",
    "zur\u{fc}ckgesetzt",
    "reset",
    "ung\u{fc}ltig",
    "invalid",
    "falsch",
    "wrong",
    "deaktiviert",
    "disabled",
    "bekannt",
    "known",
    "geheim",
    "secret",
    "offen",
    "anders",
    "alles",
    "auch",
    "immer",
    "still",
    "also",
    "vorhanden",
    "egal",
];
/// Names of things that end in digits.
const PRODUCTS: [&str; 12] = [
    "jira",
    "confluence",
    "bitbucket",
    "bamboo",
    "windows",
    "office",
    "microsoft",
    "exchange",
    "server",
    "oauth",
    "saml",
    "sha",
];

pub(super) fn holds_password(text: &str) -> bool {
    let lower = text.to_lowercase();
    is_named(&lower, &LONG, Kind::Password, true)
        || is_named(&lower, &SHORT, Kind::Password, false)
        || is_named(&lower, &WIDE, Kind::Wide, false)
        || is_named(&lower, &WIDE_TOO, Kind::Wide, false)
        || follows_a_login(&lower)
        || stands_in_an_address(&lower)
        || holds_api_token(text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Password,
    Wide,
}

fn is_named(lower: &str, words: &[&str], kind: Kind, in_compounds: bool) -> bool {
    words.iter().any(|word| {
        lower.match_indices(word).any(|(start, _)| {
            let before = lower.get(..start).and_then(|head| head.chars().next_back());
            let after = lower.get(start.saturating_add(word.len())..).unwrap_or_default();
            let begins = in_compounds || !before.is_some_and(char::is_alphanumeric);
            let ends = !after.chars().next().is_some_and(char::is_alphanumeric);
            begins && ends && (tells_a_value(after, kind) || tells_it_later(after, kind))
        })
    })
}

/// Straight after the word: a colon, an equals sign or a verb, and a value; or a value alone that can be nothing else.
fn tells_a_value(after: &str, kind: Kind) -> bool {
    let rest = without_aside(after.trim_start());
    let (rest, verb) = match ["lauten", "lautet", "lautete", "is", "ist", "war", "was", "are", "sind"]
        .iter()
        .find_map(|verb| {
            Some((*verb, rest.strip_prefix(verb).filter(|tail| tail.starts_with([' ', ':', '=', '\n']))?))
        }) {
        Some((verb, rest)) => (rest.trim_start(), Some(verb)),
        None => (rest, None),
    };
    let marked = rest.strip_prefix([':', '=']);
    let is_equal = rest.starts_with('=');
    let rest = marked.unwrap_or(rest).trim_start_matches([' ', '\t', '\n']);
    let value = first_word(rest);
    if is_no_value(value) {
        return false;
    }
    let introduced = marked.is_some() || verb.is_some();
    if introduced && (has_digit(value) || has_sign(value)) {
        return value.chars().count() >= 4;
    }
    if !introduced {
        let follows = after.starts_with(char::is_whitespace) && value.contains(char::is_alphabetic);
        let long = value.chars().count() >= 6;
        let both = has_digit(value) && has_sign(value) && value.chars().count() >= 4;
        return follows && (both || kind == Kind::Password && long && has_digit(value) && !is_a_name(value));
    }
    // A word as any other: only where nothing else can be meant.
    let quoted = rest.starts_with(['"', '„', '“', '«', '»', '‚', '‘', '\'', '`']);
    let alone = ends_line_after(rest);
    let spoken = verb.is_some_and(|verb| verb.starts_with("laut"));
    let bare =
        kind == Kind::Password && value.chars().count() >= 4 && value.chars().all(char::is_alphanumeric);
    bare && (quoted || is_equal || spoken || marked.is_some() && alone)
}

/// A few words later in the same sentence: "Passwort für Jira lautet …", "password of the admin: …".
fn tells_it_later(after: &str, kind: Kind) -> bool {
    if kind != Kind::Password || !after.starts_with(' ') {
        return false;
    }
    let sentence = after.split(['.', ',', ';', '\n', '?', '!', '(']).next().unwrap_or_default();
    let from = [" lautet ", " lautete ", ": ", " = "].iter().filter_map(|mark| {
        let at = sentence.find(mark)?;
        (sentence.get(..at)?.split_whitespace().count() <= 5).then(|| at.saturating_add(mark.len()))
    });
    let Some(at) = from.min() else { return false };
    // The value may hold what ends a sentence.
    let value = first_word(after.get(at..).unwrap_or_default().trim_start());
    let mixed = value.contains(char::is_alphabetic) && (has_digit(value) || has_sign(value));
    value.chars().count() >= 6 && mixed && !is_no_value(value) && !is_a_name(value)
}

/// "login admin / geheim123", "user: root | t0ps3cret".
fn follows_a_login(lower: &str) -> bool {
    LOGIN.iter().any(|word| {
        lower.match_indices(word).any(|(start, _)| {
            let before = lower.get(..start).and_then(|head| head.chars().next_back());
            let after = lower.get(start.saturating_add(word.len())..).unwrap_or_default();
            if before.is_some_and(char::is_alphanumeric) || !after.starts_with([' ', ':', '=']) {
                return false;
            }
            let line = after.lines().next().unwrap_or_default().trim_start_matches([' ', ':', '=']);
            let Some((name, secret)) = line.split_once(['/', '|']) else { return false };
            let secret = first_word(secret.trim_start());
            name.split_whitespace().count() == 1
                && secret.chars().count() >= 6
                && secret.contains(char::is_alphabetic)
                && has_digit(secret)
                && !is_no_value(secret)
                && !is_a_name(secret)
        })
    })
}

/// "https://admin:secret@host".
fn stands_in_an_address(lower: &str) -> bool {
    lower.match_indices("://").any(|(start, mark)| {
        let rest = lower.get(start.saturating_add(mark.len())..).unwrap_or_default();
        let authority = rest.split(|c: char| c == '/' || c.is_whitespace()).next().unwrap_or_default();
        authority
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'))
            .is_some_and(|(_, secret)| !secret.is_empty())
    })
}

/// Atlassian's API tokens begin `ATATT…` (of a person) or `ATCTT…` (of an organisation or repository).
fn holds_api_token(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"_-=".contains(c))
        .any(|run| run.len() >= 16 && (run.contains("ATATT") || run.contains("ATCTT")))
}

/// "Passwort (neu): …".
fn without_aside(rest: &str) -> &str {
    rest.strip_prefix('(').and_then(|aside| aside.split_once(')')).map_or(rest, |(_, rest)| rest.trim_start())
}

fn first_word(rest: &str) -> &str {
    rest.split_whitespace().next().unwrap_or_default().trim_matches(|c: char| "\"'„“”«»‚‘’`,.;()".contains(c))
}

fn ends_line_after(rest: &str) -> bool {
    rest.lines().next().is_some_and(|line| line.split_whitespace().count() == 1)
}

fn has_digit(value: &str) -> bool {
    value.chars().any(|c| c.is_ascii_digit())
}

fn has_sign(value: &str) -> bool {
    value.contains(|c| "!#$%&*+?@_^~".contains(c))
}

/// What stands where a password would, and is none: a word for its absence, stars, a number of a licence.
fn is_no_value(value: &str) -> bool {
    !value.contains(char::is_alphanumeric)
        || HARMLESS.contains(&value.trim_end_matches(['!', '?', ':']))
        || EntitlementNumber::parse(value).is_ok()
}

/// A product with its version, or a standard.
fn is_a_name(value: &str) -> bool {
    PRODUCTS.iter().any(|name| value.starts_with(name))
        || value.contains("://")
        || value.ends_with(".atlassian.net")
}

#[cfg(test)]
mod tests;
