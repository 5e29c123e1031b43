//! How the cases ended that were closed and are still closed, and how many of them were solved without us.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sqlx::PgConnection;
use strum::VariantArray as _;

use super::{Asking, Cell, Form, Read, Table};
use crate::{case::state::Outcome, clock::Timestamp};

/// How many ended so, by the number of their week, month or year.
type Endings = BTreeMap<(String, usize), i64>;

async fn count(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Endings> {
    let bounds = asking.range.bounds(asking.zone);
    let rows = sqlx::query!(
        r#"select c.outcome as "outcome!", width_bucket(w.since, $1::timestamptz[]) as "bucket!", count(*) as "cases!"
         from case_waits w join cases c on c.id = w.case_id
         where w.state = 'closed' and w.until is null and w.since >= $2 and w.since < $3 and c.outcome is not null
         group by 1, 2"#,
        &bounds as &[Timestamp],
        asking.from as Timestamp,
        asking.until as Timestamp,
    )
    .fetch_all(connection)
    .await
    .context("could not count how cases ended")?;
    let at = |bucket: i32| usize::try_from(bucket).unwrap_or_default().saturating_sub(1);
    Ok(rows.into_iter().map(|row| ((row.outcome, at(row.bucket)), row.cases)).collect())
}

pub(super) async fn outcomes(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Read> {
    let counted = count(connection, asking).await?;
    let all: i64 = counted.values().sum();
    let rows = Outcome::VARIANTS.iter().map(|outcome| {
        let word: &str = outcome.into();
        let cases = counted.iter().filter(|((outcome, _), _)| outcome == word).map(|(_, cases)| cases).sum();
        vec![asking.say("outcome", word), Cell::Count(cases), Cell::Share(cases, all)]
    });
    let table = Table { rows: rows.collect(), columns: asking.heading(&["outcome", "cases", "share"]) };
    Ok((table, Form::Bars, vec![1]))
}

/// What the guide solves before there is a case is not counted here: it would be a column of its own.
pub(super) async fn self_service(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Read> {
    let counted = count(connection, asking).await?;
    let alone: &str = Outcome::SelfService.into();
    let unit: &str = asking.range.unit.into();
    let mut table =
        Table { columns: asking.heading(&[unit, "closed", "self-service", "share"]), rows: Vec::new() };
    for (at, day) in asking.range.units().into_iter().enumerate() {
        let here = || counted.iter().filter(|((_, bucket), _)| *bucket == at);
        let closed = here().map(|(_, cases)| cases).sum();
        let solved = here().filter(|((outcome, _), _)| outcome == alone).map(|(_, cases)| cases).sum();
        table.rows.push(vec![
            Cell::Words(asking.range.name(day, asking.language)),
            Cell::Count(closed),
            Cell::Count(solved),
            Cell::Share(solved, closed),
        ]);
    }
    Ok((table, Form::Columns, vec![1, 2]))
}
