//! How far something is that takes long: a bar at a terminal, and nothing but the answer's lines where somebody reads them by a program.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Gone from the terminal when it is finished or dropped.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Of `total` steps, where that is known.
    pub fn new(label: impl Into<String>, total: Option<u64>) -> Self {
        let bar = match total {
            Some(total) => ProgressBar::new(total),
            None => ProgressBar::new_spinner(),
        };
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let template = match total {
            Some(_) => "{msg} {wide_bar} {human_pos} of {human_len}, {eta} left",
            None => "{spinner} {msg} {human_pos}, {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(label.into());
        Self(bar)
    }

    pub fn step(&self, steps: u64) {
        self.0.inc(steps);
    }

    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}
