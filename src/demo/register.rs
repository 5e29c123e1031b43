//! The demo's register: invented customers, produced as a file of our own format and imported like any other.
//!
//! The same seed and day give the same file. The names, and where the telephone numbers come from, stand in
//! `demo/register.toml`; so do the [`NamedCustomer`]s that are always there. Never part of a production database.

use std::{collections::BTreeSet, ops::Range};

use anyhow::Context as _;
use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use serde::Deserialize;
use sqlx::PgPool;

use crate::{
    case::escalation::Hosting,
    clock::{Day, Timestamp},
    register::import::{self, Field, Mapping, MappingChoice, Report},
    shared_domains::SharedDomains,
};

pub mod chance;
mod invent;

pub(in crate::demo) use invent::slug;

/// The seed of the demo that Handover starts with.
pub const SEED: u64 = 1;
/// Customers in the demo, the named ones among them.
pub const CUSTOMERS: usize = 240;

/// An entitlement of Nordlicht Maschinenbau GmbH, the customer that guides and demo cases begin with.
pub const NORDLICHT_SEN: &str = "SEN-10000001";
/// The primary contact of [`NORDLICHT_SEN`]. Another person, Jonas Reuter, is the billing contact.
pub const NORDLICHT_PRIMARY_EMAIL: &str = "petra.abend@nordlicht-maschinenbau.example";

/// A customer that is always in the demo.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedCustomer {
    pub number: String,
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub domains: Vec<String>,
    pub technical: NamedContact,
    pub billing: NamedContact,
    /// `technical` or `billing`.
    pub primary: String,
    pub entitlements: Vec<NamedEntitlement>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedContact {
    pub name: String,
    pub email: String,
    #[serde(default)]
    pub phone: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedEntitlement {
    #[serde(default)]
    pub sen: String,
    #[serde(default)]
    pub entitlement_number: String,
    #[serde(default)]
    pub site: String,
    pub product: String,
    pub hosting: Hosting,
    pub tier: String,
    pub renews_in_days: i64,
}

/// What `demo/register.toml` holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    phones: Vec<String>,
    stems: Vec<String>,
    trades: Vec<String>,
    countries: Vec<Country>,
    people: People,
    products: Products,
    named: Vec<NamedCustomer>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Country {
    code: String,
    share: usize,
    forms: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    given: Vec<String>,
    family: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Products {
    data_center: Vec<String>,
    cloud: Vec<String>,
    data_center_tiers: Vec<String>,
    cloud_tiers: Vec<String>,
}

impl Names {
    fn load() -> anyhow::Result<Self> {
        Figment::from(Toml::string(include_str!("../../demo/register.toml")))
            .extract()
            .context("demo/register.toml is not valid")
    }
}

/// The customers that are always in the demo, in the order of their numbers.
pub fn list_named_customers() -> anyhow::Result<Vec<NamedCustomer>> {
    Ok(Names::load()?.named)
}

/// Puts the demo register into the database. Doing it again on the same day changes nothing.
pub async fn seed(
    pool: &PgPool,
    now: Timestamp,
    today: Day,
    shared: &SharedDomains,
) -> anyhow::Result<Report> {
    seed_these(pool, &list_customers(SEED, CUSTOMERS)?, (now, today), shared).await
}

/// Puts these customers into the register, beside those that are there.
pub async fn seed_these(
    pool: &PgPool,
    customers: &[NamedCustomer],
    (now, today): (Timestamp, Day),
    shared: &SharedDomains,
) -> anyhow::Result<Report> {
    let file = write_csv(customers, today)?;
    let mapping = Mapping::load(&MappingChoice::default())?;
    import::import(pool, now, file.as_bytes(), &mapping, shared, false)
        .await
        .context("could not import the demo register")
}

/// The demo register as CSV with our own headers; renewal dates lie around `today`.
pub fn csv(seed: u64, today: Day) -> anyhow::Result<String> {
    write_csv(&list_customers(seed, CUSTOMERS)?, today)
}

/// The customers of the demo in the order of their numbers: the named ones, then invented ones, [`CUSTOMERS`] of them or more.
pub fn list_customers(seed: u64, count: usize) -> anyhow::Result<Vec<NamedCustomer>> {
    let names = Names::load()?;
    let mut customers = names.named.clone();
    let mut taken: BTreeSet<Vec<String>> =
        customers.iter().map(|customer| customer.domains.clone()).collect();
    let mut chance = chance::Chance::new(seed);
    while customers.len() < count.max(CUSTOMERS) {
        let customer = invent::customer(&names, &mut chance, customers.len());
        if taken.insert(customer.domains.clone()) {
            customers.push(customer);
        }
    }
    Ok(customers)
}

/// Customers like these, one after the other in turn, at the positions from `from` on. The same positions give the same ones.
pub fn list_like(patterns: &[NamedCustomer], positions: Range<usize>) -> anyhow::Result<Vec<NamedCustomer>> {
    let names = Names::load()?;
    let like = positions.filter_map(|at| {
        let pattern = patterns.get(at.checked_rem(patterns.len())?)?;
        let mut chance = chance::Chance::new(u64::try_from(at).ok()?);
        Some(invent::like(&names, &mut chance, at, pattern))
    });
    Ok(like.collect())
}

/// The names of people who are made up, as many as are taken.
pub fn invented_people(seed: u64) -> anyhow::Result<impl Iterator<Item = String>> {
    let people = Names::load()?.people;
    let mut chance = chance::Chance::new(seed);
    Ok(std::iter::repeat_with(move || {
        format!("{} {}", chance.pick(&people.given), chance.pick(&people.family))
    }))
}

fn write_csv(customers: &[NamedCustomer], today: Day) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(<Field as strum::VariantArray>::VARIANTS.iter().map(|field| field.as_str()))?;
    for customer in customers {
        for entitlement in &customer.entitlements {
            let renews_on = today.saturating_add(jiff::Span::new().days(entitlement.renews_in_days));
            let starts_on = renews_on.saturating_sub(jiff::Span::new().years(1));
            let hosting: &str = entitlement.hosting.into();
            let status = if entitlement.renews_in_days < 0 { "expired" } else { "active" };
            writer.write_record([
                &customer.number,
                &customer.name,
                &customer.country,
                &customer.domains.join(" "),
                &entitlement.sen,
                &entitlement.entitlement_number,
                &entitlement.site,
                &entitlement.product,
                hosting,
                &entitlement.tier,
                status,
                &starts_on.to_string(),
                &renews_on.to_string(),
                &customer.technical.name,
                &customer.technical.email,
                &customer.technical.phone,
                &customer.billing.name,
                &customer.billing.email,
                &customer.billing.phone,
                &customer.primary,
            ])?;
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        jiff::civil::date(2026, 11, 22).into()
    }

    #[test]
    fn the_same_seed_and_day_give_the_same_file() {
        assert_eq!(csv(1, today()).unwrap(), csv(1, today()).unwrap());
        assert_ne!(csv(1, today()).unwrap(), csv(2, today()).unwrap());
    }

    #[test]
    fn everything_is_invented_on_reserved_ground() {
        let names = Names::load().unwrap();
        let file = csv(SEED, today()).unwrap();
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        for record in reader.records().map(Result::unwrap) {
            for domain in record[3].split(' ') {
                assert!(domain.ends_with(".example"), "{domain}");
            }
            for email in [&record[14], &record[17]] {
                let domain = email.split_once('@').unwrap().1;
                assert!(record[3].split(' ').any(|own| own == domain), "{email}");
            }
            for phone in [&record[15], &record[18]] {
                let fictitious = names
                    .phones
                    .iter()
                    .any(|range| phone.strip_prefix(range.as_str()).is_some_and(|rest| rest.len() == 4));
                assert!(phone.is_empty() || fictitious, "{phone}");
            }
        }
    }

    #[test]
    fn the_named_customers_are_as_documented() {
        let named = list_named_customers().unwrap();
        let nordlicht = &named[0];
        assert_eq!(nordlicht.entitlements[0].sen, NORDLICHT_SEN);
        assert_eq!(nordlicht.technical.email, NORDLICHT_PRIMARY_EMAIL);
        assert_eq!(nordlicht.primary, "technical");
        assert_ne!(nordlicht.billing.email, NORDLICHT_PRIMARY_EMAIL);
        let numbers: Vec<_> = named.iter().map(|customer| customer.number.as_str()).collect();
        assert!(numbers.is_sorted());
    }
}
