//! Deadlines that end a case by themselves: an escalation nobody confirmed.

use anyhow::Context as _;
use uuid::Uuid;

use crate::{
    app::Step,
    case::action::Action,
    casework::{ActError, Casework},
    clock::Timestamp,
};

impl Casework {
    /// Closes the next unconfirmed case whose time is over.
    pub async fn deadline_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        let due = sqlx::query_scalar!(
            "select id from cases where state = 'unconfirmed' and due_at <= $1 order by due_at limit 1",
            now as Timestamp
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look for expired cases")?;
        let Some(case) = due else { return Ok(Step::Idle) };
        match self.act_by_itself(case, &Action::Expire).await {
            // Refused: somebody confirmed it or another worker closed it in between.
            Ok(_) | Err(ActError::Refused(_)) => Ok(Step::Did),
            Err(error) => {
                tracing::error!(%case, error = format!("{:#}", anyhow::Error::from(error)), "could not expire a case");
                self.defer_deadline(case, now).await?;
                Ok(Step::Did)
            }
        }
    }

    /// Puts the end of a case off that could not be brought about, so that it holds up no other.
    async fn defer_deadline(&self, case: Uuid, now: Timestamp) -> anyhow::Result<()> {
        let later = now.after(jiff::SignedDuration::from_hours(1));
        sqlx::query!("update cases set due_at = $2 where id = $1", case, later as Timestamp)
            .execute(&self.app.pool)
            .await
            .context("could not put a deadline off")?;
        Ok(())
    }
}
