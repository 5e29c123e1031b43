//! Whether the end of the chain is in the log over all cases, by a head that the log's key signed. Pure.

use ed25519_dalek::VerifyingKey;

use super::Report;
use crate::{
    pack::format::{Chain, Proof},
    token::Sha256Bytes,
    transparency::{
        heads::SignedHead,
        keys,
        leaves::{Kind, Leaf},
        tree,
    },
};

/// The key that signed the head, where all of it holds.
pub fn check(chain: &Chain, proof: &Proof, report: &mut Report) -> Option<VerifyingKey> {
    let Some(key) = keys::read_pem(&proof.public_key) else {
        report.broken("the log's key is none");
        return None;
    };
    let heads = SignedHead::read_all(&proof.head).unwrap_or_default();
    let [signed] = heads.as_slice() else {
        report.broken("there is not one head of the log");
        return None;
    };
    let head = &signed.head;
    if !signed.is_signed_by(&key) || signed.text() != proof.head {
        report.broken("the head of the log is not signed by its key");
        return None;
    }
    // The line that was logged last is found by the leaf: what else it says must be true of it.
    let logged = chain.lines.iter().rev().find(|line| leaf(chain, line.seq, line.hash.0) == proof.leaf);
    let Some(logged) = logged else {
        report.broken("what was logged is no line of this trail");
        return Some(key);
    };
    let path: Vec<Sha256Bytes> = proof.proof.iter().map(|hash| hash.0).collect();
    let place = (proof.leaf_index, proof.tree_size);
    let hash = tree::leaf_hash(proof.leaf.as_bytes());
    if head.size != proof.tree_size || !tree::verify_inclusion(&hash, place, &path, &head.root) {
        report.broken("the proof does not lead to the head of the log");
        return Some(key);
    }
    report.holds(format!(
        "line {} is in the log, by its head of {} leaves of {}",
        logged.seq, head.size, head.at
    ));
    let later = chain.lines.iter().filter(|line| line.seq > logged.seq).count();
    if later > 0 {
        report.open(format!("{later} lines came after what was logged"));
    }
    Some(key)
}

/// What the log says of a line.
fn leaf(chain: &Chain, seq: i32, hash: Sha256Bytes) -> String {
    let (kind, subject) = (Kind::Case, chain.number.clone());
    Leaf { kind, subject, event_count: seq.into(), event_hash: hash }.text()
}
