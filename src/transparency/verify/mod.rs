//! Verifies the whole log, in constant memory: the tree anew from its leaves, every head, every leaf against its chain, every case
//! against the log; and that the log only grew since heads that somebody kept.
//!
//! Does not recompute the chains: that is `casework::verify_trail` and `administration::trail::verify`. The attacker has the database,
//! and perhaps the signing key: whatever both can do shows in nothing but a head that was kept elsewhere.

mod chains;
mod deleted;
mod reserved;
mod walk;

use std::collections::BTreeSet;

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use sqlx::PgPool;

use super::{
    heads::SignedHead,
    keys::{self, KnownKey},
    proofs,
    tree::{Node, verify_consistency},
};
use crate::token::Sha256Bytes;
pub use reserved::Unused;

/// More of one kind is counted, not told.
const MOST_TOLD: usize = 50;

/// What somebody brings along who verifies.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// Heads that they kept.
    pub since: Vec<SignedHead>,
    /// Keys that they know to be ours, although none before them signed them.
    pub accepted_keys: BTreeSet<Sha256Bytes>,
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    #[error("leaf {0} is missing")]
    LeafMissing(u64),
    #[error("leaf {0} is not what was hashed")]
    LeafChanged(u64),
    #[error("the hash of subtree {}/{} is not that of its leaves", .0.level, .0.position)]
    Node(Node),
    #[error("the head of size {0} has another root than the tree")]
    Root(u64),
    #[error("the head of size {0} is not signed by the key that it names")]
    Signature(u64),
    #[error("from the head of size {size} on, the key {key} signs, of which the one before it says nothing")]
    Key { size: u64, key: String },
    #[error("there is a head of size {0}, and fewer leaves")]
    HeadBeyond(u64),
    #[error("the log says that it has {said} leaves, its last head {head}, and it has {leaves}")]
    End { said: u64, head: u64, leaves: u64 },
    #[error("leaf {index}: {subject} is gone")]
    Gone { index: u64, subject: String },
    #[error("leaf {index}: line {line} of {subject} is not the one that was logged")]
    Chain { index: u64, subject: String, line: i64 },
    #[error("{0}: the end of its trail was not logged, and does not wait to be")]
    NotLogged(String),
    #[error("{0}: the number was given out, and there is no such case")]
    NoCase(String),
    #[error("{0}: there is such a case, or a reservation, and the number was never given out")]
    NoNumber(String),
    #[error("{0}: there is such a case, or was, and its number is said to be no more than reserved")]
    StillReserved(String),
    #[error("{0} is deleted, and what is left of it is not what was logged last")]
    Tombstone(String),
    #[error("{0} is deleted, and the trail of administration does not say so, or otherwise")]
    DeletedUntold(String),
    #[error("{0} was deleted before its time was over, or not when it says")]
    DeletedEarly(String),
    #[error(
        "{0}: the trail of administration says that it was deleted, and nothing is left of it that says so"
    )]
    TombstoneGone(String),
    #[error("{0} is deleted, and there is such a case")]
    Risen(String),
    #[error("the kept head of size {0} is not signed by a key of this log")]
    Foreign(u64),
    #[error(
        "the kept head of size {kept} is of more than there is: the log has {leaves} leaves, so the log was set back, by restoring an older backup or by somebody"
    )]
    Shrunk { kept: u64, leaves: u64 },
    #[error("what the kept head of size {0} held was changed: the tree has another root there")]
    Rewritten(u64),
    #[error("the kept head of size {0} is not among the heads of this log")]
    HeadGone(u64),
    #[error("from the kept head of size {0}, no proof of consistency leads to the present one")]
    Inconsistent(u64),
}

#[derive(Clone, Debug, Default)]
pub struct Verified {
    pub leaves: u64,
    pub heads: u64,
    /// Cases that are gone because their time was over.
    pub deleted: u64,
    /// Numbers that were reserved for a request and have no case.
    pub unused: Unused,
    /// Changes that wait to be logged.
    pub pending: i64,
    pub current: Option<SignedHead>,
    pub findings: Vec<Finding>,
    /// Findings beside those.
    pub untold: usize,
}

impl Verified {
    pub fn holds(&self) -> bool {
        self.findings.is_empty() && self.untold == 0
    }

    fn add(&mut self, finding: Finding) {
        let alike = std::mem::discriminant(&finding);
        if self.findings.iter().filter(|found| std::mem::discriminant(*found) == alike).count() < MOST_TOLD {
            self.findings.push(finding);
        } else {
            self.untold = self.untold.saturating_add(1);
        }
    }
}

pub async fn verify(pool: &PgPool, brought: &Brought) -> anyhow::Result<Verified> {
    // One picture of it all, while others go on appending.
    let mut transaction = pool.begin().await.context("could not begin a transaction")?;
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(&mut *transaction)
        .await?;
    let known = keys::list(&mut transaction).await?;
    let mut verified = Verified::default();
    let since = genuine(&known, brought, &mut verified);
    walk::walk(&mut transaction, (&known, &brought.accepted_keys), &since, &mut verified).await?;
    chains::look(&mut transaction, &mut verified).await?;
    deleted::look(&mut transaction, &mut verified).await?;
    // The root at each kept head was made anew; a proof from the first and the last of them shows that what is stored gives one.
    let ends = since.first().into_iter().chain(since.last().filter(|_| since.len() > 1));
    for kept in ends {
        let Some(current) = verified.current.as_ref().map(|current| current.head.clone()) else { continue };
        let proof = proofs::consistency(&mut transaction, kept.head.size, current.size).await;
        // Where hashes are missing there is no proof.
        let holds = proof.ok().flatten().is_some_and(|proof| {
            verify_consistency((kept.head.size, &kept.head.root), (current.size, &current.root), &proof)
        });
        if !holds && kept.head.size <= current.size {
            verified.add(Finding::Inconsistent(kept.head.size));
        }
    }
    Ok(verified)
}

/// The heads that were brought along and are of this log's keys, the smallest first.
fn genuine(known: &[KnownKey], brought: &Brought, verified: &mut Verified) -> Vec<SignedHead> {
    let mut genuine = Vec::new();
    for head in &brought.since {
        if known.iter().any(|known| head.is_signed_by(&known.key)) {
            genuine.push(head.clone());
        } else {
            verified.add(Finding::Foreign(head.head.size));
        }
    }
    genuine.sort_by_key(|head| head.head.size);
    genuine
}

fn hex(hash: &Sha256Bytes) -> String {
    HEXLOWER.encode(hash)
}
