//! The queries of the queue.
//!
//! One sentence about which cases match ([`matching`]), used by the list in every order and by the count. It names what is asked for and
//! nothing else, so that each has its plan: an order of the open cases is an index, and so is each filter in the usual order
//! (migrations `order_the_queue`, `bound_what_the_queue_reads`). A page reads as many entries as it shows, wherever it begins, and whatever
//! is counted is counted to a bound; `examples/queue_bench.rs` measures it.

use anyhow::Context as _;
use serde::Serialize;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::{
    asked::{Asked, Whose},
    cursor::Cursor,
    filter::Scope,
    sort::Sort,
};
use crate::{
    case::state::{Outcome, Party, Place},
    clock::{Day, Timestamp},
};

/// As many are counted; of more it is said that there are more.
pub const MOST_COUNTED: i64 = 500;
/// As many cases in a row are asked for words that stand in very many.
const MOST_ASKED: &str = "5000";

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

#[derive(FromRow)]
struct Stored {
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

/// What is shown of a case.
const COLUMNS: &str = "c.id, c.version, c.number, c.reference, e.company, e.customer_number, e.requester_name, c.state, c.outcome, c.waiting_for, \
     c.waiting_since, c.due_at, c.renews_on, c.changed_at, s.name as owner, c.urgency as rank, c.news_since is not null as has_news, \
     exists (select from inbound_emails i where i.correlation_id = c.id and i.state in ('quarantined', 'parked')) \
         as is_named_in_quarantine, \
     exists (select from emails m where m.correlation_id = c.id and m.seen_at is null \
         and (m.state = 'failed' or m.returned and m.notification <> 'departed_notice')) as has_failed_email, \
     c.state <> 'closed' and coalesce((c.state_data ->> 'silent')::bool, false) as follow_up, \
     array(select distinct cause ->> 'cause' from jsonb_array_elements(c.state_data -> 'causes') cause \
         where c.state = 'contested') as causes";

/// What a row is made of.
const TABLES: &str =
    " from cases c join escalations e on e.case_id = c.id left join staff s on s.id = c.owner_id where ";

/// What stands behind `where`: the cases `c` that match.
fn matching(query: &mut QueryBuilder<Postgres>, asked: &Asked) {
    query.push(match asked.scope {
        Scope::Open => "c.state <> 'closed'",
        Scope::Closed => "c.state = 'closed'",
        Scope::Both => "true",
    });
    if let Some(state) = asked.state {
        query.push(" and c.state = ").push_bind(state);
    }
    if let Some(party) = asked.party {
        query.push(" and c.waiting_for = ").push_bind(party);
    }
    match asked.whose {
        Whose::Anybodys => {}
        Whose::Nobodys => {
            query.push(" and c.owner_id is null");
        }
        Whose::Of(id) => {
            query.push(" and c.owner_id = ").push_bind(id);
        }
    }
    if let Some(hosting) = asked.hosting {
        query.push(" and (select hosting from escalations where case_id = c.id) = ").push_bind(hosting);
    }
    if let Some(due) = asked.due_before {
        query.push(" and c.due_at < ").push_bind(due);
    }
    if let Some(renews) = asked.renews_until {
        query.push(" and c.renews_on <= ").push_bind(renews);
    }
    if let Some(among) = &asked.among {
        // Out of a subquery, or a plan would be made for each list anew.
        query.push(" and c.id = any(array(select unnest(").push_bind(among.clone()).push("::uuid[])))");
    }
}

/// Where the page after `after` begins.
fn beginning(query: &mut QueryBuilder<Postgres>, sort: Sort, after: &Cursor) {
    let (number, at) = (after.number.clone(), after.at);
    match sort {
        Sort::Urgency => query
            .push(" and (c.urgency, coalesce(c.due_at, 'infinity'), coalesce(c.renews_on, 'infinity'), c.number) > (")
            .push_bind(after.rank)
            .push(", coalesce(")
            .push_bind(at)
            .push("::timestamptz, 'infinity'), coalesce(")
            .push_bind(after.renews_on)
            .push("::date, 'infinity'), "),
        Sort::Due => query
            .push(" and (coalesce(c.due_at, 'infinity'), c.number) > (coalesce(")
            .push_bind(at)
            .push("::timestamptz, 'infinity'), "),
        Sort::Renewal => query
            .push(" and (coalesce(c.renews_on, 'infinity'), c.number) > (coalesce(")
            .push_bind(after.renews_on)
            .push("::date, 'infinity'), "),
        Sort::Waiting => query.push(" and (c.waiting_since, c.number) > (").push_bind(at).push("::timestamptz, "),
        Sort::Changed => query.push(" and (c.changed_at, c.number) < (").push_bind(at).push("::timestamptz, "),
    };
    query.push_bind(number).push(")");
}

/// An order, as its index has it.
fn order(sort: Sort) -> &'static str {
    match sort {
        Sort::Urgency => {
            " order by c.urgency, coalesce(c.due_at, 'infinity'), coalesce(c.renews_on, 'infinity'), c.number"
        }
        Sort::Due => " order by coalesce(c.due_at, 'infinity'), c.number",
        Sort::Renewal => " order by coalesce(c.renews_on, 'infinity'), c.number",
        Sort::Waiting => " order by c.waiting_since, c.number",
        Sort::Changed => " order by c.changed_at desc, c.number desc",
    }
}

/// The cases that match, in order, after `after`. One query; two where words are looked for that stand in very many.
pub async fn list(
    connection: &mut PgConnection,
    asked: &Asked,
    after: Option<&Cursor>,
    limit: i64,
) -> anyhow::Result<Vec<Row>> {
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(TABLES);
    if let Some(terms) = &asked.common {
        let found = list_common(connection, asked, terms, after, limit).await?;
        query.push("c.id = any(array(select unnest(").push_bind(found).push("::uuid[])))");
    } else {
        matching(&mut query, asked);
        if let Some(after) = after {
            beginning(&mut query, asked.sort, after);
        }
    }
    // The planner has to know the bound, or it plans for a tenth of all cases, anew each time.
    query.push(order(asked.sort)).push(" limit ").push(limit);
    let rows: Vec<Stored> =
        query.build_query_as().fetch_all(connection).await.context("could not list the queue")?;
    rows.into_iter().map(Row::try_from).collect()
}

/// Along the order, until enough of them have the words, or so many were asked that it takes too long.
async fn list_common(
    connection: &mut PgConnection,
    asked: &Asked,
    terms: &[String],
    after: Option<&Cursor>,
    limit: i64,
) -> anyhow::Result<Vec<Uuid>> {
    let mut query = QueryBuilder::new("select c.id from (select c.id from cases c where ");
    matching(&mut query, asked);
    if let Some(after) = after {
        beginning(&mut query, asked.sort, after);
    }
    query.push(order(asked.sort)).push(" limit ").push(MOST_ASKED);
    query.push(") c where true");
    for term in terms {
        query.push(" and exists (select from case_search s where s.case_id = c.id and s.words @@ ");
        query.push("(select ('''' || ").push_bind(term).push(" || ''':*')::tsquery))");
    }
    query.push(" limit ").push(limit);
    query.build_query_scalar().fetch_all(connection).await.context("could not look through the queue")
}

/// How many cases match, and how many of them are past their due date: each [`MOST_COUNTED`] at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Total {
    pub cases: i64,
    pub late: i64,
    /// There are more.
    pub is_more: bool,
}

impl Total {
    /// Of a list that is there as a whole.
    pub fn of(rows: &[Row], now: Timestamp) -> Self {
        let late =
            rows.iter().filter(|row| row.state != Place::Closed && row.due_at.is_some_and(|due| due < now));
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Self { cases: count(rows.len()), late: count(late.count()), is_more: false }
    }

    /// Of more than a page of cases that have words which stand in very many: to count further would take longer than the page. How
    /// many of them are late is not known either.
    pub fn over(page: usize) -> Self {
        Self { cases: i64::try_from(page).unwrap_or(i64::MAX), late: 0, is_more: true }
    }
}

/// One query. Not for words that stand in very many cases ([`Total::over`]).
pub async fn count(connection: &mut PgConnection, asked: &Asked) -> anyhow::Result<Total> {
    let bound = MOST_COUNTED.saturating_add(1);
    // As the order by due date has it. What is closed is never late.
    let late = "c.state <> 'closed' and coalesce(c.due_at, 'infinity') < ";
    let mut query = QueryBuilder::new("select ");
    if asked.among.is_some() {
        query.push("count(*), count(*) filter (where ").push(late).push_bind(asked.now);
        query.push(") from cases c where ");
        matching(&mut query, asked);
    } else {
        query.push("(select count(*) from (select from cases c where ");
        matching(&mut query, asked);
        query.push(" limit ").push(bound).push(") c), ");
        if asked.scope == Scope::Closed {
            query.push("0::int8");
        } else {
            query.push("(select count(*) from (select from cases c where ");
            matching(&mut query, asked);
            query.push(" and ").push(late).push_bind(asked.now).push(" limit ").push(bound).push(") c)");
        }
    }
    let (cases, late): (i64, i64) =
        query.build_query_as().fetch_one(connection).await.context("could not count the queue")?;
    Ok(Total { cases: cases.min(MOST_COUNTED), late: late.min(MOST_COUNTED), is_more: cases > MOST_COUNTED })
}
