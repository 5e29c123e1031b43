//! A program that receives webhooks: keeps every request as it came, and answers as a test tells it to: truthfully, late, endlessly
//! or not at all.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// How a request is answered.
#[derive(Clone, Debug)]
pub enum Manner {
    Says(u16, String),
    RedirectsTo(String),
    /// Takes the request and never answers.
    Stalls,
    /// Answers 200 and then a byte now and then, for ever.
    Drips,
    /// Answers 200 and then as much as anybody takes.
    Floods,
    /// Hangs up when the request is there.
    HangsUp,
}

#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

#[derive(Clone, Debug)]
pub struct Receiver {
    pub port: u16,
    manner: Arc<Mutex<Manner>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Receiver {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let receiver = Self { port, manner: Arc::new(Mutex::new(manner)), requests: Arc::default() };
        let own = receiver.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                actix_web::rt::spawn(async move { own.answer(stream).await });
            }
        });
        receiver
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/hook?key=s3cret", self.port)
    }

    pub fn behaves(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub fn takes(&self) {
        self.behaves(Manner::Says(200, "thanks".to_owned()));
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Waits until so many requests have come.
    pub async fn has(&self, count: usize) {
        for _ in 0..500 {
            if self.requests.lock().unwrap().len() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{count} requests did not come: {:#?}", self.requests());
    }

    async fn answer(&self, mut stream: TcpStream) -> Option<()> {
        let request = read(&mut stream).await?;
        self.requests.lock().unwrap().push(request);
        let manner = self.manner.lock().unwrap().clone();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";
        match manner {
            Manner::Says(status, words) => {
                let answer = format!(
                    "HTTP/1.1 {status} Said\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{words}",
                    words.len()
                );
                stream.write_all(answer.as_bytes()).await.ok()?;
            }
            Manner::RedirectsTo(to) => {
                let answer = format!("HTTP/1.1 307 Elsewhere\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.ok()?;
            }
            Manner::Stalls => std::future::pending().await,
            Manner::Drips => {
                stream.write_all(format!("{head}content-length: 100000\r\n\r\n").as_bytes()).await.ok()?;
                loop {
                    stream.write_all(b".").await.ok()?;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            Manner::Floods => {
                stream.write_all(format!("{head}\r\n").as_bytes()).await.ok()?;
                loop {
                    stream.write_all(&[b'x'; 4096]).await.ok()?;
                }
            }
            Manner::HangsUp => {}
        }
        Some(())
    }
}

/// One request with its body; `None` where nobody sends one.
pub async fn read(stream: &mut TcpStream) -> Option<Request> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut buffer).await.ok()?;
        if length == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..length]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect();
        let length: usize = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
        if bytes.len() >= end + 4 + length {
            return Some(Request { path, headers, body: bytes[end + 4..].to_vec() });
        }
    }
}
