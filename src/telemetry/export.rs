//! How spans get to the collector: OTLP over HTTP, by the settings and nothing else. The variables of the environment that
//! OpenTelemetry's library reads (`OTEL_…`) have no say in where they go, nor with which headers.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, bail, ensure};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use reqwest::{
    Client, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
    redirect::Policy,
};
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;

use crate::config::{self, Settings};

/// As much is read of an answer; what is behind it is of no use.
const LARGEST: usize = 64 * 1024;

/// # Errors
/// Where the settings can't work.
pub(super) fn exporter(settings: &config::Telemetry) -> anyhow::Result<SpanExporter> {
    let timeout = Duration::from_secs(settings.timeout_seconds.into());
    let sender = Sender {
        client: client(settings, timeout)?,
        url: Url::parse(&settings.endpoint).context("endpoint is no address")?,
        headers: headers(settings)?,
        ground: Handle::try_current().context("there is no runtime")?,
        timeout,
    };
    SpanExporter::builder()
        .with_http()
        .with_http_client(sender)
        .with_endpoint(settings.endpoint.clone())
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(timeout)
        .build()
        .context("the exporter can't be set up")
}

fn client(settings: &config::Telemetry, timeout: Duration) -> anyhow::Result<Client> {
    // One provider for the whole process; installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .timeout(timeout)
        .https_only(settings.endpoint.starts_with("https://"))
        .no_proxy()
        .referer(false)
        .user_agent("Handover");
    if settings.ca_file != Path::new("") {
        let pem = std::fs::read(&settings.ca_file).context("ca_file can't be read")?;
        let certificates =
            reqwest::Certificate::from_pem_bundle(&pem).context("ca_file holds no certificates")?;
        ensure!(!certificates.is_empty(), "ca_file holds no certificates");
        builder = builder.tls_certs_only(certificates);
    }
    builder.build().context("the client of the collector can't be set up")
}

/// "name: value, name: value", as many as there are. Never says one.
fn headers(settings: &config::Telemetry) -> anyhow::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for one in settings.headers.expose_secret().split(',').map(str::trim).filter(|one| !one.is_empty()) {
        let Some((name, value)) = one.split_once(':') else {
            bail!("headers must be \"name: value\", separated by commas")
        };
        let name: HeaderName = name.trim().parse().ok().context("headers hold a name that is none")?;
        let mut value: HeaderValue =
            value.trim().parse().ok().context("headers hold a value that can't be sent")?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// What is wrong with the settings, said before anything starts.
pub(crate) fn check(settings: &Settings) -> Option<&'static str> {
    let (is_demo, settings) = (settings.is_demo(), &settings.telemetry);
    if settings.endpoint.is_empty() {
        return None;
    }
    let url = Url::parse(&settings.endpoint).ok();
    let is_address = url.is_some_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    if !is_address {
        return Some(
            "telemetry.endpoint must be an http:// or https:// address without user, query and fragment, as https://collector.example/v1/traces",
        );
    }
    if !is_demo && settings.endpoint.starts_with("http://") && !settings.headers.expose_secret().is_empty() {
        return Some(
            "telemetry.headers would go over the wire in the clear: telemetry.endpoint must be https://",
        );
    }
    headers(settings).is_err().then_some("telemetry.headers must be \"name: value\", separated by commas")
}

#[derive(Debug)]
struct Sender {
    client: Client,
    url: Url,
    headers: HeaderMap,
    /// Where connections live: the library asks from a thread of its own.
    ground: Handle,
    timeout: Duration,
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let asked = self
            .client
            .post(self.url.clone())
            .headers(self.headers.clone())
            .header(CONTENT_TYPE, "application/x-protobuf")
            .body(request.into_body());
        let timeout = self.timeout;
        let asking = self.ground.spawn(async move {
            // Whatever a client means by its timeout: the answer is there by then, or none.
            tokio::time::timeout(timeout, ask(asked)).await
        });
        Ok(asking.await???)
    }
}

async fn ask(request: reqwest::RequestBuilder) -> anyhow::Result<Response<Bytes>> {
    let mut answer = request.send().await.map_err(reqwest::Error::without_url)?;
    let mut response = Response::builder().status(answer.status().as_u16());
    if let Some(later) = answer.headers().get(RETRY_AFTER) {
        response = response.header(RETRY_AFTER.as_str(), later.as_bytes());
    }
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
        ensure!(body.len().saturating_add(piece.len()) <= LARGEST, "the answer has no end");
        body.extend_from_slice(&piece);
    }
    Ok(response.body(Bytes::from(body))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_work_is_said_before_anything_starts_and_no_secret_with_it() {
        let said = |text: &str| check(&Settings::with(text).unwrap());
        assert_eq!(said(""), None);
        for endpoint in ["https://collector.example/v1/traces", "http://127.0.0.1:4318/v1/traces"] {
            assert_eq!(said(&format!("telemetry.endpoint = {endpoint:?}")), None, "{endpoint}");
        }
        for endpoint in [
            "collector.example:4318",
            "ftp://collector.example/",
            "https://user:word@collector.example/",
            "https://collector.example/?key=4711",
            "https://collector.example/#x",
            "unix:/run/collector",
        ] {
            let wrong = said(&format!("telemetry.endpoint = {endpoint:?}"));
            assert!(wrong.is_some_and(|wrong| wrong.starts_with("telemetry.endpoint")), "{endpoint}");
        }
        let with = |mode: &str, endpoint: &str, headers: &str| {
            said(&format!(
                "mode = {mode:?}\ntelemetry.endpoint = {endpoint:?}\ntelemetry.headers = {headers:?}"
            ))
        };
        let (plain, tls) = ("http://collector.example/v1/traces", "https://collector.example/v1/traces");
        assert_eq!(with("production", tls, "authorization: Bearer 4711, x-scope: a"), None);
        assert_eq!(with("demo", plain, "authorization: Bearer 4711"), None);
        assert!(
            with("production", plain, "authorization: Bearer 4711")
                .is_some_and(|said| said.contains("in the clear"))
        );
        for headers in ["4711", "not a name: 4711", "name: 47\n11"] {
            let wrong = with("demo", tls, headers).unwrap();
            assert!(wrong.starts_with("telemetry.headers") && !wrong.contains("4711"), "{headers}: {wrong}");
        }
    }
}
