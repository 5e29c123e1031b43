//! Reads a form's fields into the types of the rules and collects all that is wrong, in the reader's words.

use std::{collections::BTreeMap, str::FromStr};

use crate::{
    administration::words::find_gap,
    case::{
        address::EmailAddress,
        characters::find_hidden,
        facts::Line,
        text::{InvalidText, Note, Text},
    },
    lang::{Arguments, Language},
    web::Fields,
};

/// The fields of one form while they are read.
#[derive(Debug)]
pub struct Entries<'a> {
    fields: &'a Fields,
    language: Language,
    pub errors: BTreeMap<&'static str, String>,
}

impl<'a> Entries<'a> {
    pub fn new(fields: &'a Fields, language: Language) -> Self {
        Self { fields, language, errors: BTreeMap::new() }
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &'static str) -> Option<Text> {
        self.text_within(name, Text::MAX)
    }

    /// As [`Entries::text`], of at most so many characters.
    pub fn text_within(&mut self, name: &'static str, most: usize) -> Option<Text> {
        match Text::parse_within(self.fields.get(name), most) {
            Ok(text) => Some(text),
            Err(invalid) => {
                let arguments: Arguments<'_> = [("most".into(), most.to_string().into())].into();
                self.errors.insert(name, self.language.text_with(text_key(invalid), &arguments));
                None
            }
        }
    }

    /// As [`Entries::text`], as a note.
    pub fn note(&mut self, name: &'static str) -> Option<Note> {
        self.text(name).map(Note::new)
    }

    /// A text that may be left out. `None` only where there is one that can't be taken.
    pub fn optional_note(&mut self, name: &'static str) -> Option<Option<Note>> {
        if self.fields.get(name).is_empty() { Some(None) } else { self.note(name).map(Some) }
    }

    /// One of several words.
    pub fn choice<T: FromStr>(&mut self, name: &'static str) -> Option<T> {
        let chosen = self.fields.get(name).parse().ok();
        if chosen.is_none() {
            self.refuse(name, "desk-choose");
        }
        chosen
    }

    /// As [`Entries::choice`], of a field that may be left empty.
    pub fn optional_choice<T: FromStr>(&mut self, name: &'static str) -> Option<Option<T>> {
        if self.fields.get(name).is_empty() { Some(None) } else { self.choice(name).map(Some) }
    }

    /// A name in one line that may be left out.
    pub fn optional_name(&mut self, name: &'static str) -> Option<Option<Line>> {
        let typed = self.fields.get(name);
        if typed.is_empty() {
            return Some(None);
        }
        let line = Line::parse(typed);
        if line.is_none() {
            self.refuse(name, "desk-no-name");
            self.refuse_hidden(name);
        }
        line.map(Some)
    }

    /// An e-mail address that may be left out.
    pub fn optional_address(&mut self, name: &'static str) -> Option<Option<EmailAddress>> {
        let typed = self.fields.get(name);
        if typed.is_empty() {
            return Some(None);
        }
        let address = typed.parse().ok().filter(|_| find_hidden(typed).is_none());
        if address.is_none() {
            self.refuse(name, "intake-error-email");
            self.refuse_hidden(name);
        }
        address.map(Some)
    }

    /// Refuses a field with a character that nobody sees, and names it.
    pub fn refuse_hidden(&mut self, name: &'static str) {
        if let Some(hidden) = find_hidden(self.fields.get(name)) {
            let arguments: Arguments<'_> = [("character".into(), hidden.to_string().into())].into();
            self.errors.insert(name, self.language.text_with("desk-hidden-character", &arguments));
        }
    }

    /// Refuses a text that goes out and still has a gap: a value that the case does not have, or what a text block leaves to be
    /// written.
    pub fn refuse_gap(&mut self, name: &'static str) {
        if let Some(gap) = find_gap(self.fields.get(name)) {
            let arguments: Arguments<'_> = [("gap".into(), gap.to_owned().into())].into();
            self.errors.insert(name, self.language.text_with("desk-text-gap", &arguments));
        }
    }

    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    /// The sentence `key` says what is wrong with the field.
    pub fn refuse(&mut self, name: &'static str, key: &str) {
        self.errors.insert(name, self.language.text(key));
    }
}

/// The sentence that says why a text is refused.
pub fn text_key(invalid: InvalidText) -> &'static str {
    match invalid {
        InvalidText::Empty => "text-empty",
        InvalidText::TooLong => "text-too-long",
        InvalidText::HoldsPassword => "text-holds-password",
        InvalidText::HoldsLicenceKey => "text-holds-licence-key",
        InvalidText::HoldsLink => "text-holds-link",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::check::Verdict;

    #[test]
    fn all_mistakes_are_found_at_once() {
        let mut fields = Fields::default();
        fields.set("note", "password: hunter2!");
        let mut entries = Entries::new(&fields, Language::En);
        assert!(entries.choice::<Verdict>("verdict").is_none());
        assert!(entries.note("note").is_none());
        assert_eq!(entries.errors.keys().collect::<Vec<_>>(), [&"note", &"verdict"]);
        assert!(entries.errors["note"].contains("password"));
    }

    #[test]
    fn an_optional_text_is_checked_when_it_is_there() {
        let mut fields = Fields::default();
        assert!(Entries::new(&fields, Language::En).optional_note("note").unwrap().is_none());
        fields.set("note", "Passwort: geheim123");
        assert!(Entries::new(&fields, Language::En).optional_note("note").is_none());
    }
}
