//! The rows of a page of the queue, as they are shown: what is missing in three words, what is late, what is left of our time.
//!
//! Reads nothing; what the rows are made of was read by `list`, `found` and `casework`.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::{filter::below, found::Found, row::Row};
use crate::{
    case::{
        path::Next,
        state::{Party, Place},
    },
    casework::Casework,
    clock::{Day, Timestamp},
    lang::{Arguments, Language},
};

/// A renewal that is so close is shown as urgent.
const SOON_DAYS: i32 = 30;

/// Rows under who is waited for; `party` is `None` where they are in another order.
#[derive(Debug, Serialize)]
pub struct Group {
    party: Option<Party>,
    rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
pub struct RowView {
    #[serde(flatten)]
    row: Row,
    /// The way back to this list included.
    href: String,
    /// What is done to several cases is done to this one; `None` where the case can't be read.
    version: Option<i32>,
    /// What is missing, in three words; empty where the case can't be read.
    missing: String,
    late: bool,
    /// What is left of our time, in words; empty where others are waited for.
    time_left: String,
    /// `late` once the day is over, `soon` shortly before, else empty.
    renewal: &'static str,
    /// Why the search found it.
    found: Option<Found>,
}

/// What stands around the rows of a page.
pub struct Around<'a> {
    pub casework: &'a Casework,
    pub language: Language,
    pub next_steps: HashMap<Uuid, Next>,
    pub found: HashMap<Uuid, Found>,
    pub back: &'a str,
    pub now: Timestamp,
}

impl Around<'_> {
    /// Puts the rows, which come in order, under who is waited for, where that is the order.
    pub fn group(&mut self, rows: Vec<Row>, by_party: bool) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for row in rows {
            let party = Some(row.waiting_for).filter(|party| by_party && *party != Party::Nobody);
            let view = self.view(row);
            match groups.last_mut().filter(|group| group.party == party) {
                Some(group) => group.rows.push(view),
                None => groups.push(Group { party, rows: vec![view] }),
            }
        }
        groups
    }

    fn view(&mut self, row: Row) -> RowView {
        let next = self.next_steps.get(&row.id);
        let left = row.due_at.filter(|due| row.waiting_for == Party::Us && *due > self.now);
        let calendar = &self.casework.rules.calendar;
        RowView {
            href: case_address(&row.number, self.back),
            version: next.map(|_| row.version),
            missing: next.map(|next| self.missing(next, row.state)).unwrap_or_default(),
            late: row.state != Place::Closed && row.due_at.is_some_and(|due| due < self.now),
            time_left: left
                .map(|due| self.time_left(calendar.time_between(self.now, due)))
                .unwrap_or_default(),
            renewal: row.renews_on.map_or("", |day| urgency(day, self.now.day_in(&self.casework.app.zone))),
            found: self.found.remove(&row.id),
            row,
        }
    }

    /// What is missing, as short as it can be said.
    fn missing(&self, next: &Next, place: Place) -> String {
        let word = match (next, place) {
            (_, Place::Unconfirmed) => "confirmation",
            (_, Place::AwaitingConfirmation) => "access",
            (Next::Wait(Party::Us), _) => "proof",
            (Next::Wait(party), _) => party.into(),
            (next, _) => next.as_str(),
        };
        let about = match next {
            Next::Blocked(kind) | Next::Check(kind) => {
                self.language.text(&format!("check-{}", kind.as_str()))
            }
            _ => String::new(),
        };
        let arguments: Arguments<'_> = [("what".into(), about.into())].into();
        self.language.text_with(&format!("missing-{word}"), &arguments)
    }

    /// By the clock of our business time.
    fn time_left(&self, left: jiff::SignedDuration) -> String {
        let (hours, minutes) = (left.as_hours(), left.as_mins() % 60);
        let arguments: Arguments<'_> =
            [("hours".into(), hours.into()), ("minutes".into(), minutes.into())].into();
        self.language.text_with("desk-time-left", &arguments)
    }
}

fn urgency(day: Day, today: Day) -> &'static str {
    match today.until(*day) {
        Ok(span) if span.get_days() < 0 => "late",
        Ok(span) if span.get_days() <= SOON_DAYS => "soon",
        _ => "",
    }
}

/// The address of a case with the way back to a list.
pub fn case_address(number: &str, back: &str) -> String {
    #[derive(Serialize)]
    struct From<'a> {
        from: &'a str,
    }
    let path = format!("/desk/cases/{number}");
    if back.is_empty() {
        return path;
    }
    below(&path, &serde_html_form::to_string(From { from: back }).unwrap_or_default())
}
