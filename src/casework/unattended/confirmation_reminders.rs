//! Whoever has not confirmed is reminded once, before the request expires.
//!
//! Only where a letter was sent and none came back, and one mailbox once in the life of a request: whoever fills in forms for a
//! stranger must not have us write to them twice for each. Letter, line in the trail and mark are one transaction.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    app::Step,
    case::{action::Action, actor::Actor},
    casework::{ActError, Casework, own_claims::find_own_case},
    clock::Timestamp,
    panics::caught,
};

impl Casework {
    /// Reminds of the next request that nobody has confirmed, or settles that nobody is reminded of it.
    pub(super) async fn remind_to_confirm_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        let due = sqlx::query_scalar!(
            "select case_id from confirmations where remind_at <= $1 order by remind_at limit 1",
            now as Timestamp
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look for requests that nobody has confirmed")?;
        let Some(case) = due else { return Ok(Step::Idle) };
        let reminded = caught(self.remind_to_confirm(case, now)).await;
        if let Err(error) = reminded.unwrap_or_else(|panicked| Err(ActError::Other(panicked.into()))) {
            let error = anyhow::Error::from(error);
            tracing::error!(%case, error = format!("{error:#}"), "could not remind a requester to confirm");
            self.put_confirmation_reminder_off(case, now).await?;
        }
        Ok(Step::Did)
    }

    async fn remind_to_confirm(&self, case: Uuid, now: Timestamp) -> Result<(), ActError> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        // Two requests of one mailbox at the same moment, or one request in the hands of two workers, wait for each other.
        lock_mailbox(&mut transaction, case).await?;
        self.load_in(&mut transaction, case, true).await?.ok_or(ActError::NotFound)?;
        let settled = sqlx::query!(
            "update confirmations set remind_at = null where case_id = $1 and remind_at <= $2",
            case,
            now as Timestamp,
        )
        .execute(&mut *transaction)
        .await
        .context("could not settle a reminder")?;
        if settled.rows_affected() == 0 {
            return Ok(());
        }
        // Switched off since it was planned.
        let wanted = self.rules.deadlines.confirmation_reminder_days > 0
            && is_wanted(&mut transaction, case, self.long_ago(now)).await?
            && find_own_case(&mut transaction, case).await?.is_none();
        if wanted {
            sqlx::query!(
                "update confirmations set reminded_at = $2 where case_id = $1",
                case,
                now as Timestamp
            )
            .execute(&mut *transaction)
            .await
            .context("could not mark a reminder")?;
            match self.act_in(&mut transaction, case, Actor::System, &Action::Remind, None).await {
                Ok(_) => {}
                // Confirmed, withdrawn or expired in between: settled, too, in a transaction without the mark.
                Err(ActError::Refused(_)) => {
                    transaction.rollback().await.context("could not give a reminder up")?;
                    return Ok(self.forget_confirmation_reminder(case).await?);
                }
                Err(error) => return Err(error),
            }
        }
        transaction.commit().await.context("could not commit a reminder")?;
        Ok(())
    }

    /// As long as a request lives.
    fn long_ago(&self, now: Timestamp) -> Timestamp {
        let days = i64::from(self.rules.deadlines.confirmation_days);
        now.after(-jiff::SignedDuration::from_hours(days.saturating_mul(24)))
    }

    async fn forget_confirmation_reminder(&self, case: Uuid) -> anyhow::Result<()> {
        sqlx::query!("update confirmations set remind_at = null where case_id = $1", case)
            .execute(&self.app.pool)
            .await
            .context("could not settle a reminder")?;
        Ok(())
    }

    /// What failed is tried again, and holds up no other request until then.
    async fn put_confirmation_reminder_off(&self, case: Uuid, now: Timestamp) -> anyhow::Result<()> {
        let later = now.after(jiff::SignedDuration::from_hours(1));
        sqlx::query!(
            "update confirmations set remind_at = $2 where case_id = $1 and remind_at <= $3",
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

async fn lock_mailbox(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<()> {
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtextextended('reminder ' || lower(requester_email), 0)) as "locked: ()"
         from escalations where case_id = $1"#,
        case,
    )
    .fetch_optional(connection)
    .await
    .context("could not wait for another reminder to the mailbox")?;
    Ok(())
}

/// Whether nobody has confirmed, a letter went out that did not come back, and the mailbox was not reminded since `long_ago`.
async fn is_wanted(connection: &mut PgConnection, case: Uuid, long_ago: Timestamp) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
             select from cases c join escalations e on e.case_id = c.id
             where c.id = $1 and c.state = 'unconfirmed'
                 and exists (select from emails where correlation_id = c.id and state = 'sent')
                 and not exists (select from emails m where m.correlation_id = c.id
                     and (m.state = 'failed' or exists (select from bounces where email_id = m.id and not temporary)))
                 and not exists (select from escalations other join confirmations k on k.case_id = other.case_id
                     where lower(other.requester_email) = lower(e.requester_email) and k.reminded_at > $2)
         ) as "wanted!""#,
        case,
        long_ago as Timestamp,
    )
    .fetch_one(connection)
    .await
    .context("could not look up whether to remind")
}
