//! A mail server that answers as a test tells it to, and keeps every byte it is given.
//!
//! Says yes to everything unless [`SmtpServer::answer`] put something else in its way. Speaks STARTTLS, TLS from the
//! first byte and AUTH PLAIN, with a certificate of its own authority.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// Longer than anything here takes; only a test that is about to fail waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where in a conversation the server is about to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Greeting,
    Hello,
    SignIn,
    Mail,
    Recipient,
    Data,
    /// In the middle of the message, after its first line.
    Middle,
    /// After the dot that ends the message.
    Message,
}

/// What the server does instead of saying yes.
#[derive(Clone, Debug)]
pub enum Answer {
    Say(&'static str),
    /// Nothing, until the client goes away.
    Hang,
    /// Ends the connection without a word.
    Cut,
    /// Yes, but not before the gate opens.
    After(Arc<Notify>),
}

/// One message as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: String,
    /// Everything before the dot, dots unstuffed (RFC 5321 §4.5.2).
    pub raw: Vec<u8>,
    /// Whether the conversation was encrypted.
    pub encrypted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    None,
    Starttls,
    Implicit,
}

pub struct SmtpServer {
    pub port: u16,
    /// PEM of the authority behind its certificate for `localhost`.
    pub authority: String,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

struct Shared {
    encryption: Encryption,
    tls: TlsAcceptor,
    answers: Mutex<HashMap<Stage, VecDeque<Answer>>>,
    received: Mutex<Vec<Received>>,
    /// When each of them was there, in the same order.
    arrivals: Mutex<Vec<Instant>>,
    /// Every stage that any conversation reached, in order.
    reached: watch::Sender<Vec<Stage>>,
}

impl SmtpServer {
    pub async fn start() -> SmtpServer {
        Self::start_with(Encryption::None).await
    }

    pub async fn start_with(encryption: Encryption) -> SmtpServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = certified.signing_key.serialize_der().try_into().unwrap();
        let provider = rustls::crypto::ring::default_provider();
        let config = ServerConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], key)
            .unwrap();
        let shared = Arc::new(Shared {
            encryption,
            tls: TlsAcceptor::from(Arc::new(config)),
            answers: Mutex::default(),
            received: Mutex::default(),
            arrivals: Mutex::default(),
            reached: watch::Sender::default(),
        });
        let listening = tokio::spawn(listen(listener, Arc::clone(&shared)));
        SmtpServer { port, authority: certified.cert.pem(), shared, listening }
    }

    /// The next time a conversation comes to `stage`, the server does this instead of saying yes.
    pub fn answer(&self, stage: Stage, answer: Answer) {
        self.shared.answers.lock().unwrap().entry(stage).or_default().push_back(answer);
    }

    /// Every message whose end was seen, whatever was answered then.
    /// When the received messages were there, in their order.
    pub fn arrivals(&self) -> Vec<Instant> {
        self.shared.arrivals.lock().unwrap().clone()
    }

    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap().clone()
    }

    /// How often conversations reached `stage` so far.
    pub fn times(&self, stage: Stage) -> usize {
        self.shared.reached.borrow().iter().filter(|reached| **reached == stage).count()
    }

    /// Waits until conversations have reached `stage` that many times.
    pub async fn until(&self, stage: Stage, times: usize) {
        let mut reached = self.shared.reached.subscribe();
        let enough =
            |stages: &Vec<Stage>| stages.iter().filter(|reached| **reached == stage).count() >= times;
        let waited = tokio::time::timeout(PATIENCE, reached.wait_for(enough)).await;
        assert!(waited.is_ok(), "no conversation reached {stage:?}");
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    // Dropped with the listener: no conversation outlives its server.
    let mut conversations = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let shared = Arc::clone(&shared);
        conversations.spawn(async move {
            // A client that goes away ends a conversation: that is what many tests are about.
            let _ = if shared.encryption == Encryption::Implicit {
                match shared.tls.accept(stream).await {
                    Ok(stream) => Conversation::new(&shared, stream, true).run(false).await.map(|_| ()),
                    Err(error) => Err(error),
                }
            } else {
                converse_in_clear(&shared, stream).await
            };
        });
    }
}

async fn converse_in_clear(shared: &Shared, stream: tokio::net::TcpStream) -> std::io::Result<()> {
    let mut conversation = Conversation::new(shared, stream, false);
    if conversation.run(false).await? == Next::Encrypt {
        let stream = shared.tls.accept(conversation.stream.into_inner()).await?;
        Conversation::new(shared, stream, true).run(true).await?;
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Next {
    End,
    Encrypt,
}

struct Conversation<'a, S> {
    shared: &'a Shared,
    stream: BufReader<S>,
    encrypted: bool,
    from: String,
    to: String,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Conversation<'a, S> {
    fn new(shared: &'a Shared, stream: S, encrypted: bool) -> Self {
        let stream = BufReader::new(stream);
        Self { shared, stream, encrypted, from: String::new(), to: String::new() }
    }

    async fn run(&mut self, greeted: bool) -> std::io::Result<Next> {
        if !greeted {
            self.reply(Stage::Greeting, "220 mail.example ESMTP").await?;
        }
        loop {
            let line = self.line().await?;
            let line = String::from_utf8(line).unwrap();
            let word = line.split_whitespace().next().unwrap_or_default().to_uppercase();
            let _agreed = match word.as_str() {
                "EHLO" => self.reply(Stage::Hello, self.extensions()).await?,
                "STARTTLS" => {
                    self.write("220 go on").await?;
                    return Ok(Next::Encrypt);
                }
                "AUTH" => self.reply(Stage::SignIn, "235 2.7.0 welcome").await?,
                "MAIL" => {
                    self.from = in_brackets(&line);
                    self.reply(Stage::Mail, "250 2.1.0 ok").await?
                }
                "RCPT" => {
                    self.to = in_brackets(&line);
                    self.reply(Stage::Recipient, "250 2.1.5 ok").await?
                }
                "DATA" => self.reply(Stage::Data, "354 go ahead").await? && self.message().await?,
                "QUIT" => {
                    self.write("221 2.0.0 bye").await?;
                    return Ok(Next::End);
                }
                _ => self.write("500 5.5.1 what?").await.map(|()| true)?,
            };
        }
    }

    fn extensions(&self) -> &'static str {
        if self.shared.encryption == Encryption::Starttls && !self.encrypted {
            "250-mail.example\r\n250 STARTTLS"
        } else {
            "250-mail.example\r\n250 AUTH PLAIN"
        }
    }

    async fn message(&mut self) -> std::io::Result<bool> {
        let mut raw = Vec::new();
        loop {
            let line = self.line().await?;
            if line == b".\r\n" {
                break;
            }
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            if raw.len() == line.len() {
                self.pass(Stage::Middle).await?;
            }
        }
        let (from, to, encrypted) = (self.from.clone(), self.to.clone(), self.encrypted);
        {
            // Both under one lock, so that they stay in one order.
            let mut received = self.shared.received.lock().unwrap();
            received.push(Received { from, to, raw, encrypted });
            self.shared.arrivals.lock().unwrap().push(Instant::now());
        }
        self.reply(Stage::Message, "250 2.0.0 queued as 4711").await
    }

    /// Answers as told, or `yes`; says whether the answer was a yes.
    async fn reply(&mut self, stage: Stage, yes: &str) -> std::io::Result<bool> {
        match self.pass(stage).await? {
            Some(no) => self.write(no).await.map(|()| false),
            None => self.write(yes).await.map(|()| true),
        }
    }

    /// What is to be said at `stage` instead of yes, after whatever else is to happen there.
    async fn pass(&mut self, stage: Stage) -> std::io::Result<Option<&'static str>> {
        self.shared.reached.send_modify(|reached| reached.push(stage));
        let answer = self.shared.answers.lock().unwrap().get_mut(&stage).and_then(VecDeque::pop_front);
        match answer {
            None => Ok(None),
            Some(Answer::Say(words)) => Ok(Some(words)),
            Some(Answer::Hang) => loop {
                self.line().await?;
            },
            Some(Answer::Cut) => Err(std::io::ErrorKind::ConnectionAborted.into()),
            Some(Answer::After(gate)) => {
                gate.notified().await;
                Ok(None)
            }
        }
    }

    /// The next line with its end; an error when the client is gone.
    async fn line(&mut self) -> std::io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).await?;
        if line.ends_with(b"\n") { Ok(line) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
    }

    async fn write(&mut self, words: &str) -> std::io::Result<()> {
        self.stream.write_all(format!("{words}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }
}

fn in_brackets(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap();
    rest.split_once('>').unwrap().0.to_owned()
}
