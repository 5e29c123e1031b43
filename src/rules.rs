//! The rules by themselves: a crate root of its own (`rules/Cargo.toml`) over the files of the program, compiled once more with optimisation
//! for their proof, which walks through millions of worlds. The program does not depend on it.
//!
//! That it compiles shows that the rules need none of the rest: no database, no HTTP, no mail.

pub mod business_time;
pub mod case;
pub mod characters;
pub mod clock;
pub mod config;
pub mod dns;
pub mod lang;
pub mod message;
pub mod public_mail;
pub mod shared_domains;
pub mod token;
