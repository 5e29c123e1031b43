//! Where a contested case is for the customer's side, which never learns of a contest.
//!
//! What it may know and do follows from [`State::told`], and what it does meanwhile is kept by [`State::advance`].

use super::{
    contest::Before,
    state::{Outcome, State},
};

impl Before {
    /// `None` for what can't be contested.
    pub fn of(state: &State) -> Option<Self> {
        Some(match state {
            State::Verifying => Self::Verifying,
            State::AwaitingCustomer { asked_at } => Self::AwaitingCustomer { asked_at: *asked_at },
            State::AwaitingApproval { follows: Some(follows), .. } => Self::FollowUp { follows: *follows },
            State::Verified | State::AwaitingApproval { .. } => Self::Verified,
            State::Submitted { draft, follows, .. } => Self::Submitted { draft: *draft, follows: *follows },
            // Time begins anew once the contest is over.
            State::WithAtlassian { since, no_access, .. } => {
                Self::WithAtlassian { since: *since, no_access: *no_access }
            }
            State::AwaitingConfirmation { since, said_at } => {
                Self::AwaitingConfirmation { since: *since, said_at: *said_at }
            }
            State::Closed { outcome: Outcome::Completed } => Self::AccessConfirmed,
            State::Contested { before, .. } => before.clone(),
            State::Unconfirmed { .. } | State::Closed { .. } => return None,
        })
    }

    fn state(&self) -> State {
        match self {
            Self::Verifying => State::Verifying,
            Self::AwaitingCustomer { asked_at } => State::AwaitingCustomer { asked_at: *asked_at },
            // What the customer's side read while the draft waited, it reads now.
            Self::Verified | Self::FollowUp { .. } => State::Verified,
            Self::Submitted { draft, follows } => {
                State::Submitted { draft: *draft, undeliverable: false, follows: *follows }
            }
            Self::WithAtlassian { since, no_access } => {
                State::WithAtlassian { since: *since, no_access: *no_access, silent: false }
            }
            Self::AwaitingConfirmation { since, said_at } => {
                State::AwaitingConfirmation { since: *since, said_at: *said_at }
            }
            Self::AccessConfirmed => State::Closed { outcome: Outcome::Completed },
        }
    }
}

impl State {
    /// Where the case is for the customer's side: a contest does not show.
    pub fn told(&self) -> State {
        match self {
            Self::Contested { before, .. } => before.state(),
            state => state.clone(),
        }
    }

    /// `next`, or, while contested, still contested and then to go on from `next`.
    pub(super) fn advance(&self, next: State) -> State {
        match (self, Before::of(&next)) {
            (Self::Contested { since, causes, .. }, Some(before)) => {
                Self::Contested { since: *since, causes: causes.clone(), before }
            }
            _ => next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contest_without_a_cause_is_not_read() {
        let stored = r#"{"state":"contested","since":"2026-06-01T10:00:00Z","causes":[],"before":{"place":"verifying"}}"#;
        assert!(serde_json::from_str::<State>(stored).is_err());
        let cause = r#"[{"cause":"second_claim","other":"HO-2026-00042","same_requester":false}]"#;
        let state: State = serde_json::from_str(&stored.replace("[]", cause)).unwrap();
        assert_eq!(state.told(), State::Verifying);
        assert_eq!(serde_json::from_value::<State>(serde_json::to_value(&state).unwrap()).unwrap(), state);
    }
}
