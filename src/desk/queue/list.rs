//! The queries of the queue.
//!
//! One sentence about which cases match (`matching!`), used by the list in every order and by the count. An order of the open
//! cases is an index (migration `order_the_queue`), so a page reads as many entries as it shows, wherever it begins;
//! `examples/queue_bench.rs` measures it.

use anyhow::Context as _;
use jiff::ToSpan as _;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    cursor::Cursor,
    filter::{Due, Filter, Owner, Scope, View},
    sort::Sort,
};
use crate::{
    app::App,
    case::state::{Outcome, Party, Place},
    clock::{Day, Timestamp},
    staff::session::SignedIn,
};

/// One case of the queue.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    #[serde(skip)]
    pub id: Uuid,
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

struct Stored {
    id: Uuid,
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

/// Who asks, and when: what a filter's words mean.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    pub(super) me: Uuid,
    pub(super) now: Timestamp,
    today: Day,
    /// The first moment of tomorrow.
    pub(super) tomorrow: Timestamp,
    /// The first moment after seven days, this one included.
    next_week: Timestamp,
}

impl Asking {
    pub fn new(app: &App, staff: &SignedIn, now: Timestamp) -> Self {
        let today = now.day_in(&app.zone);
        let after = |days: i64| {
            let day = today.saturating_add(days.days());
            day.to_zoned(app.zone.clone()).map_or(now, |start| start.timestamp().into())
        };
        Self { me: staff.id.0, now, today, tomorrow: after(1), next_week: after(7) }
    }
}

/// A filter as the parameters of the queries.
#[derive(Debug)]
pub struct Asked {
    scope: Scope,
    sort: Sort,
    state: Option<&'static str>,
    party: Option<&'static str>,
    owner: Option<Uuid>,
    nobodys: bool,
    text: Option<String>,
    /// Names may be spelt a little otherwise.
    tolerant: bool,
    customer: Option<String>,
    hosting: Option<&'static str>,
    due_before: Option<Timestamp>,
    renews_until: Option<Day>,
    has_news: bool,
    is_failing: bool,
    needs: Option<Uuid>,
    now: Timestamp,
}

impl Asked {
    pub fn new(filter: &Filter, asking: &Asking, tolerant: bool) -> Self {
        let (owner, nobodys) = match filter.whose() {
            Owner::Anybody => (None, false),
            Owner::Me => (Some(asking.me), false),
            Owner::Nobody => (None, true),
            Owner::Colleague(id) => (Some(id), false),
        };
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let due = if filter.view == View::DueToday { Some(Due::Today) } else { filter.due };
        let within = |days: i64| Day::from(asking.today.saturating_add(days.days()));
        Self {
            scope: filter.scope(),
            sort: filter.sort,
            state: filter.place().map(Into::into),
            party: filter.party().map(Into::into),
            owner,
            nobodys,
            text: given(&filter.text),
            tolerant,
            customer: given(&filter.customer),
            hosting: filter.hosting.map(Into::into),
            due_before: due.map(|due| match due {
                Due::Overdue => asking.now,
                Due::Today => asking.tomorrow,
                Due::Week => asking.next_week,
            }),
            renews_until: filter.renewal.map(|renewal| within(renewal.days())),
            has_news: filter.view == View::New,
            is_failing: filter.view == View::FailingMail,
            needs: (filter.view == View::NeedsMe).then_some(asking.me),
            now: asking.now,
        }
    }
}

/// `select` of the cases that match, within `scope`; `end` is what follows the conditions, with `more` parameters.
///
/// sqlx checks every query while it compiles, so each is written out; this keeps them the same.
macro_rules! matching {
    ($record:ty, $asked:expr, $select:literal, $scope:literal, $end:literal $(, $more:expr)*) => {
        sqlx::query_as!(
            $record,
            $select + " from cases c join escalations e on e.case_id = c.id left join staff s on s.id = c.owner_id where "
                + $scope
                + " and ($1::text is null or c.state = $1)
             and ($2::text is null or c.waiting_for = $2)
             and ($3::uuid is null or c.owner_id = $3)
             and (not $4::bool or c.owner_id is null)
             and ($5::text is null or c.id in (select search_cases($5, null, $6::bool)))
             and ($7::text is null or c.id in (select search_cases($7, array['customer', 'correction'], false)))
             and ($8::text is null or e.hosting = $8)
             and ($9::timestamptz is null or c.due_at < $9)
             and ($10::date is null or c.renews_on <= $10)
             and (not $11::bool or c.news_since is not null or c.id in (
                 select i.correlation_id from inbound_emails i where i.state in ('quarantined', 'parked')))
             and (not $12::bool or c.id in (
                 select m.correlation_id from emails m where m.state = 'failed' and m.seen_at is null
                 union all select m.correlation_id from bounces b join emails m on m.id = b.email_id
                 where not b.temporary and m.seen_at is null and m.notification <> 'departed_notice'))
             and ($13::uuid is null or c.id in (select case_id from cases_that_need($13, $14)))"
                + $end,
            $asked.state,
            $asked.party,
            $asked.owner,
            $asked.nobodys,
            $asked.text.as_deref(),
            $asked.tolerant,
            $asked.customer.as_deref(),
            $asked.hosting,
            $asked.due_before as Option<Timestamp>,
            $asked.renews_until as Option<Day>,
            $asked.has_news,
            $asked.is_failing,
            $asked.needs,
            $asked.now as Timestamp
            $(, $more)*
        )
    };
}

/// The page after `after`; `end` compares and orders, and names `$15` (number), `$16` (rank), `$17` (moment), `$18` (day).
macro_rules! page {
    ($connection:expr, $asked:expr, $after:expr, $limit:expr, $scope:literal, $end:literal) => {
        matching!(
            Stored,
            $asked,
            r#"select c.id, c.number, c.reference, e.company, e.customer_number, e.requester_name, c.state, c.outcome, c.waiting_for,
             c.waiting_since, c.due_at, c.renews_on, c.changed_at, s.name as "owner?", c.urgency as "rank!",
             c.news_since is not null as "has_news!",
             exists (select from inbound_emails i where i.correlation_id = c.id and i.state in ('quarantined', 'parked'))
                 as "is_named_in_quarantine!",
             exists (select from emails m where m.correlation_id = c.id and m.seen_at is null and (m.state = 'failed'
                 or m.notification <> 'departed_notice' and exists (select from bounces b where b.email_id = m.id and not b.temporary)))
                 as "has_failed_email!",
             c.state <> 'closed' and coalesce((c.state_data ->> 'silent')::bool, false) as "follow_up!",
             array(select distinct cause ->> 'cause' from jsonb_array_elements(c.state_data -> 'causes') cause
                 where c.state = 'contested') as "causes!""#,
            $scope,
            $end,
            $after.map(|cursor| cursor.number.as_str()),
            $after.map(|cursor| cursor.rank),
            $after.and_then(|cursor| cursor.at) as Option<Timestamp>,
            $after.and_then(|cursor| cursor.renews_on) as Option<Day>,
            $limit
        )
        .fetch_all($connection)
        .await
    };
}

/// A page in each order. A parameter that an order does not compare by is named all the same, or it would have no type.
macro_rules! sorted {
    ($connection:expr, $asked:expr, $after:expr, $limit:expr, $scope:literal) => {
        match $asked.sort {
            Sort::Urgency => page!(
                $connection, $asked, $after, $limit, $scope,
                " and ($15::text is null or (c.urgency, coalesce(c.due_at, 'infinity'), coalesce(c.renews_on, 'infinity'),
                     c.number) > ($16::int2, coalesce($17::timestamptz, 'infinity'), coalesce($18::date, 'infinity'), $15))
                 order by c.urgency, coalesce(c.due_at, 'infinity'), coalesce(c.renews_on, 'infinity'), c.number limit $19"
            ),
            Sort::Due => page!(
                $connection, $asked, $after, $limit, $scope,
                " and num_nulls($16::int2, $18::date) >= 0
                 and ($15::text is null or (coalesce(c.due_at, 'infinity'), c.number)
                     > (coalesce($17::timestamptz, 'infinity'), $15))
                 order by coalesce(c.due_at, 'infinity'), c.number limit $19"
            ),
            Sort::Renewal => page!(
                $connection, $asked, $after, $limit, $scope,
                " and num_nulls($16::int2, $17::timestamptz) >= 0
                 and ($15::text is null or (coalesce(c.renews_on, 'infinity'), c.number)
                     > (coalesce($18::date, 'infinity'), $15))
                 order by coalesce(c.renews_on, 'infinity'), c.number limit $19"
            ),
            Sort::Waiting => page!(
                $connection, $asked, $after, $limit, $scope,
                " and num_nulls($16::int2, $18::date) >= 0
                 and ($15::text is null or (c.waiting_since, c.number) > ($17::timestamptz, $15))
                 order by c.waiting_since, c.number limit $19"
            ),
            Sort::Changed => page!(
                $connection, $asked, $after, $limit, $scope,
                " and num_nulls($16::int2, $18::date) >= 0
                 and ($15::text is null or (c.changed_at, c.number) < ($17::timestamptz, $15))
                 order by c.changed_at desc, c.number desc limit $19"
            ),
        }
    };
}

/// The cases that match, in order, after `after`. One query.
pub async fn list(
    connection: &mut PgConnection,
    asked: &Asked,
    after: Option<&Cursor>,
    limit: i64,
) -> anyhow::Result<Vec<Row>> {
    let rows = match asked.scope {
        Scope::Open => sorted!(connection, asked, after, limit, "c.state <> 'closed'"),
        // Those closed last first.
        Scope::Closed => page!(
            connection,
            asked,
            after,
            limit,
            "c.state = 'closed'",
            " and num_nulls($16::int2, $18::date) >= 0
                 and ($15::text is null or (c.changed_at, c.number) < ($17::timestamptz, $15))
                 order by c.changed_at desc, c.number desc limit $19"
        ),
        Scope::Both => sorted!(connection, asked, after, limit, "true"),
    };
    rows.context("could not list the queue")?.into_iter().map(Row::try_from).collect()
}

/// How many cases match, and how many of them are past their due date.
#[derive(Clone, Copy, Debug, Default)]
pub struct Total {
    pub cases: i64,
    pub late: i64,
}

/// One query.
pub async fn count(connection: &mut PgConnection, asked: &Asked) -> anyhow::Result<Total> {
    let total = match asked.scope {
        Scope::Open => matching!(
            Total,
            asked,
            r#"select count(*) as "cases!", count(*) filter (where c.due_at < $14::timestamptz) as "late!""#,
            "c.state <> 'closed'",
            ""
        )
        .fetch_one(connection)
        .await,
        Scope::Closed => {
            matching!(
                Total,
                asked,
                r#"select count(*) as "cases!", 0::int8 as "late!""#,
                "c.state = 'closed'",
                ""
            )
            .fetch_one(connection)
            .await
        }
        Scope::Both => {
            matching!(
                Total,
                asked,
                r#"select count(*) as "cases!",
                 count(*) filter (where c.due_at < $14::timestamptz and c.state <> 'closed') as "late!""#,
                "true",
                ""
            )
            .fetch_one(connection)
            .await
        }
    };
    total.context("could not count the queue")
}
