//! What the rows of a file state about one customer or entitlement, laid over what is stored.

use std::{collections::BTreeSet, sync::Arc};

use uuid::Uuid;

use super::{
    layout::Layout,
    mapping::Field,
    row::{Role, Row, RowContact},
    state::{Contact, Customer, CustomerAt, CustomerValues, Entitlement, EntitlementValues},
};

/// The status of what has none in the file.
const ACTIVE: &str = "active";

impl Customer {
    pub fn new(number: String, row: &Row) -> Self {
        Self {
            id: Uuid::now_v7(),
            stored: None,
            now: Arc::new(CustomerValues {
                number,
                name: row.customer_name.clone().unwrap_or_default(),
                country: None,
                domains: BTreeSet::new(),
            }),
            line: None,
            name_line: None,
            country_line: None,
            domains_given: false,
        }
    }
}

impl Entitlement {
    pub fn new(customer: CustomerAt, row: &Row) -> Self {
        Self {
            id: Uuid::now_v7(),
            stored: None,
            now: Arc::new(EntitlementValues {
                customer,
                sen: row.sen.clone(),
                entitlement_number: row.entitlement_number.clone(),
                site: row.site.clone(),
                product: row.product.clone(),
                hosting: row.hosting,
                tier: None,
                status: ACTIVE.to_owned(),
                starts_on: None,
                renews_on: None,
            }),
            stored_contacts: Arc::default(),
            contacts: Arc::default(),
            line: None,
        }
    }

    /// What the first line says replaces what is stored, as far as the file speaks of it.
    pub fn speak_first(&mut self, layout: &Layout, row: &Row, customer: CustomerAt) {
        let old = EntitlementValues::clone(&self.now);
        let text = |field, new: &Option<String>, old: Option<String>| {
            if layout.has(field) { new.clone() } else { old }
        };
        self.now = Arc::new(EntitlementValues {
            customer,
            sen: row.sen.clone().or(old.sen),
            entitlement_number: row.entitlement_number.clone().or(old.entitlement_number),
            site: row.site.clone().or(old.site),
            product: row.product.clone(),
            hosting: row.hosting,
            tier: text(Field::Tier, &row.tier, old.tier),
            status: match &row.status {
                Some(status) => status.clone(),
                None if layout.has(Field::Status) => ACTIVE.to_owned(),
                None => old.status,
            },
            starts_on: if layout.has(Field::StartsOn) { row.starts_on } else { old.starts_on },
            renews_on: if layout.has(Field::RenewsOn) { row.renews_on } else { old.renews_on },
        });
        self.line = Some(row.line);
        let contacts = Arc::make_mut(&mut self.contacts);
        for (role, field) in [(Role::Technical, Field::TechnicalEmail), (Role::Billing, Field::BillingEmail)]
        {
            if layout.has(field) {
                contacts.retain(|contact| contact.role != role);
            }
        }
        if layout.has(Field::Primary) {
            contacts.iter_mut().for_each(|contact| contact.is_primary = false);
        }
    }

    /// What a later line of the same file adds.
    pub fn speak_again(&mut self, row: &Row) {
        let add = |now: &mut Option<String>, new: &Option<String>| *now = now.take().or_else(|| new.clone());
        let now = Arc::make_mut(&mut self.now);
        add(&mut now.sen, &row.sen);
        add(&mut now.entitlement_number, &row.entitlement_number);
        add(&mut now.site, &row.site);
        add(&mut now.tier, &row.tier);
        now.starts_on = now.starts_on.or(row.starts_on);
        now.renews_on = now.renews_on.or(row.renews_on);
    }

    pub fn take_contacts(&mut self, layout: &Layout, row: &Row) {
        for (role, contact) in [(Role::Technical, &row.technical), (Role::Billing, &row.billing)] {
            if let Some(contact) = contact {
                self.take_contact(layout, role, contact);
            }
        }
        let Some(role) = row.primary else { return };
        if self.contacts.iter().any(|contact| contact.is_primary) {
            return;
        }
        let named = match role {
            Role::Technical => &row.technical,
            Role::Billing => &row.billing,
        };
        let chosen = Arc::make_mut(&mut self.contacts).iter_mut().find(|contact| match named {
            Some(named) => contact.is(role, named.email.as_str()),
            None => contact.role == role,
        });
        if let Some(contact) = chosen {
            contact.is_primary = true;
        }
    }

    fn take_contact(&mut self, layout: &Layout, role: Role, contact: &RowContact) {
        let email = contact.email.as_str();
        if self.contacts.iter().any(|known| known.is(role, email)) {
            return;
        }
        let stored = self.find_stored_contact(role, email);
        let speaks_of_phone = layout.has(match role {
            Role::Technical => Field::TechnicalPhone,
            Role::Billing => Field::BillingPhone,
        });
        let old_name = stored.map(|stored| stored.name.clone());
        let old_phone = stored.and_then(|stored| stored.phone.clone());
        let was_primary = stored.is_some_and(|stored| stored.is_primary);
        let contact = Contact {
            id: stored.map_or_else(Uuid::now_v7, |stored| stored.id),
            role,
            name: contact.name.clone().or(old_name).unwrap_or_else(|| email.to_owned()),
            email: email.to_owned(),
            phone: if speaks_of_phone { contact.phone.clone() } else { old_phone },
            is_primary: was_primary && !layout.has(Field::Primary),
        };
        Arc::make_mut(&mut self.contacts).push(contact);
    }
}
