//! Until when a letter can't be sent again, in words.

use crate::{
    casework::Pause,
    clock::Timestamp,
    lang::{Arguments, Language},
};

/// Up to so many minutes are told as minutes.
const MINUTES: i64 = 90;

/// "You can send it again in 4 minutes": never less than it takes.
pub fn pause_in_words(pause: Pause, language: Language, now: Timestamp) -> String {
    let Pause::Until(at) = pause else { return language.text("intake-pause-enough") };
    let minutes = at.duration_since(*now).as_secs().max(1).unsigned_abs().div_ceil(60);
    let (key, count) = match i64::try_from(minutes) {
        Ok(minutes) if minutes <= MINUTES => ("intake-pause-minutes", minutes),
        _ => ("intake-pause-hours", i64::try_from(minutes.div_ceil(60)).unwrap_or(i64::MAX)),
    };
    let arguments: Arguments<'_> = [("count".into(), count.into())].into();
    language.text_with(key, &arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_never_told_shorter_than_it_is() {
        let now: Timestamp = "2026-06-01T08:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
        for (seconds, words) in [
            (0, "in one minute"),
            (60, "in one minute"),
            (61, "in 2 minutes"),
            (240, "in 4 minutes"),
            (5400, "in 90 minutes"),
            (5401, "in 2 hours"),
            (86_400, "in 24 hours"),
        ] {
            let pause = Pause::Until(now.after(jiff::SignedDuration::from_secs(seconds)));
            let told = pause_in_words(pause, Language::En, now);
            assert!(told.contains(words), "{seconds}: {told}");
        }
    }
}
