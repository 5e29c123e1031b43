//! A day as people write it: `2026-01-31`, `31.1.26`, `31 January 2026`, also the month alone: `10/2026`, `end of October 2026`.
//!
//! Who names a month alone has named no day: the day that is noted for it is shown before it is taken. What could be two days
//! (`1/2/2026`) is none.

use std::{collections::HashMap, sync::LazyLock};

use jiff::civil::Date;

use crate::{clock::Day, intake::field_errors::Sentence};

/// A day that was named, or that is to stand for the month that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub day: Day,
    /// Only the month was said.
    pub is_month: bool,
}

/// What a word means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Month(i8),
    Begin,
    Middle,
    End,
    /// Says nothing.
    Filler,
    /// "31st"
    Ordinal,
}

static WORDS: LazyLock<HashMap<&str, Word>> = LazyLock::new(|| {
    let lines = include_str!("months.txt").lines().filter(|line| !line.starts_with('#'));
    let mut words = HashMap::new();
    for line in lines {
        let mut parts = line.split_whitespace();
        let meaning = match parts.next() {
            Some("begin") => Word::Begin,
            Some("middle") => Word::Middle,
            Some("end") => Word::End,
            Some("-") => Word::Filler,
            Some("ordinal") => Word::Ordinal,
            Some(number) => match number.parse() {
                Ok(month) => Word::Month(month),
                Err(_) => continue,
            },
            None => continue,
        };
        let itself = line.split_whitespace().next().filter(|_| !matches!(meaning, Word::Month(_)));
        words.extend(parts.chain(itself).map(|word| (word, meaning)));
    }
    words
});

/// A day that is not after `today`.
///
/// # Errors
/// The sentence that says how to mend it.
pub fn read(typed: &str, today: Day) -> Result<Named, Sentence> {
    let named = parse(typed, today).ok_or_else(|| Sentence::new("intake-error-day"))?;
    if named.day > today { Err(Sentence::new("intake-error-day-future")) } else { Ok(named) }
}

/// The day that was meant, whether or not it fits. For the month that `today` is in, none after it.
pub fn parse(typed: &str, today: Day) -> Option<Named> {
    let said = Said::of(&typed.to_lowercase())?;
    let exact = |date: Option<Date>| {
        let date = date.filter(|date| date.year() >= 2000)?;
        Some(Named { day: Day::from(date), is_month: false })
    };
    match (said.month, said.numbers.as_slice()) {
        // Two-digit years only beside a day: "Oktober 26" could be either.
        (Some(month), [year]) if year.is_year() => whole_month(year, month, said.part, today),
        (Some(month), [day, year]) if said.part.is_none() && !day.is_year() => exact(date(year, month, day)),
        (None, [month, year]) if year.is_year() && !month.is_year() && said.separator.is_some() => {
            whole_month(year, month.small()?, said.part, today)
        }
        (None, [year, month]) if year.is_year() && said.separator == Some('-') => {
            whole_month(year, month.small()?, said.part, today)
        }
        (None, [a, b, c]) if said.part.is_none() => exact(match (a.is_year(), said.separator) {
            (true, Some('-' | '.' | '/')) => date(a, b.small()?, c),
            (true, _) => None,
            (false, Some('.')) => date(c, b.small()?, a),
            // Day and month in either order; where both could be meant, neither is.
            (false, _) => match (date(c, b.small()?, a), date(c, a.small()?, b)) {
                (Some(one), Some(other)) if one != other => None,
                (one, other) => one.or(other),
            },
        }),
        _ => None,
    }
}

/// What stands for a month: its last day, unless a part of it was named.
fn whole_month(year: &Number, month: i8, part: Option<Word>, today: Day) -> Option<Named> {
    let first = Date::new(year.year()?, month, 1).ok().filter(|first| first.year() >= 2000)?;
    let date = match part {
        Some(Word::Begin) => first,
        Some(Word::Middle) => Date::new(first.year(), month, 15).ok()?,
        _ => first.last_of_month(),
    };
    let is_now = today.year() == first.year() && today.month() == month;
    let day = if is_now { Day::from(date).min(today) } else { Day::from(date) };
    Some(Named { day, is_month: true })
}

fn date(year: &Number, month: i8, day: &Number) -> Option<Date> {
    Date::new(year.year()?, month, day.small()?).ok()
}

/// Digits as they were typed.
#[derive(Clone, Debug)]
struct Number(String);

impl Number {
    fn is_year(&self) -> bool {
        self.0.len() == 4
    }

    /// "26" is 2026. A slipped year ("0026") is none: nobody left before Atlassian was there.
    fn year(&self) -> Option<i16> {
        let year: i16 = self.0.parse().ok()?;
        match self.0.len() {
            2 => year.checked_add(2000),
            4 => Some(year),
            _ => None,
        }
    }

    fn small(&self) -> Option<i8> {
        self.0.parse().ok().filter(|_| self.0.len() <= 2)
    }
}

/// A text taken apart.
#[derive(Debug, Default)]
struct Said {
    numbers: Vec<Number>,
    month: Option<i8>,
    part: Option<Word>,
    /// What stands between the first two numbers.
    separator: Option<char>,
}

impl Said {
    /// `None` where something stands in it that belongs to no day.
    fn of(text: &str) -> Option<Self> {
        let mut said = Self::default();
        let mut rest = text.trim().trim_end_matches(['.', ',']);
        while let Some(first) = rest.chars().next() {
            let alike = |c: char| match first {
                first if first.is_ascii_digit() => c.is_ascii_digit(),
                first if first.is_alphabetic() => c.is_alphabetic(),
                _ => false,
            };
            let mut end = rest.find(|c: char| !alike(c)).unwrap_or(rest.len());
            if end == 0 {
                end = first.len_utf8();
            }
            let (piece, after) = rest.split_at_checked(end)?;
            said.take(piece, first, after.is_empty())?;
            rest = after;
        }
        Some(said)
    }

    fn take(&mut self, piece: &str, first: char, is_last: bool) -> Option<()> {
        if first.is_ascii_digit() {
            if piece.len() > 4 || self.numbers.len() == 3 {
                return None;
            }
            self.numbers.push(Number(piece.to_owned()));
        } else if first.is_alphabetic() {
            match WORDS.get(piece)? {
                Word::Month(month) if self.month.is_none() => self.month = Some(*month),
                Word::Filler => {}
                Word::Ordinal if !self.numbers.is_empty() => {}
                part @ (Word::Begin | Word::Middle | Word::End) if self.part.is_none() => {
                    self.part = Some(*part)
                }
                _ => return None,
            }
        } else if first.is_whitespace() {
        } else if is_last || !matches!(first, '.' | '-' | '/' | ',') {
            return None;
        } else if self.numbers.len() == 1 && self.separator.is_none() {
            self.separator = Some(first);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(typed: &str) -> Result<String, &'static str> {
        let today = Day::from(jiff::civil::date(2026, 6, 20));
        let month = |named: Named| if named.is_month { " month" } else { "" };
        read(typed, today)
            .map(|named| format!("{}{}", named.day, month(named)))
            .map_err(|sentence| sentence.key)
    }

    #[test]
    fn reads_days_as_people_write_them() {
        for (typed, expected) in [
            ("2026-01-31", "2026-01-31"),
            ("2026/01/31", "2026-01-31"),
            ("31.01.2026", "2026-01-31"),
            ("31.01.2026.", "2026-01-31"),
            ("1.2.2026", "2026-02-01"),
            ("1. 2. 2026", "2026-02-01"),
            ("2026-6-1", "2026-06-01"),
            ("31.10.25", "2025-10-31"),
            ("1.2.26", "2026-02-01"),
            ("31/10/2025", "2025-10-31"),
            ("10/31/2025", "2025-10-31"),
            ("3/3/2026", "2026-03-03"),
            ("31-10-2025", "2025-10-31"),
            ("31. Oktober 2025", "2025-10-31"),
            ("am 31. Okt. 2025", "2025-10-31"),
            ("31 October 2025", "2025-10-31"),
            ("October 31, 2025", "2025-10-31"),
            ("31st of October 2025", "2025-10-31"),
            ("1. März 26", "2026-03-01"),
            ("15 Jänner 2026", "2026-01-15"),
        ] {
            assert_eq!(day(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn a_month_alone_stays_one() {
        for (typed, expected) in [
            ("Oktober 2025", "2025-10-31 month"),
            ("october 2025", "2025-10-31 month"),
            ("Okt. 2025", "2025-10-31 month"),
            ("10/2025", "2025-10-31 month"),
            ("10.2025", "2025-10-31 month"),
            ("2025-10", "2025-10-31 month"),
            ("end of October 2025", "2025-10-31 month"),
            ("Ende Oktober 2025", "2025-10-31 month"),
            ("Anfang Februar 2026", "2026-02-01 month"),
            ("mid-February 2026", "2026-02-15 month"),
            ("Februar 2024", "2024-02-29 month"),
            // The month that we are in.
            ("Juni 2026", "2026-06-20 month"),
        ] {
            assert_eq!(day(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn what_is_no_day_or_could_be_two_is_refused() {
        for typed in [
            "0026-01-31",
            "+026-01-31",
            "31.2.2026",
            "1/2/2026",
            "1-2-2026",
            "Januar",
            "Oktober 25",
            "Oktober 2025 November 2025",
            "Ende 2025",
            "1.2",
            "1.2.2026.3",
            "2026-01-31-",
            "20260131",
            "letzten Mai",
            "31.13.2025",
            "13/2025",
            "2026-01-31T10:00",
            "1999-12-31",
            "x",
            "…",
            "-",
        ] {
            assert_eq!(day(typed), Err("intake-error-day"), "{typed}");
        }
        for typed in ["2026-06-21", "Juli 2026", "1.1.99"] {
            assert_eq!(day(typed), Err("intake-error-day-future"), "{typed}");
        }
    }

    mod properties {
        use super::*;

        proptest::proptest! {
            #[test]
            fn nothing_typed_is_too_much(typed in "\\PC{0,30}|[0-9./ -]{0,12}|[0-9]{1,4}[./ -][a-zäÄ]{2,9}[. ]{0,2}[0-9]{0,5}") {
                let today = Day::from(jiff::civil::date(2026, 6, 20));
                if let Ok(named) = read(&typed, today) {
                    proptest::prop_assert!(named.day <= today && named.day.year() >= 2000);
                }
            }

            #[test]
            fn one_day_in_all_its_writings(year in 2000_i16..2026, month in 1_i8..=12, day in 1_i8..=28) {
                let today = Day::from(jiff::civil::date(2026, 6, 20));
                let date = jiff::civil::date(year, month, day);
                for format in ["%Y-%m-%d", "%d.%m.%Y", "%-d.%-m.%Y", "%-d.%-m.%y", "%-d %B %Y", "%B %-d, %Y", "%b. %-d, %Y"] {
                    let named = parse(&date.strftime(format).to_string(), today);
                    proptest::prop_assert_eq!(named, Some(Named { day: Day::from(date), is_month: false }), "{}", format);
                }
            }
        }
    }
}
