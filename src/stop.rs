//! The end of a process, in two stages: asked to stop, and out of patience.
//!
//! Whoever works finishes what is under way once asked; what is still waiting for somebody else when the patience is over is
//! given back to those who go on. Knows no work.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// One for the whole process.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    /// Nothing new is begun.
    pub asked: CancellationToken,
    /// What is under way is given back, instead of being finished.
    pub cut: CancellationToken,
}

impl Stop {
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

/// Waits for SIGTERM or SIGINT.
pub async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            tokio::signal::ctrl_c().await.ok();
        }
    }
}
