//! All integration tests, in one binary: linking it once is most of what building the tests costs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod helpers;
mod letters;
mod postgres;
