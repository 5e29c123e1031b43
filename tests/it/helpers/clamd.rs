//! A real ClamAV daemon for a test, on a socket in a temporary folder, with a database of one signature of our own. Needs
//! the Debian package clamav-daemon.

use std::{
    fs,
    os::unix::net::UnixStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tempfile::TempDir;

/// What the one signature is about.
pub const MARK: &str = "handover-harmless-test-signature";

pub struct Clamd {
    process: Child,
    folder: TempDir,
}

impl Clamd {
    /// Starts it; it answers when this returns.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("clamd").tempdir().unwrap();
        let path = folder.path();
        fs::create_dir(path.join("db")).unwrap();
        // Name, any kind of file, anywhere in it, these bytes.
        let bytes: String = MARK.bytes().map(|byte| format!("{byte:02x}")).collect();
        fs::write(path.join("db/test.ndb"), format!("Handover.Test.Harmless:0:*:{bytes}\n")).unwrap();
        let shown = path.display();
        let settings = format!(
            "Foreground yes\nLocalSocket {shown}/socket\nDatabaseDirectory {shown}/db\nTemporaryDirectory {shown}\n\
             OfficialDatabaseOnly no\nLogFile {shown}/log\nConcurrentDatabaseReload no\nMaxThreads 2\n"
        );
        fs::write(path.join("clamd.conf"), settings).unwrap();
        let process = Command::new("/usr/sbin/clamd")
            .arg(format!("--config-file={shown}/clamd.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("clamd is missing: run bin/setup");
        let mut daemon = Self { process, folder };
        daemon.wait();
        daemon
    }

    /// As `evidence.clamd` wants it.
    pub fn address(&self) -> String {
        format!("unix:{}", self.folder.path().join("socket").display())
    }

    fn wait(&mut self) {
        let log = self.folder.path().join("log");
        for _ in 0..1500 {
            if UnixStream::connect(self.folder.path().join("socket")).is_ok() {
                return;
            }
            if let Some(status) = self.process.try_wait().unwrap() {
                panic!("clamd ended with {status}: {}", fs::read_to_string(log).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("clamd does not listen: {}", fs::read_to_string(log).unwrap_or_default());
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = kill(Pid::from_raw(self.process.id().cast_signed()), Signal::SIGTERM);
        let _ = self.process.wait();
    }
}
