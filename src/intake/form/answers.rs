//! One answer at a time: reads a field into its type or notes what is wrong with it.
//!
//! Everywhere here `None` means that the mistake is noted. What several answers must be together is for the form.

use std::str::FromStr;

use super::paste;
use crate::{
    case::{
        address::EmailAddress,
        characters::{Hidden, find_hidden},
        text::{InvalidText, Text},
    },
    intake::field_errors::{FieldErrors, Sentence},
    web::Fields,
};

/// Characters that an answer of one line may have.
const LONGEST_LINE: usize = 200;

/// What was typed, and what was found to be wrong with it so far.
#[derive(Debug)]
pub struct Answers<'a> {
    pub typed: &'a Fields,
    pub errors: FieldErrors,
}

impl<'a> Answers<'a> {
    pub fn new(typed: &'a Fields) -> Self {
        Self { typed, errors: FieldErrors::default() }
    }

    /// One line that must be there; `missing` asks for it.
    pub fn line(&mut self, field: &'static str, missing: &'static str) -> Option<String> {
        let line = self.optional_line(field)?;
        self.demand(line, field, missing)
    }

    /// One line that may be missing.
    pub fn optional_line(&mut self, field: &'static str) -> Option<Option<String>> {
        let line = one_line(self.typed.get(field));
        line.map_err(|message| self.errors.push(field, message)).ok()
    }

    pub fn email(&mut self, field: &'static str, missing: &'static str) -> Option<EmailAddress> {
        let typed = self.typed.get(field);
        let typed = self.demand((!typed.is_empty()).then_some(typed), field, missing)?;
        // The domain would lose it on the way into ASCII, and be another one than was read.
        if let Some(hidden) = find_hidden(typed) {
            self.errors.push(field, hidden_message(hidden));
            return None;
        }
        if let Ok(address) = typed.parse() {
            return Some(address);
        }
        let probable =
            paste::probable_address(typed).filter(|probable| probable.parse::<EmailAddress>().is_ok());
        match probable {
            Some(probable) => {
                let sentence = Sentence::new("intake-propose-email").with("proposed", probable.clone());
                self.errors.push(field, sentence);
                self.errors.propose(field, probable);
            }
            None => self.errors.push(field, Sentence::new("intake-error-email")),
        }
        None
    }

    /// One of several words.
    pub fn choice<T: FromStr>(&mut self, field: &'static str, missing: &'static str) -> Option<T> {
        let choice = self.typed.get(field).parse().ok();
        self.demand(choice, field, missing)
    }

    /// A box that must be ticked.
    pub fn consent(&mut self, field: &'static str, missing: &'static str) -> Option<()> {
        let ticked = self.typed.is_ticked(field).then_some(());
        self.demand(ticked, field, missing)
    }

    /// Text of one or more lines that must be there.
    pub fn text(&mut self, field: &'static str, missing: &'static str) -> Option<Text> {
        let text = Text::parse(self.typed.get(field));
        text.map_err(|invalid| self.errors.push(field, text_message(invalid, missing))).ok()
    }

    /// Text that may be missing.
    pub fn optional_text(&mut self, field: &'static str) -> Option<Option<Text>> {
        match Text::parse(self.typed.get(field)) {
            Ok(text) => Some(Some(text)),
            Err(InvalidText::Empty) => Some(None),
            Err(invalid) => {
                self.errors.push(field, text_message(invalid, "intake-error-line"));
                None
            }
        }
    }

    fn demand<T>(&mut self, answer: Option<T>, field: &'static str, missing: &'static str) -> Option<T> {
        if answer.is_none() {
            self.errors.push(field, Sentence::new(missing));
        }
        answer
    }
}

/// `None` where nothing was typed that anybody could read.
fn one_line(typed: &str) -> Result<Option<String>, Sentence> {
    if typed.chars().any(char::is_control) {
        return Err(Sentence::new("intake-error-line"));
    }
    if let Some(hidden) = find_hidden(typed) {
        return Err(hidden_message(hidden));
    }
    if !typed.chars().any(char::is_alphanumeric) {
        return Ok(None);
    }
    if typed.chars().count() > LONGEST_LINE {
        return Err(Sentence::new("intake-error-line-long").with("max", LONGEST_LINE));
    }
    match Text::parse(typed) {
        Ok(text) => Ok(Some(text.as_str().to_owned())),
        Err(invalid) => Err(text_message(invalid, "intake-error-line")),
    }
}

/// Names the character: nobody could find it otherwise.
fn hidden_message(hidden: Hidden) -> Sentence {
    Sentence::new("intake-error-hidden").with("character", hidden.to_string())
}

fn text_message(invalid: InvalidText, missing: &'static str) -> Sentence {
    match invalid {
        InvalidText::Empty => Sentence::new(missing),
        InvalidText::TooLong => Sentence::new("intake-error-text-long").with("max", Text::MAX),
        InvalidText::HoldsPassword => Sentence::new("intake-error-password"),
        InvalidText::HoldsLicenceKey => Sentence::new("intake-error-licence-key"),
        InvalidText::HoldsLink => Sentence::new("intake-error-link"),
    }
}
