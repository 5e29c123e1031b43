//! A letter as its recipient reads it.

use handover::{brand::Brand, config::Settings, view::Views};
use mail_parser::MessageParser;

use super::smtp::Received;

/// The templates, with the face that these settings give.
pub fn views_with(overrides: &str) -> Views {
    let settings = Settings::with(overrides).unwrap();
    Views::try_new(settings.zone().unwrap(), &Brand::try_new(&settings).unwrap()).unwrap()
}

#[derive(Clone, Debug)]
pub struct Letter {
    /// Its place among all that the server received.
    pub at: usize,
    /// From the envelope.
    pub to: String,
    pub return_path: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub raw: Vec<u8>,
}

impl Letter {
    pub fn read(at: usize, received: &Received) -> Self {
        let message = MessageParser::default().parse(&received.raw).unwrap();
        Self {
            at,
            to: received.to.clone(),
            return_path: received.from.clone(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.html_part(0).and_then(|_| message.body_html(0)).map(|html| html.into_owned()),
            raw: received.raw.clone(),
        }
    }

    /// The path of the link below `folder`, as `/confirmations/…`.
    #[track_caller]
    pub fn link(&self, folder: &str) -> String {
        let start = self
            .text
            .find(&format!("/{folder}/"))
            .unwrap_or_else(|| panic!("no /{folder}/ in:\n{}", self.text));
        self.text[start..].split_whitespace().next().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let message = MessageParser::default().parse(&self.raw).unwrap();
        message.header_raw(name).map(|value| value.trim().to_owned())
    }
}
