//! Keeps the private server running while it is needed: one that dies, by the kernel's hand for want of memory or by
//! somebody's, is started again, for as long as it takes and ever more slowly. Not while this process stops.
//!
//! A thread of its own: starting blocks, and the server must come back also while everything else waits for it.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::Context;
use sqlx::postgres::PgConnectOptions;
use tokio_util::sync::CancellationToken;

use super::Server;
use crate::clock::{Clock, Timestamp};

/// How often it is looked after.
const LOOK: Duration = Duration::from_millis(200);
/// Before the second try; each later wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// A folder that no server can start on costs a start a minute, and comes back soon after it is mended.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// One that lived so long did not die of its start.
const WELL: Duration = Duration::from_secs(60);
/// How long whoever stops waits for this thread beyond the patience that it was given.
const GRACE: Duration = Duration::from_secs(1);

/// The private server and the thread that looks after it. The server stops when this is dropped.
#[derive(Debug)]
pub struct Keeper {
    options: PgConnectOptions,
    vitals: Vitals,
    leaving: CancellationToken,
    patience: Duration,
    /// Tells the thread within what time to stop the server.
    orders: Option<Sender<Duration>>,
    stopped: Receiver<anyhow::Result<()>>,
}

/// How the private server is. One for the whole process.
#[derive(Clone, Debug, Default)]
pub struct Vitals(Arc<Mutex<Known>>);

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    is_down: bool,
    died_at: Option<Timestamp>,
}

impl Vitals {
    /// Whether it died and does not run again yet.
    pub fn is_down(&self) -> bool {
        self.known(|known| known.is_down)
    }

    /// When it died the last time while this process needed it.
    pub fn died_at(&self) -> Option<Timestamp> {
        self.known(|known| known.died_at)
    }

    fn known<T>(&self, look: impl FnOnce(&mut Known) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Keeper {
    /// Looks after `server` until `asked`, and stops it within `patience` when dropped.
    ///
    /// # Errors
    /// Where there is no thread for it.
    pub fn try_new(
        mut server: Server,
        asked: &CancellationToken,
        patience: Duration,
    ) -> anyhow::Result<Keeper> {
        server.patience = patience;
        let (options, vitals, leaving) = (server.connect_options(), Vitals::default(), asked.child_token());
        let (orders, ordered) = mpsc::channel();
        let (tell, stopped) = mpsc::channel();
        let (seen, leaves) = (vitals.clone(), leaving.clone());
        thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(move || {
                let patience = look_after(&mut server, &ordered, &seen, &leaves);
                // Nobody may be left to hear it.
                let _ = tell.send(server.stop_within(patience));
            })
            .context("cannot make a thread to look after PostgreSQL")?;
        Ok(Keeper { options, vitals, leaving, patience, orders: Some(orders), stopped })
    }

    pub fn connect_options(&self) -> PgConnectOptions {
        self.options.clone()
    }

    pub fn vitals(&self) -> Vitals {
        self.vitals.clone()
    }

    /// Stops the server within `patience`, whatever it does.
    ///
    /// # Errors
    /// When it could not be stopped.
    pub fn stop(mut self, patience: Duration) -> anyhow::Result<()> {
        self.end(patience)
    }

    fn end(&mut self, patience: Duration) -> anyhow::Result<()> {
        let Some(orders) = self.orders.take() else { return Ok(()) };
        self.leaving.cancel();
        // Where the thread is gone, so is the server.
        let _ = orders.send(patience);
        self.stopped
            .recv_timeout(patience + GRACE)
            .context("the private PostgreSQL is left to its watchdog: it could not be stopped in time")?
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if let Err(error) = self.end(self.patience) {
            tracing::error!(error = format!("{error:#}"), "the private PostgreSQL did not stop");
        }
    }
}

/// Until somebody gives an order; within what time the server is to be stopped.
fn look_after(
    server: &mut Server,
    orders: &Receiver<Duration>,
    vitals: &Vitals,
    leaving: &CancellationToken,
) -> Duration {
    let mut pace = Pace { started: Instant::now(), wait: Duration::ZERO, is_up: true };
    let mut rest = LOOK;
    loop {
        match orders.recv_timeout(rest) {
            Ok(patience) => return patience,
            Err(RecvTimeoutError::Disconnected) => return server.patience,
            Err(RecvTimeoutError::Timeout) => {}
        }
        rest = if leaving.is_cancelled() { LOOK } else { pace.look(server, vitals, leaving) };
    }
}

struct Pace {
    started: Instant,
    /// Before the next start.
    wait: Duration,
    is_up: bool,
}

impl Pace {
    /// Looks once, starts the server again where it has died, and says when to look again.
    fn look(&mut self, server: &mut Server, vitals: &Vitals, leaving: &CancellationToken) -> Duration {
        if self.is_up {
            match server.ended() {
                Ok(None) => return LOOK,
                Ok(Some(status)) => {
                    tracing::error!(%status, "the private PostgreSQL died: it is started again")
                }
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "cannot look after the private PostgreSQL");
                    return LOOK;
                }
            }
            self.is_up = false;
            vitals.known(|known| *known = Known { is_down: true, died_at: Some(Clock::wall().now()) });
            keep_log(server);
            // At once, unless it died of its last start.
            if self.started.elapsed() >= WELL {
                self.wait = Duration::ZERO;
            }
            if !self.wait.is_zero() {
                return self.wait;
            }
        }
        match server.start_again(&|| !leaving.is_cancelled()) {
            Ok(()) => {
                tracing::warn!("the private PostgreSQL runs again");
                (self.is_up, self.started) = (true, Instant::now());
                self.lengthen();
                vitals.known(|known| known.is_down = false);
                LOOK
            }
            Err(_) if leaving.is_cancelled() => LOOK,
            Err(error) => {
                self.lengthen();
                let wait_milliseconds = u64::try_from(self.wait.as_millis()).unwrap_or(u64::MAX);
                let error = format!("{error:#}");
                tracing::error!(wait_milliseconds, error, "the private PostgreSQL does not start again");
                self.wait
            }
        }
    }

    fn lengthen(&mut self) {
        self.wait = self.wait.saturating_mul(2).clamp(FIRST_WAIT, LONGEST_WAIT);
    }
}

/// The log says why it died, and the next start begins another.
fn keep_log(server: &Server) {
    if let Err(error) = fs::rename(&server.log, server.log.with_extension("log.died")) {
        tracing::warn!(%error, "cannot keep the log of the PostgreSQL that died");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_between_starts_grows_up_to_a_minute() {
        let mut pace = Pace { started: Instant::now(), wait: Duration::ZERO, is_up: false };
        let waits: Vec<u128> = (0..9)
            .map(|_| {
                pace.lengthen();
                pace.wait.as_millis()
            })
            .collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    }
}
