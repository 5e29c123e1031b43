//! Two confirmed cases about the same entitlement: both become contested in the transaction in which the second one is
//! confirmed, or reopened.
//!
//! A lock on each entitlement makes simultaneous confirmations wait for each other, so that neither is missed. Then the
//! cases are locked, in the order of their ids. Nothing here asks the register.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{ActError, Acted, Casework};
use crate::case::{action::Action, actor::Actor, number::CaseNumber, refusal::Refusal};

/// So many cases that are contested already are named to each other. Whoever files the same over and over must not make
/// every confirmation slower than the one before.
const MOST_NAMED: usize = 20;

/// Another open, confirmed case about one of the same entitlements.
struct Rival {
    id: Uuid,
    number: CaseNumber,
    same_requester: bool,
    contested: bool,
}

impl Casework {
    /// `action` confirms the case or takes it up again.
    pub(super) async fn claim(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        actor: Actor,
        action: &Action,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        lock_entitlements(connection, case).await?;
        let rivals = lock_rivals(connection, case).await?;
        let mut acted = self.act_alone(connection, case, actor, action, expected).await?;
        let (contested, free): (Vec<_>, Vec<_>) = rivals.iter().partition(|rival| rival.contested);
        for rival in free.into_iter().chain(contested.into_iter().take(MOST_NAMED)) {
            let (own, same_requester) = (acted.number.clone(), rival.same_requester);
            self.contest(connection, rival.id, own, same_requester).await?;
            let contested = self.contest(connection, case, rival.number.clone(), same_requester).await?;
            acted = contested.unwrap_or(acted);
        }
        Ok(acted)
    }

    /// `None` where the case is contested by the other one already.
    async fn contest(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        other: CaseNumber,
        same_requester: bool,
    ) -> Result<Option<Acted>, ActError> {
        let action = Action::RecordSecondClaim { other, same_requester };
        match self.act_alone(connection, case, Actor::System, &action, None).await {
            Ok(acted) => Ok(Some(acted)),
            Err(ActError::Refused(Refusal::AlreadyDecided)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Held until the transaction ends. Taken before any case is locked, in one order.
async fn lock_entitlements(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<()> {
    sqlx::query!(
        r#"select pg_advisory_xact_lock(key) as "locked: ()" from (
             select hashtextextended(kind || ' ' || value, 0) as key from case_entitlements where case_id = $1 order by 1
         ) as entitlement"#,
        case
    )
    .fetch_all(connection)
    .await
    .context("could not lock the entitlements of a case")?;
    Ok(())
}

/// Locks the case and its rivals. Whether a case is open is judged once its lock is held.
async fn lock_rivals(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<Rival>> {
    let rows = sqlx::query!(
        r#"select c.id, c.number, c.state = 'contested' as "contested!",
             lower(e.requester_email) = lower(o.requester_email) as "same_requester!"
         from cases c join escalations e on e.case_id = c.id join escalations o on o.case_id = $1
         where c.id = $1 or c.state not in ('unconfirmed', 'closed') and c.id in (
             select rival.case_id from case_entitlements own
             join case_entitlements rival using (kind, value) where own.case_id = $1)
         order by c.id for update of c"#,
        case
    )
    .fetch_all(connection)
    .await
    .context("could not lock the cases about the same entitlements")?;
    rows.into_iter()
        .filter(|row| row.id != case)
        .map(|row| {
            let number = row.number.parse().context("the case number")?;
            let (same_requester, contested) = (row.same_requester, row.contested);
            Ok(Rival { id: row.id, number, same_requester, contested })
        })
        .collect()
}
