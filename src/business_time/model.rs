//! A slow, obvious model of business time to hold the quick one against: it looks at the wall clock minute by minute.

use jiff::{ToSpan as _, Zoned, civil::Weekday};
use proptest::prelude::*;

use super::Calendar;
use crate::config::Settings;

impl Calendar {
    fn is_business_day(&self, moment: &Zoned) -> bool {
        let weekend = [Weekday::Saturday, Weekday::Sunday].contains(&moment.weekday());
        !weekend && !self.regions.iter().any(|(_, region)| region.has_holiday(moment.date()))
    }

    /// Whoever has closed once does not open again on that day, even when the clocks go back behind closing time.
    fn slow_add_hours(&self, from: &Zoned, hours: u32) -> Zoned {
        let mut left = hours * 60;
        let mut moment = from.start_of_day().unwrap();
        let mut closed_on = None;
        while left > 0 {
            if moment.time() >= self.closes {
                closed_on = Some(moment.date());
            }
            let open = moment.time() >= self.opens && closed_on != Some(moment.date());
            if open && &moment >= from && self.is_business_day(&moment) {
                left -= 1;
            }
            moment += 1.minute();
        }
        moment
    }

    fn slow_add_days(&self, from: &Zoned, days: u32) -> Zoned {
        let mut moment = from.clone();
        while !self.is_business_day(&moment) {
            moment += 1.minute();
        }
        let time = moment.time();
        let mut left = days;
        while left > 0 {
            let before = moment.date();
            moment += 1.minute();
            if moment.date() != before && self.is_business_day(&moment) {
                left -= 1;
            }
        }
        while moment.time() < time {
            moment += 1.minute();
        }
        moment
    }
}

/// Calendars in zones that change their clocks on Sundays (Europe) and on Fridays and Thursdays (Cairo).
fn calendars() -> impl Strategy<Value = Calendar> {
    let places = [
        ("Europe/Berlin", "[\"DE\"]"),
        ("Europe/Berlin", "[\"DE-BY\", \"DE-SN\"]"),
        ("Europe/Vienna", "[\"AT\"]"),
        ("Europe/Zurich", "[\"CH-GL\", \"CH-NE\"]"),
        ("Africa/Cairo", "[]"),
    ];
    let hours = [("09:00", "17:00"), ("00:00", "23:59"), ("07:30", "12:15"), ("22:00", "23:30")];
    (prop::sample::select(places.to_vec()), prop::sample::select(hours.to_vec())).prop_map(
        |((zone, regions), (opens, closes))| {
            let settings = format!(
                "time_zone = \"{zone}\"\n[calendar]\nregions = {regions}\nopens = \"{opens}\"\ncloses = \"{closes}\""
            );
            Calendar::try_new(&Settings::with(&settings).unwrap()).unwrap()
        },
    )
}

mod properties {
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        // Minutes since the beginning of 2024, over five years.
        #[test]
        fn hours_are_those_of_the_slow_model(calendar in calendars(), minute in 0_i64..5 * 366 * 1440, hours in 1_u32..20) {
            let from = moment(&calendar, minute);
            let quick = calendar.add_hours(from.timestamp().into(), hours);
            prop_assert_eq!(*quick, calendar.slow_add_hours(&from, hours).timestamp(), "{} + {} hours", from, hours);
        }

        #[test]
        fn days_are_those_of_the_slow_model(calendar in calendars(), minute in 0_i64..5 * 366 * 1440, days in 0_u32..8) {
            let from = moment(&calendar, minute);
            let quick = calendar.add_days(from.timestamp().into(), days);
            prop_assert_eq!(*quick, calendar.slow_add_days(&from, days).timestamp(), "{} + {} days", from, days);
        }
    }
}

fn moment(calendar: &Calendar, minute: i64) -> Zoned {
    let beginning: jiff::Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
    (beginning + minute.minutes()).to_zoned(calendar.zone.clone())
}
