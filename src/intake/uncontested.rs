//! The trail as if no case were ever contested: for the customer's side, which must not learn of it.

use crate::{
    case::{event::Event, state::Place},
    casework::TrailLine,
};

/// The same lines; what happened while the case was contested happens in the place where it was before.
pub fn trail(lines: &[TrailLine]) -> Vec<TrailLine> {
    let mut place = None;
    let told = |line: &TrailLine| {
        let to = match line.to {
            Place::Contested => place_after(&line.event, place).or(place).unwrap_or(Place::Verifying),
            to => to,
        };
        let told = TrailLine { from: place, to, ..line.clone() };
        place = Some(to);
        told
    };
    lines.iter().map(told).collect()
}

/// Where the customer's side has got to by what it did, or heard of, while the case was contested, or as it became so.
fn place_after(event: &Event, place: Option<Place>) -> Option<Place> {
    match event {
        Event::AddressCorrected { .. } if place != Some(Place::AwaitingCustomer) => Some(Place::Verifying),
        Event::Answered { .. } | Event::Reopened { .. } => Some(Place::Verifying),
        Event::Delivered | Event::NoAccessReported { .. } => Some(Place::WithAtlassian),
        Event::AccessConfirmed => Some(Place::Closed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    fn line(event: Event, from: Option<Place>, to: Place) -> TrailLine {
        let at: Timestamp = "2026-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
        TrailLine {
            seq: 1,
            version: 1,
            at,
            actor: "system".into(),
            staff_name: None,
            token_name: None,
            event,
            from,
            to,
        }
    }

    #[test]
    fn what_was_contested_never_moved() {
        let note = uuid::Uuid::nil();
        let lines = [
            line(Event::Opened, None, Place::Unconfirmed),
            line(Event::Confirmed, Some(Place::Unconfirmed), Place::Verifying),
            line(Event::CustomerAsked { note }, Some(Place::Verifying), Place::AwaitingCustomer),
            line(Event::Objected { note: None }, Some(Place::AwaitingCustomer), Place::Contested),
            line(Event::NoteAdded { note }, Some(Place::Contested), Place::Contested),
            line(Event::Answered { note }, Some(Place::Contested), Place::Contested),
            line(Event::ObjectionDismissed { note }, Some(Place::Contested), Place::Verifying),
            line(Event::Withdrawn, Some(Place::Verifying), Place::Closed),
        ];
        let places: Vec<Place> = trail(&lines).iter().map(|line| line.to).collect();
        assert_eq!(
            places,
            [
                Place::Unconfirmed,
                Place::Verifying,
                Place::AwaitingCustomer,
                Place::AwaitingCustomer,
                Place::AwaitingCustomer,
                Place::Verifying,
                Place::Verifying,
                Place::Closed
            ]
        );
    }

    #[test]
    fn a_case_that_is_reopened_into_a_contest_is_open() {
        let note = uuid::Uuid::nil();
        let lines = [
            line(Event::Objected { note: None }, Some(Place::Verifying), Place::Contested),
            line(Event::ObjectionUpheld { note }, Some(Place::Contested), Place::Closed),
            line(Event::Reopened { note }, Some(Place::Closed), Place::Contested),
            line(Event::Withdrawn, Some(Place::Contested), Place::Closed),
        ];
        let moves: Vec<_> = trail(&lines).iter().map(|line| (line.from, line.to)).collect();
        assert_eq!(moves.get(2), Some(&(Some(Place::Closed), Place::Verifying)));
        assert_eq!(moves.get(3), Some(&(Some(Place::Verifying), Place::Closed)));
    }
}
