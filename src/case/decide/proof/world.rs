//! A state of the bounded world in few bytes: the case, its drafts and e-mails, the clock, and the judge's memory.
//!
//! States of the case and checks are the real values, each kept once in the [`Book`] and named by its place there, so
//! that no field of theirs can be left out of the comparison of two worlds by accident.

use std::{collections::HashMap, sync::Arc};

use strum::VariantArray as _;
use uuid::Uuid;

use super::{lens::Lens, oracle::History};
use crate::{
    case::{
        Case, Hands, Rules,
        actor::{Actor, Role, StaffId},
        check::{Check, CheckKind},
        contest::{Before, Cause},
        news::News,
        number::CaseNumber,
        root::{Home, Homes},
        state::State,
    },
    clock::Timestamp,
    config::Settings,
};

/// The other case that asks for the same.
pub fn rival() -> CaseNumber {
    CaseNumber::new(2026, 2)
}

/// How many kinds of checks there are.
pub const KINDS: usize = CheckKind::VARIANTS.len();

/// The staff of the world. Their place in this list is their number.
pub const STAFF: [(&str, Role); 6] = [
    ("agent Ann", Role::Agent),
    ("approver Pat", Role::Approver),
    ("approver Quinn", Role::Approver),
    ("agent Ben", Role::Agent),
    ("admin Zoe", Role::Admin),
    ("auditor Uma", Role::Auditor),
];

pub fn staff(number: u8) -> Actor {
    Actor::Staff { id: staff_id(number), role: STAFF[usize::from(number)].1 }
}

pub fn staff_id(number: u8) -> StaffId {
    StaffId(Uuid::from_u128(u128::from(number) + 1))
}

/// The number of a member of staff.
pub fn number_of(id: StaffId) -> u8 {
    u8::try_from(id.0.as_u128() - 1).unwrap()
}

/// A set of staff or of objections.
pub type Set = u8;

pub fn has(set: Set, number: u8) -> bool {
    set & (1 << number) != 0
}

/// The draft under work, as `drafts` would hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Live {
    pub code: u8,
    pub text: u8,
    pub author: u8,
    /// What the judge knows: something it rests on changed, or it was taken back.
    pub void: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Post {
    Queued,
    Failed,
    Sent,
    Cancelled,
}

/// An e-mail to Atlassian, as `emails` would hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Letter {
    /// Of the draft it was made of.
    pub code: u8,
    pub text: u8,
    pub post: Post,
    /// A worker is handing it over.
    pub leased: bool,
    /// It was settled, and the case does not know yet.
    pub untold: bool,
    /// No worker hands it over from then on.
    pub until: Option<Timestamp>,
    /// What the judge knows: something it rests on changed since the approval, or it was taken back.
    pub void: bool,
}

impl Letter {
    /// Nothing can come of it any more.
    pub fn is_over(&self) -> bool {
        matches!(self.post, Post::Sent | Post::Cancelled) && !self.leased && !self.untold
    }
}

/// At most this many e-mails that something can come of at a time.
pub const LETTERS: usize = 2;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// There is a case. Before, there is at most what staff prepared.
    pub begun: bool,
    /// Who of the staff wrote the request down for a caller.
    pub prepared: Option<u8>,
    /// The link to it stood in a message that staff read.
    pub came_back: bool,
    /// In [`Book::states`].
    pub state: u32,
    /// In [`Book::checks`]; 0 where there is none.
    pub checks: [u16; KINDS],
    /// Staff found out the departed contact's address.
    pub found: bool,
    pub confirmed: bool,
    pub delivered: bool,
    /// Who wrote a draft, by `drafts`.
    pub authors: Set,
    /// Who decided, by the events that `casework::load` asks for.
    pub deciders: Set,
    pub live: Option<Live>,
    pub letters: [Option<Letter>; LETTERS],
    /// In [`Lens::hours`].
    pub clock: u8,
    /// Another open, confirmed case asks for the same.
    pub rival: bool,
    /// What nobody has looked at, and whether it needs staff; kept by the lenses that look at it.
    pub news: Option<bool>,
    pub history: History,
}

impl World {
    /// A number for a new draft that no e-mail under way was made of; `None` where there is room for no more.
    pub fn free_code(&self, author: u8, text: u8) -> u8 {
        let taken = |round: u8| self.letters.iter().flatten().any(|letter| letter.code >> 4 == round);
        let round = (0..).find(|round| !taken(*round)).unwrap();
        (round << 4) | (author << 1) | text
    }

    pub fn has_room(&self, letters: usize) -> bool {
        self.letters.iter().flatten().count() < letters
    }
}

pub fn draft_id(code: u8) -> Uuid {
    Uuid::from_u128(0x100 + u128::from(code))
}

/// The real values that worlds name by number, and what is the same in all of them.
pub struct Book {
    /// [`Lens::letters`].
    pub letters: usize,
    pub rules: Arc<Rules>,
    /// Everybody's mailbox is below the customer's domain.
    homes: Homes,
    /// [`Lens::address_unknown`].
    address_unknown: bool,
    times: Vec<Timestamp>,
    states: Vec<State>,
    state_numbers: HashMap<(u8, [u8; 8]), Vec<u32>>,
    checks: Vec<Check>,
    check_numbers: HashMap<(CheckKind, u8), Vec<u16>>,
}

impl Book {
    pub fn new(lens: &Lens) -> Self {
        let start: Timestamp = "2026-06-01T08:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
        let settings = Settings::with(&lens.policy.configuration()).unwrap();
        let nobody = Check::pending(CheckKind::RequesterEmail, crate::case::check::Evidence::None, None);
        let below = || Home::Below("customer.example".to_owned());
        Self {
            homes: Homes { requester: below(), successor: below(), departed: below(), challenge: below() },
            address_unknown: lens.address_unknown,
            letters: lens.letters,
            rules: Arc::new(Rules::try_new(&settings).unwrap()),
            times: lens
                .hours
                .iter()
                .map(|hours| start.after(jiff::SignedDuration::from_hours(*hours)))
                .collect(),
            states: Vec::new(),
            state_numbers: HashMap::new(),
            checks: vec![nobody],
            check_numbers: HashMap::new(),
        }
    }

    /// Before anything happened: the escalation came in, nobody confirmed it.
    pub fn beginning(&mut self) -> World {
        World {
            begun: true,
            prepared: None,
            came_back: false,
            state: self.unconfirmed(0),
            checks: [0; KINDS],
            found: false,
            confirmed: false,
            delivered: false,
            authors: 0,
            deciders: 0,
            live: None,
            letters: [None; LETTERS],
            clock: 0,
            rival: false,
            news: None,
            history: History::default(),
        }
    }

    /// The end of a week that begins at this time.
    pub fn in_a_week(&self, clock: u8) -> Timestamp {
        self.times[usize::from(clock)].after(jiff::SignedDuration::from_hours(7 * 24))
    }

    /// Where a case is that begins at this time.
    pub fn unconfirmed(&mut self, clock: u8) -> u32 {
        let expires_at = self.in_a_week(clock);
        self.number_state(State::Unconfirmed { expires_at })
    }

    pub fn now(&self, world: &World) -> Timestamp {
        self.times[usize::from(world.clock)]
    }

    pub fn state(&self, world: &World) -> &State {
        &self.states[world.state as usize]
    }

    pub fn check(&self, world: &World, kind: CheckKind) -> Option<&Check> {
        let number = world.checks[kind as usize];
        (number != 0).then(|| &self.checks[usize::from(number)])
    }

    /// The case as `casework::load` would put it together.
    pub fn case(&self, world: &World) -> Case {
        let set = |set: Set| (0..STAFF.len() as u8).filter(|n| has(set, *n)).map(staff_id).collect();
        Case {
            id: Uuid::nil(),
            number: CaseNumber::new(2026, 1),
            state: self.state(world).clone(),
            checks: CheckKind::VARIANTS.iter().filter_map(|kind| self.check(world, *kind).cloned()).collect(),
            hands: Hands { authors: set(world.authors), deciders: set(world.deciders) },
            successor_is_requester: false,
            homes: if self.address_unknown && !world.found {
                Homes { departed: Home::Unknown, ..self.homes.clone() }
            } else {
                self.homes.clone()
            },
            confirmed_at: world.confirmed.then(|| self.times[0]),
            delivered_at: world.delivered.then(|| self.times[0]),
            reminded: 0,
            told_us: 0,
            corrected: 0,
            erased: None,
            held: false,
            news: world.news.map(|needs_us| News { since: self.times[0], needs_us }),
            rules: self.rules.clone(),
        }
    }

    /// The times that no rule asks for are all made the first one.
    pub fn number_state(&mut self, mut state: State) -> u32 {
        let first = self.times[0];
        match &mut state {
            // Causes add up with every objection; the rules ask only which there are.
            State::Contested { since, causes, before } => {
                *since = first;
                let mut distinct: Vec<Cause> = Vec::new();
                for cause in causes.iter() {
                    if !distinct.contains(cause) {
                        distinct.push(cause.clone());
                    }
                }
                *causes = distinct.try_into().unwrap();
                match before {
                    Before::AwaitingCustomer { asked_at: since } => *since = first,
                    Before::AwaitingConfirmation { since, said_at } => {
                        (*since, *said_at) = (first, said_at.map(|_| first));
                    }
                    Before::WithAtlassian { .. }
                    | Before::FollowUp { .. }
                    | Before::Verifying
                    | Before::Verified
                    | Before::Submitted { .. }
                    | Before::AccessConfirmed => {}
                }
            }
            State::AwaitingCustomer { asked_at: since } => *since = first,
            State::AwaitingConfirmation { since, said_at } => {
                (*since, *said_at) = (first, said_at.map(|_| first));
            }
            State::Unconfirmed { .. }
            | State::Verifying
            | State::Verified
            | State::AwaitingApproval { .. }
            | State::Submitted { .. }
            | State::WithAtlassian { .. }
            | State::Closed { .. } => {}
        }
        let mut mark = [0; 8];
        if let State::AwaitingApproval { draft, .. } = &state {
            mark.copy_from_slice(&draft.evidence.0[..8]);
        }
        let known = self.state_numbers.entry((state.place() as u8, mark)).or_default();
        if let Some(number) = known.iter().find(|number| self.states[**number as usize] == state) {
            return *number;
        }
        let number = u32::try_from(self.states.len()).unwrap();
        known.push(number);
        self.states.push(state);
        number
    }

    /// When a check was decided and when it is due are made the first time: the rules ask only whether it is.
    pub fn number_check(&mut self, mut check: Check) -> u16 {
        let first = self.times[0];
        check.decided_at = check.decided_at.map(|_| first);
        check.due_at = check.due_at.map(|_| first);
        let known = self.check_numbers.entry((check.kind, check.verdict as u8)).or_default();
        if let Some(number) = known.iter().find(|number| self.checks[usize::from(**number)] == check) {
            return *number;
        }
        let number = u16::try_from(self.checks.len()).unwrap();
        known.push(number);
        self.checks.push(check);
        number
    }
}
