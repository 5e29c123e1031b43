//! What administrators change, and the trail of it: who, what, when, on what.
//!
//! Owns the tables `administration_events`, `administration_chain`, `text_blocks`, `text_block_versions`,
//! `retention_runs` and those of requests to erase somebody (`persons`). Every change that
//! is no case's goes into the trail in the transaction of the change; what it changes elsewhere, it changes through the owner
//! (`webhooks`). Knows no page, no case and no letter.

pub mod blocks;
pub mod persons;
pub mod retention;
pub mod seeds;
pub mod trail;
pub mod variables;
pub mod webhooks;
pub mod words;
