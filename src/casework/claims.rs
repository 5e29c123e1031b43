//! Two cases about the same entitlement. One contests another only once its licence and its recorded contact hold; until
//! then it is a signal for staff. Judged in the transaction in which that comes about, or in which a case is reopened.
//!
//! Stops who writes to throw-away mailboxes and public names of sites: nobody can stop a case by merely naming its licence.
//! One licence may be named by any of its numbers: where the register knows them, they are one (`names_of`). No request of a
//! customer comes this far, so none tells what it knows. What an import says later is judged when the case is weighed anew.
//! A lock on each name makes two cases that come to hold at the same moment wait for each other, so that neither is
//! missed. Then the cases are locked, in the order of their ids.

use std::collections::HashSet;

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
        state::State,
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
            Err(ActError::Refused(Refusal::TooManyClaims)) => {
                tracing::warn!(%case, "more cases are about the same licence than one case names");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The register may have said since that two cases are about one licence, under two of its numbers. Each pair is told
    /// once: an approver may have dismissed it since.
    pub(super) async fn judge_claims(&self, case: Uuid) -> Result<(), ActError> {
        let now = self.app.clock.now();
        let mut transaction = self.app.pool.begin().await.context("could not begin a transaction")?;
        lock_entitlements(&mut transaction, case).await?;
        let rivals = lock_rivals(&mut transaction, case, now).await?;
        let loaded = self.load_in(&mut transaction, case, false).await?.ok_or(ActError::NotFound)?;
        if matches!(loaded.case.state, State::Unconfirmed { .. } | State::Closed { .. }) {
            return Ok(());
        }
        let holds = has_grounds(&loaded.case.checks, now);
        let told = list_told(&mut transaction, case, &rivals).await?;
        let own = &loaded.case.number;
        for rival in others(&loaded, &rivals) {
            if holds && !told.contains(&(rival.id, own.to_string())) {
                self.contest(&mut transaction, rival.id, own.clone()).await?;
            }
            if rival.has_grounds && !told.contains(&(case, rival.number.to_string())) {
                self.contest(&mut transaction, case, rival.number.clone()).await?;
            }
        }
        transaction.commit().await.context("could not commit what stands against a case")?;
        Ok(())
    }
}

/// Which of these cases was ever told of which other one.
async fn list_told(
    connection: &mut PgConnection,
    case: Uuid,
    rivals: &[Rival],
) -> anyhow::Result<HashSet<(Uuid, String)>> {
    let ids: Vec<Uuid> = rivals.iter().map(|rival| rival.id).chain([case]).collect();
    let rows = sqlx::query!(
        r#"select case_id, data ->> 'other' as "other!" from case_events
         where case_id = any($1) and kind = 'second_claim_recorded'"#,
        &ids
    )
    .fetch_all(connection)
    .await
    .context("could not look up which claims were told")?;
    Ok(rows.into_iter().map(|row| (row.case_id, row.other)).collect())
}

/// All names of what a case is about: as its form has them, and as the register knows the same licence. A site names every
/// licence that runs there; two licences of one site are two.
async fn names_of(connection: &mut PgConnection, case: Uuid) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select name as "name!" from (
             select value as name from case_entitlements where case_id = $1
             union
             select unnest(array[e.sen, e.entitlement_number, e.site]) from case_entitlements own
             join entitlements e on own.value in (e.sen, e.entitlement_number, e.site) where own.case_id = $1
         ) as names where name is not null order by 1"#,
        case
    )
    .fetch_all(connection)
    .await
    .context("could not look up the names of the entitlements of a case")
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
    let names = names_of(connection, case).await?;
    sqlx::query!(
        r#"select pg_advisory_xact_lock(key) as "locked: ()" from (
             select hashtextextended(name, 0) as key from unnest($1::text[]) as named (name) order by 1
         ) as entitlement"#,
        &names
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
    let names = names_of(connection, case).await?;
    let rows = sqlx::query!(
        r#"select c.id, c.number, c.state = 'contested' as "contested!", e.requester_email as requester
         from cases c join escalations e on e.case_id = c.id
         where c.id = any(array(select $1::uuid
                 union select case_id from case_entitlements where value = any(array(select unnest($2::text[])))))
             and (c.id = $1 or c.state not in ('unconfirmed', 'closed'))
         order by c.id for update of c"#,
        case,
        &names
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
