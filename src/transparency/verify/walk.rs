//! Goes through all leaves once and makes the tree anew; at the size of each head, stored or brought along, it has its root.

use std::{
    collections::{BTreeSet, VecDeque},
    iter::Peekable,
    slice::Iter,
};

use anyhow::Context as _;
use sqlx::PgConnection;

use super::{Finding, Verified, hex};
use crate::{
    token::Sha256Bytes,
    transparency::{
        as_hash, as_size,
        heads::{self, SignedHead},
        keys::KnownKey,
        leaves::Leaf,
        proofs,
        tree::{Edge, Node},
    },
};

/// Leaves and heads that are read at once.
const BATCH: i64 = 2_000;

struct Walk<'a> {
    edge: Edge,
    known: &'a [KnownKey],
    accepted: &'a BTreeSet<Sha256Bytes>,
    since: Peekable<Iter<'a, SignedHead>>,
    /// Stored heads that are ahead, and the size of the last one read.
    ahead: VecDeque<SignedHead>,
    read_to: u64,
    last: Option<SignedHead>,
}

pub(super) async fn walk(
    connection: &mut PgConnection,
    (known, accepted): (&[KnownKey], &BTreeSet<Sha256Bytes>),
    since: &[SignedHead],
    verified: &mut Verified,
) -> anyhow::Result<()> {
    let mut walk = Walk {
        edge: Edge::default(),
        known,
        accepted,
        since: since.iter().peekable(),
        ahead: VecDeque::new(),
        read_to: 0,
        last: None,
    };
    let mut next = 0_i64;
    loop {
        let rows = sqlx::query!(
            "select index, kind, subject, event_count, event_hash, leaf_hash from log_leaves
             where index >= $1 order by index limit $2",
            next,
            BATCH,
        )
        .fetch_all(&mut *connection)
        .await
        .context("could not read the log")?;
        let Some(last) = rows.last() else { break };
        next = last.index.saturating_add(1);
        let mut filled = Vec::new();
        for row in rows {
            let index = as_size(row.index)?;
            if index != walk.edge.size() {
                // What comes after a gap has another place: nothing can be said of it.
                verified.add(Finding::LeafMissing(walk.edge.size()));
                return walk.end(connection, verified).await;
            }
            let leaf = Leaf {
                kind: row.kind.parse().context("a leaf of an unknown kind")?,
                subject: row.subject,
                event_count: row.event_count,
                event_hash: as_hash(&row.event_hash)?,
            };
            let hash = leaf.hash();
            if row.leaf_hash != hash {
                verified.add(Finding::LeafChanged(index));
            }
            filled.extend(walk.edge.push(hash));
            walk.pass(connection, verified).await?;
        }
        compare_nodes(connection, &filled, verified).await?;
    }
    walk.end(connection, verified).await
}

impl Walk<'_> {
    /// Looks at the heads of the size that the tree has now.
    async fn pass(&mut self, connection: &mut PgConnection, verified: &mut Verified) -> anyhow::Result<()> {
        let size = self.edge.size();
        if self.ahead.is_empty() && self.read_to < size {
            self.ahead = heads::list_after(connection, size.saturating_sub(1), BATCH).await?.into();
            self.read_to = self.ahead.back().map_or(u64::MAX, |head| head.head.size);
        }
        let stored = self.ahead.pop_front_if(|head| head.head.size == size);
        if let Some(head) = &stored {
            self.look_at(head, verified);
        }
        while let Some(kept) = self.since.next_if(|kept| kept.head.size == size) {
            if kept.head.root != self.edge.root() {
                verified.add(Finding::Rewritten(size));
            } else if stored.as_ref() != Some(kept) {
                // Each head that left the house is kept here: another one in its place was signed later.
                verified.add(Finding::HeadGone(size));
            }
        }
        if stored.is_some() {
            self.last = stored;
        }
        Ok(())
    }

    fn look_at(&self, head: &SignedHead, verified: &mut Verified) {
        let (size, key) = (head.head.size, head.head.key_id);
        verified.heads = verified.heads.saturating_add(1);
        if head.head.root != self.edge.root() {
            verified.add(Finding::Root(size));
        }
        let known = self.known.iter().find(|known| known.id() == key);
        if !known.is_some_and(|known| head.is_signed_by(&known.key)) {
            verified.add(Finding::Signature(size));
        }
        // The first key is whatever it is. Another one needs the word of the one before it, and none comes back.
        let before = self.last.as_ref().map(|last| last.head.key_id).filter(|before| *before != key);
        let endorsed = known.is_some_and(|known| known.previous == before);
        if before.is_some() && !endorsed && !self.accepted.contains(&key) {
            verified.add(Finding::Key { size, key: hex(&key) });
        }
    }

    async fn end(mut self, connection: &mut PgConnection, verified: &mut Verified) -> anyhow::Result<()> {
        let leaves = self.edge.size();
        for kept in self.since {
            verified.add(Finding::Shrunk { kept: kept.head.size, leaves });
        }
        if self.ahead.is_empty() {
            self.ahead = heads::list_after(connection, leaves, 1).await?.into();
        }
        if let Some(head) = self.ahead.front() {
            verified.add(Finding::HeadBeyond(head.head.size));
        }
        let said = sqlx::query_scalar!("select tree_size from log_end")
            .fetch_optional(connection)
            .await
            .context("could not find the end of the log")?
            .map(as_size)
            .transpose()?
            .unwrap_or_default();
        let head = self.last.as_ref().map_or(0, |head| head.head.size);
        if said != leaves || head != leaves {
            verified.add(Finding::End { said, head, leaves });
        }
        verified.leaves = leaves;
        verified.current = self.last;
        Ok(())
    }
}

/// Proofs are made of what is stored above the leaves.
async fn compare_nodes(
    connection: &mut PgConnection,
    filled: &[(Node, Sha256Bytes)],
    verified: &mut Verified,
) -> anyhow::Result<()> {
    let nodes: Vec<Node> = filled.iter().map(|(node, _)| *node).collect();
    let stored = proofs::read_nodes(connection, &nodes).await?;
    for (node, hash) in filled {
        if stored.get(node) != Some(hash) {
            verified.add(Finding::Node(*node));
        }
    }
    Ok(())
}
