//! The people who work the desk: their accounts, their passwords, their sessions, the tokens of their scripts, and how often somebody
//! may try to sign in.
//!
//! Owns the tables `staff`, `sessions`, `staff_tokens` and `token_requests`. Shows no page; what a role may open is said in `routes`, what it may do by the rules of
//! `case`.

mod attempts;
pub mod members;
pub mod password;
pub mod replays;
pub mod session;
pub mod tokens;

pub use attempts::SignInAttempts;
