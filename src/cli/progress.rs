//! How far a long command is: a bar on a terminal, a line now and then where it is written into something else. On standard error, so that
//! what is piped is the answer alone.

use std::{
    io::IsTerminal as _,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a line is written.
const PAUSE: Duration = Duration::from_secs(10);

/// Steps of one kind, of so many. A bar goes from the terminal when this is dropped.
#[derive(Debug)]
pub(super) struct Progress {
    what: String,
    done: u64,
    /// `None` where nobody knows.
    total: Option<u64>,
    begun: Instant,
    /// Where it began, for the pace.
    from: u64,
    shown: Shown,
}

#[derive(Debug)]
enum Shown {
    Bar(ProgressBar),
    Lines { told: Instant },
}

impl Progress {
    /// `from` of the `total` were done before.
    pub(super) fn begin(what: &str, from: u64, total: Option<u64>) -> Self {
        let begun = Instant::now();
        let shown = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(4));
            let style = match total {
                Some(_) => "{wide_bar} {human_pos} of {human_len} {msg}, {per_sec}, {eta} left",
                None => "{spinner} {human_pos} {msg}, {per_sec}, {elapsed}",
            };
            // Where the words of a style are wrong, its own bar does as well.
            bar.set_style(
                ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar.set_message(what.to_owned());
            bar.set_position(from);
            bar.reset_eta();
            Shown::Bar(bar)
        } else {
            Shown::Lines { told: begun }
        };
        Self { what: what.to_owned(), done: from, total, begun, from, shown }
    }

    /// So many are done. `last` says where that is, for whoever goes on from there.
    pub(super) fn reach(&mut self, done: u64, last: &str) {
        self.done = done;
        match &mut self.shown {
            Shown::Bar(bar) => bar.set_position(done),
            Shown::Lines { told } => {
                if told.elapsed() >= PAUSE {
                    *told = Instant::now();
                    let line = line(&self.what, (self.from, done, self.total), self.begun.elapsed(), last);
                    super::report(line);
                }
            }
        }
    }

    /// So many more.
    pub(super) fn step(&mut self, more: u64) {
        self.reach(self.done.saturating_add(more), "");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

fn line(what: &str, (from, done, total): (u64, u64, Option<u64>), took: Duration, last: &str) -> String {
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    let pace = done.saturating_sub(from).saturating_mul(1000) / milliseconds;
    let at = if last.is_empty() { String::new() } else { format!(", up to {last}") };
    let of = total.map_or(String::new(), |total| format!(" of {total}"));
    format!("{done}{of} {what}{at}, {pace} a second")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is_and_how_fast_that_goes() {
        let took = Duration::from_secs(4);
        let written = line("cases", (100, 300, Some(1000)), took, "HO-2026-00300");
        assert_eq!(written, "300 of 1000 cases, up to HO-2026-00300, 50 a second");
        assert_eq!(line("cases", (0, 1, None), Duration::ZERO, ""), "1 cases, 1000 a second");
    }
}
