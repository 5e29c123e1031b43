//! Takes somebody out of the register whom two administrators had erased. Under an open case they stay: its checks rest on them.
//!
//! Nothing keeps the next import from bringing them again; the page of requests says so when one does.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::clock::Timestamp;

/// Removes these contacts where no open case is about their entitlement. How many.
pub async fn erase(connection: &mut PgConnection, contacts: &[Uuid], now: Timestamp) -> anyhow::Result<u64> {
    let gone = sqlx::query_scalar!(
        r#"with gone as (delete from contacts k using entitlements e where k.id = any($1) and e.id = k.entitlement_id
                 and not exists (select from case_entitlements a join cases c on c.id = a.case_id
                     where a.value in (e.sen, e.entitlement_number, e.site) and c.state <> 'closed')
             returning k.entitlement_id),
           noted as (update entitlements set contacts_changed_at = $2 where id in (select entitlement_id from gone))
         select count(*) as "count!" from gone"#,
        contacts,
        now as Timestamp,
    )
    .fetch_one(connection)
    .await
    .context("could not take somebody out of the register")?;
    Ok(u64::try_from(gone).unwrap_or_default())
}
