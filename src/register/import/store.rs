//! Writes back what an import changed: a handful of statements, however long the file.
//!
//! Rows travel as columns, some thousand at a time: as one document, those of a long file took ten times the memory of the register.

use std::collections::BTreeSet;

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Listener, Pace,
    changes::{mark_contacts, mark_domains},
    state::{Contact, Customer, Entitlement, State},
    touched,
};
use crate::clock::{Day, Timestamp};

/// Rows of one statement.
const MOST_ROWS: usize = 25_000;

/// Writes what differs from what was stored.
pub async fn save(
    connection: &mut PgConnection,
    state: &State,
    now: Timestamp,
    says: Listener<'_>,
) -> anyhow::Result<()> {
    let changed = Changed::of(state);
    let mut told = Told { done: 0, total: changed.count(), says };
    save_customers(&mut *connection, &changed.customers, now, &mut told).await?;
    save_entitlements(&mut *connection, state, &changed.entitlements, now, &mut told).await?;
    mark_contacts(&mut *connection, state, now).await?;
    save_contacts(&mut *connection, &changed, now, &mut told).await?;
    touched::keep(connection, state, now).await
}

/// What there is to write.
struct Changed<'a> {
    customers: Vec<&'a Customer>,
    entitlements: Vec<&'a Entitlement>,
    contacts: Vec<(Uuid, &'a Contact)>,
    contacts_gone: Vec<Uuid>,
}

impl<'a> Changed<'a> {
    fn of(state: &'a State) -> Self {
        let customers =
            state.customers.iter().filter(|customer| customer.stored.as_ref() != Some(&customer.now));
        let entitlements = state.entitlements.iter().filter(|of| of.stored.as_ref() != Some(&of.now));
        let (mut contacts, mut contacts_gone) = (Vec::new(), Vec::new());
        for entitlement in &state.entitlements {
            let kept: BTreeSet<Uuid> = entitlement.contacts.iter().map(|contact| contact.id).collect();
            let stored = entitlement.stored_contacts.iter().map(|contact| contact.id);
            contacts_gone.extend(stored.filter(|id| !kept.contains(id)));
            let new = entitlement.contacts.iter().filter(|of| !entitlement.stored_contacts.contains(of));
            contacts.extend(new.map(|contact| (entitlement.id, contact)));
        }
        Self { customers: customers.collect(), entitlements: entitlements.collect(), contacts, contacts_gone }
    }

    fn count(&self) -> usize {
        [self.customers.len(), self.entitlements.len(), self.contacts.len()].iter().sum()
    }
}

/// Says how far it is.
struct Told<'a> {
    done: usize,
    total: usize,
    says: Listener<'a>,
}

impl Told<'_> {
    fn more(&mut self, rows: usize) {
        self.done = self.done.saturating_add(rows);
        (self.says)(Pace::Rows(self.done, self.total));
    }
}

async fn save_customers(
    connection: &mut PgConnection,
    changed: &[&Customer],
    now: Timestamp,
    told: &mut Told<'_>,
) -> anyhow::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    for changed in changed.chunks(MOST_ROWS) {
        let ids: Vec<Uuid> = changed.iter().map(|customer| customer.id).collect();
        let numbers: Vec<&str> = changed.iter().map(|customer| &*customer.now.number).collect();
        let names: Vec<&str> = changed.iter().map(|customer| &*customer.now.name).collect();
        let countries: Vec<Option<&str>> =
            changed.iter().map(|customer| customer.now.country.as_deref()).collect();
        sqlx::query!(
            "insert into customers (id, number, name, country, created_at, updated_at)
             select id, number, name, country, $5, $5
             from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as row (id, number, name, country)
             on conflict (id) do update set
                 name = excluded.name, country = excluded.country, updated_at = excluded.updated_at",
            &ids,
            &numbers as &[&str],
            &names as &[&str],
            &countries as &[Option<&str>],
            now as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not write the customers")?;
        told.more(changed.len());
    }

    let ids: Vec<Uuid> = changed.iter().map(|customer| customer.id).collect();
    mark_domains(&mut *connection, changed, now).await?;
    sqlx::query!("delete from customer_domains where customer_id = any($1)", &ids)
        .execute(&mut *connection)
        .await
        .context("could not clear the domains")?;
    let domains = changed.iter().flat_map(|of| of.now.domains.iter().map(|domain| (of.id, &**domain)));
    let domains: Vec<(Uuid, &str)> = domains.collect();
    for domains in domains.chunks(MOST_ROWS) {
        let (customers, domains): (Vec<Uuid>, Vec<&str>) = domains.iter().copied().unzip();
        sqlx::query!(
            "insert into customer_domains (customer_id, domain) select * from unnest($1::uuid[], $2::text[])",
            &customers,
            &domains as &[&str],
        )
        .execute(&mut *connection)
        .await
        .context("could not write the domains")?;
    }
    Ok(())
}

async fn save_entitlements(
    connection: &mut PgConnection,
    state: &State,
    changed: &[&Entitlement],
    now: Timestamp,
    told: &mut Told<'_>,
) -> anyhow::Result<()> {
    for changed in changed.chunks(MOST_ROWS) {
        let ids: Vec<Uuid> = changed.iter().map(|entitlement| entitlement.id).collect();
        let customers = changed.iter().map(|entitlement| {
            let customer = state.customer(entitlement.now.customer);
            customer.map(|customer| customer.id).context("an entitlement without its customer")
        });
        let customers = customers.collect::<anyhow::Result<Vec<Uuid>>>()?;
        let sens: Vec<Option<&str>> = changed.iter().map(|of| of.now.sen.as_deref()).collect();
        let numbers: Vec<Option<&str>> =
            changed.iter().map(|of| of.now.entitlement_number.as_deref()).collect();
        let sites: Vec<Option<&str>> = changed.iter().map(|of| of.now.site.as_deref()).collect();
        let products: Vec<&str> = changed.iter().map(|of| &*of.now.product).collect();
        let hostings: Vec<&str> = changed.iter().map(|of| of.now.hosting.into()).collect();
        let tiers: Vec<Option<&str>> = changed.iter().map(|of| of.now.tier.as_deref()).collect();
        let statuses: Vec<&str> = changed.iter().map(|of| &*of.now.status).collect();
        let starts: Vec<Option<Day>> = changed.iter().map(|of| of.now.starts_on).collect();
        let renewals: Vec<Option<Day>> = changed.iter().map(|of| of.now.renews_on).collect();
        sqlx::query!(
            "insert into entitlements (id, customer_id, sen, entitlement_number, site, product, hosting, tier, status,
                 starts_on, renews_on, created_at, updated_at)
             select id, customer_id, sen, entitlement_number, site, product, hosting, tier, status,
                 starts_on, renews_on, $12, $12
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                 $9::text[], $10::date[], $11::date[])
                 as row (id, customer_id, sen, entitlement_number, site, product, hosting, tier, status, starts_on,
                 renews_on)
             on conflict (id) do update set
                 customer_id = excluded.customer_id, sen = excluded.sen,
                 entitlement_number = excluded.entitlement_number, site = excluded.site, product = excluded.product,
                 hosting = excluded.hosting, tier = excluded.tier, status = excluded.status,
                 starts_on = excluded.starts_on, renews_on = excluded.renews_on, updated_at = excluded.updated_at",
            &ids,
            &customers,
            &sens as &[Option<&str>],
            &numbers as &[Option<&str>],
            &sites as &[Option<&str>],
            &products as &[&str],
            &hostings as &[&str],
            &tiers as &[Option<&str>],
            &statuses as &[&str],
            &starts as &[Option<Day>],
            &renewals as &[Option<Day>],
            now as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not write the entitlements")?;
        told.more(changed.len());
    }
    Ok(())
}

async fn save_contacts(
    connection: &mut PgConnection,
    changed: &Changed<'_>,
    now: Timestamp,
    told: &mut Told<'_>,
) -> anyhow::Result<()> {
    if !changed.contacts_gone.is_empty() {
        sqlx::query!("delete from contacts where id = any($1)", &changed.contacts_gone)
            .execute(&mut *connection)
            .await
            .context("could not remove the contacts that were replaced")?;
    }
    for rows in changed.contacts.chunks(MOST_ROWS) {
        let ids: Vec<Uuid> = rows.iter().map(|(_, contact)| contact.id).collect();
        let entitlements: Vec<Uuid> = rows.iter().map(|(entitlement, _)| *entitlement).collect();
        let roles: Vec<&str> = rows.iter().map(|(_, contact)| contact.role.as_str()).collect();
        let names: Vec<&str> = rows.iter().map(|(_, contact)| &*contact.name).collect();
        let addresses: Vec<&str> = rows.iter().map(|(_, contact)| &*contact.email).collect();
        let phones: Vec<Option<&str>> = rows.iter().map(|(_, contact)| contact.phone.as_deref()).collect();
        let primary: Vec<bool> = rows.iter().map(|(_, contact)| contact.is_primary).collect();
        sqlx::query!(
            "insert into contacts (id, entitlement_id, role, name, email, phone, is_primary, updated_at)
             select id, entitlement_id, role, name, email, phone, is_primary, $8
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[])
                 as row (id, entitlement_id, role, name, email, phone, is_primary)
             on conflict (id) do update set
                 name = excluded.name, email = excluded.email, phone = excluded.phone,
                 is_primary = excluded.is_primary, updated_at = excluded.updated_at",
            &ids,
            &entitlements,
            &roles as &[&str],
            &names as &[&str],
            &addresses as &[&str],
            &phones as &[Option<&str>],
            &primary,
            now as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not write the contacts")?;
        told.more(rows.len());
    }
    Ok(())
}
