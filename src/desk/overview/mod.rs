//! `GET /desk/overview`: how the desk does, in a range of days: figures as pictures, as tables, and each table as a file.
//!
//! It reads and counts, and no rule depends on it. All figures of a page are of one moment. Statements: one for each figure, and
//! those around them, however many cases there are. What each figure means stands in docs/OPERATIONS.md.

mod figures;
mod plot;
mod range;
mod table;

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use anyhow::Context as _;
use serde::Serialize;
use sqlx::{Postgres, Transaction};
use strum::VariantArray as _;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

pub use self::{
    figures::Figure,
    range::{Query, Range, Wrong},
    table::{Cell, Table},
};
use self::{
    figures::{Asking, Shown},
    plot::{Form, MOST_SERIES},
    range::usual_ranges,
};
use crate::{
    business_time::Spans,
    casework::Casework,
    clock::Timestamp,
    lang::{Arguments, Language},
    staff::session::SignedIn,
    view::write_day,
    web::{
        Reader, WebError,
        error::{FieldError, Overloaded},
        see_other,
    },
};

pub const PATH: &str = "/desk/overview";
/// So many read figures at a time, each with a connection of its own.
static READING: Semaphore = Semaphore::const_new(2);
/// Whoever comes then waits so long, and is told to come again.
const PATIENCE: Duration = Duration::from_secs(8);
/// How far ahead a target may lie: the time that is left until then is reckoned, too.
const DAYS_AHEAD: i64 = 400;

/// `desk/overview.html`.
#[derive(Debug, Serialize)]
struct OverviewView {
    /// As it was typed, or as it came out.
    from: String,
    to: String,
    /// What is wrong with it; then there are no figures.
    error_list: Vec<FieldError>,
    usual: Vec<UsualView>,
    figures: Vec<FigureView>,
}

#[derive(Debug, Serialize)]
struct UsualView {
    word: &'static str,
    href: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct FigureView {
    word: &'static str,
    of_now: bool,
    /// Markup, or nothing where there is nothing to show.
    picture: Option<String>,
    /// What each colour and pattern of the picture stands for.
    key: Vec<String>,
    columns: Vec<String>,
    rows: Vec<Vec<CellView>>,
    csv: String,
}

#[derive(Debug, Serialize)]
struct CellView {
    written: String,
    is_number: bool,
}

pub async fn show(
    reader: Reader,
    casework: web::Data<Casework>,
    _: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let now = reader.app.clock.now();
    let today = *now.day_in(&reader.app.zone);
    let range = match Range::read(&query, today) {
        Ok(range) => range,
        Err(wrong) => return refuse(&reader, query.into_inner(), wrong, today),
    };
    let (_place, mut transaction) = begin(&casework).await?;
    let spans = read_spans(&mut transaction, &casework, now).await?;
    let asking = asking(&reader, &range, &spans, now);
    let mut figures = Vec::new();
    for figure in Figure::VARIANTS {
        let shown = figure.read(&mut transaction, &asking).await.map_err(in_time)?;
        figures.push(view(shown, &range, reader.language)?);
    }
    transaction.rollback().await?;
    let view = OverviewView {
        from: range.from.to_string(),
        to: range.to.to_string(),
        error_list: Vec::new(),
        usual: usual_views(today, Some(&range)),
        figures,
    };
    reader.ok("desk/overview.html", &view)
}

/// `GET /desk/overview/{figure}.csv`: the table of one figure.
pub async fn csv(
    reader: Reader,
    casework: web::Data<Casework>,
    _: SignedIn,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let figure: Figure = path.parse().map_err(|_| WebError::NotFound)?;
    let now = reader.app.clock.now();
    let Ok(range) = Range::read(&query, *now.day_in(&reader.app.zone)) else {
        // The page says what is wrong.
        let typed = serde_html_form::to_string([("from", &query.from), ("to", &query.to)]);
        return Ok(see_other(&format!("{PATH}?{}", typed.unwrap_or_default())));
    };
    let table = read_table(&reader, &casework, figure, &range).await?;
    file_of(figure, &range, &table, reader.language)
}

/// One figure of a range of days, for whoever shows no picture of it.
pub async fn read_table(
    reader: &Reader,
    casework: &Casework,
    figure: Figure,
    range: &Range,
) -> Result<Table, WebError> {
    let (_place, mut transaction) = begin(casework).await?;
    let now = reader.app.clock.now();
    let spans = read_spans(&mut transaction, casework, now).await?;
    let asking = asking(reader, range, &spans, now);
    let shown = figure.read(&mut transaction, &asking).await.map_err(in_time)?;
    transaction.rollback().await?;
    Ok(shown.table)
}

/// Its table as a file for a spreadsheet.
pub fn file_of(
    figure: Figure,
    range: &Range,
    table: &Table,
    language: Language,
) -> Result<HttpResponse, WebError> {
    let body = table.csv(language).context("could not write a figure as CSV")?;
    let name = format!("attachment; filename=\"{}_{}_{}.csv\"", figure.word(), range.from, range.to);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

/// The form again, with what was typed, and why there are no figures.
fn refuse(
    reader: &Reader,
    typed: Query,
    wrong: Wrong,
    today: jiff::civil::Date,
) -> Result<HttpResponse, WebError> {
    let word: &str = wrong.into();
    let field = if wrong == Wrong::From { "from" } else { "to" }.to_owned();
    let message = reader.language.text(&format!("overview-range-{word}"));
    let view = OverviewView {
        from: typed.from,
        to: typed.to,
        error_list: vec![FieldError { field, message }],
        usual: usual_views(today, None),
        figures: Vec::new(),
    };
    reader.page(StatusCode::UNPROCESSABLE_ENTITY, "desk/overview.html", &view)
}

/// A place to read, and what is read there: all figures are of one moment, and none takes for ever. Whoever asks for a hundred years
/// again and again keeps others who look at figures waiting, but nobody from working.
async fn begin(
    casework: &Casework,
) -> anyhow::Result<(SemaphorePermit<'static>, Transaction<'static, Postgres>)> {
    let place = place(&READING, PATIENCE).await?;
    let begin = "begin isolation level repeatable read read only";
    let mut transaction = casework.app.pool.begin_with(begin).await.context("could not begin to read")?;
    // What is sorted for a long range would otherwise go to disk; compiling a statement takes longer than most ranges.
    sqlx::query!(
        r#"select set_config('statement_timeout', '10s', true) as patience, set_config('work_mem', '32MB', true) as memory,
             set_config('jit', 'off', true) as compiled"#
    )
    .fetch_one(&mut *transaction)
    .await
    .context("could not set how long to read")?;
    Ok((place, transaction))
}

async fn place(places: &Semaphore, patience: Duration) -> Result<SemaphorePermit<'_>, Overloaded> {
    timeout(patience, places.acquire()).await.ok().and_then(Result::ok).ok_or(Overloaded)
}

/// What takes too long is not our mistake: not now.
fn in_time(error: anyhow::Error) -> anyhow::Error {
    let cancelled = error.chain().any(|cause| {
        let cause = cause.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
        cause.is_some_and(|error| error.code().as_deref() == Some("57014"))
    });
    if cancelled { error.context(Overloaded) } else { error }
}

/// Business time from the first case to beyond every target.
async fn read_spans(
    transaction: &mut Transaction<'static, Postgres>,
    casework: &Casework,
    now: Timestamp,
) -> anyhow::Result<Spans> {
    let first = sqlx::query_scalar!(r#"select min(opened_at) as "first: Timestamp" from cases"#)
        .fetch_one(&mut **transaction)
        .await
        .context("could not find the first case")?;
    let until = now.after(jiff::SignedDuration::from_hours(24 * DAYS_AHEAD));
    Ok(casework.rules.calendar.spans(first.unwrap_or(now), until))
}

fn asking<'a>(reader: &'a Reader, range: &'a Range, spans: &'a Spans, now: Timestamp) -> Asking<'a> {
    let zone = &reader.app.zone;
    let (from, until) = range.instants(zone);
    Asking { range, zone, from, until, now, spans, language: reader.language }
}

fn usual_views(today: jiff::civil::Date, chosen: Option<&Range>) -> Vec<UsualView> {
    let ranges = usual_ranges(today).into_iter();
    ranges
        .map(|(word, range)| UsualView {
            word,
            href: format!("{PATH}?{}", range.query()),
            chosen: chosen == Some(&range),
        })
        .collect()
}

fn view(shown: Shown, range: &Range, language: Language) -> anyhow::Result<FigureView> {
    let Shown { figure, table, mut plot } = shown;
    plot.series.truncate(MOST_SERIES);
    let picture = if plot.is_empty() {
        None
    } else {
        let title = language.text(&format!("overview-{}", figure.word()));
        let description = describe(figure, &plot, range, language);
        Some(plot.draw(figure.word(), &title, &description)?)
    };
    let key = plot.series.into_iter().map(|series| series.name).collect();
    let cells = |row: &Vec<Cell>| {
        let cell = |cell: &Cell| CellView { written: cell.written(language), is_number: cell.is_number() };
        row.iter().map(cell).collect()
    };
    Ok(FigureView {
        word: figure.word(),
        of_now: figure.is_of_now(),
        picture,
        key,
        rows: table.rows.iter().map(cells).collect(),
        columns: table.columns,
        csv: format!("{PATH}/{}.csv?{}", figure.word(), range.query()),
    })
}

/// What somebody is read who can't see the picture: what is drawn, of when, and the highest value.
fn describe(figure: Figure, plot: &plot::Plot, range: &Range, language: Language) -> String {
    let names: Vec<&str> = plot.series.iter().map(|series| series.name.as_str()).collect();
    let mut arguments: Arguments<'_> = [
        ("series".into(), names.join(", ").into()),
        ("from".into(), write_day(range.from.into(), language).into()),
        ("to".into(), write_day(range.to.into(), language).into()),
    ]
    .into();
    if let Some(highest) = plot.highest() {
        arguments.insert("highest".into(), highest.written.into());
        arguments.insert("of".into(), highest.series.into());
        arguments.insert("where".into(), highest.category.into());
    }
    let kind = match (figure.is_of_now(), plot.form) {
        (true, _) => "now",
        (false, Form::Columns) => "columns",
        (false, _) => "bars",
    };
    language.text_with(&format!("overview-describes-{kind}"), &arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn whoever_finds_no_place_waits_and_is_told_to_come_again() {
        let places = Semaphore::new(1);
        let first = place(&places, Duration::ZERO).await.unwrap();
        assert!(place(&places, Duration::from_millis(20)).await.is_err());
        drop(first);
        assert!(place(&places, Duration::from_millis(20)).await.is_ok());
    }

    #[test]
    fn what_the_database_gives_up_is_to_be_asked_for_again() {
        let other = anyhow::anyhow!("no table");
        assert!(matches!(WebError::from(in_time(other)), WebError::Internal(_)));
        assert!(matches!(WebError::from(anyhow::Error::from(Overloaded)), WebError::Unavailable(_)));
    }
}
