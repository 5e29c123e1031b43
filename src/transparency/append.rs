//! The step that logs what changed: takes chains whose end is to be logged, appends a leaf for each, and signs the new head, in
//! one transaction under the lock of the log's one row.
//!
//! Holds up nobody: a change of a case leaves a row in `log_pending` (triggers of `migrations/20261130030000_create_log.sql`) and waits
//! for nothing. A worker that dies in the middle leaves nothing; two at once append one after the other.

use std::collections::BTreeMap;

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use sqlx::PgConnection;

use super::{
    as_hash, as_number, as_size, heads,
    heads::{Head, SignedHead},
    keys::{self, Keys},
    leaves::{ADMINISTRATION, Kind, Leaf},
    proofs,
    tree::{Edge, Node},
};
use crate::{
    app::{App, Step},
    clock::Timestamp,
    token::Sha256Bytes,
};

/// Changes that one head takes in.
const BATCH: i64 = 256;

/// Logs what changed, at most every `log.every_seconds` as long as it is less than a batch.
pub async fn step(app: &App) -> anyhow::Result<Step> {
    let now = app.clock.now();
    if !is_due(app, now).await? {
        return Ok(Step::Idle);
    }
    let keys = Keys::find(&app.settings)?;
    let mut transaction = app.pool.begin().await.context("could not begin a transaction")?;
    // Who appends at this moment has the rest, too: nobody waits for a worker that hangs.
    let end = sqlx::query_scalar!("select tree_size from log_end for update skip locked")
        .fetch_optional(&mut *transaction)
        .await
        .context("could not find the end of the log")?;
    let Some(size) = end else { return Ok(Step::Idle) };
    let leaves = take(&mut transaction).await?;
    let head = append(&mut transaction, as_size(size)?, &leaves, (&keys, now)).await?;
    transaction.commit().await.context("could not commit a head of the log")?;
    if let Some(head) = head {
        let root = HEXLOWER.encode(&head.head.root);
        tracing::info!(tree_size = head.head.size, leaves = leaves.len(), root, "the log grew");
    }
    Ok(Step::Did)
}

/// Cases whose ends are to be logged, where no trigger says so.
pub async fn announce(connection: &mut PgConnection, numbers: &[String]) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into log_pending (kind, subject) select 'case', number from unnest($1::text[]) number",
        numbers
    )
    .execute(connection)
    .await
    .context("could not put cases forward to be logged")?;
    Ok(())
}

async fn is_due(app: &App, now: Timestamp) -> anyhow::Result<bool> {
    let row = sqlx::query!(
        r#"select (select count(*) from (select from log_pending limit $1) few) as "pending!",
             (select at from log_heads order by tree_size desc limit 1) as "last: Timestamp""#,
        BATCH,
    )
    .fetch_one(&app.pool)
    .await
    .context("could not look for what is to be logged")?;
    let pause = jiff::SignedDuration::from_secs(app.settings.log.every_seconds.into());
    // A clock that went back must not hold the log up.
    let waits = row.last.is_some_and(|last| last <= now && now < last.after(pause));
    Ok(row.pending > 0 && (row.pending >= BATCH || !waits))
}

/// Takes the oldest changes, and reads where their chains end now.
///
/// What is seen here was committed, and the ends are read after it, by statements of their own: a change that is under way at this
/// moment either shows in what is read, or its own row comes later.
async fn take(connection: &mut PgConnection) -> anyhow::Result<Vec<Leaf>> {
    let taken = sqlx::query!(
        "delete from log_pending where id = any (array(
             select id from log_pending order by id limit $1 for update skip locked))
         returning kind, subject",
        BATCH,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not take what is to be logged")?;
    let numbers: Vec<String> =
        taken.iter().filter(|row| row.kind == Kind::Case.as_str()).map(|row| row.subject.clone()).collect();
    // What was logged as it is, by an earlier row, is not logged again.
    let cases = sqlx::query!(
        "select c.number, c.event_count, c.event_hash from cases c
         left join lateral (select event_count, event_hash from log_leaves
             where kind = 'case' and subject = c.number order by index desc limit 1) l on true
         where c.number = any($1) and (l.event_hash is distinct from c.event_hash or l.event_count <> c.event_count)
         order by c.number",
        &numbers,
    )
    .fetch_all(&mut *connection)
    .await
    .context("could not read where chains end")?;
    let mut leaves: Vec<Leaf> = cases
        .into_iter()
        .map(|row| {
            let event_hash = as_hash(&row.event_hash)?;
            Ok(Leaf {
                kind: Kind::Case,
                subject: row.number,
                event_count: row.event_count.into(),
                event_hash,
            })
        })
        .collect::<anyhow::Result<_>>()?;
    if numbers.len() < taken.len() {
        leaves.extend(administration(connection).await?);
    }
    Ok(leaves)
}

async fn administration(connection: &mut PgConnection) -> anyhow::Result<Option<Leaf>> {
    let row = sqlx::query!(
        "select a.event_count, a.event_hash from administration_chain a
         left join lateral (select event_count, event_hash from log_leaves
             where kind = 'administration' order by subject, index desc limit 1) l on true
         where a.event_count > 0 and (l.event_hash is distinct from a.event_hash or l.event_count <> a.event_count)"
    )
    .fetch_optional(connection)
    .await
    .context("could not read where the chain of administration ends")?;
    row.map(|row| {
        Ok(Leaf {
            kind: Kind::Administration,
            subject: ADMINISTRATION.to_owned(),
            event_count: row.event_count,
            event_hash: as_hash(&row.event_hash)?,
        })
    })
    .transpose()
}

/// Appends, and signs the head of what there is then; the caller holds the lock. `None` where there is nothing to append.
async fn append(
    connection: &mut PgConnection,
    size: u64,
    leaves: &[Leaf],
    (keys, now): (&Keys, Timestamp),
) -> anyhow::Result<Option<SignedHead>> {
    if leaves.is_empty() {
        return Ok(None);
    }
    let last = heads::current(connection).await?;
    keys::settle(connection, keys, (last.map(|head| head.head.key_id), now)).await?;
    let mut edge = read_edge(connection, size).await?;
    let mut nodes: Vec<(Node, Sha256Bytes)> = Vec::new();
    let mut hashes: Vec<Sha256Bytes> = Vec::new();
    for leaf in leaves {
        let hash = leaf.hash();
        nodes.extend(edge.push(hash));
        hashes.push(hash);
    }
    insert_leaves(connection, size, leaves, &hashes, now).await?;
    insert_nodes(connection, &nodes).await?;
    let key_id = keys::id(&keys.current.verifying_key());
    let head = Head { size: edge.size(), root: edge.root(), at: now, key_id }.sign(&keys.current);
    sqlx::query!(
        "insert into log_heads (tree_size, root_hash, at, key_id, signature) values ($1, $2, $3, $4, $5)",
        as_number(head.head.size)?,
        &head.head.root,
        now as Timestamp,
        &head.head.key_id,
        &head.signature,
    )
    .execute(&mut *connection)
    .await
    .context("could not keep a head of the log")?;
    sqlx::query!("update log_end set tree_size = $1", as_number(head.head.size)?)
        .execute(connection)
        .await
        .context("could not move the end of the log")?;
    Ok(Some(head))
}

/// The right edge of the tree as it stands.
async fn read_edge(connection: &mut PgConnection, size: u64) -> anyhow::Result<Edge> {
    let nodes = Edge::nodes(size);
    let known: BTreeMap<Node, Sha256Bytes> = proofs::read_nodes(connection, &nodes).await?;
    let roots: Option<Vec<Sha256Bytes>> = nodes.iter().map(|node| known.get(node).copied()).collect();
    roots.and_then(|roots| Edge::of(size, roots)).context("the log lacks hashes of its tree")
}

async fn insert_leaves(
    connection: &mut PgConnection,
    size: u64,
    leaves: &[Leaf],
    hashes: &[Sha256Bytes],
    now: Timestamp,
) -> anyhow::Result<()> {
    let kinds: Vec<String> = leaves.iter().map(|leaf| leaf.kind.as_str().to_owned()).collect();
    let subjects: Vec<String> = leaves.iter().map(|leaf| leaf.subject.clone()).collect();
    let counts: Vec<i64> = leaves.iter().map(|leaf| leaf.event_count).collect();
    let ends: Vec<Vec<u8>> = leaves.iter().map(|leaf| leaf.event_hash.to_vec()).collect();
    let hashes: Vec<Vec<u8>> = hashes.iter().map(|hash| hash.to_vec()).collect();
    sqlx::query!(
        "insert into log_leaves (index, at, kind, subject, event_count, event_hash, leaf_hash)
         select $1 + l.place - 1, $2, l.kind, l.subject, l.event_count, l.event_hash, l.leaf_hash
         from unnest($3::text[], $4::text[], $5::int8[], $6::bytea[], $7::bytea[])
             with ordinality as l (kind, subject, event_count, event_hash, leaf_hash, place)",
        as_number(size)?,
        now as Timestamp,
        &kinds,
        &subjects,
        &counts,
        &ends,
        &hashes,
    )
    .execute(connection)
    .await
    .context("could not append to the log")?;
    Ok(())
}

async fn insert_nodes(connection: &mut PgConnection, nodes: &[(Node, Sha256Bytes)]) -> anyhow::Result<()> {
    if nodes.is_empty() {
        return Ok(());
    }
    let (levels, positions) = proofs::columns(nodes.iter().map(|(node, _)| node))?;
    let hashes: Vec<Vec<u8>> = nodes.iter().map(|(_, hash)| hash.to_vec()).collect();
    sqlx::query!(
        "insert into log_nodes (level, position, hash) select * from unnest($1::int2[], $2::int8[], $3::bytea[])",
        &levels,
        &positions,
        &hashes,
    )
    .execute(connection)
    .await
    .context("could not keep the hashes of the log")?;
    Ok(())
}
