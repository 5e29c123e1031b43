//! Whoever we wait for on the customer's side is reminded: the letter again, with a fresh link, when the time for an answer is
//! over, and so often as the settings say. What stays unanswered then is overdue, where staff see it. Of a request that nobody has
//! confirmed see `confirmation_reminders`.

use anyhow::Context as _;
use uuid::Uuid;

use crate::{
    app::Step,
    case::action::Action,
    casework::{ActError, Casework},
    clock::Timestamp,
};

impl Casework {
    /// Reminds of the next case in which somebody on the customer's side has not answered in time.
    pub async fn remind_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        let most = i16::try_from(self.rules.deadlines.reminders).unwrap_or(i16::MAX);
        let due = sqlx::query_scalar!(
            "select id from cases where waiting_for in ('customer', 'voucher') and state <> 'unconfirmed'
                 and due_at <= (select $1::timestamptz) and reminded < (select $2::int2)
             order by due_at limit 1",
            now as Timestamp,
            most,
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look for customers who have not answered")?;
        let Some(case) = due else {
            return match self.settle_access_step().await? {
                Step::Did => Ok(Step::Did),
                Step::Idle => self.remind_to_confirm_step().await,
            };
        };
        match self.act_by_itself(case, &Action::Remind).await {
            Ok(_) => {}
            Err(ActError::Refused(_)) => self.forget_reminders(case).await?,
            Err(error) => {
                let error = anyhow::Error::from(error);
                tracing::error!(%case, error = format!("{error:#}"), "could not remind a customer");
                self.put_reminder_off(case, now).await?;
            }
        }
        Ok(Step::Did)
    }

    /// A case of which nobody can be reminded holds up no other; it is overdue as it is.
    async fn forget_reminders(&self, case: Uuid) -> anyhow::Result<()> {
        sqlx::query!("update cases set reminded = 32767 where id = $1", case)
            .execute(&self.app.pool)
            .await
            .context("could not put a reminder off")?;
        Ok(())
    }

    /// What failed for a reason that may pass is tried again, and holds up no other case until then.
    async fn put_reminder_off(&self, case: Uuid, now: Timestamp) -> anyhow::Result<()> {
        let later = now.after(jiff::SignedDuration::from_hours(1));
        sqlx::query!(
            "update cases set due_at = $2 where id = $1 and waiting_for in ('customer', 'voucher') and due_at <= $3",
            case,
            later as Timestamp,
            now as Timestamp,
        )
        .execute(&self.app.pool)
        .await
        .context("could not put a reminder off")?;
        Ok(())
    }
}
