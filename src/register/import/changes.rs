//! Marks when an import changed who stands for a customer: its domains, and the contacts of its entitlements. A row that
//! is removed leaves no other trace. Who comes into the register for the first time changes nothing.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::state::{Customer, Entitlement, State};
use crate::clock::Timestamp;

/// Customers whose domains are no longer what was stored.
pub async fn mark_domains(
    connection: &mut PgConnection,
    changed: &[&Customer],
    now: Timestamp,
) -> anyhow::Result<()> {
    let differs = |customer: &&&Customer| {
        customer.stored.as_ref().is_some_and(|stored| stored.domains != customer.now.domains)
    };
    let ids: Vec<Uuid> = changed.iter().filter(differs).map(|customer| customer.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query!("update customers set domains_changed_at = $2 where id = any($1)", &ids, now as Timestamp)
        .execute(connection)
        .await
        .context("could not mark the customers whose domains changed")?;
    Ok(())
}

/// Entitlements whose contacts are no longer what was stored.
pub async fn mark_contacts(
    connection: &mut PgConnection,
    state: &State,
    now: Timestamp,
) -> anyhow::Result<()> {
    let differs = |entitlement: &&Entitlement| {
        let (before, after) = (&entitlement.stored_contacts, &entitlement.contacts);
        let same = before.len() == after.len() && after.iter().all(|contact| before.contains(contact));
        entitlement.stored.is_some() && !same
    };
    let ids: Vec<Uuid> =
        state.entitlements.iter().filter(differs).map(|entitlement| entitlement.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update entitlements set contacts_changed_at = $2 where id = any($1)",
        &ids,
        now as Timestamp
    )
    .execute(connection)
    .await
    .context("could not mark the entitlements whose contacts changed")?;
    Ok(())
}
