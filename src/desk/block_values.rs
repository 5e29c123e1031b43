//! The values of one case that a text block can be filled with.
//!
//! For the customer's side they are the customer's own words, never the register's: an answer that names what only the register
//! knows would tell a stranger that it is there. For Atlassian and for colleagues they are the facts of the letter.

use crate::{
    administration::variables::{Kind, Values, Variable},
    case::{entitlement::EntitlementNumber, facts::LetterFacts},
    casework::{Casework, Loaded},
    clock::Timestamp,
    lang::Language,
    view::{write_day, write_day_in_full},
};

/// The values of a case for a block of this kind, in the language of its reader.
pub fn of_case(
    casework: &Casework,
    kind: Kind,
    (loaded, facts): (&Loaded, &LetterFacts),
    staff_name: &str,
    language: Language,
    now: Timestamp,
) -> Values {
    let app = &casework.app;
    let escalation = &loaded.escalation;
    let to_customer = matches!(kind, Kind::Question | Kind::Rejection);
    let (company, departed) = if to_customer {
        (&escalation.company, &escalation.departed.name)
    } else {
        (&facts.company, &facts.departed_name)
    };
    let mut values = Values::default();
    values.set(Variable::RequesterName, &escalation.requester.name);
    values.set(Variable::CaseNumber, &loaded.case.number.to_string());
    values.set(Variable::Company, company);
    values.set(Variable::DepartedName, departed);
    values.set(Variable::SuccessorName, &escalation.successor.name);
    values.set(Variable::Licence, &licences(&escalation.entitlements, to_customer));
    let rules = &casework.rules;
    let deadline = rules.calendar.add_days(now, rules.deadlines.their_business_days);
    values.set(Variable::Deadline, &write_day_in_full(deadline.day_in(&app.zone), language));
    if let Some(ticket) = &loaded.ticket {
        values.set(Variable::Ticket, ticket.as_str());
    }
    if let Some(at) = loaded.case.delivered_at {
        values.set(Variable::RequestedOn, &write_day(at.day_in(&app.zone), language));
    }
    values.set(Variable::StaffName, staff_name);
    let reseller = if to_customer { &app.brand.site.name } else { &app.settings.atlassian.partner_name };
    values.set(Variable::Reseller, reseller);
    values.set(Variable::DeskAddress, &app.settings.mail.from_address);
    values
}

/// Without sites in what goes to a customer: the name of a site is chosen freely, and mail programs make a link of it.
fn licences(entitlements: &[EntitlementNumber], to_customer: bool) -> String {
    let told = |asked: &&EntitlementNumber| !to_customer || !matches!(asked, EntitlementNumber::Site(_));
    entitlements.iter().filter(told).map(EntitlementNumber::value).collect::<Vec<_>>().join(", ")
}

/// Values of an invented case.
pub fn sample(kind: Kind, language: Language) -> Values {
    let mut values = Values::default();
    for variable in kind.variables() {
        values.set(*variable, &language.text(&format!("block-sample-{}", variable.as_str())));
    }
    values
}
