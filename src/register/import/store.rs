//! Reads the whole register and writes back what an import changed: a handful of statements, however long the file.
//!
//! A reseller's register fits into memory many times over, in our own types. Rows travel as JSON, some ten thousand at a time: as one
//! document, those of a long file took ten times the memory of the register.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context as _;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    changes::{mark_contacts, mark_domains},
    row::Role,
    state::{Contact, Customer, CustomerAt, CustomerValues, Entitlement, EntitlementValues, State},
    touched,
};
use crate::{case::escalation::Hosting, clock::Timestamp};

/// Lets imports run one after the other; any number will do that nobody else locks.
const ONE_IMPORT_AT_A_TIME: i64 = 0x7265_6769_7374_6572;

/// Rows of one statement.
const MOST_ROWS: usize = 25_000;

/// Waits for any other import to end, then reads everything.
pub async fn load(connection: &mut PgConnection) -> anyhow::Result<State> {
    sqlx::query!("select pg_advisory_xact_lock($1)", ONE_IMPORT_AT_A_TIME)
        .execute(&mut *connection)
        .await
        .context("could not wait for other imports")?;
    let mut state = State::default();
    let customers = load_customers(&mut *connection, &mut state).await?;
    load_entitlements(connection, &mut state, &customers).await?;
    Ok(state)
}

async fn load_customers(
    connection: &mut PgConnection,
    state: &mut State,
) -> anyhow::Result<HashMap<Uuid, CustomerAt>> {
    let rows = sqlx::query!(
        r#"select id, number, name, country,
            array(select domain from customer_domains where customer_id = customers.id) as "domains!"
        from customers order by number"#
    )
    .fetch_all(connection)
    .await
    .context("could not read the customers")?;
    let mut positions = HashMap::with_capacity(rows.len());
    for row in rows {
        let values = CustomerValues {
            number: row.number,
            name: row.name,
            country: row.country,
            domains: BTreeSet::from_iter(row.domains),
        };
        let at = state.push_customer(Customer {
            id: row.id,
            stored: Some(values.clone()),
            now: values,
            line: None,
            name_line: None,
            country_line: None,
            domains_given: false,
        });
        positions.insert(row.id, at);
    }
    Ok(positions)
}

async fn load_entitlements(
    connection: &mut PgConnection,
    state: &mut State,
    customers: &HashMap<Uuid, CustomerAt>,
) -> anyhow::Result<()> {
    let mut contacts = load_contacts(&mut *connection).await?;
    let rows = sqlx::query!(
        "select id, customer_id, sen, entitlement_number, site, product, hosting, tier, status, starts_on, renews_on
        from entitlements order by id"
    )
    .fetch_all(connection)
    .await
    .context("could not read the entitlements")?;
    for row in rows {
        let hosting: Hosting =
            row.hosting.parse().with_context(|| format!("unknown hosting {}", row.hosting))?;
        let values = EntitlementValues {
            customer: *customers.get(&row.customer_id).context("an entitlement without its customer")?,
            sen: row.sen,
            entitlement_number: row.entitlement_number,
            site: row.site,
            product: row.product,
            hosting,
            tier: row.tier,
            status: row.status,
            starts_on: row.starts_on,
            renews_on: row.renews_on,
        };
        let stored_contacts = contacts.remove(&row.id).unwrap_or_default();
        state.push_entitlement(Entitlement {
            id: row.id,
            stored: Some(values.clone()),
            now: values,
            contacts: stored_contacts.clone(),
            stored_contacts,
            line: None,
        });
    }
    Ok(())
}

async fn load_contacts(connection: &mut PgConnection) -> anyhow::Result<HashMap<Uuid, Vec<Contact>>> {
    let rows = sqlx::query!("select id, entitlement_id, role, name, email, phone, is_primary from contacts")
        .fetch_all(connection)
        .await
        .context("could not read the contacts")?;
    let mut contacts: HashMap<Uuid, Vec<Contact>> = HashMap::new();
    for row in rows {
        let role = Role::parse(&row.role).with_context(|| format!("unknown role {}", row.role))?;
        let contact = Contact {
            id: row.id,
            role,
            name: row.name,
            email: row.email,
            phone: row.phone,
            is_primary: row.is_primary,
        };
        contacts.entry(row.entitlement_id).or_default().push(contact);
    }
    Ok(contacts)
}

/// Writes what differs from what was stored.
pub async fn save(connection: &mut PgConnection, state: &State, now: Timestamp) -> anyhow::Result<()> {
    save_customers(&mut *connection, state, now).await?;
    save_entitlements(&mut *connection, state, now).await?;
    save_contacts(&mut *connection, state, now).await?;
    touched::keep(connection, state, now).await
}

async fn save_customers(connection: &mut PgConnection, state: &State, now: Timestamp) -> anyhow::Result<()> {
    let changed: Vec<&Customer> =
        state.customers.iter().filter(|customer| customer.stored.as_ref() != Some(&customer.now)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    for changed in changed.chunks(MOST_ROWS) {
        let rows = changed.iter().map(|Customer { id, now, .. }| {
            json!({"id": id, "number": now.number, "name": now.name, "country": now.country})
        });
        sqlx::query!(
            "insert into customers (id, number, name, country, created_at, updated_at)
        select id, number, name, country, $2, $2
        from jsonb_to_recordset($1) as row (id uuid, number text, name text, country text)
        on conflict (id) do update set
            name = excluded.name, country = excluded.country, updated_at = excluded.updated_at",
            rows.collect::<Value>(),
            now as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not write the customers")?;
    }

    let domains: Vec<(Uuid, &String)> = changed
        .iter()
        .flat_map(|customer| customer.now.domains.iter().map(|domain| (customer.id, domain)))
        .collect();
    let ids: Vec<Uuid> = changed.iter().map(|customer| customer.id).collect();
    mark_domains(&mut *connection, &changed, now).await?;
    sqlx::query!("delete from customer_domains where customer_id = any($1)", &ids)
        .execute(&mut *connection)
        .await
        .context("could not clear the domains")?;
    for domains in domains.chunks(MOST_ROWS) {
        let rows = domains.iter().map(|(id, domain)| json!({"customer_id": id, "domain": domain}));
        sqlx::query!(
            "insert into customer_domains (customer_id, domain)
        select customer_id, domain from jsonb_to_recordset($1) as row (customer_id uuid, domain text)",
            rows.collect::<Value>(),
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
    now: Timestamp,
) -> anyhow::Result<()> {
    let changed: Vec<&Entitlement> = state
        .entitlements
        .iter()
        .filter(|entitlement| entitlement.stored.as_ref() != Some(&entitlement.now))
        .collect();
    for changed in changed.chunks(MOST_ROWS) {
        let rows = changed.iter().map(|Entitlement { id, now, .. }| {
            let customer = state.customer(now.customer).context("an entitlement without its customer")?;
            let hosting: &str = now.hosting.into();
            Ok(json!({
                "id": id, "customer_id": customer.id, "sen": now.sen, "entitlement_number": now.entitlement_number,
                "site": now.site, "product": now.product, "hosting": hosting, "tier": now.tier,
                "status": now.status, "starts_on": now.starts_on, "renews_on": now.renews_on,
            }))
        });
        let rows = rows.collect::<anyhow::Result<Vec<Value>>>()?;
        sqlx::query!(
        "insert into entitlements (id, customer_id, sen, entitlement_number, site, product, hosting, tier, status,
            starts_on, renews_on, created_at, updated_at)
        select id, customer_id, sen, entitlement_number, site, product, hosting, tier, status,
            starts_on, renews_on, $2, $2
        from jsonb_to_recordset($1) as row (id uuid, customer_id uuid, sen text, entitlement_number text, site text,
            product text, hosting text, tier text, status text, starts_on date, renews_on date)
        on conflict (id) do update set
            customer_id = excluded.customer_id, sen = excluded.sen, entitlement_number = excluded.entitlement_number,
            site = excluded.site, product = excluded.product, hosting = excluded.hosting, tier = excluded.tier,
            status = excluded.status, starts_on = excluded.starts_on, renews_on = excluded.renews_on,
            updated_at = excluded.updated_at",
            Value::Array(rows),
            now as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not write the entitlements")?;
    }
    Ok(())
}

async fn save_contacts(connection: &mut PgConnection, state: &State, now: Timestamp) -> anyhow::Result<()> {
    let mut gone: Vec<Uuid> = Vec::new();
    let mut rows: Vec<(Uuid, &Contact)> = Vec::new();
    for entitlement in &state.entitlements {
        let kept: BTreeSet<Uuid> = entitlement.contacts.iter().map(|contact| contact.id).collect();
        gone.extend(
            entitlement.stored_contacts.iter().map(|contact| contact.id).filter(|id| !kept.contains(id)),
        );
        let new =
            entitlement.contacts.iter().filter(|contact| !entitlement.stored_contacts.contains(contact));
        rows.extend(new.map(|contact| (entitlement.id, contact)));
    }
    mark_contacts(&mut *connection, state, now).await?;
    if !gone.is_empty() {
        sqlx::query!("delete from contacts where id = any($1)", &gone)
            .execute(&mut *connection)
            .await
            .context("could not remove the contacts that were replaced")?;
    }
    for rows in rows.chunks(MOST_ROWS) {
        let rows = rows.iter().map(|(entitlement, contact)| {
            json!({
                "id": contact.id, "entitlement_id": entitlement, "role": contact.role.as_str(),
                "name": contact.name, "email": contact.email, "phone": contact.phone,
                "is_primary": contact.is_primary,
            })
        });
        sqlx::query!(
            "insert into contacts (id, entitlement_id, role, name, email, phone, is_primary, updated_at)
        select id, entitlement_id, role, name, email, phone, is_primary, $2
        from jsonb_to_recordset($1) as row (id uuid, entitlement_id uuid, role text, name text, email text,
            phone text, is_primary boolean)
        on conflict (id) do update set
            name = excluded.name, email = excluded.email, phone = excluded.phone,
            is_primary = excluded.is_primary, updated_at = excluded.updated_at",
            rows.collect::<Value>(),
            now as Timestamp,
        )
        .execute(&mut *connection)
        .await
        .context("could not write the contacts")?;
    }
    Ok(())
}
