//! The licences of a form: one a line, each line that can't be read reported with its number and what it should be.

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

/// At least one licence and none twice, or `None` with the mistakes noted. Also reads what people paste from a
/// spreadsheet or a mail: several in a line, parted by commas or semicolons.
pub fn read(typed: &str, errors: &mut FieldErrors) -> Option<Vec<EntitlementNumber>> {
    if Text::parse(typed) == Err(InvalidText::HoldsLicenceKey) {
        errors.push(FIELD, Sentence::new("intake-error-entitlements-key"));
        return None;
    }
    let mut read = Vec::new();
    let mut unread = Vec::new();
    for (line, text) in pieces(typed) {
        match EntitlementNumber::parse(text) {
            Ok(entitlement) if read.contains(&entitlement) => {}
            Ok(entitlement) => read.push(entitlement),
            Err(_) => unread.push((line, text)),
        }
    }
    if read.is_empty() && unread.is_empty() {
        errors.push(FIELD, Sentence::new("intake-error-entitlements"));
    } else if read.len().saturating_add(unread.len()) > MOST {
        errors.push(FIELD, Sentence::new("intake-error-entitlements-many").with("max", MOST));
    } else if unread.is_empty() {
        return Some(read);
    } else {
        for (line, text) in unread {
            errors.push(FIELD, unreadable(line, text));
        }
    }
    None
}

/// The pieces with the number of the line they stand in, counted from one as editors do.
fn pieces(typed: &str) -> impl Iterator<Item = (usize, &str)> {
    typed
        .lines()
        .zip(1_usize..)
        .flat_map(|(text, line)| text.split([',', ';']).map(move |piece| (line, piece.trim())))
        .filter(|(_, piece)| !piece.is_empty())
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
    let short: String = text.chars().take(40).collect();
    let shown = if short.len() < text.len() { format!("{short}…") } else { short };
    Sentence::new(key).with("line", line).with("text", shown)
}
