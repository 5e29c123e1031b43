//! What tests of several rooms need.

pub mod post_office;
pub mod postgres;
pub mod smtp;
