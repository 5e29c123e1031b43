//! Do the domains of a request take mail at all? Asked in the background, kept by domain, shown to staff beside the
//! checks; no verdict rests on it.
//!
//! A name server that can't say is asked again with a growing wait, and then left alone: the answer stays "unknown".

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};

use crate::{
    app::Step,
    case::escalation::Escalation,
    casework::Casework,
    clock::{Clock, Timestamp},
    dns::{self, MailServers},
};

/// An answer that is older is asked for anew with the next case.
const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);
/// While one worker asks, no other does.
const LEASE: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);
/// Wait before the second try; each later one doubles.
const FIRST_RETRY: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);
const MOST_ATTEMPTS: i32 = 6;

/// Makes the domains of a request due to be asked, unless that was done lately.
pub(super) async fn remember(
    casework: &Casework,
    escalation: &Escalation,
    now: Timestamp,
) -> anyhow::Result<()> {
    if !casework.app.settings.dns.ask_for_mail_servers {
        return Ok(());
    }
    let people = [
        Some(&escalation.requester.email),
        Some(&escalation.successor.email),
        escalation.departed.email.known(),
    ];
    let domains: Vec<String> = people.iter().flatten().map(|address| address.domain().to_owned()).collect();
    sqlx::query!(
        "insert into mail_servers as m (domain, due_at) select distinct domain, $2::timestamptz from unnest($1::text[]) domain
         on conflict (domain) do update set due_at = excluded.due_at, attempts = 0 where m.asked_at < $3",
        &domains,
        now as Timestamp,
        now.after(-KEPT) as Timestamp,
    )
    .execute(&casework.app.pool)
    .await
    .context("could not remember whose mail servers to ask for")?;
    Ok(())
}

/// Asks about the next domain that is due.
pub async fn step(casework: &Casework) -> anyhow::Result<Step> {
    let (pool, now) = (&casework.app.pool, casework.app.clock.now());
    let Some((domain, attempts)) = claim(pool, &casework.app.clock).await? else { return Ok(Step::Idle) };
    let answer = dns::find_mail_servers(&casework.app.settings.dns, &domain).await;
    let again_at =
        (answer == MailServers::Unknown && attempts < MOST_ATTEMPTS).then(|| retry_at(attempts, now));
    sqlx::query!(
        "update mail_servers set answer = $2, asked_at = $3, due_at = $4, claimed_until = null where domain = $1",
        domain,
        answer.as_str(),
        now as Timestamp,
        again_at as Option<Timestamp>,
    )
    .execute(pool)
    .await
    .context("could not keep what a name server said")?;
    Ok(Step::Did)
}

/// The domain, and how often it was asked about, this time included. The lease is measured by the clock of the database.
async fn claim(pool: &PgPool, clock: &Clock) -> anyhow::Result<Option<(String, i32)>> {
    let row = sqlx::query!(
        "update mail_servers set attempts = attempts + 1,
             claimed_until = coalesce($2, now()) + make_interval(secs => $3) where domain = (
             select domain from mail_servers
             where due_at <= $1 and (claimed_until is null or claimed_until <= coalesce($2, now()))
             order by due_at, domain limit 1 for update skip locked)
         returning domain, attempts",
        clock.now() as Timestamp,
        clock.for_leases() as Option<Timestamp>,
        LEASE.as_secs_f64(),
    )
    .fetch_optional(pool)
    .await
    .context("could not look for domains to ask about")?;
    Ok(row.map(|row| (row.domain, row.attempts)))
}

fn retry_at(attempts: i32, now: Timestamp) -> Timestamp {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    now.after(FIRST_RETRY.saturating_mul(2_i32.saturating_pow(doublings)))
}

/// Forgets what was said of domains before then, at most so many of them.
pub async fn forget(connection: &mut PgConnection, before: Timestamp, most: i64) -> anyhow::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from mail_servers where domain in
             (select domain from mail_servers where asked_at < $1 and due_at is null order by asked_at limit $2)",
        before as Timestamp,
        most,
    )
    .execute(connection)
    .await
    .context("could not forget what name servers said")?;
    Ok(forgotten.rows_affected())
}
