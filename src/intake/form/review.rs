//! What was understood of the answers, for the page that shows them before they are sent, and what about them is worth a second
//! look. Nothing here is refused: many a small company has no other address.
//!
//! Looks at the answers alone, never at what we know.

use std::{collections::HashSet, sync::LazyLock};

use serde::Serialize;

use super::step::Step;
use crate::{
    case::{address::EmailAddress, entitlement::EntitlementNumber, escalation::Escalation},
    lang::Language,
    public_mail::PublicMail,
    view::write_day_in_full,
};

static ROLE_ADDRESSES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("role_addresses.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// The answers of one page.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    pub step: &'static str,
    pub title: String,
    pub rows: Vec<Row>,
}

/// An answer as it was understood.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: &'static str,
    pub label: String,
    /// Empty where nothing was said.
    pub lines: Vec<String>,
    /// What to look at twice; may be empty.
    pub note: String,
}

/// Everything, page by page. `month_only`: of the day that the contact left only the month was said.
pub fn sections(escalation: &Escalation, month_only: bool, language: Language) -> Vec<Section> {
    let text = |key: &str| language.text(key);
    let row = |name, label, lines: Vec<String>| Row { name, label: text(label), lines, note: String::new() };
    let one = |name, label, value: &str| row(name, label, vec![value.to_owned()]);
    let maybe = |name, label, value: Option<&String>| row(name, label, value.cloned().into_iter().collect());
    let address = |name, label, value: &EmailAddress, is_customers: bool| Row {
        note: if is_customers { address_note(value, language) } else { String::new() },
        ..one(name, label, value.as_str())
    };
    let section = |step: Step, title: &str, rows| Section { step: step.into(), title: text(title), rows };
    let Escalation { requester, departed, successor, .. } = escalation;
    let hosting = match escalation.hosting {
        Some(hosting) => text(&format!("hosting-{}", <&str>::from(hosting))),
        None => text("intake-hosting-unknown"),
    };
    let left = match departed.email.stated() {
        Some(email) => address("departed_email", "intake-departed-email", email, false),
        None => one("departed_email", "intake-departed-email", &text("intake-departed-email-unknown")),
    };
    let role: &str = departed.role.into();
    let on = departed.on.map(|day| write_day_in_full(day, language));
    let note = if month_only { text("intake-review-month") } else { String::new() };
    let heir = if successor.is_requester {
        vec![one("successor_is_requester", "intake-review-successor", &text("intake-review-yourself"))]
    } else {
        vec![
            one("successor_name", "intake-successor-name", &successor.name),
            address("successor_email", "intake-successor-email", &successor.email, true),
        ]
    };
    let licences =
        escalation.entitlements.iter().map(|name| EntitlementNumber::value(name).to_owned()).collect();
    vec![
        section(
            Step::You,
            "intake-section-requester",
            vec![
                one("requester_name", "intake-requester-name", &requester.name),
                address("requester_email", "intake-requester-email", &requester.email, true),
                maybe("requester_position", "intake-requester-position", requester.position.as_ref()),
                maybe("requester_phone", "intake-requester-phone", requester.phone.as_ref()),
            ],
        ),
        section(
            Step::Company,
            "intake-section-company",
            vec![
                one("company", "intake-company", &escalation.company),
                maybe("customer_number", "intake-customer-number", escalation.customer_number.as_ref()),
                one("hosting", "intake-hosting", &hosting),
                row("entitlements", "intake-entitlements", licences),
            ],
        ),
        section(
            Step::Departed,
            "intake-section-departed",
            vec![
                one("departed_name", "intake-departed-name", &departed.name),
                left,
                Row { note, ..maybe("departed_on", "intake-departed-on", on.as_ref()) },
                one("contact_role", "intake-contact-role", &text(&format!("intake-contact-role-{role}"))),
            ],
        ),
        section(Step::Successor, "intake-section-successor", heir),
        section(
            Step::Explanation,
            "intake-section-explanation",
            vec![
                one("explanation", "intake-explanation", escalation.explanation.as_str()),
                one("authority", "intake-review-authority", &text("intake-review-confirmed")),
                one("privacy", "intake-review-privacy", &text("intake-review-confirmed")),
            ],
        ),
    ]
}

/// What an address means for the checks, where it is a public provider's or rarely one person's.
fn address_note(address: &EmailAddress, language: Language) -> String {
    let domain = address.domain();
    let key = match PublicMail::of(domain) {
        Some(PublicMail::Free) => "intake-review-free-mail",
        Some(PublicMail::Disposable) => "intake-review-disposable",
        None if is_role_address(address) => "intake-review-role-address",
        None => return String::new(),
    };
    language.text_with(key, &[("domain".into(), domain.to_owned().into())].into())
}

fn is_role_address(address: &EmailAddress) -> bool {
    let local = address.as_str().split('@').next().unwrap_or_default().to_lowercase();
    let local = local.split('+').next().unwrap_or_default();
    ROLE_ADDRESSES.contains(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_say_little_are_noticed() {
        for (address, expected) in [
            ("jana@nordlicht.example", ""),
            ("jana.info@nordlicht.example", ""),
            ("info@nordlicht.example", "intake-review-role-address"),
            ("IT-Support+x@nordlicht.example", "intake-review-role-address"),
            ("jana@gmx.de", "intake-review-free-mail"),
            ("info@gmail.com", "intake-review-free-mail"),
            ("jana@mailinator.com", "intake-review-disposable"),
        ] {
            let parsed: EmailAddress = address.parse().unwrap();
            for language in Language::ALL {
                let domain = [("domain".into(), parsed.domain().to_owned().into())].into();
                let sentence =
                    if expected.is_empty() { String::new() } else { language.text_with(expected, &domain) };
                assert_eq!(address_note(&parsed, language), sentence, "{address}");
                assert!(!sentence.starts_with("intake-"), "{sentence}");
            }
        }
    }
}
