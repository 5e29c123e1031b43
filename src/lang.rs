//! The two languages people read, and the sentences in them (Fluent, from `locales/`).
//!
//! Knows nothing of HTTP cookies or pages; `web` decides which language a reader gets.

pub mod tongue;

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{LazyLock, PoisonError, RwLock},
};

use fluent_langneg::{NegotiationStrategy, negotiate_languages, parse_accepted_languages};
use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader};
use serde::{Deserialize, Serialize};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // Without isolation marks (U+2068): they break addresses and numbers when copied.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static GERMAN: LanguageIdentifier = langid!("de");
static ENGLISH: LanguageIdentifier = langid!("en");

/// Sentences without values, as they were put together once: a page has hundreds. No more than there are in `locales/`.
static PLAIN_GERMAN: LazyLock<RwLock<HashMap<String, String>>> = LazyLock::new(RwLock::default);
static PLAIN_ENGLISH: LazyLock<RwLock<HashMap<String, String>>> = LazyLock::new(RwLock::default);

/// Named values that a sentence is filled with.
pub type Arguments<'a> = HashMap<Cow<'static, str>, FluentValue<'a>>;

/// A language Handover speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    De,
    En,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::De, Self::En];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == word)
    }

    /// Both, this one first: for whoever's language nobody knows.
    pub fn and_the_other(self) -> [Self; 2] {
        match self {
            Self::De => [Self::De, Self::En],
            Self::En => [Self::En, Self::De],
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110 §12.5.4); `otherwise` where nothing fits.
    pub fn negotiate(accept: &str, otherwise: Self) -> Self {
        let wanted = parse_accepted_languages(accept);
        let available: Vec<fluent_langneg::LanguageIdentifier> =
            Self::ALL.iter().filter_map(|language| language.as_str().parse().ok()).collect();
        let chosen = negotiate_languages(&wanted, &available, None, NegotiationStrategy::Lookup);
        chosen.first().and_then(|language| Self::parse(&language.to_string())).unwrap_or(otherwise)
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        match self {
            Self::De => &GERMAN,
            Self::En => &ENGLISH,
        }
    }

    /// The sentence for `key`, or `None` where this language has none.
    pub fn find_text(self, key: &str, arguments: &Arguments<'_>) -> Option<String> {
        if !arguments.is_empty() {
            return LOCALES.try_lookup_with_args(self.identifier(), key, arguments);
        }
        let plain = match self {
            Self::De => &PLAIN_GERMAN,
            Self::En => &PLAIN_ENGLISH,
        };
        let known = plain.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        known.or_else(|| {
            let text = LOCALES.try_lookup(self.identifier(), key)?;
            plain.write().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), text.clone());
            Some(text)
        })
    }

    /// The sentence for `key`. A missing one shows its key, so that a reader at least sees that something is there.
    pub fn text_with(self, key: &str, arguments: &Arguments<'_>) -> String {
        self.find_text(key, arguments).unwrap_or_else(|| {
            tracing::error!(key, language = self.as_str(), "message key without a sentence");
            key.to_owned()
        })
    }

    /// The sentence for `key` that needs no values.
    pub fn text(self, key: &str) -> String {
        self.text_with(key, &Arguments::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiation_follows_the_readers_order() {
        for otherwise in Language::ALL {
            for (header, expected) in [
                ("de-AT,de;q=0.9,en;q=0.8", Language::De),
                ("en-GB,en;q=0.9,de;q=0.8", Language::En),
                ("fr,de;q=0.5", Language::De),
                ("fr,en;q=0.5", Language::En),
                ("fr", otherwise),
                ("", otherwise),
                ("*", otherwise),
                ("no language at all;;", otherwise),
            ] {
                assert_eq!(Language::negotiate(header, otherwise), expected, "{header}");
            }
            assert_eq!(otherwise.and_the_other()[0], otherwise);
        }
    }
}
