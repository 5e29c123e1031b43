//! Where a case is for its requester: whom it waits for, since when, until when, and what comes then.
//!
//! Every date is counted from what the requester's side has done, or was told, and by the settings alone. So it reads the same
//! whatever the register holds, whatever staff found, and while somebody objects.

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::{
    case::{
        action::ActionKind,
        check::{CheckKind, Evidence, Verdict},
        escalation::Hosting,
        event::Event,
        state::{Outcome, Party, State},
    },
    casework::{Ahead, Expectations, Figure, Loaded, TrailLine},
    clock::Timestamp,
    lang::{Arguments, Language},
    view::{write_day, write_day_in_full},
};

/// What stands on top of the page.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    party: Party,
    title: String,
    text: String,
    pub since: Timestamp,
    /// Until which day, in a sentence; and what happens then.
    until: Option<String>,
    then: Option<String>,
    /// How long it took others, and how many wait before; each in a sentence.
    expected: Option<String>,
    ahead: Option<String>,
}

/// One place a case can be at, as its requester is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Situation {
    Unconfirmed,
    ConfirmAgain,
    Successor,
    Checking,
    Question,
    Writing,
    Again,
    Licensing,
    Atlassian,
    Access,
    /// The requester says that it works; the new contact is still asked.
    AccessSaid,
    Over(Outcome),
}

impl Waiting {
    /// Of the case as the requester is told of it, with the trail as they are.
    pub fn of(
        loaded: &Loaded,
        trail: &[TrailLine],
        expectations: &Expectations,
        (language, zone): (Language, &TimeZone),
        now: Timestamp,
    ) -> Self {
        let situation = Situation::of(loaded, now);
        let words = Words { loaded, language, zone };
        // While checking, the time of an objection or of its end must not show.
        let since = match loaded.case.state {
            State::Verifying => loaded.case.confirmed_at,
            _ => trail.iter().rfind(|line| line.from != Some(line.to)).map(|line| line.at),
        };
        let since = since.unwrap_or(loaded.opened_at);
        let name = situation.name();
        let mut text = words.text(&match situation {
            Situation::Over(_) => format!("intake-end-{name}-text"),
            _ => format!("intake-now-{name}-text"),
        });
        if let (Situation::Atlassian | Situation::Licensing, Some(at)) = (situation, reminded_at(trail)) {
            text = format!("{text} {}", words.on("intake-now-reminded", at));
        }
        let by_successor = situation == Situation::Again && !reported_by_requester(trail);
        if by_successor {
            text = words.text("intake-now-again-successor-text");
        }
        let title = words.text(&match situation {
            Situation::Over(_) => format!("intake-end-{name}-title"),
            _ => format!("intake-now-{name}-title"),
        });
        let ends_at = situation.ends_at(loaded, trail, since);
        let late = ends_at.is_some_and(|end| end <= now) && situation.party() == Party::Us;
        let until = match ends_at {
            Some(end) if now < end => Some(words.on(&format!("intake-until-{name}"), end)),
            Some(_) if late && situation != Situation::Checking => Some(words.text("intake-until-late")),
            _ => None,
        };
        let ahead = expectations.ahead(since).filter(|_| situation.party() == Party::Us);
        Self {
            party: situation.party(),
            title,
            text,
            since,
            until,
            then: (!loaded.case.state.is_closed()).then(|| words.text(&format!("intake-then-{name}"))),
            expected: words.expected(situation, expectations),
            ahead: ahead.map(|ahead| words.ahead(ahead)),
        }
    }
}

impl Situation {
    fn of(loaded: &Loaded, now: Timestamp) -> Self {
        let managed = loaded.escalation.hosting == Some(Hosting::CloudPartnerManaged);
        match &loaded.case.state {
            State::Unconfirmed { .. } => Self::Unconfirmed,
            State::Verifying if confirms_again(loaded) => Self::ConfirmAgain,
            State::Verifying if loaded.case.waiting_for(now) == Party::Customer => Self::Successor,
            State::Verifying | State::Contested { .. } => Self::Checking,
            State::AwaitingCustomer { .. } => Self::Question,
            State::Verified | State::AwaitingApproval { .. } | State::Submitted { .. } => Self::Writing,
            State::WithAtlassian { no_access: true, .. } => Self::Again,
            State::WithAtlassian { .. } if managed => Self::Licensing,
            State::WithAtlassian { .. } => Self::Atlassian,
            State::AwaitingConfirmation { said_at: Some(_), .. } => Self::AccessSaid,
            State::AwaitingConfirmation { .. } => Self::Access,
            State::Closed { outcome } => Self::Over(*outcome),
        }
    }

    /// Part of the keys of its sentences.
    fn name(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::ConfirmAgain => "confirm-again",
            Self::Successor => "successor",
            Self::Checking => "checking",
            Self::Question => "question",
            Self::Writing => "writing",
            Self::Again => "again",
            Self::Licensing => "licensing",
            Self::Atlassian => "atlassian",
            Self::Access => "access",
            Self::AccessSaid => "access-said",
            Self::Over(Outcome::Completed) => "completed",
            Self::Over(Outcome::SelfService) => "self-service",
            Self::Over(Outcome::Rejected) => "rejected",
            Self::Over(Outcome::Withdrawn) => "withdrawn",
            Self::Over(Outcome::Expired) => "expired",
            Self::Over(Outcome::Duplicate) => "duplicate",
            Self::Over(Outcome::DeclinedByAtlassian) => "declined",
        }
    }

    fn party(self) -> Party {
        match self {
            Self::Unconfirmed
            | Self::ConfirmAgain
            | Self::Successor
            | Self::Question
            | Self::Access
            | Self::AccessSaid => Party::Customer,
            Self::Checking | Self::Writing | Self::Again | Self::Licensing => Party::Us,
            Self::Atlassian => Party::Atlassian,
            Self::Over(_) => Party::Nobody,
        }
    }

    fn ends_at(self, loaded: &Loaded, trail: &[TrailLine], since: Timestamp) -> Option<Timestamp> {
        let case = &loaded.case;
        let (calendar, deadlines) = (&case.rules.calendar, &case.rules.deadlines);
        match (self, &case.state) {
            (Self::Unconfirmed, State::Unconfirmed { expires_at }) => Some(*expires_at),
            (Self::Successor, _) => match case.check(CheckKind::Successor)?.evidence {
                Evidence::InvitationSent { sent_at } => {
                    Some(calendar.add_days(sent_at, deadlines.their_business_days))
                }
                _ => None,
            },
            // Not the window of the check: whether anybody was there to be written to is the register's.
            (Self::Checking, _) if case.rules.policy.asks_for(CheckKind::DepartedNotice) => {
                let asked_anew = trail
                    .iter()
                    .rfind(|line| matches!(line.event, Event::AddressCorrected { .. }))
                    .map(|line| line.at);
                let from = case.confirmed_at.max(asked_anew)?;
                Some(calendar.add_days(from, deadlines.notice_business_days))
            }
            (Self::Question | Self::Access, _) => {
                Some(calendar.add_days(since, deadlines.their_business_days))
            }
            // With all reminders.
            (Self::AccessSaid, State::AwaitingConfirmation { said_at: Some(said_at), .. }) => {
                let times = deadlines.reminders.saturating_add(1);
                Some(calendar.add_days(*said_at, deadlines.their_business_days.saturating_mul(times)))
            }
            (Self::Writing | Self::Again, _) => Some(calendar.add_hours(since, deadlines.our_business_hours)),
            (Self::Atlassian | Self::Licensing, State::WithAtlassian { since, .. }) => {
                Some(calendar.add_days(*since, case.rules.answer_days))
            }
            _ => None,
        }
    }
}

/// The requester was asked to confirm once more, since the first time is too long ago.
fn confirms_again(loaded: &Loaded) -> bool {
    loaded.case.check(CheckKind::RequesterEmail).is_some_and(|check| check.verdict == Verdict::Pending)
}

/// When we last asked again, where an answer is still missing.
fn reminded_at(trail: &[TrailLine]) -> Option<Timestamp> {
    let answered = trail.iter().rposition(|line| matches!(line.event, Event::AtlassianAnswered { .. }));
    let since = trail.iter().skip(answered.map_or(0, |at| at.saturating_add(1)));
    since.filter(|line| line.event == Event::Delivered).skip(1).last().map(|line| line.at)
}

/// Whether it was the requester who said that something is missing.
fn reported_by_requester(trail: &[TrailLine]) -> bool {
    let reported = |line: &&TrailLine| matches!(line.event, Event::NoAccessReported { .. });
    trail.iter().rfind(reported).is_none_or(|line| line.actor == "requester")
}

struct Words<'a> {
    loaded: &'a Loaded,
    language: Language,
    zone: &'a TimeZone,
}

impl Words<'_> {
    fn text(&self, key: &str) -> String {
        let arguments: Arguments<'_> =
            [("successor".into(), self.loaded.escalation.successor.name.clone().into())].into();
        self.language.text_with(key, &arguments)
    }

    fn on(&self, key: &str, at: Timestamp) -> String {
        let day = at.day_in(self.zone);
        let arguments: Arguments<'_> = [
            ("on".into(), write_day(day, self.language).into()),
            ("day".into(), write_day_in_full(day, self.language).into()),
            ("successor".into(), self.loaded.escalation.successor.name.clone().into()),
        ]
        .into();
        self.language.text_with(key, &arguments)
    }

    fn expected(&self, situation: Situation, expectations: &Expectations) -> Option<String> {
        let changed = self.loaded.escalation.hosting.and_then(|hosting| expectations.until_changed(hosting));
        let (key, Figure { half, most }) = match situation {
            Situation::Checking | Situation::Successor | Situation::Question | Situation::Writing => {
                ("intake-expected-sent", expectations.until_sent?)
            }
            Situation::Atlassian => ("intake-expected-atlassian", changed?),
            Situation::Licensing => ("intake-expected-licensing", changed?),
            _ => return None,
        };
        let arguments: Arguments<'_> = [("half".into(), half.into()), ("most".into(), most.into())].into();
        Some(self.language.text_with(key, &arguments))
    }

    fn ahead(&self, ahead: Ahead) -> String {
        let (key, count) = match ahead {
            Ahead::FewerThan(count) => ("intake-ahead-fewer", count),
            Ahead::About(count) => ("intake-ahead-about", count),
        };
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.language.text_with(key, &[("count".into(), count.into())].into())
    }
}

/// What can be done on the page now, as a way to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shortcut {
    href: &'static str,
    text: String,
}

impl Shortcut {
    pub fn to(href: &'static str, kind: ActionKind, language: Language) -> Self {
        Self { href, text: language.text(&format!("intake-go-{}", kind.as_str())) }
    }
}
