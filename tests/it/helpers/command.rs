//! The program as somebody starts it.

use std::{
    path::Path,
    process::{Child, Command, Output},
    time::{Duration, Instant},
};

use reqwest::{Client, StatusCode};

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

/// Settings that production starts on, with the invented ones filled in.
const FILLED_IN: [(&str, &str); 20] = [
    ("MODE", "production"),
    ("SECRETS__KEY", "kT8sW2pQ9vX4mZ7bN3cR6yF1gH5jL0dA"),
    ("EVIDENCE__KEYS", "[\"2026:9DdHBx0B1PTaEFUeIJlvZZkWZ9r8wLnl0d3DYdTuJrk=\"]"),
    ("HTTP__PUBLIC_URL", "https://handover.customer-name.test"),
    ("HTTP__PRIVACY_URL", "https://customer-name.test/privacy"),
    ("HTTP__IMPRINT_URL", "https://customer-name.test/imprint"),
    ("RESELLER__NAME", "Name GmbH"),
    ("RESELLER__PHONE", ""),
    ("RESELLER__HOURS", ""),
    ("RESELLER__ADDRESS", ""),
    ("MAIL__FROM_NAME", "Name GmbH"),
    ("MAIL__IMPRINT", "Name GmbH, HRB 1"),
    ("MAIL__TRANSPORT", "smtp"),
    ("MAIL__SMTP__HOST", "127.0.0.1"),
    ("MAIL__FROM_ADDRESS", "handover@customer-name.test"),
    ("ATLASSIAN__DATA_CENTER", "a@customer-name.test"),
    ("ATLASSIAN__CLOUD", "a@customer-name.test"),
    ("ATLASSIAN__CLOUD_PARTNER_MANAGED", "a@customer-name.test"),
    ("ATLASSIAN__PARTNER_NAME", "Name"),
    ("ATLASSIAN__PARTNER_ID", "P-1"),
];

/// The program in production, on this database, with all it needs.
pub fn production(data: &Path, url: &str) -> Command {
    let mut command = handover(data);
    for (key, value) in FILLED_IN {
        command.env(format!("HANDOVER__{key}"), value);
    }
    command.env("HANDOVER__DATABASE__URL", url);
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

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until the started program says it is ready; fails when it ends instead.
pub async fn until_ready(child: &mut Child, client: &Client, address: &str) {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        if let Ok(answer) = client.get(format!("{address}/health/ready")).send().await
            && answer.status() == StatusCode::OK
        {
            return;
        }
        assert!(child.try_wait().unwrap().is_none(), "it ended instead of serving");
        assert!(Instant::now() < deadline, "it is still not ready");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
