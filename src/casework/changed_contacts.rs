//! Who the contact is by now, once a case ends well: noted beside the register, for the pages of the desk and for whoever compares
//! the next import with it (`register`).
//!
//! A case that is taken up again has changed nothing until it ends so once more (`latest_contact_changes`).
//!
//! It gives nobody power. No check reads it: who got one case through would else be on record for the next one. It takes some
//! away: whoever a case says has left is not asked to vouch while the register still names them (`list_contacts`).

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{contacts::find_customer, load::Loaded};
use crate::{
    case::state::{Outcome, State},
    clock::Timestamp,
};

/// Notes the outcome of a case that has just come to it.
pub(super) async fn keep(
    connection: &mut PgConnection,
    loaded: &Loaded,
    before: &State,
    now: Timestamp,
) -> anyhow::Result<()> {
    let is_completed = |state: &State| matches!(state, State::Closed { outcome: Outcome::Completed });
    if !is_completed(&loaded.case.state) || is_completed(before) {
        return Ok(());
    }
    // Whose the entitlements are was checked, or the register names one customer alone.
    let Some(customer) = find_customer(connection, loaded).await? else { return Ok(()) };
    let escalation = &loaded.escalation;
    let asked: Vec<&str> = escalation.entitlements.iter().map(|asked| asked.value()).collect();
    let old = escalation.departed.email.known().map(|address| address.as_str().to_lowercase());
    let role: &str = loaded.asked_role.into();
    sqlx::query!(
        "insert into contact_changes (case_id, entitlement_id, role, old_email, new_name, new_email, at)
         select $1, id, $4, $5, $6, lower($7), $8 from entitlements
         where customer_id = $2 and (sen = any($3) or entitlement_number = any($3) or site = any($3))
         order by id",
        loaded.case.id,
        customer,
        asked as Vec<&str>,
        role,
        old,
        escalation.successor.name,
        escalation.successor.email.as_str(),
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not note who the contact is by now")?;
    Ok(())
}
