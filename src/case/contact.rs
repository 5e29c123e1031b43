//! People whom the register names: who of them may vouch, whose number was called, and who hears of the request.
//!
//! A [`Voucher`] and a [`Called`] come only from a contact of the register, never from the form. Looking them up is for
//! `casework`. Somebody with several addresses is one person ([`EmailAddress::same_person`]).

use serde::Deserialize;
use uuid::Uuid;

use super::{
    address::EmailAddress,
    escalation::{ContactRole, Escalation},
    refusal::Refusal,
    root::{Home, Person},
    telephone::is_same_number,
};
use crate::shared_domains::SharedDomains;

/// A person on record for an entitlement of the case, at the customer that all its entitlements belong to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RegisterContact {
    /// The one it is known by: the first of `ids`.
    pub id: Uuid,
    /// Every row of the register about this person.
    pub ids: Vec<Uuid>,
    pub name: String,
    pub email: String,
    pub phones: Vec<String>,
    pub is_technical: bool,
    pub is_billing: bool,
    /// Said to have left by a case that ended well, and no import has spoken of it since.
    pub said_left: bool,
}

impl RegisterContact {
    /// `None` for somebody who is neither.
    pub fn role(&self) -> Option<ContactRole> {
        match (self.is_technical, self.is_billing) {
            (true, true) => Some(ContactRole::Both),
            (true, false) => Some(ContactRole::Technical),
            (false, true) => Some(ContactRole::Billing),
            (false, false) => None,
        }
    }

    /// Each person once, in the order in which they first come: rows whose mailboxes are one person's are put together.
    pub fn merge(rows: Vec<Self>) -> Vec<Self> {
        let mut people: Vec<Self> = Vec::new();
        for row in rows {
            let same = |known: &&mut Self| known.is(&row.email);
            match people.iter_mut().find(same) {
                None => people.push(row),
                Some(known) => {
                    known.ids.extend(row.ids);
                    let new = row.phones.into_iter().filter(|phone| !known.phones.contains(phone));
                    let new: Vec<String> = new.collect();
                    known.phones.extend(new);
                    known.said_left |= row.said_left;
                    known.is_technical |= row.is_technical;
                    known.is_billing |= row.is_billing;
                }
            }
        }
        people
    }

    /// Whether this person most likely reads mail to `address`.
    fn is(&self, address: &str) -> bool {
        match self.email.parse::<EmailAddress>() {
            Ok(own) => own.same_person(address),
            Err(_) => self.email.trim().eq_ignore_ascii_case(address.trim()),
        }
    }

    /// Whether the request changes a role that this person has.
    pub fn is_affected_by(&self, role: ContactRole) -> bool {
        match role {
            ContactRole::Technical => self.is_technical,
            ContactRole::Billing => self.is_billing,
            ContactRole::Both => self.is_technical || self.is_billing,
        }
    }

    /// Who of the case's people this is. The departed contact first: who asks under a second address of theirs is still them.
    /// While nobody knows that contact's address, everybody on record may be them: else whoever still reads the mailbox, or
    /// answers the telephone, of the contact who has left would speak as somebody else.
    pub fn person(&self, escalation: &Escalation) -> Person {
        let departed = &escalation.departed.email;
        if departed.known().is_some_and(|departed| self.is(departed.as_str())) {
            Person::Departed
        } else if self.is(escalation.requester.email.as_str()) {
            Person::Requester
        } else if self.is(escalation.successor.email.as_str()) {
            Person::Successor
        } else if departed.is_unknown() {
            Person::Departed
        } else {
            Person::Contact(self.id)
        }
    }
}

/// A contact on record who has no part in the case yet, and so may vouch for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    contact: Uuid,
    home: Home,
}

impl Voucher {
    /// # Errors
    /// [`Refusal::NoVoucher`] for whoever is said to have left, by this case or by an earlier one, asks, or is to follow: nobody
    /// vouches for themselves, under whatever address, and whoever reads a mailbox that was left behind is not its owner. [`Refusal::DepartedUnknown`] while that may be anybody on record.
    pub fn of(
        contact: &RegisterContact,
        escalation: &Escalation,
        shared: &SharedDomains,
    ) -> Result<Self, Refusal> {
        let Ok(address) = contact.email.trim().parse::<EmailAddress>() else {
            return Err(Refusal::NoVoucher);
        };
        match contact.person(escalation) {
            Person::Contact(_) if contact.said_left => Err(Refusal::NoVoucher),
            Person::Contact(contact) => Ok(Self { contact, home: Home::of(&address, shared) }),
            Person::Departed if escalation.departed.email.is_unknown() => Err(Refusal::DepartedUnknown),
            Person::Requester | Person::Departed | Person::Successor => Err(Refusal::NoVoucher),
        }
    }

    pub fn contact(&self) -> Uuid {
        self.contact
    }

    /// Where the mailbox is that is written to.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Somebody, to ask the rules whether anybody could be asked at all.
    pub(super) fn example() -> Self {
        Self { contact: Uuid::nil(), home: Home::Unknown }
    }
}

/// A call to a number on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    contact: Uuid,
    whose: Person,
}

impl Called {
    /// Finds whose number was dialled. Of several with the same number it is rather somebody who does not ask.
    ///
    /// # Errors
    /// [`Refusal::NotOnRecord`] when nobody on record has that number, [`Refusal::DepartedNumber`] when only the contact has
    /// it who is said to have left: whoever answers there may be anybody, or that very person. [`Refusal::DepartedUnknown`]
    /// while nobody knows who of those on record that is.
    pub fn find(
        dialled: &str,
        contacts: &[RegisterContact],
        escalation: &Escalation,
    ) -> Result<Self, Refusal> {
        let has_number =
            |contact: &&RegisterContact| contact.phones.iter().any(|phone| is_same_number(phone, dialled));
        let found: Vec<(&RegisterContact, Person)> =
            contacts.iter().filter(has_number).map(|contact| (contact, contact.person(escalation))).collect();
        if found.is_empty() {
            return Err(Refusal::NotOnRecord);
        }
        let there = found.into_iter().filter(|(_, person)| *person != Person::Departed);
        let (contact, whose) = there.min_by_key(|(_, person)| !matches!(person, Person::Contact(_))).ok_or(
            if escalation.departed.email.is_unknown() {
                Refusal::DepartedUnknown
            } else {
                Refusal::DepartedNumber
            },
        )?;
        Ok(Self { contact: contact.id, whose })
    }

    pub fn contact(self) -> Uuid {
        self.contact
    }

    /// Who of the case's people was called.
    pub fn whose(self) -> Person {
        self.whose
    }

    pub(super) fn example() -> Self {
        Self { contact: Uuid::nil(), whose: Person::Contact(Uuid::nil()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::{
            escalation::{ContactRole, Departed, DepartedAddress, Hosting, Requester, Successor},
            text::Text,
        },
        lang::Language,
    };

    fn contact(number: u128, email: &str, phone: Option<&str>) -> RegisterContact {
        RegisterContact {
            id: Uuid::from_u128(number),
            ids: vec![Uuid::from_u128(number)],
            name: "Jonas Reuter".into(),
            email: email.into(),
            phones: phone.map(str::to_owned).into_iter().collect(),
            is_technical: false,
            is_billing: true,
            said_left: false,
        }
    }

    fn escalation() -> Escalation {
        let address = |text: &str| text.parse::<EmailAddress>().unwrap();
        Escalation {
            requester: Requester {
                name: "Miriam".into(),
                email: address("miriam.kessler@nordlicht.example"),
                phone: None,
                position: None,
            },
            departed: Departed {
                name: "Petra".into(),
                email: DepartedAddress::Stated(address("petra@nordlicht.example")),
                on: None,
                role: ContactRole::Both,
            },
            successor: Successor {
                name: "Tobias".into(),
                email: address("tobias+neu@nordlicht.example"),
                is_requester: false,
            },
            language: Language::De,
            company: "Nordlicht".into(),
            customer_number: None,
            hosting: Some(Hosting::Cloud),
            entitlements: Vec::new(),
            explanation: Text::parse("…").unwrap(),
        }
    }

    #[test]
    fn nobody_vouches_who_has_a_part_in_the_case_under_whatever_address() {
        let voucher =
            |contact: &RegisterContact| Voucher::of(contact, &escalation(), &SharedDomains::default());
        for involved in [
            "Miriam.Kessler@nordlicht.example",
            "miriamkessler+it@nordlicht.example",
            "petra@NORDLICHT.example",
            " tobias@nordlicht.example ",
            "",
            "x",
        ] {
            assert_eq!(voucher(&contact(1, involved, None)), Err(Refusal::NoVoucher), "{involved}");
        }
        let jonas = voucher(&contact(2, "jonas@mail.nordlicht.example", None)).unwrap();
        assert_eq!(jonas.contact(), Uuid::from_u128(2));
        assert_eq!(*jonas.home(), Home::Below("nordlicht.example".into()));
        assert_eq!(*voucher(&contact(3, "ida@gmx.de", None)).unwrap().home(), Home::Public);
    }

    #[test]
    fn a_call_counts_only_to_a_number_on_record_that_is_not_only_the_departed_contacts() {
        let contacts = [
            contact(1, "Petra+alt@nordlicht.example", Some("+49 30 1234 560")),
            contact(2, "miriam.kessler@nordlicht.example", Some("+49 30 1234 560")),
            contact(3, "jonas@nordlicht.example", Some("030 1234560")),
            contact(4, "ida@nordlicht.example", None),
        ];
        let find =
            |dialled: &str, contacts: &[RegisterContact]| Called::find(dialled, contacts, &escalation());
        let called = find("+49 30 1234-560", &contacts).unwrap();
        assert_eq!(called.whose(), Person::Contact(Uuid::from_u128(3)), "rather the one who does not ask");
        assert_eq!(called.contact(), Uuid::from_u128(3));
        assert_eq!(find("030 1234560", &contacts[..2]).unwrap().whose(), Person::Requester);
        assert_eq!(find("030 1234560", &contacts[..1]), Err(Refusal::DepartedNumber));
        // Whoever left and asks under a second address is still who left.
        let mut own = escalation();
        own.requester.email = "petra+x@nordlicht.example".parse().unwrap();
        assert_eq!(Called::find("030 1234560", &contacts[..1], &own), Err(Refusal::DepartedNumber));
        assert_eq!(find("+49 30 9999999", &contacts), Err(Refusal::NotOnRecord));
        assert_eq!(find("", &contacts), Err(Refusal::NotOnRecord));
    }

    /// Whoever still reads the departed contact's mailbox asks, and says that nobody knows that contact's address.
    #[test]
    fn while_nobody_knows_who_has_left_nobody_on_record_speaks_for_the_request() {
        let mut asked = escalation();
        asked.departed.email = DepartedAddress::Unknown;
        let phone = Some("+49 30 1234 560");
        let contacts =
            [contact(1, "petra@nordlicht.example", phone), contact(2, "jonas@nordlicht.example", phone)];
        for contact in &contacts {
            let voucher = Voucher::of(contact, &asked, &SharedDomains::default());
            assert_eq!(voucher, Err(Refusal::DepartedUnknown));
            assert_eq!(contact.person(&asked), Person::Departed);
        }
        assert_eq!(Called::find("030 1234560", &contacts, &asked), Err(Refusal::DepartedUnknown));
        // Who asks is still who asks, and speaks for nobody else.
        let own = contact(3, "miriam.kessler@nordlicht.example", Some("+49 30 99"));
        assert_eq!(own.person(&asked), Person::Requester);
        assert_eq!(Voucher::of(&own, &asked, &SharedDomains::default()), Err(Refusal::NoVoucher));
        asked.departed.email = DepartedAddress::FoundOut("petra@nordlicht.example".parse().unwrap());
        assert!(Voucher::of(&contacts[1], &asked, &SharedDomains::default()).is_ok());
        assert_eq!(Voucher::of(&contacts[0], &asked, &SharedDomains::default()), Err(Refusal::NoVoucher));
    }

    #[test]
    fn whom_an_earlier_case_says_to_have_left_is_not_asked() {
        let asked = escalation();
        let still_there = contact(1, "susanne@nordlicht.example", None);
        let left = RegisterContact { said_left: true, ..still_there.clone() };
        let shared = SharedDomains::default();
        assert!(Voucher::of(&still_there, &asked, &shared).is_ok());
        assert_eq!(Voucher::of(&left, &asked, &shared), Err(Refusal::NoVoucher));
        // Under any of their rows.
        let merged = RegisterContact::merge(vec![still_there, left]);
        assert_eq!(Voucher::of(&merged[0], &asked, &shared), Err(Refusal::NoVoucher));
    }

    #[test]
    fn one_person_with_two_rows_is_one() {
        let technical = RegisterContact {
            is_technical: true,
            is_billing: false,
            ..contact(1, "susanne+it@nordlicht.example", Some("+49 30 1234 560"))
        };
        let rows = vec![
            technical,
            contact(2, "jonas@nordlicht.example", None),
            contact(3, "Susanne@nordlicht.example", Some("+49 30 1234 561")),
        ];
        let people = RegisterContact::merge(rows);
        assert_eq!(people.iter().map(|person| person.id.as_u128()).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(people[0].ids, [1, 3].map(Uuid::from_u128));
        assert_eq!(people[0].phones.len(), 2);
        assert!(
            people[0].is_affected_by(ContactRole::Technical)
                && people[0].is_affected_by(ContactRole::Billing)
        );
        assert!(
            !people[1].is_affected_by(ContactRole::Technical) && people[1].is_affected_by(ContactRole::Both)
        );
    }
}
