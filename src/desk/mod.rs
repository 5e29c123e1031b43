//! The staff side: sign-in, the queue, the case page and what can be done there.
//!
//! Owns the tables `staff_notice_settings`, `saved_views` and `case_watchers`. Changes cases only through `casework`; which role may open which address is
//! said in `routes`, and again by the rules.

pub mod account;
pub mod actions;
pub mod administration;
pub mod alarms;
pub mod answer;
pub mod api;
pub mod approval;
mod block_values;
pub mod bulk;
pub mod case_page;
mod deleted;
mod door;
mod entrance;
pub mod evidence;
pub mod identities;
pub mod inbound;
mod letters;
pub mod live;
pub mod mail;
mod message;
pub mod needs;
pub mod notifications;
pub mod overview;
pub mod pack;
pub mod prepared;
pub mod quarantine;
pub mod queue;
pub mod read_for_all;
mod reading;
pub mod second_factors;
pub mod sign_in;
mod signals;
pub mod tokens;
mod watchers;
