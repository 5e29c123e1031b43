//! Talk with the customer, notes among staff, and mail that came in.

use uuid::Uuid;

use super::Decision;
use crate::{
    case::{
        Case,
        actor::Actor,
        check::{CheckKind, Verdict},
        correspondence::{Manner, TicketKey, Topic, Writer},
        event::Event,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::{Party, State},
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

/// So often a customer tells us something by themselves, in one case: nobody fills a case that staff must read.
pub(super) const MOST_TOLD: u32 = 10;

impl Case {
    pub(super) fn ask_customer(&self, question: &Note, now: Timestamp) -> Decision {
        if !matches!(
            self.state,
            State::Verifying | State::Verified | State::AwaitingCustomer { .. } | State::WithAtlassian { .. }
        ) {
            return Err(Refusal::NotNow);
        }
        let effects = vec![
            Effect::KeepNote(NoteKind::Question, question.clone()),
            Effect::Notify(Notification::Question),
        ];
        let next = State::AwaitingCustomer { asked_at: now };
        Ok(Transition { next, event: Event::CustomerAsked { note: question.id }, effects })
    }

    pub(super) fn answer(&self, answer: &Note, now: Timestamp) -> Decision {
        let State::AwaitingCustomer { .. } = self.state.told() else { return Err(Refusal::NotNow) };
        let effects = vec![Effect::KeepNote(NoteKind::Answer, answer.clone())];
        let next = self.state.advance(self.place_for(&self.checks, now));
        Ok(Transition { next, event: Event::Answered { note: answer.id }, effects })
    }

    /// Only a claim (law 5 would say the same of a mail): it is kept, shown as new, and moves nothing by itself. What somebody says
    /// of Atlassian's answer is about a request that has reached Atlassian.
    pub(super) fn tell(&self, topic: Topic, note: &Note) -> Decision {
        let place = self.state.told();
        let fits = match topic {
            Topic::AtlassianAnswered => self.delivered_at.is_some() && !place.is_closed(),
            Topic::Voucher => matches!(place, State::Verifying | State::AwaitingCustomer { .. }),
        };
        if !fits {
            return Err(Refusal::NotNow);
        }
        if self.told_us >= MOST_TOLD {
            return Err(Refusal::ToldEnough);
        }
        let effects = vec![Effect::KeepNote(NoteKind::Answer, note.clone())];
        Ok(self.stay(Event::CustomerTold { topic, note: note.id }, effects))
    }

    pub(super) fn add_note(&self, note: &Note) -> Transition {
        let effects = vec![Effect::KeepNote(NoteKind::Note, note.clone())];
        self.stay(Event::NoteAdded { note: note.id }, effects)
    }

    /// Mail never moves a case (law 5): it is shown, and a ticket key of Atlassian's is kept.
    pub(super) fn file_mail(
        &self,
        email: Uuid,
        writer: Writer,
        ticket: Option<&TicketKey>,
        manner: Manner,
    ) -> Transition {
        let learnt = ticket.filter(|_| writer == Writer::Atlassian);
        let effects = learnt.map(|ticket| Effect::LearnTicket(ticket.clone())).into_iter().collect();
        self.stay(Event::MailFiled { email, writer, ticket: learnt.cloned(), manner }, effects)
    }

    /// The letter that was not answered goes out once more, by itself or because staff want it sooner; so often in all, whoever
    /// sends it. The case stays where it is.
    pub(super) fn remind(&self, actor: Actor, now: Timestamp) -> Decision {
        if let State::Unconfirmed { expires_at } = self.state {
            return self.remind_to_confirm(actor, expires_at, now);
        }
        if self.reminded >= self.rules.deadlines.reminders {
            return Err(Refusal::RemindedEnough);
        }
        let letters = self.unanswered(now);
        if letters.is_empty() {
            return Err(Refusal::NobodyToRemind);
        }
        let effects = letters.into_iter().map(|(letter, contact)| Effect::Remind(letter, contact));
        Ok(self.stay(Event::Reminded, effects.collect()))
    }

    /// What the case waits for on the customer's side, and of whom where that is another contact.
    fn unanswered(&self, now: Timestamp) -> Vec<(Notification, Option<Uuid>)> {
        let pending = |kind| self.check(kind).is_some_and(|check| check.verdict == Verdict::Pending);
        match (&self.state, self.waiting_for(now)) {
            (State::AwaitingCustomer { .. }, Party::Customer) => vec![(Notification::Question, None)],
            (State::AwaitingConfirmation { .. }, Party::Customer) => {
                self.unconfirmed_access().into_iter().map(|letter| (letter, None)).collect()
            }
            (State::Verifying, Party::Customer) if pending(CheckKind::RequesterEmail) => {
                vec![(Notification::ConfirmationRenewal, None)]
            }
            (State::Verifying, Party::Customer) if pending(CheckKind::Successor) => {
                vec![(Notification::SuccessorInvitation, None)]
            }
            (State::Verifying, Party::Voucher) => {
                let contact = self.check(CheckKind::Vouch).and_then(|check| check.evidence.contact());
                contact.map(|contact| (Notification::VouchRequest, Some(contact))).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn mark_seen(&self) -> Decision {
        self.news.ok_or(Refusal::NothingNew)?;
        Ok(self.stay(Event::Seen, Vec::new()))
    }
}
