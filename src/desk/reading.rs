//! Where pages read whose queries look at many rows: all of one moment, nothing written, and none for longer than somebody waits.
//!
//! Stops one member of staff, or many at once, whose searches would keep the database from everybody else's work. What takes
//! longer is answered as not available now.

use anyhow::Context as _;
use sqlx::{PgPool, Postgres, Transaction};

/// Sent as one text, so that it costs one round trip.
const BEGIN: &str = "begin isolation level repeatable read read only; set local statement_timeout = '10s'";

pub async fn begin(pool: &PgPool) -> anyhow::Result<Transaction<'static, Postgres>> {
    pool.begin_with(BEGIN).await.context("could not begin to read")
}
