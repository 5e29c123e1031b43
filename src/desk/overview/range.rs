//! Which days the overview is about: what the address says, the days cut into weeks, months or years, and where else to go.
//!
//! Days are those of the desk's time zone, the first and the last included. What makes no sense is said, not ignored: a figure of
//! other days than those that were asked for is worse than none.

use jiff::{
    Span, ToSpan as _,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, lang::Language, view::write_day};

/// More days than anybody has cases of; a page of a million weeks helps nobody.
const MOST_DAYS: i32 = 36_600;
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2999;
/// Above so many days, months are counted instead of weeks, and years instead of months.
const WEEKS_UP_TO: i32 = 54 * 7;
const MONTHS_UP_TO: i32 = 5 * 366;
/// The usual range: this week and those before it.
const USUAL_WEEKS: i32 = 12;

/// The address as it comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Query {
    pub from: String,
    pub to: String,
}

/// What is wrong with a range. The sentence is `overview-range-<word>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Wrong {
    /// Not a date, or of a time of which there can be no cases.
    From,
    To,
    /// It ends before it begins.
    Order,
    Long,
}

/// What the time is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Unit {
    Week,
    Month,
    Year,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    pub from: Date,
    /// The last day.
    pub to: Date,
    pub unit: Unit,
}

impl Range {
    /// The days that the address chooses; the usual ones where it says nothing.
    pub fn read(query: &Query, today: Date) -> Result<Self, Wrong> {
        let to = day(&query.to, Wrong::To)?.unwrap_or(today);
        let from = day(&query.from, Wrong::From)?.unwrap_or_else(|| usual_beginning(to));
        Self::new(from, to)
    }

    fn new(from: Date, to: Date) -> Result<Self, Wrong> {
        if to < from {
            return Err(Wrong::Order);
        }
        let days = days_between(from, to);
        if days > MOST_DAYS {
            return Err(Wrong::Long);
        }
        let unit = match days {
            _ if days <= WEEKS_UP_TO => Unit::Week,
            _ if days <= MONTHS_UP_TO => Unit::Month,
            _ => Unit::Year,
        };
        Ok(Self { from, to, unit })
    }

    /// The first instant, and the first one after it.
    pub fn instants(&self, zone: &TimeZone) -> (Timestamp, Timestamp) {
        (midnight(self.from, zone), midnight(self.to.tomorrow().unwrap_or(self.to), zone))
    }

    /// The first day of each week, month or year; the first one may begin within.
    pub fn units(&self) -> Vec<Date> {
        let mut days = vec![self.from];
        let mut day = self.from;
        while let Some(next) = self.next_unit(day).filter(|next| *next <= self.to) {
            days.push(next);
            day = next;
        }
        days
    }

    /// The first instants of all of them.
    pub fn bounds(&self, zone: &TimeZone) -> Vec<Timestamp> {
        self.units().into_iter().map(|day| midnight(day, zone)).collect()
    }

    fn next_unit(&self, day: Date) -> Option<Date> {
        match self.unit {
            Unit::Week => day.checked_add(7.days()).ok().map(monday),
            Unit::Month => day.first_of_month().checked_add(1.month()).ok(),
            Unit::Year => day.first_of_year().checked_add(1.year()).ok(),
        }
    }

    /// How one of them is called.
    pub fn name(&self, unit: Date, language: Language) -> String {
        match self.unit {
            Unit::Week => write_day(unit.into(), language),
            Unit::Month => unit.strftime("%Y-%m").to_string(),
            Unit::Year => unit.year().to_string(),
        }
    }

    /// What stands behind the `?` of the address that chooses this.
    pub fn query(&self) -> String {
        #[derive(Serialize)]
        struct Address {
            from: String,
            to: String,
        }
        let address = Address { from: self.from.to_string(), to: self.to.to_string() };
        serde_html_form::to_string(&address).unwrap_or_default()
    }
}

/// Ranges that people ask for often, each with the word of its sentence.
pub fn usual_ranges(today: Date) -> Vec<(&'static str, Range)> {
    let last_year = today.first_of_year().yesterday().unwrap_or(today);
    let found = [
        ("weeks-4", back(monday(today), 3.weeks()), today),
        ("weeks-12", usual_beginning(today), today),
        ("months-12", back(today.first_of_month(), 11.months()), today),
        ("this-year", today.first_of_year(), today),
        ("last-year", last_year.first_of_year(), last_year),
    ];
    found.into_iter().filter_map(|(word, from, to)| Some((word, Range::new(from, to).ok()?))).collect()
}

fn usual_beginning(to: Date) -> Date {
    back(monday(to), (USUAL_WEEKS - 1).weeks())
}

fn back(day: Date, span: Span) -> Date {
    day.checked_sub(span).unwrap_or(day)
}

fn monday(day: Date) -> Date {
    back(day, i32::from(day.weekday().since(Weekday::Monday)).days())
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// `None` where nothing is said.
fn day(text: &str, wrong: Wrong) -> Result<Option<Date>, Wrong> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let date: Date = text.parse().map_err(|_| wrong)?;
    if YEARS.contains(&date.year()) { Ok(Some(date)) } else { Err(wrong) }
}

/// The first instant of a day; where the clocks skip midnight, the moment of skipping.
fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(jiff::Timestamp::MAX, |zoned| zoned.timestamp()).into()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(from: &str, to: &str) -> Result<Range, Wrong> {
        // A Saturday.
        Range::read(&Query { from: from.to_owned(), to: to.to_owned() }, date(2026, 11, 28))
    }

    #[test]
    fn without_a_word_it_is_this_week_and_the_eleven_before_it() {
        let range = read("", "").unwrap();
        assert_eq!((range.from, range.to, range.unit), (date(2026, 9, 7), date(2026, 11, 28), Unit::Week));
        assert_eq!(range.units().len(), 12);
        assert_eq!(read("", "2026-06-01").unwrap().from, date(2026, 3, 16));
        assert_eq!(read(" 2026-11-01 ", "").unwrap().to, date(2026, 11, 28));
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        for (from, to, expected) in [
            ("yesterday", "", Wrong::From),
            ("2026-02-30", "", Wrong::From),
            ("", "31.12.2026", Wrong::To),
            ("0001-01-01", "", Wrong::From),
            ("-009999-01-01", "", Wrong::From),
            ("", "9999-12-31", Wrong::To),
            ("2026-11-28", "2026-11-27", Wrong::Order),
            ("1900-01-01", "2999-12-31", Wrong::Long),
        ] {
            assert_eq!(read(from, to), Err(expected), "{from} {to}");
        }
        assert!(read("1926-11-28", "2026-11-28").is_ok(), "a hundred years");
    }

    #[test]
    fn units_are_whole_but_at_the_edges() {
        let range = read("2026-10-28", "2026-11-10").unwrap();
        assert_eq!(range.units(), [date(2026, 10, 28), date(2026, 11, 2), date(2026, 11, 9)]);
        let range = read("2024-01-15", "2026-01-15").unwrap();
        assert_eq!((range.unit, range.units().len()), (Unit::Month, 25));
        assert_eq!(range.units().last(), Some(&date(2026, 1, 1)));
        let range = read("1927-05-01", "2026-11-28").unwrap();
        assert_eq!((range.unit, range.units().len()), (Unit::Year, 100));
        assert_eq!(read("2026-11-28", "2026-11-28").unwrap().units(), [date(2026, 11, 28)]);
    }

    #[test]
    fn days_begin_and_end_by_the_clock_on_the_wall() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let (from, until) = read("2026-10-25", "2026-10-25").unwrap().instants(&zone);
        assert_eq!(until.duration_since(*from).as_hours(), 25, "the day on which the clocks go back");
        assert_eq!(from.to_string(), "2026-10-24T22:00:00Z");
    }

    #[test]
    fn the_usual_ranges_are_ranges() {
        for today in [date(2026, 11, 28), date(2027, 1, 1), date(2028, 2, 29)] {
            let ranges = usual_ranges(today);
            assert_eq!(ranges.len(), 5);
            for (word, range) in ranges {
                let query = serde_html_form::from_str(&range.query()).unwrap();
                assert_eq!(Range::read(&query, today), Ok(range), "{word} {today}");
            }
        }
    }
}
