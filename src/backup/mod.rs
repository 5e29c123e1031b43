//! Backups of the whole database, and restoring one: PostgreSQL's own `pg_dump` and `pg_restore` underneath, in an archive that says
//! what it is, proves that it is whole and ours, and names the keys without which it is worth little.
//!
//! Does not encrypt the file, does not carry a key in it, and is no archive of the write-ahead log (docs/OPERATIONS.md has a recipe).
//! The peers that are not believed: a file that somebody cut, damaged or made; `pg_dump` that dies, or says that all is well; a disk
//! that is full; a database that somebody works on.

mod archive;
mod child;
mod found;
mod keys;
mod manifest;
mod mark;
mod proof;
mod restore;
mod stretched;
mod take;
mod target;
mod tools;

pub use self::{
    archive::open,
    keys::Own,
    manifest::Manifest,
    proof::{Proven, judge},
    restore::{Restored, Wanted, restore},
    take::take,
};
