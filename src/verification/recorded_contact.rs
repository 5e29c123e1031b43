//! Is the departed contact the one whom the register names for every entitlement?

use anyhow::Context as _;
use sqlx::PgPool;

use super::find_customer;
use crate::{
    case::check::{Evidence, Verdict},
    casework::Loaded,
};

pub(super) async fn find_verdict(pool: &PgPool, loaded: &Loaded) -> anyhow::Result<(Verdict, Evidence)> {
    let Some(customer) = find_customer(loaded) else {
        return Ok((Verdict::Inconclusive, Evidence::EntitlementUnknown));
    };
    let asked: Vec<String> =
        loaded.escalation.entitlements.iter().map(|entitlement| entitlement.value().to_owned()).collect();
    // A site can hold several products; one of them naming the contact is enough for the site.
    let missing = sqlx::query_scalar!(
        r#"select count(*) as "count!" from unnest($1::text[]) as a (value)
         where not exists (
             select from entitlements e join contacts c on c.entitlement_id = e.id
             where a.value in (e.sen, e.entitlement_number, e.site) and e.customer_id = $2
                 and lower(c.email) = lower($3))"#,
        &asked,
        customer,
        loaded.escalation.departed.email.as_str(),
    )
    .fetch_one(pool)
    .await
    .context("could not look up contacts")?;
    Ok(if missing == 0 {
        (Verdict::Passed, Evidence::ContactOnRecord)
    } else {
        (Verdict::Failed, Evidence::ContactNotOnRecord)
    })
}
