//! What the requester can set right, or tell us by themselves, on the page of their case now.

use serde::Serialize;

use crate::{
    case::{correspondence::Topic, escalation::Addressed},
    casework::Loaded,
    clock::Timestamp,
};

/// One address that can be set right, for `intake/corrections.html`.
#[derive(Clone, Debug, Serialize)]
pub struct CorrectionView {
    /// successor | departed
    whose: Addressed,
    /// The name of its field.
    field: &'static str,
    name: String,
    /// Empty where the customer did not know it.
    address: String,
}

impl CorrectionView {
    pub fn list(loaded: &Loaded, now: Timestamp) -> Vec<Self> {
        let escalation = &loaded.escalation;
        [(Addressed::Successor, &escalation.successor.name), (Addressed::Departed, &escalation.departed.name)]
            .into_iter()
            .filter(|(whose, _)| loaded.case.offers_correction(*whose, now))
            .map(|(whose, name)| Self {
                whose,
                field: field(whose),
                name: name.clone(),
                address: escalation.address_of(whose).map(ToString::to_string).unwrap_or_default(),
            })
            .collect()
    }
}

/// The name of the field for it.
pub fn field(whose: Addressed) -> &'static str {
    match whose {
        Addressed::Successor => "successor_email",
        Addressed::Departed => "departed_email",
    }
}

/// What can be told now, for `intake/claims.html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimsView {
    pub atlassian_answered: bool,
    pub voucher: bool,
}

impl ClaimsView {
    pub fn of(loaded: &Loaded, now: Timestamp) -> Self {
        let hears_of = |topic| loaded.case.hears_of(topic, now);
        Self { atlassian_answered: hears_of(Topic::AtlassianAnswered), voucher: hears_of(Topic::Voucher) }
    }
}
