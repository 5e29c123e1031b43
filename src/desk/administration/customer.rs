//! `GET /desk/administration/register/{id}`: one customer as the register has it: licences with their contacts, domains with what the
//! watch saw, what is weak about it, its cases, and the imports that touched it. Changes nothing.
//!
//! However much is on record, the page is bounded: licences come in pages, of everything else the first, with how many there are.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    cursor::below,
    findings::{self, Asking, Found},
    imports,
    register::customer_address,
};
use crate::{
    app::App,
    case::state::{Outcome, Place},
    clock::{Day, Timestamp},
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
pub struct Entitlement {
    #[serde(skip)]
    pub id: Uuid,
    pub label: String,
    pub others: Vec<String>,
    pub product: String,
    pub hosting: String,
    pub tier: Option<String>,
    pub status: String,
    pub starts_on: Option<Day>,
    pub renews_on: Option<Day>,
    /// What a case of ours made of its contact, until an import confirms it.
    pub change: Option<ContactChange>,
    pub contacts: Vec<Contact>,
    pub more_contacts: i64,
}

#[derive(Debug, Serialize)]
pub struct ContactChange {
    number: String,
    at: Timestamp,
    new_name: String,
    new_email: String,
    /// When an import spoke against it.
    contradicted_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
pub struct Contact {
    #[serde(skip)]
    entitlement_id: Uuid,
    pub role: String,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub is_primary: bool,
    /// When mail to the address came back for good.
    bounced_at: Option<Timestamp>,
    /// Our yearly question: when it was sent last, and what was answered last.
    asked_at: Option<Timestamp>,
    answer: Option<String>,
    answered_at: Option<Timestamp>,
    unsubscribed: bool,
    #[serde(skip)]
    of: i64,
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
    let mut entitlements = list_entitlements(&mut connection, id, after).await?;
    let most = usize::try_from(LICENCES).unwrap_or(usize::MAX);
    let more = entitlements.len() > most;
    entitlements.truncate(most);
    add_contacts(&mut connection, &mut entitlements).await?;
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
    let mut entitlements = list_entitlements(&mut connection, id, after).await?;
    let more = entitlements.len() > usize::try_from(LICENCES).unwrap_or(usize::MAX);
    entitlements.truncate(usize::try_from(LICENCES).unwrap_or(usize::MAX));
    add_contacts(&mut connection, &mut entitlements).await?;
    let domains = list_domains(&mut connection, id).await?;
    let asking = Asking::read(&mut connection, &reader.app).await?;
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

/// One more than a page holds, without their contacts.
async fn list_entitlements(
    connection: &mut PgConnection,
    customer: Uuid,
    after: Option<Uuid>,
) -> anyhow::Result<Vec<Entitlement>> {
    let rows = sqlx::query!(
        r#"select e.id, coalesce(e.sen, e.entitlement_number, e.site) as "label!", e.sen, e.entitlement_number, e.site, e.product,
             e.hosting, e.tier, e.status, e.starts_on as "starts_on: Day", e.renews_on as "renews_on: Day",
             ch.number as "change_number?", ch.at as "change_at: Timestamp", ch.new_name as "new_name?", ch.new_email as "new_email?",
             case when ch.verdict = 'contradicted' then ch.verdict_at end as "contradicted_at: Timestamp"
           from entitlements e
           left join lateral (select c.number, l.at, l.new_name, l.new_email, l.verdict, l.verdict_at
               from latest_contact_changes l join cases c on c.id = l.case_id
               where l.entitlement_id = e.id and l.verdict is distinct from 'confirmed') ch on true
           where e.customer_id = $1 and ($2::uuid is null
               or (coalesce(e.sen, e.entitlement_number, e.site), e.id) > (
                   select coalesce(l.sen, l.entitlement_number, l.site), l.id from entitlements l where l.id = $2))
           order by coalesce(e.sen, e.entitlement_number, e.site), e.id limit $3"#,
        customer,
        after,
        LICENCES.saturating_add(1),
    )
    .fetch_all(connection)
    .await
    .context("could not read a customer's licences")?;
    let entitlements = rows.into_iter().map(|row| {
        let names = [row.sen, row.entitlement_number, row.site].into_iter().flatten();
        Entitlement {
            id: row.id,
            others: names.filter(|name| *name != row.label).collect(),
            label: row.label,
            product: row.product,
            hosting: row.hosting,
            tier: row.tier,
            status: row.status,
            starts_on: row.starts_on,
            renews_on: row.renews_on,
            change: match (row.change_number, row.change_at, row.new_name, row.new_email) {
                (Some(number), Some(at), Some(new_name), Some(new_email)) => Some(ContactChange {
                    number,
                    at,
                    new_name,
                    new_email,
                    contradicted_at: row.contradicted_at,
                }),
                _ => None,
            },
            contacts: Vec::new(),
            more_contacts: 0,
        }
    });
    Ok(entitlements.collect())
}

async fn add_contacts(connection: &mut PgConnection, to: &mut [Entitlement]) -> anyhow::Result<()> {
    let ids: Vec<Uuid> = to.iter().map(|entitlement| entitlement.id).collect();
    let rows = sqlx::query_as!(
        Contact,
        r#"select k.entitlement_id as "entitlement_id!", k.role as "role!", k.name as "name!", k.email as "email!", k.phone,
             k.is_primary as "is_primary!", k.of as "of!", (
                 select max(b.at) from emails m join bounces b on b.email_id = m.id
                 where m.audience = 'customer' and lower(m.envelope_to) = lower(k.email) and not b.temporary
                     and b.about_recipient) as "bounced_at: Timestamp",
             (select max(q.asked_at) from contact_questions q where q.mailbox = lower(trim(k.email))) as "asked_at: Timestamp",
             said.answer as "answer?", said.answered_at as "answered_at: Timestamp",
             exists (select from unsubscribed_mailboxes u
                 where u.mailbox_hash = sha256(convert_to(lower(trim(k.email)), 'UTF8'))) as "unsubscribed!"
           from (
               select *, row_number() over (partition by entitlement_id order by is_primary desc, role desc, lower(email), id) as place,
                   count(*) over (partition by entitlement_id) as of
               from contacts where entitlement_id = any($1)) k
           left join lateral (select q.answer, q.answered_at from contact_questions q
               where q.mailbox = lower(trim(k.email)) and q.answer is not null
               order by q.asked_at desc limit 1) said on true
           where k.place <= $2 order by k.entitlement_id, k.place"#,
        &ids,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not read the contacts of a customer's licences")?;
    let mut by_entitlement: HashMap<Uuid, Vec<Contact>> = HashMap::new();
    for contact in rows {
        by_entitlement.entry(contact.entitlement_id).or_default().push(contact);
    }
    for entitlement in to {
        entitlement.contacts = by_entitlement.remove(&entitlement.id).unwrap_or_default();
        let shown = i64::try_from(entitlement.contacts.len()).unwrap_or(i64::MAX);
        let of = entitlement.contacts.first().map_or(0, |contact| contact.of);
        entitlement.more_contacts = of.saturating_sub(shown);
    }
    Ok(())
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
