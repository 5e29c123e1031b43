//! `bin/start` on machines that lack things, made of programs that only write down how they are called.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use crate::helpers::command::text;

/// A machine without a C compiler, with these programs besides what the script is written in.
fn start(programs: &[&str], arguments: &[&str]) -> (Output, String) {
    let machine = TempDir::new().unwrap();
    let log = machine.path().join("log");
    symlink(
        if Path::new("/usr/bin/dirname").exists() { "/usr/bin/dirname" } else { "/bin/dirname" },
        machine.path().join("dirname"),
    )
    .unwrap();
    for program in programs {
        let (name, says) = program.split_once(' ').unwrap_or((program, ""));
        let file = machine.path().join(name);
        fs::write(&file, format!("#!/bin/bash\necho \"{name} $*\" >> {}\necho {says}\n", log.display()))
            .unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let output = Command::new("/bin/bash")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("bin/start"))
        .args(arguments)
        .env_clear()
        .env("PATH", machine.path())
        // PostgreSQL is asked for elsewhere, so that only the compiler is missing.
        .env("DATABASE_URL", "postgres://127.0.0.1/handover")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output, fs::read_to_string(log).unwrap_or_default())
}

#[test]
fn it_says_what_it_would_install_and_installs_nothing_unasked() {
    for (programs, words) in [
        (&["id 1000"][..], "Rust is missing"),
        (&["id 1000", "cargo"], "Install them by hand"),
        (&["id 1000", "cargo", "apt-get"], "As root: apt-get install build-essential"),
        (&["id 1000", "cargo", "sudo", "apt-get"], "installs with sudo apt-get: build-essential"),
        (&["id 1000", "cargo", "sudo", "dnf"], "installs with sudo dnf: gcc"),
        (&["id 0", "cargo", "apk"], "installs with apk: build-base"),
    ] {
        let (output, log) = start(programs, &[]);
        assert_eq!(output.status.code(), Some(1), "{programs:?}: {}", text(&output));
        assert!(text(&output).contains(words), "{programs:?}: {words} is not in {}", text(&output));
        let called = log.lines().any(|line| !line.starts_with("id "));
        assert!(!called, "{programs:?}: {log}");
    }
}

#[test]
fn told_to_it_installs_builds_and_starts() {
    let (output, log) = start(&["id 1000", "cargo", "sudo", "apt-get"], &["--yes", "doctor"]);
    assert!(output.status.success(), "{}", text(&output));
    assert!(log.contains("sudo bash -euo pipefail -s build-essential"), "{log}");
    assert!(log.contains("cargo run --locked -- doctor"), "{log}");
    let (output, log) = start(&["id 0", "cargo", "cc", "apt-get"], &["serve"]);
    assert!(output.status.success() && !log.contains("apt-get"), "nothing is missing: {log}");
}
