//! Hands one message to one endpoint, over a connection to the very address that was judged.
//!
//! The attackers: a name server that says another address when it is asked again (nobody asks again: the connection is made to
//! what was judged), a receiver that sends us elsewhere (no redirect is followed), stalls (5 seconds to connect, 15 for all), or
//! never ends (a few kB are read), and whoever sets a proxy in our environment (none is used).

#[cfg(test)]
mod tests;

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use rustls::{ClientConfig, RootCertStore};

use super::target::{Reach, Target};
use crate::{config::Dns, dns};

/// How long is waited.
#[derive(Clone, Copy, Debug)]
struct Times {
    connect: Duration,
    /// From the beginning to the status.
    all: Duration,
    /// For the words behind a status that is known already.
    words: Duration,
}

const TIMES: Times =
    Times { connect: Duration::from_secs(5), all: Duration::from_secs(15), words: Duration::from_secs(2) };
/// So much of an answer is read, in bytes, and kept, in characters.
const READ: usize = 4096;
pub const LONGEST_ANSWER: usize = 500;

/// The client, made when it is first needed.
pub struct Sender {
    times: Times,
    resolver: Arc<Resolver>,
    client: OnceLock<Client>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}

/// What goes over the wire.
#[derive(Clone, Debug)]
pub struct Signed {
    pub id: String,
    pub seconds: i64,
    pub signature: String,
    pub body: Vec<u8>,
}

/// What a receiver said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub words: String,
}

impl Sender {
    pub(super) fn new(reach: Reach, dns: Dns) -> Self {
        Self::waiting(TIMES, reach, dns)
    }

    fn waiting(times: Times, reach: Reach, dns: Dns) -> Self {
        Self { times, resolver: Arc::new(Resolver { reach, dns }), client: OnceLock::new() }
    }

    pub(super) fn reach(&self) -> &Reach {
        &self.resolver.reach
    }

    /// # Errors
    /// Where no answer came; never with the address in it, which may hold a secret.
    pub async fn send(&self, target: &Target, signed: Signed) -> anyhow::Result<Answer> {
        let all = self.times.all;
        tokio::time::timeout(all, self.exchange(target, signed))
            .await
            .with_context(|| format!("no answer within {} seconds", all.as_secs()))?
    }

    async fn exchange(&self, target: &Target, signed: Signed) -> anyhow::Result<Answer> {
        let answer = self
            .client()?
            .post(target.url())
            .header("content-type", "application/json")
            .header("webhook-id", signed.id)
            .header("webhook-timestamp", signed.seconds.to_string())
            .header("webhook-signature", signed.signature)
            .body(signed.body)
            .send()
            .await
            .map_err(reqwest::Error::without_url)?;
        let status = answer.status().as_u16();
        // What it says besides can't change that it was taken: however slowly it comes, or where it breaks off.
        let mut words = Vec::new();
        let _ = tokio::time::timeout(self.times.words, read(answer, &mut words)).await;
        Ok(Answer { status, words: presentable(&String::from_utf8_lossy(&words)) })
    }

    fn client(&self) -> anyhow::Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = build(self.resolver.clone(), self.times)?;
        Ok(self.client.get_or_init(|| client))
    }
}

async fn read(mut answer: Response, words: &mut Vec<u8>) {
    while words.len() < READ {
        let Ok(Some(chunk)) = answer.chunk().await else { return };
        words.extend(chunk.iter().take(READ.saturating_sub(words.len())));
    }
}

fn build(resolver: Arc<Resolver>, times: Times) -> anyhow::Result<Client> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS can't be set up")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(resolver.reach.only_https)
        .dns_resolver(resolver)
        .no_proxy()
        .redirect(Policy::none())
        // What is tried again is tried by us.
        .retry(reqwest::retry::never())
        .referer(false)
        // A connection that was kept would have been judged long ago.
        .pool_max_idle_per_host(0)
        .connect_timeout(times.connect)
        .timeout(times.all)
        .user_agent("Handover")
        .build()
        .context("the client of webhooks can't be set up")
}

/// Looks a name up, and gives out only what may be connected to.
struct Resolver {
    reach: Reach,
    dns: Dns,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, dns) = (self.reach.clone(), self.dns.clone());
        Box::pin(async move {
            let found = dns::find_addresses(&dns, name.as_str().trim_end_matches('.')).await?;
            let judged = || {
                ensure!(!found.is_empty(), "the name has no address");
                // One that is not allowed among others is no slip: the name is somebody's who tries.
                for address in &found {
                    ensure!(
                        reach.reaches(*address),
                        "the name leads to {address}, which is not on the public internet"
                    );
                }
                Ok(())
            };
            judged()?;
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

/// One line of bounded length, fit for a page; PostgreSQL takes no NUL.
pub fn presentable(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_ANSWER).collect()
}
