//! Writes copies, a batch in one transaction: all of it is there, or nothing.
//!
//! As the owner of the tables, whose triggers of our own are off meanwhile: what they would make of each row (digests, words to search by)
//! comes along, what they refuse is what the rules refused of the model. Checks, keys and references hold as always. Who else writes, or searches,
//! waits for the batch; who reads does not.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context as _, ensure};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::task::{JoinHandle, spawn_blocking};

use super::{
    copy::{Part, Sheets},
    model::Model,
    rows::{NUMBERED, TABLES},
};
use crate::{case::number::CaseNumber, casework::Casework, transparency::append};

/// Copies that the database takes while the next are made.
const AT_ONCE: usize = 250;

/// One copy that is wanted.
pub struct Copying {
    pub model: Arc<Model>,
    pub part: Part,
}

/// One that has its number, and those of its rows.
struct Numbered {
    copying: Copying,
    number: CaseNumber,
    serials: Vec<i64>,
}

/// Writes them, in the order of their days, with the numbers of the years that they were opened in.
///
/// # Errors
/// Outside of the demo, and where this connection is not that of the tables' owner.
pub async fn write(
    casework: &Casework,
    owner: &mut PgConnection,
    mut copies: Vec<Copying>,
) -> anyhow::Result<()> {
    ensure!(casework.app.settings.is_demo(), "cases are copied for the demo alone");
    let Some(model) = copies.first().map(|copying| Arc::clone(&copying.model)) else { return Ok(()) };
    copies.sort_by_key(|copying| copying.model.opened_at(&copying.part));
    let mut transaction = owner.begin().await.context("could not begin a transaction")?;
    switch_triggers(&mut transaction, false).await?;
    bundle_words(&mut transaction).await?;
    let mut numbered = number(casework, &mut transaction, copies).await?.into_iter();
    let mut made = make(casework, numbered.by_ref().take(AT_ONCE).collect());
    loop {
        let sheets = made.await.context("a copy was interrupted")??;
        if sheets.numbers.is_empty() {
            break;
        }
        made = make(casework, numbered.by_ref().take(AT_ONCE).collect());
        put(&mut transaction, &model, sheets).await?;
    }
    index_words(&mut transaction).await?;
    switch_triggers(&mut transaction, true).await?;
    transaction.commit().await.context("could not commit a batch of cases")
}

async fn number(
    casework: &Casework,
    connection: &mut PgConnection,
    copies: Vec<Copying>,
) -> anyhow::Result<Vec<Numbered>> {
    let mut numbers = take_numbers(casework, &mut *connection, &copies).await?;
    let mut serials: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for table in NUMBERED {
        let many =
            copies.iter().flat_map(|copying| &copying.model.serials).filter(|its| **its == table).count();
        serials.insert(table, take_serials(&mut *connection, table, many).await?);
    }
    let numbered = copies.into_iter().map(|copying| {
        let year = copying.model.opened_on(&copying.part, casework).year();
        let running = numbers.get_mut(&year).and_then(Iterator::next).context("a case without a number")?;
        let own = copying.model.serials.iter().map(|table| serials.get_mut(table).and_then(Vec::pop));
        let serials = own.collect::<Option<_>>().context("a row without a number")?;
        Ok(Numbered { number: CaseNumber::new(year, u32::try_from(running)?), copying, serials })
    });
    numbered.collect()
}

/// Beside the database's work.
fn make(casework: &Casework, copies: Vec<Numbered>) -> JoinHandle<anyhow::Result<Sheets>> {
    let casework = casework.clone();
    spawn_blocking(move || {
        let mut sheets = Sheets::default();
        for Numbered { copying: Copying { model, part }, number, serials } in copies {
            model.copy(&casework, (&part, &number), &serials, &mut sheets)?;
        }
        Ok(sheets)
    })
}

/// Whether copies can be written on this connection; changes nothing.
///
/// # Errors
/// Where it is not that of the tables' owner.
pub async fn try_out(owner: &mut PgConnection) -> anyhow::Result<()> {
    let mut transaction = owner.begin().await.context("could not begin a transaction")?;
    switch_triggers(&mut transaction, false).await?;
    transaction.rollback().await.context("could not take a try back")
}

/// The tables that are written, before any other in one order: two of us wait for each other.
async fn switch_triggers(connection: &mut PgConnection, on: bool) -> anyhow::Result<()> {
    let tables: Vec<&str> = TABLES
        .iter()
        .map(|(table, _)| *table)
        .chain(["case_events", "case_digests", "case_numbers"])
        .collect();
    let mut sql = String::new();
    if !on {
        sql = format!("lock table {} in share row exclusive mode;", tables.join(", "));
    }
    let word = if on { "enable" } else { "disable" };
    for table in tables {
        sql.push_str(&format!("alter table {table} {word} trigger user;"));
    }
    // Names of ours.
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.context(
        "could not switch the triggers of the tables: cases are copied as their owner (database.owner_url)",
    )?;
    Ok(())
}

/// The words of a batch go into the indexes of the search together: one after the other, each word that many cases have is packed anew for
/// each of them, which took more than half of the time.
async fn bundle_words(connection: &mut PgConnection) -> anyhow::Result<()> {
    let sql = "set local gin_pending_list_limit = '256MB';
        alter index case_search_words reset (gin_pending_list_limit);
        alter index case_search_names reset (gin_pending_list_limit)";
    sqlx::raw_sql(sql).execute(connection).await.context("could not let the words of a batch wait")?;
    Ok(())
}

/// Afterwards the indexes collect as little as the migration `collect_words_of_filings` lets them.
async fn index_words(connection: &mut PgConnection) -> anyhow::Result<()> {
    let sql =
        "select gin_clean_pending_list('case_search_words'), gin_clean_pending_list('case_search_names');
        alter index case_search_words set (gin_pending_list_limit = 64);
        alter index case_search_names set (gin_pending_list_limit = 64)";
    sqlx::raw_sql(sql).execute(connection).await.context("could not index the words of a batch")?;
    Ok(())
}

/// The running numbers of each year.
async fn take_numbers(
    casework: &Casework,
    connection: &mut PgConnection,
    copies: &[Copying],
) -> anyhow::Result<BTreeMap<i16, std::ops::RangeInclusive<i32>>> {
    let mut wanted: BTreeMap<i16, i32> = BTreeMap::new();
    for copying in copies {
        let many = wanted.entry(copying.model.opened_on(&copying.part, casework).year()).or_default();
        *many = many.saturating_add(1);
    }
    let mut numbers = BTreeMap::new();
    for (year, many) in wanted {
        let last = sqlx::query_scalar!(
            "insert into case_numbers (year, last) values ($1, $2)
             on conflict (year) do update set last = case_numbers.last + $2 returning last",
            i32::from(year),
            many,
        )
        .fetch_one(&mut *connection)
        .await
        .context("could not take case numbers")?;
        numbers.insert(year, last.saturating_sub(many).saturating_add(1)..=last);
    }
    Ok(numbers)
}

async fn take_serials(connection: &mut PgConnection, table: &str, many: usize) -> anyhow::Result<Vec<i64>> {
    let mut taken = sqlx::query_scalar!(
        r#"select nextval(pg_get_serial_sequence($1, 'id')) as "id!" from generate_series(1, $2)"#,
        table,
        i32::try_from(many)?,
    )
    .fetch_all(connection)
    .await
    .context("could not take numbers of rows")?;
    // The first is taken first.
    taken.reverse();
    Ok(taken)
}

/// `model` is any: all have the same tables.
async fn put(connection: &mut PgConnection, model: &Model, sheets: Sheets) -> anyhow::Result<()> {
    let mut tables = sheets.tables;
    for table in &model.tables {
        let rows = tables.remove(table.name).unwrap_or_default();
        put_table(connection, table.name, &table.columns.join(", "), rows).await?;
    }
    let columns = "case_id, seq, version, at, actor, staff_id, kind, data, previous_hash, hash";
    put_table(connection, "case_events", columns, sheets.lines).await?;
    let columns = "case_id, subject, key, salt, digest, seq, since";
    put_table(connection, "case_digests", columns, sheets.digests).await?;
    append::announce(connection, &sheets.numbers).await
}

async fn put_table(
    connection: &mut PgConnection,
    table: &str,
    columns: &str,
    rows: String,
) -> anyhow::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let failed = || format!("could not copy rows into {table}");
    let mut copy =
        connection.copy_in_raw(&format!("copy {table} ({columns}) from stdin")).await.with_context(failed)?;
    copy.send(rows.into_bytes()).await.with_context(failed)?;
    copy.finish().await.with_context(failed)?;
    Ok(())
}
