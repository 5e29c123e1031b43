//! Fits the rows of a file into the register, one after the other, or refuses them.
//!
//! Rules: a column the file lacks changes nothing; an empty cell empties the field, except that numbers and sites are
//! lifelong and only ever added. All lines about one entitlement are one statement about it, so its contacts are
//! those of all its lines; the first line counts where a later one contradicts it, and the later one is refused.
//! A refused row has changed nothing. Does no I/O.

use std::sync::Arc;

use super::{
    layout::Layout,
    mapping::Field,
    reason::Reason,
    row::{Row, name_key},
    state::{Customer, CustomerAt, CustomerValues, Entitlement, EntitlementAt, State},
};

/// What a customer number starts with that was made from the name, for want of one in the file.
pub const DERIVED: &str = "name:";

/// Where a row's customer is, or the number of the one to be made.
enum CustomerFound {
    Known(CustomerAt),
    New(String),
}

impl State {
    /// Takes `row` in, or says why not.
    pub fn admit(&mut self, layout: &Layout, row: &Row) -> Result<(), Reason> {
        let entitlement = self.find_entitlement_of(row)?;
        let customer = self.find_customer_of(row, entitlement)?;
        self.must_agree_on_customer(row, &customer)?;
        self.must_agree_on_entitlement(row, &customer, entitlement)?;
        let customer = self.take_customer(layout, row, customer);
        self.take_entitlement(layout, row, customer, entitlement);
        Ok(())
    }

    fn find_entitlement_of(&self, row: &Row) -> Result<Option<EntitlementAt>, Reason> {
        let by_sen = row.sen.as_deref().and_then(|number| self.find_entitlement(number));
        let by_number = row.entitlement_number.as_deref().and_then(|number| self.find_entitlement(number));
        match (by_sen, by_number) {
            (Some(one), Some(other)) if one != other => return Err(Reason::DifferentEntitlements),
            (Some(found), _) | (None, Some(found)) => return Ok(Some(found)),
            (None, None) => {}
        }
        let Some(site) = &row.site else { return Ok(None) };
        let mut candidates = self.list_entitlements_on(site, &row.product);
        if row.sen.is_some() || row.entitlement_number.is_some() {
            // A number nobody has yet: it may only belong to one that was known by its site alone.
            candidates.retain(|at| {
                self.entitlements
                    .get(*at)
                    .is_some_and(|e| e.now.sen.is_none() && e.now.entitlement_number.is_none())
            });
        }
        match candidates.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => Err(Reason::SeveralEntitlements),
        }
    }

    fn find_customer_of(
        &self,
        row: &Row,
        entitlement: Option<EntitlementAt>,
    ) -> Result<CustomerFound, Reason> {
        if let Some(number) = &row.customer_number {
            let known = self.find_customer(number).map(CustomerFound::Known);
            return Ok(known.unwrap_or_else(|| CustomerFound::New(number.clone())));
        }
        let key = name_key(row.customer_name.as_deref());
        let holder = entitlement.and_then(|at| self.entitlements.get(at)).map(|e| e.now.customer);
        if let Some((at, holder)) = holder.and_then(|at| Some((at, self.customer(at)?))) {
            if name_key(Some(&holder.now.name)) == key {
                return Ok(CustomerFound::Known(at));
            }
            if !holder.now.number.starts_with(DERIVED) {
                let CustomerValues { number, name, .. } = CustomerValues::clone(&holder.now);
                return Err(Reason::OtherCustomer { number, name });
            }
        }
        match self.list_customers_named(&key) {
            [] => {
                let number = format!("{DERIVED}{key}");
                let known = self.find_customer(&number).map(CustomerFound::Known);
                Ok(known.unwrap_or(CustomerFound::New(number)))
            }
            [one] => Ok(CustomerFound::Known(*one)),
            _ => Err(Reason::SeveralCustomers { name: row.customer_name.clone().unwrap_or_default() }),
        }
    }

    fn must_agree_on_customer(&self, row: &Row, found: &CustomerFound) -> Result<(), Reason> {
        let CustomerFound::Known(at) = found else {
            let is_named = !name_key(row.customer_name.as_deref()).is_empty();
            return if is_named { Ok(()) } else { Err(Reason::Missing { field: Field::CustomerName }) };
        };
        let Some(customer) = self.customer(*at) else { return Ok(()) };
        if let (Some(line), Some(name), Some(_)) =
            (customer.name_line, &row.customer_name, &row.customer_number)
            && *name != customer.now.name
        {
            return Err(Reason::Contradiction { line, field: Field::CustomerName });
        }
        if let (Some(line), Some(_)) = (customer.country_line, &row.country)
            && row.country != customer.now.country
        {
            return Err(Reason::Contradiction { line, field: Field::Country });
        }
        Ok(())
    }

    fn must_agree_on_entitlement(
        &self,
        row: &Row,
        customer: &CustomerFound,
        entitlement: Option<EntitlementAt>,
    ) -> Result<(), Reason> {
        let Some(spoken) = entitlement.and_then(|at| self.entitlements.get(at)) else { return Ok(()) };
        let Some(line) = spoken.line else { return Ok(()) };
        let now = &spoken.now;
        let same_customer = matches!(customer, CustomerFound::Known(at) if *at == now.customer);
        let differs =
            |new: &Option<String>, old: &Option<String>| new.is_some() && old.is_some() && new != old;
        let contradictions = [
            (Field::CustomerNumber, !same_customer),
            (Field::Sen, differs(&row.sen, &now.sen)),
            (Field::EntitlementNumber, differs(&row.entitlement_number, &now.entitlement_number)),
            (Field::Site, differs(&row.site, &now.site)),
            (Field::Product, *row.product != *now.product),
            (Field::Hosting, row.hosting != now.hosting),
            (
                Field::Tier,
                row.tier.is_some() && now.tier.is_some() && row.tier.as_deref() != now.tier.as_deref(),
            ),
            (Field::Status, row.status.as_ref().is_some_and(|status| **status != *now.status)),
            (
                Field::StartsOn,
                row.starts_on.is_some() && now.starts_on.is_some() && row.starts_on != now.starts_on,
            ),
            (
                Field::RenewsOn,
                row.renews_on.is_some() && now.renews_on.is_some() && row.renews_on != now.renews_on,
            ),
        ];
        match contradictions.into_iter().find(|(_, contradicts)| *contradicts) {
            Some((field, _)) => Err(Reason::Contradiction { line, field }),
            None => Ok(()),
        }
    }

    fn take_customer(&mut self, layout: &Layout, row: &Row, found: CustomerFound) -> CustomerAt {
        let at = match found {
            CustomerFound::Known(at) => at,
            CustomerFound::New(number) => self.push_customer(Customer::new(number, row)),
        };
        let Some(customer) = self.customers.get_mut(at) else { return at };
        let line = Some(row.line);
        // Without a number the name only finds or makes the customer; it renames none.
        if let (Some(name), Some(_), None) = (&row.customer_name, &row.customer_number, customer.name_line) {
            Arc::make_mut(&mut customer.now).name.clone_from(name);
            customer.name_line = line;
        }
        if row.country.is_some() && customer.country_line.is_none() {
            customer.country_line = line;
            Arc::make_mut(&mut customer.now).country.clone_from(&row.country);
        } else if layout.has(Field::Country) && customer.line.is_none() {
            Arc::make_mut(&mut customer.now).country = None;
        }
        if !row.domains.is_empty() {
            let now = Arc::make_mut(&mut customer.now);
            if !customer.domains_given {
                now.domains.clear();
                customer.domains_given = true;
            }
            now.domains.extend(row.domains.iter().cloned());
        }
        customer.line = customer.line.or(line);
        customer.settle();
        self.index_customer_name(at);
        at
    }

    fn take_entitlement(
        &mut self,
        layout: &Layout,
        row: &Row,
        customer: CustomerAt,
        found: Option<EntitlementAt>,
    ) {
        let at = match found {
            Some(at) => at,
            None => {
                let new = Entitlement::new(customer, row, &mut self.words);
                self.push_entitlement(new)
            }
        };
        if let Some(entitlement) = self.entitlements.get_mut(at) {
            if entitlement.line.is_none() {
                entitlement.speak_first(layout, row, customer, &mut self.words);
            } else {
                entitlement.speak_again(row, &mut self.words);
            }
            entitlement.take_contacts(layout, row);
            entitlement.settle();
            self.index_entitlement(at);
        }
    }
}
