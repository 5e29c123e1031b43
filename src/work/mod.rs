//! The worker: takes one step after another of everything that is due, then waits to be woken.
//!
//! Knows which kinds of work there are, not what they do. Any number of workers may run; each step claims its own work. A
//! step that fails or panics puts its own kind off, longer each time; a loop that ends takes the worker down with it, so
//! that nothing stops in silence.

mod deletion;
pub mod erasure;
mod forgetting;
mod kind;
mod pace;
mod steps;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::ensure;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use self::kind::Kind;
use self::{
    kind::{LOOPS, Loop},
    pace::Pace,
};
use crate::{
    app::Step,
    casework::Casework,
    mail::{
        incoming::collect::Collector,
        outgoing::{
            transport::Transport,
            wake::{Wake, Woken},
        },
    },
    panics::{caught, caught_in},
};

/// How long a worker rests at most when nobody calls it.
const REST: Duration = Duration::from_secs(10);
/// Steps of one kind in a row before the next kind has its turn.
const TURN: usize = 50;
/// So does the time: fifty steps that are slow would keep the others waiting.
const LONGEST_TURN: Duration = Duration::from_secs(2);
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

    /// Works until `stop`; steps under way are finished first, or, where the application's own stop is cut short, given back.
    /// The mailbox is collected meanwhile.
    ///
    /// # Errors
    /// Where a loop ended that nobody had asked to.
    pub async fn run(&self, stop: &CancellationToken) -> anyhow::Result<()> {
        let app = &self.casework.app;
        self.settings_followed.store(false, Ordering::Relaxed);
        let (call, called) = watch::channel(());
        let work =
            all_until(stop, LOOPS.iter().map(|one| (one.name, self.repeat(one, stop, called.clone()))));
        let patience = Duration::from_secs(app.settings.stop_seconds.into()) / 2;
        let collect = async {
            self.collect(stop).await;
            std::future::pending().await
        };
        let ended = tokio::select! {
            ended = work => ended,
            never = collect => never,
            never = listen(Wake::new(app.pool.clone()), stop, &call) => never,
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
            if self.turns(one, pace, &never).await == Step::Did {
                return true;
            }
        }
        false
    }

    /// Works while there is work, rests while there is none, until `stop`.
    async fn repeat(&self, one: &Loop, stop: &CancellationToken, mut called: watch::Receiver<()>) {
        let app = &self.casework.app;
        let mut pace = Pace::default();
        while !stop.is_cancelled() {
            while self.turns(one, &mut pace, stop).await == Step::Did && !stop.is_cancelled() {}
            app.pulse.beat(one.name);
            tokio::select! {
                () = stop.cancelled() => {}
                // What was called while this loop worked is not lost. Without a listener there is the rest.
                Ok(()) = called.changed() => {}
                () = tokio::time::sleep(pace.rest(REST, Instant::now())) => {}
            }
        }
    }

    /// A turn for each kind of the loop, but those that are put off.
    async fn turns(&self, one: &Loop, pace: &mut Pace, stop: &CancellationToken) -> Step {
        let mut did = Step::Idle;
        for kind in one.kinds {
            if !pace.is_put_off(*kind, Instant::now()) && self.turn(one, *kind, pace, stop).await == Step::Did
            {
                did = Step::Did;
            }
        }
        did
    }

    /// Steps of one kind until there are none, or it is the others' turn, or one fails.
    async fn turn(&self, one: &Loop, kind: Kind, pace: &mut Pace, stop: &CancellationToken) -> Step {
        let (mut did, begun) = (Step::Idle, Instant::now());
        for _ in 0..TURN {
            if stop.is_cancelled() {
                break;
            }
            self.casework.app.pulse.beat(one.name);
            match caught_in(self.step(kind)).await {
                Ok(Step::Did) => did = Step::Did,
                Ok(Step::Idle) => {
                    pace.went_well(kind);
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
        did
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

/// Listens for all loops, with one connection, and calls them.
async fn listen<T>(mut wake: Wake, stop: &CancellationToken, call: &watch::Sender<()>) -> T {
    loop {
        match caught(wake.wait(REST, stop)).await {
            Ok(Woken::Stopped) => return std::future::pending().await,
            Ok(Woken::Called) => call.send_replace(()),
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
