//! The evidence pack of a case: one ZIP that shows an auditor who has neither our database nor our word what happened and why, and
//! that nothing of it was changed since. docs/EVIDENCE.md has the format.
//!
//! `export` makes it, `check` verifies it; what both need is pure. Writes one table, `case_exports`: who took out which case.
//! Decides nothing and shows no page.

mod archive;
mod case_file;
pub mod check;
pub mod export;
pub mod format;
mod rebuilt;
mod rows;
mod signature;
