//! Leases of e-mails: claimed by a worker for as long as it hands them over, and given back where it could not.
//!
//! Sends nothing and settles nothing ([`super::deliver`], [`super::settle`]).

use anyhow::Context as _;
use sqlx::PgPool;
use uuid::Uuid;

use super::receipt::ClaimedEmail;
use crate::{
    clock::{Clock, Timestamp},
    config,
};

/// Leases due e-mails that no other worker holds, of each case the first alone, and none while another one of the case is on
/// its way. One statement, so one short transaction. The lease is measured by the clock of the database: a worker whose own is
/// ahead does not take what another one is handing over.
///
/// One plan holds for all and is kept: it knows that there are few, 64 at most at a time, and no value.
///
/// Nobody waits until a claim is on the disk, unless there is one for Atlassian: a claim that is lost with the database is a lease that
/// has run out, and what is settled afterwards is written behind it.
pub async fn claim(
    pool: &PgPool,
    clock: &Clock,
    settings: &config::Mail,
    most: usize,
) -> anyhow::Result<Vec<ClaimedEmail>> {
    sqlx::query_as!(
        ClaimedEmail,
        r#"with claimed as (
             update emails set claimed_until = coalesce($2, now()) + make_interval(secs => $3), attempts = attempts + 1
             where id = any(array(select due.id from (select e.id from emails e
                 where e.state = 'queued' and e.next_attempt_at <= (select $1::timestamptz)
                     and (e.claimed_until is null or e.claimed_until <= coalesce((select $2::timestamptz), now()))
                     and not exists (select from emails o where o.correlation_id = e.correlation_id and o.state = 'queued'
                         and o.id <> e.id and (o.claimed_until > coalesce((select $2::timestamptz), now())
                             or (o.next_attempt_at, o.id) < (e.next_attempt_at, e.id)))
                 order by e.next_attempt_at, e.id limit 64 for update of e skip locked) due limit (select $4::bigint)))
             returning id, attempts, claimed_until, created_at, not_after, envelope_from, envelope_to, raw, traceparent, audience),
         quick as materialized (
             select set_config('synchronous_commit', 'off', true) from claimed having bool_and(audience <> 'atlassian'))
         select id as "id!", attempts as "attempt!", claimed_until as "claimed_until!", created_at as "created_at!", not_after,
             envelope_from as "envelope_from!", envelope_to as "envelope_to!", raw as "raw!", traceparent
         from claimed left join quick on true"#,
        clock.now() as Timestamp,
        clock.for_leases() as Option<Timestamp>,
        f64::from(settings.lease_seconds),
        i64::try_from(most).unwrap_or(i64::MAX),
    )
    .fetch_all(pool)
    .await
    .context("could not claim an e-mail")
}

/// The next worker takes them at once; the try counts as none. Should the mail server have taken an e-mail already, it gets the
/// same bytes once more, under the same Message-ID.
pub async fn give_back(pool: &PgPool, emails: &[ClaimedEmail]) -> anyhow::Result<()> {
    let ids: Vec<Uuid> = emails.iter().map(|email| email.id).collect();
    let attempts: Vec<i32> = emails.iter().map(|email| email.attempt).collect();
    let claims: Vec<Timestamp> = emails.iter().map(|email| email.claimed_until).collect();
    sqlx::query!(
        "update emails e set claimed_until = null, attempts = e.attempts - 1
         from unnest($1::uuid[], $2::integer[], $3::timestamptz[]) as c (id, attempt, claim)
         where e.id = c.id and e.attempts = c.attempt and e.claimed_until = c.claim",
        &ids,
        &attempts,
        &claims as &[Timestamp],
    )
    .execute(pool)
    .await
    .context("could not give an e-mail back")?;
    tracing::info!(emails = ids.len(), "given back, not tried");
    Ok(())
}
