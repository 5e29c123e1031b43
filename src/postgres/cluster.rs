//! The database cluster on disk: its folder, made once and whole, and the commands that work on it.
//!
//! Does not know whether a server runs on it.

use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Output, Stdio};

use anyhow::{Context, ensure};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};

use super::account::{self, Account};
use super::{DATABASE, PORT, SUPERUSER, binaries};

/// How long the path of a Unix socket may be: 107 bytes on Linux, 103 on macOS.
const LONGEST_SOCKET_PATH: usize = 103;

/// An initialised cluster that holds the database `handover`.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) folder: PathBuf,
    directory: File,
    programs: PathBuf,
    account: Option<Account>,
}

impl Cluster {
    /// The cluster `postgres/` below `data_dir`, which must be absolute.
    pub(super) fn open_or_make(
        data_dir: &Path,
        account: Option<Account>,
        binaries: Option<&Path>,
    ) -> anyhow::Result<Cluster> {
        let folder = data_dir.join("postgres");
        let programs = binaries::find(binaries, written_by(&folder)?)?;
        remove_interrupted(data_dir);
        if !folder.exists() {
            make(data_dir, &folder, account, &programs)?;
        }
        Cluster::open(folder, account, programs)
    }

    fn open(folder: PathBuf, account: Option<Account>, programs: PathBuf) -> anyhow::Result<Cluster> {
        let directory = File::open(&folder).with_context(|| {
            format!("cannot open {}: does it belong to another account?", folder.display())
        })?;
        Ok(Cluster { folder, directory, programs, account })
    }

    /// Starts one of PostgreSQL's programs on this cluster, in a process group of its own, so that a Ctrl-C at the
    /// terminal reaches us and not it.
    pub(super) fn spawn(&self, program: &str, prepare: impl FnOnce(&mut Command)) -> anyhow::Result<Child> {
        let program = self.programs.join(program);
        let mut command = Command::new(&program);
        for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        account::step_down(&mut command, self.account);
        command.env("PGDATA", self.folder_of_child()).current_dir("/").process_group(0).stdin(Stdio::null());
        prepare(&mut command);
        self.pass_on(true)?;
        let child = command.spawn().with_context(|| format!("cannot run {}", program.display()));
        self.pass_on(false)?;
        child
    }

    /// The folder for clients: where the socket is, in a path short enough for one.
    pub(super) fn socket_folder(&self) -> PathBuf {
        let longest = LONGEST_SOCKET_PATH - format!("/.s.PGSQL.{PORT}").len();
        if self.folder.as_os_str().len() <= longest || !cfg!(target_os = "linux") {
            return self.folder.clone();
        }
        PathBuf::from(format!("/proc/{}/fd/{}", process::id(), self.directory.as_raw_fd()))
    }

    /// The folder as the child may reach it. The account that root steps down to cannot walk through folders only
    /// root may enter, but it can use the open directory it inherits.
    fn folder_of_child(&self) -> PathBuf {
        if self.account.is_some() && cfg!(target_os = "linux") {
            PathBuf::from(format!("/proc/self/fd/{}", self.directory.as_raw_fd()))
        } else {
            self.folder.clone()
        }
    }

    /// Whether programs that are started inherit the open directory.
    fn pass_on(&self, inherited: bool) -> anyhow::Result<()> {
        let flags = if inherited { FdFlag::empty() } else { FdFlag::FD_CLOEXEC };
        fcntl(&self.directory, FcntlArg::F_SETFD(flags)).context("cannot hand on an open directory")?;
        Ok(())
    }
}

/// The major version that wrote the data in `folder`; `None` when there is no data.
fn written_by(folder: &Path) -> anyhow::Result<Option<u32>> {
    if !folder.exists() {
        return Ok(None);
    }
    let file = folder.join("PG_VERSION");
    let major = fs::read_to_string(&file)
        .with_context(|| format!("cannot read {}: does it belong to another account?", file.display()))?;
    Ok(Some(major.trim().parse().with_context(|| format!("{} holds no version", file.display()))?))
}

/// Makes a cluster under another name and renames it, so that one that was interrupted is never taken for a whole one.
fn make(data_dir: &Path, folder: &Path, account: Option<Account>, programs: &Path) -> anyhow::Result<()> {
    // A name per attempt: `initdb` of a killed Handover goes on for a while.
    let new = data_dir.join(format!("postgres.new-{}", process::id()));
    fs::DirBuilder::new()
        .mode(0o700)
        .create(&new)
        .with_context(|| format!("cannot make the folder {}", new.display()))?;
    let cluster = Cluster::open(new.clone(), account, programs.to_owned())?;
    account::give(&cluster.directory, account)
        .with_context(|| format!("cannot give {} to the account that runs PostgreSQL", new.display()))?;

    // The order of texts is by byte everywhere, but what is a letter, and its capital, is known for all languages.
    let initdb = cluster.spawn("initdb", |command| {
        command.args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]);
        command.arg(format!("--username={SUPERUSER}")).stdout(Stdio::piped()).stderr(Stdio::piped());
    })?;
    succeeded("initdb", initdb.wait_with_output()?)?;

    let mut postgres = cluster.spawn("postgres", |command| {
        command.args(["--single", "-c", "exit_on_error=true", "postgres"]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    })?;
    if let Some(mut input) = postgres.stdin.take() {
        writeln!(input, "create database {DATABASE};").context("cannot talk to PostgreSQL")?;
    }
    succeeded("postgres", postgres.wait_with_output()?)?;

    fs::rename(&new, folder)
        .and_then(|()| File::open(data_dir)?.sync_all())
        .with_context(|| format!("cannot make the folder {}", folder.display()))
}

fn remove_interrupted(data_dir: &Path) {
    for entry in fs::read_dir(data_dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("postgres.new-") {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn succeeded(program: &str, output: Output) -> anyhow::Result<()> {
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} ended ({}) and said:\n{}", output.status, said.trim_end());
    Ok(())
}
