//! The people who work the desk: their accounts, their passwords, their sessions, and how often somebody may try to sign in.
//!
//! Owns the tables `staff` and `sessions`, and those of `identities`. Shows no page; what a role may open is said in `routes`, what it may do by the rules of
//! `case`.

mod attempts;
pub mod identities;
pub mod members;
pub mod password;
pub mod session;

pub use attempts::SignInAttempts;
