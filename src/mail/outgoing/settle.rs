//! What became of e-mails that were handed over, written down: one statement for all that ended together.
//!
//! Sends nothing. One that can't be settled is settled apart from the others, so that it holds up none of them.

use anyhow::Context as _;
use jiff::SignedDuration;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    outbox::EmailState,
    receipt::{ClaimedEmail, Receipt},
};
use crate::{
    calls::{self, Topic},
    clock::Timestamp,
    config,
    meters::Meters,
};

/// How much of a mail server's answer is kept, in characters.
const LONGEST_RESPONSE: usize = 1000;

/// An e-mail, and what was said to it.
pub struct Tried {
    pub email: ClaimedEmail,
    pub receipt: Receipt,
    /// When it was said.
    pub at: Timestamp,
}

/// The columns of [`write`].
#[derive(Default)]
struct Lines {
    emails: Vec<Uuid>,
    attempts: Vec<i32>,
    claims: Vec<Timestamp>,
    states: Vec<String>,
    outcomes: Vec<String>,
    responses: Vec<String>,
    ats: Vec<Timestamp>,
    nexts: Vec<Timestamp>,
    counted: Vec<i32>,
}

/// Writes down what happened, and changes each e-mail that is still held by the claim that made the try: a worker that
/// comes back after its lease only leaves its line in `deliveries`. What was cancelled meanwhile stays so, unless it has
/// arrived. Returns what could not be settled, and the first of the errors.
pub async fn settle(
    pool: &PgPool,
    mut tried: Vec<Tried>,
    settings: &config::Mail,
    meters: &Meters,
) -> Result<(), (Vec<Tried>, anyhow::Error)> {
    let error = match settle_together(pool, &tried, settings, meters).await {
        Ok(()) => return Ok(()),
        Err(error) => error,
    };
    if tried.len() > 1 {
        let (mut left, mut first) = (Vec::new(), None);
        for one in tried.drain(..) {
            if let Err(error) = settle_together(pool, std::slice::from_ref(&one), settings, meters).await {
                left.push(one);
                first.get_or_insert(error);
            }
        }
        return first.map_or(Ok(()), |error| Err((left, error)));
    }
    Err((tried, error))
}

async fn settle_together(
    pool: &PgPool,
    tried: &[Tried],
    settings: &config::Mail,
    meters: &Meters,
) -> anyhow::Result<()> {
    let mut connection = pool.acquire().await.context("could not settle an e-mail")?;
    let mut lines = Lines::default();
    for Tried { email, receipt, at } in tried {
        let (outcome, state, response) = judge(&mut connection, email, receipt, settings).await?;
        lines.emails.push(email.id);
        lines.attempts.push(email.attempt);
        lines.claims.push(email.claimed_until);
        lines.states.push(state.as_str().to_owned());
        lines.outcomes.push(outcome.to_owned());
        lines.responses.push(presentable(response));
        lines.ats.push(*at);
        lines.nexts.push(at.after(pause(email.attempt, settings, rand::random())));
        // The last try is not used up by what is not about the e-mail.
        let used = !(outcome == "refused" && is_last(email, settings));
        lines.counted.push(if used { email.attempt } else { email.attempt.saturating_sub(1) });
    }
    let in_time = write(&mut connection, &lines).await?;
    for (email, outcome) in tried.iter().map(|one| &one.email).zip(&lines.outcomes) {
        let (email_id, attempt, in_time) = (email.id, email.attempt, in_time.contains(&email.id));
        tracing::info!(%email_id, attempt, outcome, in_time, "e-mail tried");
        meters.tried(outcome);
    }
    Ok(())
}

/// Returns the e-mails that were still held by the claim. A letter that was sent, and is not to Atlassian, moves nothing: it
/// counts as noticed. Calls whoever waits for the letters of a case. How many there are is not told to the planner, so that one plan is kept.
async fn write(connection: &mut PgConnection, lines: &Lines) -> anyhow::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"with tried as (
             select * from unnest((select $1::uuid[]), (select $2::integer[]), (select $3::timestamptz[]), (select $4::text[]),
                 (select $5::text[]), (select $6::text[]), (select $7::timestamptz[]), (select $8::timestamptz[]), (select $9::integer[]))
                 as t (id, attempt, claim, state, outcome, response, at, next, counted)),
         held as (
             select e.id from emails e join tried t on t.id = e.id order by e.id for no key update of e),
         applied as (
             update emails e set state = t.state, claimed_until = null, attempts = t.counted,
                 settled_at = case when t.state = 'queued' then null else t.at end,
                 next_attempt_at = case when t.state = 'queued' then t.next else e.next_attempt_at end,
                 noticed_at = case when t.state = 'sent' and e.audience <> 'atlassian' then t.at end,
                 raw = case when t.state = 'sent' and e.audience <> 'atlassian' then null else e.raw end
             from tried t join held h on h.id = t.id
             where e.id = t.id and e.attempts = t.attempt and e.claimed_until = t.claim
                 and (e.state = 'queued' or (e.state = 'cancelled' and t.state = 'sent'))
             returning e.id, e.correlation_id),
         written as (
             insert into deliveries (email_id, attempt, at, outcome, response)
             select id, attempt, at, outcome, response from tried),
         called as materialized (
             select pg_notify($10, $11) from applied where correlation_id is not null limit 1)
         select a.id from applied a left join called on true"#,
        &lines.emails,
        &lines.attempts,
        &lines.claims as &[Timestamp],
        &lines.states,
        &lines.outcomes,
        &lines.responses,
        &lines.ats as &[Timestamp],
        &lines.nexts as &[Timestamp],
        &lines.counted,
        calls::CHANNEL,
        Topic::Settled.as_str(),
    )
    .fetch_all(connection)
    .await
    .context("could not settle an e-mail")
}

async fn judge<'a>(
    connection: &mut PgConnection,
    email: &ClaimedEmail,
    receipt: &'a Receipt,
    settings: &config::Mail,
) -> anyhow::Result<(&'static str, EmailState, &'a str)> {
    let last = is_last(email, settings);
    Ok(match receipt {
        Receipt::Accepted { response } => ("sent", EmailState::Sent, response),
        Receipt::Deferred { response } | Receipt::Crowded { response, .. } if !last => {
            ("deferred", EmailState::Queued, response)
        }
        // However often: it goes out once the cause is mended. Where others got through, it is about this one after all.
        Receipt::Refused { response } if !last || !others_got_through(connection, email).await? => {
            ("refused", EmailState::Queued, response)
        }
        Receipt::Deferred { response }
        | Receipt::Crowded { response, .. }
        | Receipt::Refused { response }
        | Receipt::Rejected { response } => ("failed", EmailState::Failed, response),
    })
}

fn is_last(email: &ClaimedEmail, settings: &config::Mail) -> bool {
    i64::from(email.attempt) >= i64::from(settings.max_attempts)
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
