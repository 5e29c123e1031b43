//! `GET /desk/administration/imports`: what `register import` did, latest first; and one of them with the lines it refused and whose
//! entries it touched. Reading only: importing is done on the command line.

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

use super::register::customer_address;
use crate::{
    clock::Timestamp,
    desk::reading,
    lang::{Arguments, Language},
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/imports";
const PAGE_SIZE: usize = 50;
/// So many customers of one import are named.
const MOST_CUSTOMERS: i64 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    before: String,
}

/// What an import did, in figures.
#[derive(Debug, Serialize)]
struct Import {
    #[serde(skip)]
    id: i64,
    at: Timestamp,
    ran_by: String,
    file_name: String,
    #[serde(serialize_with = "as_hex")]
    file_digest: Vec<u8>,
    lines: i32,
    customers_added: i32,
    customers_changed: i32,
    customers_unchanged: i32,
    entitlements_added: i32,
    entitlements_changed: i32,
    entitlements_unchanged: i32,
    contacts_added: i32,
    contacts_removed: i32,
    /// `None` of what was imported before anybody counted.
    contacts_changed: Option<i32>,
    domains_added: i32,
    domains_removed: i32,
    refused: i32,
    #[serde(skip)]
    refusals: Value,
}

#[derive(Debug, Serialize)]
struct ImportsView {
    rows: Vec<RowView>,
    first: Option<&'static str>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct RowView {
    href: String,
    #[serde(flatten)]
    import: Import,
}

#[derive(Debug, Serialize)]
struct ImportView {
    import: Import,
    refusals: Vec<RefusalView>,
    /// Lines that were refused and are not among those.
    more_refusals: i64,
    customers: Vec<CustomerLink>,
    more_customers: i64,
}

#[derive(Debug, Serialize)]
struct RefusalView {
    line: u64,
    text: String,
}

#[derive(Debug, Serialize)]
struct CustomerLink {
    href: String,
    number: String,
    name: String,
}

pub fn address(id: i64) -> String {
    format!("{PATH}/{id}")
}

pub async fn list(reader: Reader, query: web::Query<Query>) -> Result<HttpResponse, WebError> {
    let before: Option<i64> = query.before.parse().ok();
    let limit = i64::try_from(PAGE_SIZE.saturating_add(1)).unwrap_or(i64::MAX);
    let mut connection = reading::begin(&reader.app.pool).await?;
    let mut imports = read(&mut connection, before.unwrap_or(i64::MAX), limit).await?;
    drop(connection);
    let more = imports.len() > PAGE_SIZE;
    imports.truncate(PAGE_SIZE);
    let view = ImportsView {
        next: imports.last().filter(|_| more).map(|last| format!("{PATH}?before={}", last.id)),
        first: before.map(|_| PATH),
        rows: imports.into_iter().map(|import| RowView { href: address(import.id), import }).collect(),
    };
    reader.at(PATH).ok("desk/administration/imports.html", &view)
}

pub async fn show(reader: Reader, id: web::Path<i64>) -> Result<HttpResponse, WebError> {
    let id = id.into_inner();
    let mut connection = reading::begin(&reader.app.pool).await?;
    // The first at or before it is it, or there is none of this number.
    let found = read(&mut connection, id.saturating_add(1), 1).await?;
    let import = found.into_iter().find(|import| import.id == id).ok_or(WebError::NotFound)?;
    let rows = sqlx::query!(
        r#"select c.id, c.number, c.name, count(*) over () as "of!" from import_customers i
           join customers c on c.id = i.customer_id where i.import_id = $1
           order by lower(c.name), c.number limit $2"#,
        id,
        MOST_CUSTOMERS,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not read whom an import touched")?;
    drop(connection);
    let refusals: Vec<RefusalView> =
        import.refusals.as_array().into_iter().flatten().map(|one| refusal(one, reader.language)).collect();
    let left_out = |of: i64, shown: usize| of.saturating_sub(i64::try_from(shown).unwrap_or(i64::MAX));
    let view = ImportView {
        more_refusals: left_out(import.refused.into(), refusals.len()),
        more_customers: left_out(rows.first().map_or(0, |row| row.of), rows.len()),
        customers: rows
            .into_iter()
            .map(|row| CustomerLink { href: customer_address(row.id), number: row.number, name: row.name })
            .collect(),
        import,
        refusals,
    };
    reader.at(&address(id)).ok("desk/administration/import.html", &view)
}

async fn read(connection: &mut PgConnection, before: i64, limit: i64) -> anyhow::Result<Vec<Import>> {
    sqlx::query_as!(
        Import,
        r#"select id, at as "at: Timestamp", ran_by, file_name, file_digest, lines, customers_added, customers_changed,
             customers_unchanged, entitlements_added, entitlements_changed, entitlements_unchanged, contacts_added,
             contacts_removed, contacts_changed, domains_added, domains_removed, refused, refusals
           from import_reports where id < $1 order by id desc limit $2"#,
        before,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("could not read what imports did")
}

/// Why a line was refused, in the reader's language; in place of what stood there, an ellipsis.
fn refusal(kept: &Value, language: Language) -> RefusalView {
    let word = |name: &str| match kept.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => "…".to_owned(),
    };
    let key = word("key");
    let values = [
        ("field", word("field")),
        ("line", word("other_line")),
        ("found", word("found")),
        ("expected", word("expected")),
        ("value", "…".to_owned()),
        ("number", "…".to_owned()),
        ("name", "…".to_owned()),
    ];
    let arguments: Arguments<'_> =
        values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    // What an earlier program kept under a word that is gone.
    let text = language.find_text(&key, &arguments).unwrap_or(key);
    RefusalView { line: kept.get("line").and_then(Value::as_u64).unwrap_or_default(), text }
}

fn as_hex<S: serde::Serializer>(digest: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&HEXLOWER.encode(digest))
}
