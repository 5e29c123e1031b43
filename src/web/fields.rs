//! A form's fields as they were sent: all text, missing ones empty. Parses nothing; the rooms turn them into types.

use std::collections::BTreeMap;

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::Serialize;

use super::error::WebError;

/// The most a form may weigh, in bytes: several texts of full length, percent-encoded.
pub const LIMIT: usize = 128 * 1024;

/// The fields by name. Of a field that came twice, the last counts.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, String>);

impl Fields {
    /// What was typed, without surrounding space; empty where nothing was sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// As [`Fields::get`]; `None` where it is empty.
    pub fn find(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }
}

impl FromRequest for Fields {
    type Error = WebError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    /// # Errors
    /// [`WebError::TooLarge`], or [`WebError::NotAForm`] for another content type or broken encoding.
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        use actix_web::error::UrlencodedError as Wrong;
        let read = web::Form::<Vec<(String, String)>>::from_request(request, payload);
        Box::pin(async move {
            match read.await {
                Ok(web::Form(pairs)) => Ok(Self(pairs.into_iter().collect())),
                Err(error) => match error.as_error::<Wrong>() {
                    Some(Wrong::Overflow { .. }) => Err(WebError::TooLarge),
                    _ => Err(WebError::NotAForm),
                },
            }
        })
    }
}
