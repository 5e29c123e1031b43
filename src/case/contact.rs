//! People whom the register names: who of them may vouch, and whose number was called.
//!
//! A [`Voucher`] and a [`Called`] come only from a contact of the register, never from the form. Looking them up is for
//! `casework`.

use uuid::Uuid;

use super::{address::EmailAddress, escalation::Escalation, refusal::Refusal};

/// A contact on record for an entitlement of the case, at the customer that all its entitlements belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterContact {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
}

/// A contact on record who has no part in the case yet, and so may vouch for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voucher {
    contact: Uuid,
}

impl Voucher {
    /// # Errors
    /// [`Refusal::NoVoucher`] for whoever is said to have left, asks, or is to follow: nobody vouches for themselves.
    pub fn of(contact: &RegisterContact, escalation: &Escalation) -> Result<Self, Refusal> {
        let involved = [&escalation.departed.email, &escalation.requester.email, &escalation.successor.email];
        let reachable = contact.email.trim().parse::<EmailAddress>().is_ok();
        if !reachable || involved.iter().any(|address| address.same_mailbox(&contact.email)) {
            return Err(Refusal::NoVoucher);
        }
        Ok(Self { contact: contact.id })
    }

    pub fn contact(self) -> Uuid {
        self.contact
    }

    /// Somebody, to ask the rules whether anybody could be asked at all.
    pub(super) fn example() -> Self {
        Self { contact: Uuid::nil() }
    }
}

/// A call to a number on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    contact: Uuid,
}

impl Called {
    /// Finds whose number was dialled. Of several with the same number it is the first that is not `departed`.
    ///
    /// # Errors
    /// [`Refusal::NotOnRecord`] when nobody on record has that number.
    pub fn find(
        dialled: &str,
        contacts: &[RegisterContact],
        departed: &EmailAddress,
    ) -> Result<Self, Refusal> {
        let has_number = |contact: &&RegisterContact| {
            contact.phone.as_deref().is_some_and(|phone| is_same_number(phone, dialled))
        };
        let (left, there): (Vec<_>, Vec<_>) =
            contacts.iter().filter(has_number).partition(|contact| departed.same_mailbox(&contact.email));
        let contact = there.first().or(left.first()).ok_or(Refusal::NotOnRecord)?;
        Ok(Self { contact: contact.id })
    }

    pub fn contact(self) -> Uuid {
        self.contact
    }

    pub(super) fn example() -> Self {
        Self { contact: Uuid::nil() }
    }
}

/// Fewer digits are no number that anybody could dial from outside.
const FEWEST_DIGITS: usize = 6;

/// Whether two ways of writing are one number: `+49 (0)30 123-45`, `0049 30 12345` and, within the country, `030 12345`.
fn is_same_number(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (Dialled::read(one), Dialled::read(other)) else { return false };
    match (&one, &other) {
        (Dialled::International(a), Dialled::International(b))
        | (Dialled::National(a), Dialled::National(b)) => a == b,
        (Dialled::International(whole), Dialled::National(part))
        | (Dialled::National(part), Dialled::International(whole)) => {
            // What stands before the national number is then the country's code (ITU-T E.164: one to three digits).
            whole.strip_suffix(part.as_str()).is_some_and(|code| (1..=3).contains(&code.len()))
        }
    }
}

/// The digits, without what leads to them.
#[derive(Debug, PartialEq, Eq)]
enum Dialled {
    /// With the country's code.
    International(String),
    /// Without the leading zero.
    National(String),
}

impl Dialled {
    /// `None` for what is no number.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().replace("(0)", "");
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let others = text.chars().filter(|c| !c.is_ascii_digit());
        let written_so = others.clone().all(|c| " +-–/().\u{a0}".contains(c));
        if !written_so || others.filter(|c| *c == '+').count() > 1 || digits.len() < FEWEST_DIGITS {
            return None;
        }
        Some(match (text.starts_with('+'), digits.strip_prefix("00"), digits.strip_prefix('0')) {
            (true, ..) => Self::International(digits),
            (false, Some(rest), _) => Self::International(rest.to_owned()),
            (false, None, Some(rest)) => Self::National(rest.to_owned()),
            (false, None, None) => Self::National(digits),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::{
            escalation::{ContactRole, Departed, Hosting, Requester, Successor},
            text::Text,
        },
        lang::Language,
    };

    fn contact(number: u128, email: &str, phone: Option<&str>) -> RegisterContact {
        RegisterContact {
            id: Uuid::from_u128(number),
            name: "Jonas Reuter".into(),
            email: email.into(),
            phone: phone.map(str::to_owned),
        }
    }

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        let number = "+49 30 23125 101";
        for same in
            ["+493023125101", "0049 30 / 23125-101", "+49 (0)30 23125 101", "030 23125101", "(030) 23125.101"]
        {
            assert!(is_same_number(number, same), "{same}");
        }
        for other in
            ["+49 30 23125 102", "030 23125", "23125 10", "", "+", "030 23125101x", "++493023125101", "101"]
        {
            assert!(!is_same_number(number, other), "{other}");
        }
        assert!(!is_same_number("+43 30 23125 101", "+49 30 23125 101"));
        assert!(!is_same_number("", ""));
    }

    #[test]
    fn nobody_vouches_who_has_a_part_in_the_case() {
        let address = |text: &str| text.parse::<EmailAddress>().unwrap();
        let escalation = Escalation {
            requester: Requester {
                name: "Miriam".into(),
                email: address("miriam@nordlicht.example"),
                phone: None,
                position: None,
            },
            departed: Departed {
                name: "Petra".into(),
                email: address("petra@nordlicht.example"),
                on: None,
                role: ContactRole::Both,
            },
            successor: Successor {
                name: "Tobias".into(),
                email: address("tobias@nordlicht.example"),
                is_requester: false,
            },
            language: Language::De,
            company: "Nordlicht".into(),
            customer_number: None,
            hosting: Hosting::Cloud,
            entitlements: Vec::new(),
            explanation: Text::parse("…").unwrap(),
        };
        for involved in
            ["Miriam@nordlicht.example", "petra@NORDLICHT.example", " tobias@nordlicht.example ", "", "x"]
        {
            let refused = Voucher::of(&contact(1, involved, None), &escalation);
            assert_eq!(refused, Err(Refusal::NoVoucher), "{involved}");
        }
        let voucher = Voucher::of(&contact(2, "jonas@nordlicht.example", None), &escalation).unwrap();
        assert_eq!(voucher.contact(), Uuid::from_u128(2));
    }

    #[test]
    fn a_call_counts_only_to_a_number_on_record() {
        let departed: EmailAddress = "petra@nordlicht.example".parse().unwrap();
        let contacts = [
            contact(1, "Petra@nordlicht.example", Some("+49 30 1234 560")),
            contact(2, "jonas@nordlicht.example", Some("030 1234560")),
            contact(3, "ida@nordlicht.example", None),
        ];
        let called = Called::find("+49 30 1234-560", &contacts, &departed).unwrap();
        assert_eq!(called.contact(), Uuid::from_u128(2), "rather the one who is there");
        assert_eq!(
            Called::find("030 1234560", &contacts[..1], &departed).unwrap().contact(),
            Uuid::from_u128(1)
        );
        assert_eq!(Called::find("+49 30 9999999", &contacts, &departed).unwrap_err(), Refusal::NotOnRecord);
        assert_eq!(Called::find("", &contacts, &departed).unwrap_err(), Refusal::NotOnRecord);
    }
}
