//! What the templates of the letters know.

use serde::Serialize;

use crate::{
    case::{
        entitlement::EntitlementNumber,
        escalation::{Escalation, Hosting},
        link::Purpose,
        number::CaseNumber,
        state::Outcome,
    },
    casework::Casework,
    clock::Day,
    lang::Language,
};

/// Each notification uses its part; the rest is null.
#[derive(Clone, Debug, Serialize)]
pub(in crate::casework) struct LetterView {
    #[serde(skip)]
    pub(super) language: Language,
    pub(super) recipient_name: String,
    pub(super) number: String,
    company: String,
    reseller: String,
    link: String,
    desk_address: String,
    requester_name: String,
    requester_email: String,
    departed_name: String,
    successor_name: String,
    successor_email: String,
    /// Their numbers. The name of a site is chosen freely, and mail programs make a link of it.
    licences: Vec<String>,
    successor_is_requester: bool,
    /// As the customer said it; null where they do not know it.
    hosting: Option<Hosting>,
    pub(super) expires_on: Option<Day>,
    /// The number of a case that the reader has about the same already; the page behind the link leads there.
    existing: Option<String>,
    pub(super) window_ends_on: Option<Day>,
    pub(super) attempt: usize,
    /// It was sent before and not answered.
    pub(super) reminds: bool,
    /// What the link was for that came back to us.
    pub(super) replaces: Option<Purpose>,
    pub(super) text: String,
    pub(super) outcome: Option<Outcome>,
    /// A request of the case has reached Atlassian.
    pub(super) asked_atlassian: bool,
}

impl LetterView {
    pub(in crate::casework) fn expiring(self, on: Day) -> Self {
        Self { expires_on: Some(on), ..self }
    }

    pub(in crate::casework) fn naming(self, existing: Option<CaseNumber>) -> Self {
        Self { existing: existing.map(|number| number.to_string()), ..self }
    }

    /// Nothing that a stranger could have typed as they liked: a name or a company holds a message, or a link, as well as
    /// a name. What is left are our own words and what was parsed.
    pub(in crate::casework) fn without_typed(self) -> Self {
        let empty = String::new;
        Self {
            recipient_name: empty(),
            company: empty(),
            requester_name: empty(),
            departed_name: empty(),
            successor_name: empty(),
            text: empty(),
            ..self
        }
    }
}

impl Casework {
    pub(in crate::casework) fn letter_view(
        &self,
        number: &CaseNumber,
        escalation: &Escalation,
        path: &str,
    ) -> LetterView {
        let settings = &self.app.settings;
        LetterView {
            language: escalation.language,
            recipient_name: escalation.requester.name.clone(),
            number: number.to_string(),
            company: escalation.company.clone(),
            reseller: settings.reseller.name.clone(),
            link: self.app.link(path),
            desk_address: settings.mail.from_address.clone(),
            requester_name: escalation.requester.name.clone(),
            requester_email: escalation.requester.email.to_string(),
            departed_name: escalation.departed.name.clone(),
            successor_name: escalation.successor.name.clone(),
            successor_email: escalation.successor.email.to_string(),
            licences: list_licences(escalation),
            successor_is_requester: escalation.successor.is_requester,
            hosting: escalation.hosting,
            expires_on: None,
            existing: None,
            window_ends_on: None,
            attempt: 1,
            reminds: false,
            replaces: None,
            text: String::new(),
            outcome: None,
            asked_atlassian: false,
        }
    }
}

fn list_licences(escalation: &Escalation) -> Vec<String> {
    let numbered = |asked: &&EntitlementNumber| !matches!(asked, EntitlementNumber::Site(_));
    escalation.entitlements.iter().filter(numbered).map(ToString::to_string).collect()
}
