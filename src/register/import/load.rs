//! Reads the whole register, in a handful of statements, for an import that no other one meets.
//!
//! A reseller's register fits into memory many times over, in our own types; rows become those as they come.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    row::Role,
    state::{Contact, Customer, CustomerAt, CustomerValues, Entitlement, EntitlementValues, State, nobody},
};
use crate::case::escalation::Hosting;

/// Lets imports run one after the other; any number will do that nobody else locks.
const ONE_IMPORT_AT_A_TIME: i64 = 0x7265_6769_7374_6572;

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
    let mut rows = sqlx::query!(
        r#"select id, number, name, country,
            array(select domain from customer_domains where customer_id = customers.id) as "domains!"
        from customers order by number"#
    )
    .fetch(connection);
    let mut positions = HashMap::new();
    while let Some(row) = rows.try_next().await.context("could not read the customers")? {
        let values = Arc::new(CustomerValues {
            number: row.number,
            name: row.name,
            country: row.country,
            domains: BTreeSet::from_iter(row.domains),
        });
        let at = state.push_customer(Customer {
            id: row.id,
            stored: Some(Arc::clone(&values)),
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
    let mut rows = sqlx::query!(
        "select id, customer_id, sen, entitlement_number, site, product, hosting, tier, status, starts_on, renews_on
        from entitlements order by id"
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await.context("could not read the entitlements")? {
        let hosting: Hosting =
            row.hosting.parse().with_context(|| format!("unknown hosting {}", row.hosting))?;
        let values = Arc::new(EntitlementValues {
            customer: *customers.get(&row.customer_id).context("an entitlement without its customer")?,
            sen: row.sen,
            entitlement_number: row.entitlement_number,
            site: row.site,
            product: state.words.share(&row.product),
            hosting,
            tier: row.tier.map(|tier| state.words.share(&tier)),
            status: state.words.share(&row.status),
            starts_on: row.starts_on,
            renews_on: row.renews_on,
        });
        let stored_contacts = contacts.remove(&row.id).map_or_else(nobody, Arc::new);
        state.push_entitlement(Entitlement {
            id: row.id,
            stored: Some(Arc::clone(&values)),
            now: values,
            contacts: Arc::clone(&stored_contacts),
            stored_contacts,
            line: None,
        });
    }
    Ok(())
}

async fn load_contacts(connection: &mut PgConnection) -> anyhow::Result<HashMap<Uuid, Vec<Contact>>> {
    let mut rows =
        sqlx::query!("select id, entitlement_id, role, name, email, phone, is_primary from contacts")
            .fetch(connection);
    let mut contacts: HashMap<Uuid, Vec<Contact>> = HashMap::new();
    while let Some(row) = rows.try_next().await.context("could not read the contacts")? {
        let role = Role::parse(&row.role).with_context(|| format!("unknown role {}", row.role))?;
        let contact = Contact {
            id: row.id,
            role,
            name: row.name.into(),
            email: row.email.into(),
            phone: row.phone.map(Into::into),
            is_primary: row.is_primary,
        };
        contacts.entry(row.entitlement_id).or_default().push(contact);
    }
    Ok(contacts)
}
