//! Evidence files whose time is over: the bytes go, the line in the trail stays. What was prepared and ended long ago. And the
//! content of closed cases (`erasing`).

use anyhow::Context as _;

use crate::{
    app::Step,
    case::{action::Action, actor::Actor},
    casework::{ActError, Casework},
    clock::Timestamp,
    evidence::{files, vault::Owner},
};

/// Files among which the next is chosen.
const AMONG: i64 = 64;

impl Casework {
    /// Deletes the bytes of the next file whose time is over; where there is none, forgets what was prepared.
    pub async fn retention_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        let days = i64::from(self.app.settings.retention.evidence_days);
        let closed_before = now.after(-jiff::SignedDuration::from_hours(days.saturating_mul(24)));
        let Some(owner) = self.find_over(closed_before).await? else {
            let forgotten = self.forget_prepared(now).await? > 0 || self.erase_next(now).await?;
            return Ok(if forgotten { Step::Did } else { Step::Idle });
        };
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let action = Action::DeleteEvidence { file: owner.file };
        self.lock(&mut transaction, owner.case).await?;
        if !files::forget(&mut transaction, owner.file, now).await? {
            return Ok(Step::Did);
        }
        match self.act_in(&mut transaction, owner.case, Actor::System, &action, None).await {
            Ok(_) => transaction.commit().await.context("could not commit the end of a file")?,
            // Reopened in between.
            Err(ActError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Step::Did)
    }

    /// A file of a case that was closed, for the last time, before this moment; news after the closing prolong nothing. Any
    /// of some, so that one which can't be deleted holds up no other. Each case is asked by itself (`offset 0`): whatever the planner
    /// knows, it reads no cases but those whose files are there, and the trail of those alone that seem to be over.
    async fn find_over(&self, closed_before: Timestamp) -> anyhow::Result<Option<Owner>> {
        sqlx::query_as!(
            Owner,
            r#"select file as "file!", "case" as "case!" from (
                 select f.id as file, f.case_id as "case" from evidence_files f
                 cross join lateral (select c.id from cases c
                     where c.id = f.case_id and c.state = 'closed' and c.closed_at < $1 offset 0) c
                 cross join lateral (select exists (select from case_events e where e.case_id = c.id and e.at > $1
                     and e.data ->> 'to' = 'closed' and e.data ->> 'from' <> 'closed') as lately offset 0) closed
                 where (f.content is not null or f.name is not null) and not closed.lately limit $2) over
             order by random() limit 1"#,
            closed_before as Timestamp,
            AMONG,
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look for files whose time is over")
    }
}
