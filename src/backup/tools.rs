//! `pg_dump` and `pg_restore`: which of those on this machine fit the server.

use std::path::Path;

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::postgres;

pub use crate::postgres::Clients as Tools;

/// Those that are at least as new as everything that they have to read.
///
/// # Errors
/// Says which version is wanted and how to get it.
pub fn find(bin_dir: &Path, least: u32) -> anyhow::Result<Tools> {
    let given = (!bin_dir.as_os_str().is_empty()).then_some(bin_dir);
    postgres::find_clients(given, least)
}

/// The major version of the server.
pub async fn server(connection: &mut PgConnection) -> anyhow::Result<u32> {
    let number = sqlx::query_scalar!(r#"select current_setting('server_version_num')::int as "number!""#)
        .fetch_one(connection)
        .await
        .context("could not ask the server for its version")?;
    Ok(u32::try_from(number)? / 10_000)
}
