//! Questions to the domain name system, put to all configured resolvers (at least two), which must agree.
//!
//! Asks afresh every time and keeps no answer. What an answer means is for the one who asks.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts},
    net::runtime::TokioRuntimeProvider,
    proto::rr::{RData, RecordType},
};

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

/// Whether `name` has a TXT record that reads exactly `text`, its strings put together (RFC 7208 §3.3).
pub async fn shows_text(settings: &Dns, name: &str, text: &str) -> Answer {
    ask_all(settings, name, RecordType::TXT, |data| match data {
        RData::TXT(record) => record.txt_data.concat() == text.as_bytes(),
        _ => false,
    })
    .await
}

async fn ask_all(settings: &Dns, name: &str, record: RecordType, is: impl Fn(&RData) -> bool) -> Answer {
    let mut said = Vec::with_capacity(settings.resolvers.len());
    for server in &settings.resolvers {
        match ask(*server, settings.timeout_seconds, name, record, &is).await {
            Ok(yes) => said.push(yes),
            Err(error) => {
                tracing::info!(%server, error = format!("{error:#}"), "a resolver could not say");
                return Answer::Unclear;
            }
        }
    }
    match (said.contains(&true), said.contains(&false)) {
        (true, false) => Answer::Yes,
        (false, true) => Answer::No,
        _ => Answer::Unclear,
    }
}

async fn ask(
    server: SocketAddr,
    timeout_seconds: u32,
    name: &str,
    record: RecordType,
    is: &impl Fn(&RData) -> bool,
) -> anyhow::Result<bool> {
    // With the dot at the end, no search domain of this machine is added.
    match resolver(server, timeout_seconds)?.lookup(format!("{name}."), record).await {
        Ok(found) => Ok(found.answers().iter().any(|answer| is(&answer.data))),
        Err(error) if error.is_no_records_found() => Ok(false),
        Err(error) => Err(error).context("a look-up failed"),
    }
}

fn resolver(server: SocketAddr, timeout_seconds: u32) -> anyhow::Result<TokioResolver> {
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
