//! Hands e-mails to a mail server (RFC 5321) and keeps good connections for the next.
//!
//! Uses lettre's connection but not its pool: that one puts a conversation broken off by a timeout back among the good
//! ones, where a late answer would be taken for the answer to the next e-mail. Here a connection is kept only after a
//! conversation that came to its end, and an answer to one part is never read as that to another.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        commands::{Data, Mail as MailFrom, Rcpt},
        extension::ClientId,
        response::{Response, Severity},
    },
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;

use super::{
    receipt::{ClaimedEmail, Receipt},
    refusal::{self, Stage},
};
use crate::config::{self, Tls};

/// Servers close idle connections after some minutes; we let go before.
const LONGEST_IDLE: Duration = Duration::from_secs(60);

/// What of a conversation came to its end, with the server's words where it said any. For people who watch one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Greeted by the name that the server gives itself.
    Connected(String),
    Encrypted,
    SignedIn,
    SenderAccepted(String),
    RecipientAccepted(String),
}

/// Told of each step.
pub type Watch<'a> = &'a mut (dyn FnMut(Step) + Send);

pub struct Smtp {
    host: String,
    port: u16,
    tls: Option<(Tls, TlsParameters)>,
    sign_in: Option<(String, SecretString)>,
    timeout: Duration,
    /// After a refused sign-in: servers lock accounts that try on and on.
    sign_in_pause: Duration,
    kept: Mutex<Vec<Kept>>,
    /// When the sign-in was last refused, and with what words.
    refused: Mutex<Option<(Instant, String)>>,
}

struct Kept {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Smtp {
    /// Opens no connection; fails on settings that could never work.
    pub fn try_new(settings: &config::Mail) -> anyhow::Result<Self> {
        let config::Smtp {
            host, port, tls, username, password, timeout_seconds, sign_in_pause_seconds, ..
        } = &settings.smtp;
        anyhow::ensure!(!host.is_empty(), "mail.smtp.host is not set");
        // Connecting and sending may each take the whole time; a second worker must not start before they end.
        anyhow::ensure!(
            settings.lease_seconds > timeout_seconds.saturating_mul(2),
            "mail.lease_seconds must be more than twice mail.smtp.timeout_seconds"
        );
        Ok(Self {
            host: host.clone(),
            port: *port,
            tls: match tls {
                Tls::None => None,
                Tls::Starttls | Tls::Implicit => Some((*tls, tls_parameters(&settings.smtp)?)),
            },
            sign_in: (!username.is_empty()).then(|| (username.clone(), password.clone())),
            timeout: Duration::from_secs((*timeout_seconds).into()),
            sign_in_pause: Duration::from_secs((*sign_in_pause_seconds).into()),
            kept: Mutex::default(),
            refused: Mutex::default(),
        })
    }

    pub async fn send(&self, email: &ClaimedEmail) -> Receipt {
        self.send_watched(email, &mut |_| ()).await
    }

    /// Connects and signs in as for an e-mail, and leaves. The error is the server's words where it said any.
    pub async fn sign_in(&self, watch: Watch<'_>) -> Result<(), String> {
        match timeout(self.timeout, self.connect(watch)).await {
            Ok(Ok(mut connection)) => {
                // That it answered is enough, however it says goodbye.
                let _ = timeout(self.timeout / 4, connection.quit()).await;
                Ok(())
            }
            Ok(Err(error)) => Err(words(&error)),
            Err(_elapsed) => Err(format!("no answer within {} s", self.timeout.as_secs())),
        }
    }

    /// As [`Smtp::send`], which is this with nobody watching.
    pub async fn send_watched(&self, email: &ClaimedEmail, watch: Watch<'_>) -> Receipt {
        let addresses = email.envelope_from.parse().and_then(|from| Ok((from, email.envelope_to.parse()?)));
        let (from, to) = match addresses {
            Ok(addresses) => addresses,
            Err(error) => {
                return Receipt::Rejected { response: format!("the envelope is not valid: {error}") };
            }
        };
        if let Some(response) = self.refused_lately() {
            return Receipt::Refused { response };
        }
        let mut connection = match timeout(self.timeout, self.connection(watch)).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return self.not_connected(&error),
            Err(_elapsed) => return self.silence("while connecting"),
        };
        match timeout(self.timeout, converse(&mut connection, from, to, &email.raw, watch)).await {
            Ok(Ok(response)) if response.code().severity == Severity::PositiveCompletion => {
                self.keep(connection);
                Receipt::Accepted { response: spoken(&response) }
            }
            Ok(Ok(response)) => {
                Receipt::Deferred { response: format!("an answer out of order: {}", spoken(&response)) }
            }
            Ok(Err((stage, error))) => receipt(stage, &error),
            Err(_elapsed) => self.silence("in the middle of the conversation"),
        }
    }

    fn refused_lately(&self) -> Option<String> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, words) = refused.as_ref().filter(|(at, _)| at.elapsed() < self.sign_in_pause)?;
        Some(words.clone())
    }

    fn not_connected(&self, error: &Error) -> Receipt {
        let response = words(error);
        if !refusal::is_of_us(Stage::SignIn, &response) {
            return Receipt::Deferred { response };
        }
        if refusal::is_of_sign_in(&response) {
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            *refused = Some((Instant::now(), response.clone()));
        }
        Receipt::Refused { response }
    }

    fn silence(&self, when: &str) -> Receipt {
        Receipt::Deferred { response: format!("no answer within {} s, {when}", self.timeout.as_secs()) }
    }

    /// A kept connection that still answers, or a new one.
    async fn connection(&self, watch: Watch<'_>) -> Result<AsyncSmtpConnection, Error> {
        while let Some(mut connection) = self.take_kept() {
            if timeout(self.timeout / 4, connection.test_connected()).await.unwrap_or(false) {
                return Ok(connection);
            }
        }
        self.connect(watch).await
    }

    async fn connect(&self, watch: Watch<'_>) -> Result<AsyncSmtpConnection, Error> {
        let name = ClientId::default();
        let (implicit, starttls) = match &self.tls {
            None => (None, None),
            Some((Tls::Implicit, parameters)) => (Some(parameters.clone()), None),
            Some((_, parameters)) => (None, Some(parameters.clone())),
        };
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), &name, implicit, None).await?;
        watch(Step::Connected(connection.server_info().name().to_owned()));
        if let Some(parameters) = starttls {
            // Fails where the server does not offer it: never in the clear.
            connection.starttls(parameters, &name).await?;
        }
        if connection.is_encrypted() {
            watch(Step::Encrypted);
        }
        if let Some((username, password)) = &self.sign_in {
            let credentials = Credentials::new(username.clone(), password.expose_secret().to_owned());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
            watch(Step::SignedIn);
        }
        Ok(connection)
    }

    fn take_kept(&self) -> Option<AsyncSmtpConnection> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.since.elapsed() < LONGEST_IDLE);
        kept.pop().map(|kept| kept.connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let kept = Kept { connection, since: Instant::now() };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    }
}

fn tls_parameters(settings: &config::Smtp) -> anyhow::Result<TlsParameters> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    let file = &settings.ca_file;
    if file.as_os_str().is_empty() {
        return builder.build().context("mail.smtp: TLS can't be set up");
    }
    let context = || format!("mail.smtp.ca_file {}", file.display());
    let certificates =
        Certificate::from_pem(&std::fs::read(file).with_context(context)?).with_context(context)?;
    builder = builder.certificate_store(CertificateStore::None).add_root_certificate(certificates);
    builder.build().with_context(context)
}

/// From MAIL to the answer after the message, which is pure ASCII: no extension is needed.
async fn converse(
    connection: &mut AsyncSmtpConnection,
    from: Address,
    to: Address,
    raw: &[u8],
    watch: Watch<'_>,
) -> Result<Response, (Stage, Error)> {
    let at = |stage: Stage| move |error: Error| (stage, error);
    let taken = connection.command(MailFrom::new(Some(from), Vec::new())).await.map_err(at(Stage::Sender))?;
    watch(Step::SenderAccepted(spoken(&taken)));
    let taken = connection.command(Rcpt::new(to, Vec::new())).await.map_err(at(Stage::Recipient))?;
    watch(Step::RecipientAccepted(spoken(&taken)));
    connection.command(Data).await.map_err(at(Stage::Message))?;
    // lettre ends a message with CRLF "." CRLF; that first CRLF is the end of our last line (RFC 5321 §4.1.1.4).
    connection.message(raw.strip_suffix(b"\r\n").unwrap_or(raw)).await.map_err(at(Stage::Message))
}

fn receipt(stage: Stage, error: &Error) -> Receipt {
    let response = words(error);
    if !error.is_permanent() {
        Receipt::Deferred { response }
    } else if refusal::is_of_us(stage, &response) {
        Receipt::Refused { response }
    } else {
        Receipt::Rejected { response }
    }
}

/// The server's words where it said any, with its code before them.
fn words(error: &Error) -> String {
    match (error.status(), std::error::Error::source(error)) {
        (Some(code), Some(text)) => format!("{code} {text}"),
        (Some(code), None) => code.to_string(),
        (None, _) => error.to_string(),
    }
}

fn spoken(response: &Response) -> String {
    format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" "))
}
