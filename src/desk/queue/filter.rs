//! What the address of the queue chooses. What makes no sense is ignored: an old bookmark still shows something.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cursor::Cursor;
use crate::{
    case::state::{Party, Place},
    message,
};

/// The address as it comes in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    state: String,
    waiting_for: String,
    owner: String,
    text: String,
    pub after: Option<String>,
}

/// Which cases to list; by default all that are open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: Option<Place>,
    pub waiting_for: Option<Party>,
    pub owner: Owner,
    /// Part of a number, company, requester or entitlement.
    pub text: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    #[default]
    Anybody,
    Me,
    Nobody,
    Colleague(Uuid),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anybody => Ok(()),
            Self::Me => f.write_str("me"),
            Self::Nobody => f.write_str("none"),
            Self::Colleague(id) => id.fmt(f),
        }
    }
}

impl Filter {
    pub fn read(query: &Query) -> Self {
        let state: Option<Place> = query.state.parse().ok();
        Self {
            state,
            waiting_for: query.waiting_for.parse().ok().filter(|party| *party != Party::Nobody),
            owner: match query.owner.as_str() {
                "me" => Owner::Me,
                "none" => Owner::Nobody,
                id => id.parse().map_or(Owner::Anybody, Owner::Colleague),
            },
            // PostgreSQL takes no NUL; nobody looks for the other control characters either.
            text: query.text.trim().chars().filter(|c| !c.is_control()).take(100).collect(),
        }
    }

    pub fn is_closed(&self) -> bool {
        self.state == Some(Place::Closed)
    }

    /// The text as a pattern for `ilike`; `None` where there is none.
    pub fn pattern(&self) -> Option<String> {
        let escaped = self.text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        (!escaped.is_empty()).then(|| format!("%{escaped}%"))
    }

    /// The same for e-mail addresses, which are kept with their domain as the name servers have it.
    pub fn address_pattern(&self) -> Option<String> {
        let text = match self.text.split_once('@') {
            Some(_) => message::address::canonical(&self.text),
            None => message::address::canonical_domain(&self.text),
        };
        Self { text, ..self.clone() }.pattern()
    }

    /// The address that chooses this, from the beginning or after a row.
    pub fn address(&self, after: Option<&Cursor>) -> String {
        #[derive(Serialize)]
        struct Address<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            state: Option<Place>,
            #[serde(skip_serializing_if = "Option::is_none")]
            waiting_for: Option<Party>,
            #[serde(skip_serializing_if = "String::is_empty")]
            owner: String,
            #[serde(skip_serializing_if = "str::is_empty")]
            text: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            after: Option<String>,
        }
        let address = Address {
            state: self.state,
            waiting_for: self.waiting_for,
            owner: self.owner.to_string(),
            text: &self.text,
            after: after.map(Cursor::write),
        };
        match serde_html_form::to_string(&address) {
            Ok(query) if !query.is_empty() => format!("/desk/cases?{query}"),
            _ => "/desk/cases".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Filter {
        Filter::read(&serde_html_form::from_str(query).unwrap())
    }

    #[test]
    fn an_address_leads_back_to_itself() {
        let address = "state=verifying&waiting_for=us&owner=me&text=Caf%C3%A9+%26+Co";
        assert_eq!(read(address).address(None), format!("/desk/cases?{address}"));
        assert_eq!(read("").address(None), "/desk/cases");
    }

    #[test]
    fn nonsense_is_ignored() {
        assert_eq!(read("state=lost&waiting_for=godot&owner=somebody&other=1"), Filter::default());
    }

    #[test]
    fn control_characters_are_not_looked_for() {
        assert_eq!(read("text=%00a%07b").pattern().as_deref(), Some("%ab%"));
        assert_eq!(read("text=%00").pattern(), None);
    }

    #[test]
    fn addresses_with_umlauts_are_looked_for_as_they_are_kept() {
        for (typed, looked_for) in [
            ("text=joerg@m%C3%BCller-idn.example", "%joerg@xn--mller-idn-q9a.example%"),
            ("text=M%C3%BCller-IDN.example", "%xn--mller-idn-q9a.example%"),
            ("text=petra@nord", "%petra@nord%"),
            ("text=Petra", "%petra%"),
        ] {
            assert_eq!(read(typed).address_pattern().as_deref(), Some(looked_for), "{typed}");
        }
        assert_eq!(read("text=a+b%40").address_pattern().as_deref(), Some("%a b@%"));
        assert_eq!(read("").address_pattern(), None);
    }

    #[test]
    fn wildcards_are_only_characters() {
        assert_eq!(read("text=50%25_\\").pattern().as_deref(), Some(r"%50\%\_\\%"));
    }
}
