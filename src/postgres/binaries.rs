//! Where PostgreSQL's server programs are on this machine. Does not install any.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;

/// The oldest major version Handover is written for; what it writes must stay readable to it.
const OLDEST: u32 = 15;

/// Folders with one folder per installed version, the beginning of its name, and where its programs are:
/// Debian and Ubuntu, the PostgreSQL project's RPMs, Homebrew on Apple and on Intel processors.
const VERSIONED: [(&str, &str); 4] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql"),
    ("/usr/local/opt", "postgresql"),
];

/// The folder with `postgres` and `initdb`: in `given` and nowhere else when that is set; otherwise on PATH, where
/// `pg_config` points, and in the places of the usual packages, the newest first.
///
/// `written_by` is the major version of existing data, which no other major version can read.
pub(super) fn find(given: Option<&Path>, written_by: Option<u32>) -> anyhow::Result<PathBuf> {
    let mut found = Vec::new();
    for folder in given.map_or_else(usual_folders, |given| vec![given.to_owned()]) {
        let Some(major) = major_version(&folder) else { continue };
        if written_by.map_or(major >= OLDEST, |written_by| written_by == major) {
            return Ok(folder);
        }
        found.push(format!("{major} in {}", folder.display()));
    }
    bail!("{}", what_is_missing(given, written_by, &found))
}

fn usual_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = env::split_paths(&path()).collect();
    folders.extend(pg_config_bindir());
    for (parent, prefix) in VERSIONED {
        let mut versions: Vec<PathBuf> = fs::read_dir(parent)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
            .map(|entry| entry.path().join("bin"))
            .collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    folders
}

#[expect(
    clippy::disallowed_methods,
    reason = "PATH is where the machine keeps programs, not our configuration"
)]
fn path() -> OsString {
    env::var_os("PATH").unwrap_or_default()
}

fn pg_config_bindir() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

/// `None` unless both programs are there and `postgres` runs.
fn major_version(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

/// From a line such as `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)` or `postgres (PostgreSQL) 18beta1`.
fn parse_version(line: &str) -> Option<u32> {
    let version = line.split_once("(PostgreSQL)")?.1.trim_start();
    version.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

fn what_is_missing(given: Option<&Path>, written_by: Option<u32>, found: &[String]) -> String {
    let wanted = match written_by {
        Some(major) => format!("PostgreSQL {major}, which wrote the data,"),
        None => format!("PostgreSQL {OLDEST} or newer"),
    };
    let place = match given {
        Some(folder) => format!("is not in {}", folder.display()),
        None => "is not on this machine".to_owned(),
    };
    let others = match found {
        [] => String::new(),
        found => format!(" (found: {})", found.join(", ")),
    };
    let version = written_by.map(|major| format!("-{major}")).unwrap_or_default();
    let brewed = written_by.unwrap_or(17);
    format!(
        "{wanted} {place}{others}. Install its server (Debian, Ubuntu: `apt install postgresql{version}`; Fedora: \
         `dnf install postgresql-server`; macOS: `brew install postgresql@{brewed}`; in the sources, `bin/start` does it), \
         name the folder of its programs `postgres` and `initdb` in database.bin_dir (HANDOVER__DATABASE__BIN_DIR), or \
         name a database in database.url (DATABASE_URL)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_postgres_prints() {
        assert_eq!(parse_version("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(parse_version("postgres (Other) 15.20"), None);
        assert_eq!(parse_version("postgres (PostgreSQL) "), None);
    }

    #[test]
    fn what_is_missing_says_what_to_install() {
        insta::assert_snapshot!(what_is_missing(None, None, &[]), @"PostgreSQL 15 or newer is not on this machine. Install its server (Debian, Ubuntu: `apt install postgresql`; Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql@17`; in the sources, `bin/start` does it), name the folder of its programs `postgres` and `initdb` in database.bin_dir (HANDOVER__DATABASE__BIN_DIR), or name a database in database.url (DATABASE_URL)");
        let found = ["15 in /opt/pg/bin".to_owned()];
        let message = what_is_missing(Some(Path::new("/opt/pg/bin")), Some(16), &found);
        insta::assert_snapshot!(message, @"PostgreSQL 16, which wrote the data, is not in /opt/pg/bin (found: 15 in /opt/pg/bin). Install its server (Debian, Ubuntu: `apt install postgresql-16`; Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql@16`; in the sources, `bin/start` does it), name the folder of its programs `postgres` and `initdb` in database.bin_dir (HANDOVER__DATABASE__BIN_DIR), or name a database in database.url (DATABASE_URL)");
    }
}
