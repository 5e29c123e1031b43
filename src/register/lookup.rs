//! What the register knows, for those who check a claim: each question one query with an index.
//!
//! Reads only, and compares nothing: whether a claim holds is for the one who asks. Answers never go to strangers.

use serde::Serialize;
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::{
    case::{entitlement::EntitlementNumber, escalation::Hosting},
    clock::Day,
};

/// An entitlement on record that answers one of the numbers asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterEntitlement {
    pub id: Uuid,
    /// Which of the numbers asked for this is. A site may be answered by several entitlements, one a product.
    pub asked: EntitlementNumber,
    pub customer_id: Uuid,
    pub customer_number: String,
    pub customer_name: String,
    pub product: String,
    pub hosting: Hosting,
    /// As the register's source words it; `active` unless told otherwise.
    pub status: String,
    pub renews_on: Option<Day>,
}

/// A contact on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterContact {
    pub entitlement_id: Uuid,
    /// `technical` or `billing`.
    pub role: String,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub is_primary: bool,
}

/// The entitlements on record under any of `numbers`, in no order that means anything.
pub async fn find_entitlements(
    executor: impl PgExecutor<'_>,
    numbers: &[EntitlementNumber],
) -> sqlx::Result<Vec<RegisterEntitlement>> {
    let values: Vec<String> = numbers.iter().map(|number| number.value().to_owned()).collect();
    let rows = sqlx::query!(
        r#"with answers as (
            select id, sen as asked from entitlements where sen = any($1)
            union all
            select id, entitlement_number from entitlements where entitlement_number = any($1)
            union all
            select id, site from entitlements where site = any($1)
        )
        select entitlements.id, answers.asked as "asked!", entitlements.customer_id, entitlements.product,
            entitlements.hosting, entitlements.status, entitlements.renews_on, customers.number, customers.name
        from answers
        join entitlements on entitlements.id = answers.id
        join customers on customers.id = entitlements.customer_id"#,
        &values,
    )
    .fetch_all(executor)
    .await?;
    rows.into_iter()
        .map(|row| {
            let asked = numbers.iter().find(|number| number.value() == row.asked).cloned();
            Ok(RegisterEntitlement {
                id: row.id,
                asked: asked.ok_or_else(|| sqlx::Error::Decode("an answer to nothing asked".into()))?,
                customer_id: row.customer_id,
                customer_number: row.number,
                customer_name: row.name,
                product: row.product,
                hosting: row.hosting.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
                status: row.status,
                renews_on: row.renews_on,
            })
        })
        .collect()
}

/// The contacts of `entitlements`: by entitlement, the primary one first.
pub async fn list_contacts(
    executor: impl PgExecutor<'_>,
    entitlements: &[Uuid],
) -> sqlx::Result<Vec<RegisterContact>> {
    sqlx::query_as!(
        RegisterContact,
        "select entitlement_id, role, name, email, phone, is_primary from contacts
        where entitlement_id = any($1)
        order by entitlement_id, is_primary desc, role desc, lower(email)",
        entitlements,
    )
    .fetch_all(executor)
    .await
}

/// The customers that the registrable `domain` (lower-case ASCII) stands for: companies of one group may share one.
pub async fn customers_of_domain(executor: impl PgExecutor<'_>, domain: &str) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select customer_id from customer_domains where domain = $1 order by customer_id",
        domain
    )
    .fetch_all(executor)
    .await
}

/// The registrable domains that stand for `customer`, in alphabetical order.
pub async fn domains_of(executor: impl PgExecutor<'_>, customer: Uuid) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select domain from customer_domains where customer_id = $1 order by domain",
        customer
    )
    .fetch_all(executor)
    .await
}

/// The first day on which any of `entitlements` is to be renewed; it may lie in the past.
pub async fn earliest_renewal(
    executor: impl PgExecutor<'_>,
    entitlements: &[Uuid],
) -> sqlx::Result<Option<Day>> {
    sqlx::query_scalar!("select min(renews_on) from entitlements where id = any($1)", entitlements)
        .fetch_one(executor)
        .await
}
