//! The figures: each one statement, a table, and the picture of it. What each of them means stands in docs/OPERATIONS.md.

mod checks;
mod endings;
mod flow;
mod open;
mod targets;
mod times;
mod workload;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{
    plot::{Form, Plot},
    range::Range,
    table::{Cell, Table},
};
use crate::{business_time::Spans, clock::Timestamp, lang::Language};

/// In the order in which they are shown.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Figure {
    /// Opened, taken up again and closed.
    Flow,
    /// What is open now, by state and age.
    Open,
    /// How long each party had the cases that were closed.
    Times,
    /// How often each target was met or missed, and by how much.
    Targets,
    Outcomes,
    /// Solved without us.
    SelfService,
    Checks,
    Workload,
}

/// What all figures are asked for.
#[derive(Debug)]
pub struct Asking<'a> {
    pub range: &'a Range,
    pub zone: &'a TimeZone,
    /// The first instant of the range, and the first after it.
    pub from: Timestamp,
    pub until: Timestamp,
    pub now: Timestamp,
    /// Business time from the first case on.
    pub spans: &'a Spans,
    pub language: Language,
}

/// A figure with what it shows.
#[derive(Debug)]
pub struct Shown {
    pub figure: Figure,
    pub table: Table,
    pub plot: Plot,
}

impl Figure {
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Whether it tells how things are now, whatever the range.
    pub fn is_of_now(self) -> bool {
        self == Self::Open
    }

    pub async fn read(self, connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Shown> {
        let (table, form, series) = match self {
            Self::Flow => flow::read(connection, asking).await?,
            Self::Open => open::read(connection, asking).await?,
            Self::Times => times::read(connection, asking).await?,
            Self::Targets => targets::read(connection, asking).await?,
            Self::Outcomes => endings::outcomes(connection, asking).await?,
            Self::SelfService => endings::self_service(connection, asking).await?,
            Self::Checks => checks::read(connection, asking).await?,
            Self::Workload => workload::read(connection, asking).await?,
        };
        let plot = picture(&table, form, &series, asking.language);
        Ok(Shown { figure: self, table, plot })
    }
}

/// A table, how it is drawn, and which of its columns.
type Read = (Table, Form, Vec<usize>);

/// The words before the first number name a row. A bar that is none is left to the table; in time, nothing is something, too.
fn picture(table: &Table, form: Form, columns: &[usize], language: Language) -> Plot {
    let drawn = |row: &&Vec<Cell>| {
        let any = columns.iter().filter_map(|column| row.get(*column)).any(Cell::is_something);
        any || form == Form::Columns
    };
    let table =
        Table { columns: table.columns.clone(), rows: table.rows.iter().filter(drawn).cloned().collect() };
    let name = |row: &Vec<Cell>| {
        let words = row.iter().take_while(|cell| !cell.is_number()).map(|cell| cell.written(language));
        words.collect::<Vec<_>>().join(" – ")
    };
    Plot {
        form,
        categories: table.rows.iter().map(name).collect(),
        series: columns.iter().map(|column| table.series(*column, language)).collect(),
    }
}

impl Asking<'_> {
    fn heading(&self, words: &[&str]) -> Vec<String> {
        words.iter().map(|word| self.language.text(&format!("overview-column-{word}"))).collect()
    }

    /// The sentence of a stored word.
    fn say(&self, family: &str, word: &str) -> Cell {
        Cell::Words(self.language.text(&format!("{family}-{word}")))
    }
}
