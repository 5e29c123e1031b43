//! How the cases ended that were closed and are still closed, and how many of them were solved without us.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sqlx::PgConnection;
use strum::VariantArray as _;

use super::{Asking, Cell, Form, Read, Table};
use crate::{
    case::state::Outcome,
    clock::{Day, Timestamp},
};

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

/// How often somebody said that the guide solved it, by the number of their week, month or year. Anybody may press, and press again.
async fn solved_by_the_guide(
    connection: &mut PgConnection,
    asking: &Asking<'_>,
) -> anyhow::Result<BTreeMap<usize, i64>> {
    let units: Vec<Day> = asking.range.units().into_iter().map(Day::from).collect();
    let rows = sqlx::query!(
        r#"select width_bucket(day, $1::date[]) as "bucket!", sum(times)::bigint as "times!"
         from guide_answers where answer = 'solved' and day between $2 and $3 group by 1"#,
        &units as &[Day],
        Day::from(asking.range.from) as Day,
        Day::from(asking.range.to) as Day,
    )
    .fetch_all(connection)
    .await
    .context("could not count what the guide solved")?;
    let at = |bucket: i32| usize::try_from(bucket).unwrap_or_default().saturating_sub(1);
    Ok(rows.into_iter().map(|row| (at(row.bucket), row.times)).collect())
}

/// What the guide solved before there was a case stands in a column of its own: it is no part of the cases, and counted by pressing.
pub(super) async fn self_service(connection: &mut PgConnection, asking: &Asking<'_>) -> anyhow::Result<Read> {
    let counted = count(&mut *connection, asking).await?;
    let guide = solved_by_the_guide(connection, asking).await?;
    let alone: &str = Outcome::SelfService.into();
    let unit: &str = asking.range.unit.into();
    let mut table = Table {
        columns: asking.heading(&[unit, "closed", "self-service", "share", "guide"]),
        rows: Vec::new(),
    };
    for (at, day) in asking.range.units().into_iter().enumerate() {
        let here = || counted.iter().filter(|((_, bucket), _)| *bucket == at);
        let closed = here().map(|(_, cases)| cases).sum();
        let solved = here().filter(|((outcome, _), _)| outcome == alone).map(|(_, cases)| cases).sum();
        table.rows.push(vec![
            Cell::Words(asking.range.name(day, asking.language)),
            Cell::Count(closed),
            Cell::Count(solved),
            Cell::Share(solved, closed),
            Cell::Count(guide.get(&at).copied().unwrap_or_default()),
        ]);
    }
    Ok((table, Form::Columns, vec![1, 2, 4]))
}
