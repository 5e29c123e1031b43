//! No message may make the understanding of mail panic, hang or grow without bound.

#![no_main]

#[path = "../property.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| property::holds(bytes));
