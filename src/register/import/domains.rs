//! Which domains stand for a customer where the file does not say.

use std::collections::{BTreeMap, BTreeSet};

use super::state::{CustomerAt, State};
use crate::{case::address::EmailAddress, public_mail::PublicMail};

impl State {
    /// Gives every customer of the file whose domains it does not list those of its contacts' addresses, except public
    /// mail providers' and any domain that contacts or domains of another customer in the register have too: such a one
    /// is often an outside administrator's, and would let them speak for all. Returns those.
    pub fn derive_domains(&mut self) -> BTreeSet<String> {
        let claims = self.claims();
        let mut shared = BTreeSet::new();
        for (domain, claimants) in claims {
            for at in &claimants {
                let Some(customer) = self.customers.get_mut(*at) else { continue };
                let is_settled = customer.line.is_none() || customer.domains_given;
                if is_settled || customer.now.domains.contains(&domain) {
                    continue;
                }
                if claimants.len() > 1 {
                    shared.insert(domain.clone());
                } else {
                    customer.now.domains.insert(domain.clone());
                }
            }
        }
        shared
    }

    /// All domains in the register, each with the customers that it, or a contact's address in it, belongs to.
    fn claims(&self) -> BTreeMap<String, BTreeSet<CustomerAt>> {
        let mut claims: BTreeMap<String, BTreeSet<CustomerAt>> = BTreeMap::new();
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

fn company_domain(email: &str) -> Option<String> {
    let address: EmailAddress = email.parse().ok()?;
    let domain = address.registrable_domain()?;
    PublicMail::of(address.domain()).is_none().then(|| domain.to_owned())
}
