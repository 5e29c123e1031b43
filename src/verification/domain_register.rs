//! Is the requester's domain, or a name above it that the same owner holds, the customer's on record? Domains that anybody
//! can write from never count, nor parents that strangers share, not even where the register names one: below
//! `onmicrosoft.com` every tenant has a name.

use anyhow::Context as _;
use sqlx::PgPool;
use uuid::Uuid;

use super::find_customer;
use crate::{
    case::check::{Evidence, Verdict},
    casework::Loaded,
    public_mail::PublicMail,
    shared_domains::SharedDomains,
};

pub(super) async fn find_verdict(pool: &PgPool, loaded: &Loaded) -> anyhow::Result<(Verdict, Evidence)> {
    let Some(customer) = find_customer(pool, loaded).await? else {
        return Ok((Verdict::Inconclusive, Evidence::EntitlementUnknown));
    };
    let domain = loaded.escalation.requester.email.domain();
    match PublicMail::of(domain) {
        Some(PublicMail::Free) => return Ok((Verdict::Inconclusive, Evidence::FreeMailDomain)),
        Some(PublicMail::Disposable) => return Ok((Verdict::Inconclusive, Evidence::DisposableDomain)),
        None => {}
    }
    let owners = list_owners(pool, &loaded.case.rules.shared_domains, domain).await?;
    Ok(match owners.as_slice() {
        [owner] if *owner == customer => (Verdict::Passed, Evidence::DomainMatches),
        owners if owners.contains(&customer) => (Verdict::Inconclusive, Evidence::DomainShared),
        _ => (Verdict::Failed, Evidence::DomainDiffers),
    })
}

/// The customers that have `domain`, or a name above it that the same owner holds, on record.
pub(super) async fn list_owners(
    pool: &PgPool,
    shared: &SharedDomains,
    domain: &str,
) -> anyhow::Result<Vec<Uuid>> {
    let names: Vec<String> = shared.names(domain).into_iter().map(str::to_owned).collect();
    sqlx::query_scalar!("select distinct customer_id from customer_domains where domain = any($1)", &names)
        .fetch_all(pool)
        .await
        .context("could not look up a domain")
}
