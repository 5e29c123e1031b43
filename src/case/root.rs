//! What somebody must own to fake a proof. A proof is worth no more than its roots, and two proofs with one root are one.
//!
//! Each passed check has the roots any *one* of which is enough to fake it. How many an attacker needs at least to fake all
//! proofs of a case together is for [`fewest`] to say; how many are demanded, for `policy`. Holds no address: people are
//! named by their part in the case or their contact on record.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::{actor::StaffId, address::EmailAddress, escalation::Escalation};
use crate::{public_mail::PublicMail, shared_domains::SharedDomains};

/// Somebody on the customer's side, the same however many addresses they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Person {
    Requester,
    Successor,
    Departed,
    /// Somebody else whom the register names.
    Contact(Uuid),
}

/// One thing to own. The order is that in which it is told: what is easiest to take over first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, IntoStaticStr)]
#[serde(tag = "root", content = "of", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Root {
    /// A domain, by the name that one owner holds whole: all mailboxes below it, and its name servers.
    Domain(String),
    /// One mailbox.
    Mailbox(Person),
    /// One person with all that is theirs.
    Person(Person),
    /// A telephone line on record.
    Line(Person),
    /// Letterhead and signature.
    Paper,
    /// A member of staff, by whose word alone it stands.
    Staff(StaffId),
}

/// Where somebody's mailbox is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Home {
    /// Not kept: such a mailbox is taken to be below the customer's own domain.
    #[default]
    Unknown,
    /// At a provider where anybody can have one: no domain stands for it.
    Public,
    /// Below the domain that one owner holds whole.
    Below(String),
}

impl Home {
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// Of an address, by its domain alone.
    pub fn of(address: &EmailAddress, shared: &SharedDomains) -> Self {
        if PublicMail::of(address.domain()).is_some() {
            return Self::Public;
        }
        match shared.controlled(address.domain()) {
            Some(domain) => Self::Below(domain.to_owned()),
            // A name that nobody holds whole: whoever holds that very name.
            None => Self::Below(address.domain().to_owned()),
        }
    }
}

/// Where the mailboxes of the people of a case are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Homes {
    pub requester: Home,
    pub successor: Home,
    pub departed: Home,
    /// The domain whose name servers are asked.
    pub challenge: Home,
}

impl Homes {
    pub fn of(escalation: &Escalation, shared: &SharedDomains) -> Self {
        let challenged = escalation.challenge_domain();
        Self {
            requester: Home::of(&escalation.requester.email, shared),
            successor: Home::of(&escalation.successor.email, shared),
            departed: escalation
                .departed
                .email
                .known()
                .map_or(Home::Unknown, |address| Home::of(address, shared)),
            challenge: challenged.map_or(Home::Unknown, |domain| {
                Home::Below(shared.controlled(domain).unwrap_or(domain).to_owned())
            }),
        }
    }

    /// The domains that a mailbox at `home` rests on.
    pub(super) fn domains(&self, home: &Home) -> Vec<Root> {
        match home {
            Home::Below(domain) => vec![Root::Domain(domain.clone())],
            Home::Public => Vec::new(),
            Home::Unknown => [&self.departed, &self.requester]
                .into_iter()
                .filter_map(|home| match home {
                    Home::Below(domain) => Some(Root::Domain(domain.clone())),
                    Home::Public | Home::Unknown => None,
                })
                .collect(),
        }
    }
}

impl Root {
    pub fn as_str(&self) -> &'static str {
        self.into()
    }

    pub fn is_domain(&self) -> bool {
        matches!(self, Self::Domain(_))
    }
}

/// The fewest things to own that fake every one of `proofs`, each given by the roots any of which is enough for it. What is
/// told first stands first. Empty where there is no proof; a proof without a root can't be faked and is left out by those
/// who ask.
pub fn fewest(proofs: &[Vec<Root>]) -> Vec<Root> {
    let Some((first, rest)) = proofs.split_first() else { return Vec::new() };
    let mut roots = first.clone();
    roots.sort();
    roots.dedup();
    let mut best: Option<Vec<Root>> = None;
    for root in roots {
        let left: Vec<Vec<Root>> = rest.iter().filter(|proof| !proof.contains(&root)).cloned().collect();
        let mut owned = fewest(&left);
        owned.insert(0, root);
        if best.as_ref().is_none_or(|best| owned.len() < best.len()) {
            best = Some(owned);
        }
    }
    best.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn domain(name: &str) -> Root {
        Root::Domain(name.to_owned())
    }

    fn staff(number: u128) -> Root {
        Root::Staff(StaffId(Uuid::from_u128(number)))
    }

    #[test]
    fn proofs_with_one_root_are_one() {
        let colleague = Person::Contact(Uuid::nil());
        let register = vec![Root::Mailbox(Person::Requester), domain("sebald.example")];
        let dns = vec![domain("sebald.example")];
        let vouch = vec![Root::Mailbox(colleague), Root::Person(colleague), domain("sebald.example")];
        let call = vec![Root::Line(colleague), Root::Person(colleague), staff(1)];
        let letter = vec![Root::Paper, staff(1)];
        let other_letter = vec![Root::Paper, staff(2)];
        for (proofs, expected) in [
            (vec![], vec![]),
            (vec![register.clone(), dns, vouch.clone()], vec![domain("sebald.example")]),
            (vec![vouch, call.clone()], vec![Root::Person(colleague)]),
            (vec![call.clone(), letter.clone()], vec![staff(1)]),
            (vec![call.clone(), other_letter], vec![Root::Person(colleague), Root::Paper]),
            (vec![register.clone(), call.clone()], vec![domain("sebald.example"), Root::Person(colleague)]),
            (vec![register, call, letter], vec![domain("sebald.example"), staff(1)]),
        ] {
            assert_eq!(fewest(&proofs), expected);
        }
    }

    #[test]
    fn a_mailbox_rests_on_the_domain_that_its_owner_holds_whole() {
        let shared = SharedDomains::default();
        let home = |address: &str| Home::of(&address.parse().unwrap(), &shared);
        assert_eq!(home("a@mail.sebald.example"), Home::Below("sebald.example".into()));
        assert_eq!(home("a@contoso.onmicrosoft.com"), Home::Below("contoso.onmicrosoft.com".into()));
        assert_eq!(home("a@gmx.de"), Home::Public);
    }

    mod properties {
        use super::*;

        proptest! {
            #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

            /// Against the plain definition: the smallest of all sets of owned things that spoil every proof.
            #[test]
            fn fewest_is_the_smallest_set_that_spoils_all(
                proofs in proptest::collection::vec(proptest::collection::vec(0_u128..6, 1..4), 0..6)
            ) {
                let roots: Vec<Vec<Root>> =
                    proofs.iter().map(|proof| proof.iter().map(|number| staff(*number)).collect()).collect();
                let spoils = |owned: u32| proofs.iter().all(|proof| proof.iter().any(|number| owned & (1 << number) != 0));
                let smallest = (0..64_u32).filter(|owned| spoils(*owned)).map(u32::count_ones).min().unwrap();
                let found = fewest(&roots);
                prop_assert_eq!(found.len(), smallest as usize);
                prop_assert!(roots.iter().all(|proof| proof.iter().any(|root| found.contains(root))));
            }
        }
    }
}
