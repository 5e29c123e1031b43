//! Mail that goes out: composed once, kept in the outbox, handed over, its later life told.
//!
//! An e-mail's bytes never change after they were composed. Decides nothing about what may be sent.

mod claim;
pub mod code;
pub mod compose;
pub mod deliver;
pub mod dkim;
mod folder;
pub mod forgetting;
pub mod handling;
pub mod listed;
pub mod outbox;
pub mod receipt;
mod refusal;
mod settle;
mod smtp;
pub mod transport;
