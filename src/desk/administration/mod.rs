//! What administrators look after at the desk. Each page is a file of its own.

pub mod text_blocks;
pub mod trail;
