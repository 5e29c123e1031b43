//! The list of guards whose removal the proof must notice, held against the sources.

use std::{fs, path::PathBuf};

#[path = "../../examples/mutations/guards.rs"]
mod guards;

fn read(file: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

#[test]
fn every_change_that_removes_a_guard_still_applies() {
    let guards = guards::read(&read("examples/mutations/guards.txt"));
    assert!(guards.len() > 40, "{}", guards.len());
    for guard in guards {
        let source = read(&guard.file);
        let times = guard.times(&source);
        assert_eq!(times, 1, "{}: the text stands {times} times in {}", guard.demands, guard.file);
        assert_ne!(guard.stands, guard.instead, "{}", guard.demands);
        assert!(guard.line(&source) <= source.lines().count());
        if let Some(room) = guard.room {
            let (module, test) = room.split_once("::").unwrap();
            let tests = read(&format!("tests/it/{module}.rs"));
            assert!(
                tests.contains(&format!("async fn {test}()")),
                "{}: there is no test {room}",
                guard.demands
            );
        }
    }
}
