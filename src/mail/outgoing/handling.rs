//! What staff do with e-mails of the outbox: hold back one that waits, settle one that did not arrive.
//!
//! Decides nothing: who calls has asked the rules. Sending the same bytes again is [`super::outbox::retry`]'s.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::clock::Timestamp;

/// Holds a customer's letter back that is queued and that no worker is handing over, and forgets its bytes; `why` stands
/// with it. `leases` as [`crate::clock::Clock::for_leases`] says. `false` where it is too late.
pub async fn cancel(
    connection: &mut PgConnection,
    email: Uuid,
    why: &str,
    now: Timestamp,
    leases: Option<Timestamp>,
) -> anyhow::Result<bool> {
    let cancelled = sqlx::query!(
        "with cancelled as (
             update emails set state = 'cancelled', settled_at = $2, noticed_at = $2, raw = null
             where id = $1 and audience = 'customer' and state = 'queued'
                 and (claimed_until is null or claimed_until <= coalesce($4, now()))
             returning id, attempts
         )
         insert into deliveries (email_id, attempt, at, outcome, response)
         select id, attempts, $2, 'cancelled', $3 from cancelled",
        email,
        now as Timestamp,
        why,
        leases as Option<Timestamp>,
    )
    .execute(connection)
    .await
    .context("could not hold an e-mail back")?;
    Ok(cancelled.rows_affected() == 1)
}

/// Notes that `staff` know what became of an e-mail; with `replacement`, that this one was written in its place. `false`
/// where it still waits, or was replaced before.
pub async fn settle(
    connection: &mut PgConnection,
    email: Uuid,
    replacement: Option<Uuid>,
    staff: Uuid,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let settled = sqlx::query!(
        "update emails set seen_at = coalesce(seen_at, $3), seen_by = coalesce(seen_by, $4), replaced_by = $2
         where id = $1 and state <> 'queued' and replaced_by is null",
        email,
        replacement,
        now as Timestamp,
        staff,
    )
    .execute(connection)
    .await
    .context("could not settle an e-mail")?;
    Ok(settled.rows_affected() == 1)
}
