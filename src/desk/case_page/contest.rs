//! What stands against a contested case, for whoever has to decide it.

use serde::Serialize;

use super::{TrailEntry, Words, trail};
use crate::{
    case::{Case, actor::Actor, contest::Cause, number::CaseNumber, state::State},
    casework::TrailLine,
    clock::Timestamp,
};

#[derive(Debug, Serialize)]
pub struct ContestView {
    /// Who objected and why.
    objections: Vec<TrailEntry>,
    /// Other cases about one of the same entitlements.
    claims: Vec<ClaimView>,
    /// There may be more of them than are named.
    may_be_more: bool,
    /// Whether the reader could close this one as a duplicate.
    may_be_duplicate: bool,
}

#[derive(Debug, Serialize)]
struct ClaimView {
    number: CaseNumber,
    same_requester: bool,
}

/// `None` where nothing stands against the case.
pub fn view(
    case: &Case,
    reader: Actor,
    events: &[TrailLine],
    words: &Words,
    now: Timestamp,
) -> Option<ContestView> {
    let State::Contested { since, causes, .. } = &case.state else { return None };
    let claim = |cause: &Cause| match cause {
        Cause::SecondClaim { other, same_requester } => {
            Some(ClaimView { number: other.clone(), same_requester: *same_requester })
        }
        Cause::Objection { .. } => None,
    };
    Some(ContestView {
        objections: trail::objections(events, words, *since),
        claims: causes.iter().filter_map(claim).collect(),
        may_be_more: causes.are_full(),
        may_be_duplicate: case.offers_duplicate(reader, now),
    })
}
