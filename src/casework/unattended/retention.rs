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

/// Files among which the next are chosen, and how many go in one step: to find them takes longer than to let one go.
const AMONG: i64 = 64;
const AT_ONCE: i64 = 16;

impl Casework {
    /// Deletes the bytes of the next files whose time is over, one after the other; where there is none, forgets what was prepared. One
    /// that can't be deleted holds up no other.
    pub async fn retention_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        let days = i64::from(self.app.settings.retention.evidence_days);
        let closed_before = now.after(-jiff::SignedDuration::from_hours(days.saturating_mul(24)));
        let over = self.find_over(closed_before).await?;
        if over.is_empty() {
            let forgotten = self.forget_prepared(now).await? > 0 || self.erase_next(now).await?;
            return Ok(if forgotten { Step::Did } else { Step::Idle });
        }
        let mut failed = None;
        for owner in over {
            failed = failed.or(self.forget_file(owner, now).await.err());
        }
        failed.map_or(Ok(Step::Did), Err)
    }

    async fn forget_file(&self, owner: Owner, now: Timestamp) -> anyhow::Result<()> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let action = Action::DeleteEvidence { file: owner.file };
        self.lock(&mut transaction, owner.case).await?;
        if !files::forget(&mut transaction, owner.file, now).await? {
            return Ok(());
        }
        match self.act_in(&mut transaction, owner.case, Actor::System, &action, None).await {
            Ok(_) => transaction.commit().await.context("could not commit the end of a file")?,
            // Reopened in between.
            Err(ActError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Files of cases that were closed, for the last time, before this moment; news after the closing prolong nothing. Any
    /// of some, so that one which can't be deleted holds up no other. Each case is asked by itself (`offset 0`): whatever the planner
    /// knows, it reads no cases but those whose files are there, and the trail of those alone that seem to be over.
    async fn find_over(&self, closed_before: Timestamp) -> anyhow::Result<Vec<Owner>> {
        sqlx::query_as!(
            Owner,
            r#"select file as "file!", "case" as "case!" from (
                 select f.id as file, f.case_id as "case" from evidence_files f
                 cross join lateral (select c.id from cases c
                     where c.id = f.case_id and c.state = 'closed' and c.closed_at < $1 offset 0) c
                 cross join lateral (select exists (select from case_events e where e.case_id = c.id and e.at > $1
                     and e.data ->> 'to' = 'closed' and e.data ->> 'from' <> 'closed') as lately offset 0) closed
                 where (f.content is not null or f.name is not null) and not closed.lately limit $2) over
             order by random() limit $3"#,
            closed_before as Timestamp,
            AMONG,
            AT_ONCE,
        )
        .fetch_all(&self.app.pool)
        .await
        .context("could not look for files whose time is over")
    }
}
