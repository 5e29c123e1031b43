//! What happened to e-mails, passed on to their cases: each settled e-mail exactly once, in one transaction.

use anyhow::Context as _;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    app::Step,
    case::{
        action::Action,
        actor::{Actor, StaffId},
        told_staff::NoticeKind,
    },
    casework::{Casework, quiet_letters, told_staff},
    clock::Timestamp,
    mail::outgoing::outbox::{self, EmailState, Settled, Unnoticed},
    panics::caught_in,
};

impl Casework {
    /// Passes on the next settled e-mail. Letters to customers only show on the case, and staff are told of
    /// one that failed; a request to Atlassian moves it.
    /// One that can't be passed on is put off, so that it holds up no other.
    pub async fn settlement_step(&self) -> anyhow::Result<Step> {
        let now = self.app.clock.now();
        let Some(Unnoticed { email, about }) = outbox::find_settled(&self.app.pool, now).await? else {
            return Ok(Step::Idle);
        };
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        if let Some(case) = about {
            self.lock(&mut transaction, case).await?;
        }
        // Noticed by another worker, or cancelled, or queued again, while this one waited for the case.
        let Some(settled) = outbox::take_settled(&mut transaction, email, now).await? else {
            return Ok(Step::Did);
        };
        match caught_in(self.pass_on(&mut transaction, &settled)).await {
            Ok(()) => transaction.commit().await.context("could not commit a delivery")?,
            Err(error) => {
                transaction.rollback().await.context("could not give a transaction up")?;
                tracing::error!(email = %settled.email, error = format!("{error:#}"), "could not pass a delivery on");
                outbox::defer_notice(&self.app.pool, settled.email, now).await?;
            }
        }
        Ok(Step::Did)
    }

    async fn pass_on(&self, connection: &mut PgConnection, settled: &Settled) -> anyhow::Result<()> {
        let Some(case) = settled.correlation else { return Ok(()) };
        if !settled.atlassian {
            let expected = quiet_letters().failed.contains(&settled.notification);
            if settled.state == EmailState::Failed && !expected {
                tell_of_failure(connection, case, self.app.clock.now()).await?;
            }
            return Ok(());
        }
        let draft = sqlx::query_scalar!(
            "select a.draft_id from emails e join approvals a on a.id = e.approval_id where e.id = $1",
            settled.email
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not look up the draft of a delivered e-mail")?;
        let action = Action::RecordDelivery { draft, delivered: settled.state == EmailState::Sent };
        self.act_in(connection, case, Actor::System, &action, None).await?;
        Ok(())
    }
}

/// Whoever has the case is told that a letter did not arrive.
async fn tell_of_failure(connection: &mut PgConnection, case: Uuid, now: Timestamp) -> anyhow::Result<()> {
    let owner = sqlx::query_scalar!("select owner_id from cases where id = $1", case)
        .fetch_one(&mut *connection)
        .await
        .context("could not look up whose case it is")?;
    told_staff::keep_of(connection, (case, owner.map(StaffId)), NoticeKind::FailingMail, now).await
}
