//! The end of a case in which the requester says that it works, and the new contact has let the time for an answer pass, all
//! reminders included. Without the requester's word it stays open, overdue, where staff see it.

use anyhow::Context as _;
use uuid::Uuid;

use crate::{
    app::Step,
    case::action::Action,
    casework::{ActError, Casework},
    clock::Timestamp,
};

impl Casework {
    pub(super) async fn settle_access_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        let most = i16::try_from(self.rules.deadlines.reminders).unwrap_or(i16::MAX);
        let due = sqlx::query_scalar!(
            "select id from cases where state = 'awaiting_confirmation' and waiting_for = 'customer' and due_at <= $1
                 and reminded >= $2 and state_data ->> 'said_at' is not null
             order by due_at limit 1",
            now as Timestamp,
            most,
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look for cases that rest on the requester's word")?;
        let Some(case) = due else { return Ok(Step::Idle) };
        match self.act_by_itself(case, &Action::SettleAccess).await {
            // Refused: somebody was quicker.
            Ok(_) | Err(ActError::Refused(_)) => {}
            Err(error) => {
                tracing::error!(%case, error = format!("{:#}", anyhow::Error::from(error)), "could not settle a case");
                self.put_settling_off(case, now).await?;
            }
        }
        Ok(Step::Did)
    }

    /// What failed for a reason that may pass is tried again, and holds up no other case until then.
    async fn put_settling_off(&self, case: Uuid, now: Timestamp) -> anyhow::Result<()> {
        let later = now.after(jiff::SignedDuration::from_hours(1));
        sqlx::query!(
            "update cases set due_at = $2 where id = $1 and state = 'awaiting_confirmation' and due_at <= $3",
            case,
            later as Timestamp,
            now as Timestamp,
        )
        .execute(&self.app.pool)
        .await
        .context("could not put the end of a case off")?;
        Ok(())
    }
}
