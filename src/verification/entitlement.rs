//! Are the entitlements in the register, and do they belong to one customer? What the register calls it, and where it says
//! that the products run, is part of the answer: once that changes, the answer is another one.

use std::collections::BTreeSet;

use anyhow::Context as _;
use sqlx::PgPool;

use crate::{
    case::{
        check::{Evidence, Verdict},
        escalation::Hosting,
    },
    casework::Loaded,
};

pub(super) async fn find_verdict(pool: &PgPool, loaded: &Loaded) -> anyhow::Result<(Verdict, Evidence)> {
    let asked: Vec<String> =
        loaded.escalation.entitlements.iter().map(|entitlement| entitlement.value().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select distinct a.value as "value!", e.customer_id, c.name, e.hosting from unnest((select $1::text[])) as a (value)
         join entitlements e on a.value in (e.sen, e.entitlement_number, e.site)
         join customers c on c.id = e.customer_id
         order by 1, 2, 4"#,
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
            let hosting: BTreeSet<&str> = rows.iter().map(|row| row.hosting.as_str()).collect();
            let hosting = hosting.into_iter().map(str::parse).collect::<Result<Vec<Hosting>, _>>();
            let evidence = Evidence::InRegister {
                customer: first.customer_id,
                company: Some(first.name.clone()),
                hosting: hosting.context("unknown hosting")?,
            };
            (Verdict::Passed, evidence)
        }
        _ => (Verdict::Failed, Evidence::SeveralCustomers),
    })
}
