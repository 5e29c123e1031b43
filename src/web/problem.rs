//! What goes wrong for programs alone, as problem details (RFC 9457): a code that stays, a sentence for people, and what a program
//! needs to go on.
//!
//! The sentences are `error-<code>-title` and `-text`. What goes wrong for people and programs alike is a `WebError` of its own.

use actix_web::http::{
    StatusCode,
    header::{HeaderName, HeaderValue},
};
use serde_json::Value;

/// One that names its code and brings its members and headers along.
#[derive(Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub members: Vec<(&'static str, Value)>,
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, members: Vec::new(), headers: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    /// What can't stand in a header is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }
}
