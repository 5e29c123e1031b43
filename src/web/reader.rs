//! Who reads the answer: in which language, on which page, as HTML or as JSON, and what there is to tell them first.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::{Method, header, uri::PathAndQuery},
    web,
};

use super::{Fields, cookies, error::WebError};
use crate::{
    app::App,
    lang::Language,
    view::{Frame, FrameStaff},
};

/// What stands below is for programs. The page that explains it stands at the address without the slash at the end.
const API: &str = "/api/v1/";
/// But for this page, which draws it for people.
const VIEWER: &str = "/api/v1/viewer";

/// Made from any request; renders pages for it (see `page`).
#[derive(Clone, Debug)]
pub struct Reader {
    pub app: App,
    pub language: Language,
    /// The reader wants JSON rather than HTML: a script.
    pub wants_json: bool,
    /// A program at the interface for programs: nothing of it depends on a cookie.
    pub is_api: bool,
    /// The language was named just now, and is to be remembered.
    pub(super) language_named: bool,
    pub(super) frame: Frame,
}

impl Reader {
    /// Reads the request. Fails only where the application was put together without an [`App`].
    pub fn of(request: &HttpRequest) -> Result<Self, WebError> {
        let app = request
            .app_data::<web::Data<App>>()
            .ok_or_else(|| anyhow::anyhow!("the web application was put together without its context"))?;
        let is_api = request.path().starts_with(API) && !request.path().starts_with(VIEWER);
        let named = language_named_by(request).filter(|_| !is_api);
        let otherwise = app.settings.language;
        let language = match named {
            Some(language) => language,
            None if is_api => accepted_language(request, otherwise),
            None => language_of(request, otherwise),
        };
        let header =
            |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accept = header(header::ACCEPT);
        let frame = Frame {
            path: request.path().to_owned(),
            return_to: return_to(request).to_owned(),
            notice: notice_of(request, language),
            staff: request.extensions().get::<FrameStaff>().cloned(),
            demo: app.settings.is_demo(),
        };
        Ok(Self {
            app: app.get_ref().clone(),
            language,
            language_named: named.is_some(),
            wants_json: is_api || accept.contains("json") && !accept.contains("text/html"),
            is_api,
            frame,
        })
    }

    /// How many cases need whoever is signed in, and whether there are more; `None` where nobody could say in time.
    pub fn needs(&self) -> Option<(i64, bool)> {
        self.frame.staff.as_ref().and_then(|staff| Some((staff.needs?, staff.needs_more)))
    }

    /// In the language that somebody chose just now.
    #[must_use]
    pub fn speaking(self, language: Language) -> Self {
        Self { language, language_named: true, ..self }
    }

    /// In the language that a form says its page has: without a cookie, nothing else does.
    #[must_use]
    pub fn reading(self, language: Option<Language>) -> Self {
        Self { language: language.unwrap_or(self.language), ..self }
    }

    /// The page counts as that of `path`: for answers to a POST whose own address can't be opened.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.frame.path);
        path.clone_into(&mut self.frame.return_to);
        self
    }
}

impl FromRequest for Reader {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

/// The address of a page that can be opened; what answers a form is none, so that leads to where people begin.
fn return_to(request: &HttpRequest) -> &str {
    match (request.method(), request.path().starts_with("/desk/")) {
        (&Method::GET | &Method::HEAD, _) => request.uri().path_and_query().map_or("/", PathAndQuery::as_str),
        (_, true) => "/desk/cases",
        (_, false) => "/",
    }
}

/// The language of a link, as `?language=de`; only to pages for customers, of which a site of the reseller's knows its readers' language.
fn language_named_by(request: &HttpRequest) -> Option<Language> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || request.path().starts_with("/desk/") || !request.query_string().contains(LANGUAGE) {
        return None;
    }
    Language::parse(Fields::decode(request.query_string().as_bytes()).ok()?.get(LANGUAGE))
}

/// The name of the parameter and of the field.
const LANGUAGE: &str = "language";

/// The chosen language, else the best for `Accept-Language`, else the configured one.
fn language_of(request: &HttpRequest, otherwise: Language) -> Language {
    let chosen = cookies::read(request.headers(), cookies::LANGUAGE).and_then(Language::parse);
    chosen.unwrap_or_else(|| accepted_language(request, otherwise))
}

fn accepted_language(request: &HttpRequest, otherwise: Language) -> Language {
    let accept = request.headers().get(header::ACCEPT_LANGUAGE);
    Language::negotiate(accept.and_then(|value| value.to_str().ok()).unwrap_or_default(), otherwise)
}

/// Anybody may set a cookie, so it can only name one of our own sentences that are made for this.
fn notice_of(request: &HttpRequest, language: Language) -> Option<String> {
    let key = cookies::read(request.headers(), cookies::NOTICE)?.to_owned();
    let known = key.starts_with("notice-") && language.find_text(&key, &Default::default()).is_some();
    known.then_some(key)
}
