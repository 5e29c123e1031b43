//! Which program this is: its version, its schema, and the commit that it was built from where whoever built it said so
//! (`HANDOVER_COMMIT`, as the Dockerfile does). Strangers are not told.

use std::sync::LazyLock;

use crate::migrations;

/// As `Cargo.toml` and `CHANGELOG.md` have it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Empty where nobody said.
pub const COMMIT: &str = match option_env!("HANDOVER_COMMIT") {
    Some(commit) => commit,
    None => "",
};

/// All of it on one line.
pub static IN_FULL: LazyLock<String> = LazyLock::new(|| {
    let schema = migrations::latest();
    match COMMIT {
        "" => format!("{VERSION} (schema {schema})"),
        commit => format!("{VERSION} (schema {schema}, commit {commit})"),
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changelog_begins_with_this_version() {
        let text = include_str!("../CHANGELOG.md");
        let mut releases = text.lines().filter_map(|line| line.strip_prefix("## ["));
        let first = releases.find(|line| !line.starts_with("Unreleased")).unwrap();
        assert_eq!(first.split(']').next(), Some(VERSION), "CHANGELOG.md and Cargo.toml name other versions");
        assert!(IN_FULL.starts_with(&format!("{VERSION} (schema {}", migrations::latest())), "{}", *IN_FULL);
    }
}
