//! What a killed Handover left behind: a server that still runs, or the files of one that does not.
//!
//! The caller holds the lock of the data directory, so nothing found here belongs to a running Handover.

use std::fs;
use std::io::ErrorKind;
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

/// Ends a server that still runs on the cluster, and removes the files that would keep a new one from starting.
/// Returns whether there was anything; processes of a killed server may then still be about to notice.
pub(super) fn clear(cluster: &Cluster) -> anyhow::Result<bool> {
    let pid_file = cluster.folder.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&pid_file) else { return Ok(false) };
    let Some(pid) = text.lines().next().and_then(|line| line.trim().parse().ok()).map(Pid::from_raw) else {
        return Ok(true);
    };
    if runs_on(cluster, pid) == Some(true) {
        end(cluster, pid)?;
    }
    if runs_on(cluster, pid) == Some(false) {
        // PostgreSQL would wait for any process with that id, also for one that has nothing to do with it (in
        // containers ids are few) and for one that has ended but whose parent has not noticed. It still refuses to
        // start while processes of the old server are attached to the memory they shared.
        for stale in [pid_file, cluster.folder.join(format!(".s.PGSQL.{PORT}.lock"))] {
            if stale.exists() {
                fs::remove_file(&stale).with_context(|| format!("cannot remove {}", stale.display()))?;
            }
        }
    }
    Ok(true)
}

/// Whether the process `pid` is a server that runs on this cluster; `None` when that cannot be told.
fn runs_on(cluster: &Cluster, pid: Pid) -> Option<bool> {
    if Path::new("/proc/self/cwd").exists() {
        let folder = fs::metadata(&cluster.folder).ok()?;
        // A server works in the folder of its cluster; a process that has ended works nowhere.
        return match fs::metadata(format!("/proc/{pid}/cwd")) {
            Ok(works_in) => Some((works_in.dev(), works_in.ino()) == (folder.dev(), folder.ino())),
            Err(error) if error.kind() == ErrorKind::NotFound => Some(false),
            Err(_) => None,
        };
    }
    let socket = cluster.folder.join(format!(".s.PGSQL.{PORT}"));
    UnixStream::connect(socket).is_ok().then_some(true)
}

/// Kills the processes of a server whose head is dead: one that computes, or stands still, would keep its successor from
/// starting, and nothing that it still writes could count. Where processes can't be looked at, they are waited for.
pub(super) fn kill_orphans(cluster: &Cluster) {
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()).map(Pid::from_raw)
        else {
            continue;
        };
        // Somebody's shell may stand in that folder, too.
        let program = fs::read_link(entry.path().join("exe")).unwrap_or_default();
        let is_server =
            program.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"postgres"));
        if is_server && runs_on(cluster, pid) == Some(true) {
            // It may have ended meanwhile.
            let _ = kill(pid, Signal::SIGKILL);
        }
    }
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
