//! A check that could not be run is put off; one whose answer is the same as before rests. Technical matters: they move no
//! case and leave no line in the trail.

use anyhow::Context as _;
use uuid::Uuid;

use crate::{case::check::CheckKind, casework::Casework, clock::Timestamp};

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

    /// The answer is what it was: the check rests until `next`, or until somebody asks again.
    pub async fn rest_check(
        &self,
        case: Uuid,
        kind: CheckKind,
        next: Option<Timestamp>,
    ) -> anyhow::Result<()> {
        sqlx::query!(
            "update checks set attempts = 0, due_at = $4 where case_id = $1 and kind = $2 and due_at <= $3",
            case,
            kind.as_str(),
            self.app.clock.now() as Timestamp,
            next as Option<Timestamp>,
        )
        .execute(&self.app.pool)
        .await
        .context("could not let a check rest")?;
        Ok(())
    }

    /// The check is due at once, whatever its verdict.
    pub async fn wake_check(&self, case: Uuid, kind: CheckKind) -> anyhow::Result<()> {
        sqlx::query!(
            "update checks set due_at = $3 where case_id = $1 and kind = $2 and verdict <> 'waived'",
            case,
            kind.as_str(),
            self.app.clock.now() as Timestamp,
        )
        .execute(&self.app.pool)
        .await
        .context("could not make a check due")?;
        Ok(())
    }
}
