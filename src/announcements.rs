//! Tells whoever shows something that it changed: the database announces it by NOTIFY (the triggers of
//! `migrations/20261128200000_announce_changes.sql`), and one listener in each process hears it for all.
//!
//! An announcement is a hint without content, and may get lost; after a gap in hearing everything counts as changed.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{PgPool, postgres::PgListener};
use tokio::{sync::broadcast, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::listening;

const CHANNEL: &str = "handover_changes";
/// Announcements somebody may be behind before everything counts as changed for them.
const KEPT: usize = 256;
/// After so long without a word it is looked whether the server is still there, and whether anybody still wants to hear.
const LOOK: Duration = Duration::from_secs(10);
/// Between two tries to listen while the database is away: the first, and the longest.
const RETRY: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(15));

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A case or one of its letters.
    Case(Uuid),
    /// Who looks at a case.
    Watchers(Uuid),
    /// Something beside the cases.
    Elsewhere,
    /// Nobody listened for a moment.
    Anything,
}

/// The listener of this process. It has a connection only while somebody wants to hear.
#[derive(Clone, Debug)]
pub struct Announcements {
    sender: broadcast::Sender<Change>,
    listening: Arc<Mutex<bool>>,
    /// How many there were.
    count: Arc<AtomicU64>,
}

impl Default for Announcements {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(KEPT), listening: Arc::default(), count: Arc::default() }
    }
}

impl Announcements {
    /// Hears from now on. Who falls behind is told so by the receiver ([`Heard::next`]).
    pub fn hear(&self, pool: &PgPool, stop: &CancellationToken) -> Heard {
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.sender.subscribe();
        if !*listening {
            *listening = true;
            let (own, pool, stop) = (self.clone(), pool.clone(), stop.clone());
            tokio::spawn(async move { stop.run_until_cancelled(own.listen(&pool)).await });
        }
        Heard(receiver)
    }

    /// Listens until nobody wants to hear any more.
    async fn listen(&self, pool: &PgPool) {
        let mut wait = RETRY.0;
        loop {
            match self.listen_once(pool, &mut wait).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(%error, "not listening for changes, trying again"),
            }
            tokio::time::sleep(wait).await;
            wait = RETRY.1.min(wait * 2);
        }
    }

    async fn listen_once(&self, pool: &PgPool, wait: &mut Duration) -> sqlx::Result<()> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        // Whoever asked before this moment may have missed something.
        self.tell(Change::Anything);
        loop {
            match timeout(LOOK, listener.try_recv()).await {
                Err(_quiet) => listening::ask(&mut listener).await?,
                Ok(Ok(Some(heard))) => {
                    *wait = RETRY.0;
                    self.tell(read(heard.payload()));
                }
                Ok(Ok(None)) => self.tell(Change::Anything),
                Ok(Err(error)) => return Err(error),
            }
            if self.nobody_is_left() {
                return Ok(());
            }
        }
    }

    /// Whether the listener may go; the next who wants to hear begins another.
    fn nobody_is_left(&self) -> bool {
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        *listening = self.sender.receiver_count() > 0;
        !*listening
    }

    /// How many changes this process has heard of, which grows only while somebody wants to hear, or has made itself.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Somebody changed something here. Whoever asks next need not wait for the announcement to come back.
    pub fn note_own(&self) {
        self.count.fetch_add(1, Ordering::Release);
    }

    fn tell(&self, change: Change) {
        // First, so that whoever hears it knows that what was read before is old.
        self.count.fetch_add(1, Ordering::Release);
        // Nobody there to hear it is no mistake.
        let _ = self.sender.send(change);
    }
}

/// What one page hears.
#[derive(Debug)]
pub struct Heard(broadcast::Receiver<Change>);

impl Heard {
    /// The next change.
    pub async fn next(&mut self) -> Change {
        match self.0.recv().await {
            Ok(change) => change,
            Err(broadcast::error::RecvError::Lagged(_)) => Change::Anything,
            // Can't be while the application lives.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn read(payload: &str) -> Change {
    if payload.is_empty() {
        return Change::Elsewhere;
    }
    let read = match payload.strip_prefix("watchers ") {
        Some(case) => case.parse().map(Change::Watchers),
        None => payload.parse().map(Change::Case),
    };
    read.unwrap_or(Change::Anything)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_read_may_be_anything() {
        let case = Uuid::from_u128(7);
        assert_eq!(read(&case.to_string()), Change::Case(case));
        assert_eq!(read(&format!("watchers {case}")), Change::Watchers(case));
        assert_eq!(read(""), Change::Elsewhere);
        assert_eq!(read("a case"), Change::Anything);
    }

    #[tokio::test]
    async fn who_is_behind_hears_that_anything_changed() {
        let announcements = Announcements::default();
        *announcements.listening.lock().unwrap() = true;
        let pool = PgPool::connect_lazy("postgres://nobody@127.0.0.1:1/none").unwrap();
        let mut heard = announcements.hear(&pool, &CancellationToken::new());
        for _ in 0..=KEPT {
            announcements.tell(Change::Elsewhere);
        }
        assert_eq!(heard.next().await, Change::Anything);
        assert_eq!(heard.next().await, Change::Elsewhere);
        assert!(!announcements.nobody_is_left());
        drop(heard);
        assert!(announcements.nobody_is_left());
    }
}
