//! The queries of the queue.
//!
//! Measured with 50,000 open cases: a page without filters reads 51 entries of the index `cases_queue` (1 ms), wherever
//! it begins; the counts read all open cases once (80 ms), a search in texts all escalations (200 ms).

use anyhow::Context as _;
use serde::Serialize;
use sqlx::PgConnection;

use super::{
    cursor::Cursor,
    filter::{Filter, Owner},
};
use crate::{
    case::{
        actor::StaffId,
        state::{Outcome, Party, Place},
    },
    clock::{Day, Timestamp},
};

/// One case of the queue.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub number: String,
    pub company: String,
    pub requester_name: String,
    pub state: Place,
    pub outcome: Option<Outcome>,
    pub waiting_for: Party,
    pub due_at: Option<Timestamp>,
    pub renews_on: Option<Day>,
    pub changed_at: Timestamp,
    pub owner: Option<String>,
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
    pub fn cursor(&self) -> Cursor {
        Cursor {
            rank: self.rank,
            due_at: self.due_at,
            renews_on: self.renews_on,
            changed_at: self.changed_at,
            number: self.number.clone(),
        }
    }
}

struct Stored {
    number: String,
    company: String,
    requester_name: String,
    state: String,
    outcome: Option<String>,
    waiting_for: String,
    due_at: Option<Timestamp>,
    renews_on: Option<Day>,
    changed_at: Timestamp,
    owner: Option<String>,
    has_failed_email: bool,
    follow_up: bool,
    causes: Vec<String>,
    rank: i16,
}

impl TryFrom<Stored> for Row {
    type Error = anyhow::Error;

    fn try_from(row: Stored) -> anyhow::Result<Self> {
        Ok(Self {
            number: row.number,
            company: row.company,
            requester_name: row.requester_name,
            state: row.state.parse().context("a case in an unknown state")?,
            outcome: row.outcome.map(|word| word.parse()).transpose().context("an unknown outcome")?,
            waiting_for: row.waiting_for.parse().context("a case waits for an unknown party")?,
            due_at: row.due_at,
            renews_on: row.renews_on,
            changed_at: row.changed_at,
            owner: row.owner,
            has_failed_email: row.has_failed_email,
            follow_up: row.follow_up,
            causes: row.causes,
            rank: row.rank,
        })
    }
}

/// Whose cases, as the two parameters of the queries: a person, or nobody at all.
fn owner(filter: &Filter, me: StaffId) -> (Option<uuid::Uuid>, bool) {
    match filter.owner {
        Owner::Anybody => (None, false),
        Owner::Me => (Some(me.0), false),
        Owner::Nobody => (None, true),
        Owner::Colleague(id) => (Some(id), false),
    }
}

/// The cases that match, in order, after `after`. One query.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    me: StaffId,
    after: Option<&Cursor>,
    limit: i64,
) -> anyhow::Result<Vec<Row>> {
    let rows = if filter.is_closed() {
        list_closed(connection, filter, me, after, limit).await
    } else {
        list_open(connection, filter, me, after, limit).await
    };
    rows.context("could not list the queue")?.into_iter().map(Row::try_from).collect()
}

async fn list_open(
    connection: &mut PgConnection,
    filter: &Filter,
    me: StaffId,
    after: Option<&Cursor>,
    limit: i64,
) -> sqlx::Result<Vec<Stored>> {
    let (owner, nobodys) = owner(filter, me);
    let state: Option<&'static str> = filter.state.map(Into::into);
    let party: Option<&'static str> = filter.waiting_for.map(Into::into);
    sqlx::query_as!(
        Stored,
        r#"select c.number, e.company, e.requester_name, c.state, c.outcome, c.waiting_for, c.due_at, c.renews_on,
             c.changed_at, s.name as "owner?", c.waiting_rank as rank,
             exists (select from emails m where m.correlation_id = c.id and m.seen_at is null and (m.state = 'failed'
                 or m.notification <> 'departed_notice' and exists (select from bounces b where b.email_id = m.id and not b.temporary)))
                 as "has_failed_email!",
             coalesce((c.state_data ->> 'silent')::bool, false) as "follow_up!",
             array(select distinct cause ->> 'cause' from jsonb_array_elements(c.state_data -> 'causes') cause) as "causes!"
         from cases c join escalations e on e.case_id = c.id left join staff s on s.id = c.owner_id
         where c.state <> 'closed'
             and ($1::text is null or c.state = $1)
             and ($2::text is null or c.waiting_for = $2)
             and ($3::uuid is null or c.owner_id = $3)
             and (not $4::bool or c.owner_id is null)
             and ($5::text is null or c.number ilike $5 or c.id in (
                 select case_id from escalations
                 where company ilike $5 or requester_name ilike $5 or requester_email ilike $11
                 union all select case_id from case_entitlements where value ilike $5))
             and ($6::text is null or (c.waiting_rank, coalesce(c.due_at, 'infinity'), coalesce(c.renews_on, 'infinity'),
                 c.number) > ($7::int2, coalesce($8::timestamptz, 'infinity'), coalesce($9::date, 'infinity'), $6))
         order by c.waiting_rank, coalesce(c.due_at, 'infinity'), coalesce(c.renews_on, 'infinity'), c.number
         limit $10"#,
        state,
        party,
        owner,
        nobodys,
        filter.pattern(),
        after.map(|cursor| cursor.number.clone()),
        after.map(|cursor| cursor.rank),
        after.and_then(|cursor| cursor.due_at) as Option<Timestamp>,
        after.and_then(|cursor| cursor.renews_on) as Option<Day>,
        limit,
        filter.address_pattern(),
    )
    .fetch_all(connection)
    .await
}

/// Closed cases, those closed last first.
async fn list_closed(
    connection: &mut PgConnection,
    filter: &Filter,
    me: StaffId,
    after: Option<&Cursor>,
    limit: i64,
) -> sqlx::Result<Vec<Stored>> {
    let (owner, nobodys) = owner(filter, me);
    sqlx::query_as!(
        Stored,
        r#"select c.number, e.company, e.requester_name, c.state, c.outcome, c.waiting_for, c.due_at, c.renews_on,
             c.changed_at, s.name as "owner?", c.waiting_rank as rank,
             exists (select from emails m where m.correlation_id = c.id and m.seen_at is null and (m.state = 'failed'
                 or m.notification <> 'departed_notice' and exists (select from bounces b where b.email_id = m.id and not b.temporary)))
                 as "has_failed_email!",
             coalesce((c.state_data ->> 'silent')::bool, false) as "follow_up!",
             array[]::text[] as "causes!"
         from cases c join escalations e on e.case_id = c.id left join staff s on s.id = c.owner_id
         where c.state = 'closed'
             and ($1::uuid is null or c.owner_id = $1)
             and (not $2::bool or c.owner_id is null)
             and ($3::text is null or c.number ilike $3 or c.id in (
                 select case_id from escalations
                 where company ilike $3 or requester_name ilike $3 or requester_email ilike $7
                 union all select case_id from case_entitlements where value ilike $3))
             and ($4::timestamptz is null or (c.changed_at, c.number) < ($4, $5::text))
         order by c.changed_at desc, c.number desc
         limit $6"#,
        owner,
        nobodys,
        filter.pattern(),
        after.map(|cursor| cursor.changed_at) as Option<Timestamp>,
        after.map(|cursor| cursor.number.clone()),
        limit,
        filter.address_pattern(),
    )
    .fetch_all(connection)
    .await
}

/// How many cases wait for somebody.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    pub party: Party,
    pub cases: i64,
    /// Past their due date.
    pub late: i64,
}

/// The cases that match, by who is waited for; the filter's own `waiting_for` does not count. One query.
pub async fn count(
    connection: &mut PgConnection,
    filter: &Filter,
    me: StaffId,
    now: Timestamp,
) -> anyhow::Result<Vec<Count>> {
    let (owner, nobodys) = owner(filter, me);
    let state: Option<&'static str> = filter.state.map(Into::into);
    let rows = sqlx::query!(
        r#"select c.waiting_for, count(*) as "cases!", count(*) filter (where c.due_at < $6) as "late!"
         from cases c
         where (c.state = 'closed') = $1
             and ($2::text is null or c.state = $2)
             and ($3::uuid is null or c.owner_id = $3)
             and (not $4::bool or c.owner_id is null)
             and ($5::text is null or c.number ilike $5 or c.id in (
                 select case_id from escalations
                 where company ilike $5 or requester_name ilike $5 or requester_email ilike $7
                 union all select case_id from case_entitlements where value ilike $5))
         group by c.waiting_for"#,
        filter.is_closed(),
        state,
        owner,
        nobodys,
        filter.pattern(),
        now as Timestamp,
        filter.address_pattern(),
    )
    .fetch_all(connection)
    .await
    .context("could not count the queue")?;
    rows.into_iter()
        .map(|row| {
            let party = row.waiting_for.parse().context("a case waits for an unknown party")?;
            Ok(Count { party, cases: row.cases, late: row.late })
        })
        .collect()
}
