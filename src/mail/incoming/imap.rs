//! A signed-in connection to a mailbox (RFC 3501): encryption, sign-in by password or OAuth 2 token, read-only opening.
//!
//! Reads no messages and keeps nothing; [`super::collect`] does. The mailbox is opened with EXAMINE: collecting leaves
//! no trace in it, so that people and other programs may look at it too.

use std::{fmt, path::Path, sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use async_imap::{Authenticator, Client, types::Mailbox};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    process::Command,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use crate::config::{self, Tls};

pub(super) type Session = async_imap::Session<Box<dyn Wire>>;

/// Clear or encrypted.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Wire for T {}

/// How to get into the mailbox. Its `Debug` shows no secret.
#[derive(Clone)]
pub(super) struct Account {
    settings: config::Imap,
    tls: TlsConnector,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("name", &self.name()).finish_non_exhaustive()
    }
}

impl Account {
    /// Opens no connection; fails on settings that could never work.
    pub(super) fn try_new(settings: &config::Imap) -> anyhow::Result<Self> {
        ensure!(!settings.username.is_empty(), "mail.imap.username is not set");
        ensure!(
            settings.password.expose_secret().is_empty() != settings.token_command.is_empty(),
            "either mail.imap.password or mail.imap.token_command must be set"
        );
        Ok(Self { settings: settings.clone(), tls: connector(&settings.ca_file)? })
    }

    /// What the database knows the mailbox by.
    pub(super) fn name(&self) -> String {
        self.settings.name().unwrap_or_default()
    }

    /// Connects, signs in and opens the mailbox for reading.
    pub(super) async fn open(&self) -> anyhow::Result<(Session, Mailbox)> {
        let patience = Duration::from_secs(self.settings.timeout_seconds.into());
        timeout(patience, self.converse()).await.context("the mail server is silent")?
    }

    async fn converse(&self) -> anyhow::Result<(Session, Mailbox)> {
        let config::Imap { host, port, tls, mailbox, .. } = &self.settings;
        let stream = TcpStream::connect((host.as_str(), *port))
            .await
            .context("could not connect to the mail server")?;
        let client = match tls {
            Tls::None => greeted(Box::new(stream)).await?,
            Tls::Implicit => greeted(self.encrypt(stream).await?).await?,
            Tls::Starttls => {
                let mut client = Client::new(stream);
                read_greeting(&mut client).await?;
                client.run_command_and_check_ok("STARTTLS", None).await.context("STARTTLS was refused")?;
                // What came in clear is forgotten: the greeting is not said again (RFC 3501 §6.2.1).
                Client::new(self.encrypt(client.into_inner()).await?)
            }
        };
        let mut session = self.sign_in(client).await?;
        let opened = session.examine(mailbox).await.context("could not open the mailbox")?;
        Ok((session, opened))
    }

    async fn encrypt(&self, stream: TcpStream) -> anyhow::Result<Box<dyn Wire>> {
        let name =
            ServerName::try_from(self.settings.host.clone()).context("mail.imap.host is not a name")?;
        let stream = self.tls.connect(name, stream).await.context("could not encrypt the connection")?;
        Ok(Box::new(stream))
    }

    async fn sign_in(&self, client: Client<Box<dyn Wire>>) -> anyhow::Result<Session> {
        let config::Imap { username, password, token_command, .. } = &self.settings;
        if token_command.is_empty() {
            let signed_in = client.login(username, password.expose_secret()).await;
            return signed_in
                .map_err(|(error, _client)| error)
                .context("the mail server refused the sign-in");
        }
        // A fresh one for every connection: tokens live for minutes.
        let answer = bearer(username, &run(token_command).await?);
        let signed_in = client.authenticate("XOAUTH2", Once(Some(answer))).await;
        signed_in
            .map_err(|(error, _client)| error)
            .context("the mail server refused the sign-in with the token of mail.imap.token_command")
    }
}

async fn greeted(stream: Box<dyn Wire>) -> anyhow::Result<Client<Box<dyn Wire>>> {
    let mut client = Client::new(stream);
    read_greeting(&mut client).await?;
    Ok(client)
}

async fn read_greeting<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug>(
    client: &mut Client<T>,
) -> anyhow::Result<()> {
    let greeting = client.read_response().await.context("no greeting from the mail server")?;
    greeting.context("the mail server hung up before its greeting")?;
    Ok(())
}

/// Initial response of XOAUTH2 (developers.google.com/workspace/gmail/imap/xoauth2-protocol; Microsoft does the same).
fn bearer(username: &str, token: &SecretString) -> String {
    format!("user={username}\u{1}auth=Bearer {}\u{1}\u{1}", token.expose_secret())
}

/// Answers the first challenge; an error comes as another one, which wants an empty answer.
struct Once(Option<String>);

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}

/// Runs the command that prints a fresh token. What it says on standard error stays out of the log.
async fn run(command: &[String]) -> anyhow::Result<SecretString> {
    let (program, arguments) = command.split_first().context("mail.imap.token_command is empty")?;
    let output = Command::new(program)
        .args(arguments)
        .kill_on_drop(true)
        .output()
        .await
        .context("could not run mail.imap.token_command")?;
    ensure!(output.status.success(), "mail.imap.token_command failed: {}", output.status);
    let token = String::from_utf8(output.stdout).ok().context("mail.imap.token_command printed no text")?;
    ensure!(!token.trim().is_empty(), "mail.imap.token_command printed nothing");
    Ok(token.trim().to_owned().into())
}

/// Trusts the authority in `ca_file`, or the public ones where that is empty.
fn connector(ca_file: &Path) -> anyhow::Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    if ca_file.as_os_str().is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    } else {
        let context = || format!("mail.imap.ca_file {}", ca_file.display());
        for certificate in CertificateDer::pem_file_iter(ca_file).with_context(context)? {
            roots.add(certificate.with_context(context)?).with_context(context)?;
        }
        ensure!(!roots.is_empty(), "mail.imap.ca_file {} holds no certificate", ca_file.display());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("TLS can't be set up")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
