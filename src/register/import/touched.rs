//! What an import changed that a claim may have rested on: numbers and sites of entitlements, and domains. Kept for those
//! who compare claims with the register, so that they need not compare all of them again.

use std::collections::BTreeSet;

use anyhow::Context as _;
use sqlx::PgConnection;

use super::state::{Customer, Entitlement, EntitlementValues, State};
use crate::clock::Timestamp;

/// Nothing is kept of an import that changed nothing.
pub async fn keep(connection: &mut PgConnection, state: &State, now: Timestamp) -> anyhow::Result<()> {
    let entitlements: BTreeSet<&str> =
        state.entitlements.iter().filter(|entitlement| changed(entitlement)).flat_map(names).collect();
    let domains: BTreeSet<&str> = state.customers.iter().flat_map(domains_changed).collect();
    if entitlements.is_empty() && domains.is_empty() {
        return Ok(());
    }
    let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect::<Vec<String>>();
    sqlx::query!(
        "insert into register_imports (at, entitlements, domains) values ($1, $2, $3)",
        now as Timestamp,
        &owned(entitlements),
        &owned(domains),
    )
    .execute(connection)
    .await
    .context("could not keep what the import changed")?;
    Ok(())
}

/// Its customer, what it is called, or its contacts.
fn changed(entitlement: &Entitlement) -> bool {
    let claims = |values: &EntitlementValues| {
        (values.customer, values.sen.clone(), values.entitlement_number.clone(), values.site.clone())
    };
    entitlement.stored.as_ref().map(claims) != Some(claims(&entitlement.now))
        || entitlement.contacts != entitlement.stored_contacts
}

/// By what it is found, or was.
fn names(entitlement: &Entitlement) -> impl Iterator<Item = &str> {
    entitlement.stored.iter().chain([&entitlement.now]).flat_map(|values| {
        [&values.sen, &values.entitlement_number, &values.site].into_iter().flatten().map(String::as_str)
    })
}

/// Domains that the customer has or had, but not both.
fn domains_changed(customer: &Customer) -> impl Iterator<Item = &str> {
    let none = BTreeSet::new();
    let stored = customer.stored.as_ref().map_or(none, |stored| stored.domains.clone());
    let gone: Vec<&str> = customer
        .stored
        .iter()
        .flat_map(|stored| &stored.domains)
        .filter(|domain| !customer.now.domains.contains(*domain))
        .map(String::as_str)
        .collect();
    let new = customer.now.domains.iter().filter(move |domain| !stored.contains(*domain)).map(String::as_str);
    gone.into_iter().chain(new)
}
