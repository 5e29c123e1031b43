//! What happened to a case, for its requester, in their words: what their side did and heard, and the steps they are told of.
//!
//! From the trail as if no case were ever contested. Everything else is left out: what a check found, whom we wrote to because of
//! the register, who objected, what staff did among themselves. An event that this file does not name is not told.

use serde::Serialize;

use crate::{
    case::{
        correspondence::{AtlassianAnswer, Topic},
        escalation::Addressed,
        event::Event,
        state::{Outcome, Place},
    },
    casework::TrailLine,
    clock::Timestamp,
    lang::Language,
};

/// So many lines are shown, the newest.
const MOST: usize = 40;

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Happening {
    at: Timestamp,
    text: String,
}

/// Newest first; `trail` oldest first.
pub fn of(trail: &[TrailLine], language: Language) -> Vec<Happening> {
    let mut checked = false;
    let mut happenings = Vec::new();
    for line in trail {
        let name = told(line).or_else(|| {
            // Told once: to go back and forth is our matter.
            let first = line.to == Place::Verified && line.from != Some(Place::Verified) && !checked;
            first.then_some("verified")
        });
        checked |= line.to == Place::Verified;
        if let Some(name) = name {
            let text = language.text(&format!("intake-history-{name}"));
            happenings.push(Happening { at: line.at, text });
        }
    }
    happenings.reverse();
    happenings.truncate(MOST);
    happenings
}

/// Part of the key of its sentence; `None` for what the requester is not told.
fn told(line: &TrailLine) -> Option<&'static str> {
    let own = line.actor == "requester";
    Some(match &line.event {
        Event::Opened => "opened",
        Event::Confirmed => "confirmed",
        Event::ConfirmedAgain => "confirmed-again",
        Event::DomainChallengeStarted => "domain",
        Event::SuccessionAccepted => "accepted",
        Event::SuccessionDeclined => "declined",
        Event::CustomerAsked { .. } => "asked",
        Event::Answered { .. } => "answered",
        Event::CustomerTold { topic: Topic::AtlassianAnswered, .. } => "told-atlassian",
        Event::CustomerTold { topic: Topic::Voucher, .. } => "told-voucher",
        Event::AddressCorrected { whose: Addressed::Successor, .. } => "address-successor",
        Event::AddressCorrected { whose: Addressed::Departed, .. } => "address-departed",
        Event::EvidenceAdded { .. } if own => "file",
        Event::EvidenceRemoved { .. } if own => "file-removed",
        Event::Approved { .. } => "approved",
        Event::Delivered => "sent",
        Event::AtlassianAnswered { answer, .. } => match answer {
            AtlassianAnswer::Done | AtlassianAnswer::ToldCustomer => "atlassian-done",
            AtlassianAnswer::Question => "atlassian-question",
            AtlassianAnswer::Declined => "atlassian-declined",
        },
        Event::AccessReported => "access",
        // The new contact is of the customer's side, too.
        Event::AccessConfirmed if own => "access",
        Event::AccessConfirmed => "access-successor",
        Event::NoAccessReported { .. } if own => "no-access",
        Event::NoAccessReported { .. } => "no-access-successor",
        Event::Withdrawn => "withdrawn",
        Event::Expired => "expired",
        // Whoever decided, and about what, ends in the same words.
        Event::Rejected { .. } | Event::ObjectionUpheld { .. } => "rejected",
        Event::Closed { outcome, .. } => match outcome {
            Outcome::Completed => "completed",
            Outcome::Withdrawn => "withdrawn",
            _ => "closed",
        },
        Event::Reopened { .. } => "reopened",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        case::{
            check::{CheckKind, Verdict},
            number::CaseNumber,
        },
        intake::uncontested,
    };

    fn line(event: Event, actor: &str, from: Place, to: Place) -> TrailLine {
        let at: Timestamp = "2026-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
        TrailLine {
            seq: 1,
            version: 1,
            at,
            actor: actor.into(),
            staff_name: None,
            token_name: None,
            event,
            from: Some(from),
            to,
        }
    }

    #[test]
    fn nothing_of_the_other_side_is_told() {
        let note = Uuid::nil();
        let quiet = [
            Event::Objected { note: Some(note) },
            Event::SecondClaimRecorded { other: CaseNumber::new(2026, 7) },
            Event::ObjectionDismissed { note },
            Event::CheckRecorded { check: CheckKind::RecordedContact, verdict: Verdict::Failed },
            Event::VouchRequested { contact: note },
            Event::Vouched { contact: note },
            Event::Called { verdict: Verdict::Passed, contact: note, note },
            Event::NoteAdded { note },
            Event::Reminded,
            Event::Recalled { note },
            Event::EvidenceAdded { file: note, sha256: crate::case::digest::Digest([0; 32]) },
        ];
        for event in quiet {
            let lines = [
                line(Event::Confirmed, "requester", Place::Unconfirmed, Place::Verifying),
                line(event.clone(), "staff", Place::Verifying, Place::Contested),
            ];
            assert_eq!(of(&uncontested::trail(&lines), Language::En).len(), 1, "{event:?}");
        }
    }

    #[test]
    fn an_objection_that_was_right_ends_as_any_rejection() {
        let note = Uuid::nil();
        let ends = [Event::Rejected { note, told: None }, Event::ObjectionUpheld { note }];
        let told: Vec<String> = ends
            .map(|event| of(&[line(event, "staff", Place::Verifying, Place::Closed)], Language::De))
            .into_iter()
            .map(|lines| lines.first().unwrap().text.clone())
            .collect();
        assert_eq!(told.first(), told.get(1));
    }
}
