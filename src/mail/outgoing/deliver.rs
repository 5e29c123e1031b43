//! The worker's delivery: claim due e-mails, hand over several at once, settle those that ended together, each while the others go on.
//!
//! No transaction is open while a mail server is spoken to. Whatever kills the worker in between, the lease runs out and the
//! next try sends the same bytes: at least once, always under one Message-ID. As many are claimed as can be handed over at
//! once, so that what a case takes back is never in a queue of ours; and of each case one at a time, in order.

use std::time::{Duration, Instant};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use opentelemetry::trace::SpanKind;
use sqlx::PgPool;

use super::{
    claim::{claim, give_back},
    receipt::{ClaimedEmail, Receipt},
    settle::{Tried, settle},
    transport::Transport,
};
use crate::{
    app::Step, clock::Clock, config, meters::Meters, panics::caught, stop::Stop, telemetry::Telemetry,
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

async fn deliver(
    office: Office<'_>,
    places: usize,
    most: Option<usize>,
    stop: &Stop,
) -> anyhow::Result<Step> {
    let delivery = Delivery {
        office,
        stop,
        places,
        most,
        begun: Instant::now(),
        under_way: FuturesUnordered::new(),
        handing_over: 0,
        settles: false,
        claims: false,
        may_be_due: true,
        tried: Vec::new(),
        back: Vec::new(),
        unsettled: Vec::new(),
        crowded: None,
        did: Step::Idle,
        failed: None,
    };
    delivery.run().await
}

/// What is under way at once, and what ended and is not written down yet.
struct Delivery<'a> {
    office: Office<'a>,
    stop: &'a Stop,
    /// So many e-mails are handed over at once.
    places: usize,
    /// So many more are claimed; `None` for all that are due.
    most: Option<usize>,
    begun: Instant,
    under_way: FuturesUnordered<BoxFuture<'a, Done>>,
    handing_over: usize,
    settles: bool,
    claims: bool,
    /// Since it was last asked, something may have become due, or there was more than there were places for.
    may_be_due: bool,
    tried: Vec<Tried>,
    back: Vec<ClaimedEmail>,
    unsettled: Vec<Tried>,
    /// To how many connections a server that took no more held us, and since when.
    crowded: Option<(usize, Instant)>,
    did: Step,
    failed: Option<anyhow::Error>,
}

impl<'a> Delivery<'a> {
    async fn run(mut self) -> anyhow::Result<Step> {
        loop {
            self.make_room();
            self.settle_what_ended();
            self.claim_for_free_places();
            if self.under_way.is_empty() {
                break;
            }
            let Ok(mut next) = tokio::time::timeout(LOOK, self.under_way.next()).await else {
                self.may_be_due = true;
                continue;
            };
            // Those that ended with it are settled with it.
            while let Some(done) = next {
                self.note(done);
                next = self.under_way.next().now_or_never().flatten();
            }
        }
        // The database was away for a moment, and what it does not know is sent once more.
        let Office { pool, settings, meters, .. } = self.office;
        if !self.unsettled.is_empty()
            && let Err((_, error)) = settle(pool, self.unsettled, settings, meters).await
        {
            return Err(error);
        }
        self.failed.map_or(Ok(self.did), Err)
    }

    fn settle_what_ended(&mut self) {
        if self.settles || (self.tried.is_empty() && self.back.is_empty()) {
            return;
        }
        self.settles = true;
        let (tried, back) = (std::mem::take(&mut self.tried), std::mem::take(&mut self.back));
        self.under_way.push(settle_or_give_back(self.office, tried, back).boxed());
    }

    fn claim_for_free_places(&mut self) {
        let goes_on =
            self.failed.is_none() && !self.stop.asked.is_cancelled() && self.begun.elapsed() < LONGEST_STEP;
        self.crowded = self.crowded.filter(|(_, since)| since.elapsed() < CROWDED);
        let places = self.crowded.map_or(self.places, |(fewer, _)| fewer.min(self.places));
        let free = places.saturating_sub(self.handing_over).min(self.most.unwrap_or(places));
        if goes_on && self.may_be_due && !self.claims && free > 0 {
            (self.claims, self.may_be_due) = (true, false);
            let Office { pool, clock, settings, .. } = self.office;
            let claim = claim(pool, clock, settings, free).map(move |claimed| Done::Claimed(claimed, free));
            self.under_way.push(claim.boxed());
        }
    }

    fn note(&mut self, done: Done) {
        match done {
            Done::HandedOver(ended) => {
                self.handing_over = self.handing_over.saturating_sub(1);
                match ended {
                    Ended::Said(one) => self.tried.push(one),
                    Ended::Cut(email) => self.back.push(email),
                    Ended::Panicked => {}
                }
            }
            // Of a case, the next one may be due now.
            Done::Settled(left, error) => {
                (self.settles, self.may_be_due) = (false, true);
                self.unsettled.extend(left);
                self.fail(error);
            }
            Done::Claimed(claimed, asked) => {
                self.claims = false;
                match claimed {
                    Err(error) => self.fail(Some(error)),
                    // What can't be settled now had better not be sent now.
                    Ok(claimed) if self.failed.is_some() => self.back.extend(claimed),
                    Ok(claimed) => self.hand_over(claimed, asked),
                }
            }
        }
    }

    fn hand_over(&mut self, claimed: Vec<ClaimedEmail>, asked: usize) {
        let many = claimed.len();
        self.may_be_due |= many == asked;
        self.handing_over = self.handing_over.saturating_add(many);
        self.most = self.most.map(|most| most.saturating_sub(many));
        if many > 0 {
            self.did = Step::Did;
        }
        let (office, stop) = (self.office, self.stop);
        let each = |email| hand_over(office, stop, email).map(Done::HandedOver).boxed();
        self.under_way.extend(claimed.into_iter().map(each));
    }

    /// The first of several is told.
    fn fail(&mut self, error: Option<anyhow::Error>) {
        self.failed = self.failed.take().or(error);
    }

    /// A server that takes no further connection says nothing about an e-mail: that one is given back, and goes over one of the
    /// connections that are there.
    fn make_room(&mut self) {
        let mut fewest: Option<usize> = None;
        for one in std::mem::take(&mut self.tried) {
            if let Receipt::Crowded { others, .. } = one.receipt {
                fewest = Some(fewest.unwrap_or(others).min(others));
                self.back.push(one.email);
            } else {
                self.tried.push(one);
            }
        }
        if let Some(fewer) = fewest {
            self.crowded = Some((fewer, Instant::now()));
        }
    }
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
