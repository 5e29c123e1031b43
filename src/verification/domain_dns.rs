//! Do the name servers of the customer's domain show our token? Looked up until they do, or the time for it is over.
//!
//! Whoever controls a zone can speak for the domain (CA/Browser Forum baseline requirements 3.2.2.4.7), but only a
//! domain that the register knows as this customer's alone, itself or by a name above it that the same owner holds, says
//! anything about the customer. Resolvers that disagree or fail settle nothing: they are asked again.
//!
//! Whose case it is, the entitlement's check has said before (`find_due` in the module above); the other checks run beside this
//! one. What it read of them holds only for the version of the case that it read: `casework` compares that under the case's lock,
//! and a verdict that rests on an older one is thrown away and asked for again.

use anyhow::Context as _;
use sqlx::PgPool;

use super::{domain_register::list_owners, find_customer};
use crate::{
    case::{
        action::Action,
        check::{CheckKind, Evidence, Verdict},
        next_look,
    },
    casework::{Casework, Loaded},
    clock::Timestamp,
    dns::{self, Answer},
};

/// What to do now; `None` to look again later.
pub(super) async fn find_action(
    casework: &Casework,
    loaded: &Loaded,
    now: Timestamp,
) -> anyhow::Result<Option<Action>> {
    let kind = CheckKind::DomainDns;
    let check = loaded.case.check(kind).context("the check is gone")?;
    let (token, started_at) = check.evidence.challenge().context("no challenge is set")?;
    // What was seen goes by the register, this way and the other. Whether the record is still there does not matter: most take
    // it away once it was seen.
    if let Some(seen_at) = check.evidence.seen_at() {
        let on_record = is_on_record(&casework.app.pool, loaded).await?;
        if on_record != (check.verdict == Verdict::Passed) {
            return Ok(Some(seen(token, started_at, seen_at, on_record)));
        }
    }
    let Some((name, text)) = loaded.escalation.challenge_record(token) else {
        return Ok(Some(record(Verdict::Inconclusive, Evidence::ChallengeNotSeen { started_at })));
    };
    Ok(match dns::shows_text(&casework.app.settings.dns, &name, &text).await {
        Answer::Yes => {
            let on_record = is_on_record(&casework.app.pool, loaded).await?;
            Some(seen(token, started_at, now, on_record))
        }
        _ if now >= end_of_search(casework, loaded, started_at) => {
            Some(record(Verdict::Inconclusive, Evidence::ChallengeNotSeen { started_at }))
        }
        Answer::Unclear if check.verdict == Verdict::Pending => {
            let evidence = Evidence::ChallengeUnclear { token: token.to_owned(), started_at };
            Some(record(Verdict::Inconclusive, evidence))
        }
        Answer::No | Answer::Unclear => None,
    })
}

/// The answer is as it was; asked again then, or once the register changes.
pub(super) struct Rest {
    pub until: Option<Timestamp>,
}

/// Whether what was seen is asked for early, because the register has changed, and nothing follows: the register still knows
/// the domain as this customer's alone, or still does not. What was seen too long ago proves nothing any more, whoever has
/// the domain by now: it may have changed hands before the register heard of it.
pub(super) async fn find_rest(
    casework: &Casework,
    loaded: &Loaded,
    now: Timestamp,
) -> anyhow::Result<Option<Rest>> {
    let check = loaded.case.check(CheckKind::DomainDns).context("the check is gone")?;
    let pool = &casework.app.pool;
    Ok(match check.evidence {
        Evidence::ChallengeElsewhere { .. } => {
            let usable =
                check.evidence.challenge().is_some() && check.expires_at.is_some_and(|end| now < end);
            let judged = usable && is_on_record(pool, loaded).await?;
            (!judged).then_some(Rest { until: None })
        }
        _ if check.verdict == Verdict::Passed => {
            let next = next_look(check).filter(|next| now < *next);
            let stands = next.is_some() && is_on_record(pool, loaded).await?;
            stands.then_some(Rest { until: next })
        }
        _ => None,
    })
}

/// The record was seen: it proves something where the domain is on record.
fn seen(token: &str, started_at: Timestamp, seen_at: Timestamp, on_record: bool) -> Action {
    let token = token.to_owned();
    if on_record {
        return record(Verdict::Passed, Evidence::ChallengeSeen { token, started_at, seen_at });
    }
    let (token, started_at) = (Some(token), Some(started_at));
    record(Verdict::Inconclusive, Evidence::ChallengeElsewhere { seen_at, token, started_at })
}

fn record(verdict: Verdict, evidence: Evidence) -> Action {
    Action::RecordCheck { kind: CheckKind::DomainDns, verdict, evidence }
}

/// A proof that was seen once is looked for until it expires.
fn end_of_search(casework: &Casework, loaded: &Loaded, started_at: Timestamp) -> Timestamp {
    let check = loaded.case.check(CheckKind::DomainDns);
    let proof_ends =
        check.filter(|check| check.verdict == Verdict::Passed).and_then(|check| check.expires_at);
    proof_ends.unwrap_or_else(|| {
        let days = i64::from(casework.rules.deadlines.challenge_days);
        started_at.after(jiff::SignedDuration::from_hours(days.saturating_mul(24)))
    })
}

async fn is_on_record(pool: &PgPool, loaded: &Loaded) -> anyhow::Result<bool> {
    let (Some(customer), Some(domain)) =
        (find_customer(pool, loaded).await?, loaded.escalation.challenge_domain())
    else {
        return Ok(false);
    };
    Ok(list_owners(pool, &loaded.case.rules.shared_domains, domain).await? == [customer])
}
