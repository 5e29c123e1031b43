//! `GET /api/v1/openapi.json`: what programs can do here, as OpenAPI 3.1. The kinds of answers come from the types themselves; the
//! operations from the one table that the guard goes by.

use std::sync::LazyLock;

use actix_web::{HttpResponse, http::header};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::{
    answer::{Acted, Settled},
    blocks::{BlockDocument, Blocks},
    bulk::Bulk,
    case::CaseDocument,
    cases::Cases,
    customers::{CustomerDocument, Customers},
    mail::Mail,
    notifications::Notifications,
    operations::{Gives, Operation, Takes, Verb, all},
    prepared::{Prepared, PreparedList},
    quarantine::{Quarantine, QuarantinedMessage},
    reports::Report,
    views::{View, Views},
};
use crate::web::json::{Field, Kind};

/// What can go wrong, whatever is asked.
const ALWAYS: [&str; 9] = ["400", "401", "403", "404", "405", "406", "429", "500", "503"];
/// What else can, where something is changed.
const ON_CHANGE: [&str; 8] = ["408", "409", "412", "413", "415", "422", "428", "431"];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Handover",
        version = "1",
        description = "The desk for programs. docs/API.md begins with three examples.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(
        Acted,
        BlockDocument,
        Blocks,
        Bulk,
        CaseDocument,
        Cases,
        CustomerDocument,
        Customers,
        Mail,
        Notifications,
        Prepared,
        PreparedList,
        Quarantine,
        QuarantinedMessage,
        Report,
        Settled,
        View,
        Views,
        Imported,
        Problem
    ))
)]
struct Kinds;

/// What an import did or would do, in figures.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its shape is of interest: `register` writes it")]
struct Imported {
    dry_run: bool,
    lines: i64,
    added: i64,
    changed: i64,
    unchanged: i64,
    refused_lines: i64,
    /// Of refused lines the first 200.
    refused: Vec<RefusedLine>,
}

#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its shape is of interest")]
struct RefusedLine {
    line: i64,
    key: String,
    reason: String,
}

/// What went wrong (RFC 9457).
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its shape is of interest: `web` writes it")]
struct Problem {
    r#type: String,
    status: i32,
    /// Stays, whatever the language.
    code: String,
    title: String,
    detail: String,
    instance: String,
    request_id: String,
    errors: Option<Vec<FieldProblem>>,
}

#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its shape is of interest")]
struct FieldProblem {
    field: String,
    message: String,
}

static DOCUMENT: LazyLock<String> = LazyLock::new(|| write().to_string());

pub async fn show() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        // It says nothing about anybody, and changes with the program alone.
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(DOCUMENT.as_str())
}

/// The whole document.
pub fn write() -> Value {
    let mut document = serde_json::to_value(Kinds::openapi()).unwrap_or_default();
    let mut paths = Map::new();
    for one in all() {
        let at = paths.entry(one.path.to_owned()).or_insert_with(|| json!({}));
        let method = if one.method == Verb::Get { "get" } else { "post" };
        if let Some(at) = at.as_object_mut() {
            at.insert(method.to_owned(), operation(one));
        }
    }
    let scheme =
        json!({ "type": "http", "scheme": "bearer", "description": "A token of /desk/account/tokens" });
    if let Some(document) = document.as_object_mut() {
        document.insert("paths".to_owned(), Value::Object(paths));
        document.insert("security".to_owned(), json!([{ "token": [] }]));
        if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
            components.insert("securitySchemes".to_owned(), json!({ "token": scheme }));
        }
    }
    document
}

fn operation(one: &Operation) -> Value {
    let scope = one.scope.as_str();
    let role: &str = one.least.into();
    let people = if one.by_people { " Not for service accounts." } else { "" };
    let mut written = json!({
        "operationId": one.id,
        // What the viewer puts together: what the same tokens are for.
        "tags": [scope.split(':').next()],
        "summary": one.about,
        "description": format!("Scope `{scope}`, at least the role `{role}`.{people}"),
        "parameters": parameters(one),
        "responses": responses(one),
    });
    let body = match one.takes {
        Takes::Query(_) => None,
        Takes::Fields(fields) => {
            Some((fields.iter().any(|field| field.required), "application/json", schema_of(fields)))
        }
        Takes::Register(_) => Some((true, "text/csv", json!({ "type": "string" }))),
        Takes::File => Some((
            true,
            "multipart/form-data",
            json!({
                "type": "object", "required": ["file"],
                "properties": { "file": { "type": "string", "format": "binary" } }
            }),
        )),
    };
    if let (Some((required, kind, schema)), Some(object)) = (body, written.as_object_mut()) {
        object.insert(
            "requestBody".to_owned(),
            json!({ "required": required, "content": { kind: { "schema": schema } } }),
        );
    }
    written
}

fn parameters(one: &Operation) -> Vec<Value> {
    let mut all = Vec::new();
    for name in one.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        all.push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    }
    if let Takes::Query(fields) | Takes::Register(fields) = one.takes {
        for field in fields {
            all.push(json!({
                "name": field.name, "in": "query", "required": field.required, "description": field.about,
                "schema": schema_of_parameter(field)
            }));
        }
    }
    if one.asks_version {
        all.push(json!({
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` of what was looked at: one version in quotation marks",
            "schema": { "type": "string", "pattern": "^\"[0-9]{1,9}\"$" }
        }));
    }
    if one.method == Verb::Post && one.takes != Takes::File {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same answer for the same request, for 24 hours",
            "schema": { "type": "string", "pattern": "^[!-~]{1,200}$" }
        }));
    }
    all
}

fn responses(one: &Operation) -> Value {
    let mut responses = Map::new();
    if let Some((status, kind)) = one.gives.answer() {
        let mut content = Map::new();
        let schema = json!({ "schema": { "$ref": format!("#/components/schemas/{kind}") } });
        if one.gives == Gives::Pack {
            content.insert("application/zip".to_owned(), json!({}));
        } else {
            content.insert("application/json".to_owned(), schema);
        }
        if one.gives == Gives::Report {
            content.insert("text/csv".to_owned(), json!({ "schema": { "type": "string" } }));
        }
        let described = if one.gives.has_version() {
            json!({ "ETag": { "description": "The version of what it is about", "schema": { "type": "string" } } })
        } else {
            json!({})
        };
        responses.insert(
            status.to_owned(),
            json!({ "description": "Done", "content": content, "headers": described }),
        );
    }
    let changes = if one.method == Verb::Post { &ON_CHANGE[..] } else { &[] };
    for status in ALWAYS.iter().chain(changes) {
        responses.insert(
            (*status).to_owned(),
            json!({
                "description": "A problem",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
            }),
        );
    }
    Value::Object(responses)
}

fn schema_of(fields: &[Field]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), described(field))).collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// As a body has it: what may be left out may be null as well.
fn described(field: &Field) -> Value {
    let mut schema = schema_of_field(field);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), json!(field.about));
        if !field.required {
            let kind = schema.get("type").cloned();
            schema.insert("type".to_owned(), json!([kind, "null"]));
            if let Some(Value::Array(words)) = schema.get_mut("enum") {
                words.push(Value::Null);
            }
        }
    }
    schema
}

/// As an address has it: an empty one is refused.
fn schema_of_parameter(field: &Field) -> Value {
    let mut schema = schema_of_field(field);
    if let (Kind::Text, Some(schema)) = (field.kind, schema.as_object_mut()) {
        schema.insert("minLength".to_owned(), json!(1));
    }
    schema
}

fn schema_of_field(field: &Field) -> Value {
    match field.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Choice(words) => json!({ "type": "string", "enum": words }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Id => json!({ "type": "string", "format": "uuid" }),
        Kind::Files => {
            json!({ "type": "array", "maxItems": 100, "items": { "type": "string", "format": "uuid" } })
        }
        Kind::Versions => json!({
            "type": "object", "minProperties": 1, "maxProperties": 50,
            "propertyNames": { "type": "string", "pattern": "^[A-Za-z]{2}-[0-9]{4}-[0-9]{5,9}$" },
            "additionalProperties": { "type": "integer", "minimum": 1, "maximum": 2147483647 }
        }),
        Kind::Criteria(words) => {
            let properties: Map<String, Value> =
                words.iter().map(|word| ((*word).to_owned(), json!({ "type": "boolean" }))).collect();
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_document_of_openapi_3_1_and_tells_of_every_operation() {
        let written = write();
        assert_eq!(written["openapi"], "3.1.0");
        let read: utoipa::openapi::OpenApi = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap()["paths"].as_object().unwrap().len(), {
            written["paths"].as_object().unwrap().len()
        });
        let told: usize =
            written["paths"].as_object().unwrap().values().map(|at| at.as_object().unwrap().len()).sum();
        assert_eq!(told, all().count());
        let text = written.to_string();
        for (start, _) in text.match_indices("#/components/schemas/") {
            let name: String = text[start + 21..].chars().take_while(|c| c.is_alphanumeric()).collect();
            assert!(written["components"]["schemas"].get(&name).is_some(), "{name}");
        }
    }
}
