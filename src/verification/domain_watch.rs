//! What becomes of the domains on record in DNS: who answers for them, who takes their mail, whether they exist. Asked
//! now and then in the background and remembered, for staff to look at; no verdict rests on it.
//!
//! For whoever re-registers a lapsed domain of a customer: by name it is still the customer's, and its mail arrives. That
//! it moved, or was gone for a time, is all that shows. An answer counts only where all resolvers agree and the answers go
//! together; anything else changes nothing and is asked again with a growing wait, so that a resolver that lies, fails or
//! is silent neither raises an alarm nor wipes out what is remembered.

mod look;

use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};

use self::look::{Change, Known, Look, changes, look};
use crate::{
    app::Step,
    casework::Casework,
    clock::{Clock, Timestamp},
    public_mail::PublicMail,
    token::sha256,
};

/// So many domains become watched in one step.
const ENLISTED_AT_ONCE: i64 = 1000;
/// So many are asked about within an hour, also where many are due at once, as after a standstill.
const MOST_IN_AN_HOUR: i64 = 120;
/// Unclear answers in a row that are no passing fault: a day and a half of them.
const UNCLEAR_FROM: i32 = 7;
/// While one worker asks, no other does.
const LEASE: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);
/// Wait after the first unclear answer; each later one doubles, up to the time between two looks.
const FIRST_RETRY: jiff::SignedDuration = jiff::SignedDuration::from_mins(30);

/// What one worker remembers from step to step.
#[derive(Debug, Default)]
pub struct Watch {
    /// The import up to which all domains are watched. Only imports bring domains, and to look through all of them takes as long as a
    /// register is large.
    enlisted: AtomicI64,
}

/// Makes domains on record watched, or looks at the next one that is due.
pub async fn step(casework: &Casework, watch: &Watch) -> anyhow::Result<Step> {
    let (app, shared) = (&casework.app, &casework.rules.shared_domains);
    let (pool, now, settings) = (&app.pool, app.clock.now(), &app.settings.dns);
    if !settings.watch_domains {
        return Ok(Step::Idle);
    }
    let every = jiff::SignedDuration::from_hours(i64::from(settings.watch_days.max(1)).saturating_mul(24));
    if enlist(pool, watch, now, every).await? == Step::Did {
        return Ok(Step::Did);
    }
    let Some(Claimed { domain, attempts, answered_at, known }) = claim(pool, &app.clock).await? else {
        return Ok(Step::Idle);
    };
    let next = next_turn(&domain, now, every);
    // Of a parent that strangers share, or a public provider, nothing could be learned about a customer.
    let Some(zone) = shared.controlled(&domain).filter(|_| PublicMail::of(&domain).is_none()) else {
        return put_off(pool, &domain, next, 0).await;
    };
    match look(settings, zone, &domain).await {
        Some(look) => keep(pool, &domain, answered_at, known, look, (now, next)).await,
        None => put_off(pool, &domain, now.after(wait(attempts).min(every)), attempts).await,
    }
}

/// How many domains on record gave no clear answer so often that somebody should look. Whoever holds one resolver could hide
/// a change by having it disagree for ever; and nothing stops without a word.
pub async fn count_unclear(connection: &mut PgConnection) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from watched_domains w
           where attempts >= $1 and exists (select from customer_domains c where c.domain = w.domain)"#,
        UNCLEAR_FROM,
    )
    .fetch_one(connection)
    .await
    .context("could not count the domains that gave no clear answer")
}

/// Each domain has its own moment within the time between two looks, so that they never come all at once.
fn next_turn(domain: &str, now: Timestamp, every: jiff::SignedDuration) -> Timestamp {
    let (now, every) = (now.as_second(), every.as_secs().max(1));
    let [a, b, c, d, e, f, g, h, ..] = sha256(domain.as_bytes());
    let moment = i64::from_be_bytes([a, b, c, d, e, f, g, h]).rem_euclid(every);
    let ahead = moment.saturating_sub(now.rem_euclid(every)).rem_euclid(every);
    let ahead = if ahead == 0 { every } else { ahead };
    jiff::Timestamp::from_second(now.saturating_add(ahead)).unwrap_or(jiff::Timestamp::MAX).into()
}

fn wait(attempts: i32) -> jiff::SignedDuration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    FIRST_RETRY.saturating_mul(2_i32.saturating_pow(doublings))
}

async fn enlist(
    pool: &PgPool,
    watch: &Watch,
    now: Timestamp,
    every: jiff::SignedDuration,
) -> anyhow::Result<Step> {
    // Before the domains: what is imported in between is looked at the next time.
    let newest = sqlx::query_scalar!(r#"select coalesce(max(id), 0) as "newest!" from register_imports"#)
        .fetch_one(pool)
        .await
        .context("could not look for imports of the register")?;
    if newest > 0 && watch.enlisted.load(Ordering::Relaxed) == newest {
        return Ok(Step::Idle);
    }
    let domains = sqlx::query_scalar!(
        "select distinct domain from customer_domains c
         where not exists (select from watched_domains w where w.domain = c.domain)
         order by domain limit $1",
        ENLISTED_AT_ONCE,
    )
    .fetch_all(pool)
    .await
    .context("could not look for domains that are not watched")?;
    if domains.is_empty() {
        watch.enlisted.store(newest, Ordering::Relaxed);
        return Ok(Step::Idle);
    }
    let turns: Vec<Timestamp> = domains.iter().map(|domain| next_turn(domain, now, every)).collect();
    sqlx::query!(
        "insert into watched_domains (domain, due_at)
         select domain, due_at from unnest($1::text[], $2::timestamptz[]) as d (domain, due_at)
         on conflict (domain) do nothing",
        &domains,
        &turns as &[Timestamp],
    )
    .execute(pool)
    .await
    .context("could not make domains watched")?;
    Ok(Step::Did)
}

struct Claimed {
    domain: String,
    /// Since the last clear answer, this time included.
    attempts: i32,
    answered_at: Option<Timestamp>,
    known: Known,
}

/// The next one that is due and still on record. The lease is measured by the clock of the database.
async fn claim(pool: &PgPool, clock: &Clock) -> anyhow::Result<Option<Claimed>> {
    let now = clock.now();
    let row = sqlx::query!(
        r#"update watched_domains set attempts = attempts + 1, asked_at = $1,
             claimed_until = coalesce($2, now()) + make_interval(secs => $5) where domain = (
             select domain from watched_domains w
             where due_at <= $1 and (claimed_until is null or claimed_until <= coalesce($2, now()))
                 and exists (select from customer_domains c where c.domain = w.domain)
                 and (select count(*) from watched_domains where asked_at > $3) < $4
             order by due_at, domain limit 1 for update skip locked)
           returning domain, attempts, answered_at as "answered_at: Timestamp", is_there, name_servers, mail_servers"#,
        now as Timestamp,
        clock.for_leases() as Option<Timestamp>,
        now.after(jiff::SignedDuration::from_hours(-1)) as Timestamp,
        MOST_IN_AN_HOUR,
        LEASE.as_secs_f64(),
    )
    .fetch_optional(pool)
    .await
    .context("could not look for domains on record to ask about")?;
    Ok(row.map(|row| Claimed {
        domain: row.domain,
        attempts: row.attempts,
        answered_at: row.answered_at,
        known: Known {
            is_there: row.is_there,
            name_servers: row.name_servers,
            mail_servers: row.mail_servers,
        },
    }))
}

async fn put_off(pool: &PgPool, domain: &str, until: Timestamp, attempts: i32) -> anyhow::Result<Step> {
    sqlx::query!(
        "update watched_domains set due_at = $2, attempts = $3, claimed_until = null where domain = $1",
        domain,
        until as Timestamp,
        attempts,
    )
    .execute(pool)
    .await
    .context("could not put a look at a domain off")?;
    Ok(Step::Did)
}

/// Remembers a clear answer and what it changed, unless another worker did meanwhile.
async fn keep(
    pool: &PgPool,
    domain: &str,
    answered_at: Option<Timestamp>,
    known: Known,
    look: Look,
    (now, next): (Timestamp, Timestamp),
) -> anyhow::Result<Step> {
    let changes = changes(&known, &look);
    let is_there = look.is_there;
    // One that is gone keeps its last servers: whether it comes back with others is the question.
    let (name_servers, mail_servers) = match is_there {
        true => (Some(look.name_servers), Some(look.mail_servers)),
        false => (known.name_servers, known.mail_servers),
    };
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    let kept = sqlx::query!(
        "update watched_domains set attempts = 0, due_at = $2, claimed_until = null, answered_at = $3,
             first_seen_at = coalesce(first_seen_at, $3), is_there = $4, name_servers = $5, mail_servers = $6
         where domain = $1 and answered_at is not distinct from $7",
        domain,
        next as Timestamp,
        now as Timestamp,
        is_there,
        name_servers.as_deref() as Option<&[String]>,
        mail_servers.as_deref() as Option<&[String]>,
        answered_at as Option<Timestamp>,
    )
    .execute(&mut *transaction)
    .await
    .context("could not keep what name servers say of a domain")?;
    for Change { what, before, after } in changes.iter().filter(|_| kept.rows_affected() > 0) {
        sqlx::query!(
            "insert into domain_changes (domain, at, what, before, after) values ($1, $2, $3, $4, $5)",
            domain,
            now as Timestamp,
            what.as_str(),
            before,
            after,
        )
        .execute(&mut *transaction)
        .await
        .context("could not keep what became of a domain")?;
    }
    transaction.commit().await.context("could not commit a look at a domain")?;
    Ok(Step::Did)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_domain_has_its_own_moment_which_always_lies_ahead() {
        let every = jiff::SignedDuration::from_hours(14 * 24);
        let now: Timestamp = "2026-06-01T08:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
        let mut of_days = [0; 14];
        for n in 0..1400 {
            let domain = format!("company-{n}.example");
            let next = next_turn(&domain, now, every);
            let ahead = next.duration_since(*now);
            assert!(ahead.is_positive() && ahead <= every, "{domain}: {ahead}");
            of_days[usize::try_from((ahead.as_secs() - 1) / 86_400).unwrap()] += 1;
            // The same moment of the next turn, however late it was asked.
            assert_eq!(next_turn(&domain, next, every), next.after(every));
            let late = next.after(jiff::SignedDuration::from_hours(40));
            assert_eq!(next_turn(&domain, late, every), next.after(every));
        }
        assert!(of_days.iter().all(|count| (60..140).contains(count)), "{of_days:?}");
    }

    #[test]
    fn the_wait_grows_and_never_overflows() {
        assert_eq!(wait(1), FIRST_RETRY);
        assert_eq!(wait(3), FIRST_RETRY.saturating_mul(4));
        assert!(wait(i32::MAX) >= wait(30));
    }
}
