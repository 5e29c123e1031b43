//! Everything that can go wrong with a request. Handlers return [`WebError`]; what the reader sees of it is made in
//! `answer`.

use std::time::Duration;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;

use super::problem::Problem;

#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error("not found")]
    NotFound,
    #[error("method not allowed")]
    MethodNotAllowed,
    /// Only for people who are signed in; they can do so at this path. `typed`: what they had written, by field, so that a session
    /// that ended takes no text with it.
    #[error("not signed in")]
    NotSignedIn { at: String, typed: Vec<(String, String)> },
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
    /// What programs alone are told.
    #[error("problem: {}", .0.code)]
    Problem(Box<Problem>),
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

/// One mistake in a form, in the reader's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl From<Problem> for WebError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
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
        | sqlx::Error::WorkerCrashed
        // A proxy that has no server to lead to takes the connection and ends it: what is missing then reads as a wrong answer.
        | sqlx::Error::Protocol(_)
        | sqlx::Error::Tls(_) => true,
        // PostgreSQL's manual, appendix A: connection lost or refused, shutting down or starting, no room, read-only,
        // taking longer than a page waits.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["08", "57P", "53"].iter().any(|class| code.starts_with(class))
                || ["25006", "57014"].contains(&code.as_ref())
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
            Self::Problem(problem) => problem.status,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Empty: `answer` fills it in, where the request is known.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl WebError {
    /// The word for it: `error-<word>-title` and `-text` are its sentences, and scripts get it as `code`.
    pub(super) fn word(&self) -> String {
        match self {
            Self::CrossSite => "cross-site".to_owned(),
            Self::Stale { .. } => "stale".to_owned(),
            Self::Problem(problem) => problem.code.to_owned(),
            other => other.status_code().as_u16().to_string(),
        }
    }
}
