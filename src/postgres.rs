//! The private PostgreSQL that Handover starts below its data directory when no database is configured.
//!
//! It listens on a Unix socket in a folder only its own account may enter, so it needs neither a port nor a
//! password. It stops with the process that started it, however that ends, and is never adopted by another:
//! what an earlier run left behind is ended and started anew. One that dies while it is needed is started again
//! ([`Keeper`]). It does not download or update PostgreSQL, does not migrate, and is no server for several machines.
//!
//! Below the data directory stand `postgres/` (the database cluster), `postgres.log` (of the latest start),
//! `postgres.log.died` (of the latest one that died while it was needed) and `postgres.lock` (held while the server runs).

mod account;
mod binaries;
mod cluster;
mod keeper;
mod left_over;
mod process;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

pub use self::binaries::{Clients, find_clients};
pub use self::keeper::{Keeper, Vitals};

use self::account::Account;
use self::cluster::Cluster;
use self::process::Process;

const DATABASE: &str = "handover";
const SUPERUSER: &str = "postgres";
/// Whom the services sign in as, once somebody has made this role ([`crate::privileges::make_role`]).
pub const SERVICE_ROLE: &str = "handover_service";
/// Names the socket file only: nothing listens on the network.
const PORT: u16 = 5432;
/// How long the remains of a killed server may keep its successor from starting.
const PATIENCE_WITH_REMAINS: Duration = Duration::from_secs(20);
/// How long its end may take where nobody says.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running private PostgreSQL with a database named `handover`. Stops when dropped.
#[derive(Debug)]
pub struct Server {
    // The order matters: the server stops before its directory and then the lock are let go.
    process: Process,
    cluster: Cluster,
    _lock: Lock,
    settings: Vec<String>,
    log: PathBuf,
    account: Option<Account>,
    patience: Duration,
}

/// The lock on a data directory. It is given back by unlocking: closing alone is not enough, since a child of another
/// thread between fork and exec still holds the same open file.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::error!(%error, "the data directory stays locked until this process ends");
        }
    }
}

impl Server {
    /// Starts the server below `data_dir`, making both when they do not exist yet. Blocks until it takes
    /// connections: about a tenth of a second, some seconds the first time, longer when it recovers from a crash.
    ///
    /// `binaries` names the folder of `postgres` and `initdb`; without it they are looked for on this machine.
    /// PostgreSQL refuses to run as root, so root runs it as the account that owns the data, else as `postgres`,
    /// else as `nobody`.
    ///
    /// # Errors
    /// In words for whoever operates Handover: PostgreSQL is not installed or of another version than the data,
    /// another process runs on the same data directory, the directory belongs to somebody else, or PostgreSQL
    /// ended, with the end of its log.
    pub fn start(data_dir: &Path, binaries: Option<&Path>) -> anyhow::Result<Server> {
        Server::start_with(data_dir, binaries, &[])
    }

    /// The same with more settings of the server, each `name=value` as in `postgresql.conf`.
    ///
    /// # Errors
    /// As for [`Server::start`].
    pub fn start_with(data_dir: &Path, binaries: Option<&Path>, settings: &[&str]) -> anyhow::Result<Server> {
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        fs::create_dir_all(data_dir)
            .and_then(|()| data_dir.canonicalize())
            .with_context(|| format!("cannot make the data directory {}", data_dir.display()))
            .and_then(|data_dir| start_below(&data_dir, binaries, settings))
            .context("cannot start the private PostgreSQL")
    }

    /// How to connect to the server that another process of this account runs below `data_dir`; `None` when none does.
    pub fn find_running(data_dir: &Path) -> Option<PgConnectOptions> {
        let data_dir = data_dir.canonicalize().ok()?;
        let lock = File::open(data_dir.join("postgres.lock")).ok()?;
        let running = match lock.try_lock() {
            // Held only to ask.
            Ok(()) => {
                drop(Lock(lock));
                false
            }
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(_)) => false,
        };
        running.then(|| options(&data_dir.join("postgres")))
    }

    /// How to connect to its database `handover` as the superuser, from this process or another of the same account.
    pub fn connect_options(&self) -> PgConnectOptions {
        options(&self.cluster.socket_folder())
    }

    /// Ends all connections, writes everything to disk and stops. Dropping does the same, silently.
    ///
    /// # Errors
    /// When the server could not be stopped.
    pub fn stop(self) -> anyhow::Result<()> {
        let patience = self.patience;
        self.stop_within(patience)
    }

    /// As [`Server::stop`], within `patience`: a server that hangs is killed.
    ///
    /// # Errors
    /// As for [`Server::stop`].
    pub fn stop_within(mut self, patience: Duration) -> anyhow::Result<()> {
        self.process.stop(patience).context("cannot stop the private PostgreSQL")
    }

    /// How it ended, where nobody asked it to.
    fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        self.process.ended()
    }

    /// Starts one that has ended once more; tries it once. Blocks as a start does, while it is `wanted`.
    fn start_again(&mut self, wanted: &dyn Fn() -> bool) -> anyhow::Result<()> {
        self.process.stop(Duration::ZERO)?;
        left_over::clear(&self.cluster)?;
        left_over::kill_orphans(&self.cluster);
        self.process = self.launch(wanted).map_err(|error| error.context(end_of(&self.log)))?;
        Ok(())
    }

    fn launch(&self, wanted: &dyn Fn() -> bool) -> anyhow::Result<Process> {
        let log = account::create_file(&self.log, self.account)?;
        let mut process = Process::spawn(&self.cluster, &self.settings, log, self.patience)?;
        process.wait_until_ready(&self.cluster, wanted)?;
        Ok(process)
    }
}

fn options(socket_folder: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket_folder)
        .port(PORT)
        .username(SUPERUSER)
        .database(DATABASE)
        .ssl_mode(PgSslMode::Disable)
}

fn start_below(data_dir: &Path, binaries: Option<&Path>, settings: Vec<String>) -> anyhow::Result<Server> {
    let account = account::for_data_in(&[&data_dir.join("postgres"), data_dir])?;
    let lock = lock(data_dir, account)?;
    let cluster = Cluster::open_or_make(data_dir, account, binaries)?;
    let log = data_dir.join("postgres.log");
    let deadline = Instant::now() + PATIENCE_WITH_REMAINS;
    let mut remains = false;
    loop {
        remains |= left_over::clear(&cluster)?;
        let mut process =
            Process::spawn(&cluster, &settings, account::create_file(&log, account)?, PATIENCE)?;
        match process.wait_until_ready(&cluster, &|| true) {
            Ok(()) => {
                return Ok(Server {
                    process,
                    cluster,
                    _lock: lock,
                    settings,
                    log,
                    account,
                    patience: PATIENCE,
                });
            }
            Err(_) if remains && Instant::now() < deadline => sleep(Duration::from_millis(200)),
            Err(error) => return Err(error.context(end_of(&log))),
        }
    }
}

fn lock(data_dir: &Path, account: Option<Account>) -> anyhow::Result<Lock> {
    let lock = account::create_file(&data_dir.join("postgres.lock"), account)?;
    match lock.try_lock() {
        Ok(()) => Ok(Lock(lock)),
        Err(TryLockError::WouldBlock) => bail!(
            "another Handover is running on the data directory {}: stop it first, or give this one another data directory",
            data_dir.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock the data directory {}", data_dir.display()))
        }
    }
}

fn end_of(log: &PathBuf) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let mut lines: Vec<&str> = text.lines().rev().take(10).collect();
    lines.reverse();
    format!("{} ends with:\n{}", log.display(), lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_given_back_while_a_child_still_holds_the_open_file() {
        let place = tempfile::tempdir().unwrap();
        let held = lock(place.path(), None).unwrap();
        // What a fork of another thread does: the same open file once more.
        let child = held.0.try_clone().unwrap();
        assert!(lock(place.path(), None).is_err());

        drop(held);
        lock(place.path(), None).unwrap();
        drop(child);
    }
}
