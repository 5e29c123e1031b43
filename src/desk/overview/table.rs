//! The rows of a figure, as the page and the file show them. Both write the same cells, so that they can't differ.

use anyhow::Context as _;

use super::plot::Series;
use crate::{
    desk::queue::csv::safe,
    lang::{Arguments, Language},
};

/// One figure's columns and rows. Headings are in the reader's language.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Words(String),
    Count(i64),
    /// Seconds of business time; nothing where there is none to tell.
    Time(Option<i64>),
    /// So many of so many.
    Share(i64, i64),
}

impl Cell {
    /// As people read it.
    pub fn written(&self, language: Language) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Count(count) => count.to_string(),
            Self::Time(None) => "–".to_owned(),
            Self::Time(Some(seconds)) => write_time(*seconds, language),
            Self::Share(part, whole) => match percent(*part, *whole) {
                Some(percent) => {
                    let arguments: Arguments<'_> = [("percent".into(), percent.into())].into();
                    language.text_with("overview-percent", &arguments)
                }
                None => "–".to_owned(),
            },
        }
    }

    /// As a spreadsheet reckons with it: times in hours, shares in percent.
    fn for_spreadsheet(&self, language: Language) -> String {
        match self {
            Self::Words(words) => safe(words),
            Self::Count(count) => count.to_string(),
            Self::Time(seconds) => seconds.map(|seconds| hours(seconds, language)).unwrap_or_default(),
            Self::Share(part, whole) => {
                percent(*part, *whole).map(|percent| percent.to_string()).unwrap_or_default()
            }
        }
    }

    pub fn is_number(&self) -> bool {
        !matches!(self, Self::Words(_))
    }

    pub fn is_something(&self) -> bool {
        self.value() > 0
    }

    fn value(&self) -> i64 {
        match self {
            Self::Words(_) => 0,
            Self::Count(count) => *count,
            Self::Time(seconds) => seconds.unwrap_or_default(),
            Self::Share(part, whole) => percent(*part, *whole).unwrap_or_default(),
        }
        .max(0)
    }
}

impl Table {
    /// One column as a series of a picture.
    pub fn series(&self, column: usize, language: Language) -> Series {
        let cells = || self.rows.iter().filter_map(|row| row.get(column));
        Series {
            name: self.columns.get(column).cloned().unwrap_or_default(),
            values: cells().map(Cell::value).collect(),
            written: cells().map(|cell| cell.written(language)).collect(),
        }
    }

    /// The whole file.
    pub fn csv(&self, language: Language) -> anyhow::Result<Vec<u8>> {
        // A German spreadsheet takes the comma for the decimal sign.
        let delimiter = if language == Language::De { b';' } else { b',' };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|column| safe(column)))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| cell.for_spreadsheet(language)))?;
        }
        // Without the mark at the beginning, spreadsheets take umlauts for something else.
        let mut body = "\u{feff}".as_bytes().to_vec();
        body.extend(writer.into_inner().map_err(|error| error.into_error()).context("could not end a file")?);
        Ok(body)
    }
}

/// Whole percent, rounded; nothing of nothing.
fn percent(part: i64, whole: i64) -> Option<i64> {
    let percent = (part.saturating_mul(200)).saturating_add(whole).checked_div(whole.saturating_mul(2))?;
    Some(percent.clamp(0, 100))
}

fn write_time(seconds: i64, language: Language) -> String {
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    let arguments: Arguments<'_> =
        [("hours".into(), hours.into()), ("minutes".into(), minutes.into())].into();
    let key = if hours > 0 { "overview-hours" } else { "overview-minutes" };
    language.text_with(key, &arguments)
}

/// Hundredths of an hour.
fn hours(seconds: i64, language: Language) -> String {
    let hundredths = seconds.saturating_add(18) / 36;
    let sign = if language == Language::De { ',' } else { '.' };
    format!("{}{sign}{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_for_people_and_for_spreadsheets() {
        for (cell, english, file_de) in [
            (Cell::Words("=1+1".into()), "=1+1", "'=1+1"),
            (Cell::Count(12), "12", "12"),
            (Cell::Time(None), "–", ""),
            (Cell::Time(Some(59)), "0 min", "0,02"),
            (Cell::Time(Some(5400)), "1 h 30 min", "1,50"),
            (Cell::Time(Some(360_000)), "100 h 0 min", "100,00"),
            (Cell::Share(0, 0), "–", ""),
            (Cell::Share(1, 3), "33%", "33"),
            (Cell::Share(2, 3), "67%", "67"),
            (Cell::Share(1, 200), "1%", "1"),
        ] {
            assert_eq!(cell.written(Language::En), english, "{cell:?}");
            assert_eq!(cell.for_spreadsheet(Language::De), file_de, "{cell:?}");
        }
    }

    #[test]
    fn a_file_is_one_that_a_spreadsheet_opens() {
        let row = vec![Cell::Words("=HYPERLINK(\"x\";1)".into()), Cell::Time(Some(5400))];
        let table = Table { columns: vec!["Wer".into(), "Zeit".into()], rows: vec![row] };
        let file = String::from_utf8(table.csv(Language::De).unwrap()).unwrap();
        assert_eq!(file, "\u{feff}Wer;Zeit\n\"'=HYPERLINK(\"\"x\"\";1)\";1,50\n");
        assert!(String::from_utf8(table.csv(Language::En).unwrap()).unwrap().ends_with(",1.50\n"));
    }
}
