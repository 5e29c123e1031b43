//! One log over the ends of all chains, in the shape of Certificate Transparency (RFC 9162, 2.1): its head is signed, and whoever
//! keeps heads elsewhere need not trust this database, nor us, that nothing before them was changed.
//!
//! Knows chains by number, count and hash; not what a case is. Stops nobody from changing the database: it makes that show. Who
//! holds the signing key and the database can make another log; only a head that was kept elsewhere shows that.

pub mod append;
pub mod file;
pub mod heads;
pub mod health;
pub mod keys;
pub mod leaves;
pub mod outlets;
pub mod proofs;
pub mod stamps;
pub mod tree;
pub mod verify;

use anyhow::Context as _;

use crate::token::Sha256Bytes;

fn as_hash(bytes: &[u8]) -> anyhow::Result<Sha256Bytes> {
    bytes.try_into().context("a hash of the log has another length")
}

fn as_size(number: i64) -> anyhow::Result<u64> {
    u64::try_from(number).context("the log has a size or an index below zero")
}

fn as_number(size: u64) -> anyhow::Result<i64> {
    i64::try_from(size).context("the log is too large")
}
