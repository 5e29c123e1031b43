//! Whether the background work of this process goes on. Its loops say so here; `/health/ready` asks.
//!
//! Knows no work. A process without a worker has no pulse, and needs none.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// No step takes so long: one that does hangs.
const LONGEST_STEP: Duration = Duration::from_secs(10 * 60);

/// One for the whole process.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<Mutex<Heard>>);

#[derive(Debug, Default)]
struct Heard {
    /// When each loop last said that it goes on.
    beats: BTreeMap<&'static str, Instant>,
    ended: bool,
}

/// Why the background work does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    Ended,
    Hangs(&'static str),
}

impl Pulse {
    /// The loop `name` goes on.
    pub fn beat(&self, name: &'static str) {
        self.heard(|heard| heard.beats.insert(name, Instant::now()));
    }

    /// The worker has ended. For good, where nobody asked it to stop: the process is about to end, too.
    pub fn end(&self) {
        self.heard(|heard| heard.ended = true);
    }

    /// For how long each loop has said nothing; none where there is no worker.
    pub fn silent_for(&self, now: Instant) -> Vec<(&'static str, Duration)> {
        self.heard(|heard| {
            heard.beats.iter().map(|(name, beat)| (*name, now.saturating_duration_since(*beat))).collect()
        })
    }

    /// `None` while all is well, or where there is no worker.
    pub fn trouble(&self) -> Option<Trouble> {
        self.trouble_at(Instant::now())
    }

    fn trouble_at(&self, now: Instant) -> Option<Trouble> {
        self.heard(|heard| {
            if heard.ended {
                return Some(Trouble::Ended);
            }
            let silent = |beat: &Instant| now.saturating_duration_since(*beat) > LONGEST_STEP;
            heard.beats.iter().find(|(_, beat)| silent(beat)).map(|(name, _)| Trouble::Hangs(name))
        })
    }

    fn heard<T>(&self, look: impl FnOnce(&mut Heard) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_that_is_silent_for_long_is_named() {
        let pulse = Pulse::default();
        let later = |minutes: u64| Instant::now() + Duration::from_secs(minutes * 60);
        assert_eq!(pulse.trouble_at(later(60)), None, "there is no worker");
        pulse.beat("mail");
        assert_eq!(pulse.trouble_at(later(9)), None);
        assert_eq!(pulse.trouble_at(later(11)), Some(Trouble::Hangs("mail")));
        pulse.end();
        assert_eq!(pulse.trouble(), Some(Trouble::Ended));
    }
}
