//! The page that says one thing: thanks, already done, no longer valid.

use serde::Serialize;

use crate::{
    case::number::CaseNumber,
    lang::{Arguments, Language},
};

/// What `intake/message.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct MessageView {
    tone: &'static str,
    title: String,
    text: String,
    number: Option<CaseNumber>,
    link: Option<LinkView>,
}

#[derive(Clone, Debug, Serialize)]
struct LinkView {
    href: &'static str,
    label: String,
}

impl MessageView {
    pub const TEMPLATE: &'static str = "intake/message.html";

    /// A page with the sentences of these two keys. `tone`: ok | info | warn.
    pub fn new(tone: &'static str, language: Language, title: &str, text: &str) -> Self {
        Self::with(tone, language, title, text, &Arguments::new())
    }

    /// As [`MessageView::new`], with values for the text.
    pub fn with(
        tone: &'static str,
        language: Language,
        title: &str,
        text: &str,
        arguments: &Arguments<'_>,
    ) -> Self {
        let text = language.text_with(text, arguments);
        Self { tone, title: language.text(title), text, number: None, link: None }
    }

    /// Names the case that it is about.
    #[must_use]
    pub fn about(self, number: &CaseNumber) -> Self {
        Self { number: Some(number.clone()), ..self }
    }

    /// Shows the way on; `label` is already in words.
    #[must_use]
    pub fn leading_to(self, href: &'static str, label: String) -> Self {
        Self { link: Some(LinkView { href, label }), ..self }
    }
}
