//! The customer's room: what this is, the guide, the form, confirmation, the status page, and the pages of the new contact, the
//! departed one and any other on record. And the form that staff prepared for a caller.
//!
//! Changes nothing itself: every change goes through `casework`. Never asks the register, and opens a case to nobody
//! without the token from a letter.

pub mod access;
pub mod authorisation;
pub mod cases;
pub mod challenges;
pub mod claims;
pub mod confirmations;
pub mod corrections;
pub mod escalations;
pub mod evidence;
mod field_errors;
mod files;
mod form;
pub mod guide;
mod history;
pub mod home;
mod links;
pub mod mail_checks;
mod message;
mod next_steps;
pub mod objections;
mod offered;
mod pauses;
mod people;
pub mod prepared;
pub mod sent;
mod sent_letters;
mod situation;
mod status;
pub mod steps;
pub mod successors;
mod uncontested;
pub mod vouchers;
