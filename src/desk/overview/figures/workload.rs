//! What each member of staff has: open cases now, and how many of theirs were closed. Not how fast anybody is: that a case waits for
//! us is the desk's matter, and the figures of one person are no measure of it.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{Asking, Cell, Form, Read, Table};
use crate::clock::Timestamp;

pub(super) async fn read(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Read> {
    let rows = sqlx::query!(
        r#"with opened as (select owner_id, count(*) as cases, count(*) filter (where waiting_for = 'us') as ours,
                 count(*) filter (where waiting_for = 'us' and due_at < $3) as late
             from cases where state <> 'closed' group by owner_id),
         closed as (select c.owner_id, count(*) as cases from case_waits w join cases c on c.id = w.case_id
             where w.state = 'closed' and w.until is null and w.since >= $1 and w.since < $2 group by c.owner_id),
         people as (select id, name from staff where disabled_at is null and kind = 'person' and role <> 'auditor'
             union select s.id, s.name from staff s where s.id in (select owner_id from opened union select owner_id from closed)
             union all select null, null)
         select p.name as "name?", coalesce(o.cases, 0) as "open!", coalesce(o.ours, 0) as "ours!", coalesce(o.late, 0) as "late!",
             coalesce(c.cases, 0) as "closed!"
         from people p left join opened o on o.owner_id is not distinct from p.id
             left join closed c on c.owner_id is not distinct from p.id
         order by p.id is null, 2 desc, p.name, p.id"#,
        asking.from as Timestamp,
        asking.until as Timestamp,
        asking.now as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not count who has which cases")?;
    let rows = rows.into_iter().map(|row| {
        let name = row.name.map_or_else(|| asking.say("overview", "nobody"), Cell::Words);
        let counts = [row.open, row.ours, row.late, row.closed];
        [name].into_iter().chain(counts.map(Cell::Count)).collect()
    });
    let columns = ["person", "open", "ours", "overdue", "closed"];
    Ok((Table { columns: asking.heading(&columns), rows: rows.collect() }, Form::Bars, vec![1, 2]))
}
