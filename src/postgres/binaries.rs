//! Where PostgreSQL's programs are on this machine: those of the private server, and those that dump and restore. Does not install any.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

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

/// The folder of `pg_dump` and `pg_restore`, and their major version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clients {
    pub folder: PathBuf,
    pub major: u32,
}

/// Those that are at least of version `least`, the oldest of these: newer ones write what older servers do not always take.
/// Looked for as [`find`] does.
///
/// # Errors
/// Says which version is wanted, what there is, and how to get it.
pub fn find_clients(given: Option<&Path>, least: u32) -> anyhow::Result<Clients> {
    let mut found: Vec<Clients> = Vec::new();
    for folder in given.map_or_else(usual_folders, |given| vec![given.to_owned()]) {
        let version = |program: &str| version_of(&folder.join(program));
        if let (Some(major), Some(other)) = (version("pg_dump"), version("pg_restore"))
            && major == other
        {
            found.push(Clients { folder, major });
        }
    }
    let fitting = found.iter().filter(|clients| clients.major >= least).min_by_key(|clients| clients.major);
    fitting.cloned().with_context(|| what_client_is_missing(given, least, &found))
}

fn what_client_is_missing(given: Option<&Path>, least: u32, found: &[Clients]) -> String {
    let place = match given {
        Some(folder) => format!("are not in {}", folder.display()),
        None => "are not on this machine".to_owned(),
    };
    let others: Vec<String> =
        found.iter().map(|clients| format!("{} in {}", clients.major, clients.folder.display())).collect();
    let others = if others.is_empty() { String::new() } else { format!(" (found: {})", others.join(", ")) };
    format!(
        "pg_dump and pg_restore of PostgreSQL {least} or newer {place}{others}, and older ones can't read the database: install them \
         (Debian, Ubuntu: `apt install postgresql-client-{least}`), or name their folder in database.bin_dir \
         (HANDOVER__DATABASE__BIN_DIR)"
    )
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
    version_of(&folder.join("postgres"))
}

/// `None` unless the program is there and runs.
fn version_of(program: &Path) -> Option<u32> {
    if !program.is_file() {
        return None;
    }
    let output = Command::new(program).arg("--version").output().ok()?;
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

    /// Older programs refuse a newer server only once they have begun; newer ones write what older servers do not take.
    #[test]
    fn programs_that_dump_are_the_oldest_that_are_new_enough() {
        let place = tempfile::tempdir().unwrap();
        let put = |folder: &str, program: &str, major: u32| {
            let folder = place.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            let script = format!("#!/bin/sh\necho \"{program} (PostgreSQL) {major}.1\"\n");
            fs::write(folder.join(program), script).unwrap();
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            fs::set_permissions(folder.join(program), mode).unwrap();
            folder
        };
        let folder = put("a", "pg_dump", 16);
        let refused = |least| find_clients(Some(&folder), least).unwrap_err().to_string();
        assert!(refused(15).contains("of PostgreSQL 15 or newer are not in"), "{}", refused(15));
        put("a", "pg_restore", 17);
        assert!(!refused(15).contains("found"), "two of different versions are no pair: {}", refused(15));
        put("a", "pg_restore", 16);
        assert_eq!(find_clients(Some(&folder), 16).unwrap().major, 16);
        assert!(refused(17).contains("(found: 16 in"), "{}", refused(17));
    }

    #[test]
    fn what_is_missing_says_what_to_install() {
        insta::assert_snapshot!(what_is_missing(None, None, &[]), @"PostgreSQL 15 or newer is not on this machine. Install its server (Debian, Ubuntu: `apt install postgresql`; Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql@17`; in the sources, `bin/start` does it), name the folder of its programs `postgres` and `initdb` in database.bin_dir (HANDOVER__DATABASE__BIN_DIR), or name a database in database.url (DATABASE_URL)");
        let found = ["15 in /opt/pg/bin".to_owned()];
        let message = what_is_missing(Some(Path::new("/opt/pg/bin")), Some(16), &found);
        insta::assert_snapshot!(message, @"PostgreSQL 16, which wrote the data, is not in /opt/pg/bin (found: 15 in /opt/pg/bin). Install its server (Debian, Ubuntu: `apt install postgresql-16`; Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql@16`; in the sources, `bin/start` does it), name the folder of its programs `postgres` and `initdb` in database.bin_dir (HANDOVER__DATABASE__BIN_DIR), or name a database in database.url (DATABASE_URL)");
    }
}
