//! The people who work the desk: their accounts, their passwords, their sessions, and how often somebody may try to sign in.
//!
//! `second_factors` is what they show beside their password.
//!
//! Owns the tables `staff`, `sessions` and those of the second factors. Shows no page; what a role may open is said in `routes`, what it may do by the rules of
//! `case`.

mod attempts;
pub mod members;
pub mod password;
pub mod second_factors;
pub mod session;

pub use attempts::SignInAttempts;
