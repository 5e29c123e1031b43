//! `health`: asks the Handover of this machine whether it lives, as a browser would. For containers without a shell.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use clap::Args;

use super::{complain, say};
use crate::config::Http;

/// Less than whoever asks gives us.
const PATIENCE: Duration = Duration::from_secs(3);
/// The answer is a line.
const LARGEST: u64 = 4096;

#[derive(Debug, Args)]
pub(super) struct Health {
    /// Whether it can work, too: its database, its schema, its worker. Not for what restarts it: a database that is away does not
    /// come back by that.
    #[arg(long)]
    ready: bool,
}

pub(super) fn run(http: &Http, health: &Health) -> ExitCode {
    match ask(http, health.ready) {
        Ok(said) => {
            say(said);
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// What it says of itself, where that is good.
fn ask(http: &Http, ready: bool) -> anyhow::Result<String> {
    let host = match http.host {
        IpAddr::V4(host) if host.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(host) if host.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        host => host,
    };
    let address = SocketAddr::new(host, http.port);
    let path = if ready { "/health/ready" } else { "/health/live" };
    let answer = exchange(address, path).with_context(|| format!("{address} does not answer"))?;
    let status = answer.split_whitespace().nth(1).unwrap_or_default();
    let said = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).trim();
    anyhow::ensure!(
        status == "200",
        "{path} at {address} says: {}",
        crate::characters::write_in_one_line(said)
    );
    Ok(said.to_owned())
}

fn exchange(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(LARGEST).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
