//! What the requester may know about their case: where it stands, whom it waits for, what they can do.
//!
//! Pure, and careful: no names of staff, nothing that tells what the register holds, and while the case is contested the
//! page is what it was before. What can be done now comes from asking the rules.

use std::sync::Arc;

use serde::Serialize;

use super::{
    challenges::ChallengeView,
    guide::second_contact::{Group, second_contact},
    history::{self, Happening},
    next_steps::{NextSteps, Ways},
    offered::{ClaimsView, CorrectionView},
    sent_letters::SentLetterView,
    situation::{Shortcut, Waiting},
    uncontested,
};
use crate::{
    case::{
        action::ActionKind,
        actor::Actor,
        check::{Asking, Check, Evidence, Verdict},
        escalation::Hosting,
        event::Event,
        number::CaseNumber,
        root::Home,
        state::{Outcome, Place, State},
        text::NoteKind,
    },
    casework::{Casework, Expectations, Loaded, SentLetter, StoredNote, TrailLine},
    clock::Timestamp,
    lang::Language,
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
    /// What the requester reads beside a rejection.
    told: Option<String>,
    /// Ways to what can be done on this page now.
    shortcuts: Vec<Shortcut>,
    next: Option<NextSteps>,
    steps: Vec<Step>,
    /// Which of the steps it is, from 1.
    step: usize,
    question: Option<Question>,
    challenge: Option<ChallengeView>,
    may: May,
    corrections: Vec<CorrectionView>,
    claims: ClaimsView,
    /// Newest first.
    history: Vec<Happening>,
    letters: Vec<SentLetterView>,
    /// How to add a second contact, once the case is completed.
    advice: Vec<Group>,
    contact: Contact,
}

/// What the page is made of besides the case.
pub struct Read {
    /// Both oldest first.
    pub trail: Vec<TrailLine>,
    pub notes: Vec<StoredNote>,
    pub letters: Vec<SentLetter>,
    pub expectations: Arc<Expectations>,
}

/// Whom to ask.
#[derive(Clone, Debug, Serialize)]
struct Contact {
    address: String,
    /// As below our letters; may be empty.
    imprint: String,
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

    /// The page of `loaded` at `base`; `may_send`: whether a file can be sent.
    pub fn new(
        base: String,
        loaded: &Loaded,
        read: Read,
        may_send: bool,
        (casework, language): (&Casework, Language),
        now: Timestamp,
    ) -> Self {
        let may = |kind| loaded.case.offers_one(Actor::Requester, kind, now);
        let may = May {
            answer: may(ActionKind::Answer),
            confirm_access: may(ActionKind::ConfirmAccess),
            withdraw: may(ActionKind::Withdraw),
        };
        let challenge = ChallengeView::of(loaded, now);
        let corrections = CorrectionView::list(loaded, now);
        let claims = ClaimsView::of(loaded, now);
        let ways = Ways {
            challenge: challenge.as_ref(),
            correct: !corrections.is_empty(),
            send: may_send,
            name: claims.voucher,
        };
        let shortcuts = shortcuts(&may, &ways, claims, language);
        // From here on there is no contest.
        let (loaded, trail) = (&told(loaded), &uncontested::trail(&read.trail));
        let (case, escalation) = (&loaded.case, &loaded.escalation);
        let in_words = (language, &casework.app.zone);
        let mail = &casework.app.settings.mail;
        let steps = steps(loaded, trail);
        let todo = steps.iter().filter(|step| step.step == "todo").count();
        Self {
            base,
            number: case.number.clone(),
            company: escalation.company.clone(),
            departed_name: escalation.departed.name.clone(),
            successor_name: escalation.successor.name.clone(),
            entitlements: escalation.entitlements.iter().map(ToString::to_string).collect(),
            asked_at: loaded.opened_at,
            waiting: Waiting::of(loaded, trail, &read.expectations, in_words, now),
            told: rejection(case.state.is_closed(), trail, &read.notes),
            shortcuts,
            next: NextSteps::of(loaded, &ways, language),
            step: steps.len().saturating_sub(todo),
            steps,
            question: may.answer.then(|| last_question(read.notes)).flatten(),
            challenge,
            may,
            corrections,
            claims,
            history: history::of(trail, language),
            letters: read.letters.into_iter().map(SentLetterView::from).collect(),
            advice: match case.state {
                State::Closed { outcome: Outcome::Completed } => second_contact(escalation.hosting, language),
                _ => Vec::new(),
            },
            contact: Contact { address: mail.from_address.clone(), imprint: mail.imprint.trim().to_owned() },
        }
    }
}

/// What is asked of them first, then what helps, and what only they can know.
fn shortcuts(may: &May, ways: &Ways<'_>, claims: ClaimsView, language: Language) -> Vec<Shortcut> {
    let all = [
        (may.answer, "#question", ActionKind::Answer),
        (may.confirm_access, "#access-title", ActionKind::ConfirmAccess),
        (ways.challenge.is_some(), "#domain", ActionKind::StartDomainChallenge),
        (ways.send, "#evidence", ActionKind::AddEvidence),
        (ways.correct, "#addresses", ActionKind::CorrectAddress),
        (claims.atlassian_answered || claims.voucher, "#claims", ActionKind::Tell),
        (may.withdraw, "#withdraw", ActionKind::Withdraw),
    ];
    let open = all.into_iter().filter(|(open, ..)| *open);
    open.map(|(_, href, kind)| Shortcut::to(href, kind, language)).collect()
}

/// The sentence that was written for the requester, where the case ended by it.
fn rejection(closed: bool, trail: &[TrailLine], notes: &[StoredNote]) -> Option<String> {
    let ended = trail.iter().rfind(|line| line.to == Place::Closed && line.from != Some(Place::Closed))?;
    let Event::Rejected { told: Some(told), .. } = ended.event else { return None };
    let note = notes.iter().find(|note| note.id == told && note.kind == NoteKind::Told)?;
    closed.then(|| note.body.clone())
}

/// The case as if nobody had objected, and nothing had come in: what it waits for must not change by it.
fn told(loaded: &Loaded) -> Loaded {
    let mut told = loaded.clone();
    told.case.state = loaded.case.state.told();
    told.case.news = None;
    for check in &mut told.case.checks {
        *check = unobjected(check);
    }
    told
}

fn unobjected(check: &Check) -> Check {
    let pending = |evidence| Check::pending(check.kind, evidence, None);
    match &check.evidence {
        Evidence::Objected { asking: Asking::Over, .. } => {
            Check { verdict: Verdict::Passed, evidence: Evidence::None, ..check.clone() }
        }
        Evidence::Objected { .. } => pending(Evidence::None),
        Evidence::VouchRefused { contact } => {
            let sent_at = check.decided_at.unwrap_or_else(|| Timestamp::from(jiff::Timestamp::UNIX_EPOCH));
            pending(Evidence::VouchRequested { contact: *contact, sent_at, home: Home::Unknown })
        }
        _ => check.clone(),
    }
}

fn last_question(notes: Vec<StoredNote>) -> Option<Question> {
    let note = notes.into_iter().rfind(|note| note.kind == NoteKind::Question)?;
    Some(Question { text: note.body, asked_at: note.created_at })
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
