//! The worker: takes one step after another of everything that is due, then waits to be woken.
//!
//! Knows which kinds of work there are, not what they do. Any number of workers may run; each step claims its own work. A
//! step that fails or panics puts its own kind off, longer each time; a loop that ends takes the worker down with it, so
//! that nothing stops in silence.

mod called;
mod deletion;
pub mod erasure;
mod forgetting;
mod kind;
mod pace;
mod steps;

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::ensure;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio_util::sync::CancellationToken;

pub use self::kind::Kind;
use self::{
    called::Calls,
    kind::{LOOPS, Loop},
    pace::Pace,
};
use crate::{
    app::Step,
    calls::{Wake, Woken},
    casework::Casework,
    mail::{incoming::collect::Collector, outgoing::transport::Transport},
    panics::caught,
    verification::domain_watch::Watch,
};

/// How long a worker rests at most when nobody calls it.
const REST: Duration = Duration::from_secs(10);
/// Steps of one kind in a row before the next kind has its turn.
const TURN: usize = 50;
/// So does the time: fifty steps that are slow would keep the others waiting.
const LONGEST_TURN: Duration = Duration::from_secs(2);
/// A step that takes longer hangs, on a server that was cut off and never answers, say, and is given up as if the process had died: a while
/// after `/health/ready` says so ([`crate::pulse`]), for whoever would rather have the process anew.
const PATIENCE: Duration = Duration::from_secs(12 * 60);
/// Before a mailbox is collected again whose collecting panicked.
const REST_AFTER_PANIC: Duration = Duration::from_secs(60);

/// Called before each step: tests make it panic.
#[derive(Clone)]
struct BeforeStep(Arc<dyn Fn(Kind) + Send + Sync>);

impl std::fmt::Debug for BeforeStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BeforeStep")
    }
}

#[derive(Debug)]
pub struct Worker {
    casework: Casework,
    transport: Transport,
    collector: Option<Collector>,
    settings_followed: AtomicBool,
    before_step: Option<BeforeStep>,
    patience: Duration,
    watch: Watch,
}

impl Worker {
    /// One that collects no mailbox.
    pub fn new(casework: Casework, transport: Transport) -> Self {
        Self {
            casework,
            transport,
            collector: None,
            settings_followed: AtomicBool::new(false),
            before_step: None,
            patience: PATIENCE,
            watch: Watch::default(),
        }
    }

    /// With everything that the settings name; fails on settings that could never work.
    pub fn try_new(casework: Casework) -> anyhow::Result<Self> {
        let app = &casework.app;
        let transport = Transport::try_new(&app.settings.mail, &app.settings.data_dir)?;
        let collector = Collector::try_new(app.pool.clone(), app.clock.clone(), &app.settings.mail)?;
        Ok(Self { collector, ..Self::new(casework, transport) })
    }

    /// Calls `look` before each step; for tests.
    #[must_use]
    pub fn before_each_step(mut self, look: impl Fn(Kind) + Send + Sync + 'static) -> Self {
        self.before_step = Some(BeforeStep(Arc::new(look)));
        self
    }

    /// Gives up steps that take longer; for tests.
    #[must_use]
    pub fn giving_up_after(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Works until `stop`; steps under way are finished first, or, where the application's own stop is cut short, given back.
    /// The mailbox is collected meanwhile.
    ///
    /// # Errors
    /// Where a loop ended that nobody had asked to.
    pub async fn run(&self, stop: &CancellationToken) -> anyhow::Result<()> {
        let app = &self.casework.app;
        self.settings_followed.store(false, Ordering::Relaxed);
        let calls: [Calls; LOOPS.len()] = Default::default();
        let loops = LOOPS.iter().zip(&calls);
        let work = all_until(stop, loops.map(|(one, calls)| (one.name, self.repeat(one, stop, calls))));
        let patience = Duration::from_secs(app.settings.stop_seconds.into()) / 2;
        let collect = async {
            self.collect(stop).await;
            std::future::pending().await
        };
        let ended = tokio::select! {
            ended = work => ended,
            never = collect => never,
            never = listen(Wake::new(app.pool.clone()), stop, &calls) => never,
            never = async { app.stop.cut_after(patience).await; std::future::pending().await } => never,
        };
        app.pulse.end();
        ended
    }

    /// Works until nothing is due any more.
    pub async fn run_until_idle(&self) {
        self.settings_followed.store(false, Ordering::Relaxed);
        let mut paces = LOOPS.map(|_| Pace::default());
        while self.first_that_did(&mut paces).await {}
    }

    /// Whether any loop had something to do; those behind it were not asked.
    async fn first_that_did(&self, paces: &mut [Pace]) -> bool {
        let never = CancellationToken::new();
        for (one, pace) in LOOPS.iter().zip(paces) {
            if self.turns(one, &all_of(one), pace, &never).await.did == Step::Did {
                return true;
            }
        }
        false
    }

    /// Works while there is work, rests while there is none, until `stop`. Looks for what it was called for, and for all of it
    /// from time to time: calls get lost, and what only the time makes due calls nobody.
    async fn repeat(&self, one: &Loop, stop: &CancellationToken, calls: &Calls) {
        let app = &self.casework.app;
        let mut pace = Pace::default();
        let mut kinds = all_of(one);
        let mut rested = Instant::now();
        while !stop.is_cancelled() {
            let turns = self.turns(one, &kinds, &mut pace, stop).await;
            app.pulse.beat(one.name);
            let rest = pace.rest(REST, rested);
            if turns.did == Step::Did && !turns.is_all || rested.elapsed() >= rest {
                (kinds, rested) = (all_of(one), Instant::now());
                continue;
            }
            kinds = tokio::select! {
                () = stop.cancelled() => return,
                called = calls.next() => called,
                () = tokio::time::sleep(rest.saturating_sub(rested.elapsed())) => all_of(one),
            };
            if kinds.len() == one.kinds.len() {
                rested = Instant::now();
            }
        }
    }

    /// A turn for each of `kinds`, in the order of the loop, but for those that are put off.
    async fn turns(
        &self,
        one: &Loop,
        kinds: &BTreeSet<Kind>,
        pace: &mut Pace,
        stop: &CancellationToken,
    ) -> Turn {
        let mut turns = Turn { did: Step::Idle, is_all: true };
        for kind in one.kinds.iter().filter(|kind| kinds.contains(kind)) {
            if !pace.is_put_off(*kind, Instant::now()) {
                let turn = self.turn(one, *kind, pace, stop).await;
                if turn.did == Step::Did {
                    // What one kind does may give another one something to do.
                    let is_all = turn.is_all && one.kinds.len() == 1;
                    turns = Turn { did: Step::Did, is_all: turns.is_all && is_all };
                }
            }
        }
        turns
    }

    /// Steps of one kind until there are none, or it is the others' turn, or one fails.
    async fn turn(&self, one: &Loop, kind: Kind, pace: &mut Pace, stop: &CancellationToken) -> Turn {
        let (mut did, mut is_all, begun) = (Step::Idle, false, Instant::now());
        for _ in 0..TURN {
            if stop.is_cancelled() {
                break;
            }
            self.casework.app.pulse.beat(one.name);
            match self.measured_step(kind).await {
                Ok(Step::Did) => did = Step::Did,
                Ok(Step::Idle) => {
                    pace.went_well(kind);
                    is_all = true;
                    break;
                }
                Err(error) => {
                    let (work, wait_seconds) = (kind.as_str(), pace.failed(kind, Instant::now()).as_secs());
                    tracing::error!(
                        work,
                        wait_seconds,
                        error = format!("{error:#}"),
                        "a step of work failed"
                    );
                    break;
                }
            }
            pace.went_well(kind);
            if begun.elapsed() >= LONGEST_TURN {
                break;
            }
        }
        Turn { did, is_all }
    }

    /// Collects the mailbox until `stop`, also after a message that made it panic.
    async fn collect(&self, stop: &CancellationToken) {
        let Some(collector) = &self.collector else { return };
        while caught(collector.run(stop)).await.is_err() {
            tracing::error!("collecting mail panicked");
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(REST_AFTER_PANIC) => {}
            }
        }
    }
}

/// How one turn ended, or several.
#[derive(Clone, Copy)]
struct Turn {
    did: Step,
    /// The last step found nothing more.
    is_all: bool,
}

fn all_of(one: &Loop) -> BTreeSet<Kind> {
    one.kinds.iter().copied().collect()
}

/// Listens for all loops, with one connection, and calls those that a call concerns.
async fn listen<T>(mut wake: Wake, stop: &CancellationToken, calls: &[Calls; LOOPS.len()]) -> T {
    loop {
        match caught(wake.wait(REST, stop)).await {
            Ok(Woken::Stopped) => return std::future::pending().await,
            Ok(Woken::Called(topics)) => called::call(calls, &topics),
            Ok(Woken::Rested) | Err(_) => {}
        }
    }
}

/// Waits for all loops to end after `stop`.
///
/// # Errors
/// As soon as one ended before, by a panic or by itself.
async fn all_until(
    stop: &CancellationToken,
    loops: impl Iterator<Item = (&'static str, impl Future<Output = ()>)>,
) -> anyhow::Result<()> {
    let mut loops: FuturesUnordered<_> =
        loops.map(|(name, one)| async move { (name, caught(one).await) }).collect();
    while let Some((name, _)) = loops.next().await {
        ensure!(stop.is_cancelled(), "the loop of {name} ended by itself");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use futures_util::future::BoxFuture;

    use super::*;

    fn endless(stop: &CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(stop.clone().cancelled_owned())
    }

    #[tokio::test]
    async fn a_loop_that_ends_unasked_is_an_error_at_once() {
        let stop = CancellationToken::new();
        let panics: BoxFuture<'static, ()> = Box::pin(async { panic!("a mistake of ours") });
        for ending in [panics, Box::pin(async {})] {
            let loops = [("cases", endless(&stop)), ("deliveries", ending)];
            let error = all_until(&stop, loops.into_iter()).await.unwrap_err().to_string();
            assert!(error.contains("deliveries"), "{error}");
        }
    }

    #[tokio::test]
    async fn loops_that_end_because_they_are_told_to_are_none() {
        let stop = CancellationToken::new();
        let loops = [("cases", endless(&stop)), ("deliveries", endless(&stop))];
        stop.cancel();
        all_until(&stop, loops.into_iter()).await.unwrap();
    }
}
