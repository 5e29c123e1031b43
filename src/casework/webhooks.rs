//! What endpoints are told of a change of a case, written in its transaction. Sends nothing.
//!
//! This is staff's side: it tells of a contest (`State::told` hides one from the customer's side). Whoever passes a message on to
//! a customer tells them what no page of ours would.

use sqlx::PgConnection;
use uuid::Uuid;

use super::load::Loaded;
use crate::{
    app::App,
    case::{
        escalation::Escalation,
        event::Event,
        number::CaseNumber,
        state::{Place, State},
    },
    clock::Timestamp,
    webhooks::{
        EventKind,
        outbox::{self, People, Told},
    },
};

/// Which messages a change is worth. Most of them are none and cost no statement.
fn kinds(event: &Event, before: Place, after: Place) -> Vec<EventKind> {
    let moved = before != after;
    [
        (matches!(event, Event::Confirmed), EventKind::CaseConfirmed),
        (moved, EventKind::CaseStateChanged),
        (matches!(event, Event::Drafted { .. }), EventKind::CaseApprovalWanted),
        (matches!(event, Event::Delivered), EventKind::CaseSent),
        (matches!(event, Event::AtlassianAnswered { .. }), EventKind::CaseAnswered),
        (
            matches!(event, Event::Objected { .. } | Event::SecondClaimRecorded { .. })
                || moved && after == Place::Contested,
            EventKind::CaseContested,
        ),
        (moved && after == Place::Closed, EventKind::CaseClosed),
    ]
    .into_iter()
    .filter_map(|(applies, kind)| applies.then_some(kind))
    .collect()
}

pub(super) async fn tell(
    app: &App,
    connection: &mut PgConnection,
    loaded: &Loaded,
    before: &State,
    event: &Event,
    now: Timestamp,
) -> anyhow::Result<()> {
    let place = loaded.case.state.place();
    let kinds = kinds(event, before.place(), place);
    let about = (loaded.case.id, &loaded.case.number);
    write(app, connection, about, &loaded.escalation, (&kinds, event.as_str(), place), now).await
}

/// A case that has just begun.
pub(super) async fn tell_of_opening(
    app: &App,
    connection: &mut PgConnection,
    about: (Uuid, &CaseNumber),
    escalation: &Escalation,
    now: Timestamp,
) -> anyhow::Result<()> {
    let what = (&[EventKind::CaseOpened][..], Event::Opened.as_str(), Place::Unconfirmed);
    write(app, connection, about, escalation, what, now).await
}

async fn write(
    app: &App,
    connection: &mut PgConnection,
    (case, number): (Uuid, &CaseNumber),
    escalation: &Escalation,
    (kinds, happened, place): (&[EventKind], &str, Place),
    now: Timestamp,
) -> anyhow::Result<()> {
    let told = Told {
        case,
        number: number.as_str(),
        happened,
        state: place.as_str(),
        link: &app.link(&format!("/desk/cases/{number}")),
        people: People {
            company: &escalation.company,
            requester_name: &escalation.requester.name,
            requester_email: escalation.requester.email.as_str(),
        },
    };
    outbox::tell(connection, kinds, &told, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::state::Outcome;

    #[test]
    fn a_change_is_told_as_what_it_is() {
        use EventKind::{CaseClosed, CaseConfirmed, CaseContested, CaseStateChanged};
        let told = |event: &Event, before, after| kinds(event, before, after);
        assert_eq!(
            told(&Event::Confirmed, Place::Unconfirmed, Place::Verifying),
            [CaseConfirmed, CaseStateChanged]
        );
        assert_eq!(
            told(&Event::Objected { note: None }, Place::Verifying, Place::Contested),
            [CaseStateChanged, CaseContested]
        );
        // One more objection.
        assert_eq!(
            told(&Event::Objected { note: None }, Place::Contested, Place::Contested),
            [CaseContested]
        );
        let closed = Event::Closed { outcome: Outcome::Completed, note: None };
        assert_eq!(told(&closed, Place::AwaitingConfirmation, Place::Closed), [CaseStateChanged, CaseClosed]);
        assert!(told(&Event::Reminded, Place::Verifying, Place::Verifying).is_empty());
    }
}
