//! What the rows of a file state about one customer or entitlement, laid over what is stored.

use std::{collections::BTreeSet, sync::Arc};

use uuid::Uuid;

use super::{
    layout::Layout,
    mapping::Field,
    row::{Role, Row, RowContact},
    state::{Contact, Customer, CustomerAt, CustomerValues, Entitlement, EntitlementValues, Words, nobody},
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
    pub fn new(customer: CustomerAt, row: &Row, words: &mut Words) -> Self {
        Self {
            id: Uuid::now_v7(),
            stored: None,
            now: Arc::new(EntitlementValues {
                customer,
                sen: row.sen.clone(),
                entitlement_number: row.entitlement_number.clone(),
                site: row.site.clone(),
                product: words.share(&row.product),
                hosting: row.hosting,
                tier: None,
                status: words.share(ACTIVE),
                starts_on: None,
                renews_on: None,
            }),
            stored_contacts: nobody(),
            contacts: nobody(),
            line: None,
        }
    }

    /// What the first line says replaces what is stored, as far as the file speaks of it.
    pub fn speak_first(&mut self, layout: &Layout, row: &Row, customer: CustomerAt, words: &mut Words) {
        let old = EntitlementValues::clone(&self.now);
        self.now = Arc::new(EntitlementValues {
            customer,
            sen: row.sen.clone().or(old.sen),
            entitlement_number: row.entitlement_number.clone().or(old.entitlement_number),
            site: row.site.clone().or(old.site),
            product: words.share(&row.product),
            hosting: row.hosting,
            tier: if layout.has(Field::Tier) {
                row.tier.as_deref().map(|tier| words.share(tier))
            } else {
                old.tier
            },
            status: match &row.status {
                Some(status) => words.share(status),
                None if layout.has(Field::Status) => words.share(ACTIVE),
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
    pub fn speak_again(&mut self, row: &Row, words: &mut Words) {
        let add = |now: &mut Option<String>, new: &Option<String>| *now = now.take().or_else(|| new.clone());
        let now = Arc::make_mut(&mut self.now);
        add(&mut now.sen, &row.sen);
        add(&mut now.entitlement_number, &row.entitlement_number);
        add(&mut now.site, &row.site);
        if now.tier.is_none() {
            now.tier = row.tier.as_deref().map(|tier| words.share(tier));
        }
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
            name: contact.name.as_deref().map(Box::from).or(old_name).unwrap_or_else(|| email.into()),
            email: email.into(),
            phone: if speaks_of_phone { contact.phone.as_deref().map(Box::from) } else { old_phone },
            is_primary: was_primary && !layout.has(Field::Primary),
        };
        Arc::make_mut(&mut self.contacts).push(contact);
    }
}
