//! `GET /desk/administration/retention`: what is forgotten when, what was erased or deleted lately, what is due next, and what is held.
//!
//! Changes nothing. As many queries however much there is; lists of cases end after some.

use actix_web::{HttpResponse, web};
use anyhow::Context as _;
use jiff::{SignedDuration, ToSpan as _};
use serde::Serialize;
use sqlx::PgConnection;
use strum::VariantArray as _;

use crate::{
    administration::retention::{Class, list_runs},
    casework::{Casework, Tombstone, list_tombstones},
    clock::Timestamp,
    desk::reading,
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/retention";
/// Cases of one list.
const MOST: i64 = 20;

/// `desk/administration/retention.html`.
#[derive(Debug, Serialize)]
struct RetentionView {
    periods: Periods,
    classes: Vec<ClassView>,
    erased: Vec<Erased>,
    due: Vec<Due>,
    held: Vec<Held>,
    deleted: Vec<Deleted>,
}

/// What holds for cases.
#[derive(Debug, Serialize)]
struct Periods {
    unconfirmed_days: u32,
    content_months: u32,
    letter_years: u32,
    trail_years: u32,
    evidence_days: u32,
    prepared_days: u32,
}

/// What belongs to no case.
#[derive(Debug, Serialize)]
struct ClassView {
    word: &'static str,
    days: u32,
    ran_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct Erased {
    number: String,
    scope: String,
    rule: String,
    at: Timestamp,
}

#[derive(Debug, Serialize)]
struct Due {
    number: String,
    /// The rule by which it is.
    rule: &'static str,
    at: Timestamp,
    held: bool,
}

#[derive(Debug, Serialize)]
struct Held {
    number: String,
    since: Timestamp,
}

/// A case that is gone.
#[derive(Debug, Serialize)]
struct Deleted {
    number: String,
    at: Timestamp,
    rule: String,
    years: i16,
}

impl From<Tombstone> for Deleted {
    fn from(left: Tombstone) -> Self {
        Self { number: left.number, at: left.at, rule: left.rule, years: left.years }
    }
}

pub async fn show(reader: Reader, casework: web::Data<Casework>) -> Result<HttpResponse, WebError> {
    let app = &casework.app;
    let settings = &app.settings.retention;
    let mut connection = reading::begin(&app.pool).await?;
    let runs = list_runs(&mut connection).await?;
    let erased = list_erased(&mut connection).await?;
    let due = list_due(&mut connection, &casework).await?;
    let held = list_held(&mut connection).await?;
    let deleted = list_tombstones(&mut connection, MOST).await?;
    drop(connection);
    let class = |class: &Class| ClassView {
        word: class.as_str(),
        days: class.days(settings),
        ran_at: runs.iter().find(|(word, _)| word == class.as_str()).and_then(|(_, at)| *at),
    };
    let view = RetentionView {
        periods: Periods {
            unconfirmed_days: settings.unconfirmed_days,
            content_months: settings.content_months,
            letter_years: settings.letter_years,
            trail_years: settings.trail_years,
            evidence_days: settings.evidence_days,
            prepared_days: settings.prepared_days,
        },
        classes: Class::VARIANTS.iter().map(class).collect(),
        erased,
        due,
        held,
        deleted: deleted.into_iter().map(Deleted::from).collect(),
    };
    reader.at(PATH).ok("desk/administration/retention.html", &view)
}

async fn list_erased(connection: &mut PgConnection) -> anyhow::Result<Vec<Erased>> {
    sqlx::query_as!(
        Erased,
        "select c.number, e.scope, e.rule, e.at from case_erasures e join cases c on c.id = e.case_id
         order by e.at desc, e.case_id limit $1",
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not list what was erased lately")
}

/// Whichever are over first, of each kind; the next of all come first.
async fn list_due(connection: &mut PgConnection, casework: &Casework) -> anyhow::Result<Vec<Due>> {
    let rows = sqlx::query!(
        r#"(select c.number as "number!", c.closed_at as "closed_at!: Timestamp", c.confirmed_at is null as "unconfirmed!", false as "letters?",
                is_held(c.id) as "held!"
            from cases c where c.state = 'closed' and coalesce(c.erased, 'part') = 'part' order by c.closed_at, c.id limit $1)
         union all
         (select c.number, c.closed_at, false, true, is_held(c.id)
            from cases c where c.erased = 'content' order by c.closed_at, c.id limit $1)
         union all
         (select c.number, c.closed_at, false, null, is_held(c.id)
            from cases c where c.erased = 'everything' order by c.closed_at, c.id limit $1)"#,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not list what is due next")?;
    let settings = &casework.app.settings.retention;
    let due = rows.into_iter().map(|row| {
        let (letter_years, trail_years) = (settings.letter_years, settings.trail_years);
        let (rule, at) = match (row.letters, row.unconfirmed) {
            (None, _) => ("trail", years_end(casework, row.closed_at, trail_years)?),
            (Some(true), _) => ("correspondence", years_end(casework, row.closed_at, letter_years)?),
            (Some(false), true) => ("unconfirmed", unconfirmed_end(casework, row.closed_at)),
            (Some(false), false) => ("content", content_end(casework, row.closed_at)?),
        };
        anyhow::Ok(Due { number: row.number, rule, at, held: row.held })
    });
    let mut due = due.collect::<anyhow::Result<Vec<Due>>>()?;
    due.sort_by_key(|due| due.at);
    due.truncate(usize::try_from(MOST)?);
    Ok(due)
}

fn unconfirmed_end(casework: &Casework, closed_at: Timestamp) -> Timestamp {
    let days = i64::from(casework.app.settings.retention.unconfirmed_days);
    closed_at.after(SignedDuration::from_hours(days.saturating_mul(24)))
}

fn content_end(casework: &Casework, closed_at: Timestamp) -> anyhow::Result<Timestamp> {
    let months = i64::from(casework.app.settings.retention.content_months);
    let zone = &casework.app.zone;
    Ok(zone.to_datetime(*closed_at).to_zoned(zone.clone())?.checked_add(months.months())?.timestamp().into())
}

/// The beginning of the year after the last of so many in which something of it is kept.
fn years_end(casework: &Casework, closed_at: Timestamp, years: u32) -> anyhow::Result<Timestamp> {
    let years = i64::from(years).saturating_add(1);
    let zone = &casework.app.zone;
    let end = zone.to_datetime(*closed_at).to_zoned(zone.clone())?.first_of_year()?.start_of_day()?;
    Ok(end.checked_add(years.years())?.timestamp().into())
}

async fn list_held(connection: &mut PgConnection) -> anyhow::Result<Vec<Held>> {
    sqlx::query_as!(
        Held,
        r#"select c.number, e.at as "since: Timestamp" from case_events e join cases c on c.id = e.case_id
         where e.kind = 'held' and is_held(e.case_id) and not exists (
             select from case_events l where l.case_id = e.case_id and l.kind = 'held' and l.seq > e.seq)
         order by e.at desc limit $1"#,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not list what is held")
}
