//! Deadlines that end a case by themselves: an escalation nobody confirmed.

use anyhow::Context as _;

use super::{ActError, Casework};
use crate::{
    app::Step,
    case::{action::Action, actor::Actor},
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
        match self.act(case, Actor::System, &Action::Expire, None).await {
            // Refused: somebody confirmed it or another worker closed it in between.
            Ok(_) | Err(ActError::Refused(_)) => Ok(Step::Did),
            Err(error) => Err(anyhow::anyhow!(error).context("could not expire a case")),
        }
    }
}
