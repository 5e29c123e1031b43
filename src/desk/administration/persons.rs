//! `/desk/administration/persons`: what is kept of somebody, a copy of it for them, and requests to erase somebody. For administrators.
//!
//! Whom one looks for is in no address, so it is in no history and no log. A copy and every word about erasing ask for a fresh factor;
//! an administrator never consents twice.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::second_factors::step_up::Asking;
use crate::{
    administration::persons::{
        Person, copy,
        find::{self, Everything},
        requests::{self, Listed, RequestError},
    },
    case::address::EmailAddress,
    lang::Language,
    staff::session::SignedIn,
    web::{Fields, Reader, WebError, error::FieldError},
};

pub const PATH: &str = "/desk/administration/persons";
const PAGE_SIZE: usize = 10;
const FIELDS: [&str; 2] = ["email", "reason"];

/// Nonsense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// The request that the page before ended with.
    before: String,
}

/// `desk/administration/persons.html`
#[derive(Debug, Serialize)]
struct PersonsView {
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    error_list: Vec<FieldError>,
    found: Option<FoundView>,
    requests: Vec<Listed>,
    first: Option<&'static str>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct FoundView {
    address: String,
    spellings: Vec<String>,
    names: Vec<String>,
    tables: Vec<(&'static str, usize)>,
    by_name: usize,
    is_cut: bool,
}

/// The form as it is shown.
#[derive(Default)]
struct Form {
    values: BTreeMap<&'static str, String>,
    errors: BTreeMap<&'static str, String>,
    found: Option<FoundView>,
    before: Option<Uuid>,
}

impl FoundView {
    fn new(address: &EmailAddress, all: &Everything) -> Self {
        Self {
            address: address.to_string(),
            spellings: all.spellings.iter().cloned().collect(),
            names: all.names.iter().cloned().collect(),
            tables: find::counts(all),
            by_name: all.by_name().count(),
            is_cut: !all.cut.is_empty(),
        }
    }
}

pub async fn show(
    reader: Reader,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let form = Form { before: query.before.parse().ok(), ..Form::default() };
    page(&reader, &staff, StatusCode::OK, form).await
}

async fn page(
    reader: &Reader,
    staff: &SignedIn,
    status: StatusCode,
    form: Form,
) -> Result<HttpResponse, WebError> {
    let mut connection = reader.app.pool.acquire().await?;
    let limit = i64::try_from(PAGE_SIZE.saturating_add(1)).unwrap_or(i64::MAX);
    let mut requests = requests::list(&mut connection, staff.id, form.before, limit).await?;
    drop(connection);
    let more = requests.len() > PAGE_SIZE;
    requests.truncate(PAGE_SIZE);
    let in_order = FIELDS.iter().filter_map(|field| form.errors.get_key_value(*field));
    let view = PersonsView {
        error_list: in_order
            .map(|(field, message)| FieldError { field: (*field).to_owned(), message: message.clone() })
            .collect(),
        values: form.values,
        errors: form.errors,
        found: form.found,
        next: requests.last().filter(|_| more).map(|last| format!("{PATH}?before={}", last.id)),
        first: form.before.map(|_| PATH),
        requests,
    };
    reader.page(status, "desk/administration/persons.html", &view)
}

/// `POST /desk/administration/persons`: `email`.
pub async fn find(reader: Reader, staff: SignedIn, fields: Fields) -> Result<HttpResponse, WebError> {
    let reader = reader.at(PATH);
    let (form, _) = look(&reader, &fields).await?;
    let status = if form.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(&reader, &staff, status, form).await
}

/// The form with what is kept of whom it names.
async fn look(reader: &Reader, fields: &Fields) -> Result<(Form, Option<EmailAddress>), WebError> {
    let values = FIELDS.iter().map(|name| (*name, fields.get(name).to_owned())).collect();
    let mut form = Form { values, ..Form::default() };
    let Ok(address) = fields.get("email").parse::<EmailAddress>() else {
        form.errors.insert("email", reader.language.text("person-address"));
        return Ok((form, None));
    };
    let mut reading = copy::begin(&reader.app).await?;
    let all = find::find(&mut reading, &Person::new(address.clone())).await?;
    form.found = Some(FoundView::new(&address, &all));
    Ok((form, Some(address)))
}

/// `POST …/copy`: `email`, `format` (`de` | `en` | `json`).
pub async fn save(asking: Asking) -> Result<HttpResponse, WebError> {
    let address: EmailAddress = asking.fields.get("email").parse().map_err(|_| WebError::NotFound)?;
    let format = asking.fields.get("format").to_owned();
    let language = Language::parse(&format);
    if language.is_none() && format != "json" {
        return Err(WebError::NotFound);
    }
    if let Some(page) = asking.demand(PATH).await? {
        return Ok(page);
    }
    let app = &asking.casework.app;
    let copy = copy::export(app, asking.doer(), &Person::new(address)).await?;
    let (body, kind, name) = match language {
        Some(language) => (
            copy.html(app, language)?.into_bytes(),
            "text/html; charset=utf-8",
            format!("person.{format}.html"),
        ),
        None => (copy.json()?, "application/json", "person.json".to_owned()),
    };
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

/// `POST …/requests`: `email`, `reason`.
pub async fn ask(asking: Asking) -> Result<HttpResponse, WebError> {
    let reader = asking.reader.clone().at(PATH);
    let (mut form, address) = look(&reader, &asking.fields).await?;
    if let Some(address) = address {
        let reason = asking.fields.get("reason").trim();
        if reason.is_empty() || reason.chars().count() > requests::LONGEST_REASON {
            form.errors.insert("reason", reader.language.text("person-reason-missing"));
        } else {
            if let Some(page) = asking.demand(PATH).await? {
                return Ok(page);
            }
            match requests::ask(&asking.casework.app, asking.doer(), &address, reason).await {
                Ok(_) => return Ok(reader.see_other(PATH, "notice-erasure-asked")),
                Err(RequestError::Open) => {
                    form.errors.insert("email", reader.language.text("person-request-open"));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    page(&reader, &asking.staff, StatusCode::UNPROCESSABLE_ENTITY, form).await
}

/// `POST …/requests/{id}/consent`
pub async fn consent(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    if let Some(page) = asking.demand(PATH).await? {
        return Ok(page);
    }
    requests::consent(&asking.casework.app, asking.staff.id, id).await?;
    Ok(asking.reader.see_other(PATH, "notice-erasure-consented"))
}

/// `POST …/requests/{id}/withdrawal`
pub async fn withdraw(asking: Asking, id: web::Path<String>) -> Result<HttpResponse, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    requests::withdraw(&asking.casework.app, asking.doer(), id).await?;
    Ok(asking.reader.see_other(PATH, "notice-erasure-withdrawn"))
}

impl From<RequestError> for WebError {
    fn from(error: RequestError) -> Self {
        let refused = |key: &str| Self::Refused { key: key.to_owned(), about_rights: true };
        match error {
            RequestError::Gone => Self::NotFound,
            RequestError::Yours => refused("person-consent-yours"),
            RequestError::NotAdministrator => refused("person-consent-administrators"),
            RequestError::Open | RequestError::Reason => refused("person-request-open"),
            RequestError::Other(error) => error.into(),
        }
    }
}
