//! Mail that comes in: collected, kept as it came, weighed by who sent it, put aside where nobody can be told.
//!
//! Changes no case and sends nothing; `correspondence` says what a message means for a case.

pub mod answered;
pub mod authentication;
pub mod authenticity;
pub mod bounces;
pub mod collect;
mod fetch;
pub mod genuine;
mod imap;
pub mod inbound;
pub mod mailboxes;
pub mod quarantine;
pub mod reread;
mod unfetched;
