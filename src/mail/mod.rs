//! The post office: composes e-mails, keeps them in the outbox, hands them over, and collects what comes in.
//!
//! Knows messages, not cases: what an e-mail is about is a `correlation` that means nothing here. What the bytes of a
//! message say is understood in [`crate::message`]. Every write to `emails` and `deliveries` is in [`outgoing`], every
//! write to `inbound_emails`, `inbound_downloads`, `bounces`, `mailboxes` and `unfetched_messages` in [`incoming`].

pub mod about;
pub mod address;
pub mod erasure;
pub mod health;
pub mod incoming;
pub mod outgoing;
