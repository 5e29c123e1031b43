//! The worker's delivery: claim due e-mails, hand over several at once, settle those that ended together, each while the others go on.
//!
//! No transaction is open while a mail server is spoken to. Whatever kills the worker in between, the lease runs out and the
//! next try sends the same bytes: at least once, always under one Message-ID. As many are claimed as can be handed over at
//! once, so that what a case takes back is never in a queue of ours; and of each case one at a time, in order.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use opentelemetry::trace::SpanKind;
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    receipt::{ClaimedEmail, Receipt},
    settle::{Tried, settle},
    transport::Transport,
};
use crate::{
    app::Step,
    clock::{Clock, Timestamp},
    config,
    meters::Meters,
    panics::caught,
    stop::Stop,
    telemetry::Telemetry,
};

/// While a mail server takes its time, it is looked so often whether there is more for the places that are free.
const LOOK: Duration = Duration::from_millis(500);
/// Then a step ends, so that whoever watches the worker sees that it goes on.
const LONGEST_STEP: Duration = Duration::from_secs(300);
/// A mail server that wanted fewer connections is asked for more again after so long.
const CROWDED: Duration = Duration::from_secs(60);

/// What a delivery needs.
#[derive(Clone, Copy, Debug)]
pub struct Office<'a> {
    pub telemetry: &'a Telemetry,
    pub meters: &'a Meters,
    pub pool: &'a PgPool,
    pub transport: &'a Transport,
    pub clock: &'a Clock,
    pub settings: &'a config::Mail,
}

/// How a handing over ended.
enum Ended {
    Said(Tried),
    /// Cut off, as this process ends.
    Cut(ClaimedEmail),
    /// A mistake of ours: the claim runs out, and the try counts.
    Panicked,
}

/// What was under way, and is done.
enum Done {
    HandedOver(Ended),
    /// What could not be settled, and the first error.
    Settled(Vec<Tried>, Option<anyhow::Error>),
    /// What was claimed, of as many as were asked for.
    Claimed(anyhow::Result<Vec<ClaimedEmail>>, usize),
}

/// Delivers the e-mail that has waited longest, if one is due. An error is the database's: what the mail server says,
/// or does not say, is settled in the outbox.
pub async fn step(office: Office<'_>) -> anyhow::Result<Step> {
    deliver(office, 1, Some(1), &Stop::default()).await
}

/// Delivers what is due, several at once, until nothing is. Where the process ends before the mail server has answered, the
/// e-mails are given back at once.
pub async fn deliver_due(office: Office<'_>, stop: &Stop) -> anyhow::Result<Step> {
    deliver(office, office.transport.places(), None, stop).await
}

async fn deliver<'a>(
    office: Office<'a>,
    places: usize,
    mut most: Option<usize>,
    stop: &'a Stop,
) -> anyhow::Result<Step> {
    let begun = Instant::now();
    let (mut did, mut failed, mut crowded) = (Step::Idle, None, None);
    let mut under_way: FuturesUnordered<BoxFuture<'a, Done>> = FuturesUnordered::new();
    let (mut handing_over, mut settling, mut claiming) = (0_usize, false, false);
    let (mut tried, mut back, mut unsettled) = (Vec::new(), Vec::new(), Vec::new());
    let mut may_be_due = true;
    loop {
        if let Some(fewer) = make_room(&mut tried, &mut back) {
            crowded = Some((fewer, Instant::now()));
        }
        let ended = !tried.is_empty() || !back.is_empty();
        if ended && !settling {
            settling = true;
            let (tried, back) = (std::mem::take(&mut tried), std::mem::take(&mut back));
            under_way.push(settle_or_give_back(office, tried, back).boxed());
        }
        let goes_on = failed.is_none() && !stop.asked.is_cancelled() && begun.elapsed() < LONGEST_STEP;
        crowded = crowded.filter(|(_, since): &(usize, Instant)| since.elapsed() < CROWDED);
        let places = crowded.map_or(places, |(fewer, _)| fewer.min(places));
        let free = places.saturating_sub(handing_over).min(most.unwrap_or(places));
        if goes_on && may_be_due && !claiming && free > 0 {
            (claiming, may_be_due) = (true, false);
            under_way.push(claim(office, free).map(move |claimed| Done::Claimed(claimed, free)).boxed());
        }
        if under_way.is_empty() {
            break;
        }
        let Ok(first) = tokio::time::timeout(LOOK, under_way.next()).await else {
            may_be_due = true;
            continue;
        };
        // Those that ended with it are settled with it.
        let mut next = first;
        while let Some(done) = next {
            match done {
                Done::HandedOver(ended) => {
                    handing_over = handing_over.saturating_sub(1);
                    match ended {
                        Ended::Said(one) => tried.push(one),
                        Ended::Cut(email) => back.push(email),
                        Ended::Panicked => {}
                    }
                }
                // Of a case, the next one may be due now.
                Done::Settled(left, error) => {
                    (settling, may_be_due) = (false, true);
                    unsettled.extend(left);
                    failed = failed.or(error);
                }
                Done::Claimed(Err(error), _) => {
                    claiming = false;
                    failed = failed.or(Some(error));
                }
                // What can't be settled now had better not be sent now.
                Done::Claimed(Ok(claimed), _) if failed.is_some() => {
                    claiming = false;
                    back.extend(claimed);
                }
                Done::Claimed(Ok(claimed), asked) => {
                    claiming = false;
                    may_be_due |= claimed.len() == asked;
                    handing_over += claimed.len();
                    most = most.map(|most| most.saturating_sub(claimed.len()));
                    if !claimed.is_empty() {
                        did = Step::Did;
                    }
                    let hand_over = |email| hand_over(office, stop, email).map(Done::HandedOver).boxed();
                    under_way.extend(claimed.into_iter().map(hand_over));
                }
            }
            next = under_way.next().now_or_never().flatten();
        }
    }
    // The database was away for a moment, and what it does not know is sent once more.
    if !unsettled.is_empty()
        && let Err((_, error)) = settle(office.pool, unsettled, office.settings, office.meters).await
    {
        return Err(error);
    }
    failed.map_or(Ok(did), Err)
}

/// A server that takes no further connection says nothing about an e-mail: that one is given back, and goes over one of the
/// connections that are there. Returns how many these are.
fn make_room(tried: &mut Vec<Tried>, back: &mut Vec<ClaimedEmail>) -> Option<usize> {
    let mut fewest: Option<usize> = None;
    for one in std::mem::take(tried) {
        if let Receipt::Crowded { others, .. } = one.receipt {
            fewest = Some(fewest.unwrap_or(others).min(others));
            back.push(one.email);
        } else {
            tried.push(one);
        }
    }
    fewest
}

/// Tells the database what became of e-mails. Never fails as a whole: returns what could not be settled, and the first error.
async fn settle_or_give_back(office: Office<'_>, tried: Vec<Tried>, back: Vec<ClaimedEmail>) -> Done {
    let (mut failed, mut left) = (None, Vec::new());
    if !tried.is_empty()
        && let Err((unsettled, error)) = settle(office.pool, tried, office.settings, office.meters).await
    {
        (failed, left) = (Some(error), unsettled);
    }
    if !back.is_empty() {
        failed = failed.or(give_back(office.pool, &back).await.err());
    }
    Done::Settled(left, failed)
}

async fn hand_over(office: Office<'_>, stop: &Stop, email: ClaimedEmail) -> Ended {
    let begun = Instant::now();
    let doing = office.telemetry.go_on(email.traceparent.as_deref(), "deliver e-mail", SpanKind::Consumer);
    doing.count("handover.attempt", email.attempt.into());
    let ended = doing.during(try_to_hand_over(office, stop, email)).await;
    let outcome = match &ended {
        Ended::Said(tried) => tried.receipt.as_str(),
        Ended::Cut(_) => "cut",
        Ended::Panicked => "panicked",
    };
    doing.say("handover.outcome", outcome);
    if outcome != "accepted" {
        doing.fail();
    }
    doing.end();
    office.meters.handed_over(begun.elapsed());
    ended
}

async fn try_to_hand_over(office: Office<'_>, stop: &Stop, email: ClaimedEmail) -> Ended {
    let receipt = if i64::from(email.attempt) > i64::from(office.settings.max_attempts) {
        // The last try took its worker with it; an e-mail that always does must not go on for ever.
        Receipt::Rejected { response: "given up: the last try never came to an end".to_owned() }
    } else if email.not_after.is_some_and(|end| end <= office.clock.now()) {
        Receipt::Rejected { response: "not sent: the checks it rests on have expired".to_owned() }
    } else {
        match stop.unless_cut(caught(office.transport.send(&email))).await {
            Some(Ok(receipt)) => receipt,
            Some(Err(_panicked)) => {
                tracing::error!(email_id = %email.id, "handing an e-mail over panicked");
                return Ended::Panicked;
            }
            None => return Ended::Cut(email),
        }
    };
    Ended::Said(Tried { email, receipt, at: office.clock.now() })
}

/// Leases due e-mails that no other worker holds, of each case the first alone, and none while another one of the case is on
/// its way. One statement, so one short transaction. The lease is measured by the clock of the database: a worker whose own is
/// ahead does not take what another one is handing over.
///
/// Nobody waits until a claim is on the disk, unless there is one for Atlassian: a claim that is lost with the database is a lease that
/// has run out, and what is settled afterwards is written behind it.
async fn claim(office: Office<'_>, most: usize) -> anyhow::Result<Vec<ClaimedEmail>> {
    let Office { pool, clock, settings, .. } = office;
    sqlx::query_as!(
        ClaimedEmail,
        r#"with claimed as (
             update emails set claimed_until = coalesce($2, now()) + make_interval(secs => $3), attempts = attempts + 1
             where id = any(array(select e.id from emails e
                 where e.state = 'queued' and e.next_attempt_at <= $1
                     and (e.claimed_until is null or e.claimed_until <= coalesce($2, now()))
                     and not exists (select from emails o where o.correlation_id = e.correlation_id and o.state = 'queued'
                         and o.id <> e.id and (o.claimed_until > coalesce($2, now())
                             or (o.next_attempt_at, o.id) < (e.next_attempt_at, e.id)))
                 order by e.next_attempt_at, e.id limit $4 for update of e skip locked))
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
async fn give_back(pool: &PgPool, emails: &[ClaimedEmail]) -> anyhow::Result<()> {
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
