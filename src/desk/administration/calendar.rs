//! `GET /desk/administration/calendar`: which days and hours count, the holidays of this year and the next, and when what is promised
//! now would end.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::{
    business_time::Holiday,
    casework::Casework,
    clock::Timestamp,
    web::{Reader, WebError},
};

pub const PATH: &str = "/desk/administration/calendar";

#[derive(Debug, Serialize)]
struct CalendarView {
    now: Timestamp,
    zone: String,
    opens: String,
    closes: String,
    regions: Vec<String>,
    /// Somebody is there now.
    is_open: bool,
    years: Vec<Year>,
    examples: Vec<Example>,
}

#[derive(Debug, Serialize)]
struct Year {
    year: String,
    days: usize,
    holidays: Vec<Holiday>,
}

/// A wait that begins now.
#[derive(Debug, Serialize)]
struct Example {
    /// The setting it comes from.
    what: &'static str,
    count: u32,
    unit: &'static str,
    ends_at: Timestamp,
}

pub async fn show(reader: Reader, casework: web::Data<Casework>) -> Result<HttpResponse, WebError> {
    let (app, rules) = (&casework.app, &casework.rules);
    let (now, settings, calendar) = (app.clock.now(), &app.settings, &rules.calendar);
    let this_year = app.zone.to_datetime(*now).year();
    let year = |year: i16| Year {
        year: year.to_string(),
        days: calendar.count_days(year),
        holidays: calendar.holidays(year),
    };
    let days = |what, count| Example { what, count, unit: "days", ends_at: calendar.add_days(now, count) };
    let deadlines = &rules.deadlines;
    let hours = deadlines.our_business_hours;
    let view = CalendarView {
        now,
        zone: settings.time_zone.clone(),
        opens: settings.calendar.opens.clone(),
        closes: settings.calendar.closes.clone(),
        regions: settings.calendar.regions.clone(),
        is_open: calendar.is_open(now),
        years: [this_year, this_year.saturating_add(1)].map(year).into(),
        examples: vec![
            Example { what: "ours", count: hours, unit: "hours", ends_at: calendar.add_hours(now, hours) },
            days("theirs", deadlines.their_business_days),
            days("notice", deadlines.notice_business_days),
            days("atlassian", rules.answer_days),
        ],
    };
    reader.at(PATH).ok("desk/administration/calendar.html", &view)
}
