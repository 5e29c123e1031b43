//! What no command begins on: settings that could never work, and, in production, those that are not safe. All of it at
//! once, as whoever mends one thing and starts again does so ten times.
//!
//! Asks nobody: whether a server is there and takes our password is seen when it is needed, or by `doctor`.

use std::str::FromStr as _;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use sqlx::postgres::PgConnectOptions;

use crate::{
    brand::Brand,
    case::Rules,
    config::{Reading, Settings},
    evidence::Cabinet,
    mail::{
        incoming::collect,
        outgoing::{dkim::Dkim, transport},
    },
    staff::identities,
    telemetry, transparency,
};

/// What a worker needs at least: its seven loops, one that listens for them, and the collector.
const LEAST_CONNECTIONS: u32 = 9;
/// What pages need at least: one that listens for those that are open, and a page.
const LEAST_PAGE_CONNECTIONS: u32 = 2;

/// All that is wrong about settings as they were read. Of a key that could not be read only that is said: what stands in its place
/// is not what was meant.
pub fn list_all(reading: &Reading) -> Vec<String> {
    let key =
        |said: &str| said.split([' ', ':']).next().unwrap_or_default().trim_end_matches("_file").to_owned();
    let unread: Vec<String> = reading.complaints.iter().map(|said| key(said)).collect();
    let more = list(&reading.settings).into_iter().filter(|said| !unread.contains(&key(said)));
    reading.complaints.iter().cloned().chain(more).collect()
}

/// A sentence for each setting that is refused, beginning with its key. Empty: a start may be tried.
pub fn list(settings: &Settings) -> Vec<String> {
    let mut complaints: Vec<String> = Vec::new();
    if !settings.is_demo() {
        complaints.extend(settings.production_problems());
    }
    let most = settings.database.max_connections;
    if most < LEAST_CONNECTIONS {
        complaints.push(format!(
            "database.max_connections is {most}, and one process needs at least {LEAST_CONNECTIONS}"
        ));
    }
    let of_pages = settings.database.page_connections;
    if of_pages < LEAST_PAGE_CONNECTIONS {
        complaints.push(format!(
            "database.page_connections is {of_pages}, and pages need at least {LEAST_PAGE_CONNECTIONS}"
        ));
    }
    if settings.database.page_seconds == 0 {
        complaints.push("database.page_seconds must be above 0: a statement of a page has an end".to_owned());
    }
    if let Err(refused) = Brand::try_new(settings) {
        complaints.extend(refused.0);
    }
    complaints.extend(identities::check(settings));
    complaints.extend(telemetry::check(settings).map(str::to_owned));
    let tried = [
        find_address(settings).map(drop),
        find_owner_address(settings).map(drop),
        settings.zone().map(drop),
        Rules::try_new(settings).map(drop),
        Cabinet::try_new(settings).map(drop),
        Dkim::try_new(&settings.mail).map(drop),
        transport::check(&settings.mail),
        collect::check(&settings.mail),
        transparency::check(settings),
    ];
    for complaint in tried.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")) {
        if !complaints.contains(&complaint) {
            complaints.push(complaint);
        }
    }
    complaints
}

/// The configured database, without its password in any error; `None` where none is configured.
pub fn find_address(settings: &Settings) -> anyhow::Result<Option<PgConnectOptions>> {
    read_address("database.url", settings.database.url.expose_secret())
}

/// The same as the owner of the tables; `None` where `database.url` is all there is.
pub fn find_owner_address(settings: &Settings) -> anyhow::Result<Option<PgConnectOptions>> {
    read_address("database.owner_url", settings.database.owner_url.expose_secret())
}

fn read_address(key: &str, url: &str) -> anyhow::Result<Option<PgConnectOptions>> {
    if url.is_empty() {
        return Ok(None);
    }
    // The driver takes any scheme for its own.
    let is_ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let options = PgConnectOptions::from_str(url).ok().filter(|_| is_ours);
    options
        .map(Some)
        .with_context(|| format!("{key} is not a PostgreSQL address (postgres://user:password@host/name)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_that_is_too_small_is_refused_with_the_number_needed() {
        let complaints = list(&Settings::with("database.max_connections = 8").unwrap());
        assert!(
            matches!(&complaints[..], [one] if one.contains('8') && one.contains("at least 9")),
            "{complaints:?}"
        );
    }
}
