//! `GET /desk/cases`: the queue. What is contested comes first, then who is waited for, what is due, what renews soon.
//!
//! Everything that is chosen stands in the address, so that a view can be kept and passed on. Four queries, however long the list (the
//! reader's cases, list, total, saved views; for a search, what is found and why), one for cases that have changed, and what is read once
//! for all readers.

mod asked;
mod counts;
pub mod csv;
mod cursor;
mod filter;
mod found;
mod list;
mod nav;
mod row;
mod rows;
mod sort;
pub mod turns;
pub mod views;

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use sqlx::PgConnection;
use strum::VariantArray as _;
use uuid::Uuid;

use self::{
    asked::Asked,
    counts::Counts,
    filter::{Due, Renewal, Scope, View},
    rows::{Around, Group, case_address},
    sort::Sort,
    views::SavedView,
};
pub use self::{
    asked::Asking,
    counts::CountsOfAll,
    cursor::Cursor,
    filter::{Filter, NAMES, Query, below},
    list::Total,
    nav::CaseNav,
    row::Row,
};
use super::{alarms::AlarmsView, api::answer, case_page, door::Door, read_for_all::ReadForAll};
use crate::{
    case::{
        actor::Role,
        escalation::Hosting,
        state::{Party, Place},
    },
    casework::Casework,
    staff::{
        members::{self, Member},
        session::SignedIn,
    },
    web::{Reader, WebError, see_other},
};

const PAGE_SIZE: usize = 50;

/// `desk/queue.html`.
#[derive(Debug, Serialize)]
struct QueueView {
    /// All that match, as far as they are counted; late ones among them.
    total: i64,
    late: i64,
    is_more: bool,
    /// More were found than are looked at.
    is_cut: bool,
    views: Vec<ViewLink>,
    saved: Vec<SavedView>,
    groups: Vec<Group>,
    filter: FilterView,
    /// What stands behind the `?`; for the forms that come back here.
    query: String,
    /// A search among open and closed cases together.
    everywhere: bool,
    /// Nothing is written so; these are spelt like it.
    tolerant: bool,
    may_work: bool,
    alarms: AlarmsView,
    /// Addresses: of the next page, of the first (on later pages), of the list as a file.
    next: Option<String>,
    first: Option<String>,
    csv: String,
}

/// One of the places of the queue.
#[derive(Debug, Serialize)]
struct ViewLink {
    view: View,
    /// `None` where nobody could say.
    count: Option<i64>,
    /// There are more.
    is_more: bool,
    href: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct FilterView {
    view: View,
    text: String,
    state: Option<Place>,
    waiting_for: Option<Party>,
    /// `me`, `none`, an id, or empty.
    owner: String,
    customer: String,
    hosting: Option<Hosting>,
    due: Option<Due>,
    renewal: Option<Renewal>,
    sort: Sort,
    states: Vec<Place>,
    parties: [Party; 5],
    hostings: &'static [Hosting],
    dues: &'static [Due],
    renewals: &'static [Renewal],
    sorts: &'static [Sort],
    colleagues: Vec<Member>,
    active: bool,
    /// One of those behind the fold.
    more: bool,
}

/// What is the same for everybody who has the queue open.
type SameForAll = (
    web::Data<ReadForAll<CountsOfAll>>,
    web::Data<ReadForAll<AlarmsView>>,
    web::Data<ReadForAll<Vec<Member>>>,
);

pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    staff: SignedIn,
    (of_all, alarms, members): SameForAll,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let filter = Filter::read(&query);
    let now = app.clock.now();
    let asking = Asking::new(app, &staff, now);
    let turn = turns::take(app, &filter).await?;
    let mut connection = app.pool.acquire().await?;
    let of_all = of_all.get(app, async || CountsOfAll::read(&mut connection, &asking).await).await?;
    let mine = counts::count_own(&mut connection, &asking).await?;
    let counts = Counts::new(reader.needs(), mine, of_all);
    let after = Cursor::read(query.after.as_deref().unwrap_or_default(), filter.order());
    let Page { rows, total, tolerant, is_cut, next } =
        read_page(&mut connection, &filter, &asking, (after.as_ref(), PAGE_SIZE)).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut found = HashMap::new();
    if !filter.text.is_empty() {
        found = found::explain(&mut connection, &ids, &filter.text, tolerant).await?;
    }
    drop(turn);
    let mut colleagues = members.get(app, async || members::list_members(&mut connection).await).await?;
    colleagues.retain(|member| member.works_cases);
    let saved = views::list(&mut connection, &staff, &filter).await?;
    let alarms = alarms.get(app, async || AlarmsView::read(&mut connection, app).await).await?;
    let versions: Vec<_> = rows.iter().map(|row| (row.id, row.version)).collect();
    let next_steps = casework.next_steps(&mut connection, &versions, now).await?;
    drop(connection);

    let next = next.map(|next| filter.address(Some(&next)));
    let back = filter.query(after.as_ref());
    let mut around =
        Around { casework: &casework, language: reader.language, next_steps, found, back: &back, now };
    let view = QueueView {
        total: total.cases,
        late: total.late,
        is_more: total.is_more,
        is_cut,
        views: view_links(&filter, &counts),
        saved,
        groups: around.group(rows, filter.order() == Sort::Urgency),
        query: filter.query(None),
        everywhere: filter.view == View::All && filter.scope() == Scope::Both,
        tolerant,
        may_work: staff.role > Role::Auditor,
        next,
        first: after.as_ref().map(|_| filter.address(None)),
        csv: below("/desk/cases.csv", &filter.query(None)),
        filter: filter_view(filter, colleagues),
        alarms,
    };
    reader.ok("desk/queue.html", &view)
}

/// `GET /desk/search?text=`: the queue, looked through as a whole.
pub async fn search(query: web::Query<Query>) -> HttpResponse {
    let text = Filter::read(&query).text;
    see_other(&Filter { text, ..Filter::default() }.address(None))
}

/// `POST /desk/next`: the most urgent case that waits for us and is the reader's or nobody's is theirs, and opens.
pub async fn take_next(reader: Reader, casework: Door, staff: SignedIn) -> Result<HttpResponse, WebError> {
    let mine = Filter::of(View::NeedsMe);
    let next = casework.take_next(staff.actor(), staff.id).await?;
    if reader.is_api {
        let number = next.ok_or_else(|| answer::refused("notice-no-next"))?;
        let case = case_page::find(&casework, number.as_str()).await?;
        let loaded = casework.load(case).await?.ok_or(WebError::NotFound)?;
        return Ok(answer::acted(number.as_str(), loaded.version, loaded.case.state.place().as_str()));
    }
    Ok(match next {
        Some(number) => see_other(&case_address(number.as_str(), &mine.query(None))),
        None => reader.see_other(&mine.address(None), "notice-no-next"),
    })
}

/// One page of a list, for people and for programs.
#[derive(Debug)]
pub struct Page {
    pub rows: Vec<Row>,
    pub total: Total,
    /// Nothing is written as it was typed; these are spelt like it.
    pub tolerant: bool,
    /// More were found than are looked at.
    pub is_cut: bool,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// So many cases that match, after `after`.
pub async fn read_page(
    connection: &mut PgConnection,
    filter: &Filter,
    asking: &Asking,
    (after, size): (Option<&Cursor>, usize),
) -> anyhow::Result<Page> {
    let asked = Asked::read(connection, filter, asking).await?;
    let limit = i64::try_from(size.saturating_add(1)).unwrap_or(i64::MAX);
    let (mut rows, counted) = list::list(connection, &asked, after, limit).await?;
    let more = rows.len() > size;
    let total = match (more || after.is_some(), counted) {
        (false, _) => Total::of(&rows, asking.now),
        (true, Some(counted)) => counted,
        (true, None) => list::count(connection, &asked).await?,
    };
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(|last| last.cursor(filter.order()));
    Ok(Page { rows, total, tolerant: asked.tolerant, is_cut: asked.is_cut, next })
}

fn view_links(filter: &Filter, counts: &Counts) -> Vec<ViewLink> {
    let everywhere = filter.view == View::All && filter.scope() == Scope::Both;
    counts
        .iter()
        .map(|(view, counted)| ViewLink {
            view,
            count: counted.map(|(count, _)| count),
            is_more: counted.is_some_and(|(_, is_more)| is_more),
            href: Filter::of(view).address(None),
            chosen: filter.view == view && !everywhere,
        })
        .collect()
}

fn filter_view(filter: Filter, colleagues: Vec<Member>) -> FilterView {
    let more = !filter.customer.is_empty()
        || filter.hosting.is_some()
        || filter.renewal.is_some()
        || filter.due.is_some()
        || filter.waiting_for.is_some();
    FilterView {
        active: filter.is_narrowed(),
        more,
        view: filter.view,
        state: filter.state,
        waiting_for: filter.waiting_for,
        owner: filter.owner.to_string(),
        hosting: filter.hosting,
        due: filter.due,
        renewal: filter.renewal,
        sort: filter.sort,
        text: filter.text,
        customer: filter.customer,
        states: Place::VARIANTS.iter().copied().filter(|place| *place != Place::Closed).collect(),
        parties: [Party::Us, Party::Customer, Party::DepartedContact, Party::Voucher, Party::Atlassian],
        hostings: Hosting::VARIANTS,
        dues: Due::VARIANTS,
        renewals: Renewal::VARIANTS,
        sorts: Sort::VARIANTS,
        colleagues,
    }
}
