//! The customer's room: what this is, the guide, the form, confirmation, the status page, and the pages of the new contact, the
//! departed one and any other on record. And the form that staff prepared for a caller.
//!
//! Changes nothing itself: every change goes through `casework`. Never asks the register, and opens a case to nobody
//! without the token from a letter.

pub mod authorisation;
pub mod cases;
pub mod challenges;
pub mod confirmations;
pub mod escalations;
pub mod evidence;
mod field_errors;
mod files;
mod form;
pub mod guide;
pub mod home;
mod links;
mod message;
mod next_steps;
pub mod objections;
mod people;
pub mod prepared;
mod status;
pub mod successors;
mod uncontested;
pub mod vouchers;
