//! A header that means something here stands there once, or not at all: of two, a proxy could read one and we the other.

use actix_web::{
    HttpRequest,
    http::{StatusCode, header::HeaderName},
};

use crate::web::{Problem, WebError};

/// The one value of a header.
///
/// # Errors
/// Where it stands there twice, or is no text.
pub fn single<'a>(request: &'a HttpRequest, name: &HeaderName) -> Result<Option<&'a str>, WebError> {
    let mut values = request.headers().get_all(name);
    let first = values.next();
    let twice = || Problem::new(StatusCode::BAD_REQUEST, "header-twice").with("header", name.as_str());
    if values.next().is_some() {
        return Err(twice().into());
    }
    first.map(|value| value.to_str().map_err(|_| twice().into())).transpose()
}
