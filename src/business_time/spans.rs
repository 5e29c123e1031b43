//! A calendar as the database's function `business_seconds` takes it: a row for each business day, so that the time between any
//! two instants is the difference of two numbers, for a hundred thousand waits in one query.

use jiff::civil::datetime;

use crate::clock::Timestamp;

/// Three columns of equal length, in order. The first row lies before everything, and lasts no time.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    pub opens: Vec<Timestamp>,
    pub closes: Vec<Timestamp>,
    /// The seconds of all rows before.
    pub before: Vec<i64>,
    so_far: i64,
}

impl Spans {
    pub(super) fn new() -> Self {
        let beginning = datetime(1, 1, 1, 0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
        let mut spans = Self::default();
        if let Ok(beginning) = beginning {
            spans.push(beginning.timestamp().into(), beginning.timestamp().into());
        }
        spans
    }

    /// A day on which the clocks skip all of the business hours lasts no time.
    pub(super) fn push(&mut self, opens: Timestamp, closes: Timestamp) {
        self.opens.push(opens);
        self.closes.push(closes.max(opens));
        self.before.push(self.so_far);
        self.so_far = self.so_far.saturating_add(closes.duration_since(*opens).as_secs().max(0));
    }
}
