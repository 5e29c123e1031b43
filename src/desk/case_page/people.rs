//! What the customer entered.

use serde::Serialize;

use crate::{
    case::escalation::ContactRole,
    casework::Loaded,
    clock::{Day, Timestamp},
    lang::Language,
};

#[derive(Debug, Serialize)]
pub struct FactsView {
    requester_name: String,
    requester_email: String,
    requester_phone: Option<String>,
    requester_position: Option<String>,
    departed_name: String,
    /// Null where the customer does not know it.
    departed_email: Option<String>,
    /// What staff found out instead; null where they did not.
    departed_found: Option<String>,
    departed_on: Option<Day>,
    contact_role: ContactRole,
    successor_name: String,
    successor_email: String,
    successor_is_requester: bool,
    /// `unknown` where the customer does not know it.
    hosting: &'static str,
    customer_number: Option<String>,
    language: Language,
    explanation: String,
    opened_at: Timestamp,
}

pub fn view(loaded: &Loaded) -> FactsView {
    let escalation = &loaded.escalation;
    let found = escalation.departed.email.known().filter(|_| escalation.departed.email.stated().is_none());
    FactsView {
        requester_name: escalation.requester.name.clone(),
        requester_email: escalation.requester.email.to_string(),
        requester_phone: escalation.requester.phone.clone(),
        requester_position: escalation.requester.position.clone(),
        departed_name: escalation.departed.name.clone(),
        departed_email: escalation.departed.email.stated().map(ToString::to_string),
        departed_found: found.map(ToString::to_string),
        departed_on: escalation.departed.on,
        contact_role: escalation.departed.role,
        successor_name: escalation.successor.name.clone(),
        successor_email: escalation.successor.email.to_string(),
        successor_is_requester: escalation.successor.is_requester,
        hosting: escalation.hosting.map_or("unknown", Into::into),
        customer_number: escalation.customer_number.clone(),
        language: escalation.language,
        explanation: escalation.explanation.as_str().to_owned(),
        opened_at: loaded.opened_at,
    }
}
