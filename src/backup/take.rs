//! Taking a backup: one picture of the database, dumped, described, read back as a restore would, and only then given its name.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, ensure};
use nix::sys::statvfs::statvfs;
use sqlx::PgConnection;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

use super::{
    archive::{self, Draft, Opened, PIECE},
    child::{Access, Child, Flow},
    found::{Found, has_log},
    keys::{self, Own},
    manifest::{FORMAT, Manifest},
    tools::{self, Tools},
};
use crate::{
    boot::{Fault, owner::Owner},
    clock::Timestamp,
    config::Settings,
    migrations::{self, Fit},
    version,
};

/// A database that says nothing for so long is away.
const STALLED: Duration = Duration::from_mins(15);
/// What always stays free of a disk that others may need, of which PostgreSQL may be one.
const RESERVE: u64 = 64 << 20;

#[derive(Debug)]
pub struct Taken {
    pub manifest: Manifest,
    /// What `pg_dump` said although it ended well.
    pub warnings: String,
}

/// Writes a backup to `target`. `on` hears what is done, of how many bytes if that is known, and how many more of them are done.
///
/// # Errors
/// In words for whoever operates Handover; then nothing is at `target`, nor beside it.
pub async fn take(
    settings: &Settings,
    target: &Path,
    on: &mut dyn FnMut(&str, Option<u64>, u64),
) -> anyhow::Result<Taken> {
    let own = Own::find(settings)?;
    let mut draft = Draft::begin(target)?;
    let owner = Owner::sign_in(settings).await?;
    let mut picture = owner.pool.begin().await.context("could not begin a transaction")?;
    sqlx::query!("set transaction isolation level repeatable read, read only").execute(&mut *picture).await?;
    // It waits, without a word, for as long as the dump takes.
    sqlx::query!("set local idle_in_transaction_session_timeout = 0").execute(&mut *picture).await?;
    look_at_schema(&mut picture).await?;
    let snapshot = sqlx::query_scalar!(r#"select pg_export_snapshot() as "snapshot!""#)
        .fetch_one(&mut *picture)
        .await
        .context("could not keep a picture of the database")?;
    let server = tools::server(&mut picture).await?;
    let tools = tools::find(&settings.database.bin_dir, server)?;
    look_for_room(&mut picture, &draft).await?;

    let access = Access::new(&owner.options, &tools);
    let warnings = dump((&tools, &access), &snapshot, &mut draft, on).await?;
    let has_log = has_log(&mut picture).await?;
    let (keys, proof) = keys::describe(&mut picture, &own, has_log).await?;
    let found = Found::look(&mut picture).await?;
    let facts = sqlx::query!(
        r#"select now() as "now!: Timestamp", current_setting('server_encoding') as "encoding!""#
    )
    .fetch_one(&mut *picture)
    .await
    .context("could not describe the database")?;
    picture.rollback().await.context("could not let go of the picture of the database")?;

    let manifest = Manifest {
        format: FORMAT.to_owned(),
        program: version::VERSION.to_owned(),
        schema: found.schema,
        made_at: facts.now,
        server,
        tools: tools.major,
        encoding: facts.encoding,
        cases: found.cases,
        log_head: found.log_head,
        keys,
        parts: vec![draft.part()],
    };
    let bytes = manifest.write()?;
    draft.complete(&bytes, &proof.prove(&bytes))?;
    let total = draft.part().bytes;
    let opened = archive::open(draft.path(), |more| on("comparing", Some(total), more))?;
    read_back((&tools, &access), opened, on).await?;
    draft.publish()?;
    Ok(Taken { manifest, warnings })
}

/// Any schema that a program made; not one that a restore left behind.
async fn look_at_schema(connection: &mut PgConnection) -> anyhow::Result<()> {
    if migrations::compare(&mut *connection).await? == Fit::HalfRestored {
        return Err(Fault::HalfRestored.into());
    }
    let is_there =
        sqlx::query_scalar!(r#"select to_regclass('_sqlx_migrations') is not null as "is_there!""#)
            .fetch_one(connection)
            .await?;
    ensure!(is_there, "the database holds nothing of Handover's that could be kept");
    Ok(())
}

/// A dump is smaller than its tables, as a rule; how much, nobody knows before.
async fn look_for_room(connection: &mut PgConnection, draft: &Draft) -> anyhow::Result<()> {
    let tables = sqlx::query_scalar!(
        r#"select coalesce(sum(pg_table_size(c.oid)), 0)::bigint as "bytes!"
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'm') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'"#
    )
    .fetch_one(connection)
    .await
    .context("could not ask how large the database is")?;
    let least = u64::try_from(tables)?.div_ceil(4).saturating_add(2 * RESERVE);
    let free = free(draft.folder())?;
    ensure!(
        free >= least,
        "{} has {} MiB free, and a backup of tables of {} MiB needs at least {}: make room, or write it to another disk",
        draft.folder().display(),
        free >> 20,
        tables >> 20,
        least >> 20
    );
    Ok(())
}

fn free(folder: &Path) -> anyhow::Result<u64> {
    let found =
        statvfs(folder).with_context(|| format!("could not look at the disk of {}", folder.display()))?;
    let bytes = u128::from(found.blocks_available()).saturating_mul(found.fragment_size().into());
    Ok(bytes.try_into().unwrap_or(u64::MAX))
}

async fn dump(
    with: (&Tools, &Access),
    snapshot: &str,
    draft: &mut Draft,
    on: &mut dyn FnMut(&str, Option<u64>, u64),
) -> anyhow::Result<String> {
    let arguments: Vec<String> = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--no-password",
        "--lock-wait-timeout=30s",
        &format!("--snapshot={snapshot}"),
    ]
    .map(ToOwned::to_owned)
    .into();
    let mut child = Child::spawn(with, "pg_dump", &arguments, Flow::Out)?;
    let mut output = child.output()?;
    let (mut piece, mut until_look) = (vec![0; PIECE], 0_u64);
    loop {
        let read = timeout(STALLED, output.read(&mut piece)).await.context("pg_dump stalled")?;
        let size = read.context("could not read what pg_dump writes")?;
        let Some(bytes) = piece.get(..size).filter(|bytes| !bytes.is_empty()) else { break };
        draft.write(bytes)?;
        on("dumping", None, size as u64);
        until_look = until_look.saturating_sub(size as u64);
        if until_look == 0 {
            until_look = RESERVE / 4;
            ensure!(
                free(draft.folder())? >= RESERVE,
                "the disk of {} is nearly full: there is no backup, make room or write it to another disk",
                draft.folder().display()
            );
        }
    }
    child.end().await
}

/// Whether `pg_restore` reads all of it: a dump that ends early says so to nobody else.
async fn read_back(
    with: (&Tools, &Access),
    mut opened: Opened,
    on: &mut dyn FnMut(&str, Option<u64>, u64),
) -> anyhow::Result<()> {
    let total = opened.dump_bytes();
    let arguments = ["--format=custom", "--file=-"].map(ToOwned::to_owned);
    let mut child = Child::spawn(with, "pg_restore", &arguments, Flow::In)?;
    feed(&mut child, &mut opened, &mut |more| on("reading back", Some(total), more)).await?;
    child.end().await.context("the dump does not read back, so there is no backup")?;
    Ok(())
}

/// Gives the child the dump. One that wants no more has its reasons, which it says when it ends.
pub async fn feed(child: &mut Child, opened: &mut Opened, on: &mut dyn FnMut(u64)) -> anyhow::Result<()> {
    let mut input = child.input()?;
    let mut dump = opened.dump()?;
    while let Some(piece) = dump.next()? {
        if input.write_all(&piece).await.is_err() {
            return Ok(());
        }
        on(piece.len() as u64);
    }
    let _ = input.shutdown().await;
    Ok(())
}
