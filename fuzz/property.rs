//! What holds for every message, whatever its bytes. The fuzzing target and `bounded` both try to break it.

#[expect(dead_code, unused_imports, reason = "the module serves the whole project, not only this")]
#[path = "../src/message/mod.rs"]
mod message;

pub fn holds(bytes: &[u8]) {
    let understood = message::understand(bytes);
    assert_eq!(understood.kind == message::Kind::Bounce, understood.bounce.is_some());
    let held = message::find_held_links(bytes, &["cases"]);
    assert!(held.candidates.iter().all(|candidate| candidate.len() == 43));
    assert!(message::inspect::line("message", bytes).is_ok());
}
