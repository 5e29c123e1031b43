//! What came to belong to a case beside its lines (a delivery, somebody who opened a file) and has waited for one for a day gets a
//! line of its own. So does a case from before lines rested on anything.

use anyhow::Context as _;
use uuid::Uuid;

use crate::{
    app::Step,
    case::{actor::Actor, event::Event},
    casework::Casework,
};

impl Casework {
    /// Appends one such line. The version of the case stays: nothing about it has changed.
    pub async fn chain_step(&self) -> anyhow::Result<Step> {
        let waiting = sqlx::query_scalar!(
            "select case_id from case_digests where seq is null and since < now() - interval '1 day' order by since limit 1"
        )
        .fetch_optional(&self.app.pool)
        .await
        .context("could not look for what waits for a line")?;
        let Some(case) = waiting else { return Ok(Step::Idle) };
        self.chain_what_waits(case).await?;
        Ok(Step::Did)
    }

    /// The same for one case, at once.
    pub(in crate::casework) async fn chain_what_waits(&self, case: Uuid) -> anyhow::Result<()> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let loaded = self.load_in(&mut transaction, case, true).await?;
        let mut loaded = loaded.context("what waits for a line belongs to no case")?;
        let (state, now) = (loaded.case.state.clone(), self.app.clock.now());
        super::append(&mut transaction, &mut loaded, (Actor::System, None), (&Event::Chained, &state), now)
            .await?;
        transaction.commit().await.context("could not commit a line of the trail")
    }
}
