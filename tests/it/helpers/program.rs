//! The program as a process of its own, serving on a database of a test's own.

use std::{
    fs,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use reqwest::{Client, StatusCode, redirect::Policy};
use tempfile::TempDir;

/// Killed when dropped.
pub struct Program {
    pub address: String,
    pub client: Client,
    child: Child,
    data: TempDir,
}

impl Program {
    /// `handover serve`, ready, on the database at `url` (empty: a private one), with settings as `SECTION__KEY`.
    pub async fn serve(url: &str, settings: &[(&str, &str)]) -> Program {
        let data = TempDir::new().unwrap();
        Self::serve_below(data, url, settings).await
    }

    async fn serve_below(data: TempDir, url: &str, settings: &[(&str, &str)]) -> Program {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = fs::File::create(data.path().join("log")).unwrap();
        let mut command = command(data.path());
        command.env("HANDOVER__HTTP__PORT", port.to_string()).env("HANDOVER__DATABASE__URL", url);
        for (key, value) in settings {
            command.env(format!("HANDOVER__{key}"), value);
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let mut program = Program { address: format!("http://127.0.0.1:{port}"), client, child, data };
        program.until_ready().await;
        program
    }

    pub async fn until_ready(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(120);
        while self.health().await != Some(StatusCode::OK) {
            assert!(self.child.try_wait().unwrap().is_none(), "it ended instead of serving: {}", self.log());
            assert!(Instant::now() < deadline, "it is still not ready: {}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn health(&self) -> Option<StatusCode> {
        let asked = self.client.get(self.url("/health/ready")).send().await;
        asked.ok().map(|answer| answer.status())
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.data.path().join("log")).unwrap()
    }

    pub fn data_dir(&self) -> &Path {
        self.data.path()
    }

    /// Resident memory in MB, without the pages of the program's own file, of which a build with debug symbols has many.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    /// Waits for its end; how it ended.
    pub async fn ended(&mut self, patience: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        None
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.child.try_wait().unwrap().is_none() {
            // In order, so that a private database ends with it.
            self.signal(Signal::SIGTERM);
            let deadline = Instant::now() + Duration::from_secs(15);
            while Instant::now() < deadline && self.child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "programs are found through the environment's PATH")]
fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.env_clear().env("HANDOVER__DATA_DIR", data).env("RUST_LOG", "warn");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}
