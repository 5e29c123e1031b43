//! Business days in a time zone. Weekends do not count; public holidays are not known here yet.

use jiff::{civil::Weekday, tz::TimeZone};

use crate::clock::Timestamp;

/// The instant `days` business days after `from`, at the same time of day in `zone`. Counting from a weekend begins on
/// Monday at midnight, so that nobody loses a day by asking on a Saturday.
pub fn add_business_days(from: Timestamp, days: u32, zone: &TimeZone) -> Timestamp {
    let start = zone.to_datetime(*from);
    let (mut date, time) = if is_business_day(start.date()) {
        (start.date(), start.time())
    } else {
        (next_business_day(start.date()), jiff::civil::Time::midnight())
    };
    for _ in 0..days {
        date = next_business_day(date);
    }
    // A time that the clocks skip moves forward, as the calendar's users expect.
    zone.to_ambiguous_zoned(date.to_datetime(time))
        .compatible()
        .map_or(from, |zoned| zoned.timestamp().into())
}

fn is_business_day(date: jiff::civil::Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn next_business_day(date: jiff::civil::Date) -> jiff::civil::Date {
    let mut next = date;
    loop {
        match next.tomorrow() {
            Ok(tomorrow) => next = tomorrow,
            Err(_) => return next,
        }
        if is_business_day(next) {
            return next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(from: &str, days: u32) -> String {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let from: jiff::Zoned = from.parse().unwrap();
        let end = add_business_days(from.timestamp().into(), days, &zone);
        end.to_zoned(zone).datetime().to_string()
    }

    #[test]
    fn weekends_do_not_count() {
        assert_eq!(add("2026-11-20T15:00[Europe/Berlin]", 1), "2026-11-23T15:00:00");
        assert_eq!(add("2026-11-16T09:30[Europe/Berlin]", 5), "2026-11-23T09:30:00");
        assert_eq!(add("2026-11-21T12:00[Europe/Berlin]", 1), "2026-11-24T00:00:00");
    }

    #[test]
    fn the_time_of_day_survives_the_change_of_clocks() {
        assert_eq!(add("2026-03-27T02:30[Europe/Berlin]", 1), "2026-03-30T02:30:00");
        assert_eq!(add("2026-10-23T12:00[Europe/Berlin]", 1), "2026-10-26T12:00:00");
    }
}
