//! What one reader of the desk has read and the others are shown as well, or the same reader on the next page, for two seconds at most:
//! everybody has the queue open, some in several windows, and all of them ask again when something changes.
//!
//! Never from before a change that this process has heard of: not from before an announcement, nor before a form that was sent here.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::SignedDuration;

use crate::{app::App, clock::Timestamp};

/// So long is shown what somebody else has read.
const GOOD_FOR: SignedDuration = SignedDuration::from_secs(2);
/// More readers than any desk has; then all of it is forgotten.
const MOST_KEPT: usize = 1000;

/// What is the same for everybody.
pub type ReadForAll<T> = ReadFor<(), T>;

/// What is the same for each `K`. A page takes it as application data; clones share what was read.
#[derive(Debug)]
pub struct ReadFor<K, T>(Arc<Mutex<HashMap<K, Reading<T>>>>);

#[derive(Debug)]
struct Reading<T> {
    at: Timestamp,
    /// How many changes this process had heard of.
    changes: u64,
    read: T,
}

impl<K, T> Default for ReadFor<K, T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, T> Clone for ReadFor<K, T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> ReadForAll<T> {
    /// [`Self::get_for`] everybody.
    pub async fn get(&self, app: &App, read: impl AsyncFnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        self.get_for((), app, read).await
    }
}

impl<K: Eq + Hash, T: Clone> ReadFor<K, T> {
    /// What `read` reads, or has read up to two seconds ago. By a clock that stands still, always of now.
    pub async fn get_for(
        &self,
        whom: K,
        app: &App,
        read: impl AsyncFnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let at = app.clock.now();
        let changes = app.announcements.count();
        if app.clock.for_leases().is_none()
            && let Some(found) = self.find(&whom, at, changes)
        {
            return Ok(found);
        }
        let read = read().await?;
        let reading = Reading { at, changes, read: read.clone() };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(whom, reading);
        Ok(read)
    }

    fn find(&self, whom: &K, now: Timestamp, changes: u64) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let good = |reading: &&Reading<T>| {
            reading.changes == changes && reading.at <= now && now < reading.at.after(GOOD_FOR)
        };
        kept.get(whom).filter(good).map(|reading| reading.read.clone())
    }
}
