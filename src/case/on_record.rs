//! Whether the contact who is said to have left is the one on record, in the role that is to change. Pure: reading the
//! register is for `verification`.
//!
//! The attacker this stops names a contact who will not object, or is easy to know, for a role that somebody else has: the
//! real contact would then never hear of it.

use super::{
    check::{Evidence, Verdict},
    escalation::{ContactRole, DepartedAddress, Escalation},
};

/// One contact of one entitlement, as the register has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The number or site under which the request names the entitlement.
    pub named: String,
    /// Tells entitlements apart: several products may be on one site.
    pub entitlement: uuid::Uuid,
    pub email: String,
    pub is_technical: bool,
    pub is_primary: bool,
}

/// What is known about one entitlement that was named, from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Finding {
    Unknown,
    OtherRole,
    NotPrimary,
    Fits,
}

/// The verdict on the departed contact for all entitlements that the request names. `role`: the one that is to change. Of an
/// address that nobody knows nothing can be said, whatever name goes with it: names are known to everybody.
pub fn compare(escalation: &Escalation, role: ContactRole, recorded: &[Recorded]) -> (Verdict, Evidence) {
    if escalation.departed.email.is_unknown() {
        return (Verdict::Inconclusive, Evidence::ContactAddressUnknown);
    }
    let rows = |named: &str| -> Vec<&Recorded> {
        recorded.iter().filter(|contact| contact.named == named).collect()
    };
    let worst = escalation
        .entitlements
        .iter()
        .map(|entitlement| finding(escalation, role, &rows(entitlement.value())))
        .min()
        .unwrap_or(Finding::Unknown);
    match worst {
        Finding::Unknown => (Verdict::Failed, Evidence::ContactNotOnRecord),
        Finding::OtherRole => (Verdict::Failed, Evidence::ContactInOtherRole),
        // Whoever is the primary contact is there and could make the change: for people to look at.
        Finding::NotPrimary => (Verdict::Inconclusive, Evidence::ContactNotPrimary),
        Finding::Fits => {
            // To the letter: a dot may make another person's mailbox. Nor is the departed contact under a second address meant.
            let is_requester = |contact: &&Recorded| {
                escalation.requester.email.same_mailbox(&contact.email)
                    && !escalation.departed.email.same_person(&contact.email)
            };
            let knows_requester = |named: &str| rows(named).into_iter().any(|contact| is_requester(&contact));
            let requester = escalation.entitlements.iter().all(|named| knows_requester(named.value()));
            (Verdict::Passed, Evidence::ContactOnRecord { requester })
        }
    }
}

/// Of the products on a site the one that fits best counts: the request can't say which it means.
fn finding(escalation: &Escalation, role: ContactRole, rows: &[&Recorded]) -> Finding {
    let departed = &escalation.departed.email;
    let own: Vec<&&Recorded> = rows.iter().filter(|contact| departed.same_mailbox(&contact.email)).collect();
    let has = |technical: bool| own.iter().any(|contact| contact.is_technical == technical);
    let in_role = match role {
        ContactRole::Technical => has(true),
        ContactRole::Billing => has(false),
        ContactRole::Both => has(true) && has(false),
    };
    if own.is_empty() {
        return Finding::Unknown;
    }
    if !in_role {
        return Finding::OtherRole;
    }
    // Many registers do not say who is the primary contact.
    let is_first = |contact: &Recorded| {
        let others = rows.iter().filter(|other| other.entitlement == contact.entitlement && other.is_primary);
        others.clone().count() == 0 || others.clone().any(|other| is_same(departed, other))
    };
    if own.iter().any(|contact| is_first(contact)) { Finding::Fits } else { Finding::NotPrimary }
}

fn is_same(departed: &DepartedAddress, contact: &Recorded) -> bool {
    departed.same_mailbox(&contact.email)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        case::{
            address::EmailAddress,
            entitlement::EntitlementNumber,
            escalation::{Departed, Hosting, Requester, Successor},
            text::Text,
        },
        lang::Language,
    };

    const PETRA: &str = "petra@nordlicht.example";
    const JONAS: &str = "jonas@nordlicht.example";

    /// The form's role is not looked at: staff may have set it right.
    fn escalation(departed: &str, named: &[&str]) -> Escalation {
        let address = |text: &str| text.parse::<EmailAddress>().unwrap();
        Escalation {
            language: Language::De,
            requester: Requester { name: "M".into(), email: address(JONAS), phone: None, position: None },
            company: "Nordlicht".into(),
            customer_number: None,
            hosting: Some(Hosting::Cloud),
            entitlements: named.iter().map(|named| EntitlementNumber::parse(named).unwrap()).collect(),
            departed: Departed {
                name: "P".into(),
                email: DepartedAddress::Stated(address(departed)),
                on: None,
                role: ContactRole::Both,
            },
            successor: Successor { name: "T".into(), email: address(JONAS), is_requester: true },
            explanation: Text::parse("…").unwrap(),
        }
    }

    fn row(named: &str, entitlement: u128, email: &str, is_technical: bool, is_primary: bool) -> Recorded {
        let entitlement = Uuid::from_u128(entitlement);
        Recorded { named: named.into(), entitlement, email: email.into(), is_technical, is_primary }
    }

    #[test]
    fn the_contact_is_the_one_on_record_in_the_role_that_is_to_change() {
        use ContactRole::{Billing, Both, Technical};
        let (one, two) = ("SEN-10000001", "SEN-10000002");
        let register = [
            row(one, 1, "Petra@nordlicht.example", true, true),
            row(one, 1, JONAS, false, false),
            row(two, 2, PETRA, true, false),
            row(two, 2, PETRA, false, false),
        ];
        let fits = |requester| (Verdict::Passed, Evidence::ContactOnRecord { requester });
        let other_role = (Verdict::Failed, Evidence::ContactInOtherRole);
        let unknown = (Verdict::Failed, Evidence::ContactNotOnRecord);
        for (departed, role, named, expected) in [
            (PETRA, Technical, vec![one], fits(true)),
            (PETRA, Technical, vec![one, two], fits(false)),
            (PETRA, Billing, vec![one], other_role.clone()),
            (PETRA, Both, vec![one], other_role.clone()),
            (PETRA, Both, vec![two], fits(false)),
            // The billing contact is named, the role asked for is the technical one.
            (JONAS, Technical, vec![one], other_role),
            (JONAS, Billing, vec![one], (Verdict::Inconclusive, Evidence::ContactNotPrimary)),
            (JONAS, Billing, vec![one, two], unknown.clone()),
            ("petra@nordlicht.test", Technical, vec![one], unknown.clone()),
            (PETRA, Technical, vec!["SEN-10000003"], unknown),
        ] {
            let found = compare(&escalation(departed, &named), role, &register);
            assert_eq!(found, expected, "{departed} {role:?} {named:?}");
        }
    }

    #[test]
    fn of_an_address_that_nobody_knows_nothing_is_said_whatever_the_name() {
        let one = "SEN-10000001";
        let mut asked = escalation(PETRA, &[one]);
        let register = [row(one, 1, PETRA, true, true)];
        asked.departed.email = DepartedAddress::Unknown;
        let unknown = (Verdict::Inconclusive, Evidence::ContactAddressUnknown);
        assert_eq!(compare(&asked, ContactRole::Technical, &register), unknown);
        asked.departed.email = DepartedAddress::FoundOut(PETRA.parse().unwrap());
        assert_eq!(compare(&asked, ContactRole::Technical, &register).0, Verdict::Passed);
        asked.departed.email = DepartedAddress::FoundOut("eve@nordlicht.example".parse().unwrap());
        assert_eq!(compare(&asked, ContactRole::Technical, &register).0, Verdict::Failed);
    }

    #[test]
    fn on_record_is_the_requesters_very_mailbox_and_not_a_second_one_of_the_departed() {
        let one = "SEN-10000001";
        let asked = |requester: &str, register: &[Recorded]| {
            let mut asked = escalation(PETRA, &[one]);
            asked.requester.email = requester.parse().unwrap();
            compare(&asked, ContactRole::Technical, register)
        };
        let register =
            [row(one, 1, PETRA, true, true), row(one, 1, "jo.nas@nordlicht.example", false, false)];
        let found = |requester| (Verdict::Passed, Evidence::ContactOnRecord { requester });
        assert_eq!(asked("jo.nas@nordlicht.example", &register), found(true));
        assert_eq!(asked(JONAS, &register), found(false));
        assert_eq!(asked("petra+x@nordlicht.example", &register), found(false));
        let second = row(one, 1, "petra+x@nordlicht.example", false, false);
        assert_eq!(asked("petra+x@nordlicht.example", &[register[0].clone(), second]), found(false));
    }

    #[test]
    fn one_product_of_a_site_is_enough_and_a_primary_contact_is_of_one_product() {
        let site = "nordlicht.atlassian.net";
        let register = [
            row(site, 1, PETRA, true, false),
            row(site, 1, JONAS, false, true),
            row(site, 2, PETRA, true, true),
        ];
        let asked = escalation(PETRA, &[site]);
        assert_eq!(compare(&asked, ContactRole::Technical, &register).0, Verdict::Passed);
        assert_eq!(compare(&asked, ContactRole::Technical, &register[..2]).0, Verdict::Inconclusive);
    }
}
