//! What one reader of the desk has read and the others are shown as well, for two seconds at most: everybody has the queue open, and all of
//! them ask again when something changes.
//!
//! Never from before a change that this process has heard of: not from before an announcement, nor before a form that was sent here.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;

use crate::{app::App, clock::Timestamp};

/// So long is shown what somebody else has read.
const GOOD_FOR: SignedDuration = SignedDuration::from_secs(2);

/// A page takes it as application data; clones share what was read.
#[derive(Debug)]
pub struct ReadForAll<T>(Arc<Mutex<Option<Reading<T>>>>);

#[derive(Debug)]
struct Reading<T> {
    at: Timestamp,
    /// How many changes this process had heard of.
    changes: u64,
    read: T,
}

impl<T> Default for ReadForAll<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for ReadForAll<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> ReadForAll<T> {
    /// What `read` reads, or has read up to two seconds ago. By a clock that stands still, always of now.
    pub async fn get(&self, app: &App, read: impl AsyncFnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let at = app.clock.now();
        let changes = app.announcements.count();
        if app.clock.for_leases().is_none()
            && let Some(found) = self.find(at, changes)
        {
            return Ok(found);
        }
        let read = read().await?;
        let reading = Reading { at, changes, read: read.clone() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
        Ok(read)
    }

    fn find(&self, now: Timestamp, changes: u64) -> Option<T> {
        let reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let good = |reading: &&Reading<T>| {
            reading.changes == changes && reading.at <= now && now < reading.at.after(GOOD_FOR)
        };
        reading.as_ref().filter(good).map(|reading| reading.read.clone())
    }
}
