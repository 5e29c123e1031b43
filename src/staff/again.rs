//! Who sends a request, asked once more by a handler that read a long body itself.
//!
//! The guards of `site` look before a handler runs. Whoever was signed out, barred or given another role while their file came in,
//! slowly, would go on with the rights of its first line; so whoever reads a body asks again before anything is done with it.

use std::{
    fmt,
    future::{Future, Ready, ready},
    pin::Pin,
    rc::Rc,
};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};

use super::session::SignedIn;
use crate::web::WebError;

type Asked = Pin<Box<dyn Future<Output = Result<SignedIn, WebError>>>>;

/// In the request behind a guard. Holds what the guard knows them by, and not the request, which would hold itself.
#[derive(Clone)]
pub struct Again(Rc<dyn Fn() -> Asked>);

impl Again {
    pub fn new(ask: impl Fn() -> Asked + 'static) -> Self {
        Self(Rc::new(ask))
    }

    /// Who it is at this moment.
    ///
    /// # Errors
    /// What the guard itself would answer, where they may no more.
    pub async fn ask(&self) -> Result<SignedIn, WebError> {
        (self.0)().await
    }
}

impl fmt::Debug for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Again")
    }
}

impl FromRequest for Again {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let again = request.extensions().get::<Self>().cloned();
        let missing = || anyhow::anyhow!("a body is read without the guard that can be asked again").into();
        ready(again.ok_or_else(missing))
    }
}
