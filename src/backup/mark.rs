//! The mark of a database that a restore began in and did not end: nothing is served from there, whatever else is in it
//! ([`crate::migrations::Fit::HalfRestored`]).
//!
//! A table of its own that no migration knows: it comes before everything else and goes last.

use anyhow::Context as _;
use sqlx::{Connection as _, PgConnection};

/// Empties the database where that is told, and marks it, at once.
pub async fn begin(connection: &mut PgConnection, clears: bool) -> anyhow::Result<()> {
    let mut transaction = connection.begin().await.context("could not begin a transaction")?;
    if clears {
        sqlx::raw_sql("drop schema public cascade; create schema public").execute(&mut *transaction).await.context(
            "could not empty the database: sign in as its owner (database.owner_url), or make a new one and restore into that",
        )?;
    }
    let mark = "create table public.unfinished_restore (since timestamptz not null default now())";
    sqlx::raw_sql(mark)
        .execute(&mut *transaction)
        .await
        .context("could not begin: sign in as the owner of the database (database.owner_url)")?;
    transaction.commit().await.context("could not mark the database")
}

/// The restore has ended.
pub async fn end(connection: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::raw_sql("drop table public.unfinished_restore")
        .execute(connection)
        .await
        .context("could not take the mark of an unfinished restore away")?;
    Ok(())
}
