//! What happened to e-mails, passed on to their cases: each settled e-mail exactly once, in one transaction.

use anyhow::Context as _;

use super::{ActError, Casework};
use crate::{
    app::Step,
    case::{action::Action, actor::Actor},
    mail::outbox::{self, EmailState},
};

impl Casework {
    /// Passes on the next settled e-mail. Letters to customers only show on the case; a request to Atlassian moves it.
    pub async fn settlement_step(&self) -> anyhow::Result<Step> {
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        let Some(settled) = outbox::take_settled(&mut transaction, self.app.clock.now()).await? else {
            return Ok(Step::Idle);
        };
        if let (true, Some(case)) = (settled.atlassian, settled.correlation) {
            let delivered = settled.state == EmailState::Sent;
            let action = Action::RecordDelivery { delivered };
            match self.act_in(&mut transaction, case, Actor::System, &action, None).await {
                Ok(_) => {}
                Err(ActError::Other(error)) => return Err(error),
                Err(error) => return Err(anyhow::anyhow!(error).context("could not pass on a delivery")),
            }
        }
        transaction.commit().await.context("could not commit a delivery")?;
        Ok(Step::Did)
    }
}
