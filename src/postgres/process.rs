//! The running server as our child process, and the watchdog that ends it when we are killed.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::PORT;
use super::cluster::Cluster;

/// Waits for the end of its input, which comes when we end, also by `kill -9`, and then stops the server.
const WATCHDOG: &str = "read -r _; kill -INT \"$1\"";

/// How long one that was killed may take to be gone.
const AFTER_KILL: Duration = Duration::from_millis(500);

/// A PostgreSQL server and its watchdog. Both end when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    postgres: Child,
    watchdog: Option<Child>,
    /// How long its end may take.
    patience: Duration,
}

impl Process {
    /// Starts the server; it may end at once, see [`Process::wait_until_ready`].
    pub(super) fn spawn(
        cluster: &Cluster,
        settings: &[String],
        log: File,
        patience: Duration,
    ) -> anyhow::Result<Process> {
        let error_log = log.try_clone().context("cannot write the log of PostgreSQL")?;
        let postgres = cluster.spawn("postgres", |command| {
            // The socket's folder is relative: an absolute path may be too long for one.
            for setting in ["listen_addresses=", "unix_socket_directories=."] {
                command.arg("-c").arg(setting);
            }
            command.arg("-c").arg(format!("port={PORT}"));
            // Statements and details of an error hold what customers wrote.
            command.args(["-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse"]);
            for setting in settings {
                command.arg("-c").arg(setting);
            }
            command.stdout(log).stderr(error_log);
        })?;
        let mut process = Process { postgres, watchdog: None, patience };
        process.watchdog = Some(watch(process.pid()?)?);
        Ok(process)
    }

    /// Blocks until the server takes connections, however long it recovers from a crash, or nobody wants it any more.
    pub(super) fn wait_until_ready(
        &mut self,
        cluster: &Cluster,
        wanted: &dyn Fn() -> bool,
    ) -> anyhow::Result<()> {
        let pid = self.postgres.id().to_string();
        loop {
            if let Some(status) = self.ended()? {
                bail!("PostgreSQL ended ({status})");
            }
            ensure!(wanted(), "PostgreSQL was not awaited any longer");
            // Line 1 is the process id, line 8 the state: `storage/pidfile.h` of PostgreSQL.
            let file = fs::read_to_string(cluster.folder.join("postmaster.pid")).unwrap_or_default();
            let mut lines = file.lines().map(str::trim);
            if lines.next() == Some(&pid) && lines.nth(6) == Some("ready") {
                return Ok(());
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// How it ended, where nobody asked it to.
    pub(super) fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        self.postgres.try_wait().context("cannot look after PostgreSQL")
    }

    /// Ends connections and stops in order; without order when half of the patience is over, and by force at its end: a server
    /// that hangs keeps nobody. What was committed is safe either way.
    pub(super) fn stop(&mut self, patience: Duration) -> anyhow::Result<()> {
        let begun = Instant::now();
        let stages = [
            (Signal::SIGINT, patience / 2),
            (Signal::SIGQUIT, patience * 3 / 4),
            // The kernel may have to end a write first.
            (Signal::SIGKILL, patience + AFTER_KILL),
        ];
        for (signal, until) in stages {
            if self.ended()?.is_none() {
                kill(self.pid()?, signal).context("cannot stop PostgreSQL")?;
            }
            while begun.elapsed() < until {
                if self.ended()?.is_some() {
                    return self.dismiss_watchdog();
                }
                sleep(Duration::from_millis(5));
            }
        }
        bail!("PostgreSQL (process {}) does not stop", self.postgres.id())
    }

    fn dismiss_watchdog(&mut self) -> anyhow::Result<()> {
        if let Some(mut watchdog) = self.watchdog.take() {
            watchdog
                .kill()
                .and_then(|()| watchdog.wait())
                .context("cannot end the watchdog of PostgreSQL")?;
        }
        Ok(())
    }

    fn pid(&self) -> anyhow::Result<Pid> {
        Ok(Pid::from_raw(self.postgres.id().try_into().context("no such process id")?))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.stop(self.patience) {
            tracing::error!(error = format!("{error:#}"), "the private PostgreSQL did not stop");
        }
    }
}

fn watch(postgres: Pid) -> anyhow::Result<Child> {
    Command::new("sh")
        .args(["-c", WATCHDOG, "sh", &postgres.to_string()])
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot run sh")
}
