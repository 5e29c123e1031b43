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
    config::Settings,
    evidence::Cabinet,
    mail::{
        incoming::collect,
        outgoing::{dkim::Dkim, transport},
    },
    staff::identities,
    transparency,
};

/// What a process needs at least: the six loops of the worker, one that listens for them, one that listens for open pages, the
/// collector, and a page.
const LEAST_CONNECTIONS: u32 = 10;

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
    if let Err(refused) = Brand::try_new(settings) {
        complaints.extend(refused.0);
    }
    complaints.extend(identities::check(settings));
    let tried = [
        find_address(settings).map(drop),
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
    let url = settings.database.url.expose_secret();
    if url.is_empty() {
        return Ok(None);
    }
    // The driver takes any scheme for its own.
    let is_ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let options = PgConnectOptions::from_str(url).ok().filter(|_| is_ours);
    options.map(Some).context("database.url is not a PostgreSQL address (postgres://user:password@host/name)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_that_is_too_small_is_refused_with_the_number_needed() {
        let complaints = list(&Settings::with("database.max_connections = 9").unwrap());
        assert!(
            matches!(&complaints[..], [one] if one.contains('9') && one.contains("at least 10")),
            "{complaints:?}"
        );
    }
}
