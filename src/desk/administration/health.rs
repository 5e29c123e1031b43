//! `GET /desk/administration/health`: customers whose entries in the register make the next departure hard, most urgent first; and
//! the same list as a file.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::header, web};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    cursor::{self, below},
    findings::{self, Ahead, Asking, Finding, Found},
    register::customer_address,
    survey::{After, Count, Counts, Surveys, Weak},
};
use crate::{
    administration::trail::{self, Change, Doer},
    app::App,
    clock::{Day, Timestamp},
    desk::{queue::csv::safe, reading},
    lang::Language,
    staff::session::SignedIn,
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/health";
const PAGE_SIZE: usize = 50;
/// A file of this length is a report, not work.
const MOST: usize = 5000;

/// The address as it comes in; what makes no sense is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    finding: String,
    renewal: String,
    after: String,
}

#[derive(Clone, Copy, Debug)]
struct Filter {
    finding: Option<Finding>,
    ahead: Option<Ahead>,
}

impl Filter {
    fn query(self, after: Option<&After>) -> String {
        #[derive(Serialize)]
        struct Address {
            #[serde(skip_serializing_if = "Option::is_none")]
            finding: Option<Finding>,
            #[serde(skip_serializing_if = "Option::is_none")]
            renewal: Option<Ahead>,
            #[serde(skip_serializing_if = "Option::is_none")]
            after: Option<String>,
        }
        let address = Address { finding: self.finding, renewal: self.ahead, after: after.map(cursor::write) };
        serde_html_form::to_string(&address).unwrap_or_default()
    }

    fn address(self, after: Option<&After>) -> String {
        below(PATH, &self.query(after))
    }
}

#[derive(Debug, Serialize)]
struct HealthView {
    findings: Vec<FindingLink>,
    renewals: Vec<RenewalLink>,
    finding: Option<Finding>,
    renewal: Option<Ahead>,
    count: i64,
    /// When the customers were counted.
    counted_at: Timestamp,
    rows: Vec<RowView>,
    /// For those who oversee the register.
    csv: Option<String>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct FindingLink {
    finding: Option<Finding>,
    count: i64,
    href: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct RenewalLink {
    renewal: Option<Ahead>,
    count: i64,
    href: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct RowView {
    href: String,
    number: String,
    name: String,
    renews_on: Option<Day>,
    found: Vec<Found>,
}

pub async fn show(
    reader: Reader,
    surveys: web::Data<Surveys>,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let filter = read(&query);
    let survey = surveys.get(&reader.app).await?;
    let counts = survey.counts();
    let after: Option<After> = cursor::read(&query.after);
    let (weak, more) = survey.page(filter.finding, filter.ahead, after, PAGE_SIZE);
    let mut connection = reading::begin(&reader.app.pool).await?;
    let customers = describe(&mut connection, &reader.app, filter, &weak).await?;
    drop(connection);
    let next = weak.last().filter(|_| more).map(|last| filter.address(Some(&last.after())));
    let count = filter.finding.map_or(counts.any, |finding| counts.of(finding));
    let view = HealthView {
        findings: finding_links(filter, &counts),
        renewals: renewal_links(filter, count),
        finding: filter.finding,
        renewal: filter.ahead,
        count: within(count, filter.ahead),
        counted_at: survey.at,
        rows: customers
            .into_iter()
            .map(|customer| RowView {
                href: customer_address(customer.id),
                number: customer.number,
                name: customer.name,
                renews_on: customer.renews_on,
                found: customer.found,
            })
            .collect(),
        csv: staff.oversees().then(|| below(&format!("{PATH}.csv"), &filter.query(None))),
        first: after.is_some().then(|| filter.address(None)),
        next,
    };
    reader.at(PATH).ok("desk/administration/health.html", &view)
}

/// A customer of a list, as it is now.
struct Customer {
    id: Uuid,
    number: String,
    name: String,
    renews_on: Option<Day>,
    found: Vec<Found>,
}

/// These customers, in their order, with all that is found of them. Whose finding was mended since the survey is none of them.
async fn describe(
    connection: &mut PgConnection,
    app: &App,
    filter: Filter,
    weak: &[Weak],
) -> anyhow::Result<Vec<Customer>> {
    let ids: Vec<Uuid> = weak.iter().map(|weak| weak.customer).collect();
    let names = sqlx::query!("select id, number, name from customers where id = any($1)", &ids)
        .fetch_all(&mut *connection)
        .await
        .context("could not read the names of customers")?;
    let mut names: HashMap<Uuid, _> = names.into_iter().map(|row| (row.id, (row.number, row.name))).collect();
    let mut found = findings::explain(connection, &Asking::of(app), &ids).await?;
    let customers = weak.iter().filter_map(|weak| {
        let (number, name) = names.remove(&weak.customer)?;
        let found = found.remove(&weak.customer)?;
        let is_there = |finding| found.iter().any(|found| found.finding == finding);
        filter.finding.is_none_or(is_there).then_some(())?;
        Some(Customer { id: weak.customer, number, name, renews_on: weak.renews_on, found })
    });
    Ok(customers.collect())
}

/// `GET /desk/administration/health.csv`: what the list shows, for whoever writes to these customers.
///
/// It takes the register's customers and contacts out of the house, so it is for those who oversee it, and leaves a line.
pub async fn csv(
    reader: Reader,
    surveys: web::Data<Surveys>,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let filter = read(&query);
    let survey = surveys.get(&reader.app).await?;
    let (weak, more) = survey.page(filter.finding, filter.ahead, None, MOST);
    let mut connection = reading::begin(&reader.app.pool).await?;
    let customers = describe(&mut connection, &reader.app, filter, &weak).await?;
    drop(connection);
    let mut rows = Vec::new();
    for customer in &customers {
        let chosen = |found: &&Found| filter.finding.is_none_or(|only| found.finding == only);
        rows.extend(customer.found.iter().filter(chosen).map(|found| {
            let more = if found.more > 0 { format!(" (+{})", found.more) } else { String::new() };
            (customer, found, found.what.join(" ") + &more)
        }));
    }
    let body = write(&rows, more, reader.language).context("could not write a list as CSV")?;
    let change = Change::CustomersSaved { customers: u64::try_from(customers.len()).unwrap_or(u64::MAX) };
    let mut transaction = reader.app.pool.begin().await?;
    trail::append(&mut transaction, Doer::Staff(staff.id), &change, reader.app.clock.now()).await?;
    transaction.commit().await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"register-health.csv\""))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

fn write(rows: &[(&Customer, &Found, String)], more: bool, language: Language) -> anyhow::Result<Vec<u8>> {
    const COLUMNS: [&str; 6] = [
        "desk-customer-number",
        "desk-column-company",
        "desk-renewal",
        "administration-health-finding",
        "administration-health-what",
        "administration-health-do",
    ];
    // A German spreadsheet takes the comma for the decimal sign.
    let delimiter = if language == Language::De { b';' } else { b',' };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    writer.write_record(COLUMNS.map(|key| language.text(key)))?;
    for (customer, found, what) in rows {
        let word = found.finding.as_str();
        writer.write_record([
            safe(&customer.number),
            safe(&customer.name),
            customer.renews_on.map(|day| day.to_string()).unwrap_or_default(),
            language.text(&format!("finding-{word}")),
            safe(what),
            language.text(&format!("finding-{word}-do")),
        ])?;
    }
    if more {
        writer.write_record([language.text("administration-csv-cut")])?;
    }
    // Without the mark at the beginning, spreadsheets take umlauts for something else.
    let mut body = "\u{feff}".as_bytes().to_vec();
    body.extend(writer.into_inner().map_err(|error| error.into_error())?);
    Ok(body)
}

fn read(query: &Query) -> Filter {
    Filter { finding: query.finding.parse().ok(), ahead: query.renewal.parse().ok() }
}

fn within(count: Count, ahead: Option<Ahead>) -> i64 {
    match ahead {
        None => count.customers,
        Some(Ahead::Month) => count.within_30,
        Some(Ahead::TwoMonths) => count.within_60,
        Some(Ahead::Quarter) => count.within_90,
    }
}

fn finding_links(filter: Filter, counts: &Counts) -> Vec<FindingLink> {
    let link = |finding: Option<Finding>, count: Count| FindingLink {
        finding,
        count: within(count, filter.ahead),
        href: Filter { finding, ..filter }.address(None),
        chosen: finding == filter.finding,
    };
    let each = Finding::VARIANTS.iter().map(|finding| link(Some(*finding), counts.of(*finding)));
    std::iter::once(link(None, counts.any)).chain(each).collect()
}

fn renewal_links(filter: Filter, count: Count) -> Vec<RenewalLink> {
    let link = |renewal: Option<Ahead>| RenewalLink {
        renewal,
        count: within(count, renewal),
        href: Filter { ahead: renewal, ..filter }.address(None),
        chosen: renewal == filter.ahead,
    };
    std::iter::once(None).chain(Ahead::VARIANTS.iter().copied().map(Some)).map(link).collect()
}
