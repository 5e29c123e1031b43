//! The worker's part: claim messages that are due, hand over several at once, settle each.
//!
//! No transaction is open while a receiver is spoken to. Whatever kills the worker in between, the lease runs out and the next
//! try sends the same bytes under the same id. A receiver that is slow holds up its own messages: one that fails has one place,
//! any other two, of eight.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use jiff::SignedDuration;
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    Webhooks,
    outbox::id_on_the_wire,
    send::{Answer, Signed, presentable},
    target::Target,
};
use crate::{
    app::Step,
    calls::{self, Topic},
    clock::{Clock, Timestamp},
    stop::Stop,
};

/// Messages under way at once.
const AT_ONCE: usize = 8;
/// Longer than any exchange takes.
const LEASE_SECONDS: f64 = 60.0;
/// Tries, by 30 seconds, twice as long each time up to 8 hours: about three days.
pub const MOST_TRIES: i32 = 20;
const FIRST_PAUSE: f64 = 30.0;
const LONGEST_PAUSE: f64 = 8.0 * 3600.0;
/// While something is under way, it is looked so often whether there is more.
const LOOK: Duration = Duration::from_millis(250);
/// Then a step ends, so that whoever watches the worker sees that it goes on.
const LONGEST_STEP: Duration = Duration::from_secs(300);

/// A message that this worker holds.
#[derive(Clone, Debug)]
struct Parcel {
    id: i64,
    endpoint: Uuid,
    event: Uuid,
    attempt: i32,
    claimed_until: Timestamp,
    body: Vec<u8>,
    address: Vec<u8>,
    secret: Vec<u8>,
    old_secret: Option<Vec<u8>>,
}

/// Delivers what is due, several messages at once, until nothing is. An error is the database's: what a receiver does is
/// settled with its message.
pub async fn step(pool: &PgPool, webhooks: &Webhooks, clock: &Clock, stop: &Stop) -> anyhow::Result<Step> {
    let begun = Instant::now();
    let (mut did, mut failed) = (Step::Idle, None);
    let mut under_way = FuturesUnordered::new();
    loop {
        let goes_on = failed.is_none() && !stop.asked.is_cancelled() && begun.elapsed() < LONGEST_STEP;
        while goes_on && under_way.len() < AT_ONCE {
            // What is under way goes on meanwhile: it may hold the very connection that is waited for.
            let claim = claim(pool, clock);
            tokio::pin!(claim);
            let claimed = loop {
                tokio::select! {
                    biased;
                    claimed = &mut claim => break claimed,
                    Some(settled) = under_way.next() => {
                        let settled: anyhow::Result<()> = settled;
                        failed = failed.or(settled.err());
                    }
                }
            };
            match claimed {
                Ok(Some(parcel)) => under_way.push(hand_over(pool, webhooks, clock, stop, parcel)),
                Ok(None) => break,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
            did = Step::Did;
        }
        if under_way.is_empty() {
            return failed.map_or(Ok(did), Err);
        }
        // What is under way is brought to its end, whatever else fails.
        if let Ok(Some(Err(error))) = tokio::time::timeout(LOOK, under_way.next()).await {
            failed = failed.or(Some(error));
        }
    }
}

async fn hand_over(
    pool: &PgPool,
    webhooks: &Webhooks,
    clock: &Clock,
    stop: &Stop,
    parcel: Parcel,
) -> anyhow::Result<()> {
    let said = if parcel.attempt > MOST_TRIES {
        // The last try took its worker with it.
        Err(anyhow::anyhow!("given up: the last try never came to an end"))
    } else {
        match stop.unless_cut(send(webhooks, clock, &parcel)).await {
            Some(said) => said,
            None => return give_back(pool, &parcel).await,
        }
    };
    settle(pool, &parcel, said, clock.now()).await
}

async fn send(webhooks: &Webhooks, clock: &Clock, parcel: &Parcel) -> anyhow::Result<Answer> {
    const LOCKED: &str = "what is kept of this endpoint was sealed under another secrets.key: enter its address, and make a new secret";
    let (sealer, endpoint) = (&webhooks.sealer, parcel.endpoint);
    let address = sealer.open_address(endpoint, &parcel.address).context(LOCKED)?;
    let target = Target::restore(&address, webhooks.sender.reach())
        .context("the settings do not allow its address any more")?;
    let (id, seconds) = (id_on_the_wire(parcel.event), clock.now().as_second());
    let mut signatures = Vec::new();
    for sealed in [Some(&parcel.secret), parcel.old_secret.as_ref()].into_iter().flatten() {
        let secret = sealer.open_secret(endpoint, sealed).context(LOCKED)?;
        signatures.push(secret.sign(&id, seconds, &parcel.body)?);
    }
    let signed = Signed { id, seconds, signature: signatures.join(" "), body: parcel.body.clone() };
    webhooks.sender.send(&target, signed).await
}

/// Leases one due message whose endpoint has a place. One statement, so one short transaction; of each endpoint, only the
/// message that has waited longest is looked at, so that a long queue of one costs nothing.
async fn claim(pool: &PgPool, clock: &Clock) -> anyhow::Result<Option<Parcel>> {
    sqlx::query_as!(
        Parcel,
        r#"update webhook_deliveries d set claimed_until = coalesce($2, now()) + make_interval(secs => $3),
             attempts = attempts + 1
         from webhook_endpoints e
         where e.id = d.endpoint_id and d.id = (
             select due.id from webhook_endpoints e
             cross join lateral (
                 select id, next_attempt_at from webhook_deliveries
                 where endpoint_id = e.id and state = 'queued' and next_attempt_at <= $1
                     and (claimed_until is null or claimed_until <= coalesce($2, now()))
                     and (kind = 'webhook_test' or e.disabled_at is null and e.gone_at is null)
                 order by next_attempt_at, id limit 1 for update skip locked) due
             where (select count(*) from webhook_deliveries held
                     where held.endpoint_id = e.id and held.state = 'queued' and held.claimed_until > coalesce($2, now()))
                 < case when e.failing_since is null then 2 else 1 end
             order by due.next_attempt_at, due.id limit 1)
         returning d.id, d.endpoint_id as endpoint, d.event_id as event, d.attempts as attempt,
             d.claimed_until as "claimed_until!", d.body, e.address, e.secret,
             case when e.old_secret_until > $1 then e.old_secret end as old_secret"#,
        clock.now() as Timestamp,
        clock.for_leases() as Option<Timestamp>,
        LEASE_SECONDS,
    )
    .fetch_optional(pool)
    .await
    .context("could not claim a message")
}

/// The next worker takes it at once; the try counts as none.
async fn give_back(pool: &PgPool, parcel: &Parcel) -> anyhow::Result<()> {
    sqlx::query!(
        "update webhook_deliveries set claimed_until = null, attempts = attempts - 1
         where id = $1 and attempts = $2 and claimed_until = $3",
        parcel.id,
        parcel.attempt,
        parcel.claimed_until as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not give a message back")?;
    Ok(())
}

/// Writes down what came of a try, if this worker holds the message still, and how its endpoint does. The endpoint first, as
/// whoever changes one has it.
async fn settle(
    pool: &PgPool,
    parcel: &Parcel,
    said: anyhow::Result<Answer>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let status = said.as_ref().ok().map(|answer| answer.status);
    let words = match &said {
        Ok(answer) => answer.words.clone(),
        Err(error) => presentable(&format!("{error:#}")),
    };
    let state = match status {
        Some(200..=299) => "delivered",
        Some(410) => "dead",
        _ if parcel.attempt >= MOST_TRIES => "dead",
        _ => "queued",
    };
    let next = now.after(pause(parcel.attempt, rand::random()));
    let mut transaction = pool.begin().await.context("could not settle a message")?;
    sqlx::query!(
        "update webhook_endpoints set
             failing_since = case when $2 then null else coalesce(failing_since, $4) end,
             last_failure_at = case when $2 then last_failure_at else $4 end,
             last_success_at = case when $2 then $4 else last_success_at end,
             gone_at = case when $3 then coalesce(gone_at, $4) when $2 then null else gone_at end
         where id = $1",
        parcel.endpoint,
        state == "delivered",
        status == Some(410),
        now as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not write down how an endpoint does")?;
    let applied = sqlx::query!(
        "update webhook_deliveries set state = $4, claimed_until = null, last_attempt_at = $5, status = $6, response = $7,
             settled_at = case when $4 = 'queued' then null else $5::timestamptz end,
             next_attempt_at = case when $4 = 'queued' then $8::timestamptz else next_attempt_at end
         where id = $1 and attempts = $2 and claimed_until = $3
             and (state = 'queued' or (state = 'cancelled' and $4 = 'delivered'))",
        parcel.id,
        parcel.attempt,
        parcel.claimed_until as Timestamp,
        state,
        now as Timestamp,
        status.and_then(|status| i16::try_from(status).ok()),
        words,
        next as Timestamp,
    )
    .execute(&mut *transaction)
    .await
    .context("could not settle a message")?;
    calls::call(&mut transaction, Topic::Webhook).await?;
    transaction.commit().await.context("could not settle a message")?;
    let in_time = applied.rows_affected() == 1;
    tracing::info!(endpoint = %parcel.endpoint, event = %parcel.event, attempt = parcel.attempt, state, in_time, "webhook tried");
    Ok(())
}

/// How long to wait after try number `attempt`; up to a quarter less (by `jitter`, 0 to 1), so that what failed together does not
/// come back together.
fn pause(attempt: i32, jitter: f64) -> SignedDuration {
    let doubled = FIRST_PAUSE * 2_f64.powi(attempt.saturating_sub(1).clamp(0, 31));
    SignedDuration::from_secs_f64(doubled.min(LONGEST_PAUSE) * (1.0 - jitter / 4.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tries_take_about_three_days() {
        let hours = |jitter: f64| {
            (1..MOST_TRIES).map(|attempt| pause(attempt, jitter).as_secs_f64()).sum::<f64>() / 3600.0
        };
        assert_eq!(pause(1, 0.0).as_secs(), 30);
        assert_eq!(pause(i32::MAX, 0.0).as_secs(), 8 * 3600);
        assert!((60.0..=62.0).contains(&hours(1.0)), "{}", hours(1.0));
        assert!((79.0..=82.0).contains(&hours(0.0)), "{}", hours(0.0));
    }
}
