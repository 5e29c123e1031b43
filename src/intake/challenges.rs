//! Showing by DNS whose domain it is: what the requester's IT is to set, and how far that is.
//!
//! Looks the same whatever the register knows about the domain. The looking up itself is done in the background.

use actix_web::{HttpResponse, web};
use serde::Serialize;

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
    token::Token,
    web::{Reader, WebError},
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
        Some(Self { domain: domain.to_owned(), stage, record, may_start })
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
