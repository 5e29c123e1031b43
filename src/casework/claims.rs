//! Two cases about the same entitlement. One contests another only once its licence and its recorded contact hold; until
//! then it is a signal for staff. Judged in the transaction in which that comes about, or in which a case is reopened.
//!
//! Stops who writes to throw-away mailboxes and public names of sites: nobody can stop a case by merely naming its licence.
//! A lock on each entitlement makes two cases that come to hold at the same moment wait for each other, so that neither is
//! missed. Then the cases are locked, in the order of their ids. Nothing here asks the register.

use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    ActError, Acted, Casework,
    load::{self, Loaded},
};
use crate::{
    case::{
        action::Action,
        actor::Actor,
        address::EmailAddress,
        check::{Check, Verdict},
        contest::{GROUNDS, has_grounds},
        number::CaseNumber,
        refusal::Refusal,
    },
    clock::Timestamp,
};

/// So many cases that are contested already are named to each other. Whoever files the same over and over must not make
/// every verdict slower than the one before.
const MOST_NAMED: usize = 20;

/// Another open, confirmed case about one of the same entitlements.
struct Rival {
    id: Uuid,
    number: CaseNumber,
    requester: String,
    contested: bool,
    has_grounds: bool,
}

/// Whether `action` may give a case the grounds to contest others, so that it takes the locks.
pub(super) fn may_contest(action: &Action) -> bool {
    match action {
        Action::RecordCheck { kind, verdict: Verdict::Passed, .. } | Action::WaiveCheck { kind, .. } => {
            GROUNDS.contains(kind)
        }
        Action::Reopen { .. } => true,
        _ => false,
    }
}

impl Casework {
    /// `action` may give the case the grounds to contest others, or takes it up again.
    pub(super) async fn claim(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        actor: Actor,
        action: &Action,
        expected: Option<i32>,
    ) -> Result<Acted, ActError> {
        lock_entitlements(connection, case).await?;
        let now = self.app.clock.now();
        let rivals = lock_rivals(connection, case, now).await?;
        let before = load::list_checks(connection, &[case]).await?.remove(&case).unwrap_or_default();
        let mut acted = self.act_alone(connection, case, actor, action, expected).await?;
        let loaded = self.load_in(connection, case, false).await?.ok_or(ActError::NotFound)?;
        let holds = has_grounds(&loaded.case.checks, now);
        // Judged when it comes about, not with every verdict after it: an approver may have dismissed it since.
        let came_about = holds && !has_grounds(&before, now) || matches!(action, Action::Reopen { .. });
        if !came_about {
            return Ok(acted);
        }
        for rival in others(&loaded, &rivals) {
            if holds {
                self.contest(connection, rival.id, acted.number.clone()).await?;
            }
            if rival.has_grounds {
                let contested = self.contest(connection, case, rival.number.clone()).await?;
                acted = contested.unwrap_or(acted);
            }
        }
        Ok(acted)
    }

    /// `None` where the case is contested by the other one already.
    async fn contest(
        &self,
        connection: &mut PgConnection,
        case: Uuid,
        other: CaseNumber,
    ) -> Result<Option<Acted>, ActError> {
        let action = Action::RecordSecondClaim { other, same_requester: false };
        match self.act_alone(connection, case, Actor::System, &action, None).await {
            Ok(acted) => Ok(Some(acted)),
            Err(ActError::Refused(Refusal::AlreadyDecided)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Those of other people: who asks twice contests nobody.
fn others<'a>(loaded: &Loaded, rivals: &'a [Rival]) -> impl Iterator<Item = &'a Rival> {
    let own: &EmailAddress = &loaded.escalation.requester.email;
    let (contested, free): (Vec<_>, Vec<_>) =
        rivals.iter().filter(|rival| !own.same_person(&rival.requester)).partition(|rival| rival.contested);
    free.into_iter().chain(contested.into_iter().take(MOST_NAMED))
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

/// Locks the case and its rivals. Whether a case is open, and what it rests on, is judged once its lock is held.
async fn lock_rivals(
    connection: &mut PgConnection,
    case: Uuid,
    now: Timestamp,
) -> anyhow::Result<Vec<Rival>> {
    let rows = sqlx::query!(
        r#"select c.id, c.number, c.state = 'contested' as "contested!", e.requester_email as requester
         from cases c join escalations e on e.case_id = c.id
         where c.id = $1 or c.state not in ('unconfirmed', 'closed') and c.id in (
             select rival.case_id from case_entitlements own
             join case_entitlements rival using (kind, value) where own.case_id = $1)
         order by c.id for update of c"#,
        case
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not lock the cases about the same entitlements")?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).filter(|id| *id != case).collect();
    let checks = load::list_checks(connection, &ids).await?;
    let grounds = |id: Uuid| checks.get(&id).is_some_and(|checks: &Vec<Check>| has_grounds(checks, now));
    rows.into_iter()
        .filter(|row| row.id != case)
        .map(|row| {
            let number = row.number.parse().context("the case number")?;
            let (id, requester, contested) = (row.id, row.requester, row.contested);
            Ok(Rival { id, number, requester, contested, has_grounds: grounds(id) })
        })
        .collect()
}
