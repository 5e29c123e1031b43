//! Which domains stand for a customer where the file does not say.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::state::{CustomerAt, State};
use crate::{
    case::address::{EmailAddress, registrable_domain},
    public_mail::PublicMail,
    shared_domains::SharedDomains,
};

/// Domains of contacts' addresses that were taken for nobody, though the file lists none for their customers.
#[derive(Debug, Default)]
pub struct LeftOut {
    /// Contacts or domains of another customer have them too.
    pub claimed_twice: BTreeSet<String>,
    /// Strangers have names below them, so that they say nothing of a customer.
    pub parents: BTreeSet<String>,
}

/// Who has a domain, by each name that one of them, or a contact's address, stands at.
type Claims = BTreeMap<String, BTreeSet<CustomerAt>>;

impl State {
    /// Gives every customer of the file whose domains it does not list those of its contacts' addresses as they are
    /// written, except public mail providers', shared parents, and any domain that contacts or domains of another customer
    /// in the register have too, there or at a name above or below it: such a one is often an outside administrator's, and
    /// would let them speak for all.
    pub fn derive_domains(&mut self, shared: &SharedDomains) -> LeftOut {
        let claims = self.claims();
        let at_or_below = spread_upwards(&claims, shared);
        let mut left_out = LeftOut::default();
        for (domain, claimants) in &claims {
            let names = shared.names(domain);
            let above = names.iter().filter_map(|name| claims.get(*name));
            let with_claims =
                above.chain(at_or_below.get(domain.as_str())).flatten().collect::<BTreeSet<_>>();
            let is_twice = with_claims.len() > 1;
            for at in claimants {
                let Some(customer) = self.customers.get_mut(*at) else { continue };
                let on_record = &customer.now.domains;
                // Its own, or a name above it that the same owner holds.
                let has_it = on_record.contains(domain) || names.iter().any(|name| on_record.contains(*name));
                if customer.line.is_none() || customer.domains_given || has_it {
                    continue;
                }
                if names.is_empty() {
                    left_out.parents.insert(domain.clone());
                } else if is_twice {
                    left_out.claimed_twice.insert(domain.clone());
                } else {
                    Arc::make_mut(&mut customer.now).domains.insert(domain.clone());
                }
            }
        }
        left_out
    }

    /// All domains in the register, each with the customers that it, or a contact's address in it, belongs to.
    fn claims(&self) -> Claims {
        let mut claims = Claims::new();
        for (at, customer) in self.customers.iter().enumerate() {
            for domain in &customer.now.domains {
                claims.entry(domain.clone()).or_default().insert(at);
            }
        }
        for entitlement in &self.entitlements {
            for domain in entitlement.contacts.iter().filter_map(|contact| company_domain(&contact.email)) {
                claims.entry(domain).or_default().insert(entitlement.now.customer);
            }
        }
        claims
    }
}

/// By name, who has a claim to it or to a name below it.
fn spread_upwards<'a>(claims: &'a Claims, shared: &SharedDomains) -> BTreeMap<&'a str, BTreeSet<CustomerAt>> {
    let mut spread: BTreeMap<&str, BTreeSet<CustomerAt>> = BTreeMap::new();
    for (domain, claimants) in claims {
        for name in shared.names(domain) {
            spread.entry(name).or_default().extend(claimants);
        }
    }
    spread
}

fn company_domain(email: &str) -> Option<String> {
    let address: EmailAddress = email.parse().ok()?;
    registrable_domain(address.domain())?;
    PublicMail::of(address.domain()).is_none().then(|| address.domain().to_owned())
}
