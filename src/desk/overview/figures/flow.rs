//! How many cases were opened, taken up again and closed in each week, month or year.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{Asking, Cell, Form, Read, Table};
use crate::clock::Timestamp;

pub(super) async fn read(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Read> {
    let bounds = asking.range.bounds(asking.zone);
    let rows = sqlx::query!(
        r#"select bucket as "bucket!", count(*) filter (where what = 'opened') as "opened!",
             count(*) filter (where what = 'reopened') as "reopened!", count(*) filter (where what = 'closed') as "closed!"
         from (select width_bucket(opened_at, $1::timestamptz[]) as bucket, 'opened' as what from cases
                 where opened_at >= $2 and opened_at < $3
             union all select width_bucket(until, $1), 'reopened' from case_waits
                 where state = 'closed' and until >= $2 and until < $3
             union all select width_bucket(since, $1), 'closed' from case_waits
                 where state = 'closed' and since >= $2 and since < $3) happened
         group by bucket"#,
        &bounds as &[Timestamp],
        asking.from as Timestamp,
        asking.until as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not count what was opened and closed")?;
    let unit: &str = asking.range.unit.into();
    let mut table = Table {
        columns: asking.heading(&[unit, "opened", "reopened", "closed"]),
        rows: Vec::with_capacity(bounds.len()),
    };
    for (at, day) in asking.range.units().into_iter().enumerate() {
        let found = rows.iter().find(|row| usize::try_from(row.bucket) == Ok(at + 1));
        let counts = found.map_or([0; 3], |row| [row.opened, row.reopened, row.closed]);
        let mut cells = vec![Cell::Words(asking.range.name(day, asking.language))];
        cells.extend(counts.map(Cell::Count));
        table.rows.push(cells);
    }
    Ok((table, Form::Columns, vec![1, 2, 3]))
}
