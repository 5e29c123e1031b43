//! The end of a process, in two stages: asked to stop, and out of patience.
//!
//! Whoever works finishes what is under way once asked; what is still waiting for somebody else when the patience is over is
//! given back to those who go on. Knows no work.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// One for the whole process.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    /// Nothing new is begun.
    pub asked: CancellationToken,
    /// What is under way is given back, instead of being finished.
    pub cut: CancellationToken,
    begun: Arc<OnceLock<Instant>>,
}

impl Stop {
    /// Asks everybody to stop.
    pub fn ask(&self) {
        self.begun.get_or_init(Instant::now);
        self.asked.cancel();
    }

    /// What is left of `patience` since everybody was asked.
    pub fn left_of(&self, patience: Duration) -> Duration {
        patience.saturating_sub(self.begun.get().map_or(Duration::ZERO, Instant::elapsed))
    }

    /// Waits until the process is asked to stop and the `patience` is over, then cuts off.
    pub async fn cut_after(&self, patience: Duration) {
        self.asked.cancelled().await;
        tokio::time::sleep(patience).await;
        self.cut.cancel();
    }

    /// `work`, or `None` where it is cut off before it has ended.
    pub async fn unless_cut<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.cut.run_until_cancelled(work).await
    }
}

/// SIGTERM and SIGINT, which from here on ask instead of killing. Whoever says that it runs must have them, or who hears it and
/// asks it to end at once kills it.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// # Errors
    /// Where they can't be caught.
    pub fn catch() -> anyhow::Result<Self> {
        let catch = |kind| signal(kind).context("could not catch the signals that ask a process to end");
        Ok(Self { terminate: catch(SignalKind::terminate())?, interrupt: catch(SignalKind::interrupt())? })
    }

    /// Waits for one of them, also where it came before.
    pub async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
