//! What an import changed that a claim may have rested on: numbers and sites of entitlements, with the customer's name and the
//! hosting that letters about them state, and domains. Kept for those who compare claims with the register, so that they
//! need not compare all of them again.

use std::collections::BTreeSet;

use anyhow::Context as _;
use sqlx::PgConnection;

use super::state::{Customer, CustomerAt, Entitlement, EntitlementValues, State};
use crate::clock::Timestamp;

/// Nothing is kept of an import that changed nothing.
pub async fn keep(connection: &mut PgConnection, state: &State, now: Timestamp) -> anyhow::Result<()> {
    let renamed: BTreeSet<CustomerAt> =
        (0..).zip(&state.customers).filter(|(_, of)| is_renamed(of)).map(|(at, _)| at).collect();
    let touched =
        |entitlement: &&Entitlement| changed(entitlement) || renamed.contains(&entitlement.now.customer);
    let entitlements: BTreeSet<&str> = state.entitlements.iter().filter(touched).flat_map(names).collect();
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

/// What goes into letters about each of its entitlements.
fn is_renamed(customer: &Customer) -> bool {
    customer.stored.as_ref().is_some_and(|stored| stored.name != customer.now.name)
}

/// Its customer, what it is called, where it runs, or its contacts.
fn changed(entitlement: &Entitlement) -> bool {
    let claims = |values: &EntitlementValues| {
        let EntitlementValues { customer, sen, entitlement_number, site, hosting, .. } = values.clone();
        (customer, sen, entitlement_number, site, hosting)
    };
    entitlement.stored.as_deref().map(claims) != Some(claims(&entitlement.now))
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
