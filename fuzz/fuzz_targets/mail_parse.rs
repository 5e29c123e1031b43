//! No message may make the understanding of mail panic, hang or grow without bound.

#![no_main]

#[expect(dead_code, reason = "the module serves the whole project, not only this target")]
#[path = "../../src/mail/parse/mod.rs"]
mod parse;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|message: &[u8]| {
    let understood = parse::understand(message);
    assert_eq!(understood.kind == parse::Kind::Bounce, understood.bounce.is_some());
    assert!(parse::inspect::line("message", message).is_ok());
});
