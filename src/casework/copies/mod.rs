//! Copies of cases that were played by the rules, with other people, days, numbers, salts and hashes, written by COPY: how a demo gets
//! as many cases as somebody wants. For nothing else: production has no way here.
//!
//! The rules stay the only source of what a case looks like. A [`Model`] is a case that went through them, taken apart: all of its
//! rows, and the gaps in them. A copy fills the gaps. What is computed from rows (digests, the trail, the bytes of a letter to Atlassian) is
//! computed anew by the functions that verification and the rules use, so `audit verify` finds a copy as whole as its model. Two things are
//! stand-ins, random bytes: the digests of what a row said before it said what it says now, and those of letters whose bytes are forgotten. Nobody
//! can hold either against anything, of a copy or of any other case.

mod copy;
mod files;
mod found;
mod model;
mod places;
mod rows;
mod text;
mod write;

pub use self::{
    copy::Part,
    model::Model,
    write::{Copying, try_out, write},
};
