//! When a kind of work has its next turn: at once, or, after failures in a row, after a wait that grows.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::kind::Kind;

const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Short enough that work goes on soon after a database is back.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What one loop remembers of the failures of its kinds.
#[derive(Debug, Default)]
pub struct Pace(BTreeMap<Kind, PutOff>);

#[derive(Debug)]
struct PutOff {
    until: Instant,
    wait: Duration,
}

impl Pace {
    pub fn is_put_off(&self, kind: Kind, now: Instant) -> bool {
        self.0.get(&kind).is_some_and(|put_off| now < put_off.until)
    }

    /// Puts `kind` off, twice as long with each failure in a row. Returns for how long.
    pub fn failed(&mut self, kind: Kind, now: Instant) -> Duration {
        let last = self.0.get(&kind).map(|put_off| put_off.wait);
        let wait = last.map_or(FIRST_WAIT, |wait| wait.saturating_mul(2).min(LONGEST_WAIT));
        self.0.insert(kind, PutOff { until: now + wait, wait });
        wait
    }

    pub fn went_well(&mut self, kind: Kind) {
        self.0.remove(&kind);
    }

    /// How long a loop may rest at most, so that no kind waits longer than it must.
    pub fn rest(&self, longest: Duration, now: Instant) -> Duration {
        let ends = self.0.values().map(|put_off| put_off.until.saturating_duration_since(now));
        ends.fold(longest, Duration::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_minute_and_is_forgotten_with_the_first_step_that_goes_well() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        let waits: Vec<u64> = (0..8).map(|_| pace.failed(Kind::Scans, now).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(pace.is_put_off(Kind::Scans, now) && !pace.is_put_off(Kind::Upkeep, now));
        assert_eq!(pace.rest(Duration::from_secs(10), now), Duration::from_secs(10));
        pace.went_well(Kind::Scans);
        assert!(!pace.is_put_off(Kind::Scans, now));
        pace.failed(Kind::Scans, now);
        assert_eq!(pace.rest(Duration::from_secs(10), now), Duration::from_secs(1));
        assert!(!pace.is_put_off(Kind::Scans, now + Duration::from_secs(1)));
    }
}
