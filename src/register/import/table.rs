//! A file as columns and records, whether it was CSV or JSON. Knows nothing of what they mean.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use csv::StringRecord;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reason::Reason;

/// What a file was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Format {
    Csv { delimiter: char },
    Json,
}

/// All records of a file, not yet taken apart: a text is read twice, once for what is wrong with it and once for its records, so that a
/// long file is not there a second time.
#[derive(Debug)]
pub struct Table<'text> {
    pub format: Format,
    pub columns: Vec<String>,
    /// How many records there are.
    pub many: usize,
    /// What could not even be cut into columns, by line.
    pub refused: Vec<(u64, Reason)>,
    source: Source<'text>,
}

#[derive(Debug)]
enum Source<'text> {
    Csv(Sheet<'text>),
    Json(Vec<Record>),
}

/// The cells of one record, in the order of the columns.
#[derive(Debug)]
pub struct Record {
    /// The line of a CSV file, the header being 1; the number of the entry in a JSON list, from 1.
    pub line: u64,
    pub cells: StringRecord,
}

impl<'text> Table<'text> {
    /// Reads JSON where the text starts as JSON, else CSV.
    pub fn parse(text: &'text str) -> anyhow::Result<Self> {
        if text.trim_start().starts_with(['[', '{']) { Self::parse_json(text) } else { Self::parse_csv(text) }
    }

    /// The good records, in their order.
    pub fn into_records(self) -> Box<dyn Iterator<Item = Record> + Send + 'text> {
        match self.source {
            Source::Csv(sheet) => Box::new(sheet.read(self.columns.len()).filter_map(Result::ok)),
            Source::Json(records) => Box::new(records.into_iter()),
        }
    }

    fn parse_csv(text: &'text str) -> anyhow::Result<Self> {
        let (told, text, lines_before) = separator_line(text);
        let delimiter = told.unwrap_or_else(|| sniff_delimiter(text));
        let byte = u8::try_from(delimiter).context("the separator is not an ASCII character")?;
        let sheet = Sheet { text, delimiter: byte, lines_before };
        let mut header = sheet.cut();
        let header = header.next().context("the file is empty")?.context("could not read the header")?;
        let columns: Vec<String> = header.iter().map(|column| column.trim().to_owned()).collect();
        let (mut many, mut refused) = (0_usize, Vec::new());
        for record in sheet.read(columns.len()) {
            match record {
                Ok(_) => many = many.saturating_add(1),
                Err(why) => refused.push(why),
            }
        }
        let (format, source) = (Format::Csv { delimiter }, Source::Csv(sheet));
        Ok(Self { format, columns, many, refused, source })
    }

    fn parse_json(text: &'text str) -> anyhow::Result<Self> {
        let document: Value = serde_json::from_str(text).context("the file is not valid JSON")?;
        let mut positions = BTreeMap::new();
        let mut entries = Vec::new();
        let mut refused = Vec::new();
        for (line, entry) in (1..).zip(entries_of(document)?) {
            let Value::Object(_) = entry else {
                refused.push((line, Reason::NotAnObject));
                continue;
            };
            let mut cells = HashMap::new();
            flatten("", &entry, &mut cells);
            for path in cells.keys() {
                positions.insert(path.clone(), 0);
            }
            entries.push((line, cells));
        }
        let columns: Vec<String> = positions.into_keys().collect();
        let records: Vec<Record> = entries
            .into_iter()
            .map(|(line, mut cells)| Record {
                line,
                cells: columns.iter().map(|column| cells.remove(column).unwrap_or_default()).collect(),
            })
            .collect();
        let (many, source) = (records.len(), Source::Json(records));
        Ok(Self { format: Format::Json, columns, many, refused, source })
    }
}

/// The text of a CSV file behind what says how it is separated.
#[derive(Clone, Copy, Debug)]
struct Sheet<'text> {
    text: &'text str,
    delimiter: u8,
    lines_before: u64,
}

impl<'text> Sheet<'text> {
    /// All records, the header first.
    fn cut(self) -> csv::StringRecordsIntoIter<&'text [u8]> {
        let mut reader = csv::ReaderBuilder::new();
        reader.delimiter(self.delimiter).has_headers(false).flexible(true);
        reader.from_reader(self.text.as_bytes()).into_records()
    }

    /// The records behind the header, or what is wrong with them, without those that are empty.
    fn read(self, expected: usize) -> impl Iterator<Item = Result<Record, (u64, Reason)>> + Send + 'text {
        let mut lines = Lines { text: self.text, counted_to: 0, line: self.lines_before.saturating_add(1) };
        self.cut().skip(1).filter_map(move |record| match record {
            Ok(record) => fit(lines.line_at(record.position()), record, expected),
            Err(error) => Some(Err((lines.line_at(error.position()), Reason::Unreadable))),
        })
    }
}

fn fit(line: u64, mut cells: StringRecord, expected: usize) -> Option<Result<Record, (u64, Reason)>> {
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return None;
    }
    // Spreadsheets add empty cells at the end.
    while cells.len() > expected && cells.iter().next_back().is_some_and(|cell| cell.trim().is_empty()) {
        cells.truncate(cells.len().saturating_sub(1));
    }
    let found = cells.len();
    Some(if found == expected {
        Ok(Record { line, cells })
    } else {
        Err((line, Reason::Columns { found, expected }))
    })
}

/// Counts lines as an editor does. The CSV reader's own count takes the blank lines before a record for its first.
struct Lines<'a> {
    text: &'a str,
    counted_to: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the record that begins at or after `position` begins; asked in ascending order.
    fn line_at(&mut self, position: Option<&csv::Position>) -> u64 {
        let from = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        let bytes = self.text.as_bytes();
        let blank = bytes.iter().skip(from).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let to = from + blank;
        let passed = bytes.get(self.counted_to..to).unwrap_or_default();
        self.line += passed.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.counted_to = to.max(self.counted_to);
        self.line
    }
}

/// A first line `sep=;`, as Excel writes and reads it: the separator, the rest, how many lines that took.
fn separator_line(text: &str) -> (Option<char>, &str, u64) {
    let Some((first, rest)) = text.split_once('\n') else { return (None, text, 0) };
    let told = first.trim_end_matches('\r').strip_prefix("sep=");
    match told.map(|told| told.chars().collect::<Vec<_>>()).as_deref() {
        Some([delimiter]) => (Some(*delimiter), rest, 1),
        _ => (None, text, 0),
    }
}

/// The separator that the header holds most of, outside quotation marks; the comma where it holds none.
fn sniff_delimiter(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [(',', 0_usize), (';', 0), ('\t', 0)];
    for character in text.trim_start().chars() {
        match character {
            '"' => quoted = !quoted,
            '\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(*delimiter == character);
                }
            }
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    counts.into_iter().find(|(_, count)| Some(*count) == most).map_or(',', |(delimiter, _)| delimiter)
}

/// The list of entries: the document itself, or the only list in the object around it.
fn entries_of(document: Value) -> anyhow::Result<Vec<Value>> {
    match document {
        Value::Array(entries) => Ok(entries),
        Value::Object(members) => {
            let mut lists: Vec<Vec<Value>> = members
                .into_iter()
                .filter_map(|(_, member)| if let Value::Array(list) = member { Some(list) } else { None })
                .collect();
            match (lists.pop(), lists.is_empty()) {
                (Some(list), true) => Ok(list),
                _ => anyhow::bail!("the JSON object must hold exactly one list, such as \"licenses\""),
            }
        }
        _ => anyhow::bail!("the JSON file must hold a list of objects, or an object around such a list"),
    }
}

/// The scalar values below `value` by their path, `contact.email`. Lists of scalars become one text with spaces.
fn flatten(path: &str, value: &Value, cells: &mut HashMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, member, cells);
            }
        }
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().filter_map(scalar).collect();
            cells.insert(path.to_owned(), texts.join(" "));
        }
        _ => {
            cells.insert(path.to_owned(), scalar(value).unwrap_or_default());
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(table: Table<'_>) -> Vec<(u64, Vec<String>)> {
        let many = table.many;
        let cells = |record: Record| (record.line, record.cells.iter().map(str::to_owned).collect());
        let all: Vec<_> = table.into_records().map(cells).collect();
        assert_eq!(all.len(), many);
        all
    }

    fn first(table: Table<'_>) -> Record {
        table.into_records().next().unwrap()
    }

    fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn sniffs_the_separator_outside_quotes() {
        for (text, delimiter) in [
            ("a,b,c\n1,2,3", ','),
            ("a;b;c\n1;2;3", ';'),
            ("a\tb\tc\n1\t2\t3", '\t'),
            ("\"a,x,y,z\";b;c\n1;2;3", ';'),
            ("sep=\t\na\tb\tc\n1\t2\t3", '\t'),
            ("sep=;\r\na;b;c\r\n1;2;3", ';'),
        ] {
            let table = Table::parse(text).unwrap();
            assert_eq!(table.format, Format::Csv { delimiter }, "{text:?}");
            assert_eq!(table.columns.len(), 3);
            assert_eq!(first(table).cells, vec!["1", "2", "3"]);
        }
        assert_eq!(Table::parse("only\n1").unwrap().format, Format::Csv { delimiter: ',' });
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let table = Table::parse("a;b\n1;2\n\n\n3;\"4\n5\"\n6\n;\n7;8;;\n9;8;7\n").unwrap();
        assert_eq!(
            table.refused,
            [(7, Reason::Columns { found: 1, expected: 2 }), (10, Reason::Columns { found: 3, expected: 2 })]
        );
        assert_eq!(cells(table), [(2, row(["1", "2"])), (5, row(["3", "4\n5"])), (9, row(["7", "8"]))]);
        for (text, line) in [("sep=;\na;b\n1;2", 3), ("a;b\r\n\r\n1;2\r\n", 3), ("\n\na;b\n1;2\n", 4)] {
            assert_eq!(first(Table::parse(text).unwrap()).line, line, "{text:?}");
        }
    }

    #[test]
    fn json_is_flattened_to_paths() {
        let table = Table::parse(
            r#" {"_links": {}, "licenses": [
                {"id": 7, "contact": {"email": "a@b.example", "tags": ["x", "y"]}, "gone": null},
                5,
                {"id": 8, "active": true}]}"#,
        )
        .unwrap();
        assert_eq!(table.columns, ["active", "contact.email", "contact.tags", "gone", "id"]);
        assert_eq!(table.refused, [(2, Reason::NotAnObject)]);
        assert_eq!(
            cells(table),
            [(1, row(["", "a@b.example", "x y", "", "7"])), (3, row(["true", "", "", "", "8"]))]
        );
    }

    #[test]
    fn files_without_a_table_are_refused() {
        for text in ["", "{\"a\": 1}", "{\"a\": [], \"b\": []}", "[1,", "{"] {
            assert!(Table::parse(text).is_err(), "{text}");
        }
    }
}
