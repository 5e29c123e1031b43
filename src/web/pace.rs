//! How slowly a file may come: never nothing for long, and on the whole not below a floor.
//!
//! Against a sender who keeps a place for uploads with a byte now and then. Counts one upload; what it is of is not asked.

use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use tokio::time::Instant;

/// Nothing came for too long, or too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSlow;

/// What every upload is held to.
#[derive(Clone, Copy, Debug)]
pub struct Floor {
    /// The longest silence; the rate is not asked before it is over once.
    pub silence: Duration,
    /// On the whole.
    pub bytes_per_second: u32,
}

impl Floor {
    fn is_above(&self, came: usize, since: Duration) -> bool {
        let least = since.as_secs().saturating_mul(self.bytes_per_second.into());
        since > self.silence && u64::try_from(came).is_ok_and(|came| came < least)
    }
}

/// One upload on its way.
#[derive(Debug)]
pub struct Pace {
    floor: Floor,
    began: Instant,
    came: usize,
}

impl Pace {
    /// From now on.
    pub fn begin(floor: Floor) -> Self {
        Self { floor, began: Instant::now(), came: 0 }
    }

    /// The next part of a stream.
    ///
    /// # Errors
    /// [`TooSlow`] where it lets us wait.
    pub async fn next<S: Stream + Unpin>(&self, stream: &mut S) -> Result<Option<S::Item>, TooSlow> {
        tokio::time::timeout(self.floor.silence, stream.next()).await.map_err(|_elapsed| TooSlow)
    }

    /// So many bytes have come.
    ///
    /// # Errors
    /// [`TooSlow`] where that is below the floor.
    pub fn count(&mut self, bytes: usize) -> Result<(), TooSlow> {
        self.came = self.came.saturating_add(bytes);
        if self.floor.is_above(self.came, self.began.elapsed()) { Err(TooSlow) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn silence_is_cut() {
        let pace = Pace::begin(Floor { silence: Duration::from_millis(20), bytes_per_second: 1 });
        assert_eq!(pace.next(&mut stream::pending::<()>()).await, Err(TooSlow));
        assert_eq!(pace.next(&mut stream::iter([1])).await, Ok(Some(1)));
    }

    #[test]
    fn a_byte_now_and_then_is_cut_and_a_slow_line_is_not() {
        let floor = Floor { silence: Duration::from_secs(10), bytes_per_second: 1000 };
        for (came, seconds, is_cut) in [
            (1, 9, false),
            (0, 10, false),
            (2, 18, true),
            (11_000, 11, false),
            (10_999, 11, true),
            (120_000, 120, false),
        ] {
            assert_eq!(
                floor.is_above(came, Duration::from_secs(seconds)),
                is_cut,
                "{came} bytes in {seconds} s"
            );
        }
    }
}
