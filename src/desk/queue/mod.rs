//! `GET /desk/cases`: the queue. Who is waited for comes first, then what is due, then what renews soon.
//!
//! Everything that is chosen stands in the address, so that a view can be kept and passed on. Three queries (list,
//! counts, colleagues) and those of the alarms.

mod cursor;
mod filter;
mod list;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use strum::VariantArray as _;

use self::{
    cursor::Cursor,
    filter::{Filter, Query},
    list::{Count, Row},
};
use super::{
    alarms::AlarmsView,
    session::SignedIn,
    staff::{self, Member},
};
use crate::{
    app::App,
    case::state::{Party, Place},
    clock::{Day, Timestamp},
    web::{Reader, WebError},
};

const PAGE_SIZE: usize = 50;
/// A renewal that is so close is shown as urgent.
const SOON_DAYS: i32 = 30;

/// `desk/queue.html`.
#[derive(Debug, Serialize)]
struct QueueView {
    /// All that match, whoever is waited for; late ones among them.
    total: i64,
    late: i64,
    tabs: Vec<Tab>,
    groups: Vec<Group>,
    filter: FilterView,
    alarms: AlarmsView,
    /// Addresses: of the next page, of the first (on later pages), of the same search among closed cases.
    next: Option<String>,
    first: Option<String>,
    among_closed: Option<String>,
}

/// A way to narrow the queue to who is waited for; `party` is `None` for all.
#[derive(Debug, Serialize)]
struct Tab {
    party: Option<Party>,
    count: i64,
    href: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct Group {
    party: Party,
    /// Over all pages.
    count: i64,
    rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct RowView {
    #[serde(flatten)]
    row: Row,
    late: bool,
    /// `late` once the day is over, `soon` shortly before, else empty.
    renewal: &'static str,
}

#[derive(Debug, Serialize)]
struct FilterView {
    text: String,
    state: Option<Place>,
    waiting_for: Option<Party>,
    /// `me`, `none`, an id, or empty.
    owner: String,
    states: &'static [Place],
    colleagues: Vec<Member>,
    active: bool,
}

pub async fn show(
    reader: Reader,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let filter = Filter::read(&query);
    let now = app.clock.now();
    let mut connection = app.pool.acquire().await?;
    let counts = list::count(&mut connection, &filter, staff.id, now).await?;
    let after = Cursor::read(query.after.as_deref().unwrap_or_default());
    let limit = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let mut rows = list::list(&mut connection, &filter, staff.id, after.as_ref(), limit).await?;
    let mut colleagues = staff::list_members(&mut connection).await?;
    colleagues.retain(|member| member.works_cases);
    let alarms = AlarmsView::read(&mut connection, app).await?;
    drop(connection);

    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let next = rows.last().filter(|_| more).map(|last| filter.address(Some(&last.cursor())));
    let matching: i64 = counts.iter().map(|count| count.cases).sum();
    let chosen = |count: &&Count| filter.waiting_for.is_none_or(|party| party == count.party);
    let view = QueueView {
        total: counts.iter().filter(chosen).map(|count| count.cases).sum(),
        late: counts.iter().filter(chosen).map(|count| count.late).sum(),
        tabs: if filter.is_closed() { Vec::new() } else { tabs(&filter, &counts, matching) },
        groups: groups(app, rows, &counts, now),
        next,
        first: after.map(|_| filter.address(None)),
        among_closed: (!filter.text.is_empty() && !filter.is_closed()).then(|| {
            Filter { state: Some(Place::Closed), waiting_for: None, ..filter.clone() }.address(None)
        }),
        filter: FilterView {
            text: filter.text.clone(),
            state: filter.state,
            waiting_for: filter.waiting_for,
            owner: filter.owner.to_string(),
            states: Place::VARIANTS,
            colleagues,
            active: filter != Filter::default(),
        },
        alarms,
    };
    reader.ok("desk/queue.html", &view)
}

fn tabs(filter: &Filter, counts: &[Count], matching: i64) -> Vec<Tab> {
    let tab = |party: Option<Party>, count| Tab {
        party,
        count,
        href: Filter { waiting_for: party, ..filter.clone() }.address(None),
        chosen: filter.waiting_for == party,
    };
    let parties = [Party::Us, Party::Customer, Party::DepartedContact, Party::Voucher, Party::Atlassian];
    let counted = |party| counts.iter().find(|count| count.party == party).map_or(0, |count| count.cases);
    std::iter::once(tab(None, matching))
        .chain(parties.into_iter().map(|party| tab(Some(party), counted(party))))
        .collect()
}

/// Puts the rows, which come in order, under who is waited for.
fn groups(app: &App, rows: Vec<Row>, counts: &[Count], now: Timestamp) -> Vec<Group> {
    let today = now.day_in(&app.zone);
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let party = row.waiting_for;
        let view = RowView {
            late: row.due_at.is_some_and(|due| due < now),
            renewal: row.renews_on.map_or("", |day| urgency(day, today)),
            row,
        };
        match groups.last_mut().filter(|group| group.party == party) {
            Some(group) => group.rows.push(view),
            None => {
                let count = counts.iter().find(|count| count.party == party).map_or(0, |count| count.cases);
                groups.push(Group { party, count, rows: vec![view] });
            }
        }
    }
    groups
}

fn urgency(day: Day, today: Day) -> &'static str {
    match today.until(*day) {
        Ok(span) if span.get_days() < 0 => "late",
        Ok(span) if span.get_days() <= SOON_DAYS => "soon",
        _ => "",
    }
}
