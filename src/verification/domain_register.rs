//! Is the requester's registrable domain the customer's on record? Domains that anybody can write from never count, not
//! even where the register names one.

use anyhow::Context as _;
use sqlx::PgPool;

use super::find_customer;
use crate::{
    case::check::{Evidence, Verdict},
    casework::Loaded,
    public_mail::PublicMail,
};

pub(super) async fn find_verdict(pool: &PgPool, loaded: &Loaded) -> anyhow::Result<(Verdict, Evidence)> {
    let Some(customer) = find_customer(loaded) else {
        return Ok((Verdict::Inconclusive, Evidence::EntitlementUnknown));
    };
    let Some(domain) = loaded.escalation.requester.email.registrable_domain() else {
        return Ok((Verdict::Failed, Evidence::DomainDiffers));
    };
    match PublicMail::of(loaded.escalation.requester.email.domain()) {
        Some(PublicMail::Free) => return Ok((Verdict::Inconclusive, Evidence::FreeMailDomain)),
        Some(PublicMail::Disposable) => return Ok((Verdict::Inconclusive, Evidence::DisposableDomain)),
        None => {}
    }
    let owners = sqlx::query_scalar!("select customer_id from customer_domains where domain = $1", domain)
        .fetch_all(pool)
        .await
        .context("could not look up a domain")?;
    Ok(match owners.as_slice() {
        [owner] if *owner == customer => (Verdict::Passed, Evidence::DomainMatches),
        owners if owners.contains(&customer) => (Verdict::Inconclusive, Evidence::DomainShared),
        _ => (Verdict::Failed, Evidence::DomainDiffers),
    })
}
