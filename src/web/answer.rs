//! The one place where a [`WebError`] becomes an answer and a line in the log: a page in the reader's language, or
//! problem+json (RFC 9457) for scripts. What broke inside is logged here, once, and never sent.

use std::time::Duration;

use actix_web::{
    Error, HttpMessage as _, HttpRequest, HttpResponse, ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
};
use serde::Serialize;
use serde_json::{Value, json};
use tracing_actix_web::RequestId;

use super::{cookies::InAnyCase, error::WebError, limit::whole_seconds, reader::Reader};
use crate::lang::{Arguments, Language};

/// When to ask again what is not available.
const SOON: Duration = Duration::from_secs(10);

/// Middleware: turns a [`WebError`] into what the reader sees, and logs what is our fault.
pub async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut response = answered(next.call(request).await?);
    let cookie = response.request().extensions().get::<InAnyCase>().cloned();
    if let Some(InAnyCase(cookie)) = cookie {
        response.response_mut().add_cookie(&cookie)?;
    }
    Ok(response)
}

/// An answer in which nothing is left to be told: an error has become words.
pub fn answered(response: ServiceResponse<impl MessageBody + 'static>) -> ServiceResponse<BoxBody> {
    let Some(error) = response.response().error() else { return response.map_into_boxed_body() };
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
    response.into_response(rendered)
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
        if reader.wants_json {
            Ok(problem(&reader, error, &text, request))
        } else {
            reader.page(status, "error.html", &text)
        }
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
    /// What was typed into the form that was refused.
    typed: Vec<TypedText>,
}

#[derive(Debug, Serialize)]
struct TypedText {
    label: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct Back {
    href: String,
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
            WebError::NotSignedIn { at, .. } => {
                Some(Back { href: at.clone(), label: language.text("error-sign-in") })
            }
            _ => None,
        };
        let request_id = request.extensions().get::<RequestId>().map(ToString::to_string);
        Self {
            status: error.status_code().as_u16(),
            title: language.text(&format!("error-{word}-title")),
            text,
            request_id: request_id.filter(|_| matches!(error, WebError::Internal(_))),
            back,
            typed: typed_in(error, language),
        }
    }
}

fn typed_in(error: &WebError, language: Language) -> Vec<TypedText> {
    let WebError::NotSignedIn { typed, .. } = error else { return Vec::new() };
    let label = |name: &str| {
        let known = language.find_text(&format!("desk-typed-{name}"), &Arguments::new());
        known.unwrap_or_else(|| language.text("error-typed-other"))
    };
    typed.iter().map(|(name, text)| TypedText { label: label(name), text: text.clone() }).collect()
}

/// RFC 9457. `code` is stable, `title` and `detail` are for people.
fn problem(reader: &Reader, error: &WebError, text: &Text, request: &HttpRequest) -> HttpResponse {
    let code = match error {
        WebError::Refused { key, .. } => key.clone(),
        WebError::Problem(problem) => problem.code.to_owned(),
        other => format!("error-{}", other.word()),
    };
    let mut body = json!({ "status": text.status, "code": code, "title": text.title, "detail": text.text });
    let mut answer = HttpResponse::build(error.status_code());
    answer.content_type("application/problem+json");
    if let Some(object) = body.as_object_mut() {
        let mut add = |name: &str, value: Value| object.insert(name.to_owned(), value);
        match error {
            WebError::Invalid(errors) => {
                add("errors", json!(errors));
            }
            WebError::Stale { current } => {
                add("current_version", json!(current));
            }
            WebError::Problem(problem) => {
                for (name, value) in &problem.members {
                    add(name, value.clone());
                }
                for header in &problem.headers {
                    answer.insert_header(header.clone());
                }
            }
            _ => {}
        }
        let id = request.extensions().get::<RequestId>().map(ToString::to_string);
        if reader.is_api {
            // Where all of them are explained.
            add("type", json!(format!("{}#{code}", reader.app.link("/api/v1"))));
            if let Some(id) = &id {
                add("instance", json!(format!("urn:uuid:{id}")));
            }
            answer.insert_header((header::CONTENT_LANGUAGE, reader.language.as_str()));
            answer.insert_header((header::VARY, "Accept, Accept-Language, Authorization"));
        }
        if let Some(id) = id.filter(|_| reader.is_api || text.request_id.is_some()) {
            add("request_id", json!(id));
        }
    }
    answer.body(body.to_string())
}
