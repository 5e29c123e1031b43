//! Whether the server behind a listener is still there. A server that was cut off says as little as one that has nothing to say, for ever;
//! so it is asked. Listens to nothing by itself: `calls` and `announcements` do.

use std::{io::ErrorKind, time::Duration};

use sqlx::postgres::PgListener;
use tokio::time::timeout;

/// How long it is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// # Errors
/// Where it does not answer in time, or not well. The connection is of no use then and left to the kernel.
pub async fn ask(listener: &mut PgListener) -> sqlx::Result<()> {
    let asked = timeout(PATIENCE, sqlx::raw_sql("select").execute(listener)).await;
    asked.map_err(|_elapsed| sqlx::Error::Io(ErrorKind::TimedOut.into()))?.map(drop)
}
