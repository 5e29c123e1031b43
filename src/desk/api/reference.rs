//! `GET /api/v1`: what programs can do here, for people: a plain page made of the same table as the document. No script, so the policy
//! of all other pages holds for it, too. Says nothing of any case, and what anybody may read in the sources.

use actix_web::HttpResponse;
use serde::Serialize;
use strum::VariantArray as _;

use super::operations::{Takes, Verb, all};
use crate::{
    case::refusal::Refusal,
    staff::tokens::{PREFIX, Scope},
    web::{Reader, WebError},
};

/// What goes wrong for programs alone; its sentences are `error-<code>-title` and `-text`.
pub const PROBLEMS: [&str; 19] = [
    "token-missing",
    "token-unknown",
    "scope-missing",
    "needs-a-person",
    "approval-needs-a-person",
    "factor-needed",
    "parameters",
    "malformed",
    "header-twice",
    "method",
    "not-acceptable",
    "media-type",
    "version-needed",
    "version-stale",
    "key-malformed",
    "key-not-here",
    "key-under-way",
    "key-reused",
    "keys-too-many",
];

/// `desk/api/reference.html`.
#[derive(Debug, Serialize)]
struct ReferenceView {
    operations: Vec<OperationView>,
    scopes: Vec<&'static str>,
    prefix: &'static str,
    problems: Vec<ProblemView>,
}

#[derive(Debug, Serialize)]
struct OperationView {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    about: &'static str,
    scope: &'static str,
    role: String,
    by_people: bool,
    asks_version: bool,
    takes: &'static str,
    fields: Vec<FieldView>,
}

#[derive(Debug, Serialize)]
struct FieldView {
    name: &'static str,
    about: &'static str,
    required: bool,
}

#[derive(Debug, Serialize)]
struct ProblemView {
    code: String,
    title: String,
    text: String,
}

pub async fn show(reader: Reader) -> Result<HttpResponse, WebError> {
    let language = reader.language;
    let operations = all().map(|operation| OperationView {
        id: operation.id,
        method: if operation.method == Verb::Get { "GET" } else { "POST" },
        path: operation.path,
        about: operation.about,
        scope: operation.scope.as_str(),
        role: language.text(&format!("role-{}", Into::<&str>::into(operation.least))),
        by_people: operation.by_people,
        asks_version: operation.asks_version,
        takes: match operation.takes {
            Takes::Query(_) => "",
            Takes::Fields(_) => "application/json",
            Takes::Register(_) => "text/csv",
            Takes::File => "multipart/form-data",
        },
        fields: operation
            .fields()
            .iter()
            .map(|field| FieldView { name: field.name, about: field.about, required: field.required })
            .collect(),
    });
    let own = PROBLEMS.iter().map(|code| ProblemView {
        code: (*code).to_owned(),
        title: language.text(&format!("error-{code}-title")),
        text: language.text(&format!("error-{code}-text")),
    });
    let refusals = Refusal::VARIANTS.iter().map(|refusal| ProblemView {
        code: refusal.key(),
        title: String::new(),
        text: language.text(&refusal.key()),
    });
    let view = ReferenceView {
        operations: operations.collect(),
        scopes: Scope::VARIANTS.iter().map(|scope| scope.as_str()).collect(),
        prefix: PREFIX,
        problems: own.chain(refusals).collect(),
    };
    reader.ok("desk/api/reference.html", &view)
}
