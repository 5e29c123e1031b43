//! What exists only for the default mode, in one place: the invented register, the cases it begins with, and the pages of
//! the mail it "sent" and of every e-mail there is. An audit of a production installation can skip it: production neither seeds nor shows any of this.
//!
//! The folder that mail is kept in is a transport like the others ([`crate::mail::outgoing::transport`]), the private
//! database server is on the ground ([`crate::postgres`]).

mod crowd;
pub mod letters;
pub mod mailbox;
pub mod mails;
pub mod register;
mod script;
mod seed;
pub mod sent;
mod story;
pub mod time;

pub use self::{
    crowd::gather,
    seed::{Credential, seed_if_empty},
};
