//! Runs the checks that run by themselves. One file per check: its question, its evidence, its verdict.
//!
//! Reads the register and the outbox, reports through `casework` and writes nothing itself, but for what domains say about
//! receiving mail and what became of those on record, which are no checks. What suffices is for
//! `case::policy` to say; callbacks and documents are decided by staff at the desk.

mod contact_on_record;
mod departed_notice;
mod domain_dns;
mod domain_register;
pub mod domain_watch;
mod entitlement;
pub mod mail_servers;
mod recorded_contact;
mod successor;
mod vouch;

use anyhow::Context as _;
use jiff::SignedDuration;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    app::Step,
    case::{
        action::Action,
        actor::Actor,
        check::{CheckKind, Verdict},
    },
    casework::{self, ActError, Casework, Loaded},
    clock::Timestamp,
    panics::caught_in,
};

/// How long the checks of a case wait at most for its letters: a mail server that is down must not stop them.
const LONGEST_WAIT_FOR_LETTERS: SignedDuration = SignedDuration::from_mins(2);

/// Runs the next check that is due, but for proofs by DNS. One that fails to run is put off with a growing wait, so that it
/// can't block others.
pub async fn step(casework: &Casework) -> anyhow::Result<Step> {
    run_next(casework, Whom::Ourselves).await
}

/// Runs the next proof by DNS that is due. Apart from the others: whoever asks for one chooses the name servers, and those may
/// keep each question waiting for as long as we are willing to.
pub async fn domain_step(casework: &Casework) -> anyhow::Result<Step> {
    run_next(casework, Whom::NameServers).await
}

/// Who answers a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whom {
    Ourselves,
    NameServers,
}

async fn run_next(casework: &Casework, whom: Whom) -> anyhow::Result<Step> {
    let now = casework.app.clock.now();
    let Some((case, kind)) = find_due(casework, whom, now).await? else { return Ok(Step::Idle) };
    let ran = caught_in(run_on_one_register(casework, case, kind, now)).await;
    if let Err(error) = ran {
        tracing::error!(check = kind.as_str(), %case, error = format!("{error:#}"), "could not run a check");
        casework.defer_check(case, kind).await?;
    }
    Ok(Step::Did)
}

/// Where to go on looking for a check that is due.
type Mark = (Timestamp, Uuid);

/// The check that has been due longest and may run.
async fn find_due(
    casework: &Casework,
    whom: Whom,
    now: Timestamp,
) -> anyhow::Result<Option<(Uuid, CheckKind)>> {
    let mut after = None;
    loop {
        let (found, more) = find_due_after(casework, whom, now, after).await?;
        if found.is_some() || more.is_none() {
            return Ok(found);
        }
        after = more;
    }
}

/// Of the next fifty that are due after a mark, the first that may run; and the mark after them, if there may be more. An import
/// makes the checks of all cases due at one moment, so they are never put in order as a whole: by index, case after case, and
/// within a case in the order of [`CheckKind::AUTOMATIC`].
///
/// None while letters of the case are still to leave. Checks take longer for what the register knows; a letter that waited
/// behind them would tell the moment to whoever it goes to. A proof by DNS says something about the customer that the
/// entitlement's check has found: it waits while that check waits for its answer, or is to be asked again.
async fn find_due_after(
    casework: &Casework,
    whom: Whom,
    now: Timestamp,
    after: Option<Mark>,
) -> anyhow::Result<(Option<(Uuid, CheckKind)>, Option<Mark>)> {
    let order: Vec<String> = CheckKind::AUTOMATIC.iter().map(|kind| kind.as_str().to_owned()).collect();
    let row = sqlx::query!(
        r#"with page as materialized (
             select case_id, due_at from checks
             where (kind = 'domain_dns') = (select $1::bool) and due_at <= (select $2::timestamptz)
                 and (due_at, case_id) > (coalesce((select $3::timestamptz), '-infinity'), (select $4::uuid))
             order by due_at, case_id limit 50),
         next as (
             select p.case_id from page p join cases c on c.id = p.case_id
             where (c.state in ('verifying', 'verified', 'awaiting_approval', 'awaiting_customer', 'with_atlassian')
                     or c.state = 'contested' and c.state_data #>> '{before,place}'
                         in ('verifying', 'verified', 'awaiting_customer', 'with_atlassian'))
                 and not ((select $1::bool) and exists (select from checks e where e.case_id = p.case_id
                     and e.kind = 'entitlement' and (e.verdict = 'pending' or e.due_at <= (select $2::timestamptz))))
                 and not exists (select from emails e where e.correlation_id = p.case_id and e.state = 'queued'
                     and (e.attempts = 0 or e.claimed_until > coalesce((select $6::timestamptz), now())) and e.created_at > (select $5::timestamptz))
             order by p.due_at, p.case_id limit 1)
         select next.case_id as "case_id?", (select k.kind from checks k where k.case_id = next.case_id
                 and (k.kind = 'domain_dns') = (select $1::bool) and k.due_at <= (select $2::timestamptz)
                 order by k.due_at, array_position($7::text[], k.kind) limit 1) as kind,
             last.due_at as "last_due: Timestamp", last.case_id as "last_case?"
         from (values (1)) one (row)
             left join next on true
             left join (select case_id, due_at from page order by due_at, case_id offset 49) last on true"#,
        whom == Whom::NameServers,
        now as Timestamp,
        after.map(|(due, _)| due) as Option<Timestamp>,
        after.map_or(Uuid::nil(), |(_, case)| case),
        now.after(-LONGEST_WAIT_FOR_LETTERS) as Timestamp,
        casework.app.clock.for_leases() as Option<Timestamp>,
        &order,
    )
    .fetch_one(&casework.app.pool)
    .await
    .context("could not look for due checks")?;
    let found = row
        .case_id
        .zip(row.kind)
        .map(|(case, kind)| {
            let kind = kind.parse().with_context(|| format!("there is no check {kind:?}"))?;
            anyhow::Ok((case, kind))
        })
        .transpose()?;
    Ok((found, row.last_due.zip(row.last_case)))
}

/// Where the register changed while it was asked, the answer may be of the time before, and it is asked again.
async fn run_on_one_register(
    casework: &Casework,
    case: Uuid,
    kind: CheckKind,
    now: Timestamp,
) -> anyhow::Result<()> {
    let before = casework.followed_import().await?;
    run(casework, case, kind, now).await?;
    let asks_register = kind.is_answered_by_register() || kind == CheckKind::DomainDns;
    if asks_register && casework.followed_import().await? != before {
        casework.wake_check(case, kind).await?;
    }
    Ok(())
}

async fn run(casework: &Casework, case: Uuid, kind: CheckKind, now: Timestamp) -> anyhow::Result<()> {
    let loaded = casework.load(case).await?.context("the case is gone")?;
    mail_servers::remember(casework, &loaded.escalation, now).await?;
    let rests_on = loaded.case.check(kind).and_then(|check| check.evidence.contact());
    if let Some(contact) = rests_on {
        return contact_on_record::run(casework, &loaded, kind, contact).await;
    }
    if kind == CheckKind::Vouch {
        return vouch::run(casework, &loaded).await;
    }
    if kind == CheckKind::DomainDns
        && let Some(rest) = domain_dns::find_rest(casework, &loaded, now).await?
    {
        return casework.rest_check(case, kind, rest.until).await;
    }
    let Some(action) = find_action(casework, &loaded, kind, now).await? else {
        return casework.defer_check(case, kind).await;
    };
    if says_nothing_new(&loaded, &action, now) {
        return casework.rest_check(case, kind, None).await;
    }
    // The version guards against acting on what was read before somebody else's change.
    match casework.act(case, Actor::System, &action, Some(loaded.version)).await {
        Ok(_) | Err(ActError::Stale { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether a check that was asked again came to the verdict that counts already.
fn says_nothing_new(loaded: &Loaded, action: &Action, now: Timestamp) -> bool {
    let Action::RecordCheck { kind, verdict, evidence } = action else { return false };
    loaded.case.check(*kind).is_some_and(|check| {
        kind.is_answered_by_register()
            && (check.verdict, &check.evidence) == (*verdict, evidence)
            && (*verdict != Verdict::Passed || check.counts(now))
    })
}

/// What follows from asking the check's question; `None` where it is to be asked again later.
async fn find_action(
    casework: &Casework,
    loaded: &Loaded,
    kind: CheckKind,
    now: Timestamp,
) -> anyhow::Result<Option<Action>> {
    let pool = &casework.app.pool;
    let (verdict, evidence) = match kind {
        CheckKind::Entitlement => entitlement::find_verdict(pool, loaded).await?,
        CheckKind::RecordedContact => recorded_contact::find_verdict(pool, loaded).await?,
        CheckKind::DomainRegister => domain_register::find_verdict(pool, loaded).await?,
        CheckKind::DomainDns => return domain_dns::find_action(casework, loaded, now).await,
        CheckKind::DepartedNotice => {
            return departed_notice::find_action(casework, loaded, now).await.map(Some);
        }
        CheckKind::Successor => return Ok(Some(successor::find_action(loaded))),
        _ => anyhow::bail!("{} does not run by itself", kind.as_str()),
    };
    Ok(Some(Action::RecordCheck { kind, verdict, evidence }))
}

/// The customer that the case's entitlements belong to, as far as it is known.
async fn find_customer(pool: &PgPool, loaded: &Loaded) -> anyhow::Result<Option<Uuid>> {
    let mut connection = pool.acquire().await.context("no connection")?;
    casework::find_customer(&mut connection, loaded).await
}
