//! The register as an import sees it: what is stored, and what it shall be.
//!
//! Plain data with its look-ups; `plan` decides, `store` reads and writes. What a file leaves as it is is there once: what is and what
//! was share it.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, LazyLock},
};

use serde::Serialize;
use uuid::Uuid;

use super::row::{Role, name_key};
use crate::{case::escalation::Hosting, clock::Day};

/// Position in [`State::customers`].
pub type CustomerAt = usize;
/// Position in [`State::entitlements`].
pub type EntitlementAt = usize;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerValues {
    pub number: String,
    pub name: String,
    pub country: Option<String>,
    pub domains: BTreeSet<String>,
}

#[derive(Debug)]
pub struct Customer {
    pub id: Uuid,
    pub stored: Option<Arc<CustomerValues>>,
    pub now: Arc<CustomerValues>,
    /// The first line of the file that spoke of this customer, of its name, of its country.
    pub line: Option<u64>,
    pub name_line: Option<u64>,
    pub country_line: Option<u64>,
    /// Whether the file lists the customer's domains.
    pub domains_given: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntitlementValues {
    pub customer: CustomerAt,
    pub sen: Option<String>,
    pub entitlement_number: Option<String>,
    pub site: Option<String>,
    pub product: Arc<str>,
    pub hosting: Hosting,
    pub tier: Option<Arc<str>>,
    pub status: Arc<str>,
    pub starts_on: Option<Day>,
    pub renews_on: Option<Day>,
}

#[derive(Debug)]
pub struct Entitlement {
    pub id: Uuid,
    pub stored: Option<Arc<EntitlementValues>>,
    pub now: Arc<EntitlementValues>,
    pub stored_contacts: Arc<Vec<Contact>>,
    pub contacts: Arc<Vec<Contact>>,
    /// The first line of the file that spoke of this entitlement.
    pub line: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contact {
    pub id: Uuid,
    pub role: Role,
    pub name: Box<str>,
    pub email: Box<str>,
    pub phone: Option<Box<str>>,
    pub is_primary: bool,
}

/// Words that very many entitlements have, each of them once.
#[derive(Debug, Default)]
pub struct Words(HashSet<Arc<str>>);

impl Words {
    pub fn share(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.0.get(word) {
            return Arc::clone(known);
        }
        let new: Arc<str> = word.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

/// What every entitlement has before somebody is named for it, once.
static NOBODY: LazyLock<Arc<Vec<Contact>>> = LazyLock::new(Arc::default);

/// No contacts.
pub fn nobody() -> Arc<Vec<Contact>> {
    Arc::clone(&NOBODY)
}

impl Customer {
    /// Shares what is with what was, where they are the same.
    pub fn settle(&mut self) {
        if let Some(stored) = self.stored.as_ref().filter(|stored| **stored == self.now) {
            self.now = Arc::clone(stored);
        }
    }
}

impl Entitlement {
    /// Shares what is with what was, where they are the same.
    pub fn settle(&mut self) {
        if let Some(stored) = self.stored.as_ref().filter(|stored| **stored == self.now) {
            self.now = Arc::clone(stored);
        }
        if self.contacts == self.stored_contacts {
            self.contacts = Arc::clone(&self.stored_contacts);
        } else {
            Arc::make_mut(&mut self.contacts).shrink_to_fit();
        }
    }

    /// The best name for it in a report.
    pub fn label(&self) -> &str {
        let EntitlementValues { sen, entitlement_number, site, .. } = &*self.now;
        sen.as_deref().or(entitlement_number.as_deref()).or(site.as_deref()).unwrap_or_default()
    }

    /// The contact that has `role` and `email`, among the stored ones.
    pub fn find_stored_contact(&self, role: Role, email: &str) -> Option<&Contact> {
        self.stored_contacts.iter().find(|contact| contact.is(role, email))
    }
}

impl Contact {
    /// Whether this is the contact of `role` at `email`, in any case of letters.
    pub fn is(&self, role: Role, email: &str) -> bool {
        self.role == role && self.email.to_lowercase() == email.to_lowercase()
    }
}

/// How many were added, changed, left as they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
}

/// The whole register, and the ways to find things in it. An entitlement stays findable by what it was stored with.
#[derive(Debug, Default)]
pub struct State {
    pub customers: Vec<Customer>,
    pub entitlements: Vec<Entitlement>,
    pub words: Words,
    customers_by_number: HashMap<String, CustomerAt>,
    customers_by_name: HashMap<String, Vec<CustomerAt>>,
    entitlements_by_number: HashMap<String, EntitlementAt>,
    entitlements_by_site: HashMap<String, Vec<EntitlementAt>>,
}

impl State {
    pub fn push_customer(&mut self, customer: Customer) -> CustomerAt {
        let at = self.customers.len();
        self.customers_by_number.insert(customer.now.number.clone(), at);
        self.customers.push(customer);
        self.index_customer_name(at);
        at
    }

    /// Makes the customer findable by the name it has now.
    pub fn index_customer_name(&mut self, at: CustomerAt) {
        if let Some(customer) = self.customers.get(at) {
            let same = self.customers_by_name.entry(name_key(Some(&customer.now.name))).or_default();
            if !same.contains(&at) {
                same.push(at);
            }
        }
    }

    pub fn push_entitlement(&mut self, entitlement: Entitlement) -> EntitlementAt {
        let at = self.entitlements.len();
        self.entitlements.push(entitlement);
        self.index_entitlement(at);
        at
    }

    /// Makes the entitlement findable by the numbers it has now.
    pub fn index_entitlement(&mut self, at: EntitlementAt) {
        let Some(Entitlement { now, .. }) = self.entitlements.get(at) else { return };
        for number in [&now.sen, &now.entitlement_number].into_iter().flatten() {
            self.entitlements_by_number.insert(number.clone(), at);
        }
        if let Some(site) = &now.site {
            let same = self.entitlements_by_site.entry(site.clone()).or_default();
            if !same.contains(&at) {
                same.push(at);
            }
        }
    }

    pub fn find_customer(&self, number: &str) -> Option<CustomerAt> {
        self.customers_by_number.get(number).copied()
    }

    /// The customers whose name has this [`name_key`].
    pub fn list_customers_named(&self, key: &str) -> &[CustomerAt] {
        self.customers_by_name.get(key).map_or(&[], Vec::as_slice)
    }

    /// The entitlement with this SEN or entitlement number; the two are written so differently that one index does.
    pub fn find_entitlement(&self, number: &str) -> Option<EntitlementAt> {
        self.entitlements_by_number.get(number).copied()
    }

    /// The entitlements of `product` on `site`.
    pub fn list_entitlements_on(&self, site: &str, product: &str) -> Vec<EntitlementAt> {
        let on_site = self.entitlements_by_site.get(site).map_or(&[][..], Vec::as_slice);
        let product = product.to_lowercase();
        on_site
            .iter()
            .copied()
            .filter(|at| self.entitlements.get(*at).is_some_and(|e| e.now.product.to_lowercase() == product))
            .collect()
    }

    pub fn customer(&self, at: CustomerAt) -> Option<&Customer> {
        self.customers.get(at)
    }
}
