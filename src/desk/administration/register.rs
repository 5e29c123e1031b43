//! `GET /desk/administration/register`: the register looked through, by customer: name, number, domain, licence, contact, with a
//! slip of the fingers where nothing is written as it was typed. Changes nothing.

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::cursor::{self, below};
use crate::{
    app::App,
    characters::is_hidden,
    clock::Day,
    desk::reading,
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/register";
const PAGE_SIZE: usize = 50;
/// Longest text that is looked for, in characters.
const LONGEST: usize = 100;

/// The address as it comes in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    text: String,
    after: String,
}

/// Where a page ends.
#[derive(Debug, Serialize, Deserialize)]
struct After {
    sort_name: String,
    number: String,
}

#[derive(Debug, Serialize)]
struct RegisterView {
    text: String,
    total: i64,
    /// Nothing is written as it was looked for; these are spelt like it.
    tolerant: bool,
    rows: Vec<RowView>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct RowView {
    href: String,
    #[serde(flatten)]
    row: Row,
}

#[derive(Debug, Serialize)]
pub struct Row {
    #[serde(skip)]
    pub id: Uuid,
    pub number: String,
    pub name: String,
    pub country: Option<String>,
    pub licences: i64,
    pub contacts: i64,
    pub renews_on: Option<Day>,
    /// What was found of it, where it is not its name or number.
    found: Option<String>,
    found_as: Option<String>,
    #[serde(skip)]
    sort_name: String,
}

/// A page of the register, for people and for programs.
#[derive(Debug)]
pub struct Page {
    pub rows: Vec<Row>,
    pub total: i64,
    pub tolerant: bool,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

pub async fn show(reader: Reader, query: web::Query<Query>) -> Result<HttpResponse, WebError> {
    let text = clean(&query.text);
    let page = read(&reader.app, &text, &query.after, PAGE_SIZE).await?;
    let view = RegisterView {
        total: page.total,
        tolerant: page.tolerant,
        first: is_cursor(&query.after).then(|| address(&text, None)),
        next: page.next.map(|next| address(&text, Some(next))),
        rows: page.rows.into_iter().map(|row| RowView { href: customer_address(row.id), row }).collect(),
        text,
    };
    reader.at(PATH).ok("desk/administration/register.html", &view)
}

/// Whether a page ends there.
pub fn is_cursor(text: &str) -> bool {
    cursor::read::<After>(text).is_some()
}

/// So many customers that `text` finds, after that place.
pub async fn read(app: &App, text: &str, after: &str, size: usize) -> anyhow::Result<Page> {
    let text = clean(text);
    let today = app.clock.now().day_in(&app.zone);
    let after: Option<After> = cursor::read(after);
    let mut connection = reading::begin(&app.pool).await?;
    let (total, tolerant) = count(&mut connection, &text).await?;
    let limit = i64::try_from(size.saturating_add(1)).unwrap_or(i64::MAX);
    let mut rows = list(&mut connection, &text, tolerant, today, after.as_ref(), limit).await?;
    drop(connection);
    let more = rows.len() > size;
    rows.truncate(size);
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| After { sort_name: row.sort_name.clone(), number: row.number.clone() });
    Ok(Page { rows, total, tolerant, next: next.as_ref().map(cursor::write) })
}

pub fn customer_address(id: Uuid) -> String {
    format!("{PATH}/{id}")
}

fn address(text: &str, after: Option<String>) -> String {
    #[derive(Serialize)]
    struct Address<'a> {
        #[serde(skip_serializing_if = "str::is_empty")]
        text: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    }
    let address = Address { text, after };
    below(PATH, &serde_html_form::to_string(&address).unwrap_or_default())
}

/// What nobody sees is not looked for: a mark for the direction of writing comes along when names are copied, and PostgreSQL
/// takes no NUL.
fn clean(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control() && !is_hidden(*c)).take(LONGEST).collect()
}

/// How many match, and whether only by being spelt like it.
async fn count(connection: &mut PgConnection, text: &str) -> anyhow::Result<(i64, bool)> {
    let row = sqlx::query!(
        r#"select case when $1 = '' then (select count(*) from customers)
               else (select count(*) from search_customers($1, false)) end as "total!""#,
        text,
    )
    .fetch_one(&mut *connection)
    .await
    .context("could not count the customers")?;
    if row.total > 0 || text.is_empty() {
        return Ok((row.total, false));
    }
    let total = sqlx::query_scalar!(r#"select count(*) as "total!" from search_customers($1, true)"#, text)
        .fetch_one(connection)
        .await
        .context("could not count the customers that are spelt alike")?;
    Ok((total, total > 0))
}

async fn list(
    connection: &mut PgConnection,
    text: &str,
    tolerant: bool,
    today: Day,
    after: Option<&After>,
    limit: i64,
) -> anyhow::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"with page as materialized (
             select c.id, c.number, c.name, c.country, lower(c.name) as sort_name from customers c
             where ($1 = '' or c.id in (select search_customers($1, $2)))
                 and (not $3::bool or (lower(c.name), c.number) > ($4, $5))
             order by lower(c.name), c.number limit $6),
           asked as materialized (select find_words($1) as terms, compact_number($1) as compact)
           select p.id as "id!", p.number as "number!", p.name as "name!", p.country, p.sort_name as "sort_name!",
             (select count(*) from entitlements e where e.customer_id = p.id) as "licences!",
             (select count(distinct lower(k.email)) from entitlements e join contacts k on k.entitlement_id = e.id
                 where e.customer_id = p.id) as "contacts!",
             (select min(e.renews_on) from entitlements e where e.customer_id = p.id and e.renews_on >= $7) as "renews_on: Day",
             f.source as "found_as?", case f.source
                 when 'domain' then domain_as_written(f.source_id)
                 when 'entitlement' then (select concat_ws(' · ', e.sen, e.entitlement_number, e.site, e.product)
                     from entitlements e where e.id = f.source_id::uuid)
                 when 'contact' then (select concat_ws(' · ', k.name, k.email, k.phone) from contacts k where k.id = f.source_id::uuid)
                 end as found
           from page p left join lateral (
               select s.source, s.source_id from customer_search s, asked
               where $1 <> '' and s.customer_id = p.id and (
                   exists (select from unnest(terms) term where s.words @@ ('''' || term || ''':*')::tsquery)
                   or compact <> '' and s.words @@ ('''' || compact || ''':*')::tsquery
                   or $2 and exists (select from unnest(terms) term where term <% s.names))
               -- What has most of the words; the name itself where that is as much.
               order by (select count(*) from unnest(terms) term where s.words @@ ('''' || term || ''':*')::tsquery) desc,
                   s.source <> 'customer', s.source_id limit 1) f on true
           order by p.sort_name, p.number"#,
        text,
        tolerant,
        after.is_some(),
        after.map(|after| after.sort_name.as_str()).unwrap_or_default(),
        after.map(|after| after.number.as_str()).unwrap_or_default(),
        limit,
        today as Day,
    )
    .fetch_all(connection)
    .await
    .context("could not list the customers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_not_looked_for() {
        assert_eq!(clean(" \u{200f}Nord\0licht\u{202e} 100 % _ ' \\ "), "Nordlicht 100 % _ ' \\");
        assert_eq!(clean(&"ä".repeat(10_000)).chars().count(), LONGEST);
    }
}
