//! The facts of the letter as a table: what it says, what the register says, what the customer entered. And, before all else,
//! whom it makes the contact.

use serde::Serialize;

use crate::{
    case::{
        address::EmailAddress,
        contact::RegisterContact,
        escalation::{ContactRole, Escalation, Hosting},
        facts::{Fact, LetterFacts},
    },
    desk::{
        case_page::{RegisterView, Words},
        signals::to_unicode,
    },
};

/// Whom the case makes the contact, by the customer's own request.
#[derive(Debug, Serialize)]
pub struct NewContact {
    name: String,
    /// Before the `@`, and the domain, as its letters are seen and, where that differs, as the name servers know it.
    mailbox: String,
    domain: String,
    ascii: Option<String>,
}

pub fn new_contact(escalation: &Escalation) -> NewContact {
    let email = &escalation.successor.email;
    let (mailbox, domain) = email.as_str().rsplit_once('@').unwrap_or_default();
    let shown = to_unicode(domain);
    NewContact {
        name: escalation.successor.name.clone(),
        mailbox: mailbox.to_owned(),
        ascii: (shown != domain).then(|| domain.to_owned()),
        domain: shown,
    }
}

#[derive(Debug, Serialize)]
pub struct FactRow {
    /// `fact-…`.
    term: &'static str,
    letter: String,
    /// `None` where the register has no word on it.
    register: Option<String>,
    /// What the customer entered, where the letter says otherwise.
    form: Option<String>,
    /// The letter, or what it was made from, is not what the register says.
    differs: bool,
    /// Who set it right.
    corrected_by: Option<String>,
}

pub fn rows(
    (escalation, facts): (&Escalation, &LetterFacts),
    (register, contacts): (&RegisterView, &[RegisterContact]),
    words: &Words,
) -> Vec<FactRow> {
    let hosting = |hosting: &Hosting| words.text(&format!("hosting-{}", <&str>::from(*hosting)));
    let or_unknown = |hosting_known: Option<&Hosting>| {
        hosting_known.map_or_else(|| words.text("hosting-unknown"), hosting)
    };
    let role = |role| words.text(&format!("contact-role-{}", <&str>::from(role)));
    let record = facts.on_record.as_ref();
    let on_record = |email: &EmailAddress| {
        let found = contacts.iter().find(|contact| email.same_mailbox(&contact.email));
        record.map(|_| match found {
            Some(contact) => format!("{}, {}", contact.name, contact.email),
            None => words.text("desk-not-on-record"),
        })
    };
    let correctable = |fact: Fact, term, letter: String, register: Option<String>, form: String| FactRow {
        term,
        form: Some(form).filter(|form| *form != letter),
        letter,
        register,
        differs: facts.differs(fact),
        corrected_by: facts.correction(fact).map(|correction| words.name_of(correction.by)),
    };
    let plain = |term, letter: String, register: Option<String>| FactRow {
        term,
        letter,
        register,
        form: None,
        differs: false,
        corrected_by: None,
    };
    let (departed, successor) = (&escalation.departed, &escalation.successor);
    let role_on_record = record
        .and_then(|_| contacts.iter().find(|contact| departed.email.same_mailbox(&contact.email))?.role());
    let licences: Vec<&str> = escalation.entitlements.iter().map(|asked| asked.value()).collect();
    let found = register.licences();
    let renewal = facts.renews_on.map(|day| words.day(day));
    vec![
        plain("successor", format!("{}, {}", successor.name, successor.email), on_record(&successor.email)),
        correctable(
            Fact::Company,
            "company",
            facts.company.clone(),
            record.map(|record| record.company.clone()),
            escalation.company.clone(),
        ),
        FactRow {
            form: escalation
                .customer_number
                .clone()
                .filter(|form| facts.customer_number.as_ref() != Some(form)),
            ..plain(
                "customer_number",
                facts.customer_number.clone().unwrap_or_default(),
                record.map(|record| record.customer_number.clone()),
            )
        },
        correctable(
            Fact::Hosting,
            "hosting",
            or_unknown(facts.hosting.as_ref()),
            record.map(|record| record.hosting.iter().map(hosting).collect::<Vec<_>>().join(", ")),
            or_unknown(escalation.hosting.as_ref()),
        ),
        plain("licences", licences.join(", "), (!found.is_empty()).then(|| found.join(" · "))),
        plain("renewal", renewal.clone().unwrap_or_default(), renewal),
        correctable(
            Fact::DepartedName,
            "departed_name",
            facts.departed_name.clone(),
            record.and_then(|record| record.departed_name.clone()),
            departed.name.clone(),
        ),
        FactRow {
            corrected_by: facts
                .correction(Fact::DepartedEmail)
                .map(|correction| words.name_of(correction.by)),
            form: departed.email.stated().is_none().then(|| words.text("desk-address-unknown")),
            ..plain(
                "departed_email",
                facts.departed_email.clone().unwrap_or_default(),
                departed.email.known().and_then(on_record),
            )
        },
        FactRow {
            differs: role_on_record
                .is_some_and(|known| ![facts.departed_role, ContactRole::Both].contains(&known)),
            ..correctable(
                Fact::DepartedRole,
                "departed_role",
                role(facts.departed_role),
                role_on_record.map(role),
                role(departed.role),
            )
        },
        plain(
            "requester",
            format!("{}, {}", escalation.requester.name, escalation.requester.email),
            on_record(&escalation.requester.email),
        ),
    ]
}
