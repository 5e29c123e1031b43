//! What an import says to what cases changed: whether it shows the new contact as the primary one.
//!
//! Only of entitlements whose contacts the file speaks of. A file may be older than the change, so what contradicts it is shown to
//! staff and decides nothing; what confirms it settles it for good.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{layout::Layout, mapping::Field, state::State};
use crate::clock::Timestamp;

pub async fn keep(
    connection: &mut PgConnection,
    layout: &Layout,
    state: &State,
    now: Timestamp,
) -> anyhow::Result<()> {
    if ![Field::TechnicalEmail, Field::BillingEmail].into_iter().any(|field| layout.has(field)) {
        return Ok(());
    }
    let spoken = state.entitlements.iter().filter(|entitlement| entitlement.line.is_some());
    let ids: Vec<Uuid> = spoken.map(|entitlement| entitlement.id).collect();
    sqlx::query!(
        "insert into contact_change_verdicts (change_id, verdict, at)
         select c.id, case when exists (select from contacts k where k.entitlement_id = c.entitlement_id
                 and c.role in (k.role, 'both') and lower(trim(k.email)) = c.new_email
                 -- The primary one, where the file says of any who that is.
                 and (k.is_primary or not exists (select from contacts p where p.entitlement_id = c.entitlement_id
                     and c.role in (p.role, 'both') and p.is_primary)))
             then 'confirmed' else 'contradicted' end, $2
         from latest_contact_changes c
         where c.entitlement_id = any($1) and c.verdict is distinct from 'confirmed'
         on conflict (change_id) do update set verdict = excluded.verdict, at = excluded.at",
        &ids,
        now as Timestamp,
    )
    .execute(connection)
    .await
    .context("could not compare the import with what cases changed")?;
    Ok(())
}
