//! What the register says about the entitlements of a case: for staff only, customers never see any of it.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::{address::EmailAddress, check::CheckKind, escalation::Escalation},
    clock::Day,
};

#[derive(Debug, Serialize)]
pub struct RegisterView {
    /// Each entitlement that was named, with what is on record under it.
    named: Vec<Named>,
    customers: Vec<Customer>,
    contacts: Vec<Contact>,
    /// Nobody knows which of the contacts has left.
    #[serde(skip)]
    departed_unknown: bool,
}

#[derive(Debug, Serialize)]
struct Named {
    value: String,
    found: Vec<Found>,
}

#[derive(Clone, Debug, Serialize)]
struct Found {
    product: String,
    status: String,
    renews_on: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Customer {
    number: String,
    name: String,
    domains: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Contact {
    #[serde(skip)]
    ids: Vec<Uuid>,
    name: String,
    email: String,
    phone: Option<String>,
    roles: Vec<String>,
    /// The one who is said to have left.
    is_departed: bool,
}

impl RegisterView {
    /// The domains on record of every customer whose licences are named.
    pub fn domains(&self) -> Vec<String> {
        self.customers.iter().flat_map(|customer| customer.domains.clone()).collect()
    }

    /// Each row about a contact on record, with the name.
    pub fn named_contacts(&self) -> impl Iterator<Item = (Uuid, &str)> {
        self.contacts.iter().flat_map(|contact| contact.ids.iter().map(|id| (*id, contact.name.as_str())))
    }

    /// What is on record under each licence that was named and found.
    pub fn licences(&self) -> Vec<String> {
        let found = |named: &Named| {
            let products: Vec<&str> = named.found.iter().map(|found| found.product.as_str()).collect();
            (!products.is_empty()).then(|| format!("{}: {}", named.value, products.join(", ")))
        };
        self.named.iter().filter_map(found).collect()
    }

    /// What is on record that helps to judge a check.
    pub fn about(&self, kind: CheckKind) -> Vec<String> {
        match kind {
            CheckKind::Entitlement => self
                .customers
                .iter()
                .map(|customer| format!("{} {}", customer.number, customer.name))
                .collect(),
            CheckKind::DomainRegister => self.domains(),
            CheckKind::RecordedContact => {
                self.contacts.iter().map(|contact| format!("{}, {}", contact.name, contact.email)).collect()
            }
            // Never the number from the form, nor that of the contact who is said to have left, or may be: whoever answers there
            // may be anybody.
            CheckKind::Callback => self
                .contacts
                .iter()
                .filter(|contact| !self.departed_unknown && !contact.is_departed)
                .filter_map(|contact| Some(format!("{}, {}", contact.phone.as_ref()?, contact.name)))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Two queries.
pub async fn read(connection: &mut PgConnection, escalation: &Escalation) -> anyhow::Result<RegisterView> {
    let values: Vec<String> = escalation.entitlements.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select e.id, coalesce(e.sen, '') as "sen!", coalesce(e.entitlement_number, '') as "entitlement_number!",
             coalesce(e.site, '') as "site!", e.product, e.status, e.renews_on, c.number, c.name,
             array(select domain from customer_domains where customer_id = c.id order by domain) as "domains!"
         from entitlements e join customers c on c.id = e.customer_id
         where e.sen = any($1) or e.entitlement_number = any($1) or e.site = any($1)
         order by e.product, e.id"#,
        &values,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not read the register")?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut customers: Vec<Customer> = Vec::new();
    for row in &rows {
        let customer =
            Customer { number: row.number.clone(), name: row.name.clone(), domains: row.domains.clone() };
        if !customers.contains(&customer) {
            customers.push(customer);
        }
    }
    let named = values
        .into_iter()
        .map(|value| Named {
            found: rows
                .iter()
                .filter(|row| [&row.sen, &row.entitlement_number, &row.site].contains(&&value))
                .map(|row| Found {
                    product: row.product.clone(),
                    status: row.status.clone(),
                    renews_on: row.renews_on,
                })
                .collect(),
            value,
        })
        .collect();
    let departed = &escalation.departed.email;
    let contacts = list_contacts(connection, &ids, departed.known().map_or("", EmailAddress::as_str)).await?;
    Ok(RegisterView { named, customers, contacts, departed_unknown: departed.is_unknown() })
}

/// The people on record, each once; the one who is said to have left comes last.
async fn list_contacts(
    connection: &mut PgConnection,
    entitlements: &[Uuid],
    departed: &str,
) -> anyhow::Result<Vec<Contact>> {
    sqlx::query_as!(
        Contact,
        r#"select array_agg(id) as "ids!", min(name) as "name!", min(email) as "email!", min(phone) as phone,
             array_agg(distinct role order by role) as "roles!", lower(email) = lower($2) as "is_departed!"
         from contacts where entitlement_id = any($1)
         group by lower(email) order by lower(email) = lower($2), bool_or(is_primary) desc, lower(email)"#,
        entitlements,
        departed,
    )
    .fetch_all(connection)
    .await
    .context("could not read the contacts on record")
}
