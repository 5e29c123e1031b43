//! Asks the time stamper once: no further than the address that was configured, within a time and a size.
//!
//! The attacker sends us elsewhere by a redirect, stalls, or answers for ever.

use std::{fs, time::Duration};

use anyhow::{Context as _, ensure};
use reqwest::{Certificate, Client, StatusCode, redirect::Policy};

use crate::config;

const CONNECT: Duration = Duration::from_secs(5);
/// A stamp with its certificates is some six kB.
const LARGEST: usize = 64 * 1024;

pub(super) async fn ask(log: &config::Log, question: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    // An address in an error may hold a password.
    let patience = Duration::from_secs(log.time_stamper_seconds.into());
    tokio::time::timeout(patience, exchange(log, question))
        .await
        .context("the stamper gave no answer in time")?
}

async fn exchange(log: &config::Log, question: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let mut answer = build(log)?
        .post(&log.time_stamper)
        .header("content-type", "application/timestamp-query")
        .header("accept", "application/timestamp-reply")
        .body(question)
        .send()
        .await
        .map_err(reqwest::Error::without_url)
        .context("the stamper can't be asked")?;
    ensure!(
        answer.status() == StatusCode::OK,
        "the stamper answers with status {}",
        answer.status().as_u16()
    );
    let mut body = Vec::new();
    let chunk = |error: reqwest::Error| error.without_url();
    while let Some(part) = answer.chunk().await.map_err(chunk).context("the stamper's answer breaks off")? {
        ensure!(body.len().saturating_add(part.len()) <= LARGEST, "the stamper's answer is too large");
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// Once an hour: kept, it would only hold a connection.
fn build(log: &config::Log) -> anyhow::Result<Client> {
    // The client takes the one of the process, and panics where there is none. Only the first to install one does.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .https_only(log.time_stamper.starts_with("https://"))
        .no_proxy()
        .referer(false)
        .pool_max_idle_per_host(0)
        .user_agent("Handover");
    if !log.time_stamper_ca_file.as_os_str().is_empty() {
        let pem = fs::read(&log.time_stamper_ca_file).context("log.time_stamper_ca_file can't be read")?;
        let certificates =
            Certificate::from_pem_bundle(&pem).context("log.time_stamper_ca_file holds no certificates")?;
        ensure!(!certificates.is_empty(), "log.time_stamper_ca_file holds no certificates");
        builder = builder.tls_certs_only(certificates);
    }
    builder.build().context("the client of the time stamper can't be set up")
}
