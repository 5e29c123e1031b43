//! The post office: composes e-mails, keeps them in the outbox and hands them over.
//!
//! Knows messages, not cases: what an e-mail is about is a `correlation` that means nothing here. Every write to
//! `emails`, `deliveries`, `inbound_emails`, `bounces`, `mailboxes` and `unfetched_messages` is in this room. An e-mail's bytes are composed once and
//! never change afterwards.

pub mod address;
pub mod answered;
pub mod authentication;
pub mod authenticity;
pub mod bounces;
pub mod collect;
pub mod compose;
pub mod deliver;
pub mod dkim;
pub mod envelope;
mod fetch;
mod folder;
pub mod handling;
pub mod health;
mod imap;
pub mod inbound;
pub mod listed;
pub mod mailbox;
pub mod mailboxes;
pub mod outbox;
pub mod parse;
pub mod quarantine;
mod smtp;
pub mod transport;
mod unfetched;
pub mod wake;
