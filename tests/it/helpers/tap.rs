//! Wires between a program and a mail server: one that stops a conversation where a test wants it, and one that turns
//! SMTP into LMTP.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// Longer than anything here takes; only a test that is about to fail waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a conversation is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The server has answered this command, and the client does not know it. `""` is the connection itself, `"."` the
    /// end of the message.
    Held(&'static str),
    /// The client has been told the answer, and nothing more comes through.
    Told(&'static str),
    /// Half of what the client first sent of the message is with the server.
    Middle,
    /// Before this piece of what goes either way, whatever it is; for conversations that are encrypted.
    Piece(usize),
}

/// Passes everything on between clients and a server, up to one [`Moment`].
pub struct Tap {
    pub port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    moment: Mutex<Option<Moment>>,
    stopped: Notify,
    goes_on: Notify,
}

impl Tap {
    pub async fn before(server: u16) -> Tap {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared =
            Arc::new(Shared { moment: Mutex::default(), stopped: Notify::new(), goes_on: Notify::new() });
        let tap = Tap { port, shared: Arc::clone(&shared) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let wire = Wire::new(Arc::clone(&shared), client, server).await;
                // A side that goes away ends it: that is what tests are about.
                tokio::spawn(async move { wire.pass_on().await.ok() });
            }
        });
        tap
    }

    /// The next conversation that comes to `moment` stops there.
    pub fn stop_at(&self, moment: Moment) {
        *self.shared.moment.lock().unwrap() = Some(moment);
    }

    pub async fn until_stopped(&self) {
        let moment = *self.shared.moment.lock().unwrap();
        let stopped = tokio::time::timeout(PATIENCE, self.shared.stopped.notified()).await;
        assert!(stopped.is_ok(), "no conversation came to {moment:?}");
    }

    pub fn go_on(&self) {
        self.shared.goes_on.notify_one();
    }
}

struct Wire {
    shared: Arc<Shared>,
    client: TcpStream,
    server: TcpStream,
    command: String,
    in_message: bool,
    /// The end of what was said of the message.
    tail: Vec<u8>,
    pieces: usize,
}

enum Side {
    Client,
    Server,
}

impl Wire {
    async fn new(shared: Arc<Shared>, client: TcpStream, server: u16) -> Wire {
        let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
        Wire {
            shared,
            client,
            server,
            command: String::new(),
            in_message: false,
            tail: Vec::new(),
            pieces: 0,
        }
    }

    async fn pass_on(mut self) -> io::Result<()> {
        let (mut ours, mut theirs) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
        loop {
            let (side, piece) = tokio::select! {
                length = self.client.read(&mut ours) => (Side::Client, &ours[..length?]),
                length = self.server.read(&mut theirs) => (Side::Server, &theirs[..length?]),
            };
            if piece.is_empty() {
                return Ok(());
            }
            self.stop_if(Moment::Piece(self.pieces)).await?;
            self.pieces += 1;
            match side {
                Side::Client => self.hear_client(piece).await?,
                Side::Server => self.hear_server(piece).await?,
            }
        }
    }

    async fn hear_client(&mut self, piece: &[u8]) -> io::Result<()> {
        if !self.in_message {
            self.command =
                String::from_utf8_lossy(piece).split_whitespace().next().unwrap_or_default().into();
            return self.server.write_all(piece).await;
        }
        let (first, rest) = piece.split_at(piece.len() / 2);
        self.server.write_all(first).await?;
        self.stop_if(Moment::Middle).await?;
        self.server.write_all(rest).await?;
        self.tail.extend_from_slice(piece);
        if self.tail.ends_with(b"\r\n.\r\n") {
            (self.in_message, self.command) = (false, ".".to_owned());
        }
        Ok(())
    }

    async fn hear_server(&mut self, piece: &[u8]) -> io::Result<()> {
        let moment = *self.shared.moment.lock().unwrap();
        let moment = moment.filter(|moment| match moment {
            Moment::Held(command) | Moment::Told(command) => *command == self.command,
            Moment::Middle | Moment::Piece(_) => false,
        });
        if let Some(Moment::Held(_)) = moment {
            self.stop().await?;
        }
        self.client.write_all(piece).await?;
        if self.command == "DATA" && piece.starts_with(b"354") {
            (self.in_message, self.tail) = (true, Vec::new());
        }
        if let Some(Moment::Told(_)) = moment { self.stop().await } else { Ok(()) }
    }

    async fn stop_if(&mut self, moment: Moment) -> io::Result<()> {
        let wanted = *self.shared.moment.lock().unwrap();
        if wanted == Some(moment) { self.stop().await } else { Ok(()) }
    }

    /// Waits until the test lets it go on, or the client is gone.
    async fn stop(&mut self) -> io::Result<()> {
        let Self { shared, client, .. } = self;
        *shared.moment.lock().unwrap() = None;
        shared.stopped.notify_one();
        let gone = async {
            let mut ignored = [0; 1024];
            while client.read(&mut ignored).await? > 0 {}
            Err(io::ErrorKind::UnexpectedEof.into())
        };
        tokio::select! {
            () = shared.goes_on.notified() => Ok(()),
            gone = gone => gone,
        }
    }
}

/// An SMTP server that hands every byte on to an LMTP server: for one recipient, the greeting's name is all that differs
/// (RFC 2033 §4).
pub struct Hop {
    pub port: u16,
    listener: TcpListener,
}

impl Hop {
    pub async fn open() -> Hop {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Hop { port: listener.local_addr().unwrap().port(), listener }
    }

    pub fn leads_to(self, lmtp: u16) {
        tokio::spawn(async move {
            while let Ok((client, _)) = self.listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", lmtp)).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
                tokio::spawn(async move {
                    let mut buffer = vec![0; 16 * 1024];
                    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
                        if buffer.starts_with(b"EHLO ") {
                            buffer[..4].copy_from_slice(b"LHLO");
                        }
                        if to_server.write_all(&buffer[..length]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
    }
}
