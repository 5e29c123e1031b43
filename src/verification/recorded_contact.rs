//! Is the departed contact the one whom the register names for every entitlement, in the role that is to change? What counts
//! is for `case::on_record` to say.

use anyhow::Context as _;
use sqlx::PgPool;

use super::find_customer;
use crate::{
    case::{
        check::{Evidence, Verdict},
        on_record::{Recorded, compare},
    },
    casework::Loaded,
};

pub(super) async fn find_verdict(pool: &PgPool, loaded: &Loaded) -> anyhow::Result<(Verdict, Evidence)> {
    let Some(customer) = find_customer(pool, loaded).await? else {
        return Ok((Verdict::Inconclusive, Evidence::EntitlementUnknown));
    };
    let asked: Vec<String> =
        loaded.escalation.entitlements.iter().map(|entitlement| entitlement.value().to_owned()).collect();
    let recorded = sqlx::query_as!(
        Recorded,
        r#"select a.value as "named!", e.id as entitlement, c.email, c.role = 'technical' as "is_technical!", c.is_primary
         from unnest($1::text[]) as a (value)
         join entitlements e on a.value in (e.sen, e.entitlement_number, e.site) and e.customer_id = $2
         join contacts c on c.entitlement_id = e.id"#,
        &asked,
        customer,
    )
    .fetch_all(pool)
    .await
    .context("could not look up contacts")?;
    Ok(compare(&loaded.escalation, loaded.asked_role, &recorded))
}
