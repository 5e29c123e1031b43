//! The people of a request as its pages show them: names as they were typed, and addresses, of which the domain matters.
//!
//! A typed name proves nothing: who is asked for a word must see which mailbox stands behind it.

use serde::Serialize;

use crate::case::{address::EmailAddress, escalation::Escalation};

/// One person, for the component `person`.
#[derive(Clone, Debug, Serialize)]
pub struct PersonView {
    name: String,
    /// Before the `@`, and behind it; empty where the customer does not know the address.
    local: String,
    domain: String,
}

impl PersonView {
    pub(super) fn new(name: &str, address: Option<&EmailAddress>) -> Self {
        let (local, domain) = address.and_then(|it| it.as_str().rsplit_once('@')).unwrap_or_default();
        Self { name: name.to_owned(), local: local.to_owned(), domain: domain.to_owned() }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct PeopleView {
    requester: PersonView,
    departed: PersonView,
    successor: PersonView,
}

impl PeopleView {
    pub fn of(escalation: &Escalation) -> Self {
        let Escalation { requester, departed, successor, .. } = escalation;
        Self {
            requester: PersonView::new(&requester.name, Some(&requester.email)),
            // What staff found out may be the register's.
            departed: PersonView::new(&departed.name, departed.email.stated()),
            successor: PersonView::new(&successor.name, Some(&successor.email)),
        }
    }
}
