//! Settings of mail in both directions: transport, signing, collecting, and who judges senders. Plain values only.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub transport: TransportKind,
    pub from_name: String,
    pub from_address: String,
    pub imprint: String,
    pub lease_seconds: u32,
    pub max_attempts: u32,
    pub first_retry_seconds: u32,
    pub longest_retry_seconds: u32,
    pub alarm_minutes: u32,
    pub alarm_failures: u32,
    pub smtp: Smtp,
    pub dkim: Dkim,
    pub inbound: Inbound,
    pub imap: Imap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransportKind {
    Folder,
    Smtp,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub username: String,
    #[serde(skip_serializing)]
    pub password: SecretString,
    pub password_file: PathBuf,
    pub timeout_seconds: u32,
    pub connections: u32,
    pub sign_in_pause_seconds: u32,
    pub ca_file: PathBuf,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    pub ed25519_selector: String,
    pub ed25519_key_file: PathBuf,
    pub rsa_selector: String,
    pub rsa_key_file: PathBuf,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    pub max_bytes: usize,
    pub letters_per_hour: u32,
    pub authentication: Authentication,
    pub authserv_id: String,
    pub received_by: String,
}

/// Who says whether the author of a message is genuine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    /// The mail server in front, in `Authentication-Results`.
    Header,
    /// We ourselves, by SPF, DKIM and DMARC.
    Own,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Imap {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub username: String,
    #[serde(skip_serializing)]
    pub password: SecretString,
    pub password_file: PathBuf,
    pub token_command: Vec<String>,
    pub mailbox: String,
    pub poll_seconds: u32,
    pub timeout_seconds: u32,
    pub ca_file: PathBuf,
}

impl Imap {
    /// What the database knows the mailbox by: user@host:port/folder. `None` where none is configured.
    pub fn name(&self) -> Option<String> {
        let Self { username, host, port, mailbox, .. } = self;
        (!host.is_empty()).then(|| format!("{username}@{host}:{port}/{mailbox}"))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    None,
    Starttls,
    Implicit,
}
