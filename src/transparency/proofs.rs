//! Proofs from the log as it is kept: that a chain's end is in it, and that it only grew. Some dozens of rows, however large the
//! log is.

use std::collections::BTreeMap;

use anyhow::Context as _;
use ed25519_dalek::VerifyingKey;
use sqlx::PgConnection;

use super::{
    as_hash, as_number, as_size,
    heads::{self, SignedHead},
    leaves::{Kind, Leaf},
    tree::{self, Node, Range},
};
use crate::token::Sha256Bytes;

/// That the end of a chain is in the log, with all that somebody needs to verify it without us but the public key, which they
/// should have from elsewhere.
#[derive(Clone, Debug)]
pub struct Inclusion {
    pub leaf: Leaf,
    pub index: u64,
    /// The size of the tree whose root the proof leads to: the head's.
    pub tree_size: u64,
    pub proof: Vec<Sha256Bytes>,
    pub head: SignedHead,
    pub public_key: VerifyingKey,
}

/// The last logged end of the chain of `subject`, a case's number or [`super::leaves::ADMINISTRATION`], proved in the present head.
/// `None` where nothing of it was logged yet.
pub async fn inclusion(
    connection: &mut PgConnection,
    kind: Kind,
    subject: &str,
) -> anyhow::Result<Option<Inclusion>> {
    // The head first: what is read after it may be newer, never older.
    let Some(head) = heads::current(connection).await? else { return Ok(None) };
    let row = sqlx::query!(
        "select index, event_count, event_hash from log_leaves
         where kind = $1 and subject = $2 and index < $3 order by index desc limit 1",
        kind.as_str(),
        subject,
        as_number(head.head.size)?,
    )
    .fetch_optional(&mut *connection)
    .await
    .context("could not look a chain up in the log")?;
    let Some(row) = row else { return Ok(None) };
    let leaf = Leaf {
        kind,
        subject: subject.to_owned(),
        event_count: row.event_count,
        event_hash: as_hash(&row.event_hash)?,
    };
    let (index, tree_size) = (as_size(row.index)?, head.head.size);
    let ranges = tree::inclusion(index, tree_size).context("a leaf of the log is beyond its end")?;
    let proof = read_hashes(connection, &ranges).await?;
    let key = sqlx::query_scalar!("select public_key from log_keys where key_id = $1", &head.head.key_id)
        .fetch_one(connection)
        .await
        .context("could not read a key of the log")?;
    let public_key = VerifyingKey::from_bytes(&as_hash(&key)?).context("a key of the log is none")?;
    Ok(Some(Inclusion { leaf, index, tree_size, proof, head, public_key }))
}

/// That the tree of `size` leaves begins with that of `first`; `None` where no tree does.
pub async fn consistency(
    connection: &mut PgConnection,
    first: u64,
    size: u64,
) -> anyhow::Result<Option<Vec<Sha256Bytes>>> {
    let Some(ranges) = tree::consistency(first, size) else { return Ok(None) };
    read_hashes(connection, &ranges).await.map(Some)
}

async fn read_hashes(connection: &mut PgConnection, ranges: &[Range]) -> anyhow::Result<Vec<Sha256Bytes>> {
    let nodes: Vec<Node> = ranges.iter().flat_map(|range| range.nodes()).collect();
    let known = read_nodes(connection, &nodes).await?;
    ranges
        .iter()
        .map(|range| range.hash(|node| known.get(&node).copied()).context("the log lacks hashes of its tree"))
        .collect()
}

/// As far as they are kept.
pub(super) async fn read_nodes(
    connection: &mut PgConnection,
    nodes: &[Node],
) -> anyhow::Result<BTreeMap<Node, Sha256Bytes>> {
    let (levels, positions) = columns(nodes)?;
    let rows = sqlx::query!(
        r#"select wanted.level as "level!", wanted.position as "position!", coalesce(n.hash, l.leaf_hash) as "hash!"
         from unnest($1::int2[], $2::int8[]) as wanted (level, position)
         left join log_nodes n on n.level = wanted.level and n.position = wanted.position
         left join log_leaves l on wanted.level = 0 and l.index = wanted.position
         where coalesce(n.hash, l.leaf_hash) is not null"#,
        &levels,
        &positions,
    )
    .fetch_all(connection)
    .await
    .context("could not read the hashes of the log")?;
    rows.into_iter()
        .map(|row| {
            let level = u8::try_from(row.level).context("a level of the log is none")?;
            Ok((Node { level, position: as_size(row.position)? }, as_hash(&row.hash)?))
        })
        .collect()
}

/// Levels and positions, as PostgreSQL takes them.
pub(super) fn columns<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> anyhow::Result<(Vec<i16>, Vec<i64>)> {
    nodes
        .into_iter()
        .map(|node| Ok((i16::from(node.level), as_number(node.position)?)))
        .collect::<anyhow::Result<Vec<_>>>()
        .map(|pairs| pairs.into_iter().unzip())
}
