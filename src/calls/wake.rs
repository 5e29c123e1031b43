//! Wakes a worker: by a call, after a while anyway, or because it is time to stop.
//!
//! Does no work. A notification is a hint that may get lost; the interval is the promise.

use std::{collections::BTreeSet, time::Duration};

use sqlx::{PgPool, postgres::PgListener};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{CHANNEL, Topic};
use crate::listening;

/// Why a worker woke up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Woken {
    /// Somebody said that there is work, and about what.
    Called(BTreeSet<Topic>),
    /// Nobody said anything for the whole interval.
    Rested,
    /// Time to stop.
    Stopped,
}

/// Listens for calls with a connection of its own out of `pool`, and gets a new one when that is lost.
#[derive(Debug)]
pub struct Wake {
    pool: PgPool,
    listener: Option<PgListener>,
}

impl Wake {
    pub fn new(pool: PgPool) -> Self {
        Self { pool, listener: None }
    }

    /// Waits for a call, for `interval`, or for `stop`. What was called while nobody waited is not lost, and the
    /// first wait on a new connection returns at once: something may have come in before it listened.
    pub async fn wait(&mut self, interval: Duration, stop: &CancellationToken) -> Woken {
        tokio::select! {
            biased;
            () = stop.cancelled() => Woken::Stopped,
            called = timeout(interval, self.called()) => match called {
                Ok(topics) => Woken::Called(topics),
                Err(_elapsed) => {
                    self.give_up_if_silent().await;
                    Woken::Rested
                }
            },
        }
    }

    async fn give_up_if_silent(&mut self) {
        let Some(listener) = &mut self.listener else { return };
        if let Err(error) = listening::ask(listener).await {
            tracing::warn!(%error, "the connection that listens for work is silent, taking another");
            self.listener = None;
        }
    }

    /// Returns with the next call; without a database it never returns.
    async fn called(&mut self) -> BTreeSet<Topic> {
        match self.listen().await {
            Ok(topics) => topics,
            Err(error) => {
                self.listener = None;
                tracing::warn!(%error, "not listening for work, looking for it from time to time");
                std::future::pending().await
            }
        }
    }

    async fn listen(&mut self) -> sqlx::Result<BTreeSet<Topic>> {
        let Some(listener) = &mut self.listener else {
            let mut listener = PgListener::connect_with(&self.pool).await?;
            listener.listen(CHANNEL).await?;
            self.listener = Some(listener);
            return Ok(BTreeSet::from([Topic::Anything]));
        };
        // `None` says that the connection was lost and calls with it: look for work then, too.
        let topic = |heard: Option<sqlx::postgres::PgNotification>| {
            heard.map_or(Topic::Anything, |heard| Topic::read(heard.payload()))
        };
        let mut topics = BTreeSet::from([topic(listener.try_recv().await?)]);
        // Of many calls at once, one of each kind is enough.
        while let Ok(Ok(Some(heard))) = timeout(Duration::ZERO, listener.try_recv()).await {
            topics.insert(Topic::read(heard.payload()));
        }
        Ok(topics)
    }
}
