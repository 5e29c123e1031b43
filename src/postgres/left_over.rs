//! What a killed Handover left behind: a server that still runs, or the files of one that does not.
//!
//! The caller holds the lock of the data directory, so nothing found here belongs to a running Handover.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::PORT;
use super::cluster::Cluster;

/// Ends a server that still runs on the cluster, and forgets one whose process id is now somebody else's. Returns
/// whether files of an ended server remain; PostgreSQL itself decides when they are stale.
pub(super) fn clear(cluster: &Cluster) -> anyhow::Result<bool> {
    let pid_file = cluster.folder.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&pid_file) else { return Ok(false) };
    let Some(pid) = text.lines().next().and_then(|line| line.trim().parse().ok()).map(Pid::from_raw) else {
        return Ok(true);
    };
    if runs_on(cluster, pid) == Some(true) {
        end(cluster, pid)?;
    }
    if cfg!(target_os = "linux") && runs_on(cluster, pid) == Some(false) {
        // PostgreSQL would wait for that process for ever; typical in containers, where ids are few.
        for stale in [pid_file, cluster.folder.join(format!(".s.PGSQL.{PORT}.lock"))] {
            if stale.exists() {
                fs::remove_file(&stale).with_context(|| format!("cannot remove {}", stale.display()))?;
            }
        }
        return Ok(false);
    }
    Ok(true)
}

/// Whether the process `pid` is a server on this cluster; `None` when there is no such process or it cannot be told.
fn runs_on(cluster: &Cluster, pid: Pid) -> Option<bool> {
    if cfg!(target_os = "linux") {
        // A server works in the folder of its cluster.
        let works_in = fs::metadata(format!("/proc/{pid}/cwd")).ok()?;
        let folder = fs::metadata(&cluster.folder).ok()?;
        return Some((works_in.dev(), works_in.ino()) == (folder.dev(), folder.ino()));
    }
    let socket = Path::new(&cluster.folder).join(format!(".s.PGSQL.{PORT}"));
    UnixStream::connect(socket).is_ok().then_some(true)
}

fn end(cluster: &Cluster, pid: Pid) -> anyhow::Result<()> {
    for (signal, patience) in [(Signal::SIGINT, 30), (Signal::SIGQUIT, 10)] {
        // It may have ended meanwhile.
        let _ = kill(pid, signal);
        let deadline = Instant::now() + Duration::from_secs(patience);
        while Instant::now() < deadline {
            if runs_on(cluster, pid) != Some(true) {
                return Ok(());
            }
            sleep(Duration::from_millis(20));
        }
    }
    bail!("the PostgreSQL that an earlier run left behind (process {pid}) does not stop")
}
