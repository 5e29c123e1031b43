//! What the form of staff begins with: what a message of the quarantine says, or what was prepared before.
//!
//! All of a message is its writer's claim. Staff see it in the form, and the customer sees what staff leave in it.

use std::collections::BTreeMap;

use crate::{
    case::entitlement::EntitlementNumber,
    lang::{Language, tongue},
    mail::incoming::reread::Reread,
    web::Fields,
};

/// Licences that are taken from a message.
const MOST: usize = 20;

/// From the author, the subject and the licence numbers of a message; and its language.
pub fn of_message(reread: &Reread) -> (Fields, Language) {
    let message = &reread.understood;
    let from = message.from.as_ref().filter(|_| message.has_one_author);
    let address = from.and_then(|from| from.address.as_deref()).unwrap_or_default();
    let name = from.and_then(|from| from.name.as_deref()).unwrap_or_default();
    let subject = message.subject.as_deref().unwrap_or_default();
    let mut values = Fields::default();
    values.set("requester_email", address);
    // A name that looks like an address is a trick, or says nothing that the address does not.
    if !name.contains('@') {
        values.set("requester_name", name);
    }
    values.set("explanation", subject);
    let licences: Vec<String> = licences_in(&format!("{subject}\n{}", message.visible_text));
    values.set("entitlements", &licences.join("\n"));
    (values, tongue::guess(&format!("{subject}\n{}", message.visible_text), address))
}

/// Of something prepared.
pub fn of_prepared(fields: BTreeMap<String, String>) -> Fields {
    Fields(fields)
}

/// Each once, in the order in which they stand there.
fn licences_in(text: &str) -> Vec<String> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '<' | '>' | '"' | '\'');
    let mut found: Vec<String> = Vec::new();
    for word in text.split(apart) {
        let word = word.trim_end_matches(['.', ':', '!', '?']);
        if found.len() >= MOST {
            break;
        }
        if let Ok(licence) = EntitlementNumber::parse(word) {
            let licence = licence.to_string();
            if !found.contains(&licence) {
                found.push(licence);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_found_between_words() {
        let text = "Es geht um SEN-10000001, (e-3w8-nhd-v5e-gm7) und <https://nordlicht.atlassian.net/wiki>. Nochmals: sen-10000001.";
        let expected = ["SEN-10000001", "E-3W8-NHD-V5E-GM7", "nordlicht.atlassian.net"];
        assert_eq!(licences_in(text), expected);
        assert_eq!(licences_in("Sensationell, E-Mail!"), [""; 0]);
    }
}
