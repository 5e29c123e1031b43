//! The desk's second face: what its pages show and do, for programs with a token, as JSON below `/api/v1`.
//!
//! The same people with the same rights. A change is made by the very handlers of the pages: `routes` gives each action of the
//! desk its twin here, with the same function and the same role. Lists and cases are read by the queue's condition and the case page's
//! offers. What is told of an operation (`operations`) is what the guard in `site` holds requests against, and what the document
//! for programs (`document`) and the page for people (`reference`) are made of.

pub mod answer;
pub mod blocks;
pub mod bulk;
pub mod case;
pub mod cases;
pub mod customers;
pub mod document;
pub mod mail;
pub mod notifications;
pub mod operations;
pub mod pack;
pub mod prepared;
pub mod quarantine;
pub mod reference;
pub mod reports;
pub mod stay;
pub mod viewer;
pub mod views;

/// Where all of it begins.
pub const PATH: &str = "/api/v1";
