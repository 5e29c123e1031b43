//! Talk with the customer, notes among staff, and mail that came in.

use uuid::Uuid;

use super::Decision;
use crate::{
    case::{
        Case,
        correspondence::{Manner, TicketKey, Writer},
        event::Event,
        outcome::{Effect, Notification, Transition},
        refusal::Refusal,
        state::{Outcome, State},
        text::{Note, NoteKind},
    },
    clock::Timestamp,
};

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

    /// While contested it is over for the requester only.
    pub(super) fn confirm_access(&self) -> Decision {
        let State::AwaitingConfirmation { .. } = self.state.told() else { return Err(Refusal::NotNow) };
        let next = self.state.advance(State::Closed { outcome: Outcome::Completed });
        let effects = vec![Effect::Notify(Notification::CaseClosed)];
        Ok(Transition { next, event: Event::AccessConfirmed, effects })
    }

    pub(super) fn report_no_access(&self, note: Option<&Note>, now: Timestamp) -> Decision {
        let State::AwaitingConfirmation { .. } = self.state.told() else { return Err(Refusal::NotNow) };
        let effects = note.map(|note| Effect::KeepNote(NoteKind::Answer, note.clone())).into_iter().collect();
        let next = self.state.advance(State::WithAtlassian { since: now, no_access: true, silent: false });
        Ok(Transition { next, event: Event::NoAccessReported { note: note.map(|note| note.id) }, effects })
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

    pub(super) fn mark_seen(&self) -> Decision {
        self.news.ok_or(Refusal::NothingNew)?;
        Ok(self.stay(Event::Seen, Vec::new()))
    }
}
