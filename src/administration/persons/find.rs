//! Finds all rows that somebody stands in: by their mailbox in every spelling, by what belongs to such a row, and by their name where
//! nothing else says it is them.
//!
//! Reads whole tables, for it is asked seldom and must not miss: one statement for each table, and the bytes of e-mails a few at a
//! time. Changes nothing. The attacker who floods the tables is bounded by [`MOST`]: what was cut is said.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use uuid::Uuid;

use super::{
    columns::{Held, TABLES, Table},
    decoded::decoded,
    person::{Person, name_pattern},
};

/// Rows of one table that are found at most.
pub const MOST: usize = 5000;
/// Messages that are decoded at a time.
const BATCH: i64 = 20;
/// Names that are looked for at most.
const MOST_NAMES: usize = 20;

/// Why a row was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    Address,
    /// It belongs to a row that was.
    Tie,
    /// Their name stands there, or that of somebody who is called alike.
    Name,
}

#[derive(Clone, Debug)]
pub struct Found {
    pub table: &'static Table,
    pub key: String,
    pub case: Option<Uuid>,
    pub by: By,
    /// Its columns, without bytes.
    pub row: Map<String, Value>,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Everything {
    pub rows: Vec<Found>,
    pub spellings: BTreeSet<String>,
    /// What they are called, and their telephone numbers, where a row ties them to the address.
    pub names: BTreeSet<String>,
    pub phones: BTreeSet<String>,
    /// Tables of which more was found than is shown.
    pub cut: BTreeSet<&'static str>,
}

impl Everything {
    /// How many rows, and not by name alone.
    pub fn certain(&self) -> impl Iterator<Item = &Found> {
        self.rows.iter().filter(|found| found.by != By::Name)
    }

    pub fn by_name(&self) -> impl Iterator<Item = &Found> {
        self.rows.iter().filter(|found| found.by == By::Name)
    }
}

/// Everything that the database has of somebody.
pub async fn find(connection: &mut PgConnection, person: &Person) -> anyhow::Result<Everything> {
    let shown = Shown::read(connection).await?;
    let mut all = Everything::default();
    let pattern = person.pattern();
    for table in TABLES {
        let mut conditions: Vec<String> = table.texts().map(|name| format!("r.{name}::text ~* $1")).collect();
        conditions
            .extend(table.that_hold(Held::Bytes).map(|name| format!("encode(r.{name}, 'escape') ~* $1")));
        if !conditions.is_empty() {
            let rows = shown.rows(connection, table, &conditions.join(" or "), &pattern).await?;
            add(&mut all, table, By::Address, rows);
        }
        for column in table.that_hold(Held::Message) {
            let (keys, spellings) = search_messages(connection, table, column, person).await?;
            all.spellings.extend(spellings);
            let condition = format!("{} = any(string_to_array($1, ' '))", table.key);
            let rows = shown.rows(connection, table, &condition, &keys.join(" ")).await?;
            add(&mut all, table, By::Address, rows);
        }
    }
    describe(&mut all, person);
    for table in TABLES.iter().filter(|table| table.that_hold(Held::Hash).next().is_some()) {
        let hashes: Vec<String> =
            person.hashes(&all.spellings).iter().map(|hash| data_encoding::HEXLOWER.encode(hash)).collect();
        let condition = format!("{} = any(string_to_array($1, ' '))", table.key);
        let rows = shown.rows(connection, table, &condition, &hashes.join(" ")).await?;
        add(&mut all, table, By::Address, rows);
    }
    for table in TABLES {
        if let Some(tie) = table.tie {
            let to: Vec<String> = all
                .rows
                .iter()
                .filter(|found| found.table.name == tie.table && is_about(found, person))
                .filter_map(|found| found.row.get(tie.key).and_then(Value::as_str).map(str::to_owned))
                .collect();
            let condition = format!("r.{}::text = any(string_to_array($1, ' '))", tie.column);
            let rows = shown.rows(connection, table, &condition, &to.join(" ")).await?;
            add(&mut all, table, By::Tie, rows);
        }
    }
    let names: Vec<String> =
        all.names.iter().filter_map(|name| name_pattern(name)).take(MOST_NAMES).collect();
    if !names.is_empty() {
        for table in TABLES {
            let conditions: Vec<String> = table.texts().map(|name| format!("r.{name}::text ~* $1")).collect();
            if !conditions.is_empty() {
                let rows = shown.rows(connection, table, &conditions.join(" or "), &names.join("|")).await?;
                add(&mut all, table, By::Name, rows);
            }
        }
    }
    Ok(all)
}

/// Whether one of the people whom the row is about is this one.
pub(super) fn is_about(found: &Found, person: &Person) -> bool {
    found.table.people.iter().any(|somebody| {
        found.row.get(somebody.address).and_then(Value::as_str).is_some_and(|address| person.is(address))
    })
}

type Rows = Vec<(String, Option<Uuid>, Map<String, Value>)>;

fn add(all: &mut Everything, table: &'static Table, by: By, mut rows: Rows) {
    if rows.len() > MOST {
        rows.truncate(MOST);
        all.cut.insert(table.name);
    }
    let known: BTreeSet<String> = all
        .rows
        .iter()
        .filter(|found| found.table.name == table.name)
        .map(|found| found.key.clone())
        .collect();
    let fresh = rows.into_iter().filter(|(key, ..)| !known.contains(key));
    all.rows.extend(fresh.map(|(key, case, row)| Found { table, key, case, by, row }));
}

/// What they are called and how their address is written.
fn describe(all: &mut Everything, person: &Person) {
    let rows = std::mem::take(&mut all.rows);
    for found in &rows {
        for value in found.row.values() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            all.spellings.extend(person.spellings_in(&text));
        }
        for somebody in found.table.people {
            let read = |name: Option<&str>| name.and_then(|name| found.row.get(name)).and_then(Value::as_str);
            if read(Some(somebody.address)).is_some_and(|address| person.is(address)) {
                all.names.extend(read(somebody.name).map(str::trim).map(str::to_owned));
                all.phones.extend(read(somebody.phone).map(str::to_owned));
            }
        }
    }
    all.rows = rows;
}

/// The messages of a column that mention somebody once every part is decoded.
async fn search_messages(
    connection: &mut PgConnection,
    table: &Table,
    column: &str,
    person: &Person,
) -> anyhow::Result<(Vec<String>, BTreeSet<String>)> {
    let (mut after, mut found, mut spellings) = (String::new(), Vec::new(), BTreeSet::new());
    let sql = format!(
        "select {key} as key, r.{column} as raw from {table} r where r.{column} is not null and {key} > $1 order by {key} limit $2",
        key = table.key,
        table = table.name,
    );
    loop {
        let rows = sqlx::query(AssertSqlSafe(sql.clone()))
            .bind(&after)
            .bind(BATCH)
            .fetch_all(&mut *connection)
            .await
            .context("could not read messages")?;
        let Some(last) = rows.last() else { return Ok((found, spellings)) };
        after = last.try_get("key")?;
        for row in rows {
            let raw: Vec<u8> = row.try_get("raw")?;
            let there: BTreeSet<String> =
                decoded(&raw).iter().flat_map(|text| person.spellings_in(text)).collect();
            if !there.is_empty() {
                found.push(row.try_get("key")?);
                spellings.extend(there);
            }
            if found.len() > MOST {
                return Ok((found, spellings));
            }
        }
    }
}

/// The columns of each table that go along: all but bytes and words of the search.
struct Shown(BTreeMap<String, Vec<String>>);

impl Shown {
    async fn read(connection: &mut PgConnection) -> anyhow::Result<Self> {
        let names: Vec<String> = TABLES.iter().map(|table| table.name.to_owned()).collect();
        let rows = sqlx::query!(
            r#"select table_name::text as "table!", array_agg(column_name::text order by ordinal_position) as "columns!"
               from information_schema.columns
               where table_schema = current_schema() and table_name = any($1) and data_type not in ('bytea', 'tsvector')
               group by 1"#,
            &names,
        )
        .fetch_all(connection)
        .await
        .context("could not read which columns there are")?;
        Ok(Self(rows.into_iter().map(|row| (row.table, row.columns)).collect()))
    }

    async fn rows(
        &self,
        connection: &mut PgConnection,
        table: &Table,
        condition: &str,
        bound: &str,
    ) -> anyhow::Result<Rows> {
        if bound.is_empty() {
            return Ok(Vec::new());
        }
        let columns = self.0.get(table.name).context("a table is not there")?;
        let kept = columns.iter().filter(|name| table.held(name) != Some(Held::Sealed) && !is_secret(name));
        let mut pairs: Vec<String> = kept.map(|name| format!("'{name}', r.{name}")).collect();
        // Bytes that are text go along as text.
        pairs
            .extend(table.that_hold(Held::Bytes).map(|name| format!("'{name}', encode(r.{name}, 'escape')")));
        let sql = format!(
            "select {key} as key, {case}::uuid as case_id, jsonb_build_object({pairs}) as row
             from {table} r where {condition} order by 1 limit {limit}",
            key = table.key,
            case = table.case.unwrap_or("null"),
            pairs = pairs.join(", "),
            table = table.name,
            limit = MOST.saturating_add(1),
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(bound)
            .fetch_all(connection)
            .await
            .with_context(|| format!("could not look through {}", table.name))?;
        rows.iter()
            .map(|row| {
                let value: Value = row.try_get("row")?;
                let Value::Object(value) = value else { anyhow::bail!("a row is no object") };
                Ok((row.try_get("key")?, row.try_get("case_id")?, value))
            })
            .collect()
    }
}

/// What opens something is nobody's business, theirs neither by this way.
fn is_secret(column: &str) -> bool {
    column == "password_hash" || column == "credential"
}

/// The other people of the cases that were found, and all of the staff: what they are called and their numbers.
pub(super) async fn others(
    connection: &mut PgConnection,
    all: &Everything,
) -> anyhow::Result<(BTreeSet<String>, BTreeSet<String>)> {
    let cases: Vec<Uuid> = all.rows.iter().filter_map(|found| found.case).collect();
    let rows = sqlx::query!(
        r#"select requester_name as "name!", requester_phone as "phone?" from escalations where case_id = any($1)
           union select departed_name, null from escalations where case_id = any($1)
           union select successor_name, null from escalations where case_id = any($1) and successor_name is not null
           union select new_name, null from contact_changes where case_id = any($1)
           union select k.name, k.phone from contacts k join entitlements e on e.id = k.entitlement_id
               join case_entitlements a on a.value in (e.sen, e.entitlement_number, e.site) where a.case_id = any($1)
           union select name, null from staff"#,
        &cases,
    )
    .fetch_all(connection)
    .await
    .context("could not list the other people of the cases")?;
    let names =
        rows.iter().map(|row| row.name.trim().to_owned()).filter(|name| !all.names.contains(name)).collect();
    let phones =
        rows.into_iter().filter_map(|row| row.phone).filter(|phone| !all.phones.contains(phone)).collect();
    Ok((names, phones))
}

/// Of the tables, in their order, those with rows.
pub fn counts(all: &Everything) -> Vec<(&'static str, usize)> {
    let certain: Vec<&'static str> = all.certain().map(|found| found.table.name).collect();
    let count = |table: &Table| certain.iter().filter(|name| **name == table.name).count();
    TABLES.iter().map(|table| (table.name, count(table))).filter(|(_, count)| *count > 0).collect()
}
