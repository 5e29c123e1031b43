//! The end of what was prepared: withdrawn by staff, or forgotten some time after.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::PrepareError;
use crate::{
    case::{
        actor::{Actor, StaffId},
        prepared::may_prepare,
    },
    casework::Casework,
    clock::Timestamp,
    mail::outgoing::handling,
};

/// What stands with a letter whose request was withdrawn.
const WITHDRAWN: &str = "held back: what was prepared was withdrawn";

impl Casework {
    /// Ends its links and holds back what was not handed over yet. `false` where it is over already.
    ///
    /// # Errors
    /// [`PrepareError`]; nothing has changed then.
    pub async fn withdraw_prepared(&self, actor: Actor, id: Uuid) -> Result<bool, PrepareError> {
        let staff = may_prepare(actor)?;
        let mut transaction = self.app.pool.begin().await?;
        let withdrawn = self.withdraw_in(&mut transaction, id, staff).await?;
        transaction.commit().await?;
        Ok(withdrawn)
    }

    pub(super) async fn withdraw_in(
        &self,
        connection: &mut PgConnection,
        id: Uuid,
        staff: StaffId,
    ) -> anyhow::Result<bool> {
        let now = self.app.clock.now();
        let withdrawn = sqlx::query!(
            "update prepared_requests set withdrawn_at = $2, withdrawn_by = $3
             where id = $1 and withdrawn_at is null and case_id is null",
            id,
            now as Timestamp,
            staff.0,
        )
        .execute(&mut *connection)
        .await
        .context("could not withdraw what was prepared")?;
        if withdrawn.rows_affected() == 0 {
            return Ok(false);
        }
        let letters = sqlx::query_scalar!("select email_id from prepared_letters where prepared_id = $1", id)
            .fetch_all(&mut *connection)
            .await
            .context("could not list the letters of what was prepared")?;
        for email in letters {
            handling::cancel(connection, email, WITHDRAWN, now, self.app.clock.for_leases()).await?;
        }
        Ok(true)
    }

    /// Forgets what was written down, and for whom, of what ended long ago. How many rows that were.
    pub(in crate::casework) async fn forget_prepared(&self, now: Timestamp) -> anyhow::Result<u64> {
        let days = i64::from(self.app.settings.retention.prepared_days);
        let ended_before = now.after(-jiff::SignedDuration::from_hours(days.saturating_mul(24)));
        let forgotten = sqlx::query!(
            "update prepared_requests set fields = null, requester_email = null, erased_at = $1
             where id = any(array(select id from prepared_requests
                 where erased_at is null and coalesce(withdrawn_at, completed_at, expires_at) <= $2
                 limit 100 for update skip locked))",
            now as Timestamp,
            ended_before as Timestamp,
        )
        .execute(&self.app.pool)
        .await
        .context("could not forget what was prepared")?;
        Ok(forgotten.rows_affected())
    }
}
