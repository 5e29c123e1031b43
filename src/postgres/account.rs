//! Whose account PostgreSQL runs under: ours, unless we are root, as which it refuses to run.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use nix::fcntl::OFlag;
use nix::unistd::{User, geteuid};

/// An account that root steps down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    uid: u32,
    gid: u32,
}

/// The account to step down to: `None` when we are an ordinary user and stay who we are. For root, the owner of the
/// first of `folders` that exists and is not root's, else `postgres`, else `nobody`.
pub(super) fn for_data_in(folders: &[&Path]) -> anyhow::Result<Option<Account>> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let owner = folders
        .iter()
        .filter_map(|folder| fs::metadata(folder).ok())
        .find(|found| found.uid() != 0)
        .map(|found| Account { uid: found.uid(), gid: found.gid() });
    if owner.is_some() {
        return Ok(owner);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name).context("cannot look up accounts")? {
            return Ok(Some(Account { uid: user.uid.as_raw(), gid: user.gid.as_raw() }));
        }
    }
    bail!(
        "PostgreSQL cannot run as root, and there is neither an account `postgres` nor `nobody` to run it as"
    )
}

/// Makes `command` run under `account`, without root's other groups.
pub(super) fn step_down(command: &mut Command, account: Option<Account>) {
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
}

/// Gives `file` to `account`, so that root and that account can take turns on one data directory.
pub(super) fn give(file: &File, account: Option<Account>) -> io::Result<()> {
    match account {
        Some(account) => fchown(file, Some(account.uid), Some(account.gid)),
        None => Ok(()),
    }
}

/// Creates or empties a file of `account`, readable to nobody else. Does not follow a symbolic link, as root may
/// be writing in the folder of another account.
pub(super) fn create_file(path: &Path, account: Option<Account>) -> anyhow::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .custom_flags(OFlag::O_NOFOLLOW.bits())
        .open(path)
        .and_then(|file| give(&file, account).map(|()| file))
        .with_context(|| {
            format!(
                "cannot write {}: the data directory must belong to the account that runs Handover",
                path.display()
            )
        })
}
