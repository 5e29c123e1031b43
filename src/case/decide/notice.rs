//! The notices to the departed contact and to everybody else on record whose role would change: several dated attempts
//! within one window. Who that is, is for the register to say when they are written.
//!
//! The window is counted in business days from the first notice, and later ones repeat its end: the date we once gave
//! holds, for the contact as for the customer who waits. The last attempt leaves at least a whole business day.

use super::Decision;
use crate::{
    case::{
        Case,
        check::{Check, CheckKind, Evidence},
        event::Event,
        outcome::{Effect, Notification},
        refusal::Refusal,
    },
    clock::Timestamp,
};

impl Case {
    pub(super) fn notify_departed_contact(&self, now: Timestamp) -> Decision {
        let kind = CheckKind::DepartedNotice;
        let (sent_at, window_ends_at, reminded_at) = match &self.pending(kind)?.evidence {
            Evidence::None => {
                let days = self.rules.deadlines.notice_business_days;
                (now, self.rules.calendar.add_days(now, days), Vec::new())
            }
            Evidence::NoticeSent { sent_at, window_ends_at, reminded_at } => {
                let due = self.next_notice_at().ok_or(Refusal::AlreadyDecided)?;
                if now < due || now >= *window_ends_at {
                    return Err(Refusal::TooEarly);
                }
                let reminded_at = reminded_at.iter().copied().chain([now]).collect();
                (*sent_at, *window_ends_at, reminded_at)
            }
            _ => return Err(Refusal::AlreadyDecided),
        };
        let due_at = self.next_notice(&now, reminded_at.len(), window_ends_at).unwrap_or(window_ends_at);
        let evidence = Evidence::NoticeSent { sent_at, window_ends_at, reminded_at };
        let check = Check::pending(kind, evidence, Some(due_at));
        let effects = vec![
            Effect::PutCheck(check),
            Effect::Notify(Notification::DepartedNotice),
            Effect::Notify(Notification::ContactNotice),
        ];
        Ok(self.stay(Event::DepartedContactNotified { window_ends_at }, effects))
    }

    /// When to write to the departed contact again; `None` where nobody was written to, or it was the last time.
    pub fn next_notice_at(&self) -> Option<Timestamp> {
        match &self.check(CheckKind::DepartedNotice)?.evidence {
            Evidence::NoticeSent { sent_at, window_ends_at, reminded_at } => {
                let last = reminded_at.last().unwrap_or(sent_at);
                self.next_notice(last, reminded_at.len(), *window_ends_at)
            }
            _ => None,
        }
    }

    /// When to write again after the notice of `last`; `None` where that was the last one.
    pub(super) fn next_notice(
        &self,
        last: &Timestamp,
        reminders: usize,
        window_ends_at: Timestamp,
    ) -> Option<Timestamp> {
        let (deadlines, calendar) = (&self.rules.deadlines, &self.rules.calendar);
        let next = calendar.add_days(*last, deadlines.notice_interval_business_days);
        let attempts_left = reminders.saturating_add(1) < usize::try_from(deadlines.notice_attempts).ok()?;
        (attempts_left && next > *last && calendar.add_days(next, 1) <= window_ends_at).then_some(next)
    }
}
