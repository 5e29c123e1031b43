//! Does to a world what `casework` and `mail` do to the database: effects of a transition, and the outbox by itself.

use super::{
    oracle::Meaning,
    world::{Book, KINDS, Letter, Live, Post, World, draft_id, has, number_of},
};
use crate::case::{
    actor::Actor,
    digest::Digest,
    outcome::{Effect, Transition},
    state::{Party, State},
};
use crate::clock::Timestamp;

/// What is drafted: two texts, of which each can be the wrong one.
pub const TEXTS: [&[u8]; 2] = [b"one", b"two"];

pub fn digest(text: u8) -> Digest {
    Digest(crate::token::sha256(TEXTS[usize::from(text)]))
}

fn text_of(raw: &[u8]) -> u8 {
    u8::try_from(TEXTS.iter().position(|text| *text == raw).unwrap()).unwrap()
}

/// Why a transition was not carried out.
pub enum Halt {
    /// The transaction fails, as it would at a desk that acts on what is gone: nothing happened.
    Refused,
    /// No such transition may be.
    Broken(String),
}

impl World {
    /// The world after `transition`; the text that goes into the outbox if one does.
    pub fn carry(
        &self,
        book: &mut Book,
        actor: Actor,
        transition: Transition,
    ) -> Result<(Self, Option<u8>), Halt> {
        let mut next = self.clone();
        let mut queued = None;
        for effect in transition.effects {
            match effect {
                Effect::PutCheck(check) => {
                    let kind = check.kind as usize;
                    next.checks[kind] = book.number_check(check);
                }
                Effect::SaveDraft(draft, _) => {
                    if next.live.is_some() {
                        return Err(Halt::Broken("a second draft while one is not void".to_owned()));
                    }
                    let author = number_of(actor.staff_id().unwrap());
                    let code = u8::try_from(draft.id.as_u128() - 0x100).unwrap();
                    next.live = Some(Live { code, text: text_of(&draft.raw), author, void: false });
                    next.authors |= 1 << author;
                }
                Effect::VoidDraft => next.live = None,
                Effect::Submit(verified, four_eyes) => {
                    let live =
                        next.live.take().ok_or_else(|| Halt::Broken("no draft to submit".to_owned()))?;
                    if (draft_id(live.code), digest(live.text))
                        != (four_eyes.draft().id, four_eyes.draft().digest)
                    {
                        return Err(Halt::Broken("another draft than the stored one".to_owned()));
                    }
                    next.post(live, verified.until());
                    queued = Some(live.text);
                }
                Effect::CancelSubmission => {
                    for letter in next.letters.iter_mut().flatten() {
                        if matches!(letter.post, Post::Queued | Post::Failed) {
                            letter.post = Post::Cancelled;
                        }
                    }
                }
                Effect::RetryEmail(email) => {
                    let failed = next
                        .letters
                        .iter_mut()
                        .flatten()
                        .find(|letter| draft_id(letter.code) == email && letter.post == Post::Failed);
                    let Some(letter) = failed else { return Err(Halt::Refused) };
                    letter.post = Post::Queued;
                }
                Effect::CorrectFacts(corrections, _) => next.found |= corrections.departed_email.is_some(),
                Effect::MarkConfirmed => next.confirmed = true,
                Effect::MarkDelivered => next.delivered = true,
                Effect::Notify(_)
                | Effect::TellObjector(..)
                | Effect::Remind(..)
                | Effect::KeepNote(..)
                | Effect::CorrectAddress(..)
                | Effect::Assign(_)
                | Effect::Refer(_)
                | Effect::LearnTicket(_)
                | Effect::ResendLetter(..)
                | Effect::ReplaceLink(..)
                | Effect::CancelLetter(_)
                | Effect::SettleLetter(_) => {}
            }
        }
        if let (true, Some(staff)) = (HANDS.contains(&transition.event.as_str()), actor.staff_id()) {
            next.deciders |= 1 << number_of(staff);
        }
        next.state = book.number_state(transition.next);
        next.clear();
        Ok((next, queued))
    }

    fn post(&mut self, live: Live, until: Option<Timestamp>) {
        let Live { code, text, .. } = live;
        let letter =
            Letter { code, text, post: Post::Queued, leased: false, untold: false, until, void: false };
        *self.letters.iter_mut().find(|place| place.is_none()).unwrap() = Some(letter);
    }

    /// E-mails of which nothing can come are forgotten; the others stand in their order.
    pub fn clear(&mut self) {
        for place in &mut self.letters {
            if place.is_some_and(|letter| letter.is_over()) {
                *place = None;
            }
        }
        if self.letters[0].is_none() {
            self.letters.swap(0, 1);
        }
    }

    /// The judge's word on what was written before.
    pub fn mark(&mut self, meaning: Meaning) {
        if meaning == Meaning::Void {
            if let Some(live) = &mut self.live {
                live.void = true;
            }
            self.letters.iter_mut().flatten().for_each(|letter| letter.void = true);
        }
    }

    /// What must hold in every world, so that nothing is left lying about that another guard happens to stop.
    pub fn is_sound(&self, book: &Book) -> Result<(), String> {
        let state = book.state(self);
        let stored = self.live.map(|live| (draft_id(live.code), digest(live.text)));
        let named = match state {
            State::AwaitingApproval { draft, .. } => Some((draft.id, draft.digest)),
            _ => None,
        };
        if stored != named {
            return Err("the draft that is not void and the one that awaits approval differ".to_owned());
        }
        let could_go: Vec<_> = self
            .letters
            .iter()
            .flatten()
            .filter(|letter| matches!(letter.post, Post::Queued | Post::Failed))
            .map(|letter| draft_id(letter.code))
            .collect();
        let expected: Vec<_> = match state {
            // Until the case is told, what arrived is no longer in the outbox.
            State::Submitted { draft, .. } if could_go.is_empty() => {
                let sent = |letter: &Letter| letter.untold && draft_id(letter.code) == *draft;
                if !self.letters.iter().flatten().any(sent) {
                    return Err("submitted, and nothing is under way".to_owned());
                }
                Vec::new()
            }
            State::Submitted { draft, .. } => vec![*draft],
            _ => Vec::new(),
        };
        if could_go != expected {
            return Err("an e-mail in the outbox is not the one that the case waits for".to_owned());
        }
        if self.history.unread
            && !state.is_closed()
            && book.case(self).waiting_for(book.now(self)) != Party::Us
        {
            return Err("somebody outside said something, and the case waits for others".to_owned());
        }
        let began =
            self.confirmed || self.checks != [0; KINDS] || self.live.is_some() || self.history.confirmed;
        if !self.begun && (began || self.letters.iter().any(Option::is_some)) {
            return Err("something happened before there was a case".to_owned());
        }
        if self.history.prepared.is_some_and(|by| !has(self.deciders, by)) {
            return Err("four eyes would not see who wrote the request down".to_owned());
        }
        if self.history.wrote != self.authors || self.history.decided & !self.deciders != 0 {
            return Err("a hand in the case that four eyes would not see".to_owned());
        }
        if self.letters.iter().flatten().any(|letter| letter.post == Post::Queued && letter.void) {
            return Err(
                "what was taken back, or rests on something else by now, is still in the outbox".to_owned()
            );
        }
        Ok(())
    }
}

/// The events whose author counts as having decided: the list in `casework::load` and in the database's trigger.
pub const HANDS: [&str; 6] =
    ["called", "check_decided", "check_waived", "objection_dismissed", "facts_corrected", "prepared"];

/// The facts of the case, as every draft states them, and as they never are.
pub const FACTS: &str = "facts";
pub const OTHER_FACTS: &str = "other facts";
