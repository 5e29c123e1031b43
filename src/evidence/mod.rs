//! Evidence files: what is taken, how it lies encrypted, how it is looked at for viruses, and what is kept.
//!
//! Owns the tables `evidence_files` and `evidence_downloads`. Knows files, not cases: whose file it is, is an opaque id,
//! and whether one may be added, decided on or deleted is for `casework`, which calls from inside its transactions.

mod cabinet;
pub mod content;
pub mod files;
pub mod name;
mod rejection;
pub mod rotation;
pub mod scan;
pub mod scanner;
pub mod size;
pub mod vault;

pub use cabinet::Cabinet;
pub use rejection::Rejection;
