//! The page of one endpoint: its form, what it is told, and the messages with what came back. Two statements.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Serialize;

use super::{
    PATH,
    form::{Errors, FIELDS, field_of},
};
use crate::{
    casework::Casework,
    clock::Timestamp,
    web::{Fields, Reader, WebError, error::FieldError},
    webhooks::{
        EventKind,
        endpoints::Endpoint,
        outbox::{self, Listed},
    },
};

const PAGE_SIZE: i64 = 25;

/// Who asks, and with what.
pub struct Asked {
    pub reader: Reader,
    pub casework: web::Data<Casework>,
    pub fields: Fields,
}

/// What there is to say beside the form.
#[derive(Default)]
pub struct Said {
    pub errors: Errors,
    /// Shown this once.
    pub secret: Option<String>,
    /// Somebody changed it meanwhile.
    pub stale: bool,
    pub before: Option<i64>,
}

/// `desk/administration/webhook.html`.
#[derive(Debug, Serialize)]
struct EndpointView {
    /// `None` for a new one.
    endpoint: Option<Endpoint>,
    /// When the older secret stops to sign, where it still does.
    overlap: Option<Timestamp>,
    secret: Option<String>,
    stale: bool,
    kinds: Vec<KindView>,
    values: BTreeMap<String, String>,
    errors: Errors,
    error_list: Vec<FieldError>,
    messages: Vec<Listed>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct KindView {
    word: &'static str,
    field: String,
    wire: String,
}

pub async fn answer_wrong(
    asked: &Asked,
    endpoint: Option<&Endpoint>,
    errors: Errors,
) -> Result<HttpResponse, WebError> {
    render(asked, endpoint, StatusCode::UNPROCESSABLE_ENTITY, Said { errors, ..Said::default() }).await
}

pub async fn render(
    asked: &Asked,
    endpoint: Option<&Endpoint>,
    status: StatusCode,
    said: Said,
) -> Result<HttpResponse, WebError> {
    let app = &asked.casework.app;
    let (mut messages, mut values) = (Vec::new(), asked.fields.0.clone());
    if let Some(endpoint) = endpoint {
        let mut connection = app.pool.acquire().await?;
        messages =
            outbox::list(&mut connection, endpoint.id, said.before, PAGE_SIZE.saturating_add(1)).await?;
        if said.stale {
            values.insert("version".to_owned(), endpoint.version.to_string());
        }
    }
    let more = i64::try_from(messages.len()).is_ok_and(|count| count > PAGE_SIZE);
    messages.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    let own = endpoint.map(|endpoint| format!("{PATH}/{}", endpoint.id)).unwrap_or_default();
    let in_order = FIELDS.iter().filter_map(|field| said.errors.get_key_value(*field));
    let view = EndpointView {
        overlap: endpoint
            .and_then(|endpoint| endpoint.old_secret_until)
            .filter(|until| *until > app.clock.now()),
        endpoint: endpoint.cloned(),
        secret: said.secret,
        stale: said.stale,
        kinds: EventKind::choices()
            .map(|kind| KindView { word: kind.as_str(), field: field_of(kind), wire: kind.on_the_wire() })
            .collect(),
        values,
        error_list: in_order
            .map(|(field, message)| FieldError { field: (*field).to_owned(), message: message.clone() })
            .collect(),
        errors: said.errors,
        first: said.before.map(|_| format!("{own}#messages")),
        next: messages.last().filter(|_| more).map(|last| format!("{own}?before={}#messages", last.id)),
        messages,
    };
    asked.reader.page(status, "desk/administration/webhook.html", &view)
}
