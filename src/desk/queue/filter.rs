//! What the address of the queue chooses. What makes no sense is ignored: an old bookmark still shows something.
//!
//! Everything that leads back to a list (links, saved views, the way back from a case) is read here and written anew, so
//! that nobody else's text is ever an address of ours.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{cursor::Cursor, sort::Sort};
use crate::case::{
    escalation::Hosting,
    state::{Party, Place},
};

/// Longest text that is looked for, in characters.
const LONGEST: usize = 100;

/// What an address of the list may say of which cases, and in what order.
pub const NAMES: [&str; 10] =
    ["view", "state", "waiting_for", "owner", "customer", "hosting", "due", "renewal", "sort", "text"];

/// The address as it comes in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    view: String,
    state: String,
    waiting_for: String,
    owner: String,
    customer: String,
    hosting: String,
    due: String,
    renewal: String,
    sort: String,
    text: String,
    pub after: Option<String>,
}

impl Query {
    /// Reads what stands behind the `?` of an address.
    pub fn parse(text: &str) -> Self {
        serde_html_form::from_str(text).unwrap_or_default()
    }
}

/// Which cases to list; by default all that are open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub view: View,
    pub state: Option<Place>,
    pub waiting_for: Option<Party>,
    pub owner: Owner,
    /// A customer's name or number.
    pub customer: String,
    pub hosting: Option<Hosting>,
    pub due: Option<Due>,
    pub renewal: Option<Renewal>,
    pub sort: Sort,
    /// Anything that is known of a case.
    pub text: String,
}

/// The places of the queue. What a view says wins over a filter about the same.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum View {
    #[default]
    All,
    /// Waits for us and is the reader's or nobody's; what came in there; drafts that the reader may approve.
    NeedsMe,
    Mine,
    Unassigned,
    /// Something came in that nobody has looked at, also after the end.
    New,
    Us,
    Customer,
    DepartedContact,
    Voucher,
    Atlassian,
    Contested,
    FailingMail,
    /// Ours to do by the end of the day.
    DueToday,
    Closed,
}

impl View {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    fn party(self) -> Option<Party> {
        match self {
            Self::Us | Self::DueToday => Some(Party::Us),
            Self::Customer => Some(Party::Customer),
            Self::DepartedContact => Some(Party::DepartedContact),
            Self::Voucher => Some(Party::Voucher),
            Self::Atlassian => Some(Party::Atlassian),
            _ => None,
        }
    }
}

/// When something is to be done by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, EnumString, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Due {
    Overdue,
    Today,
    /// Within seven days, today included.
    Week,
}

/// Within how many days a licence renews.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, EnumString, VariantArray)]
pub enum Renewal {
    #[serde(rename = "7")]
    #[strum(serialize = "7")]
    Week,
    #[serde(rename = "30")]
    #[strum(serialize = "30")]
    Month,
    #[serde(rename = "90")]
    #[strum(serialize = "90")]
    Quarter,
}

impl Renewal {
    pub fn days(self) -> i64 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }
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

/// Which cases are looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Open,
    Closed,
    Both,
}

impl Filter {
    pub fn read(query: &Query) -> Self {
        let view: View = query.view.parse().unwrap_or_default();
        let state: Option<Place> = query.state.parse().ok();
        // Addresses of before views were.
        let view = if state == Some(Place::Closed) { View::Closed } else { view };
        Self {
            view,
            state: state
                .filter(|state| *state != Place::Closed && view != View::Contested && view != View::Closed),
            waiting_for: query
                .waiting_for
                .parse()
                .ok()
                .filter(|party| *party != Party::Nobody && view.party().is_none() && view != View::Closed),
            owner: match query.owner.as_str() {
                _ if matches!(view, View::Mine | View::Unassigned) => Owner::Anybody,
                "me" => Owner::Me,
                "none" => Owner::Nobody,
                id => id.parse().map_or(Owner::Anybody, Owner::Colleague),
            },
            customer: clean(&query.customer),
            hosting: query.hosting.parse().ok(),
            due: query.due.parse().ok().filter(|_| !matches!(view, View::Closed | View::DueToday)),
            renewal: query.renewal.parse().ok(),
            sort: query.sort.parse().ok().filter(|_| view != View::Closed).unwrap_or_default(),
            text: clean(&query.text),
        }
    }

    /// The parameters that mean nothing, or nothing beside the others: a program is told of them, where an old bookmark still shows
    /// something.
    pub fn ignored(&self, query: &Query) -> Vec<&'static str> {
        let word = |word: Option<&'static str>| word.unwrap_or_default().to_owned();
        let closed = self.view == View::Closed && query.state == "closed";
        let taken = [
            ("view", &query.view, self.view.as_str().to_owned()),
            (
                "state",
                &query.state,
                if closed { "closed".to_owned() } else { word(self.place().map(Into::into)) },
            ),
            ("waiting_for", &query.waiting_for, word(self.party().map(Into::into))),
            ("owner", &query.owner, self.owner.to_string()),
            ("customer", &query.customer, self.customer.clone()),
            ("hosting", &query.hosting, word(self.hosting.map(Into::into))),
            ("due", &query.due, word(self.due.map(Into::into))),
            ("renewal", &query.renewal, word(self.renewal.map(Into::into))),
            ("sort", &query.sort, word(Some(self.sort.into()))),
            ("text", &query.text, self.text.clone()),
        ];
        let is_ignored =
            |given: &str, taken: &str| !given.is_empty() && !given.trim().eq_ignore_ascii_case(taken);
        taken
            .into_iter()
            .filter(|(_, given, taken)| is_ignored(given, taken))
            .map(|(name, ..)| name)
            .collect()
    }

    /// Of a view, without any filter.
    pub fn of(view: View) -> Self {
        Self { view, ..Self::default() }
    }

    /// Open and closed together only where somebody looks for one case, or for what came in.
    pub fn scope(&self) -> Scope {
        let anywhere = self.view == View::All && self.state.is_none() && !self.text.is_empty();
        match self.view {
            View::Closed => Scope::Closed,
            View::New => Scope::Both,
            _ if anywhere => Scope::Both,
            _ => Scope::Open,
        }
    }

    /// What is closed is in one order only: the last first.
    pub fn order(&self) -> Sort {
        if self.scope() == Scope::Closed { Sort::Changed } else { self.sort }
    }

    pub fn party(&self) -> Option<Party> {
        self.view.party().or(self.waiting_for)
    }

    pub fn place(&self) -> Option<Place> {
        if self.view == View::Contested { Some(Place::Contested) } else { self.state }
    }

    pub fn whose(&self) -> Owner {
        match self.view {
            View::Mine => Owner::Me,
            View::Unassigned => Owner::Nobody,
            _ => self.owner,
        }
    }

    /// Narrower than its view.
    pub fn is_narrowed(&self) -> bool {
        Self { sort: Sort::default(), ..self.clone() } != Self::of(self.view)
    }

    /// What stands behind the `?` of the address that chooses this, from the beginning or after a row; may be empty.
    pub fn query(&self, after: Option<&Cursor>) -> String {
        #[derive(Serialize)]
        struct Address<'a> {
            #[serde(skip_serializing_if = "is_default")]
            view: View,
            #[serde(skip_serializing_if = "Option::is_none")]
            state: Option<Place>,
            #[serde(skip_serializing_if = "Option::is_none")]
            waiting_for: Option<Party>,
            #[serde(skip_serializing_if = "String::is_empty")]
            owner: String,
            #[serde(skip_serializing_if = "str::is_empty")]
            customer: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            hosting: Option<Hosting>,
            #[serde(skip_serializing_if = "Option::is_none")]
            due: Option<Due>,
            #[serde(skip_serializing_if = "Option::is_none")]
            renewal: Option<Renewal>,
            #[serde(skip_serializing_if = "is_default")]
            sort: Sort,
            #[serde(skip_serializing_if = "str::is_empty")]
            text: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            after: Option<String>,
        }
        let address = Address {
            view: self.view,
            state: self.state,
            waiting_for: self.waiting_for,
            owner: self.owner.to_string(),
            customer: &self.customer,
            hosting: self.hosting,
            due: self.due,
            renewal: self.renewal,
            sort: self.sort,
            text: &self.text,
            after: after.map(Cursor::write),
        };
        serde_html_form::to_string(&address).unwrap_or_default()
    }

    /// The address that chooses this.
    pub fn address(&self, after: Option<&Cursor>) -> String {
        below("/desk/cases", &self.query(after))
    }
}

/// A path with what stands behind its `?`, if anything does.
pub fn below(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// PostgreSQL takes no NUL; nobody looks for the other control characters either.
fn clean(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Filter {
        Filter::read(&Query::parse(query))
    }

    #[test]
    fn an_address_leads_back_to_itself() {
        for address in [
            "state=verifying&waiting_for=us&owner=me&text=Caf%C3%A9+%26+Co",
            "view=mine&state=verified&customer=K-1&hosting=cloud&due=week&renewal=30&sort=changed",
            "view=closed&owner=none",
            "view=contested&waiting_for=us",
        ] {
            assert_eq!(read(address).query(None), address);
        }
        assert_eq!(read("").address(None), "/desk/cases");
        assert_eq!(read("state=closed"), Filter::of(View::Closed), "as it was written before");
    }

    #[test]
    fn nonsense_is_ignored() {
        let nonsense = "state=lost&waiting_for=godot&owner=somebody&other=1&view=far&sort=luck&due=never&renewal=8&hosting=moon";
        assert_eq!(read(nonsense), Filter::default());
        assert_eq!(read("%%%&==&text"), Filter::default());
    }

    #[test]
    fn a_program_is_told_what_is_ignored() {
        for (query, ignored) in [
            ("", &[][..]),
            (
                "view=mine&state=verified&customer=K-1&hosting=cloud&due=week&renewal=30&sort=changed&text=x",
                &[],
            ),
            ("state=closed", &[]),
            ("view=all&sort=urgency&owner=none", &[]),
            (
                "state=lost&waiting_for=godot&owner=somebody&view=far&sort=luck&due=never&renewal=8&hosting=moon",
                &["view", "state", "waiting_for", "owner", "hosting", "due", "renewal", "sort"],
            ),
            ("view=customer&waiting_for=us", &["waiting_for"]),
            ("view=closed&sort=due", &["sort"]),
            ("view=mine&owner=none", &["owner"]),
            ("text=%00a", &["text"]),
        ] {
            assert_eq!(read(query).ignored(&Query::parse(query)), ignored, "{query}");
        }
    }

    #[test]
    fn what_a_view_says_wins() {
        let filter = read("view=customer&waiting_for=us&owner=me");
        assert_eq!((filter.party(), filter.whose()), (Some(Party::Customer), Owner::Me));
        assert_eq!(read("view=mine&owner=none").whose(), Owner::Me);
        assert_eq!(read("view=contested&state=verified").place(), Some(Place::Contested));
        assert!(!read("view=mine&owner=none&sort=due").is_narrowed());
    }

    #[test]
    fn control_characters_are_not_looked_for() {
        assert_eq!(read("text=%00a%07b").text, "ab");
        assert_eq!(read("text=%00").text, "");
    }

    #[test]
    fn one_case_is_looked_for_everywhere() {
        assert_eq!(read("text=x").scope(), Scope::Both);
        assert_eq!(read("text=x&view=mine").scope(), Scope::Open);
        assert_eq!(read("view=new").scope(), Scope::Both);
        assert_eq!(read("view=closed&text=x").scope(), Scope::Closed);
        assert_eq!(read("").scope(), Scope::Open);
    }
}
