//! One unit of the worker's delivery: claim a due e-mail, hand it over, settle it.
//!
//! Three parts, so that no transaction is open while a mail server is spoken to. Whatever kills the worker in between,
//! the lease runs out and the next try sends the same bytes: at least once, always under one Message-ID.

use anyhow::Context as _;
use jiff::SignedDuration;
use sqlx::{PgConnection, PgPool};

use super::{
    outbox::{self, EmailState},
    receipt::{ClaimedEmail, Receipt},
    transport::Transport,
};
use crate::{
    app::Step,
    clock::{Clock, Timestamp},
    config,
    stop::Stop,
};

/// How much of a mail server's answer is kept, in characters.
const LONGEST_RESPONSE: usize = 1000;

/// Delivers the e-mail that has waited longest, if one is due. An error is the database's: what the mail server says,
/// or does not say, is settled in the outbox.
pub async fn step(
    pool: &PgPool,
    transport: &Transport,
    clock: &Clock,
    settings: &config::Mail,
) -> anyhow::Result<Step> {
    step_unless_cut(pool, transport, clock, settings, &Stop::default()).await
}

/// As [`step`]; where the process ends before the mail server has answered, the e-mail is given back at once.
pub async fn step_unless_cut(
    pool: &PgPool,
    transport: &Transport,
    clock: &Clock,
    settings: &config::Mail,
    stop: &Stop,
) -> anyhow::Result<Step> {
    let Some(email) = claim(pool, clock, settings).await? else { return Ok(Step::Idle) };
    let receipt = if i64::from(email.attempt) > i64::from(settings.max_attempts) {
        // The last try took its worker with it; an e-mail that always does must not go on for ever.
        Receipt::Rejected { response: "given up: the last try never came to an end".to_owned() }
    } else if email.not_after.is_some_and(|end| end <= clock.now()) {
        Receipt::Rejected { response: "not sent: the checks it rests on have expired".to_owned() }
    } else {
        match stop.unless_cut(transport.send(&email)).await {
            Some(receipt) => receipt,
            None => {
                give_back(pool, &email).await?;
                return Ok(Step::Idle);
            }
        }
    };
    settle(pool, &email, receipt, clock.now(), settings).await?;
    Ok(Step::Did)
}

/// Leases one due e-mail that no other worker holds. One statement, so one short transaction. The lease is measured by the
/// clock of the database: a worker whose own is ahead does not take what another one is handing over.
async fn claim(
    pool: &PgPool,
    clock: &Clock,
    settings: &config::Mail,
) -> anyhow::Result<Option<ClaimedEmail>> {
    sqlx::query_as!(
        ClaimedEmail,
        r#"update emails set claimed_until = coalesce($2, now()) + make_interval(secs => $3), attempts = attempts + 1
         where id = (select id from emails
             where state = 'queued' and next_attempt_at <= $1
                 and (claimed_until is null or claimed_until <= coalesce($2, now()))
             order by next_attempt_at, id limit 1 for update skip locked)
         returning id, attempts as attempt, claimed_until as "claimed_until!", created_at, not_after, envelope_from,
             envelope_to, raw as "raw!""#,
        clock.now() as Timestamp,
        clock.for_leases() as Option<Timestamp>,
        f64::from(settings.lease_seconds),
    )
    .fetch_optional(pool)
    .await
    .context("could not claim an e-mail")
}

/// The next worker takes it at once; the try counts as none. Should the mail server have taken the e-mail already, it gets the
/// same bytes once more, under the same Message-ID.
async fn give_back(pool: &PgPool, email: &ClaimedEmail) -> anyhow::Result<()> {
    sqlx::query!(
        "update emails set claimed_until = null, attempts = attempts - 1
         where id = $1 and attempts = $2 and claimed_until = $3",
        email.id,
        email.attempt,
        email.claimed_until as Timestamp,
    )
    .execute(pool)
    .await
    .context("could not give an e-mail back")?;
    tracing::info!(email_id = %email.id, "an e-mail was given back: this process ends");
    Ok(())
}

/// Writes down what happened, and changes the e-mail if it is still held by the claim that made the try: a worker that
/// comes back after its lease only leaves its line in `deliveries`. What was cancelled meanwhile stays so, unless it has
/// arrived.
async fn settle(
    pool: &PgPool,
    email: &ClaimedEmail,
    receipt: Receipt,
    now: Timestamp,
    settings: &config::Mail,
) -> anyhow::Result<()> {
    let last = i64::from(email.attempt) >= i64::from(settings.max_attempts);
    let mut transaction = pool.begin().await.context("could not settle an e-mail")?;
    let (outcome, state, response) = match receipt {
        Receipt::Accepted { response } => ("sent", EmailState::Sent, response),
        Receipt::Deferred { response } if !last => ("deferred", EmailState::Queued, response),
        // However often: it goes out once the cause is mended. Where others got through, it is about this one after all.
        Receipt::Refused { response } if !last || !others_got_through(&mut transaction, email).await? => {
            ("refused", EmailState::Queued, response)
        }
        Receipt::Deferred { response } | Receipt::Refused { response } | Receipt::Rejected { response } => {
            ("failed", EmailState::Failed, response)
        }
    };
    let next = now.after(pause(email.attempt, settings, rand::random()));
    // The last try is not used up by what is not about the e-mail.
    let attempts = if outcome == "refused" && last { email.attempt.saturating_sub(1) } else { email.attempt };
    let applied = sqlx::query!(
        "update emails set state = $4, claimed_until = null, attempts = $7,
             settled_at = case when $4 = 'queued' then null else $5::timestamptz end,
             next_attempt_at = case when $4 = 'queued' then $6::timestamptz else next_attempt_at end,
             noticed_at = null, raw = case when $4 = 'sent' and audience <> 'atlassian' then null else raw end
         where id = $1 and attempts = $2 and claimed_until = $3
             and (state = 'queued' or (state = 'cancelled' and $4 = 'sent'))",
        email.id,
        email.attempt,
        email.claimed_until as Timestamp,
        state.as_str(),
        now as Timestamp,
        next as Timestamp,
        attempts,
    )
    .execute(&mut *transaction)
    .await
    .context("could not settle an e-mail")?;
    sqlx::query!(
        "insert into deliveries (email_id, attempt, at, outcome, response) values ($1, $2, $3, $4, $5)",
        email.id,
        email.attempt,
        now as Timestamp,
        outcome,
        presentable(&response),
    )
    .execute(&mut *transaction)
    .await
    .context("could not write a delivery down")?;
    outbox::call(&mut transaction).await?;
    transaction.commit().await.context("could not settle an e-mail")?;

    let (email_id, attempt, in_time) = (email.id, email.attempt, applied.rows_affected() == 1);
    tracing::info!(%email_id, attempt, outcome, in_time, "e-mail tried");
    Ok(())
}

/// Whether the mail server has taken another e-mail since this one was first tried.
async fn others_got_through(connection: &mut PgConnection, email: &ClaimedEmail) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from deliveries where outcome = 'sent'
             and id > (select min(id) from deliveries where email_id = $1)) as "got_through!""#,
        email.id,
    )
    .fetch_one(connection)
    .await
    .context("could not look whether others got through")
}

/// How long to wait after try number `attempt`: twice as long each time, between the first and the longest retry, and
/// up to a quarter less (by `jitter`, 0 to 1), so that what failed together does not come back together.
fn pause(attempt: i32, settings: &config::Mail, jitter: f64) -> SignedDuration {
    let doublings = attempt.saturating_sub(1).clamp(0, 31);
    let seconds = f64::from(settings.first_retry_seconds) * 2_f64.powi(doublings);
    let seconds = seconds.min(f64::from(settings.longest_retry_seconds));
    SignedDuration::from_secs_f64(seconds * (1.0 - jitter / 4.0))
}

/// One line of bounded length, fit for a page; PostgreSQL takes no NUL.
fn presentable(response: &str) -> String {
    response.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_RESPONSE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn the_pause_doubles_from_the_first_to_the_longest() {
        let settings =
            Settings::with("[mail]\nfirst_retry_seconds = 30\nlongest_retry_seconds = 14400").unwrap().mail;
        let pauses: Vec<_> = (1..=12).map(|attempt| pause(attempt, &settings, 0.0).as_secs()).collect();
        assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 14400, 14400, 14400]);
        assert_eq!(pause(i32::MAX, &settings, 0.0).as_secs(), 14400);
        assert_eq!(pause(0, &settings, 0.0).as_secs(), 30);
    }

    #[test]
    fn jitter_takes_up_to_a_quarter_off() {
        let settings = Settings::with("[mail]\nfirst_retry_seconds = 100").unwrap().mail;
        assert_eq!(pause(1, &settings, 0.5).as_millis(), 87_500);
        assert_eq!(pause(1, &settings, 1.0).as_millis(), 75_000);
    }

    #[test]
    fn a_servers_words_become_one_bounded_line() {
        assert_eq!(presentable("550 no\r\n\0way"), "550 no   way");
        assert_eq!(presentable(&"é".repeat(5000)).chars().count(), LONGEST_RESPONSE);
    }
}
