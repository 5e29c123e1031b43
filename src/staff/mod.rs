//! The people who work the desk: their accounts and who is invited, their passwords and the ways back to one, their sessions, the
//! tokens of their programs, and how often somebody may try to sign in.
//!
//! `second_factors` is what they show beside their password.
//!
//! Owns the tables `staff`, `sessions`, `staff_invitations`, `password_resets`, `sign_in_limits`, `staff_tokens`,
//! `token_requests`, those of `identities` and those of the second factors. Shows no page; what a role may open is said in
//! `routes`, what it may do by the rules of `case`. Cases change through `casework` alone.

pub mod access;
pub mod accounts;
pub mod attempts;
mod changes;
pub mod devices;
pub mod identities;
pub mod invitations;
pub mod letters;
pub mod listed;
pub mod log_letters;
pub mod members;
mod new_password;
pub mod password;
pub mod replays;
pub mod resets;
pub mod returned;
pub mod second_factors;
pub mod session;
pub mod tokens;
