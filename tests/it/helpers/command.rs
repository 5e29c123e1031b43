//! The program as somebody starts it.

use std::{
    path::Path,
    process::{Child, Command, Output},
};

/// The program with nothing of this process's environment but where programs are.
#[expect(clippy::disallowed_methods, reason = "programs are found through the environment's PATH")]
pub fn handover(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.env_clear().env("HANDOVER__DATA_DIR", data);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// All it said.
pub fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// SIGTERM, and its end.
pub fn stop(mut child: Child) {
    let pid = nix::unistd::Pid::from_raw(child.id().try_into().unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
    assert!(child.wait().unwrap().success());
}
