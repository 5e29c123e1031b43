//! Whom on record the reader could ask to vouch.

use serde::Serialize;
use uuid::Uuid;

use crate::{
    case::{
        action::ActionKind,
        actor::Actor,
        contact::{RegisterContact, Voucher},
    },
    casework::Loaded,
    clock::Timestamp,
};

#[derive(Debug, Serialize)]
pub struct VoucherView {
    id: Uuid,
    name: String,
    email: String,
}

/// Empty where the rules allow nobody to be asked now.
pub fn list(loaded: &Loaded, contacts: &[RegisterContact], actor: Actor, now: Timestamp) -> Vec<VoucherView> {
    if !loaded.case.offers_one(actor, ActionKind::RequestVouch, now) {
        return Vec::new();
    }
    let shared = &loaded.case.rules.shared_domains;
    contacts
        .iter()
        .filter(|contact| Voucher::of(contact, &loaded.escalation, shared).is_ok())
        .map(|contact| VoucherView {
            id: contact.id,
            name: contact.name.clone(),
            email: contact.email.clone(),
        })
        .collect()
}
