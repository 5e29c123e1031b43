//! Breadth first through all worlds of a lens. The first path that breaks a law is a shortest one.

use std::collections::{BTreeSet, HashMap};

use super::{
    carry::{FACTS, HANDS, Halt, digest},
    lens::Lens,
    moves::{self, Move, Settlement},
    oracle::{BY_DEPARTED, BY_RIVAL, Found, Meaning},
    world::{Book, Post, World, has, number_of, rival, staff, staff_id},
};
use crate::case::{
    Case,
    action::{Action, ActionKind},
    actor::Actor,
    address::EmailAddress,
    check::{CheckKind, Evidence},
    draft::facts_digest,
    prepared::{Prepared, may_prepare},
    state::Place,
};

/// More worlds than any lens has: a value that grows without end would show here.
const TOO_MANY: usize = 600_000;
/// In so many worlds of each place everybody tries what they may not.
const TRIED_FOR_RIGHTS: usize = 3;

/// What a walk saw.
pub struct Walked {
    pub states: usize,
    pub tried: usize,
    pub made: usize,
    pub handed_over: usize,
    pub delivered: usize,
    pub places: BTreeSet<Place>,
    pub accepted: BTreeSet<ActionKind>,
}

pub struct Walk {
    lens: &'static Lens,
    book: Book,
    moves: std::rc::Rc<[Move]>,
    worlds: Vec<World>,
    numbers: HashMap<World, u32>,
    /// From which world by which move each was reached first.
    origins: Vec<(u32, u16)>,
    seen: Walked,
}

impl Walk {
    /// # Errors
    /// The shortest path that breaks a law, in words.
    pub fn through(lens: &'static Lens) -> Result<Walked, String> {
        let mut book = Book::new(lens);
        let beginning = World { begun: !lens.prepares, ..book.beginning() };
        let mut walk = Self {
            lens,
            book,
            moves: moves::all(lens).into(),
            worlds: vec![beginning.clone()],
            numbers: HashMap::from([(beginning, 0)]),
            origins: vec![(0, 0)],
            seen: Walked {
                states: 0,
                tried: 0,
                made: 0,
                handed_over: 0,
                delivered: 0,
                places: BTreeSet::new(),
                accepted: BTreeSet::new(),
            },
        };
        let mut rights: HashMap<Place, usize> = HashMap::new();
        let presumptuous = moves::presumptuous(lens);
        let mut at = 0;
        while at < walk.worlds.len() {
            if walk.worlds.len() > TOO_MANY {
                return Err(walk.path(at, None, "the worlds of this lens do not end"));
            }
            let world = walk.worlds[at].clone();
            let case = walk.book.case(&world);
            let place = case.state.place();
            let tried = rights.entry(place).or_default();
            *tried += 1;
            if world.begun && *tried <= TRIED_FOR_RIGHTS {
                walk.nobody_oversteps(&presumptuous, &case, &world)
                    .map_err(|wrong| walk.path(at, None, &wrong))?;
            }
            walk.hears_objections(&case, &world).map_err(|wrong| walk.path(at, None, &wrong))?;
            for number in 0..walk.moves.len() {
                if let Some(next) =
                    walk.step(&case, &world, number).map_err(|wrong| walk.path(at, Some(number), &wrong))?
                {
                    next.is_sound(&walk.book).map_err(|wrong| walk.path(at, Some(number), &wrong))?;
                    walk.visit(next, at, number);
                }
            }
            walk.seen.places.insert(place);
            at += 1;
        }
        walk.seen.states = walk.worlds.len();
        Ok(walk.seen)
    }

    fn visit(&mut self, world: World, from: usize, by: usize) {
        self.seen.made += 1;
        if self.numbers.contains_key(&world) {
            return;
        }
        let number = u32::try_from(self.worlds.len()).unwrap();
        self.numbers.insert(world.clone(), number);
        self.worlds.push(world);
        self.origins.push((u32::try_from(from).unwrap(), u16::try_from(by).unwrap()));
    }

    /// The world after a move; `None` where it is impossible, refused or changes nothing.
    fn step(&mut self, case: &Case, world: &World, number: usize) -> Result<Option<World>, String> {
        let moves = self.moves.clone();
        let chosen = &moves[number];
        if !world.begun && !matches!(chosen, Move::Later)
            || matches!(chosen, Move::Prepare(_) | Move::ComeBack | Move::SendAnew | Move::Complete(..))
        {
            return self.begin(world, chosen);
        }
        let mut next = match chosen {
            Move::HandOver(place) => return self.hand_over(world, *place),
            Move::Settle(place, settlement) => return Ok(self.settle(world, *place, *settlement)),
            Move::Later => {
                let mut next = world.clone();
                next.clock += 1;
                return Ok((usize::from(next.clock) < self.lens.hours.len()).then_some(next));
            }
            Move::RivalEnds => {
                return Ok(world.rival.then(|| World { rival: false, ..world.clone() }));
            }
            _ => {
                let Some((actor, action)) = chosen.action(&self.book, world) else { return Ok(None) };
                if self.comes_too_early(world, &action) || !self.fits_what_is_known(world, &action) {
                    return Ok(None);
                }
                self.seen.tried += 1;
                let now = self.book.now(world);
                // That erasing is put off decides nothing else; that it may be lifted is asked of a case for which it was.
                let held =
                    matches!(*action, Action::LiftHold { .. }).then(|| Case { held: true, ..case.clone() });
                let asked = held.as_ref().unwrap_or(case);
                let Ok(transition) = asked.decide(actor, &action, now) else { return Ok(None) };
                let action = action.as_ref();
                let news = case.news_after(actor, &transition, now);
                world.history.entitles(actor, action, world.clock)?;
                let (mut next, queued) = match world.carry(&mut self.book, actor, transition) {
                    Ok(carried) => carried,
                    Err(Halt::Refused) => return Ok(None),
                    Err(Halt::Broken(wrong)) => return Err(wrong),
                };
                if let Some(queued) = queued {
                    let Action::Approve { digest: looked_at, facts } = action else {
                        return Err("something else than an approval submits".to_owned());
                    };
                    if *facts != facts_digest(FACTS) {
                        return Err("the message states other facts than the case has".to_owned());
                    }
                    let looked_at = (0..2).find(|text| digest(*text) == *looked_at).unwrap();
                    world.history.lets_go(self.lens, world, actor, looked_at, queued)?;
                }
                let meaning = next.history.learn(actor, action, (world.clock, world.delivered));
                if self.lens.news {
                    next.news = news.map(|news| news.needs_us);
                    let ends = !case.state.is_closed() && self.book.state(&next).is_closed();
                    next.history.hears(actor, action, ends);
                }
                let fresh = matches!(action, Action::SaveDraft { .. });
                next.mark(if fresh { Meaning::Nothing } else { meaning });
                match action {
                    Action::RecordSecondClaim { .. } => next.rival = true,
                    Action::Reopen { .. } => next = self.claim_again(next)?,
                    _ => {}
                }
                self.seen.accepted.insert(action.into());
                next
            }
        };
        if let Move::Tell(place) = chosen {
            let code = world.letters[*place].map(|letter| letter.code);
            next.letters
                .iter_mut()
                .flatten()
                .filter(|letter| Some(letter.code) == code)
                .for_each(|l| l.untold = false);
            next.clear();
        }
        Ok(Some(next))
    }

    /// As `casework::prepared`: what staff write down is no case, and one comes of it by the customer alone, once and in time,
    /// by a link that nobody else read.
    fn begin(&mut self, world: &World, chosen: &Move) -> Result<Option<World>, String> {
        let now = self.book.now(world);
        match chosen {
            Move::Prepare(number) if !world.begun && world.prepared.is_none() => {
                self.seen.tried += 1;
                let Ok(by) = may_prepare(staff(*number)) else { return Ok(None) };
                Ok(Some(World { prepared: Some(number_of(by)), ..world.clone() }))
            }
            Move::ComeBack | Move::SendAnew => {
                let came_back = matches!(chosen, Move::ComeBack);
                if world.begun || world.prepared.is_none() || world.came_back == came_back {
                    return Ok(None);
                }
                self.seen.tried += 1;
                let mut next = World { came_back, ..world.clone() };
                next.history.link_is_known = came_back;
                Ok(Some(next))
            }
            Move::Complete(actor, same) => {
                let Some(by) = world.prepared else { return Ok(None) };
                self.seen.tried += 1;
                let (to, other): (EmailAddress, EmailAddress) =
                    ("m@customer.example".parse().unwrap(), "n@customer.example".parse().unwrap());
                let requester = if *same { &to } else { &other };
                let prepared = Prepared {
                    by: staff_id(by),
                    to: to.clone(),
                    expires_at: self.book.in_a_week(0),
                    withdrawn: false,
                    completed: world.begun,
                    link_came_back: world.came_back,
                };
                let Ok(completed) = prepared.complete(*actor, requester, now) else { return Ok(None) };
                let in_time = self.lens.hours[usize::from(world.clock)] < 7 * 24;
                world.history.begins(*actor, in_time && !world.begun, *same || !completed.confirms())?;
                let mut next = world.clone();
                next.begun = true;
                next.state = self.book.unconfirmed(world.clock);
                next.history.prepared = Some(by);
                let (hand, event) = completed.line();
                if HANDS.contains(&event.as_str()) {
                    next.deciders |= 1 << number_of(hand);
                }
                if completed.confirms() {
                    let confirmed = self.book.case(&next).decide(Actor::Requester, &Action::Confirm, now);
                    let transition = confirmed.map_err(|refusal| refusal.key())?;
                    let Ok((confirmed, None)) = next.carry(&mut self.book, Actor::Requester, transition)
                    else {
                        return Err("the confirmation can not be carried out".to_owned());
                    };
                    next = confirmed;
                    next.history.learn(Actor::Requester, &Action::Confirm, (next.clock, false));
                }
                Ok(Some(next))
            }
            _ => Ok(None),
        }
    }

    /// As `casework::claims`: a case that is taken up again meets the other one that asks for the same, in one
    /// transaction; where there is none any more, its claim is over.
    fn claim_again(&mut self, mut world: World) -> Result<World, String> {
        if !world.rival {
            world.history.objections &= !(1 << BY_RIVAL);
            return Ok(world);
        }
        let same_requester = self.lens.rival == Some(true);
        let action = Action::RecordSecondClaim { other: rival(), same_requester };
        let case = self.book.case(&world);
        let transition = case
            .decide(Actor::System, &action, self.book.now(&world))
            .map_err(|refusal| format!("the second claim is not heard: {}", refusal.key()))?;
        let Ok((mut next, None)) = world.carry(&mut self.book, Actor::System, transition) else {
            return Err("the second claim can not be carried out".to_owned());
        };
        let meaning = next.history.learn(Actor::System, &action, (next.clock, next.delivered));
        next.mark(meaning);
        Ok(next)
    }

    /// As `on_record::compare`, `Voucher::of` and `Called::find`: while nobody knows who of those on record has left, the
    /// register can't be asked about them, and none of them can speak; and as `Corrections::fit`.
    fn fits_what_is_known(&self, world: &World, action: &Action) -> bool {
        let unknown = self.lens.address_unknown && !world.found;
        match action {
            Action::RecordCheck { kind: CheckKind::RecordedContact, evidence, .. } => {
                (*evidence == Evidence::ContactAddressUnknown) == unknown
            }
            Action::RequestVouch { .. } | Action::DecideCallback { .. } => !unknown,
            Action::CorrectFacts { corrections, .. } => {
                // Found out anew is for the lens about it: here it would only make more worlds.
                let again = world.found && !self.lens.attackers.is_empty();
                corrections.departed_email.is_none() || self.lens.address_unknown && !again
            }
            _ => true,
        }
    }

    /// What the lens lets come in one order only.
    fn comes_too_early(&self, world: &World, action: &Action) -> bool {
        let Action::RecordCheck { kind, .. } = action else { return false };
        let open = |other: CheckKind| world.history.found[other as usize] == Found::Nothing;
        self.lens.after.iter().any(|(later, earlier)| later == kind && open(*earlier))
    }

    /// A worker leases an e-mail that waits in the outbox and speaks to the mail server: from here it can't be stopped.
    fn hand_over(&mut self, world: &World, place: usize) -> Result<Option<World>, String> {
        let mut next = world.clone();
        let Some(letter) = &mut next.letters[place] else { return Ok(None) };
        if letter.post != Post::Queued || letter.leased {
            return Ok(None);
        }
        // As `mail::outgoing::deliver` does: what is too old is given up instead.
        if letter.until.is_some_and(|end| end <= self.book.now(world)) {
            letter.post = Post::Failed;
            letter.untold = true;
            return Ok(Some(next));
        }
        world.history.hands_over(self.lens, world.clock, letter)?;
        if let [attacker] = self.lens.attackers {
            return Err(format!("a false request reaches Atlassian by what {attacker:?} alone"));
        }
        letter.leased = true;
        self.seen.handed_over += 1;
        Ok(Some(next))
    }

    /// As `mail::outgoing::deliver` settles: what was cancelled meanwhile stays so, unless it has arrived.
    fn settle(&mut self, world: &World, place: usize, settlement: Settlement) -> Option<World> {
        let mut next = world.clone();
        let letter = next.letters[place].as_mut().filter(|letter| letter.leased)?;
        letter.leased = false;
        match settlement {
            Settlement::Arrived => {
                letter.post = Post::Sent;
                letter.untold = true;
                self.seen.delivered += 1;
            }
            Settlement::GivenUp if letter.post == Post::Queued => {
                letter.post = Post::Failed;
                letter.untold = true;
            }
            Settlement::GivenUp | Settlement::PutOff => {}
        }
        next.clear();
        Some(next)
    }

    /// Rights stand beside the state of a case, so a few worlds of each place suffice.
    fn nobody_oversteps(
        &self,
        attempts: &[(Actor, Action)],
        case: &Case,
        world: &World,
    ) -> Result<(), String> {
        for (actor, action) in attempts {
            if case.decide(*actor, action, self.book.now(world)).is_ok() {
                return Err(format!("{} may not do {action:?}, and it was allowed", actor.as_str()));
            }
        }
        Ok(())
    }

    /// The departed contact is heard at any time, unless this very objection is open already.
    fn hears_objections(&self, case: &Case, world: &World) -> Result<(), String> {
        if !world.history.confirmed || case.state.is_closed() || has(world.history.objections, BY_DEPARTED) {
            return Ok(());
        }
        let objection = Action::Object { kind: CheckKind::DepartedNotice, contact: None, note: None };
        match case.decide(Actor::DepartedContact, &objection, self.book.now(world)) {
            Ok(_) => Ok(()),
            Err(refusal) => {
                Err(format!("an objection of the departed contact is refused: {}", refusal.key()))
            }
        }
    }

    /// How the world at `at` was reached, and what the move from there broke.
    fn path(&self, at: usize, by: Option<usize>, wrong: &str) -> String {
        let mut steps: Vec<String> = by.into_iter().map(|number| self.moves[number].say()).collect();
        let mut here = at;
        while here != 0 {
            let (from, by) = self.origins[here];
            steps.push(self.moves[usize::from(by)].say());
            here = from as usize;
        }
        steps.reverse();
        format!("{wrong}:\n  {}", steps.join("\n  "))
    }
}
