//! No message may make the understanding of mail panic, hang or grow without bound.

#![no_main]

#[expect(dead_code, reason = "the module serves the whole project, not only this target")]
#[path = "../../src/message/mod.rs"]
mod message;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let understood = message::understand(bytes);
    assert_eq!(understood.kind == message::Kind::Bounce, understood.bounce.is_some());
    assert!(message::inspect::line("message", bytes).is_ok());
});
