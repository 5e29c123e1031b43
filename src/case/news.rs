//! What came in from outside and nobody of the staff has looked at yet: it marks the case as new, and turns the wait to us
//! where somebody has to do something about it.
//!
//! Without it an answer that changes no state would lie in a case that waits for somebody else, where nobody looks. What is
//! only claimed to be about a case (quarantined mail) is not news of the case: it proves nothing, and must move no wait.

use super::{Case, actor::Actor, correspondence::Manner, event::Event, outcome::Transition, state::State};
use crate::clock::Timestamp;

/// Since the oldest thing that nobody has looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct News {
    pub since: Timestamp,
    /// Somebody of the staff has to look, whoever else the case waits for.
    pub needs_us: bool,
}

/// What an event from outside is to staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Good to know.
    Told,
    /// Somebody has to look at it.
    NeedsUs,
}

impl Event {
    /// `None` for what staff or the program did, or what nobody has to look at.
    pub fn arrival(&self, by_staff: bool) -> Option<Arrival> {
        if by_staff {
            return None;
        }
        match self {
            Self::MailFiled { manner: Manner::Automatic | Manner::ReturnedNotice, .. }
            | Self::SuccessionAccepted
            | Self::Vouched { .. } => Some(Arrival::Told),
            Self::MailFiled { .. }
            | Self::Answered { .. }
            | Self::CustomerTold { .. }
            | Self::AddressCorrected { .. }
            | Self::NoAccessReported { .. }
            | Self::SuccessionDeclined
            | Self::Objected { .. }
            | Self::SecondClaimRecorded { .. }
            | Self::EvidenceAdded { .. }
            | Self::DeliveryFailed => Some(Arrival::NeedsUs),
            _ => None,
        }
    }

    /// Whoever of the staff does this had the case before their eyes and answered what was in it.
    fn answers_news(&self) -> bool {
        matches!(
            self,
            Self::Seen
                | Self::CustomerAsked { .. }
                | Self::AtlassianAnswered { .. }
                | Self::ObjectionDismissed { .. }
                | Self::ObjectionUpheld { .. }
                | Self::Drafted { .. }
                | Self::DraftReturned { .. }
                | Self::Rejected { .. }
                | Self::Closed { .. }
                | Self::Reopened { .. }
        )
    }
}

impl Case {
    /// What is new once `transition` is made.
    pub fn news_after(&self, by: Actor, transition: &Transition, now: Timestamp) -> Option<News> {
        let by_staff = by.staff_id().is_some();
        let event = &transition.event;
        // What the customer ends is over; what comes in after an end is not.
        let ends = !self.state.is_closed() && matches!(transition.next, State::Closed { .. });
        if ends || by_staff && event.answers_news() {
            return None;
        }
        let Some(arrival) = event.arrival(by_staff) else { return self.news };
        let needs_us = arrival == Arrival::NeedsUs;
        Some(match self.news {
            Some(old) => News { since: old.since, needs_us: old.needs_us || needs_us },
            None => News { since: now, needs_us },
        })
    }
}
