//! Answers that programs get: JSON of a kind that stays, and which version of a case they are about.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::{Problem, Reader, WebError, error::FieldError};

/// A case after something was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acted {
    pub number: String,
    /// Also the `ETag`; the next change names it as `If-Match`.
    pub version: i32,
    pub state: String,
}

/// Something that is over.
#[derive(Debug, Serialize, ToSchema)]
pub struct Settled {
    pub id: Uuid,
    /// What became of it: `discarded`, `answered`, `sent`, `withdrawn` or `deleted`.
    pub outcome: &'static str,
}

pub fn settled(id: Uuid, outcome: &'static str) -> HttpResponse {
    begin(StatusCode::OK).json(Settled { id, outcome })
}

/// One field is wrong; `key` names the sentence.
pub fn invalid(reader: &Reader, field: &str, key: &str) -> WebError {
    WebError::Invalid(vec![FieldError { field: field.to_owned(), message: reader.language.text(key) }])
}

/// It can't be done as things stand; `key` names the sentence, and is the code.
pub fn refused(key: &str) -> WebError {
    WebError::Refused { key: key.to_owned(), about_rights: false }
}

/// A program that looked at an older version than the `current` one.
pub fn stale(current: i32) -> WebError {
    Problem::new(StatusCode::PRECONDITION_FAILED, "version-stale")
        .with("current_version", current)
        .with_header(header::ETAG, &tag(current))
        .into()
}

/// What was done, and the version that it made.
pub fn acted(number: &str, version: i32, state: &str) -> HttpResponse {
    let acted = Acted { number: number.to_owned(), version, state: state.to_owned() };
    begin(StatusCode::OK).insert_header((header::ETAG, tag(version))).json(acted)
}

/// The strong tag of a version.
pub fn tag(version: i32) -> String {
    format!("\"{version}\"")
}

pub fn begin(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    answer.insert_header((header::VARY, "Accept, Accept-Language, Authorization"));
    answer
}

/// One page of many: with the way to the next, in the body and as RFC 8288 has it.
pub fn page(body: &impl Serialize, next: Option<&str>) -> HttpResponse {
    let mut answer = begin(StatusCode::OK);
    if let Some(next) = next {
        answer.insert_header((header::LINK, format!("<{next}>; rel=\"next\"")));
    }
    answer.json(body)
}

/// The parameters of an address: each once, known and with a value, or all that are wrong.
///
/// # Errors
/// 400: a program that writes `stat=verified`, or `state=` with nothing in its variable, must not get all cases.
pub fn parameters(request: &HttpRequest, known: &[&str]) -> Result<Vec<(String, String)>, WebError> {
    let query = request.query_string();
    crate::web::Fields::decode(query.as_bytes()).map_err(|_| WebError::NotUtf8)?;
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    let twice = |name: &str| pairs.iter().filter(|(other, _)| other == name).count() > 1;
    let wrong: Vec<&str> = pairs
        .iter()
        .filter(|(name, value)| !known.contains(&name.as_str()) || twice(name) || value.is_empty())
        .map(|(name, _)| name.as_str())
        .collect();
    if wrong.is_empty() { Ok(pairs) } else { Err(wrong_parameters(request, &wrong)?.into()) }
}

/// The parameters that can't be taken.
pub fn wrong_parameters(request: &HttpRequest, names: &[&str]) -> Result<Problem, WebError> {
    let language = Reader::of(request)?.language;
    let errors: Vec<FieldError> = names
        .iter()
        .map(|name| FieldError {
            field: name.chars().take(60).collect(),
            message: language.text("api-parameter"),
        })
        .collect();
    let errors = serde_json::to_value(errors).map_err(anyhow::Error::from)?;
    Ok(Problem::new(StatusCode::BAD_REQUEST, "parameters").with("errors", errors))
}

/// The value of a parameter; empty where it was not sent.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
}

/// A parameter that names an id.
///
/// # Errors
/// 400 for what is none.
pub fn id(request: &HttpRequest, pairs: &[(String, String)], name: &str) -> Result<Option<Uuid>, WebError> {
    match value(pairs, name) {
        "" => Ok(None),
        given => match given.parse() {
            Ok(id) => Ok(Some(id)),
            Err(_) => Err(wrong_parameters(request, &[name])?.into()),
        },
    }
}

/// The parameter `limit`: how many on a page; `None` for what is no such number.
pub fn limit(pairs: &[(String, String)]) -> Option<usize> {
    match value(pairs, "limit") {
        "" => Some(50),
        given => given.parse().ok().filter(|limit| (1..=100).contains(limit)),
    }
}
