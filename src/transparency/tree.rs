//! The Merkle tree of RFC 9162, section 2.1: hashes, inclusion and consistency proofs, and their verification, as Certificate
//! Transparency has them. Pure: knows neither a database nor what a leaf says.
//!
//! A proof is made of the hashes of full subtrees ([`Node`]), so that making one needs some dozens of them and never the tree. The
//! attackers are whoever serves a tree and whoever sends a proof: nothing here believes a length or an index.

#[cfg(test)]
mod tests;

use sha2::{Digest as _, Sha256};

use crate::token::{Sha256Bytes, sha256};

/// A subtree of 2^`level` leaves, the `position`-th of its level. Level 0 is the leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    pub level: u8,
    pub position: u64,
}

/// RFC 9162, 2.1.1: what separates leaves from what stands above them.
pub fn leaf_hash(leaf: &[u8]) -> Sha256Bytes {
    Sha256::new().chain_update([0_u8]).chain_update(leaf).finalize().into()
}

fn parent(left: &Sha256Bytes, right: &Sha256Bytes) -> Sha256Bytes {
    Sha256::new().chain_update([1_u8]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a tree without leaves.
pub fn empty_root() -> Sha256Bytes {
    sha256(b"")
}

/// The right edge of a tree that grows: the roots of its full subtrees, the largest first. Takes leaves and knows the root of what
/// it took, in constant memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    roots: Vec<Sha256Bytes>,
}

impl Edge {
    /// The full subtrees that the edge of a tree of this size is made of, the largest first.
    pub fn nodes(size: u64) -> Vec<Node> {
        cover(0, size)
    }

    /// From the hashes of [`Edge::nodes`]; `None` where they are not as many.
    pub fn of(size: u64, roots: Vec<Sha256Bytes>) -> Option<Self> {
        (u32::try_from(roots.len()) == Ok(size.count_ones())).then_some(Self { size, roots })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the hash of the next leaf, and returns the subtrees above it that it fills.
    pub fn push(&mut self, leaf: Sha256Bytes) -> Vec<(Node, Sha256Bytes)> {
        let (mut filled, mut hash) = (Vec::new(), leaf);
        // As many subtrees are filled as the size ends with ones.
        for level in 1..=u8::try_from(self.size.trailing_ones()).unwrap_or(u8::MAX) {
            let Some(left) = self.roots.pop() else { break };
            hash = parent(&left, &hash);
            filled.push((Node { level, position: self.size.checked_shr(level.into()).unwrap_or(0) }, hash));
        }
        self.roots.push(hash);
        self.size = self.size.saturating_add(1);
        filled
    }

    pub fn root(&self) -> Sha256Bytes {
        fold(&self.roots).unwrap_or_else(empty_root)
    }
}

/// The hash over subtrees beside each other, of which each is smaller than the one before.
fn fold(roots: &[Sha256Bytes]) -> Option<Sha256Bytes> {
    let (last, before) = roots.split_last()?;
    Some(before.iter().rev().fold(*last, |right, left| parent(left, &right)))
}

/// The leaves from `begin` up to and without `end`, as far as RFC 9162 ever cuts a tree: `begin` is a multiple of the
/// largest power of two within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    begin: u64,
    end: u64,
}

impl Range {
    /// The full subtrees that it is made of.
    pub fn nodes(self) -> Vec<Node> {
        cover(self.begin, self.end)
    }

    /// `None` where one of its subtrees is not known.
    pub fn hash(self, known: impl Fn(Node) -> Option<Sha256Bytes>) -> Option<Sha256Bytes> {
        let roots: Vec<Sha256Bytes> = self.nodes().into_iter().map(known).collect::<Option<_>>()?;
        fold(&roots)
    }
}

fn cover(mut begin: u64, end: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    while begin < end {
        let level = (end - begin).ilog2();
        nodes.push(Node { level: u8::try_from(level).unwrap_or(u8::MAX), position: begin >> level });
        begin = begin.saturating_add(1 << level);
    }
    nodes
}

/// The largest power of two below `size`, which must be above one.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// RFC 9162, 2.1.3.1: whose hashes prove that the leaf at `index` is in the tree of `size` leaves. `None` where it is not.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Range>> {
    (index < size).then(|| {
        let (mut whole, mut path) = (Range { begin: 0, end: size }, Vec::new());
        while whole.end - whole.begin > 1 {
            let middle = whole.begin + split(whole.end - whole.begin);
            let (left, right) =
                (Range { begin: whole.begin, end: middle }, Range { begin: middle, end: whole.end });
            let (goes, stays) = if index < middle { (left, right) } else { (right, left) };
            path.push(stays);
            whole = goes;
        }
        path.reverse();
        path
    })
}

/// RFC 9162, 2.1.4.1: whose hashes prove that the tree of `size` leaves begins with that of `first`. `None` where there is nothing
/// to prove: `first` is nothing, or more than `size`.
pub fn consistency(first: u64, size: u64) -> Option<Vec<Range>> {
    (first > 0 && first <= size).then(|| {
        let (mut whole, mut known, mut path) = (Range { begin: 0, end: size }, true, Vec::new());
        while whole.end != first {
            let middle = whole.begin + split(whole.end - whole.begin);
            let (left, right) =
                (Range { begin: whole.begin, end: middle }, Range { begin: middle, end: whole.end });
            if first <= middle {
                path.push(right);
                whole = left;
            } else {
                path.push(left);
                whole = right;
                known = false;
            }
        }
        // Where the first tree is itself a part of the second, whoever verifies knows its root.
        if !known {
            path.push(whole);
        }
        path.reverse();
        path
    })
}

/// RFC 9162, 2.1.3.2: whether `proof` leads from the leaf at `index` to the root of the tree of `size` leaves.
pub fn verify_inclusion(
    leaf: &Sha256Bytes,
    (index, size): (u64, u64),
    proof: &[Sha256Bytes],
    root: &Sha256Bytes,
) -> bool {
    if index >= size {
        return false;
    }
    let (mut this, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in proof {
        if last == 0 {
            return false;
        }
        if this & 1 == 1 || this == last {
            hash = parent(beside, &hash);
            while this & 1 == 0 && this != 0 {
                (this, last) = (this >> 1, last >> 1);
            }
        } else {
            hash = parent(&hash, beside);
        }
        (this, last) = (this >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// RFC 9162, 2.1.4.2: whether the tree of `size` leaves begins with that of `first`, each given with its root.
pub fn verify_consistency(
    (first, first_root): (u64, &Sha256Bytes),
    (size, root): (u64, &Sha256Bytes),
    proof: &[Sha256Bytes],
) -> bool {
    if first == 0 || first > size {
        return false;
    }
    if first == size {
        return proof.is_empty() && first_root == root;
    }
    let mut path = proof.iter();
    // Where the first tree is full, its root is the first of the path.
    let Some(start) = (if first.is_power_of_two() { Some(first_root) } else { path.next() }) else {
        return false;
    };
    let (mut this, mut last) = (first - 1, size - 1);
    while this & 1 == 1 {
        (this, last) = (this >> 1, last >> 1);
    }
    let (mut old, mut new) = (*start, *start);
    for beside in path {
        if last == 0 {
            return false;
        }
        if this & 1 == 1 || this == last {
            (old, new) = (parent(beside, &old), parent(beside, &new));
            while this & 1 == 0 && this != 0 {
                (this, last) = (this >> 1, last >> 1);
            }
        } else {
            new = parent(&new, beside);
        }
        (this, last) = (this >> 1, last >> 1);
    }
    last == 0 && old == *first_root && new == *root
}
