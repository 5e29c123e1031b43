//! Showing by DNS whose domain it is: what the requester's IT is to set, and how far that is.
//!
//! Looks the same whatever the register knows about the domain. The looking up itself is done in the background.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_web::{HttpResponse, web};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::links;
use crate::{
    case::{
        action::{Action, ActionKind},
        actor::Actor,
        check::{CheckKind, Evidence},
        state::State,
    },
    casework::{Casework, Loaded, links::Purpose},
    clock::Timestamp,
    dns::{self, Look},
    token::Token,
    web::{Reader, WebError, see_other},
};

/// What `intake/challenge.html` shows.
#[derive(Clone, Debug, Serialize)]
pub struct ChallengeView {
    domain: String,
    /// offered | waiting | seen
    pub stage: &'static str,
    /// The TXT record to be set, while it is looked for or kept.
    record: Option<RecordView>,
    may_start: bool,
    /// Whether we look at once when asked to.
    may_look: bool,
}

#[derive(Clone, Debug, Serialize)]
struct RecordView {
    /// The whole name, `_handover-challenge.<domain>`.
    name: String,
    text: String,
    since: Timestamp,
}

impl ChallengeView {
    /// `None` where no domain can speak for the customer, or checking is over.
    pub fn of(loaded: &Loaded, now: Timestamp) -> Option<Self> {
        let (case, escalation) = (&loaded.case, &loaded.escalation);
        let checking = matches!(case.state.told(), State::Verifying | State::AwaitingCustomer { .. });
        let domain = escalation.challenge_domain().filter(|_| checking)?;
        let evidence = case.check(CheckKind::DomainDns).map(|check| &check.evidence);
        let stage = match evidence {
            Some(Evidence::ChallengeSet { .. } | Evidence::ChallengeUnclear { .. }) => "waiting",
            // Whether the domain is on record is not for the requester.
            Some(Evidence::ChallengeSeen { .. } | Evidence::ChallengeElsewhere { .. }) => "seen",
            _ => "offered",
        };
        let record = evidence.and_then(Evidence::challenge).and_then(|(token, since)| {
            let (name, text) = escalation.challenge_record(token)?;
            Some(RecordView { name, text, since })
        });
        let may_start =
            case.offers_one(Actor::Requester, ActionKind::StartDomainChallenge, now) && stage != "seen";
        let may_look = stage == "waiting" && record.is_some();
        Some(Self { domain: domain.to_owned(), stage, record, may_start, may_look })
    }
}

/// `POST /cases/{token}/domain-challenge`
pub async fn create(
    reader: Reader,
    casework: web::Data<Casework>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    if loaded.escalation.challenge_domain().is_none() {
        return Err(WebError::NotFound);
    }
    let action = Action::StartDomainChallenge { token: Token::random().reveal().to_owned() };
    casework.act(loaded.case.id, Actor::Requester, &action, None).await?;
    Ok(reader.see_other(&format!("/cases/{}#domain", token.as_str()), "notice-challenge-started"))
}

/// What a look showed, or why there was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Found {
    Shown,
    Other,
    Missing,
    Unclear,
    /// Nobody was asked: somebody just was.
    Later,
}

impl From<Look> for Found {
    fn from(look: Look) -> Self {
        match look {
            Look::Shown => Self::Shown,
            Look::Other => Self::Other,
            Look::Missing => Self::Missing,
            Look::Unclear => Self::Unclear,
        }
    }
}

/// Looks within a minute for one case, and for all of one process; and at once.
const LOOKS_PER_CASE: NonZeroU32 = NonZeroU32::new(3).unwrap();
const LOOKS_IN_ALL: NonZeroU32 = NonZeroU32::new(30).unwrap();
const LOOKS_AT_ONCE: usize = 2;
/// After so many, cases that are quiet again are forgotten.
const CLEAN_EVERY: usize = 256;

/// How often we look because somebody pressed the button. Stops whoever would have us flood resolvers, or the name servers of a
/// domain that they named in a form, and whoever's name servers keep each question waiting: others then wait for the look that is
/// taken by itself anyway.
#[derive(Clone, Debug)]
pub struct Looks(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    each: DefaultKeyedRateLimiter<Uuid>,
    all: DefaultDirectRateLimiter,
    places: Semaphore,
    seen: AtomicUsize,
}

impl Default for Looks {
    fn default() -> Self {
        Self(Arc::new(Inner {
            each: RateLimiter::keyed(Quota::per_minute(LOOKS_PER_CASE)),
            all: RateLimiter::direct(Quota::per_minute(LOOKS_IN_ALL)),
            places: Semaphore::new(LOOKS_AT_ONCE),
            seen: AtomicUsize::new(0),
        }))
    }
}

impl Looks {
    /// What the resolvers show now.
    async fn look(&self, casework: &Casework, case: Uuid, (name, text): (&str, &str)) -> Found {
        let Inner { each, all, places, seen } = &*self.0;
        if seen.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            each.retain_recent();
        }
        // The case first: whoever presses on and on must not use up what is everybody's.
        if each.check_key(&case).is_err() {
            return Found::Later;
        }
        let Ok(_place) = places.try_acquire() else { return Found::Later };
        if all.check().is_err() {
            return Found::Later;
        }
        dns::look_for_text(&casework.app.settings.dns, name, text).await.into()
    }
}

/// `POST /cases/{token}/domain-look`: looks for the record at once. Proves nothing: where it is seen, the check is made due, which
/// looks for itself. Holds no connection while name servers make us wait.
pub async fn look(
    reader: Reader,
    casework: web::Data<Casework>,
    looks: web::Data<Looks>,
    token: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let loaded = links::open(&casework, &token, Purpose::Status).await?;
    let shown = ChallengeView::of(&loaded, reader.app.clock.now());
    let record = shown.filter(|shown| shown.may_look).and_then(|shown| shown.record);
    let Some(record) = record else { return Err(WebError::NotFound) };
    let found = looks.look(&casework, loaded.case.id, (&record.name, &record.text)).await;
    if found == Found::Shown {
        casework.wake_check(loaded.case.id, CheckKind::DomainDns).await?;
    }
    let word: &str = found.into();
    Ok(see_other(&format!("/cases/{}?looked={word}#domain", token.as_str())))
}
