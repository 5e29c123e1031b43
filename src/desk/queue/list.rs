//! The queries of the queue.
//!
//! One sentence about which cases match ([`matching`]), used by the list in every order and by the count. It names what is asked for and
//! nothing else, so that each has its plan: an order of the open cases is an index, and so is each filter in the usual order
//! (migrations `order_the_queue`, `bound_what_the_queue_reads`). A page reads as many entries as it shows, wherever it begins, and whatever
//! is counted is counted to a bound; `examples/queue_bench.rs` measures it.

use anyhow::Context as _;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::{
    asked::{Asked, Whose},
    cursor::Cursor,
    filter::Scope,
    row::{Row, Stored},
    sort::Sort,
};
use crate::{case::state::Place, clock::Timestamp};

/// As many are counted; of more it is said that there are more.
pub const MOST_COUNTED: i64 = 500;
/// As many cases in a row are asked for words that stand in very many.
const MOST_ASKED: &str = "5000";

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

/// What the orders need of a case.
const KEYS: &str = "select c.id, c.state, c.urgency, c.due_at, c.renews_on, c.number, c.waiting_since, c.changed_at from cases c";

/// What a row is made of.
const TABLES: &str =
    " from cases c join escalations e on e.case_id = c.id left join staff s on s.id = c.owner_id where ";

/// Past its due date, as the order by that has it: before what follows. What is closed is never late.
const LATE: &str = "c.state <> 'closed' and coalesce(c.due_at, 'infinity') < ";

/// What stands behind `where`: the cases `c` that match. Where they come `along` an order that the index of their owner has, that one is
/// read for whoever they are, and one plan is kept.
fn matching(query: &mut QueryBuilder<Postgres>, asked: &Asked, along: Option<Sort>) {
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
        Whose::Of(id) if along == Some(Sort::Urgency) && asked.scope == Scope::Open => {
            query.push(" and c.owner_id = (select ").push_bind(id).push("::uuid)");
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
        query.push(" and ");
        one_of(query, among);
    }
}

/// Out of a subquery, or a plan would be made for each list anew.
fn one_of(query: &mut QueryBuilder<Postgres>, cases: &[Uuid]) {
    query.push("c.id = any(array(select unnest(").push_bind(cases.to_vec()).push("::uuid[])))");
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

/// The cases that match, in order, after `after`; and, where that came to light, how many there are, if there are as many as are wanted.
/// One query; two where words are looked for that stand in very many, and where more cases were looked up first than are wanted.
pub async fn list(
    connection: &mut PgConnection,
    asked: &Asked,
    after: Option<&Cursor>,
    limit: i64,
) -> anyhow::Result<(Vec<Row>, Option<Total>)> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    if let Some(terms) = &asked.common {
        let found = list_common(connection, asked, terms, after, limit).await?;
        let total = Total::over(wanted.saturating_sub(1));
        return Ok((read(connection, found, asked.sort).await?, Some(total)));
    }
    if asked.among.as_ref().is_some_and(|among| among.len() >= wanted) {
        let (chosen, total) = choose(connection, asked, after, limit).await?;
        return Ok((read(connection, chosen, asked.sort).await?, Some(total)));
    }
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(TABLES);
    matching(&mut query, asked, Some(asked.sort));
    if let Some(after) = after {
        beginning(&mut query, asked.sort, after);
    }
    // The planner has to know the bound, or it plans for a tenth of all cases, anew each time.
    query.push(order(asked.sort)).push(" limit ").push(limit);
    Ok((fetch(connection, query).await?, None))
}

/// These cases, in order.
async fn read(connection: &mut PgConnection, cases: Vec<Uuid>, sort: Sort) -> anyhow::Result<Vec<Row>> {
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(TABLES);
    one_of(&mut query, &cases);
    query.push(order(sort));
    fetch(connection, query).await
}

async fn fetch(connection: &mut PgConnection, mut query: QueryBuilder<Postgres>) -> anyhow::Result<Vec<Row>> {
    let rows: Vec<Stored> =
        query.build_query_as().fetch_all(connection).await.context("could not list the queue")?;
    rows.into_iter().map(Row::try_from).collect()
}

/// Of cases that were looked up first, those that are wanted, and how many match in all: each is read once, and nothing beside it. Where
/// open ones come first and fill the page, closed ones are not read.
async fn choose(
    connection: &mut PgConnection,
    asked: &Asked,
    after: Option<&Cursor>,
    limit: i64,
) -> anyhow::Result<(Vec<Uuid>, Total)> {
    let mut query = QueryBuilder::new("with ");
    let all = asked.among.as_ref().filter(|_| asked.sort == Sort::Urgency && asked.is_all_of_them());
    if let Some(all) = all {
        query.push("still_open as materialized (").push(KEYS).push(" where c.state <> 'closed' and ");
        one_of(&mut query, all);
        query.push("), found as materialized (select * from still_open union all ").push(KEYS);
        query.push(" where c.state = 'closed' and ");
        one_of(&mut query, all);
        query.push(" and (select count(*) from still_open c where true");
        if let Some(after) = after {
            beginning(&mut query, asked.sort, after);
        }
        query.push(") < ").push(limit);
    } else {
        query.push("found as materialized (").push(KEYS).push(" where ");
        matching(&mut query, asked, None);
    }
    query.push(") select array(select c.id from found c where true");
    if let Some(after) = after {
        beginning(&mut query, asked.sort, after);
    }
    query.push(order(asked.sort)).push(" limit ").push(limit).push("), ");
    match all {
        Some(all) => query.push_bind(i64::try_from(all.len()).unwrap_or(i64::MAX)),
        None => query.push("(select count(*) from found)"),
    };
    query.push(", (select count(*) from found c where ").push(LATE).push_bind(asked.now).push(")");
    let (chosen, cases, late): (Vec<Uuid>, i64, i64) =
        query.build_query_as().fetch_one(connection).await.context("could not choose cases of the queue")?;
    Ok((chosen, Total::counted(cases, late)))
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
    matching(&mut query, asked, Some(asked.sort));
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

    fn counted(cases: i64, late: i64) -> Self {
        Self { cases: cases.min(MOST_COUNTED), late: late.min(MOST_COUNTED), is_more: cases > MOST_COUNTED }
    }

    /// Of more than a page of cases that have words which stand in very many: to count further would take longer than the page. How
    /// many of them are late is not known either.
    fn over(page: usize) -> Self {
        Self { cases: i64::try_from(page).unwrap_or(i64::MAX), late: 0, is_more: true }
    }
}

/// One query. Not for words that stand in very many cases ([`Total::over`]).
pub async fn count(connection: &mut PgConnection, asked: &Asked) -> anyhow::Result<Total> {
    let bound = MOST_COUNTED.saturating_add(1);
    let mut query = QueryBuilder::new("select ");
    if asked.among.is_some() {
        query.push("count(*), count(*) filter (where ").push(LATE).push_bind(asked.now);
        query.push(") from cases c where ");
        matching(&mut query, asked, None);
    } else {
        query.push("(select count(*) from (select from cases c where ");
        matching(&mut query, asked, None);
        query.push(" limit ").push(bound).push(") c), ");
        if asked.scope == Scope::Closed {
            query.push("0::int8");
        } else {
            query.push("(select count(*) from (select from cases c where ");
            matching(&mut query, asked, None);
            query.push(" and ").push(LATE).push_bind(asked.now).push(" limit ").push(bound).push(") c)");
        }
    }
    let (cases, late): (i64, i64) =
        query.build_query_as().fetch_one(connection).await.context("could not count the queue")?;
    Ok(Total::counted(cases, late))
}
