//! What the requester may know about their case: where it stands, whom it waits for, what they can do.
//!
//! Pure, and careful: no names of staff, nothing that tells what the register holds, and while the case is contested the
//! page is what it was before. What can be done now comes from asking the rules.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::{challenges::ChallengeView, next_steps::NextSteps, uncontested};
use crate::{
    case::{
        action::ActionKind,
        actor::Actor,
        check::{CheckKind, Verdict},
        escalation::Hosting,
        event::Event,
        number::CaseNumber,
        state::{Outcome, Party, Place, State},
        text::NoteKind,
    },
    casework::{Loaded, StoredNote, TrailLine},
    clock::Timestamp,
    lang::{Arguments, Language},
    view::write_day,
};

/// What `intake/status.html` shows, without the form on it.
#[derive(Clone, Debug, Serialize)]
pub struct StatusView {
    /// The address of the page, which its forms post below.
    pub base: String,
    number: CaseNumber,
    company: String,
    departed_name: String,
    successor_name: String,
    entitlements: Vec<String>,
    asked_at: Timestamp,
    waiting: Waiting,
    next: Option<NextSteps>,
    steps: Vec<Step>,
    question: Option<Question>,
    challenge: Option<ChallengeView>,
    may: May,
}

#[derive(Clone, Debug, Serialize)]
struct Waiting {
    party: Party,
    title: String,
    text: String,
    since: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Step {
    name: &'static str,
    /// done | now | todo | stopped
    step: &'static str,
    at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize)]
struct Question {
    text: String,
    asked_at: Timestamp,
}

#[derive(Clone, Debug, Serialize)]
struct May {
    answer: bool,
    confirm_access: bool,
    withdraw: bool,
}

impl StatusView {
    pub const TEMPLATE: &'static str = "intake/status.html";

    /// The page of `loaded` at `base`; `trail` and `notes` oldest first.
    pub fn new(
        base: String,
        loaded: &Loaded,
        trail: &[TrailLine],
        notes: Vec<StoredNote>,
        language: Language,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Self {
        let may = |kind| loaded.case.offers_one(Actor::Requester, kind, now);
        let may = May {
            answer: may(ActionKind::Answer),
            confirm_access: may(ActionKind::ConfirmAccess),
            withdraw: may(ActionKind::Withdraw),
        };
        let challenge = ChallengeView::of(loaded, now);
        // From here on there is no contest.
        let (loaded, trail) = (&told(loaded), &uncontested::trail(trail));
        let (case, escalation) = (&loaded.case, &loaded.escalation);
        Self {
            base,
            number: case.number.clone(),
            company: escalation.company.clone(),
            departed_name: escalation.departed.name.clone(),
            successor_name: escalation.successor.name.clone(),
            entitlements: escalation.entitlements.iter().map(ToString::to_string).collect(),
            asked_at: loaded.opened_at,
            waiting: waiting(loaded, trail, (language, zone), now),
            next: NextSteps::of(loaded, challenge.as_ref(), language),
            steps: steps(loaded, trail),
            question: may.answer.then(|| last_question(notes)).flatten(),
            challenge,
            may,
        }
    }
}

fn told(loaded: &Loaded) -> Loaded {
    let mut told = loaded.clone();
    told.case.state = loaded.case.state.told();
    told
}

fn last_question(notes: Vec<StoredNote>) -> Option<Question> {
    let note = notes.into_iter().rfind(|note| note.kind == NoteKind::Question)?;
    Some(Question { text: note.body, asked_at: note.created_at })
}

fn waiting(
    loaded: &Loaded,
    trail: &[TrailLine],
    (language, zone): (Language, &TimeZone),
    now: Timestamp,
) -> Waiting {
    let (party, title, text) = situation(loaded, now);
    let arguments: Arguments<'_> =
        [("successor".into(), loaded.escalation.successor.name.clone().into())].into();
    // While checking, the time of an objection or of its end must not show.
    let since = match loaded.case.state {
        State::Verifying => loaded.case.confirmed_at,
        _ => trail.iter().rfind(|line| line.from != Some(line.to)).map(|line| line.at),
    };
    let title = language.text_with(title, &arguments);
    let mut text = language.text_with(text, &arguments);
    if let (State::WithAtlassian { no_access: false, .. }, Some(at)) =
        (&loaded.case.state, reminded_at(trail))
    {
        let arguments: Arguments<'_> = [("on".into(), write_day(at.day_in(zone), language).into())].into();
        text = format!("{text} {}", language.text_with("intake-now-reminded", &arguments));
    }
    Waiting { party, title, text, since: since.unwrap_or(loaded.opened_at) }
}

/// When we last asked again, where an answer is still missing.
fn reminded_at(trail: &[TrailLine]) -> Option<Timestamp> {
    let answered = trail.iter().rposition(|line| matches!(line.event, Event::AtlassianAnswered { .. }));
    let since = trail.iter().skip(answered.map_or(0, |at| at.saturating_add(1)));
    since.filter(|line| line.event == Event::Delivered).skip(1).last().map(|line| line.at)
}

/// Who is waited for, as the requester is told, and the keys of the sentences that say so.
fn situation(loaded: &Loaded, now: Timestamp) -> (Party, &'static str, &'static str) {
    let managed = loaded.escalation.hosting == Some(Hosting::CloudPartnerManaged);
    match &loaded.case.state {
        State::Unconfirmed { .. } => {
            (Party::Customer, "intake-now-unconfirmed-title", "intake-now-unconfirmed-text")
        }
        State::Verifying if confirms_again(loaded) => {
            (Party::Customer, "intake-now-confirm-again-title", "intake-now-confirm-again-text")
        }
        State::Verifying if loaded.case.waiting_for(now) == Party::Customer => {
            (Party::Customer, "intake-now-successor-title", "intake-now-successor-text")
        }
        State::Verifying | State::Contested { .. } => {
            (Party::Us, "intake-now-checking-title", "intake-now-checking-text")
        }
        State::AwaitingCustomer { .. } => {
            (Party::Customer, "intake-now-question-title", "intake-now-question-text")
        }
        State::Verified | State::AwaitingApproval { .. } | State::Submitted { .. } => {
            (Party::Us, "intake-now-writing-title", "intake-now-writing-text")
        }
        State::WithAtlassian { no_access: true, .. } => {
            (Party::Us, "intake-now-again-title", "intake-now-again-text")
        }
        State::WithAtlassian { .. } if managed => {
            (Party::Us, "intake-now-licensing-title", "intake-now-licensing-text")
        }
        State::WithAtlassian { .. } => {
            (Party::Atlassian, "intake-now-atlassian-title", "intake-now-atlassian-text")
        }
        State::AwaitingConfirmation { .. } => {
            (Party::Customer, "intake-now-access-title", "intake-now-access-text")
        }
        State::Closed { outcome } => {
            let (title, text) = ending(*outcome);
            (Party::Nobody, title, text)
        }
    }
}

/// The requester was asked to confirm once more, since the first time is too long ago.
fn confirms_again(loaded: &Loaded) -> bool {
    loaded.case.check(CheckKind::RequesterEmail).is_some_and(|check| check.verdict == Verdict::Pending)
}

fn ending(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Completed => ("intake-end-completed-title", "intake-end-completed-text"),
        Outcome::SelfService => ("intake-end-self-service-title", "intake-end-self-service-text"),
        Outcome::Rejected => ("intake-end-rejected-title", "intake-end-rejected-text"),
        Outcome::Withdrawn => ("intake-end-withdrawn-title", "intake-end-withdrawn-text"),
        Outcome::Expired => ("intake-end-expired-title", "intake-end-expired-text"),
        Outcome::Duplicate => ("intake-end-duplicate-title", "intake-end-duplicate-text"),
        Outcome::DeclinedByAtlassian => ("intake-end-declined-title", "intake-end-declined-text"),
    }
}

/// The five steps. Those before the present one are done, those behind it still to come.
fn steps(loaded: &Loaded, trail: &[TrailLine]) -> Vec<Step> {
    let case = &loaded.case;
    let entered = |place: Place| trail.iter().rfind(|line| line.to == place && line.from != Some(place));
    let happened = |is: fn(&Event) -> bool| trail.iter().rfind(|line| is(&line.event));
    let at = |line: Option<&TrailLine>| line.map(|line| line.at);
    let closed_at = at(entered(Place::Closed));
    let managed = loaded.escalation.hosting == Some(Hosting::CloudPartnerManaged);
    let path = [
        ("received", case.confirmed_at),
        ("verified", at(entered(Place::Verified))),
        ("approved", at(happened(|event| matches!(event, Event::Approved { .. })))),
        (
            if managed { "licensing" } else { "atlassian" },
            at(happened(|event| matches!(event, Event::AtlassianAnswered { .. }))),
        ),
        ("completed", closed_at),
    ];
    let (here, word) = match &case.state {
        State::Closed { outcome: Outcome::Completed } => (path.len(), "done"),
        State::Closed { .. } => (reached(loaded, trail), "stopped"),
        _ => (position(loaded), "now"),
    };
    (0_usize..)
        .zip(path)
        .map(|(index, (name, done_at))| match index.cmp(&here) {
            std::cmp::Ordering::Less => Step { name, step: "done", at: done_at },
            std::cmp::Ordering::Equal => {
                Step { name, step: word, at: closed_at.filter(|_| word == "stopped") }
            }
            std::cmp::Ordering::Greater => Step { name, step: "todo", at: None },
        })
        .collect()
}

/// The step an open case is at. What comes back from Atlassian with a question stays there.
fn position(loaded: &Loaded) -> usize {
    match loaded.case.state {
        State::Unconfirmed { .. } => 0,
        State::AwaitingConfirmation { .. } => 4,
        _ if loaded.case.delivered_at.is_some() => 3,
        State::Verified | State::AwaitingApproval { .. } | State::Submitted { .. } => 2,
        State::WithAtlassian { .. } => 3,
        State::Verifying
        | State::AwaitingCustomer { .. }
        | State::Contested { .. }
        | State::Closed { .. } => 1,
    }
}

/// The step a case was at when it was closed.
fn reached(loaded: &Loaded, trail: &[TrailLine]) -> usize {
    let from = trail.iter().rfind(|line| line.to == Place::Closed).and_then(|line| line.from);
    match from {
        _ if loaded.case.confirmed_at.is_none() => 0,
        Some(Place::AwaitingConfirmation) => 4,
        _ if loaded.case.delivered_at.is_some() => 3,
        Some(Place::Verified | Place::AwaitingApproval | Place::Submitted) => 2,
        _ => 1,
    }
}
