//! ClamAV's `clamd`, asked over its socket (INSTREAM of clamd(8)). Deletes nothing and stores nothing.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context as _, bail};
use clamav_client::tokio::{Socket, Tcp, scan_buffer};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UnixStream},
};

/// Characters kept of what a scanner calls something.
const LONGEST_SIGNATURE: usize = 200;

#[derive(Clone, Debug)]
pub struct Scanner {
    /// `None` where none is configured.
    address: Option<Address>,
    timeout: Duration,
}

#[derive(Clone, Debug)]
enum Address {
    Unix(PathBuf),
    /// `host:port`
    Tcp(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    Clean,
    /// What the scanner calls it.
    Infected(String),
    /// There is nobody to ask.
    Unscanned,
}

impl Scanner {
    /// `address` is `unix:/path`, `tcp:host:port`, or empty for none.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn try_new(address: &str, timeout_seconds: u32) -> anyhow::Result<Self> {
        let address = match address.split_once(':') {
            None if address.is_empty() => None,
            Some(("unix", path)) if path.starts_with('/') => Some(Address::Unix(path.into())),
            Some(("tcp", host)) if is_host_and_port(host) => Some(Address::Tcp(host.to_owned())),
            _ => bail!("evidence.clamd must be \"unix:/path\", \"tcp:host:port\" or empty"),
        };
        Ok(Self { address, timeout: Duration::from_secs(timeout_seconds.max(1).into()) })
    }

    pub fn is_configured(&self) -> bool {
        self.address.is_some()
    }

    /// How long one try may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// # Errors
    /// When it can't be reached, takes too long, or could not look at the file.
    pub async fn scan(&self, bytes: &[u8]) -> anyhow::Result<Finding> {
        let Some(address) = &self.address else { return Ok(Finding::Unscanned) };
        let scanned = async {
            match address {
                Address::Unix(path) => scan_buffer(bytes, Socket { socket_path: path }, None).await,
                Address::Tcp(host) => scan_buffer(bytes, Tcp { host_address: host }, None).await,
            }
        };
        let answer = tokio::time::timeout(self.timeout, scanned)
            .await
            .context("clamd took too long")?
            .context("clamd could not be asked")?;
        read(&String::from_utf8_lossy(&answer))
    }
}

/// Bytes of an answer that are read: a peer that never ends its answer must not fill the memory.
const LONGEST_ANSWER: u64 = 1024;

impl Scanner {
    /// Whether it is there, by PING, and what it is, by VERSION. Sends it no file.
    ///
    /// # Errors
    /// When it can't be reached, takes too long, or says something else.
    pub async fn greet(&self) -> anyhow::Result<String> {
        let Some(address) = &self.address else { bail!("evidence.clamd is not set") };
        let asked = async {
            let pong = address.ask(b"zPING\0").await?;
            anyhow::ensure!(pong == "PONG", "clamd answered {pong:?} to PING");
            address.ask(b"zVERSION\0").await
        };
        tokio::time::timeout(self.timeout, asked).await.context("clamd took too long")?
    }
}

impl Address {
    /// One question on a connection of its own, and its answer without what nobody can read.
    async fn ask(&self, command: &[u8]) -> anyhow::Result<String> {
        let answer = match self {
            Self::Unix(path) => exchange(UnixStream::connect(path).await, command).await,
            Self::Tcp(host) => exchange(TcpStream::connect(host).await, command).await,
        };
        let answer = answer.context("clamd could not be asked")?;
        let text = String::from_utf8_lossy(&answer);
        Ok(text.chars().filter(|c| !c.is_control()).take(LONGEST_SIGNATURE).collect())
    }
}

async fn exchange(
    connected: std::io::Result<impl AsyncRead + AsyncWrite + Unpin>,
    command: &[u8],
) -> std::io::Result<Vec<u8>> {
    let mut stream = connected?;
    stream.write_all(command).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
    Ok(answer)
}

fn is_host_and_port(host: &str) -> bool {
    host.parse::<SocketAddr>().is_ok()
        || host.rsplit_once(':').is_some_and(|(name, port)| {
            !name.is_empty() && !name.contains(':') && port.parse::<u16>().is_ok_and(|port| port > 0)
        })
}

/// `stream: OK`, `stream: <signature> FOUND`, or why it could not look.
fn read(answer: &str) -> anyhow::Result<Finding> {
    let answer = answer.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    let said = answer.strip_prefix("stream:").unwrap_or(answer).trim();
    if said == "OK" {
        return Ok(Finding::Clean);
    }
    if let Some(signature) = said.strip_suffix("FOUND") {
        let shown = signature.trim().chars().filter(|c| !c.is_control());
        return Ok(Finding::Infected(shown.take(LONGEST_SIGNATURE).collect()));
    }
    bail!("clamd answered {:?}", said.chars().take(LONGEST_SIGNATURE).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_clean() {
        assert_eq!(read("stream: OK\0").unwrap(), Finding::Clean);
        let infected = Finding::Infected("Worm.OK-1".into());
        assert_eq!(read("stream: Worm.OK-1 FOUND\n").unwrap(), infected);
        for other in ["", "stream:", "OKAY", "INSTREAM size limit exceeded. ERROR", "UNKNOWN COMMAND"] {
            assert!(read(other).is_err(), "{other}");
        }
    }

    #[test]
    fn addresses_are_a_socket_or_a_host() {
        for good in
            ["", "unix:/run/clamav/clamd.ctl", "tcp:127.0.0.1:3310", "tcp:[::1]:3310", "tcp:clamd:3310"]
        {
            assert_eq!(Scanner::try_new(good, 1).unwrap().is_configured(), !good.is_empty(), "{good}");
        }
        for bad in ["clamd", "unix:relative", "tcp:clamd", "tcp::3310", "tcp:a:b:1", "http://clamd:3310"] {
            assert!(Scanner::try_new(bad, 1).is_err(), "{bad}");
        }
    }
}
