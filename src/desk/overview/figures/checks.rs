//! Which checks fail most: in how many cases a check came to which verdict, by the trail, so that one that was mended later counts, too.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{Asking, Cell, Form, Read, Table};
use crate::clock::Timestamp;

pub(super) async fn read(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Read> {
    // The kinds of events are those of the index `case_events_verdicts`. An objection is the failure of what was asked.
    let rows = sqlx::query!(
        r#"select kind as "kind!", count(*) filter (where verdict = 'failed') as "failed!",
             count(*) filter (where verdict = 'inconclusive') as "inconclusive!",
             count(*) filter (where verdict = 'passed') as "passed!", count(*) filter (where verdict = 'waived') as "waived!"
         from (select distinct case_id, case kind when 'confirmed' then 'requester_email' when 'called' then 'callback'
                     when 'succession_accepted' then 'successor' when 'succession_declined' then 'successor'
                     when 'vouched' then 'vouch'
                     when 'objected' then case actor when 'registered_contact' then 'vouch' else 'departed_notice' end
                     else data ->> 'check' end as kind,
                 case when kind in ('succession_declined', 'objected') then 'failed' when kind = 'check_waived' then 'waived'
                     when kind in ('confirmed', 'succession_accepted', 'vouched') then 'passed'
                     else data ->> 'verdict' end as verdict
             from case_events
             where at >= $1 and at < $2 and kind in ('confirmed', 'check_recorded', 'called', 'check_decided', 'check_waived',
                 'succession_accepted', 'succession_declined', 'vouched', 'objected')) verdicts
         where kind is not null
         group by kind order by 2 desc, 3 desc, 1"#,
        asking.from as Timestamp,
        asking.until as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not count the verdicts of checks")?;
    let columns = ["check", "failed", "inconclusive", "passed", "waived"];
    let rows = rows.into_iter().map(|row| {
        let counts = [row.failed, row.inconclusive, row.passed, row.waived];
        [asking.say("check", &row.kind)].into_iter().chain(counts.map(Cell::Count)).collect()
    });
    Ok((Table { columns: asking.heading(&columns), rows: rows.collect() }, Form::Stacks, vec![1, 2]))
}
