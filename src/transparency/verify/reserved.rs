//! Numbers that were reserved for a request and have no case: it failed, or is being filed at this moment. Each is named to whoever verifies,
//! and none is a finding while nothing speaks of a case under that number.
//!
//! The attacker is a superuser who removes a case and says that its number was only ever reserved. Whatever else speaks of that number tells
//! that there was a case: a leaf of the log, what waits to be one, a letter whose signed return address has it. A case that they remove
//! before the log took it, with all of that, is no finding; its number stays among those that are named, for good, since none
//! is given out again, and whoever asks has what the customer was sent.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{Finding, Verified};

/// Found at once, and named at once.
const MOST: i64 = 1_000;

/// Numbers that no case has, nor ever had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unused {
    /// The first of them.
    pub numbers: Vec<String>,
    pub count: usize,
}

/// Those whose reservation excuses nothing come first, so that no crowd of others hides one.
pub(super) async fn look(connection: &mut PgConnection, verified: &mut Verified) -> anyhow::Result<()> {
    let rows = sqlx::query!(
        r#"with reserved as (
             select r.year, r.running, 'HO-' || lpad(r.year::text, 4, '0') || '-'
                 || lpad(r.running::text, greatest(5, length(r.running::text)), '0') as number from reserved_numbers r
         ), seen as (
             select number, coalesce(running > y.last, true) as is_beyond, exists (select from cases c where c.number = r.number)
                     or exists (select from case_tombstones t where t.number = r.number) as has_case,
                 exists (select from log_leaves l where l.kind = 'case' and l.subject = r.number)
                     or exists (select from log_pending p where p.kind = 'case' and p.subject = r.number) as is_logged
             from reserved r left join case_numbers y using (year)
         )
         select number as "number!", is_beyond as "is_beyond!", has_case as "has_case!", is_logged as "is_logged!",
             count(*) filter (where not (is_beyond or has_case or is_logged)) over () as "unused!"
         from seen order by is_beyond or has_case or is_logged desc, number limit $1"#,
        MOST,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not look at reserved numbers")?;
    let Some(first) = rows.first() else { return Ok(()) };
    let mut unused = Unused { numbers: Vec::new(), count: usize::try_from(first.unused)? };
    // Only where there are reservations, as it reads all letters.
    let mut written = list_written(connection).await?;
    for row in rows {
        if row.has_case {
            verified.add(Finding::StillReserved(row.number));
        } else if row.is_beyond {
            verified.add(Finding::NoNumber(row.number));
        } else if row.is_logged {
            written.retain(|number| *number != row.number);
            verified.add(Finding::NoCase(row.number));
        } else if !written.contains(&row.number) {
            unused.numbers.push(row.number);
        }
    }
    unused.count = unused.count.saturating_sub(written.len());
    written.into_iter().for_each(|number| verified.add(Finding::NoCase(number)));
    verified.unused = unused;
    Ok(())
}

/// Reserved numbers that the return address of a letter has whose case is not there.
async fn list_written(connection: &mut PgConnection) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"with lost as (
             select distinct substring(lower(e.envelope_from) from '\+ho-([0-9]{4}-[0-9]{5,9})\.') as number from emails e
             where e.correlation_id is not null and not exists (select from cases c where c.id = e.correlation_id)
         )
         select 'HO-' || l.number as "number!" from lost l
         join reserved_numbers r on r.year = split_part(l.number, '-', 1)::integer and r.running = split_part(l.number, '-', 2)::integer
         limit $1"#,
        MOST,
    )
    .fetch_all(connection)
    .await
    .context("could not look for letters of cases that are gone")
}
