//! What tests of several rooms need.

pub mod postgres;
