//! Imports the register from a file: CSV or JSON, any columns by a mapping, all good lines in one transaction.
//!
//! Path: bytes → `text` → `table` → `row` (each line alone) → `plan` (each line against the register) → `store`, `history`;
//! `load` reads the register first.
//! A bad line is refused and listed, and changes nothing; an unreadable file changes nothing at all. Importing the
//! same file again changes nothing. What a file does not mention stays: nothing is ever deleted except contacts and
//! domains that the file replaces.

mod changes;
mod confirmed;
mod domains;
mod history;
mod layout;
mod load;
mod mapping;
mod plan;
mod reason;
mod report;
mod row;
mod state;
mod statement;
mod store;
mod table;
mod text;
mod touched;

use std::path::PathBuf;

use anyhow::Context as _;
use sqlx::PgPool;
use uuid::Uuid;

use self::{history::Given, layout::Layout, row::Row, table::Table};
pub use self::{
    mapping::{Field, Mapping, MappingChoice, PRESETS},
    reason::Reason,
    report::{Change, Refused, Report},
    state::Counts,
    table::Format,
    text::TextEncoding,
};
use crate::{
    administration::trail::{self, Doer},
    case::{actor::StaffId, digest::Digest},
    clock::{Clock, Timestamp},
    shared_domains::SharedDomains,
    token::sha256,
};

/// Lines after which an import says how far it is.
const TOLD: usize = 1_000;

/// What to import, and how.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    pub file: PathBuf,
    pub mapping: MappingChoice,
    /// Do everything but keep it: the report says what would happen.
    pub dry_run: bool,
    /// The account that runs the import, for its history; empty where it can't be told.
    pub ran_by: String,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// So many lines of so many are taken in.
    Lines(usize, usize),
    /// So many rows of so many that changed are written.
    Rows(usize, usize),
}

/// Hears how far it is.
pub type Listener<'a> = &'a mut (dyn FnMut(Pace) + Send);

/// Imports `options.file`. An error means that nothing has changed; refused lines are no error, see [`Report`].
pub async fn run(
    pool: &PgPool,
    clock: &Clock,
    shared: &SharedDomains,
    options: ImportOptions,
    says: Listener<'_>,
) -> anyhow::Result<Report> {
    let mapping = Mapping::load(&options.mapping)?;
    let name = options.file.display().to_string();
    let bytes = tokio::fs::read(&options.file).await.with_context(|| format!("could not read {name}"))?;
    let file = options.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let given = Given { bytes: &bytes, file: &file, ran_by: &options.ran_by, sender: None };
    import_given(given, (pool, clock.now()), &mapping, shared, options.dry_run, says)
        .await
        .with_context(|| format!("could not import {name}; nothing was changed"))
}

/// Imports the bytes of a file that came from nowhere.
pub async fn import(
    pool: &PgPool,
    now: Timestamp,
    bytes: &[u8],
    mapping: &Mapping,
    shared: &SharedDomains,
    dry_run: bool,
) -> anyhow::Result<Report> {
    let given = Given { bytes, file: "", ran_by: "", sender: None };
    import_given(given, (pool, now), mapping, shared, dry_run, &mut |_| {}).await
}

/// Who sent a file, and with which token.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    pub staff: StaffId,
    pub name: &'a str,
    pub token: Uuid,
}

/// Imports a file that a program sent.
pub async fn import_sent(
    pool: &PgPool,
    now: Timestamp,
    bytes: &[u8],
    (mapping, sender): (&Mapping, Sender<'_>),
    shared: &SharedDomains,
    dry_run: bool,
) -> anyhow::Result<Report> {
    let given = Given { bytes, file: "", ran_by: sender.name, sender: Some(sender) };
    import_given(given, (pool, now), mapping, shared, dry_run, &mut |_| {}).await
}

/// Imports a file and notes in its history what that did.
async fn import_given(
    given: Given<'_>,
    (pool, now): (&PgPool, Timestamp),
    mapping: &Mapping,
    shared: &SharedDomains,
    dry_run: bool,
    says: Listener<'_>,
) -> anyhow::Result<Report> {
    let (text, encoding) = text::decode(given.bytes)?;
    let mut table = Table::parse(&text)?;
    let layout = Layout::find(mapping, &table)?;
    let (format, columns) = (table.format, table.columns.clone());
    let mut refused = std::mem::take(&mut table.refused);
    let lines = table.many.saturating_add(refused.len());

    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    let mut state = load::load(&mut transaction).await?;
    let mut good = 0_u64;
    for (nth, record) in table.into_records().enumerate() {
        if nth.is_multiple_of(TOLD) {
            says(Pace::Lines(nth, lines));
        }
        let taken = Row::parse(&layout, &record, shared).and_then(|row| {
            good = good.saturating_add(1);
            state.admit(&layout, &row)
        });
        refused.extend(taken.err().map(|reason| (record.line, reason)));
    }
    drop(text);
    let left_out = state.derive_domains(shared);
    store::save(&mut transaction, &state, now, says).await?;
    confirmed::keep(&mut transaction, &layout, &state, now).await?;
    let report =
        Report::new((format, &columns), &layout, (encoding, lines), dry_run, &state, refused, left_out);
    if dry_run {
        transaction.rollback().await.context("could not roll back the dry run")?;
    } else {
        history::keep(&mut transaction, given, &report, &state, now).await?;
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let (lines, refused) = (good, count(report.refused.len()));
        let token = given.sender.map(|sender| sender.token);
        let by = given.sender.map_or(Doer::CommandLine, |sender| Doer::Staff(sender.staff));
        let change =
            trail::Change::RegisterImported { file: Digest(sha256(given.bytes)), lines, refused, token };
        trail::append(&mut transaction, by, &change, now).await?;
        transaction.commit().await.context("could not commit the import")?;
    }
    Ok(report)
}
