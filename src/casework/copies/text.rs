//! A text of a model case, taken apart: what stays, and what another case has in its place. Pure.
//!
//! Days and instants are recognised by what they look like, everything else by the words that it is.

use aho_corasick::{AhoCorasick, MatchKind};
use anyhow::Context as _;
use jiff::{SignedDuration, civil::Date};

use crate::{
    clock::{Day, Timestamp},
    lang::Language,
    view::{write_day, write_day_in_full},
};

/// Days around the model's that are recognised: from expired licences to the last one that ends in years.
const DAYS_BEFORE: i64 = 500;
const DAYS_AFTER: i64 = 900;

/// How a day is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    Iso,
    Short(Language),
    Full(Language),
}

#[derive(Clone, Debug)]
enum Piece {
    Words(String),
    /// By its place among the values.
    Value(usize),
    Day(Date, Form),
    /// With what stands between day and time, and behind.
    Instant(Timestamp, char, &'static str),
}

/// What a copy has in place of the model's.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    pub texts: Vec<String>,
    /// Whole weeks, so that days of the week stay what they were.
    pub weeks: i64,
    /// Beside them, for instants alone.
    pub beside: SignedDuration,
}

impl Values {
    pub fn at(&self, model: Timestamp) -> Timestamp {
        model.after(SignedDuration::from_hours(self.weeks.saturating_mul(7 * 24)).saturating_add(self.beside))
    }

    pub fn get(&self, place: usize) -> &str {
        self.texts.get(place).map_or("", String::as_str)
    }

    pub fn set(&mut self, place: usize, text: String) {
        if let Some(value) = self.texts.get_mut(place) {
            *value = text;
        }
    }
}

/// Finds what is to be replaced.
pub(super) struct Finder {
    automaton: AhoCorasick,
    found: Vec<Piece>,
}

impl Finder {
    /// `values` are the words of the model, in their places; empty ones and repeated ones are nowhere.
    pub fn try_new(values: &[String], around: Date) -> anyhow::Result<Self> {
        let mut needles: Vec<String> = Vec::new();
        let mut found: Vec<Piece> = Vec::new();
        for (place, value) in values.iter().enumerate() {
            if !value.is_empty() && !needles.contains(value) {
                needles.push(value.clone());
                found.push(Piece::Value(place));
            }
        }
        for away in -DAYS_BEFORE..DAYS_AFTER {
            let day = around.saturating_add(jiff::Span::new().days(away));
            for form in [
                Form::Iso,
                Form::Short(Language::De),
                Form::Short(Language::En),
                Form::Full(Language::De),
                Form::Full(Language::En),
            ] {
                needles.push(write(day, form));
                found.push(Piece::Day(day, form));
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&needles)
            .context("could not prepare the words of a model")?;
        Ok(Self { automaton, found })
    }

    pub fn take_apart(&self, text: &str) -> Text {
        let (mut pieces, mut from) = (Vec::new(), 0);
        for hit in self.automaton.find_iter(text) {
            if hit.start() < from {
                continue;
            }
            let Some(piece) = self.found.get(hit.pattern().as_usize()) else { continue };
            let (piece, end) = match piece {
                Piece::Day(day, Form::Iso) => with_time(text, hit.start(), hit.end())
                    .unwrap_or_else(|| (Piece::Day(*day, Form::Iso), hit.end())),
                other => (other.clone(), hit.end()),
            };
            let before = text.get(from..hit.start()).unwrap_or_default();
            if !before.is_empty() {
                pieces.push(Piece::Words(before.to_owned()));
            }
            pieces.push(piece);
            from = end;
        }
        let rest = text.get(from..).unwrap_or_default();
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        Text(pieces)
    }
}

/// The instant that begins with this day, and where it ends: as PostgreSQL, its JSON and ours write them, in UTC.
fn with_time(text: &str, start: usize, day_end: usize) -> Option<(Piece, usize)> {
    let rest = text.get(day_end..)?;
    let between = rest.chars().next().filter(|sign| matches!(sign, 'T' | ' '))?;
    let digits = rest.get(1..)?.find(|sign: char| !matches!(sign, '0'..='9' | ':' | '.'))?.saturating_add(1);
    let zone = ["+00:00", "+00", "Z"]
        .into_iter()
        .find(|zone| rest.get(digits..).is_some_and(|behind| behind.starts_with(zone)))?;
    let time = rest.get(1..digits)?;
    let day = text.get(start..day_end)?;
    let at: jiff::Timestamp = format!("{day}T{time}Z").parse().ok()?;
    let end = day_end.saturating_add(digits).saturating_add(zone.len());
    Some((Piece::Instant(at.into(), between, zone), end))
}

fn write(day: Date, form: Form) -> String {
    match form {
        Form::Iso => day.to_string(),
        Form::Short(language) => write_day(day.into(), language),
        Form::Full(language) => write_day_in_full(Day::from(day), language),
    }
}

/// A text with its gaps.
#[derive(Clone, Debug, Default)]
pub(super) struct Text(Vec<Piece>);

impl Text {
    pub fn render(&self, values: &Values) -> String {
        let mut text = String::new();
        self.render_into(values, &mut text);
        text
    }

    pub fn render_into(&self, values: &Values, to: &mut String) {
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => to.push_str(words),
                Piece::Value(place) => to.push_str(values.get(*place)),
                Piece::Day(day, form) => {
                    let day = day.saturating_add(jiff::Span::new().weeks(values.weeks));
                    to.push_str(&write(day, *form));
                }
                Piece::Instant(at, between, zone) => {
                    let at = values.at(*at).to_string();
                    let (day, time) = at.split_once('T').unwrap_or((&at, ""));
                    to.push_str(day);
                    to.push(*between);
                    to.push_str(time.trim_end_matches('Z'));
                    to.push_str(zone);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_days_and_instants_are_replaced_and_nothing_else() {
        let values =
            ["Nordlicht AG".to_owned(), "nordlicht.example".to_owned(), String::new(), "Nord".to_owned()];
        let finder = Finder::try_new(&values, jiff::civil::date(2026, 11, 22)).unwrap();
        let copy = Values {
            texts: ["Optik KG", "optik.example", "x", "South"].map(ToOwned::to_owned).to_vec(),
            weeks: -2,
            beside: SignedDuration::from_micros(-1),
        };
        for (text, expected) in [
            ("Nordlicht AG, Nord, a@nordlicht.example", "Optik KG, South, a@optik.example"),
            ("Sunday, 22 November 2026", "Sunday, 8 November 2026"),
            ("22.11.2026 or 2026-11-22", "8.11.2026 or 2026-11-08"),
            ("2026-11-22 10:00:00.5+00", "2026-11-08 10:00:00.499999+00"),
            ("\"2026-11-22T10:00:00.000001Z\"", "\"2026-11-08T10:00:00Z\""),
            ("{\"at\": \"2026-11-22T10:00:01+00:00\"}", "{\"at\": \"2026-11-08T10:00:00.999999+00:00\"}"),
            ("2019-01-01", "2019-01-01"),
        ] {
            assert_eq!(finder.take_apart(text).render(&copy), expected, "{text}");
        }
    }
}
