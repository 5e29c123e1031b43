//! `GET /desk/cases.csv`: what a list shows, for a spreadsheet; the same filters, the same readers.
//!
//! At most [`MOST`] cases; that there are more is said in the last line. Nothing in a cell is ever a formula.

use actix_web::{HttpResponse, http::header, web};
use anyhow::Context as _;

use super::{
    asked::{Asked, Asking},
    filter::{Filter, Query},
    list,
    row::Row,
    turns,
};
use crate::{
    clock::{Day, Timestamp},
    lang::Language,
    staff::session::SignedIn,
    web::{Reader, WebError},
};

/// A list of this length is a report, not work.
const MOST: usize = 5000;

const COLUMNS: [&str; 13] = [
    "desk-column-case",
    "desk-column-company",
    "desk-customer-number",
    "desk-asks",
    "desk-filter-state",
    "desk-filter-waiting",
    "desk-column-since",
    "desk-due",
    "desk-renewal",
    "desk-filter-owner",
    "desk-column-new",
    "desk-column-changed",
    "desk-reference",
];

pub async fn show(
    reader: Reader,
    staff: SignedIn,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let app = &reader.app;
    let filter = Filter::read(&query);
    let asking = Asking::new(app, &staff, app.clock.now());
    let turn = turns::take(app, &filter).await?;
    let mut connection = app.pool.acquire().await?;
    let asked = Asked::read(&mut connection, &filter, &asking).await?;
    let limit = i64::try_from(MOST.saturating_add(1)).unwrap_or(i64::MAX);
    let (rows, _) = list::list(&mut connection, &asked, None, limit).await?;
    drop((connection, turn));
    let is_cut = asked.is_cut || rows.len() > MOST;
    let body = write(&rows, is_cut, reader.language, &app.zone).context("could not write a list as CSV")?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"cases.csv\""))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

fn write(
    rows: &[Row],
    is_cut: bool,
    language: Language,
    zone: &jiff::tz::TimeZone,
) -> anyhow::Result<Vec<u8>> {
    // A German spreadsheet takes the comma for the decimal sign.
    let delimiter = if language == Language::De { b';' } else { b',' };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    let moment = |at: Timestamp| zone.to_datetime(*at).strftime("%Y-%m-%d %H:%M").to_string();
    writer.write_record(COLUMNS.map(|key| language.text(key)))?;
    for row in rows.iter().take(MOST) {
        let state = match row.outcome {
            Some(outcome) => language.text(&format!("outcome-{}", Into::<&str>::into(outcome))),
            None => language.text(&format!("state-{}", row.state.as_str())),
        };
        let party: &str = row.waiting_for.into();
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        writer.write_record([
            safe(&row.number),
            safe(&row.company),
            safe(row.customer_number.as_deref().unwrap_or_default()),
            safe(&row.requester_name),
            safe(&state),
            safe(&language.text(&format!("party-{party}"))),
            moment(row.waiting_since),
            row.due_at.map(moment).unwrap_or_default(),
            day(row.renews_on),
            safe(row.owner.as_deref().unwrap_or_default()),
            if row.has_news { language.text("timeline-new") } else { String::new() },
            moment(row.changed_at),
            safe(row.reference.as_deref().unwrap_or_default()),
        ])?;
    }
    if is_cut {
        writer.write_record([language.text("desk-csv-cut")])?;
    }
    // Without the mark at the beginning, spreadsheets take umlauts for something else.
    let mut body = "\u{feff}".as_bytes().to_vec();
    body.extend(writer.into_inner().map_err(|error| error.into_error())?);
    Ok(body)
}

/// What a customer types must not be reckoned by the spreadsheet of whoever opens the list: a company called
/// `=HYPERLINK(…)` would send the other cells to its owner.
pub(in crate::desk) fn safe(text: &str) -> String {
    match text.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}') => format!("'{text}"),
        _ if text.starts_with(['\t', '\r', '\n']) => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_formula() {
        for formula in ["=1+1", "+49", "-1", "@x", "\t=1", " =1", "\r=1", "\u{ff1d}1"] {
            assert!(safe(formula).starts_with('\''), "{formula:?}");
        }
        for plain in ["Firma", "", "4-1", "Ä=B"] {
            assert_eq!(safe(plain), plain);
        }
    }
}
