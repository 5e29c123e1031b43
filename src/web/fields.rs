//! A form's fields as they were sent: all text, missing ones empty. Parses nothing; the rooms turn them into types.
//!
//! Of a repeated field the first value counts; fields nobody asks for are ignored. Control characters are dropped.

use std::{collections::BTreeMap, time::Duration};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    error::PayloadError,
    web::{Bytes, Data},
};
use serde::Serialize;

use super::error::WebError;
use crate::app::App;

/// The most a form may weigh, in bytes: several texts of full length, percent-encoded.
pub const LIMIT: usize = 128 * 1024;

/// The fields by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, String>);

/// The form was not sent as UTF-8, the only encoding our pages use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUtf8;

impl Fields {
    /// Decodes `application/x-www-form-urlencoded` (WHATWG URL §5.1), but refuses what is not UTF-8 instead of
    /// replacing it: a name with � in it must not travel on to anybody. Control characters besides line breaks and
    /// tabs are dropped: nobody types them, and PostgreSQL keeps no NUL in a text.
    ///
    /// # Errors
    /// [`NotUtf8`].
    pub fn decode(body: &[u8]) -> Result<Self, NotUtf8> {
        let mut fields = BTreeMap::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            fields.entry(name).or_insert(value);
        }
        Ok(Self(fields))
    }

    /// What was typed, without surrounding space; empty where nothing was sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// As [`Fields::get`]; `None` where it is empty.
    pub fn find(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// Whether a box was ticked: any value but an empty one and the usual ways to write "no".
    pub fn is_ticked(&self, name: &str) -> bool {
        !matches!(self.get(name).to_ascii_lowercase().as_str(), "" | "false" | "0" | "off" | "no")
    }

    /// Puts a value in the place of what was typed.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }
}

/// Whether what is sent says that it is a form without files.
pub fn is_form(request: &HttpRequest) -> bool {
    request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

impl FromRequest for Fields {
    type Error = WebError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    /// # Errors
    /// [`WebError::TooLarge`], [`WebError::TooSlow`], [`WebError::NotUtf8`], or [`WebError::NotAForm`] for another content type or a body
    /// that broke off.
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // A program sent them otherwise, and they are read already.
        let given = request.extensions().get::<Self>().cloned();
        let is_form = is_form(request);
        let read = Bytes::from_request(request, payload);
        let app = request.app_data::<Data<App>>().cloned();
        Box::pin(async move {
            if let Some(given) = given {
                return Ok(given);
            }
            if !is_form {
                return Err(WebError::NotAForm);
            }
            let missing = || anyhow::anyhow!("the web application was put together without its settings");
            let most = Duration::from_secs(app.ok_or_else(missing)?.settings.http.form_seconds.into());
            // Against whoever holds connections with a byte now and then: a form has to be there as a whole by then.
            let Ok(read) = tokio::time::timeout(most, read).await else { return Err(WebError::TooSlow) };
            match read {
                Ok(body) => Self::decode(&body).map_err(|NotUtf8| WebError::NotUtf8),
                Err(error) => match error.as_error::<PayloadError>() {
                    Some(PayloadError::Overflow) => Err(WebError::TooLarge),
                    _ => Err(WebError::NotAForm),
                },
            }
        })
    }
}

fn decode(part: &[u8]) -> Result<String, NotUtf8> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some((first, tail)) = rest.split_first() {
        let (byte, after) = match (first, tail) {
            (b'+', _) => (b' ', tail),
            (b'%', [high, low, after @ ..]) => match hex(*high, *low) {
                Some(byte) => (byte, after),
                None => (b'%', tail),
            },
            _ => (*first, tail),
        };
        bytes.push(byte);
        rest = after;
    }
    let mut text = String::from_utf8(bytes).map_err(|_| NotUtf8)?;
    text.retain(|c| matches!(c, '\n' | '\r' | '\t') || !c.is_control());
    Ok(text)
}

/// The byte that two hexadecimal digits write.
fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some((digit(high)? << 4) | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_browsers_and_scripts_send() {
        let typed = Fields::decode(
            b"company=M%C3%BCller+%26+S%C3%B6hne&company=other&empty=&bare&odd=100%&odd2=%zz&utf8=\xc3\xa9&=x&&a=b=c",
        )
        .unwrap();
        for (field, expected) in [
            ("company", "Müller & Söhne"),
            ("empty", ""),
            ("bare", ""),
            ("missing", ""),
            ("odd", "100%"),
            ("odd2", "%zz"),
            ("utf8", "é"),
            ("a", "b=c"),
        ] {
            assert_eq!(typed.get(field), expected, "{field}");
        }
    }

    #[test]
    fn other_encodings_are_refused() {
        assert_eq!(Fields::decode(b"company=M%FCller"), Err(NotUtf8));
        assert_eq!(Fields::decode(b"M\xfcller=x"), Err(NotUtf8));
    }

    #[test]
    fn control_characters_are_dropped() {
        let typed = Fields::decode(b"email=a%00b&t%00ext=one%0d%0atwo%09%07%7f%c2%85three").unwrap();
        assert_eq!((typed.get("email"), typed.get("text")), ("ab", "one\r\ntwo\tthree"));
    }

    #[test]
    fn boxes_know_the_usual_ways_to_say_no() {
        for (value, ticked) in [
            ("true", true),
            ("on", true),
            ("1", true),
            ("ja", true),
            ("", false),
            ("+", false),
            ("false", false),
            ("0", false),
            ("off", false),
            ("No", false),
        ] {
            let typed = Fields::decode(format!("box={value}").as_bytes()).unwrap();
            assert_eq!(typed.is_ticked("box"), ticked, "{value:?}");
        }
        assert!(!Fields::default().is_ticked("box"));
    }
}
