//! Which domains stand for a customer where the file does not say.

use std::collections::{BTreeMap, BTreeSet};

use super::state::{CustomerAt, State};
use crate::{
    case::address::{EmailAddress, registrable_domain},
    free_mail,
};

impl State {
    /// Gives every customer of the file whose domains it does not list those of its contacts' addresses, except public
    /// mail providers' and any domain that would then stand for more than one customer: such a one is often an outside
    /// administrator's, and would let them speak for all. Returns those.
    pub fn derive_domains(&mut self) -> BTreeSet<String> {
        let mut claims: BTreeMap<String, BTreeSet<CustomerAt>> = BTreeMap::new();
        for (at, customer) in self.customers.iter().enumerate() {
            for domain in &customer.now.domains {
                claims.entry(domain.clone()).or_default().insert(at);
            }
        }
        let mut derived: BTreeSet<(String, CustomerAt)> = BTreeSet::new();
        for entitlement in self.entitlements.iter().filter(|entitlement| entitlement.line.is_some()) {
            let at = entitlement.now.customer;
            if self.customer(at).is_none_or(|customer| customer.domains_given) {
                continue;
            }
            for domain in entitlement.contacts.iter().filter_map(|contact| company_domain(&contact.email)) {
                claims.entry(domain.clone()).or_default().insert(at);
                derived.insert((domain, at));
            }
        }
        let mut shared = BTreeSet::new();
        for (domain, at) in derived {
            let is_shared = claims.get(&domain).is_some_and(|claimants| claimants.len() > 1);
            let Some(customer) = self.customers.get_mut(at) else { continue };
            if customer.now.domains.contains(&domain) {
                continue;
            }
            if is_shared {
                shared.insert(domain);
            } else {
                customer.now.domains.insert(domain);
            }
        }
        shared
    }
}

fn company_domain(email: &str) -> Option<String> {
    let address: EmailAddress = email.parse().ok()?;
    let domain = registrable_domain(address.domain())?;
    (!free_mail::is_free_mail(domain)).then(|| domain.to_owned())
}
