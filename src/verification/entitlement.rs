//! Are the entitlements in the register, and do they belong to one customer?

use anyhow::Context as _;
use sqlx::PgPool;

use crate::{
    case::check::{Evidence, Verdict},
    casework::Loaded,
};

pub(super) async fn find_verdict(pool: &PgPool, loaded: &Loaded) -> anyhow::Result<(Verdict, Evidence)> {
    let asked: Vec<String> =
        loaded.escalation.entitlements.iter().map(|entitlement| entitlement.value().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select distinct a.value as "value!", e.customer_id from unnest($1::text[]) as a (value)
         join entitlements e on a.value in (e.sen, e.entitlement_number, e.site)"#,
        &asked
    )
    .fetch_all(pool)
    .await
    .context("could not look up entitlements")?;
    let found = asked.iter().filter(|value| rows.iter().any(|row| row.value == **value)).count();
    if found < asked.len() {
        return Ok((Verdict::Failed, Evidence::NotInRegister { found, asked: asked.len() }));
    }
    Ok(match rows.split_first() {
        Some((first, rest)) if rest.iter().all(|row| row.customer_id == first.customer_id) => {
            (Verdict::Passed, Evidence::InRegister { customer: first.customer_id })
        }
        _ => (Verdict::Failed, Evidence::SeveralCustomers),
    })
}
