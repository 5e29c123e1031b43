//! What the register says about the entitlements of a case: for staff only, customers never see any of it.

use serde::Serialize;
use uuid::Uuid;

use crate::{
    case::{check::CheckKind, escalation::Escalation},
    casework::{Licence, Licences, OnLicence},
    clock::Day,
};

#[derive(Debug, Serialize)]
pub struct RegisterView {
    /// Each entitlement that was named, with what is on record under it.
    named: Vec<Named>,
    customers: Vec<Customer>,
    contacts: Vec<Contact>,
    /// Nobody knows which of the contacts has left.
    #[serde(skip)]
    departed_unknown: bool,
}

#[derive(Debug, Serialize)]
struct Named {
    value: String,
    found: Vec<Found>,
}

#[derive(Clone, Debug, Serialize)]
struct Found {
    product: String,
    status: String,
    renews_on: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Customer {
    number: String,
    name: String,
    domains: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Contact {
    #[serde(skip)]
    ids: Vec<Uuid>,
    name: String,
    email: String,
    phone: Option<String>,
    roles: Vec<String>,
    /// The one who is said to have left.
    is_departed: bool,
}

impl RegisterView {
    pub fn of(licences: &Licences, escalation: &Escalation) -> Self {
        let mut customers: Vec<Customer> = Vec::new();
        for found in &licences.found {
            let customer = Customer {
                number: found.number.clone(),
                name: found.name.clone(),
                domains: found.domains.clone(),
            };
            if !customers.contains(&customer) {
                customers.push(customer);
            }
        }
        let named = escalation.entitlements.iter().map(ToString::to_string).map(|value| {
            let is_named =
                |found: &&Licence| [&found.sen, &found.entitlement_number, &found.site].contains(&&value);
            let found = licences.found.iter().filter(is_named).map(|found| Found {
                product: found.product.clone(),
                status: found.status.clone(),
                renews_on: found.renews_on,
            });
            Named { found: found.collect(), value }
        });
        Self {
            named: named.collect(),
            customers,
            contacts: licences.people.iter().map(Contact::of).collect(),
            departed_unknown: escalation.departed.email.is_unknown(),
        }
    }

    /// The domains on record of every customer whose licences are named.
    pub fn domains(&self) -> Vec<String> {
        self.customers.iter().flat_map(|customer| customer.domains.clone()).collect()
    }

    /// Each row about a contact on record, with the name.
    pub fn named_contacts(&self) -> impl Iterator<Item = (Uuid, &str)> {
        self.contacts.iter().flat_map(|contact| contact.ids.iter().map(|id| (*id, contact.name.as_str())))
    }

    /// What is on record under each licence that was named and found.
    pub fn licences(&self) -> Vec<String> {
        let found = |named: &Named| {
            let products: Vec<&str> = named.found.iter().map(|found| found.product.as_str()).collect();
            (!products.is_empty()).then(|| format!("{}: {}", named.value, products.join(", ")))
        };
        self.named.iter().filter_map(found).collect()
    }

    /// What is on record that helps to judge a check.
    pub fn about(&self, kind: CheckKind) -> Vec<String> {
        match kind {
            CheckKind::Entitlement => self
                .customers
                .iter()
                .map(|customer| format!("{} {}", customer.number, customer.name))
                .collect(),
            CheckKind::DomainRegister => self.domains(),
            CheckKind::RecordedContact => {
                self.contacts.iter().map(|contact| format!("{}, {}", contact.name, contact.email)).collect()
            }
            // Never the number from the form, nor that of the contact who is said to have left, or may be: whoever answers there
            // may be anybody.
            CheckKind::Callback => self
                .contacts
                .iter()
                .filter(|contact| !self.departed_unknown && !contact.is_departed)
                .filter_map(|contact| Some(format!("{}, {}", contact.phone.as_ref()?, contact.name)))
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl Contact {
    fn of(person: &OnLicence) -> Self {
        Self {
            ids: person.ids.clone(),
            name: person.name.clone(),
            email: person.email.clone(),
            phone: person.phone.clone(),
            roles: person.roles.clone(),
            is_departed: person.is_departed,
        }
    }
}
