//! Business time: which days count, between which hours, in which time zone, and what is that many of them later.
//!
//! Deadlines that people must keep (a window for an objection) count whole business days; waits count the hours in
//! which somebody is there. Right across changes of the clocks. Which days are holidays stands in [`holidays`].

mod holidays;
#[cfg(test)]
mod model;
mod spans;

use anyhow::{Context as _, ensure};
use jiff::{
    SignedDuration, ToSpan as _,
    civil::{Date, Time, Weekday},
    tz::{AmbiguousOffset, TimeZone},
};
use serde::Serialize;

use crate::{
    clock::{Day, Timestamp},
    config::Settings,
};
use holidays::Region;
pub use spans::Spans;

/// A public holiday where we are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holiday {
    pub date: Day,
    /// A word for what is celebrated; `other` where only that region knows it.
    pub name: &'static str,
    /// Whose, by the words of the settings.
    pub regions: Vec<String>,
}

/// The configured business time.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    /// With the words they were given by.
    regions: Vec<(String, Region)>,
    opens: Time,
    closes: Time,
}

impl Calendar {
    /// # Errors
    /// When the time zone, a region or an hour is unknown, or nobody is ever there.
    pub fn try_new(settings: &Settings) -> anyhow::Result<Self> {
        let calendar = &settings.calendar;
        let region = |word: &String| anyhow::Ok((word.clone(), word.parse()?));
        let regions = calendar.regions.iter().map(region).collect::<anyhow::Result<_>>()?;
        let hour = |text: &str| {
            text.parse::<Time>()
                .with_context(|| format!("calendar: {text:?} is not a time of day like \"09:00\""))
        };
        let (opens, closes) = (hour(&calendar.opens)?, hour(&calendar.closes)?);
        ensure!(opens < closes, "calendar.opens must be earlier than calendar.closes");
        Ok(Self { zone: settings.zone()?, regions, opens, closes })
    }

    /// The instant `days` business days after `from`, at the same time of day. Counting from a day that does not count
    /// begins at midnight of the next one that does, so that nobody loses a day by asking on a Saturday.
    pub fn add_days(&self, from: Timestamp, days: u32) -> Timestamp {
        let start = self.zone.to_datetime(*from);
        let (mut date, time) = if self.counts(start.date()) {
            (start.date(), start.time())
        } else {
            (self.next_day(start.date()), Time::midnight())
        };
        for _ in 0..days {
            date = self.next_day(date);
        }
        if days == 0 && date == start.date() { from } else { self.instant(date, time) }
    }

    /// The instant at which `hours` hours have passed since `from` in which somebody was there. A day ends when the
    /// clocks first show its closing time, also where they go back later that evening.
    pub fn add_hours(&self, from: Timestamp, hours: u32) -> Timestamp {
        self.add_time(from, SignedDuration::from_hours(i64::from(hours)))
    }

    /// As [`Calendar::add_hours`], for what is left of a time.
    pub fn add_time(&self, from: Timestamp, mut left: SignedDuration) -> Timestamp {
        let mut date = self.zone.to_datetime(*from).date();
        if !self.counts(date) {
            date = self.next_day(date);
        }
        loop {
            let (opens, closes) = (self.instant(date, self.opens).max(from), self.instant(date, self.closes));
            let there = closes.duration_since(*opens).max(SignedDuration::ZERO);
            if left <= there {
                return opens.after(left);
            }
            left -= there;
            let next = self.next_day(date);
            if next == date {
                return closes;
            }
            date = next;
        }
    }

    /// How long somebody is there between `from` and `until`; nothing where that is over.
    pub fn time_between(&self, from: Timestamp, until: Timestamp) -> SignedDuration {
        let mut there = SignedDuration::ZERO;
        let last = self.zone.to_datetime(*until).date();
        let mut date = self.zone.to_datetime(*from).date();
        if !self.counts(date) {
            date = self.next_day(date);
        }
        while date <= last {
            let opens = self.instant(date, self.opens).max(from);
            let closes = self.instant(date, self.closes).min(until);
            there += closes.duration_since(*opens).max(SignedDuration::ZERO);
            let next = self.next_day(date);
            if next == date {
                break;
            }
            date = next;
        }
        there
    }

    /// The fewest business days after `from` by which `until` had come; at most so many as anybody counts.
    pub fn days_between(&self, from: Timestamp, until: Timestamp) -> u32 {
        const MOST: u32 = 250;
        (0..MOST).find(|days| self.add_days(from, *days) >= until).unwrap_or(MOST)
    }

    /// The business days between two instants, as the database counts with them.
    pub fn spans(&self, from: Timestamp, until: Timestamp) -> Spans {
        let last = self.zone.to_datetime(*until).date();
        let mut date = self.zone.to_datetime(*from).date();
        if !self.counts(date) {
            date = self.next_day(date);
        }
        let mut spans = Spans::new();
        while date <= last {
            spans.push(self.instant(date, self.opens), self.instant(date, self.closes));
            let next = self.next_day(date);
            if next == date {
                break;
            }
            date = next;
        }
        spans
    }

    /// Times of day, in order; one at which nobody is there becomes the opening time.
    ///
    /// # Errors
    /// When there is none, or a word is no time of day.
    pub fn times_within(&self, words: &[String]) -> anyhow::Result<Vec<Time>> {
        let time =
            |word: &String| word.parse::<Time>().with_context(|| format!("{word:?} is not a time of day"));
        let mut times = words.iter().map(time).collect::<anyhow::Result<Vec<_>>>()?;
        ensure!(!times.is_empty(), "there is no time of day");
        for time in &mut times {
            if !(self.opens..self.closes).contains(time) {
                *time = self.opens;
            }
        }
        times.sort();
        times.dedup();
        Ok(times)
    }

    /// The next instant after `from` at which the clocks show one of these times on a business day; `times` in order.
    pub fn next_of(&self, times: &[Time], from: Timestamp) -> Timestamp {
        let mut date = self.zone.to_datetime(*from).date();
        if !self.counts(date) {
            date = self.next_day(date);
        }
        loop {
            let later = times.iter().map(|time| self.instant(date, *time)).find(|instant| *instant > from);
            let next = self.next_day(date);
            match later {
                Some(instant) => return instant,
                None if next == date || times.is_empty() => return jiff::Timestamp::MAX.into(),
                None => date = next,
            }
        }
    }

    /// Whether somebody is there.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let local = self.zone.to_datetime(*at);
        self.counts(local.date()) && (self.opens..self.closes).contains(&local.time())
    }

    /// The holidays of a year in any of the configured regions, in order.
    pub fn holidays(&self, year: i16) -> Vec<Holiday> {
        let Ok(first) = Date::new(year, 1, 1) else { return Vec::new() };
        let days = first.series(1.day()).take_while(|date| date.year() == year);
        days.filter_map(|date| {
            let on = self.regions.iter().filter(|(_, region)| region.has_holiday(date));
            let regions: Vec<String> = on.map(|(word, _)| word.clone()).collect();
            (!regions.is_empty()).then(|| Holiday { date: date.into(), name: holidays::name(date), regions })
        })
        .collect()
    }

    /// How many days of a year count.
    pub fn count_days(&self, year: i16) -> usize {
        let Ok(first) = Date::new(year, 1, 1) else { return 0 };
        first.series(1.day()).take_while(|date| date.year() == year).filter(|date| self.counts(*date)).count()
    }

    fn counts(&self, date: Date) -> bool {
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
            && !self.regions.iter().any(|(_, region)| region.has_holiday(date))
    }

    /// The next day that counts; the last day there is at the end of time.
    fn next_day(&self, date: Date) -> Date {
        let mut next = date;
        while let Ok(tomorrow) = next.tomorrow() {
            next = tomorrow;
            if self.counts(next) {
                break;
            }
        }
        next
    }

    /// The first instant at which the clocks on the wall show `time` or later on `date`: of a time that they show
    /// twice the first, of a time that they skip the moment of skipping.
    fn instant(&self, date: Date, time: Time) -> Timestamp {
        let ambiguous = self.zone.to_ambiguous_timestamp(date.to_datetime(time));
        let found = match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => ambiguous.earlier().map(|before| {
                self.zone.following(before).next().map_or(before, |skipping| skipping.timestamp())
            }),
            _ => ambiguous.compatible(),
        };
        found.unwrap_or(jiff::Timestamp::MAX).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(overrides: &str) -> Calendar {
        Calendar::try_new(&Settings::with(overrides).unwrap()).unwrap()
    }

    fn instant(text: &str) -> Timestamp {
        text.parse::<jiff::Zoned>().unwrap().timestamp().into()
    }

    fn days(calendar: &Calendar, from: &str, days: u32) -> String {
        calendar.zone.to_datetime(*calendar.add_days(instant(from), days)).to_string()
    }

    fn hours(calendar: &Calendar, from: &str, hours: u32) -> String {
        calendar.zone.to_datetime(*calendar.add_hours(instant(from), hours)).to_string()
    }

    #[test]
    fn weekends_do_not_count() {
        let calendar = calendar("");
        assert_eq!(days(&calendar, "2026-11-20T15:00[Europe/Berlin]", 1), "2026-11-23T15:00:00");
        assert_eq!(days(&calendar, "2026-11-16T09:30[Europe/Berlin]", 5), "2026-11-23T09:30:00");
        assert_eq!(days(&calendar, "2026-11-21T12:00[Europe/Berlin]", 1), "2026-11-24T00:00:00");
    }

    #[test]
    fn the_time_of_day_survives_the_change_of_clocks() {
        let calendar = calendar("");
        assert_eq!(days(&calendar, "2026-03-27T02:30[Europe/Berlin]", 1), "2026-03-30T02:30:00");
        assert_eq!(days(&calendar, "2026-10-23T12:00[Europe/Berlin]", 1), "2026-10-26T12:00:00");
        assert_eq!(hours(&calendar, "2026-10-23T12:00[Europe/Berlin]", 8), "2026-10-26T12:00:00");
    }

    #[test]
    fn holidays_count_nowhere_where_any_region_has_them() {
        // Corpus Christi 2026 is on the 4th of June, a Thursday.
        let from = "2026-06-03T10:00[Europe/Berlin]";
        assert_eq!(days(&calendar(""), from, 1), "2026-06-04T10:00:00");
        assert_eq!(days(&calendar("calendar.regions = [\"DE-BY\"]"), from, 1), "2026-06-05T10:00:00");
        assert_eq!(days(&calendar("calendar.regions = [\"DE-BE\", \"AT\"]"), from, 1), "2026-06-05T10:00:00");
        assert_eq!(days(&calendar("calendar.regions = [\"CH-ZH\"]"), from, 1), "2026-06-04T10:00:00");
        // Good Friday, Easter Monday.
        assert_eq!(days(&calendar(""), "2026-04-02T10:00[Europe/Berlin]", 1), "2026-04-07T10:00:00");
    }

    #[test]
    fn a_year_lists_its_holidays_with_whose_they_are() {
        let holidays = calendar("calendar.regions = [\"DE\", \"AT\"]").holidays(2026);
        let said = |name: &str| {
            let holiday = holidays.iter().find(|holiday| holiday.name == name).unwrap();
            (holiday.date.to_string(), holiday.regions.join(" "))
        };
        assert_eq!(said("good-friday"), ("2026-04-03".into(), "DE".into()));
        assert_eq!(said("easter-monday"), ("2026-04-06".into(), "DE AT".into()));
        assert_eq!(said("corpus-christi"), ("2026-06-04".into(), "AT".into()));
        assert!(holidays.is_sorted_by_key(|holiday| holiday.date.to_string()));
        assert!(calendar("calendar.regions = []").holidays(2026).is_empty());
        // 261 weekdays, of which the New Year, Good Friday, Easter Monday, May Day, Ascension, Whit Monday and Christmas Day.
        assert_eq!(calendar("").count_days(2026), 261 - 7);
    }

    #[test]
    fn hours_pass_while_somebody_is_there() {
        let calendar = calendar("");
        for (from, expected) in [
            ("2026-11-20T15:00[Europe/Berlin]", "2026-11-23T15:00:00"),
            ("2026-11-20T20:00[Europe/Berlin]", "2026-11-23T17:00:00"),
            ("2026-11-20T05:00[Europe/Berlin]", "2026-11-20T17:00:00"),
            ("2026-11-21T12:00[Europe/Berlin]", "2026-11-23T17:00:00"),
        ] {
            assert_eq!(hours(&calendar, from, 8), expected, "{from}");
        }
    }

    #[test]
    fn the_time_left_is_the_time_in_which_somebody_is_there() {
        let calendar = calendar("");
        for (from, until, expected) in [
            ("2026-11-20T15:00[Europe/Berlin]", "2026-11-23T15:00[Europe/Berlin]", 8 * 60),
            ("2026-11-20T20:00[Europe/Berlin]", "2026-11-23T09:30[Europe/Berlin]", 30),
            ("2026-11-21T12:00[Europe/Berlin]", "2026-11-22T12:00[Europe/Berlin]", 0),
            ("2026-11-23T12:00[Europe/Berlin]", "2026-11-23T12:20[Europe/Berlin]", 20),
            ("2026-11-23T12:00[Europe/Berlin]", "2026-11-20T12:00[Europe/Berlin]", 0),
            // What `add_hours` adds is left.
            ("2026-10-23T12:00[Europe/Berlin]", "2026-10-26T12:00[Europe/Berlin]", 8 * 60),
        ] {
            let left = calendar.time_between(instant(from), instant(until));
            assert_eq!(left, SignedDuration::from_mins(expected), "{from} {until}");
        }
    }

    #[test]
    fn the_next_of_some_times_lies_on_a_business_day() {
        let calendar = calendar("");
        let times: Vec<Time> = ["09:00", "13:00"].iter().map(|time| time.parse().unwrap()).collect();
        for (from, expected) in [
            ("2026-11-20T08:59[Europe/Berlin]", "2026-11-20T09:00:00"),
            ("2026-11-20T09:00[Europe/Berlin]", "2026-11-20T13:00:00"),
            ("2026-11-20T13:00[Europe/Berlin]", "2026-11-23T09:00:00"),
            ("2026-11-21T08:00[Europe/Berlin]", "2026-11-23T09:00:00"),
            ("2026-04-02T20:00[Europe/Berlin]", "2026-04-07T09:00:00"),
            ("2026-10-23T13:30[Europe/Berlin]", "2026-10-26T09:00:00"),
        ] {
            let next = calendar.zone.to_datetime(*calendar.next_of(&times, instant(from)));
            assert_eq!(next.to_string(), expected, "{from}");
        }
        assert_eq!(*calendar.next_of(&[], instant("2026-11-20T08:59[Europe/Berlin]")), jiff::Timestamp::MAX);
    }

    #[test]
    fn somebody_is_there_between_opening_and_closing_of_a_business_day() {
        let calendar = calendar("");
        for (at, expected) in [
            ("2026-11-20T08:59:59[Europe/Berlin]", false),
            ("2026-11-20T09:00[Europe/Berlin]", true),
            ("2026-11-20T16:59:59[Europe/Berlin]", true),
            ("2026-11-20T17:00[Europe/Berlin]", false),
            ("2026-11-21T12:00[Europe/Berlin]", false),
            ("2026-12-25T12:00[Europe/Berlin]", false),
        ] {
            assert_eq!(calendar.is_open(instant(at)), expected, "{at}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_the_moment_of_skipping() {
        // Cairo skips the first hour of a Friday.
        let calendar = calendar("time_zone = \"Africa/Cairo\"\ncalendar.regions = []");
        assert_eq!(days(&calendar, "2026-04-23T00:30[Africa/Cairo]", 1), "2026-04-24T01:00:00");
    }

    #[test]
    fn nonsense_is_refused() {
        for wrong in [
            "calendar.regions = [\"DE-XX\"]",
            "calendar.regions = [\"FR\"]",
            "calendar.opens = \"25:00\"",
            "calendar.opens = \"17:00\"",
            "time_zone = \"Mars/Olympus\"",
        ] {
            assert!(Calendar::try_new(&Settings::with(wrong).unwrap()).is_err(), "{wrong}");
        }
    }
}
