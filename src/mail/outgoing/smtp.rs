//! Hands e-mails to a mail server (RFC 5321) and keeps good connections for the next.
//!
//! Uses lettre's connection but not its pool: that one puts a conversation broken off by a timeout back among the good
//! ones, where a late answer would be taken for the answer to the next e-mail. Here a connection is kept only after a
//! conversation that came to its end, and an answer to one part is never read as that to another.
//!
//! A message and its end go out in one piece: as two, the second waits for the receipt of the first (RFC 896), which a server
//! holds back for 40 ms (RFC 1122 §4.2.3.2). Peers that stall, drop or count connections cost one place each, never all.

mod conversation;

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context as _;
use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        extension::ClientId,
        response::Severity,
    },
};
use opentelemetry::trace::SpanKind;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;

use self::conversation::{Answer, converse, receipt, sender, spoken, words};
use super::{
    receipt::{ClaimedEmail, Receipt},
    refusal::{self, Stage},
};
use crate::{
    config::{self, Tls},
    telemetry::Doing,
};

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

impl Step {
    /// Without what the server said.
    fn as_str(&self) -> &'static str {
        match self {
            Self::Connected(_) => "connected",
            Self::Encrypted => "encrypted",
            Self::SignedIn => "signed in",
            Self::SenderAccepted(_) => "sender accepted",
            Self::RecipientAccepted(_) => "recipient accepted",
        }
    }
}

/// No server of ours, nor any machine, is to be flooded by a mistyped number.
const MOST_CONNECTIONS: u32 = 50;

/// Told of each step.
pub type Watch<'a> = &'a mut (dyn FnMut(Step) + Send);

pub struct Smtp {
    host: String,
    port: u16,
    tls: Option<(Tls, TlsParameters)>,
    sign_in: Option<(String, SecretString)>,
    timeout: Duration,
    places: usize,
    /// After a refused sign-in: servers lock accounts that try on and on.
    sign_in_pause: Duration,
    kept: Mutex<Vec<Kept>>,
    /// How many e-mails are being handed over, from connecting on.
    talking: AtomicUsize,
    /// One signs in at a time: a wrong password must not be tried by all at once.
    signing_in: tokio::sync::Mutex<()>,
    /// When the sign-in was last refused, and with what words.
    refused: Mutex<Option<(Instant, String)>>,
}

/// Counted while it lives, however the talk ends.
struct Talking<'a>(&'a AtomicUsize);

impl<'a> Talking<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Talking<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
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
            host,
            port,
            tls,
            username,
            password,
            timeout_seconds,
            connections,
            sign_in_pause_seconds,
            ..
        } = &settings.smtp;
        anyhow::ensure!(!host.is_empty(), "mail.smtp.host is not set");
        anyhow::ensure!(
            (1..=MOST_CONNECTIONS).contains(connections),
            "mail.smtp.connections must be between 1 and {MOST_CONNECTIONS}"
        );
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
            places: usize::try_from(*connections).unwrap_or(1),
            sign_in_pause: Duration::from_secs((*sign_in_pause_seconds).into()),
            kept: Mutex::default(),
            talking: AtomicUsize::new(0),
            signing_in: tokio::sync::Mutex::default(),
            refused: Mutex::default(),
        })
    }

    /// So many conversations are to be had at once.
    pub fn places(&self) -> usize {
        self.places
    }

    pub async fn send(&self, email: &ClaimedEmail) -> Receipt {
        let doing = Doing::part("SMTP", SpanKind::Client);
        // How far it came; never what the server said, which may name the recipient.
        let receipt = doing.during(self.send_watched(email, &mut |step| doing.reach(step.as_str()))).await;
        doing.say("handover.outcome", receipt.as_str());
        if !matches!(receipt, Receipt::Accepted { .. }) {
            doing.fail();
        }
        doing.end();
        receipt
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

    /// As [`Smtp::send`], while somebody watches.
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
        let _talking = Talking::begin(&self.talking);
        let (mut connection, begun) = match timeout(self.timeout, self.begin(&from, watch)).await {
            Ok(Ok(begun)) => begun,
            Ok(Err(receipt)) => return receipt,
            Err(_elapsed) => return self.silence("while connecting"),
        };
        let conversation = converse(&mut connection, begun, (from, to), &email.raw, watch);
        match timeout(self.timeout, conversation).await {
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
        let others = self.talking.load(Ordering::Relaxed).saturating_sub(1);
        if error.is_transient() && others > 0 {
            return Receipt::Crowded { response, others };
        }
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

    /// A kept connection with its answer to this sender, or a new one that was not asked yet. A kept one may have been closed,
    /// and nothing of the e-mail has been said: another one is asked the same.
    async fn begin(
        &self,
        from: &Address,
        watch: Watch<'_>,
    ) -> Result<(AsyncSmtpConnection, Option<Answer>), Receipt> {
        while let Some(mut connection) = self.take_kept() {
            match timeout(self.timeout / 4, connection.command(sender(from))).await {
                Ok(Err(error)) if error.status().is_none_or(|code| code.to_string() == "421") => {}
                Ok(answer) => return Ok((connection, Some(answer))),
                Err(_elapsed) => {}
            }
        }
        let _turn = match self.sign_in {
            Some(_) => Some(self.signing_in.lock().await),
            None => None,
        };
        if let Some(response) = self.refused_lately() {
            return Err(Receipt::Refused { response });
        }
        match self.connect(watch).await {
            Ok(connection) => Ok((connection, None)),
            Err(error) => Err(self.not_connected(&error)),
        }
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
