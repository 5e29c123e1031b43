//! Whether the trails hold, and everything that they rest on: recomputed here, a batch of cases at a time, in a number of statements and
//! an amount of memory that do not depend on how many cases there are.
//!
//! The attacker has the whole database and leaves no line: changes an approver, a verdict, a note, cuts a tail and sets the case right to
//! it, adds a row or takes one away. Whoever recomputes the whole chain of a case, salts and all, is found by what is kept
//! elsewhere alone.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use serde_json::Value;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::{
    BEGINNING, Line, RESTS_ON,
    fault::{Broken, Fault},
    stored::{Held, StoredLine, list_digests, list_false_bytes, list_lines},
};
use crate::{
    case::event::Event,
    casework::digests::{Record, SUBJECTS, Subject, digest_of_nothing, name, read_said},
    token::Sha256Bytes,
};

/// Cases that are verified at once.
const BATCH: i64 = 1000;
/// Faults that are told of; the rest is counted.
const MOST: usize = 1000;

/// What a verification has found so far.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    pub cases: usize,
    /// The last case that was looked at: where one that was broken off goes on.
    pub last: Option<String>,
    /// The first of them.
    pub broken: Vec<Broken>,
    /// How many there are.
    pub faults: usize,
}

/// Recomputes the chain of every case and the digests of everything below. How many cases were looked at, and what does not hold.
pub async fn verify_trail(pool: &PgPool) -> anyhow::Result<(usize, Vec<Broken>)> {
    let findings = verify_trail_after(pool, None, |_| {}).await?;
    Ok((findings.cases, findings.broken))
}

/// As [`verify_trail`], of the cases after this number, in the order of their numbers as texts. `on` hears of each batch.
pub async fn verify_trail_after(
    pool: &PgPool,
    after: Option<&str>,
    mut on: impl FnMut(&Findings),
) -> anyhow::Result<Findings> {
    let mut findings = Findings { last: after.map(ToOwned::to_owned), ..Findings::default() };
    loop {
        let mut snapshot = begin_snapshot(pool).await?;
        let cases = sqlx::query_as!(
            Case,
            "select id, number, event_count, event_hash from cases where number > $1 order by number limit $2",
            findings.last.as_deref().unwrap_or_default(),
            BATCH,
        )
        .fetch_all(&mut *snapshot)
        .await
        .context("could not list the cases")?;
        let Some(last) = cases.last() else { return Ok(findings) };
        findings.last = Some(last.number.clone());
        findings.add(cases.len(), verify_batch(&mut snapshot, &cases).await?);
        on(&findings);
    }
}

/// As [`verify_trail`], of these cases alone. One that is gone is for the log to miss.
pub async fn verify_trails_of(pool: &PgPool, numbers: &[String]) -> anyhow::Result<Findings> {
    let mut findings = Findings::default();
    for numbers in numbers.chunks(usize::try_from(BATCH)?) {
        let mut snapshot = begin_snapshot(pool).await?;
        let cases = sqlx::query_as!(
            Case,
            "select id, number, event_count, event_hash from cases where number = any($1)",
            numbers,
        )
        .fetch_all(&mut *snapshot)
        .await
        .context("could not list the cases")?;
        findings.add(cases.len(), verify_batch(&mut snapshot, &cases).await?);
    }
    Ok(findings)
}

impl Findings {
    fn add(&mut self, cases: usize, found: Vec<Broken>) {
        self.cases = self.cases.saturating_add(cases);
        self.faults = self.faults.saturating_add(found.len());
        let room = MOST.saturating_sub(self.broken.len());
        self.broken.extend(found.into_iter().take(room));
    }
}

/// One snapshot for a batch: a case that changes meanwhile is whole, before or after.
async fn begin_snapshot(pool: &PgPool) -> anyhow::Result<Transaction<'static, Postgres>> {
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}

struct Case {
    id: Uuid,
    number: String,
    event_count: i32,
    event_hash: Vec<u8>,
}

/// What the lines of a case say of one row, last.
#[derive(Clone, Debug)]
struct Said {
    digest: String,
    line: i32,
}

impl Said {
    /// Whether that is the digest which the line carries.
    fn is(&self, held: &Held) -> bool {
        held.line == Some(self.line) && HEXLOWER.encode(&held.digest) == self.digest
    }
}

async fn verify_batch(connection: &mut PgConnection, cases: &[Case]) -> anyhow::Result<Vec<Broken>> {
    let ids: Vec<Uuid> = cases.iter().map(|case| case.id).collect();
    let mut lines = list_lines(connection, &ids).await?;
    let mut digests = list_digests(connection, &ids).await?;
    let mut rows: HashMap<Uuid, Vec<(&'static Subject, Record)>> = HashMap::new();
    for subject in &SUBJECTS {
        for record in subject.list(connection, &ids).await? {
            rows.entry(record.case).or_default().push((subject, record));
        }
    }
    let mut false_bytes = list_false_bytes(connection, &ids).await?;
    let mut broken = Vec::new();
    for case in cases {
        let mut found = |fault: Fault| broken.push(Broken { number: case.number.clone(), fault });
        let chain = follow(case.id, lines.remove(&case.id).unwrap_or_default());
        let ends_right = chain.seq == case.event_count && chain.hash.as_slice() == case.event_hash.as_slice();
        if !chain.whole || !ends_right {
            found(Fault::Line(chain.seq.saturating_add(1)));
            // What the lines rest on can't be told from lines that do not hold.
            continue;
        }
        let held = digests.remove(&case.id).unwrap_or_default();
        let own = rows.remove(&case.id).unwrap_or_default();
        verify_rows(chain, &held, own).into_iter().for_each(&mut found);
        let bytes = false_bytes.remove(&case.id).unwrap_or_default();
        bytes.into_iter().for_each(|row| found(Fault::Bytes { row }));
    }
    Ok(broken)
}

fn verify_rows(
    mut chain: Chain,
    held: &BTreeMap<String, Held>,
    rows: Vec<(&'static Subject, Record)>,
) -> Vec<Fault> {
    let mut faults = std::mem::take(&mut chain.slipped);
    // A case from before lines rested on anything waits for its first.
    let is_old = chain.said.is_empty();
    let waiting = |subject: &Subject, held: &Held| held.line.is_none() && (is_old || !subject.decides);
    for (subject, record) in rows {
        let row = name(subject.table, &record.key);
        let said = chain.said.remove(&row);
        let kept = held.get(&row);
        let stands = kept.is_some_and(|held| {
            let known = waiting(subject, held) || said.as_ref().is_some_and(|said| said.is(held));
            known && held.digest.as_slice() == record.digest(subject.table, held.salt.as_deref()).as_slice()
        });
        match said {
            _ if stands => {}
            Some(said) => faults.push(Fault::Changed { row, line: said.line }),
            None => faults.push(Fault::Unheard { row }),
        }
    }
    for (row, said) in chain.said {
        let (table, key) = row.split_once(' ').unwrap_or((&row, ""));
        let gone = digest_of_nothing(table, key);
        let stands = held.get(&row).is_some_and(|held| {
            // It went since then, and the next line will say so.
            let waits = Subject::find(table).is_some_and(|subject| waiting(subject, held));
            (waits || said.is(held)) && held.digest.as_slice() == gone.as_slice()
        });
        if !stands {
            faults.push(Fault::Gone { row, line: said.line });
        }
    }
    faults
}

/// A chain as far as it holds.
struct Chain {
    /// The last right line, and its hash.
    seq: i32,
    hash: Sha256Bytes,
    whole: bool,
    said: BTreeMap<String, Said>,
    slipped: Vec<Fault>,
}

fn follow(case: Uuid, lines: Vec<StoredLine>) -> Chain {
    let mut chain =
        Chain { seq: 0, hash: BEGINNING, whole: true, said: BTreeMap::new(), slipped: Vec::new() };
    for stored in lines {
        let next = chain.seq.saturating_add(1);
        let Ok(mut data) = serde_json::from_value::<BTreeMap<String, Value>>(stored.data) else {
            return Chain { whole: false, ..chain };
        };
        let line = Line {
            case,
            seq: next,
            version: stored.version,
            at: stored.at,
            actor: &stored.actor,
            staff: stored.staff_id,
            kind: &stored.kind,
            data: &mut data,
            previous: chain.hash,
        };
        let Ok(hash) = line.hash() else { return Chain { whole: false, ..chain } };
        let holds = stored.seq == next
            && stored.previous_hash.as_slice() == chain.hash.as_slice()
            && stored.hash.as_slice() == hash.as_slice();
        if !holds {
            return Chain { whole: false, ..chain };
        }
        chain.seq = next;
        chain.hash = hash;
        let by_itself = stored.kind == Event::Chained.as_str() && !chain.said.is_empty();
        let rests_on = data.get(RESTS_ON).and_then(Value::as_array).into_iter().flatten();
        for (row, digest) in rests_on.filter_map(Value::as_str).map(read_said) {
            let table = row.split(' ').next().unwrap_or_default();
            if by_itself && Subject::find(table).is_none_or(|subject| subject.decides) {
                chain.slipped.push(Fault::Slipped { row: row.to_owned(), line: next });
            }
            chain.said.insert(row.to_owned(), Said { digest: digest.to_owned(), line: next });
        }
    }
    chain
}
