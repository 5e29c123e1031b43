//! A day as people write it: `2026-01-31` or `31.1.2026`.

use crate::{clock::Day, intake::field_errors::Sentence};

/// A day that is not after `today`.
///
/// # Errors
/// The sentence that says how to mend it.
pub fn read(typed: &str, today: Day) -> Result<Day, Sentence> {
    let date = parse(typed).ok_or_else(|| Sentence::new("intake-error-day"))?;
    let day = Day::from(date);
    if day > today { Err(Sentence::new("intake-error-day-future")) } else { Ok(day) }
}

/// The day that was meant, whether or not it fits.
pub fn parse(typed: &str) -> Option<jiff::civil::Date> {
    let compact: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (mut parts, german) = match compact.contains('-') {
        true => (compact.splitn(3, '-').collect::<Vec<_>>(), false),
        false => (compact.splitn(3, '.').collect(), true),
    };
    if german {
        parts.reverse();
    }
    let [year, month, day] = parts.as_slice() else { return None };
    let is_number =
        |text: &str, longest| (1..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    // Two-digit and slipped years ("0026") are mistakes: nobody left before Atlassian was there.
    let right = year.len() == 4 && is_number(year, 4) && is_number(month, 2) && is_number(day, 2);
    let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (right && date.year() >= 2000).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_ways_of_writing_a_day() {
        let today = Day::from(jiff::civil::date(2026, 6, 1));
        for (typed, expected) in [
            ("2026-01-31", Ok("2026-01-31")),
            ("31.01.2026", Ok("2026-01-31")),
            ("1.2.2026", Ok("2026-02-01")),
            ("1. 2. 2026", Ok("2026-02-01")),
            ("2026-6-1", Ok("2026-06-01")),
            ("2026-06-02", Err("intake-error-day-future")),
            ("31.2.2026", Err("intake-error-day")),
            ("1.2.26", Err("intake-error-day")),
            ("0026-01-31", Err("intake-error-day")),
            ("+026-01-31", Err("intake-error-day")),
            ("1/2/2026", Err("intake-error-day")),
            ("Januar", Err("intake-error-day")),
            ("1.2", Err("intake-error-day")),
            ("1.2.2026.3", Err("intake-error-day")),
            ("2026-01-31-", Err("intake-error-day")),
        ] {
            let read = read(typed, today).map(|day| day.to_string()).map_err(|message| message.key);
            assert_eq!(read, expected.map(str::to_owned), "{typed}");
        }
    }
}
