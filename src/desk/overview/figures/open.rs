//! What is open now: each state, by how long ago its cases were opened.

use anyhow::Context as _;
use sqlx::PgConnection;
use strum::VariantArray as _;

use super::{Asking, Cell, Form, Read, Table};
use crate::{case::state::Place, clock::Timestamp};

/// Days after which a case is older, in order; the words of the columns say the same.
const AGES: [i64; 4] = [7, 14, 28, 84];

pub(super) async fn read(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Read> {
    // As the database wants them: from the oldest on. A case that is just as old as one of them is no older.
    let edges: Vec<Timestamp> = AGES
        .iter()
        .rev()
        .map(|days| asking.now.after(jiff::SignedDuration::from_hours(-24 * days)))
        .collect();
    let rows = sqlx::query!(
        r#"select state, width_bucket(opened_at, $1::timestamptz[]) as "age!", count(*) as "cases!"
         from cases where state <> 'closed' group by 1, 2"#,
        &edges as &[Timestamp],
    )
    .fetch_all(connection)
    .await
    .context("could not count the open cases")?;
    let mut table = Table {
        columns: asking.heading(&["state", "age-1", "age-2", "age-4", "age-12", "age-older", "all"]),
        rows: Vec::new(),
    };
    for place in Place::VARIANTS.iter().filter(|place| **place != Place::Closed) {
        let mut counts = [0; AGES.len() + 1];
        for row in rows.iter().filter(|row| row.state == place.as_str()) {
            let newest_first = AGES.len().saturating_sub(usize::try_from(row.age).unwrap_or_default());
            if let Some(count) = counts.get_mut(newest_first) {
                *count += row.cases;
            }
        }
        let mut cells = vec![asking.say("state", place.as_str())];
        cells.extend(counts.map(Cell::Count));
        cells.push(Cell::Count(counts.iter().sum()));
        table.rows.push(cells);
    }
    Ok((table, Form::Stacks, (1..=AGES.len() + 1).collect()))
}
