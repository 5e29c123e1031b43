//! Our time and theirs: of the cases that were closed, for how long each party had them, in business time.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{Asking, Cell, Form, Read, Table};
use crate::clock::Timestamp;

/// Everybody who is waited for, in the order of the queue.
pub(super) const PARTIES: [&str; 5] = ["us", "customer", "departed_contact", "voucher", "atlassian"];

pub(super) async fn read(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Read> {
    let rows = sqlx::query!(
        r#"with closings as (select case_id from case_waits
             where state = 'closed' and until is null and since >= $1 and since < $2),
         taken as (select w.party, sum((business_seconds(w.until, $3, $4, $5) - business_seconds(w.since, $3, $4, $5))::float8)
                 as seconds
             from closings join case_waits w using (case_id)
             where w.until is not null and w.party <> 'nobody' group by w.case_id, w.party)
         select party, count(*) as "cases!", percentile_cont(array[0.5, 0.9]) within group (order by seconds) as "percentiles!"
         from taken group by party"#,
        asking.from as Timestamp,
        asking.until as Timestamp,
        &asking.spans.opens as &[Timestamp],
        &asking.spans.closes as &[Timestamp],
        &asking.spans.before,
    )
    .fetch_all(connection)
    .await
    .context("could not tell how long cases waited")?;
    let mut table = Table { columns: asking.heading(&["party", "cases", "median", "p90"]), rows: Vec::new() };
    for party in PARTIES {
        let found = rows.iter().find(|row| row.party == party);
        let percentile = |at: usize| {
            Cell::Time(found.and_then(|row| row.percentiles.get(at)).map(|seconds| seconds.round() as i64))
        };
        let cases = Cell::Count(found.map_or(0, |row| row.cases));
        table.rows.push(vec![asking.say("overview-party", party), cases, percentile(0), percentile(1)]);
    }
    Ok((table, Form::Bars, vec![2, 3]))
}
