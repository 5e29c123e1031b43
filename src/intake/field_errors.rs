//! What is wrong with a form: all of it at once, each in a sentence that says how to mend it.
//!
//! Holds message keys, not sentences; the reader's language comes in when the page is made.

use std::collections::BTreeMap;

use fluent_templates::fluent_bundle::FluentValue;
use serde::Serialize;

use crate::{
    lang::{Arguments, Language},
    web::{WebError, error::FieldError},
};

/// A sentence to be said: its key and what it is filled with.
#[derive(Clone, Debug)]
pub struct Sentence {
    pub key: &'static str,
    arguments: Arguments<'static>,
}

impl Sentence {
    pub fn new(key: &'static str) -> Self {
        Self { key, arguments: Arguments::new() }
    }

    /// The same sentence with one more value.
    pub fn with(mut self, name: &'static str, value: impl Into<FluentValue<'static>>) -> Self {
        self.arguments.insert(name.into(), value.into());
        self
    }

    pub fn text(&self, language: Language) -> String {
        language.text_with(self.key, &self.arguments)
    }
}

/// The mistakes of one form, in the order of its fields. One field may have several.
#[derive(Clone, Debug, Default)]
pub struct FieldErrors {
    found: Vec<(&'static str, Sentence)>,
    /// What a field was probably meant to say. It comes back with that, and is taken once it is sent like that.
    proposed: BTreeMap<&'static str, String>,
}

impl FieldErrors {
    pub fn push(&mut self, field: &'static str, message: Sentence) {
        self.found.push((field, message));
    }

    /// Beside a mistake of the field that says what was changed.
    pub fn propose(&mut self, field: &'static str, value: String) {
        self.proposed.insert(field, value);
    }

    pub fn proposals(&self) -> &BTreeMap<&'static str, String> {
        &self.proposed
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Those of these fields alone.
    pub fn only(&self, fields: &[&str]) -> Self {
        let found = self.found.iter().filter(|(field, _)| fields.contains(field)).cloned().collect();
        let proposed = self.proposed.iter().filter(|(field, _)| fields.contains(field));
        Self { found, proposed: proposed.map(|(field, value)| (*field, value.clone())).collect() }
    }

    /// The sentences, as form templates want them.
    pub fn view(&self, language: Language) -> ErrorsView {
        let mut view = ErrorsView::default();
        for (field, message) in &self.found {
            let message = message.text(language);
            let beside = view.errors.entry(*field).or_default();
            if !beside.is_empty() {
                beside.push('\n');
            }
            beside.push_str(&message);
            view.error_list.push(FieldError { field: (*field).to_owned(), message });
        }
        view
    }
}

/// The mistakes in words: beside each field, and in a list on top.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ErrorsView {
    pub errors: BTreeMap<&'static str, String>,
    pub error_list: Vec<FieldError>,
}

impl From<ErrorsView> for WebError {
    fn from(view: ErrorsView) -> Self {
        Self::Invalid(view.error_list)
    }
}

#[cfg(test)]
impl FieldErrors {
    /// Field and message key of each mistake.
    pub fn keys(&self) -> Vec<(&'static str, &'static str)> {
        self.found.iter().map(|(field, message)| (*field, message.key)).collect()
    }
}
