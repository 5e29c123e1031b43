//! Whether an import of the register brought somebody again who was erased: the customer's own system must forget them, too.
//!
//! Found by the salted hash that the request keeps, once for each import, and said on the page. Erases nothing by itself: what the
//! reseller's system says is on record may be on record for a reason.

use anyhow::Context as _;

use crate::{
    app::{App, Step},
    clock::Timestamp,
};

/// Looks through the register for whom one request was about, if an import came since the last look.
pub async fn step(app: &App) -> anyhow::Result<Step> {
    let looked = sqlx::query!(
        "with latest as (select max(id) as id from register_imports),
             next as (select r.id from erasure_requests r, latest
                 where r.state = 'done' and latest.id is not null and r.looked_at_import is distinct from latest.id
                 order by r.id limit 1 for update of r skip locked)
         update erasure_requests r set looked_at_import = (select id from latest),
             returned_at = case when exists (select from contacts k
                 where sha256(r.salt || convert_to(fold_mailbox(k.email), 'UTF8')) = r.address_hash) then $1::timestamptz end
         from next where r.id = next.id",
        app.clock.now() as Timestamp,
    )
    .execute(&app.pool)
    .await
    .context("could not look whether somebody came back")?;
    Ok(if looked.rows_affected() > 0 { Step::Did } else { Step::Idle })
}
