//! What staff write down for somebody who calls: no case until the customer has completed and sent it (law 13).
//!
//! Says who may prepare, who may complete and when, and what using the link proves. What is written down is only a beginning:
//! the form that the customer sends is read like any other. [`Completed`] is the proof without which no case comes of it.

mod words;

use super::{
    actor::{Actor, Role, StaffId},
    address::EmailAddress,
    event::Event,
    refusal::Refusal,
};
use crate::clock::Timestamp;

pub use words::{Mistake, PreparedWords, field_names, is_below};

/// Something prepared, as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Who wrote it down.
    pub by: StaffId,
    /// The mailbox that the link went to, and nothing else did.
    pub to: EmailAddress,
    pub expires_at: Timestamp,
    pub withdrawn: bool,
    /// A case came of it.
    pub completed: bool,
    /// The link stood in a message that came in: others than the customer may know it.
    pub link_came_back: bool,
}

/// Where something prepared is. It is no state of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// For the customer.
    Waiting,
    Expired,
    Withdrawn,
    Completed,
}

/// Proof that the customer completed and sent what was prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed {
    by: StaffId,
    confirms: bool,
}

/// Who of the staff may prepare: whoever works cases. It opens none.
///
/// # Errors
/// [`Refusal::NotYours`] for anybody outside, [`Refusal::RoleTooLow`].
pub fn may_prepare(actor: Actor) -> Result<StaffId, Refusal> {
    match actor {
        Actor::Staff { id, role } if role >= Role::Agent => Ok(id),
        Actor::Staff { .. } => Err(Refusal::RoleTooLow),
        _ => Err(Refusal::NotYours),
    }
}

impl Standing {
    pub fn of(expires_at: Timestamp, withdrawn: bool, completed: bool, now: Timestamp) -> Self {
        if completed {
            Self::Completed
        } else if withdrawn {
            Self::Withdrawn
        } else if now >= expires_at {
            Self::Expired
        } else {
            Self::Waiting
        }
    }
}

impl Prepared {
    pub fn standing(&self, now: Timestamp) -> Standing {
        Standing::of(self.expires_at, self.withdrawn, self.completed, now)
    }

    /// `actor`, who used the link, sends the form in the name of `requester`.
    ///
    /// The link is a secret that went to one mailbox alone, and has not come back from there, so using it shows that whoever sends the form reads that mailbox:
    /// it confirms the requester's address where that is this very one, and no other.
    ///
    /// # Errors
    /// [`Refusal::NotYours`] for everybody but the customer, [`Refusal::AlreadyDecided`] where a case came of it,
    /// [`Refusal::NotNow`] where its time is over, or where the link came back: staff read what comes in, and would act as the customer.
    pub fn complete(
        &self,
        actor: Actor,
        requester: &EmailAddress,
        now: Timestamp,
    ) -> Result<Completed, Refusal> {
        if actor != Actor::Requester {
            return Err(Refusal::NotYours);
        }
        match self.standing(now) {
            Standing::Waiting if self.link_came_back => return Err(Refusal::NotNow),
            Standing::Waiting => {}
            Standing::Completed => return Err(Refusal::AlreadyDecided),
            Standing::Expired | Standing::Withdrawn => return Err(Refusal::NotNow),
        }
        let confirms = self.to == *requester;
        Ok(Completed { by: self.by, confirms })
    }
}

impl Completed {
    /// Whether the requester's mailbox is confirmed with it.
    pub fn confirms(&self) -> bool {
        self.confirms
    }

    /// The line in the trail: who wrote down what the case began with. By it they are a hand in the case, and don't approve.
    pub fn line(&self) -> (StaffId, Event) {
        (self.by, Event::Prepared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    const STAFF: StaffId = StaffId(uuid::Uuid::nil());

    fn at(text: &str) -> Timestamp {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    fn waiting() -> Prepared {
        let (to, expires_at) = ("m@nordlicht.example".parse().unwrap(), at("2026-06-08T08:00:00Z"));
        Prepared { by: STAFF, to, expires_at, withdrawn: false, completed: false, link_came_back: false }
    }

    #[test]
    fn only_the_customer_completes_in_time_and_once() {
        let (now, late) = (at("2026-06-01T08:00:00Z"), at("2026-06-08T08:00:00Z"));
        let own: EmailAddress = "m@Nordlicht.example".parse().unwrap();
        let completed = waiting().complete(Actor::Requester, &own, now).unwrap();
        assert!(completed.confirms());
        assert_eq!(completed.line(), (STAFF, Event::Prepared));
        let other = "m+x@nordlicht.example".parse().unwrap();
        assert!(!waiting().complete(Actor::Requester, &other, now).unwrap().confirms());
        for role in [Role::Agent, Role::Approver, Role::Admin] {
            let staff = Actor::Staff { id: STAFF, role };
            assert_eq!(waiting().complete(staff, &own, now), Err(Refusal::NotYours));
            assert_eq!(may_prepare(staff), Ok(STAFF));
        }
        for nobody in [Actor::System, Actor::Successor, Actor::Atlassian, Actor::DepartedContact] {
            assert_eq!(waiting().complete(nobody, &own, now), Err(Refusal::NotYours));
            assert_eq!(may_prepare(nobody), Err(Refusal::NotYours));
        }
        let auditor = Actor::Staff { id: STAFF, role: Role::Auditor };
        assert_eq!(may_prepare(auditor), Err(Refusal::RoleTooLow));
        let refused = |prepared: Prepared, now| prepared.complete(Actor::Requester, &own, now).unwrap_err();
        assert_eq!(refused(waiting(), late), Refusal::NotNow);
        assert_eq!(refused(Prepared { withdrawn: true, ..waiting() }, now), Refusal::NotNow);
        assert_eq!(refused(Prepared { link_came_back: true, ..waiting() }, now), Refusal::NotNow);
        assert_eq!(refused(Prepared { completed: true, ..waiting() }, late), Refusal::AlreadyDecided);
    }
}
