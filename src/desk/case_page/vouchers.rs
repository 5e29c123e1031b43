//! Whom on record the reader could ask to vouch.

use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    case::{action::ActionKind, actor::Actor, contact::Voucher},
    casework::{Loaded, list_contacts},
    clock::Timestamp,
};

#[derive(Debug, Serialize)]
pub struct VoucherView {
    id: Uuid,
    name: String,
    email: String,
}

/// Empty where the rules allow nobody to be asked now. One query.
pub async fn list(
    connection: &mut PgConnection,
    loaded: &Loaded,
    actor: Actor,
    now: Timestamp,
) -> anyhow::Result<Vec<VoucherView>> {
    if !loaded.case.offers_one(actor, ActionKind::RequestVouch, now) {
        return Ok(Vec::new());
    }
    let contacts = list_contacts(connection, loaded).await?;
    Ok(contacts
        .into_iter()
        .filter(|contact| Voucher::of(contact, &loaded.escalation, &loaded.case.rules.shared_domains).is_ok())
        .map(|contact| VoucherView { id: contact.id, name: contact.name, email: contact.email })
        .collect())
}
