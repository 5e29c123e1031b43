//! The escalation form: strings in, an [`Escalation`] out, or everything that is wrong with it at once.
//!
//! Looks at nothing but the form itself. Whether a company or licence is known is not asked here, so neither answer
//! nor timing can tell.

pub mod answers;
mod day;
mod entitlements;
mod paste;
pub mod review;
pub mod step;

use uuid::Uuid;

use self::answers::Answers;
use super::field_errors::{FieldErrors, Sentence};
use crate::{
    case::{
        address::EmailAddress,
        escalation::{Departed, DepartedAddress, Escalation, Hosting, Requester, Successor},
        prepared::is_below,
    },
    clock::Day,
    lang::Language,
    view::write_day,
    web::Fields,
};

/// The answer "I don't know".
const UNKNOWN: &str = "unknown";

/// A form that was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The form's own key: sent twice, it opens one case.
    pub request_id: Uuid,
    pub escalation: Escalation,
}

/// What the answers are measured against.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// Nobody left after it.
    pub today: Day,
    /// The language the customer is written to, unless the form names one.
    pub language: Language,
    /// Domains that no customer writes from: Atlassian's and our own.
    pub foreign_domains: Vec<String>,
}

/// Fields of tick boxes: what is not sent is not ticked.
pub const TICK_BOXES: [&str; 4] =
    ["departed_email_unknown", "successor_is_requester", "authority", "privacy"];

/// Licences one case may be about.
pub use entitlements::MOST as MOST_LICENCES;

/// Makes what was pasted into what was meant, where that is certain.
pub fn mend(typed: &mut Fields) {
    paste::mend(typed);
    if let Some(tidy) = entitlements::tidy(typed.get("entitlements")) {
        typed.set("entitlements", &tidy);
    }
}

/// Notes a day for a month that was named alone, and answers whether it did. Whoever calls it shows the day before it is sent.
pub fn settle_month(typed: &mut Fields, conditions: &Conditions) -> bool {
    match day::read(typed.get("departed_on"), conditions.today) {
        Ok(named) if named.is_month => {
            typed.set("departed_on", &write_day(named.day, conditions.language));
            true
        }
        _ => false,
    }
}

/// Reads the whole form.
///
/// # Errors
/// All mistakes, in the order of the form. A month alone is one, with a proposal: nobody has seen yet which day would be noted.
pub fn parse(typed: &Fields, conditions: &Conditions) -> Result<Submission, FieldErrors> {
    let mut form = Form { answers: Answers::new(typed), conditions };
    let submission = form.submission();
    let errors = form.answers.errors;
    submission.filter(|_| errors.is_empty()).ok_or(errors)
}

/// The escalation with the address that was typed, as if that had stood in the form.
///
/// # Errors
/// What is wrong with it.
pub fn mend_address(
    typed: &Fields,
    conditions: &Conditions,
    escalation: &Escalation,
) -> Result<Escalation, FieldErrors> {
    let mut form = Form { answers: Answers::new(typed), conditions };
    let mended = form.mended(escalation);
    let errors = form.answers.errors;
    mended.filter(|_| errors.is_empty()).ok_or(errors)
}

struct Form<'a> {
    answers: Answers<'a>,
    conditions: &'a Conditions,
}

impl Form<'_> {
    /// Every part is read before any is missed, so that all mistakes are noted.
    fn submission(&mut self) -> Option<Submission> {
        let requester = self.requester();
        let company = self.answers.line("company", "intake-error-company");
        let customer_number = self.answers.optional_line("customer_number");
        let hosting = self.hosting();
        let typed = self.answers.typed;
        let entitlements = entitlements::read(typed.get("entitlements"), &mut self.answers.errors);
        let departed = self.departed(requester.as_ref());
        let successor = self.successor(requester.as_ref(), departed.as_ref());
        let explanation = self.answers.text("explanation", "intake-error-explanation");
        let authority = self.answers.consent("authority", "intake-error-authority");
        let privacy = self.answers.consent("privacy", "intake-error-privacy");
        let request_id = self.request_id();
        authority?;
        privacy?;
        Some(Submission {
            request_id: request_id?,
            escalation: Escalation {
                language: Language::parse(typed.get("language")).unwrap_or(self.conditions.language),
                requester: requester?,
                company: company?,
                customer_number: customer_number?,
                hosting: hosting?,
                entitlements: entitlements?,
                departed: departed?,
                successor: successor?,
                explanation: explanation?,
            },
        })
    }

    fn mended(&mut self, escalation: &Escalation) -> Option<Escalation> {
        let email = self.customer_email("requester_email", "intake-error-requester-email")?;
        let mut mended = escalation.clone();
        mended.requester.email = email.clone();
        // Before anybody found anything out: what is known is what was stated.
        if escalation.departed.email.stated().is_some_and(|stated| stated.shares_mailbox(&email)) {
            self.wrong("requester_email", "intake-error-address-departed");
        }
        let successor = &mut mended.successor;
        let is_same =
            successor.name == escalation.requester.name && successor.email.same_mailbox(email.as_str());
        if successor.is_requester || is_same {
            (successor.email, successor.is_requester) = (email, true);
        } else if successor.email.shares_mailbox(&email) {
            self.wrong("requester_email", "intake-error-address-successor");
        }
        Some(mended)
    }

    fn requester(&mut self) -> Option<Requester> {
        let name = self.answers.line("requester_name", "intake-error-requester-name");
        let email = self.customer_email("requester_email", "intake-error-requester-email");
        let position = self.answers.optional_line("requester_position");
        let phone = self.answers.optional_line("requester_phone");
        Some(Requester { name: name?, email: email?, phone: phone?, position: position? })
    }

    /// `Some(None)`: they do not know.
    fn hosting(&mut self) -> Option<Option<Hosting>> {
        if self.answers.typed.get("hosting") == UNKNOWN {
            return Some(None);
        }
        self.answers.choice("hosting", "intake-error-hosting").map(Some)
    }

    /// An address, or that nobody knows it; never both, and never neither.
    fn departed_email(&mut self) -> Option<DepartedAddress> {
        let field = "departed_email";
        if !self.answers.typed.is_ticked("departed_email_unknown") {
            return self.answers.email(field, "intake-error-departed-email").map(DepartedAddress::Stated);
        }
        if !self.answers.typed.get(field).is_empty() {
            self.wrong(field, "intake-error-departed-email-both");
            return None;
        }
        Some(DepartedAddress::Unknown)
    }

    fn departed(&mut self, requester: Option<&Requester>) -> Option<Departed> {
        let name = self.answers.line("departed_name", "intake-error-departed-name");
        let email = self.departed_email();
        let is_requester =
            |email: &EmailAddress| requester.is_some_and(|requester| requester.email.shares_mailbox(email));
        if email.as_ref().and_then(DepartedAddress::stated).is_some_and(is_requester) {
            self.wrong("departed_email", "intake-error-departed-is-requester");
        }
        let on = self.departed_on();
        let role = self.answers.choice("contact_role", "intake-error-contact-role");
        Some(Departed { name: name?, email: email?, on: on?, role: role? })
    }

    fn departed_on(&mut self) -> Option<Option<Day>> {
        let typed = self.answers.typed.get("departed_on");
        if typed.is_empty() {
            return Some(None);
        }
        let named = day::read(typed, self.conditions.today);
        let named = named.map_err(|message| self.answers.errors.push("departed_on", message)).ok()?;
        if named.is_month {
            let day = write_day(named.day, self.conditions.language);
            let sentence = Sentence::new("intake-propose-day").with("day", day.clone());
            self.answers.errors.push("departed_on", sentence);
            self.answers.errors.propose("departed_on", day);
            return None;
        }
        Some(Some(named.day))
    }

    fn successor(&mut self, requester: Option<&Requester>, departed: Option<&Departed>) -> Option<Successor> {
        if self.answers.typed.is_ticked("successor_is_requester") {
            let requester = requester?;
            let (name, email) = (requester.name.clone(), requester.email.clone());
            return Some(Successor { name, email, is_requester: true });
        }
        let name = self.answers.line("successor_name", "intake-error-successor-name");
        let email = self.customer_email("successor_email", "intake-error-successor-email");
        let (name, email) = (name?, email?);
        let stated = departed.and_then(|departed| departed.email.stated());
        if stated.is_some_and(|stated| stated.shares_mailbox(&email)) {
            self.wrong("successor_email", "intake-error-successor-is-departed");
        }
        // One mailbox for two people would let one of them agree for both.
        let is_requester = requester.is_some_and(|requester| requester.email.same_mailbox(email.as_str()));
        let shares = requester.is_some_and(|requester| requester.email.shares_mailbox(&email));
        // Nor is one address confirmed by another, even where both end in one mailbox.
        if shares && (!is_requester || requester.is_some_and(|requester| requester.name != name)) {
            self.wrong("successor_email", "intake-error-successor-shares-mailbox");
        }
        Some(Successor { name, email, is_requester })
    }

    /// The address of somebody on the customer's side.
    fn customer_email(&mut self, field: &'static str, missing: &'static str) -> Option<EmailAddress> {
        let email = self.answers.email(field, missing)?;
        let foreign = |domain: &String| is_below(email.domain(), domain);
        if self.conditions.foreign_domains.iter().any(foreign) {
            self.wrong(field, "intake-error-email-foreign");
        }
        Some(email)
    }

    /// Without one it is made here: then nothing protects from a double submission. The nil UUID would be everybody's.
    fn request_id(&mut self) -> Option<Uuid> {
        let id = match self.answers.typed.get("request_id") {
            "" => Some(Uuid::new_v4()),
            typed => typed.parse().ok().filter(|id: &Uuid| !id.is_nil()),
        };
        if id.is_none() {
            self.wrong("request_id", "intake-error-request-id");
        }
        id
    }

    fn wrong(&mut self, field: &'static str, key: &'static str) {
        self.answers.errors.push(field, Sentence::new(key));
    }
}

#[cfg(test)]
mod tests;
