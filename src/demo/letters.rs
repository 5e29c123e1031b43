//! Every e-mail that Handover writes, with invented data: for the page that shows them, for the tests that read them, and for the
//! table in the documents.
//!
//! The data stands in `demo/letters.json`, which is the list of fields that each template may use; the words are rendered as for a
//! real case. Sends nothing.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    case::outcome::Notification,
    casework::{
        caseless_letters,
        rendering::{Seal, render},
    },
    lang::Language,
    view::Views,
};

/// The whole list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samples {
    /// What every letter is given, unless it says otherwise.
    pub common: Map<String, Value>,
    pub kinds: Vec<Kind>,
}

/// One kind of e-mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its folder below `templates/emails`.
    pub kind: String,
    /// When it is written.
    pub when: String,
    /// Who gets it.
    pub to: String,
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    pub word: String,
    pub fields: Map<String, Value>,
}

/// How a kind is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text and HTML, in the language of whoever asked for it.
    Letter,
    /// Text and HTML, both languages in one.
    ForAnybody,
    /// Text alone, in one language.
    Plain,
    /// Text alone and English, put together from a draft.
    ToAtlassian,
}

/// A letter as it would be written.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
}

impl Samples {
    pub fn read() -> anyhow::Result<Self> {
        serde_json::from_str(include_str!("../../demo/letters.json"))
            .context("could not read demo/letters.json")
    }

    /// What the templates of this variant are given.
    pub fn page(&self, variant: &Variant) -> Map<String, Value> {
        let own = variant.fields.iter().map(|(key, value)| (key.clone(), value.clone()));
        self.common.clone().into_iter().chain(own).collect()
    }
}

impl Kind {
    pub fn shape(&self) -> Shape {
        let known = self.kind.parse::<Notification>();
        match known {
            Ok(notification) if notification.is_to_atlassian() => Shape::ToAtlassian,
            Ok(notification) if notification.is_to_requester() => Shape::Letter,
            Ok(_) => Shape::ForAnybody,
            Err(_) if self.kind == "contact_question" => Shape::ForAnybody,
            Err(_) if caseless_letters().contains(&self.kind.as_str()) => Shape::Letter,
            Err(_) => Shape::Plain,
        }
    }

    /// The languages in which it is written on its own: one alone where both are in it, or it is always in English.
    pub fn versions(&self) -> &'static [Language] {
        match self.shape() {
            Shape::Letter | Shape::Plain => &Language::ALL,
            Shape::ForAnybody => &[Language::De],
            Shape::ToAtlassian => &[Language::En],
        }
    }

    /// Written with `page`, in this language or, where both are in it, in both.
    pub fn write(
        &self,
        views: &Views,
        language: Language,
        page: &Map<String, Value>,
        seal: &Seal,
    ) -> anyhow::Result<Written> {
        let folder = &self.kind;
        let one = |part: &str, page: &Map<String, Value>| {
            views.render(&format!("emails/{folder}/{}.{part}", language.as_str()), language, page)
        };
        let (own, both) = ([language], language.and_the_other());
        let languages = match self.shape() {
            Shape::Letter => &own[..],
            Shape::ForAnybody => &both[..],
            Shape::Plain => {
                let Value::Object(seal) = serde_json::to_value(seal)? else {
                    anyhow::bail!("a seal without fields")
                };
                let page: Map<String, Value> = page.clone().into_iter().chain(seal).collect();
                let (subject, text) = (one("subject", &page)?, one("txt", &page)?);
                return Ok(Written { subject: subject.trim().to_owned(), text, html: None });
            }
            Shape::ToAtlassian => {
                let (opening, facts, closing) =
                    (one("opening.txt", page)?, one("facts.txt", page)?, one("closing.txt", page)?);
                let facts = facts.trim_matches('\n').trim_end();
                let text = format!("{}\n\n{facts}\n\n{}\n", opening.trim(), closing.trim());
                return Ok(Written { subject: one("subject", page)?.trim().to_owned(), text, html: None });
            }
        };
        let words = render(views, folder, languages, page, seal)?;
        Ok(Written { subject: words.subject, text: words.text, html: Some(words.html) })
    }
}
