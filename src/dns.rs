//! Questions to the domain name system, put to all configured resolvers (at least two), which must agree.
//!
//! A resolver that lies, fails or is silent alone is found out; all of them lying alike are not.
//!
//! Asks afresh every time and keeps no answer. What an answer means is for the one who asks.

mod addresses;

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use anyhow::Context as _;
use futures_util::future::join_all;
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts},
    net::runtime::TokioRuntimeProvider,
    proto::rr::{Name, RData, RecordType},
};

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

pub use self::addresses::find_addresses;
use crate::config::Dns;

/// What the resolvers say to a yes-or-no question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// All say yes.
    Yes,
    /// All say no: the name does not exist, or has no such record.
    No,
    /// They do not agree, or one of them could not say.
    Unclear,
}

/// What a domain says about receiving mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MailServers {
    /// It names servers (MX, RFC 5321 §5.1).
    Named,
    /// It names none, or does not exist.
    None,
    /// It says that it takes no mail ("null MX", RFC 7505).
    Refused,
    /// The resolvers do not agree, or one of them could not say.
    Unknown,
}

impl MailServers {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What the name servers say to the question which hosts a name names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// These, in lower case, sorted, each once; `.` where it says that there is none (null MX). Empty: no such record.
    Named(Vec<String>),
    /// There is no such name (NXDOMAIN, RFC 8020: nor anything below it).
    NoSuchName,
}

/// What was seen to become of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, EnumString, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DomainEvent {
    NameServers,
    MailServers,
    /// It does not exist any more.
    Vanished,
    /// It exists, and did not at an earlier look.
    Appeared,
}

impl DomainEvent {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// So many hosts of one name are told apart; nobody has more, but for somebody who wants to fill a disk.
const MOST_HOSTS: usize = 64;

/// The name servers of `name` (NS), which stand where a zone begins; `None` where the resolvers do not agree or one of
/// them could not say.
pub async fn find_name_servers(settings: &Dns, name: &str) -> Option<Hosts> {
    find_hosts(settings, name, RecordType::NS).await
}

/// The mail servers of `name` (MX); `None` as with [`find_name_servers`].
pub async fn find_mail_exchanges(settings: &Dns, name: &str) -> Option<Hosts> {
    find_hosts(settings, name, RecordType::MX).await
}

async fn find_hosts(settings: &Dns, name: &str, record: RecordType) -> Option<Hosts> {
    let read = |answer: &Said| match answer {
        Said::NoSuchName => Hosts::NoSuchName,
        Said::Records(records) => {
            let hosts = records.iter().filter_map(|data| match data {
                RData::NS(server) => Some(&server.0),
                RData::MX(server) => Some(&server.exchange),
                _ => None,
            });
            let hosts: BTreeSet<String> = hosts.map(written).collect();
            Hosts::Named(hosts.into_iter().take(MOST_HOSTS).collect())
        }
    };
    agree(settings, name, record, read).await
}

fn written(host: &Name) -> String {
    let text = host.to_ascii().to_ascii_lowercase();
    if host.is_root() { text } else { text.trim_end_matches('.').to_owned() }
}

/// Whether `name` has a TXT record that reads exactly `text`, its strings put together (RFC 7208 §3.3).
pub async fn shows_text(settings: &Dns, name: &str, text: &str) -> Answer {
    let is_it = |data: &RData| match data {
        RData::TXT(record) => record.txt_data.concat() == text.as_bytes(),
        _ => false,
    };
    match ask_all(settings, name, RecordType::TXT, |answers| answers.iter().any(is_it)).await {
        Some(true) => Answer::Yes,
        Some(false) => Answer::No,
        None => Answer::Unclear,
    }
}

/// What stands where a TXT record is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// All resolvers show it.
    Shown,
    /// All show other texts there, and not this one.
    Other,
    /// All show no text at all.
    Missing,
    /// They do not agree, or one of them could not say.
    Unclear,
}

/// As [`shows_text`], for somebody who is setting the record at this moment.
pub async fn look_for_text(settings: &Dns, name: &str, text: &str) -> Look {
    let read = |answers: &[RData]| {
        let mut texts = answers.iter().filter_map(|data| match data {
            RData::TXT(record) => Some(record.txt_data.concat() == text.as_bytes()),
            _ => None,
        });
        match texts.next() {
            None => Look::Missing,
            Some(first) if first || texts.any(|is_it| is_it) => Look::Shown,
            Some(_) => Look::Other,
        }
    };
    ask_all(settings, name, RecordType::TXT, read).await.unwrap_or(Look::Unclear)
}

/// What `domain` says about receiving mail.
pub async fn find_mail_servers(settings: &Dns, domain: &str) -> MailServers {
    let read = |answers: &[RData]| {
        let mut exchanges = answers.iter().filter_map(|data| match data {
            RData::MX(record) => Some(record.exchange.is_root()),
            _ => None,
        });
        match exchanges.next() {
            None => MailServers::None,
            Some(true) => MailServers::Refused,
            Some(false) => MailServers::Named,
        }
    };
    ask_all(settings, domain, RecordType::MX, read).await.unwrap_or(MailServers::Unknown)
}

/// What all resolvers say, as `read` reads the records; `None` where they do not agree or one of them could not say.
async fn ask_all<T: PartialEq>(
    settings: &Dns,
    name: &str,
    record: RecordType,
    read: impl Fn(&[RData]) -> T,
) -> Option<T> {
    let read = |answer: &Said| match answer {
        Said::Records(records) => read(records),
        Said::NoSuchName => read(&[]),
    };
    agree(settings, name, record, read).await
}

/// An answer of one resolver.
enum Said {
    /// None where the name exists without such a record.
    Records(Vec<RData>),
    NoSuchName,
}

async fn agree<T: PartialEq>(
    settings: &Dns,
    name: &str,
    record: RecordType,
    read: impl Fn(&Said) -> T,
) -> Option<T> {
    // At the same time: one that is silent must not make the others' answers late.
    let asked = settings
        .resolvers
        .iter()
        .map(|server| async move { (server, ask(*server, settings.timeout_seconds, name, record).await) });
    let mut said = None;
    for (server, answer) in join_all(asked).await {
        match answer {
            Ok(answer) => {
                let now = read(&answer);
                if said.as_ref().is_some_and(|before| *before != now) {
                    return None;
                }
                said = Some(now);
            }
            Err(error) => {
                tracing::info!(%server, error = format!("{error:#}"), "a resolver could not say");
                return None;
            }
        }
    }
    said
}

/// Whether one resolver answers at all, and truly: that the root has name servers is known to every one that resolves names.
///
/// # Errors
/// When it is silent, fails or says otherwise.
pub async fn try_resolver(settings: &Dns, server: SocketAddr) -> anyhow::Result<()> {
    match ask(server, settings.timeout_seconds, "", RecordType::NS).await? {
        Said::Records(records) if records.iter().any(|data| matches!(data, RData::NS(_))) => Ok(()),
        Said::Records(_) | Said::NoSuchName => {
            anyhow::bail!("it answers, but knows no name servers of the root: it resolves no names")
        }
    }
}

async fn ask(
    server: SocketAddr,
    timeout_seconds: u32,
    name: &str,
    record: RecordType,
) -> anyhow::Result<Said> {
    // With the dot at the end, no search domain of this machine is added.
    match resolver(server, timeout_seconds)?.lookup(format!("{name}."), record).await {
        Ok(found) => Ok(Said::Records(found.answers().iter().map(|answer| answer.data.clone()).collect())),
        Err(error) if error.is_nx_domain() => Ok(Said::NoSuchName),
        Err(error) if error.is_no_records_found() => Ok(Said::Records(Vec::new())),
        Err(error) => Err(error).context("a look-up failed"),
    }
}

/// Asks that one server only, as often as it is asked.
pub fn resolver(server: SocketAddr, timeout_seconds: u32) -> anyhow::Result<TokioResolver> {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()]
        .into_iter()
        .map(|mut connection| {
            connection.port = server.port();
            connection
        })
        .collect();
    let servers = vec![NameServerConfig::new(server.ip(), true, connections)];
    let mut builder = TokioResolver::builder_with_config(
        ResolverConfig::from_parts(None, Vec::new(), servers),
        TokioRuntimeProvider::default(),
    );
    let mut options = ResolverOpts::default();
    options.cache_size = 0;
    options.attempts = 1;
    options.edns0 = true;
    options.timeout = Duration::from_secs(u64::from(timeout_seconds));
    *builder.options_mut() = options;
    builder.build().context("could not make a resolver")
}
