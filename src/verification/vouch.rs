//! Does another contact on record confirm? Where the policy wants it, the first one who may is asked by itself.
//!
//! The answer comes in through the letter's link. Staff can ask another one at any time.

use anyhow::Context as _;

use crate::{
    case::{
        action::Action,
        actor::Actor,
        check::{CheckKind, Evidence, Verdict},
        contact::Voucher,
    },
    casework::{ActError, Casework, Loaded, list_contacts},
};

pub(super) async fn run(casework: &Casework, loaded: &Loaded) -> anyhow::Result<()> {
    let case = &loaded.case;
    if case.check(CheckKind::Entitlement).is_some_and(|check| check.verdict == Verdict::Pending) {
        return casework.defer_check(case.id, CheckKind::Vouch).await;
    }
    let mut connection = casework.app.pool.acquire().await.context("no connection")?;
    let contacts = list_contacts(&mut connection, loaded).await?;
    drop(connection);
    let shared = &casework.rules.shared_domains;
    let voucher = contacts.iter().find_map(|contact| Voucher::of(contact, &loaded.escalation, shared).ok());
    let expected = Some(loaded.version);
    // Nobody could be asked so far. Now that the register has changed: is there somebody, and does the policy want it?
    let idle = case.check(CheckKind::Vouch).is_some_and(|check| check.evidence == Evidence::NobodyToAsk);
    if idle && (voucher.is_none() || !case.rules.policy.asks_voucher()) {
        return casework.rest_check(case.id, CheckKind::Vouch, None).await;
    }
    let acted = match voucher {
        Some(voucher) => casework.request_vouch(case.id, Actor::System, voucher.contact(), expected).await,
        None => {
            let (verdict, evidence) = (Verdict::Inconclusive, Evidence::NobodyToAsk);
            let action = Action::RecordCheck { kind: CheckKind::Vouch, verdict, evidence };
            casework.act(case.id, Actor::System, &action, expected).await
        }
    };
    match acted {
        Ok(_) | Err(ActError::Stale { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
