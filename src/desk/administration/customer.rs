//! `GET /desk/administration/register/{id}`: one customer as the register has it: licences with their contacts, domains with what the
//! watch saw, what is weak about it, its cases, and the imports that touched it. Changes nothing.
//!
//! However much is on record, the page is bounded: licences come in pages, of everything else the first, with how many there are.

mod licences;

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::licences::{Contact, Entitlement};
use super::{
    cursor::below,
    findings::{self, Asking, Found},
    imports,
    register::customer_address,
};
use crate::{
    app::App,
    case::state::{Outcome, Place},
    clock::Timestamp,
    desk::reading,
    web::{Reader, WebError},
};

/// So many licences on a page.
const LICENCES: i64 = 50;
/// So many contacts of one licence, domains, cases, imports.
const MOST: i64 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    after: String,
}

#[derive(Debug, Serialize)]
struct CustomerView {
    number: String,
    name: String,
    country: Option<String>,
    updated_at: Timestamp,
    licences: i64,
    entitlements: Vec<Entitlement>,
    first: Option<String>,
    next: Option<String>,
    domains: Vec<Domain>,
    more_domains: i64,
    found: Vec<Found>,
    cases: Vec<Case>,
    /// Where the queue lists all of them, if there are more.
    more_cases: Option<String>,
    imports: Vec<Import>,
}

#[derive(Debug, Serialize)]
struct Domain {
    domain: String,
    written: String,
    answered_at: Option<Timestamp>,
    is_there: Option<bool>,
    name_servers: Vec<String>,
    mail_servers: Vec<String>,
    /// The last change that was noticed: `name_servers`, `mail_servers`, `appeared`, `vanished`.
    changed: Option<String>,
    changed_at: Option<Timestamp>,
    #[serde(skip)]
    of: i64,
}

#[derive(Debug, Serialize)]
struct Case {
    number: String,
    state: Place,
    outcome: Option<Outcome>,
    opened_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct Import {
    href: String,
    at: Timestamp,
    file_name: String,
}

#[derive(Debug)]
pub struct Customer {
    pub number: String,
    pub name: String,
    pub country: Option<String>,
    pub updated_at: Timestamp,
    pub licences: i64,
}

/// A customer for programs: what the page begins with.
#[derive(Debug)]
pub struct Read {
    pub customer: Customer,
    pub domains: Vec<String>,
    pub entitlements: Vec<Entitlement>,
    /// The last licence of this page, where there are more.
    pub next: Option<Uuid>,
}

pub async fn read(app: &App, id: Uuid, after: Option<Uuid>) -> anyhow::Result<Option<Read>> {
    let mut connection = reading::begin(&app.pool).await?;
    let Some(customer) = find(&mut connection, id).await? else { return Ok(None) };
    let mut entitlements = licences::list(&mut connection, id, after).await?;
    let most = usize::try_from(LICENCES).unwrap_or(usize::MAX);
    let more = entitlements.len() > most;
    entitlements.truncate(most);
    licences::add_contacts(&mut connection, &mut entitlements).await?;
    let domains = list_domains(&mut connection, id).await?;
    Ok(Some(Read {
        customer,
        domains: domains.into_iter().map(|domain| domain.domain).collect(),
        next: entitlements.last().filter(|_| more).map(|last| last.id),
        entitlements,
    }))
}

/// What the queue is asked for.
#[derive(Serialize)]
struct Search<'a> {
    text: &'a str,
}

pub async fn show(
    reader: Reader,
    id: web::Path<Uuid>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let id = id.into_inner();
    let after: Option<Uuid> = query.after.parse().ok();
    let mut connection = reading::begin(&reader.app.pool).await?;
    let customer = find(&mut connection, id).await?.ok_or(WebError::NotFound)?;
    let mut entitlements = licences::list(&mut connection, id, after).await?;
    let more = entitlements.len() > usize::try_from(LICENCES).unwrap_or(usize::MAX);
    entitlements.truncate(usize::try_from(LICENCES).unwrap_or(usize::MAX));
    licences::add_contacts(&mut connection, &mut entitlements).await?;
    let domains = list_domains(&mut connection, id).await?;
    let asking = Asking::of(&reader.app);
    let found = findings::explain(&mut connection, &asking, &[id]).await?.remove(&id).unwrap_or_default();
    let mut cases = list_cases(&mut connection, id).await?;
    let more_cases = cases.len() > usize::try_from(MOST).unwrap_or(usize::MAX);
    cases.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let imports = list_imports(&mut connection, id).await?;
    drop(connection);
    let here = customer_address(id);
    let shown = i64::try_from(domains.len()).unwrap_or(i64::MAX);
    let search = serde_html_form::to_string(Search { text: &customer.number }).unwrap_or_default();
    let view = CustomerView {
        more_cases: more_cases.then(|| below("/desk/cases", &search)),
        number: customer.number,
        name: customer.name,
        country: customer.country,
        updated_at: customer.updated_at,
        licences: customer.licences,
        next: entitlements.last().filter(|_| more).map(|last| format!("{here}?after={}#licences", last.id)),
        first: after.map(|_| format!("{here}#licences")),
        entitlements,
        more_domains: domains.first().map_or(0, |domain| domain.of.saturating_sub(shown)),
        domains,
        found,
        cases,
        imports,
    };
    reader.at(&here).ok("desk/administration/customer.html", &view)
}

async fn find(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<Option<Customer>> {
    sqlx::query_as!(
        Customer,
        r#"select number, name, country, updated_at as "updated_at: Timestamp",
             (select count(*) from entitlements e where e.customer_id = c.id) as "licences!"
           from customers c where id = $1"#,
        id,
    )
    .fetch_optional(connection)
    .await
    .context("could not read a customer")
}

async fn list_domains(connection: &mut PgConnection, customer: Uuid) -> anyhow::Result<Vec<Domain>> {
    sqlx::query_as!(
        Domain,
        r#"select d.domain, domain_as_written(d.domain) as "written!", w.answered_at as "answered_at?: Timestamp",
             w.is_there as "is_there?", coalesce(w.name_servers, '{}') as "name_servers!",
             coalesce(w.mail_servers, '{}') as "mail_servers!", c.what as "changed?", c.at as "changed_at?: Timestamp",
             count(*) over () as "of!"
           from customer_domains d left join watched_domains w on w.domain = d.domain
           left join lateral (
               select what, at from domain_changes where domain = d.domain order by at desc, id desc limit 1) c on true
           where d.customer_id = $1 order by d.domain limit $2"#,
        customer,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not read a customer's domains")
}

/// The cases that name a licence of the customer, newest first; one more than is shown.
async fn list_cases(connection: &mut PgConnection, customer: Uuid) -> anyhow::Result<Vec<Case>> {
    let rows = sqlx::query!(
        r#"select c.number, c.state, c.outcome, c.opened_at as "opened_at: Timestamp" from cases c
           where c.id in (
               select a.case_id from entitlements e
               cross join lateral (values (e.sen), (e.entitlement_number), (e.site)) as v (value)
               join case_entitlements a on a.value = v.value where e.customer_id = $1)
           order by c.state = 'closed', c.opened_at desc, c.number desc limit $2"#,
        customer,
        MOST.saturating_add(1),
    )
    .fetch_all(connection)
    .await
    .context("could not read a customer's cases")?;
    rows.into_iter()
        .map(|row| {
            let outcome = row.outcome.map(|word| word.parse()).transpose().context("an unknown outcome")?;
            let state = row.state.parse().context("a case in an unknown state")?;
            Ok(Case { number: row.number, state, outcome, opened_at: row.opened_at })
        })
        .collect()
}

async fn list_imports(connection: &mut PgConnection, customer: Uuid) -> anyhow::Result<Vec<Import>> {
    let rows = sqlx::query!(
        r#"select r.id, r.at as "at: Timestamp", r.file_name from import_customers i
           join import_reports r on r.id = i.import_id
           where i.customer_id = $1 order by i.import_id desc limit $2"#,
        customer,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not read the imports that touched a customer")?;
    let imports = rows.into_iter().map(|row| Import {
        href: imports::address(row.id),
        at: row.at,
        file_name: row.file_name,
    });
    Ok(imports.collect())
}
