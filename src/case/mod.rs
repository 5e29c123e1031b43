//! The rules: what a case is, where it can be, who may do what with it, and what follows.
//!
//! Pure: no database, no mail, no clock; time is a parameter. `casework` loads a [`Case`], asks [`Case::decide`] and
//! carries out what it says. Changing rules means changing this folder, and its snapshot shows the difference.

pub mod action;
pub mod actor;
pub mod address;
pub mod characters;
pub mod check;
pub mod contact;
pub mod contest;
pub mod correspondence;
mod decide;
pub use decide::next_look;
pub mod digest;
pub mod document;
pub mod draft;
pub mod entitlement;
pub mod erasure;
pub mod escalation;
pub mod event;
pub mod facts;
mod follow_up;
pub mod four_eyes;
pub use four_eyes::Hands;
pub mod link;
pub mod news;
pub mod number;
mod offer;
pub mod on_record;
pub mod outcome;
pub mod path;
pub mod policy;
pub mod prepared;
pub mod reference;
pub mod refusal;
pub mod root;
pub mod second_factor;
pub mod state;
mod telephone;
pub mod text;
mod told;
pub mod told_staff;

use uuid::Uuid;

use crate::{
    business_time::Calendar,
    clock::Timestamp,
    config::{Deadlines, Settings},
    shared_domains::SharedDomains,
};
use check::{Check, CheckKind, Evidence, Verdict};
use news::News;
use number::CaseNumber;
use policy::{Gap, Policy, Standing};
use root::Homes;
use state::{Party, State};

/// What the rules are measured against, from the configuration.
#[derive(Clone, Debug)]
pub struct Rules {
    pub policy: Policy,
    pub deadlines: Deadlines,
    pub calendar: Calendar,
    /// Business days that Atlassian has to answer.
    pub answer_days: u32,
    /// How often we remind it by mail.
    pub follow_ups: u32,
    /// Whose names stand below one parent without being one owner's.
    pub shared_domains: SharedDomains,
}

impl Rules {
    /// # Errors
    /// When the configured policy or calendar makes no sense.
    pub fn try_new(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            policy: Policy::try_new(&settings.policy)?,
            deadlines: settings.deadlines.clone(),
            calendar: Calendar::try_new(settings)?,
            answer_days: settings.atlassian.follow_up_after_days.max(1),
            follow_ups: settings.atlassian.follow_ups,
            shared_domains: SharedDomains::new(&settings.register.shared_domains),
        })
    }
}

/// A case as the rules see it.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: Uuid,
    pub number: CaseNumber,
    pub state: State,
    pub checks: Vec<Check>,
    /// Who ever had a hand in the message or in what it rests on.
    pub hands: Hands,
    pub successor_is_requester: bool,
    /// Where the mailboxes of its people are.
    pub homes: Homes,
    pub confirmed_at: Option<Timestamp>,
    /// When a request of this case first reached Atlassian.
    pub delivered_at: Option<Timestamp>,
    /// How often somebody on the customer's side was reminded of what is asked now.
    pub reminded: u32,
    /// How often the customer told us something by themselves, and set an address right.
    pub told_us: u32,
    pub corrected: u32,
    /// What came in and nobody has looked at.
    pub news: Option<News>,
    /// How much of what was said is gone.
    pub erased: Option<erasure::Scope>,
    /// Whether nothing more of it may be erased.
    pub held: bool,
    pub rules: std::sync::Arc<Rules>,
}

impl Case {
    pub fn check(&self, kind: CheckKind) -> Option<&Check> {
        self.checks.iter().find(|check| check.kind == kind)
    }

    /// How the case stands before the policy.
    pub fn standing(&self, now: Timestamp) -> Standing {
        policy::evaluate(&self.rules.policy, &self.checks, &self.homes, now)
    }

    /// Who is being waited for.
    pub fn waiting_for(&self, now: Timestamp) -> Party {
        match self.waiting_for_in_place(now) {
            Party::Nobody => Party::Nobody,
            _ if self.news.is_some_and(|news| news.needs_us) => Party::Us,
            party => party,
        }
    }

    /// The same where nothing new came in.
    fn waiting_for_in_place(&self, now: Timestamp) -> Party {
        match self.state {
            State::Unconfirmed { .. }
            | State::AwaitingCustomer { .. }
            | State::AwaitingConfirmation { .. } => Party::Customer,
            State::Verifying => self.waiting_for_checks(now),
            State::Contested { .. }
            | State::Verified
            | State::AwaitingApproval { .. }
            | State::Submitted { .. } => Party::Us,
            State::WithAtlassian { no_access: true, .. } | State::WithAtlassian { silent: true, .. } => {
                Party::Us
            }
            State::WithAtlassian { .. } => Party::Atlassian,
            State::Closed { .. } => Party::Nobody,
        }
    }

    /// While verifying: us, where staff could fill a gap that nobody else's answer would fill; else whoever's answer is out.
    fn waiting_for_checks(&self, now: Timestamp) -> Party {
        let Standing::Missing(gaps) = self.standing(now) else { return Party::Us };
        let pending =
            |kind: CheckKind| self.check(kind).is_some_and(|check| check.verdict == Verdict::Pending);
        let left = match self.checks_once_vouched(now) {
            None => gaps.clone(),
            Some(checks) => match policy::evaluate(&self.rules.policy, &checks, &self.homes, now) {
                Standing::Missing(left) => left,
                Standing::Satisfied(_) => Vec::new(),
                Standing::Blocked(_) => return Party::Us,
            },
        };
        let ours = left.iter().any(|gap| match gap {
            Gap::Required { kind } => !pending(*kind),
            Gap::Roots { .. } | Gap::OutsideDomain { .. } | Gap::FromOthers { .. } => true,
        });
        if ours {
            Party::Us
        } else if pending(CheckKind::RequesterEmail) || pending(CheckKind::Successor) {
            Party::Customer
        } else if left != gaps {
            Party::Voucher
        } else {
            Party::DepartedContact
        }
    }

    /// The checks as they would be if the contact vouched who was asked and has not answered; `None` where nobody was.
    fn checks_once_vouched(&self, now: Timestamp) -> Option<Vec<Check>> {
        let check = self.check(CheckKind::Vouch).filter(|check| check.verdict == Verdict::Pending)?;
        let Evidence::VouchRequested { contact, home, .. } = &check.evidence else { return None };
        let mut checks = self.checks.clone();
        let vouch = checks.iter_mut().find(|check| check.kind == CheckKind::Vouch)?;
        vouch.evidence = Evidence::Vouched { contact: *contact, home: home.clone() };
        vouch.verdict = Verdict::Passed;
        vouch.expires_at = Some(self.rules.policy.expiry(now));
        Some(checks)
    }

    /// When the present wait becomes too long.
    pub fn due_at(&self, now: Timestamp) -> Option<Timestamp> {
        let deadlines = &self.rules.deadlines;
        let calendar = &self.rules.calendar;
        match (&self.state, self.waiting_for(now)) {
            (State::Unconfirmed { expires_at }, _) => Some(*expires_at),
            (_, Party::Us) => Some(calendar.add_hours(now, deadlines.our_business_hours)),
            (_, Party::Atlassian) => Some(calendar.add_days(now, self.rules.answer_days)),
            (_, Party::Customer | Party::Voucher) => {
                Some(calendar.add_days(now, deadlines.their_business_days))
            }
            (_, Party::DepartedContact) => self.notice_window_end(),
            (_, Party::Nobody) => None,
        }
    }

    fn notice_window_end(&self) -> Option<Timestamp> {
        match self.check(CheckKind::DepartedNotice)?.evidence {
            Evidence::NoticeSent { window_ends_at, .. } => Some(window_ends_at),
            _ => None,
        }
    }
}
