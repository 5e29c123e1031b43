//! One case of the queue, as its list reads it.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::{cursor::Cursor, sort::Sort};
use crate::{
    case::state::{Outcome, Party, Place},
    clock::{Day, Timestamp},
};

/// One case of the queue.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    #[serde(skip)]
    pub id: Uuid,
    /// The case's own.
    #[serde(skip)]
    pub version: i32,
    pub number: String,
    pub company: String,
    #[serde(skip)]
    pub customer_number: Option<String>,
    /// The reseller's own.
    pub reference: Option<String>,
    pub requester_name: String,
    pub state: Place,
    pub outcome: Option<Outcome>,
    pub waiting_for: Party,
    pub waiting_since: Timestamp,
    pub due_at: Option<Timestamp>,
    pub renews_on: Option<Day>,
    pub changed_at: Timestamp,
    pub owner: Option<String>,
    /// Something came in that nobody has looked at.
    pub has_news: bool,
    /// A message in quarantine names it. Anybody can write one: it moves nothing, and is a mark of its own.
    pub is_named_in_quarantine: bool,
    /// One of its e-mails was given up or came back, and nobody has looked at it. That the departed contact's mailbox is
    /// gone is no surprise.
    pub has_failed_email: bool,
    /// Atlassian has not answered in time.
    pub follow_up: bool,
    /// What stands against it: `objection`, `second_claim`.
    pub causes: Vec<String>,
    rank: i16,
}

impl Row {
    pub fn cursor(&self, sort: Sort) -> Cursor {
        Cursor {
            sort,
            rank: self.rank,
            at: match sort {
                Sort::Urgency | Sort::Due => self.due_at,
                Sort::Waiting => Some(self.waiting_since),
                Sort::Changed => Some(self.changed_at),
                Sort::Renewal => None,
            },
            renews_on: self.renews_on,
            number: self.number.clone(),
        }
    }
}

/// As the database has it.
#[derive(FromRow)]
pub struct Stored {
    id: Uuid,
    version: i32,
    number: String,
    reference: Option<String>,
    company: String,
    customer_number: Option<String>,
    requester_name: String,
    state: String,
    outcome: Option<String>,
    waiting_for: String,
    waiting_since: Timestamp,
    due_at: Option<Timestamp>,
    renews_on: Option<Day>,
    changed_at: Timestamp,
    owner: Option<String>,
    has_news: bool,
    is_named_in_quarantine: bool,
    has_failed_email: bool,
    follow_up: bool,
    causes: Vec<String>,
    rank: i16,
}

impl TryFrom<Stored> for Row {
    type Error = anyhow::Error;

    fn try_from(row: Stored) -> anyhow::Result<Self> {
        Ok(Self {
            id: row.id,
            version: row.version,
            number: row.number,
            company: row.company,
            customer_number: row.customer_number,
            reference: row.reference,
            requester_name: row.requester_name,
            state: row.state.parse().context("a case in an unknown state")?,
            outcome: row.outcome.map(|word| word.parse()).transpose().context("an unknown outcome")?,
            waiting_for: row.waiting_for.parse().context("a case waits for an unknown party")?,
            waiting_since: row.waiting_since,
            due_at: row.due_at,
            renews_on: row.renews_on,
            changed_at: row.changed_at,
            owner: row.owner,
            has_news: row.has_news,
            is_named_in_quarantine: row.is_named_in_quarantine,
            has_failed_email: row.has_failed_email,
            follow_up: row.follow_up,
            causes: row.causes,
            rank: row.rank,
        })
    }
}
