//! Everything that can go wrong with a request, and the one place where it becomes an answer and a line in the log.
//!
//! Handlers return [`WebError`]; [`answer`] renders it as a page in the reader's language, or as problem+json
//! (RFC 9457) for scripts. What broke inside is logged there, once, and never sent.

use std::time::Duration;

use actix_web::{
    Error, HttpMessage as _, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
};
use serde::Serialize;
use serde_json::json;
use tracing_actix_web::RequestId;

use super::{limit::whole_seconds, reader::Reader};

#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error("not found")]
    NotFound,
    #[error("method not allowed")]
    MethodNotAllowed,
    /// Only for people who are signed in; they can do so at this path.
    #[error("not signed in")]
    NotSignedIn { at: &'static str },
    /// The role does not allow it.
    #[error("forbidden")]
    Forbidden,
    /// A POST that another site's page sent in the browser of one of ours.
    #[error("sent by another site")]
    CrossSite,
    /// The rules say no. `key` names the sentence that explains it.
    #[error("refused by the rules: {key}")]
    Refused { key: String, about_rights: bool },
    /// The page was built from an older version of the case than the `current` one.
    #[error("stale")]
    Stale { current: i32 },
    #[error("too large")]
    TooLarge,
    /// It did not come in time.
    #[error("too slow")]
    TooSlow,
    #[error("not a form")]
    NotAForm,
    /// A form in another encoding than that of our pages.
    #[error("not UTF-8")]
    NotUtf8,
    /// What was typed is wrong. Rooms answer people with their form; this is for scripts.
    #[error("invalid fields")]
    Invalid(Vec<FieldError>),
    #[error("too many requests")]
    TooMany { retry_after: Duration },
    /// Not now: the database is away, or too many wait already.
    #[error("not available: {0:#}")]
    Unavailable(anyhow::Error),
    #[error("{0:#}")]
    Internal(anyhow::Error),
}

/// More work of one kind than there is room for. Whoever asked tries again.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("too many wait already")]
pub struct Overloaded;

/// When to ask again what is not available.
const SOON: Duration = Duration::from_secs(10);

/// One mistake in a form, in the reader's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl From<sqlx::Error> for WebError {
    fn from(error: sqlx::Error) -> Self {
        anyhow::Error::from(error).into()
    }
}

impl From<anyhow::Error> for WebError {
    fn from(error: anyhow::Error) -> Self {
        let passes = error.chain().any(|cause| {
            cause.is::<Overloaded>() || cause.downcast_ref::<sqlx::Error>().is_some_and(is_away)
        });
        if passes { Self::Unavailable(error) } else { Self::Internal(error) }
    }
}

/// Whether the database could not be asked at all, or takes no writes: that passes, and is no mistake in what was asked.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // PostgreSQL's manual, appendix A: connection lost or refused, shutting down or starting, no room, read-only.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["08", "57P", "53"].iter().any(|class| code.starts_with(class)) || code == "25006"
        }),
        _ => false,
    }
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotSignedIn { .. } => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Refused { about_rights: true, .. } => StatusCode::FORBIDDEN,
            Self::Refused { .. } | Self::Stale { .. } => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotUtf8 => StatusCode::BAD_REQUEST,
            Self::NotAForm | Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Empty: [`answer`] fills it in, where the request is known.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl WebError {
    /// The word for it: `error-<word>-title` and `-text` are its sentences, and scripts get it as `code`.
    fn word(&self) -> String {
        match self {
            Self::CrossSite => "cross-site".to_owned(),
            Self::Stale { .. } => "stale".to_owned(),
            other => other.status_code().as_u16().to_string(),
        }
    }
}

/// Middleware: turns a [`WebError`] into what the reader sees, and logs what is our fault.
pub async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?;
    let Some(error) = response.response().error() else { return Ok(response.map_into_boxed_body()) };
    let status = response.status();
    let rendered = match error.as_error::<WebError>() {
        Some(error) => {
            log(error);
            render(response.request(), error)
        }
        // The framework's own: a path or header it could not read.
        None if status.is_client_error() => render(response.request(), &WebError::NotFound),
        None => {
            tracing::error!(error = %error, "the framework failed on a request");
            render(response.request(), &WebError::Internal(anyhow::anyhow!("the framework failed")))
        }
    };
    Ok(response.into_response(rendered))
}

fn log(error: &WebError) {
    match error {
        WebError::Internal(error) => tracing::error!(error = format!("{error:#}"), "a request failed"),
        WebError::Unavailable(error) => {
            tracing::warn!(error = format!("{error:#}"), "a request could not be answered now");
        }
        _ => {}
    }
}

fn render(request: &HttpRequest, error: &WebError) -> HttpResponse {
    let status = error.status_code();
    let mut answer = match Reader::of(request).and_then(|reader| {
        let text = Text::of(&reader, error, request);
        if reader.wants_json { Ok(problem(error, &text)) } else { reader.page(status, "error.html", &text) }
    }) {
        Ok(answer) => answer,
        Err(broken) => {
            tracing::error!(error = %broken, "could not render an error");
            HttpResponse::new(status)
        }
    };
    let retry_after = match error {
        WebError::TooMany { retry_after } => Some(*retry_after),
        WebError::Unavailable(_) => Some(SOON),
        _ => None,
    };
    if let Some(retry_after) = retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, whole_seconds(retry_after).into());
    }
    answer
}

/// What the template `error.html` shows.
#[derive(Debug, Serialize)]
struct Text {
    status: u16,
    title: String,
    text: String,
    request_id: Option<String>,
    back: Option<Back>,
}

#[derive(Debug, Serialize)]
struct Back {
    href: &'static str,
    label: String,
}

impl Text {
    fn of(reader: &Reader, error: &WebError, request: &HttpRequest) -> Self {
        let language = reader.language;
        let word = error.word();
        let text = match error {
            WebError::Refused { key, .. } => language.text(key),
            _ => language.text(&format!("error-{word}-text")),
        };
        let back = match error {
            WebError::NotSignedIn { at } => Some(Back { href: at, label: language.text("error-sign-in") }),
            _ => None,
        };
        let request_id = request.extensions().get::<RequestId>().map(ToString::to_string);
        Self {
            status: error.status_code().as_u16(),
            title: language.text(&format!("error-{word}-title")),
            text,
            request_id: request_id.filter(|_| matches!(error, WebError::Internal(_))),
            back,
        }
    }
}

/// RFC 9457. `code` is stable, `title` and `detail` are for people.
fn problem(error: &WebError, text: &Text) -> HttpResponse {
    let code = match error {
        WebError::Refused { key, .. } => key.clone(),
        other => format!("error-{}", other.word()),
    };
    let mut body = json!({ "status": text.status, "code": code, "title": text.title, "detail": text.text });
    if let Some(object) = body.as_object_mut() {
        match error {
            WebError::Invalid(errors) => object.insert("errors".to_owned(), json!(errors)),
            WebError::Stale { current } => object.insert("current_version".to_owned(), json!(current)),
            _ => text.request_id.as_ref().and_then(|id| object.insert("request_id".to_owned(), json!(id))),
        };
    }
    HttpResponse::build(error.status_code()).content_type("application/problem+json").body(body.to_string())
}
