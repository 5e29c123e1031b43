//! A check that could not be run is put off. A technical matter: it moves no case and leaves no line in the trail.

use anyhow::Context as _;
use uuid::Uuid;

use super::Casework;
use crate::{case::check::CheckKind, clock::Timestamp};

/// The waits double from half a minute to this.
const LONGEST_WAIT_SECONDS: i64 = 4 * 3600;

impl Casework {
    /// Puts the check off, longer with each failure in a row.
    pub async fn defer_check(&self, case: Uuid, kind: CheckKind) -> anyhow::Result<()> {
        sqlx::query!(
            "update checks set attempts = attempts + 1,
                 due_at = $3::timestamptz + make_interval(secs => least(30 * power(2, least(attempts, 20)), $4::float8))
             where case_id = $1 and kind = $2 and due_at is not null",
            case,
            kind.as_str(),
            self.app.clock.now() as Timestamp,
            LONGEST_WAIT_SECONDS as f64,
        )
        .execute(&self.app.pool)
        .await
        .context("could not put a check off")?;
        Ok(())
    }
}
