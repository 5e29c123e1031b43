//! Leaves other people's data out of a copy (GDPR article 15 (4)): whatever a row holds of somebody else is masked, and in prose every
//! other address, the names of the others in the case and of staff, and telephone numbers that are not theirs.
//!
//! Masks rather too much: the copy is for one person, and a word too few harms nobody.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    columns::Held,
    find::{Everything, Found},
    person::{Person, addresses_in},
};

/// In place of what is left out.
pub const MASK: &str = "█████";
/// Shorter words of a name are left where they stand: they are everybody's.
const SHORTEST: usize = 3;
/// What the fields of a form begin with that are about somebody.
const ROLES: [&str; 3] = ["requester", "departed", "successor"];
/// Signs of the shortest telephone number.
const DIGITS: usize = 7;

pub struct Masks<'a> {
    person: &'a Person,
    /// Words of names that are others' alone, in lower case.
    words: BTreeSet<String>,
    phones: BTreeSet<String>,
    names: &'a BTreeSet<String>,
}

impl<'a> Masks<'a> {
    pub fn new(person: &'a Person, all: &'a Everything, others: &BTreeSet<String>) -> Self {
        let words = |names: &BTreeSet<String>| -> BTreeSet<String> {
            names.iter().flat_map(|name| name.split_whitespace()).map(str::to_lowercase).collect()
        };
        let own = words(&all.names);
        let words =
            words(others).into_iter().filter(|word| word.chars().count() >= SHORTEST && !own.contains(word));
        Self {
            person,
            words: words.collect(),
            phones: all.phones.iter().map(|phone| digits(phone)).collect(),
            names: &all.names,
        }
    }

    /// The row as its person may see it.
    pub fn row(&self, found: &Found) -> Map<String, Value> {
        let mut row = found.row.clone();
        let is_requester =
            row.get("requester_email").and_then(Value::as_str).is_some_and(|one| self.person.is(one));
        row.retain(|name, value| !value.is_null() && !names_somebody(name));
        for somebody in found.table.people {
            let own = row
                .get(somebody.address)
                .and_then(Value::as_str)
                .is_some_and(|address| self.person.is(address));
            if !own {
                let all = [Some(somebody.address), somebody.name, somebody.phone];
                for name in all.into_iter().flatten().chain(somebody.more.iter().copied()) {
                    if let Some(value) = row.get_mut(name) {
                        *value = MASK.into();
                    }
                }
            }
        }
        for (name, value) in &mut row {
            let searched = matches!(
                found.table.held(name),
                Some(Held::Words | Held::Json | Held::Bytes | Held::Address)
            );
            if searched {
                self.value(value, is_requester);
            }
        }
        row
    }

    fn value(&self, value: &mut Value, is_requester: bool) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(list) => list.iter_mut().for_each(|one| self.value(one, is_requester)),
            Value::Object(map) => {
                for role in ROLES {
                    self.role(role, map, is_requester);
                }
                map.values_mut().for_each(|one| self.value(one, is_requester));
            }
            _ => {}
        }
    }

    /// What a form says of one of its people, unless it is this one.
    fn role(&self, role: &str, map: &mut Map<String, Value>, is_requester: bool) {
        let said = |field: &str| map.get(&format!("{role}_{field}")).and_then(Value::as_str).map(str::trim);
        let own = match said("email").filter(|address| !address.is_empty()) {
            Some(address) => self.person.is(address),
            // Their address stands beside the form.
            None if role == "requester" => is_requester,
            None => said("name").is_some_and(|name| self.names.contains(name)),
        };
        if own {
            return;
        }
        for (_, value) in map.iter_mut().filter(|(name, _)| {
            name.strip_prefix(role)
                .is_some_and(|rest| rest.starts_with('_') && !rest.ends_with("is_requester"))
        }) {
            *value = MASK.into();
        }
    }

    pub fn text(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut end = 0;
        for at in addresses_in(text) {
            if at.start < end {
                continue;
            }
            masked.push_str(&self.prose(text.get(end..at.start).unwrap_or_default()));
            let address = text.get(at.clone()).unwrap_or_default();
            masked.push_str(if self.person.is(address) { address } else { MASK });
            end = at.end;
        }
        masked.push_str(&self.prose(text.get(end..).unwrap_or_default()));
        masked
    }

    fn prose(&self, text: &str) -> String {
        self.numbers(&self.names(text))
    }

    fn names(&self, text: &str) -> String {
        let is_sign = |sign: char| sign.is_alphanumeric() || sign == '-';
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length: usize =
                rest.chars().take_while(|sign| is_sign(*sign) == is_sign(first)).map(char::len_utf8).sum();
            let (word, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            // Names that a hyphen joins to something are names.
            let is_other = is_sign(first)
                && (self.words.contains(&word.to_lowercase())
                    || word.split('-').any(|part| self.words.contains(&part.to_lowercase())));
            masked.push_str(if is_other { MASK } else { word });
            rest = behind;
        }
        masked
    }

    /// Numbers that begin as telephone numbers do, as people write them.
    fn numbers(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let (mut rest, mut before) = (text, ' ');
        while let Some(first) = rest.chars().next() {
            let begins = matches!(first, '+' | '0' | '(')
                && !before.is_alphanumeric()
                && !matches!(before, '-' | '.' | ':');
            let mut length = first.len_utf8();
            if begins {
                let run: String = rest
                    .chars()
                    .take_while(|sign| sign.is_ascii_digit() || "+()/- .".contains(*sign))
                    .collect();
                let run = run.trim_end_matches(|sign: char| !sign.is_ascii_digit());
                if digits(run).len() >= DIGITS {
                    length = run.len();
                    masked.push_str(if self.phones.contains(&digits(run)) { run } else { MASK });
                } else {
                    masked.push(first);
                }
            } else {
                masked.push(first);
            }
            before = rest.get(..length).and_then(|taken| taken.chars().last()).unwrap_or(' ');
            rest = rest.get(length..).unwrap_or_default();
        }
        masked
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Ids of those who did something: of staff, who are others.
fn names_somebody(column: &str) -> bool {
    column.ends_with("_by") || matches!(column, "staff_id" | "author_id" | "owner_id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_masked_and_the_person_is_not() {
        let person = Person::new("petra.abend@nordlicht.example".parse().unwrap());
        let all = Everything {
            names: ["Petra Abend".to_owned()].into(),
            phones: ["+49 30 23125 101".to_owned()].into(),
            ..Everything::default()
        };
        let masks = Masks::new(&person, &all, &["Tobias Rauch".to_owned(), "Miriam Abend".to_owned()].into());
        let text = "Frau Abend (Petra+x@... petra.abend@nordlicht.example, +49 30 23125 101) und Tobias Rauch, RAUCHS, \
                    tobias.rauch@nordlicht.example, Tel. 030/23125-110, Miriam Abend; SEN-10000001 am 2026-05-31 um 08:00.";
        let masked = masks.text(text);
        assert_eq!(
            masked,
            format!(
                "Frau Abend (Petra+x@... petra.abend@nordlicht.example, +49 30 23125 101) und {MASK} {MASK}, RAUCHS, \
                 {MASK}, Tel. {MASK}, {MASK} Abend; SEN-10000001 am 2026-05-31 um 08:00."
            )
        );
    }
}
