//! How a provider is spoken to: at its own addresses alone, no further than it was asked, within a time and a size.
//!
//! The attacker is a provider, or whoever answers in its place, that sends us to machines inside the house by an address in what
//! it announces or by a redirect, or that answers for ever.

use std::{fs, time::Duration};

use anyhow::Context as _;
use openidconnect::{HttpRequest, HttpResponse, url::Url};
use reqwest::{Certificate, Client, redirect::Policy};
use secrecy::SecretString;
use tokio::sync::Semaphore;

use crate::config::IdentityProvider;

/// The most that an answer may weigh. Keys of a large provider are some 20 kB.
const LARGEST: usize = 256 * 1024;
/// So many wait for one provider at once; whoever comes then is sent away, so that one that stalls holds no crowd.
const AT_ONCE: usize = 16;

#[derive(Debug)]
pub(super) struct Peer {
    client: Client,
    issuer: Url,
    hosts: Vec<String>,
    pub(super) secret: SecretString,
    places: Semaphore,
}

/// Why a provider gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum PeerError {
    #[error("an address that is none of its own: {0}")]
    Elsewhere(String),
    #[error("its answer is too large")]
    TooLarge,
    #[error("too many wait for it already")]
    Crowded,
    #[error("no answer: {0}")]
    Silent(String),
}

impl Peer {
    pub(super) fn try_new(provider: &IdentityProvider) -> anyhow::Result<Self> {
        // The client takes the one of the process, and panics where there is none. Only the first to install one does.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let issuer = Url::parse(&provider.issuer).ok().context("issuer is no address")?;
        let time = Duration::from_secs(provider.timeout_seconds.into());
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .timeout(time)
            .connect_timeout(time)
            .https_only(issuer.scheme() == "https")
            .no_proxy()
            .user_agent("handover");
        if !provider.ca_file.as_os_str().is_empty() {
            let pem = fs::read(&provider.ca_file).context("ca_file can't be read")?;
            let certificates = Certificate::from_pem_bundle(&pem).context("ca_file holds no certificates")?;
            anyhow::ensure!(!certificates.is_empty(), "ca_file holds no certificates");
            builder = builder.tls_certs_only(certificates);
        }
        let client = builder.build().context("could not make a client for HTTP")?;
        let secret = provider.client_secret.clone();
        Ok(Self { client, issuer, hosts: provider.hosts.clone(), secret, places: Semaphore::new(AT_ONCE) })
    }

    /// The address, if it is one of the provider's.
    pub(super) fn own(&self, address: &str) -> Option<Url> {
        let url = Url::parse(address).ok()?;
        let listed = url.port().is_none() && self.hosts.iter().any(|host| url.host_str() == Some(host));
        let issuers = url.host() == self.issuer.host()
            && url.port_or_known_default() == self.issuer.port_or_known_default();
        let plain = url.username().is_empty() && url.password().is_none();
        (url.scheme() == self.issuer.scheme() && plain && (issuers || listed)).then_some(url)
    }

    /// Asks once.
    pub(super) async fn call(&self, request: HttpRequest) -> Result<HttpResponse, PeerError> {
        if self.own(&request.uri().to_string()).is_none() {
            let host = request.uri().host().unwrap_or_default();
            return Err(PeerError::Elsewhere(host.chars().take(100).collect()));
        }
        let _place = self.places.try_acquire().map_err(|_| PeerError::Crowded)?;
        // An address in an error would hold what was asked.
        let silent = |error: reqwest::Error| PeerError::Silent(reason(&error.without_url()));
        let request = reqwest::Request::try_from(request).map_err(silent)?;
        let mut answer = self.client.execute(request).await.map_err(silent)?;
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(silent)? {
            if body.len().saturating_add(part.len()) > LARGEST {
                return Err(PeerError::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        let mut whole = HttpResponse::new(body);
        *whole.status_mut() = answer.status();
        *whole.headers_mut() = answer.headers().clone();
        Ok(whole)
    }
}

/// With what lies below: "error sending request" alone helps nobody.
fn reason(error: &reqwest::Error) -> String {
    let mut said = error.to_string();
    let mut below = std::error::Error::source(error);
    while let Some(cause) = below {
        said = format!("{said}: {cause}");
        below = cause.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn only_addresses_of_the_provider_are_its_own() {
        let text = "[[desk.providers]]\nname = \"google\"\nlabel = \"Google\"\nissuer = \"https://accounts.google.example\"\n\
             client_id = \"a\"\nclient_secret = \"b\"\nhosts = [\"keys.google.example\"]";
        let settings = Settings::with(text).unwrap();
        let peer = Peer::try_new(&settings.desk.providers[0]).unwrap();
        for (address, own) in [
            ("https://accounts.google.example/a?b=c", true),
            ("https://accounts.google.example:443/a", true),
            ("https://keys.google.example/certs", true),
            ("https://accounts.google.example:8443/a", false),
            ("https://keys.google.example:8443/certs", false),
            ("http://accounts.google.example/a", false),
            ("https://user:word@accounts.google.example/a", false),
            ("https://accounts.google.example.evil.example/a", false),
            ("https://169.254.169.254/latest/meta-data", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("/a", false),
        ] {
            assert_eq!(peer.own(address).is_some(), own, "{address}");
        }
    }
}
