//! A time stamper (RFC 3161): `openssl ts` behind a small HTTP server, which answers truthfully or as a test tells it to.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{Arc, Mutex},
};

use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};

use super::receiver::read;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Honest,
    /// Stamps something else, for the same question.
    OtherImprint,
    /// Stamps what was asked, for another question.
    OtherNonce,
    Refuses,
    Garbage,
    Fails,
    Redirects,
    Stalls,
    Floods,
}

#[derive(Clone)]
pub struct Stamper {
    pub port: u16,
    folder: Arc<TempDir>,
    manner: Arc<Mutex<Manner>>,
    asked: Arc<Mutex<usize>>,
}

const SETTINGS: &str = "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.pem\ncerts = ca.pem\n\
    signer_key = tsa.key\nsigner_digest = sha256\ndefault_policy = 1.3.6.1.4.1.99999.1\ndigests = sha256\naccuracy = secs:1\n\
    ordering = yes\ntsa_name = yes\n[ca]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\n\
    [stamps]\nextendedKeyUsage = critical, timeStamping\n[req]\ndistinguished_name = dn\n[dn]\n";

impl Stamper {
    pub async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("settings"), SETTINGS).unwrap();
        fs::write(folder.path().join("serial"), "01").unwrap();
        for step in [
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -subj /CN=ca -days 9 -config settings -extensions ca",
            "req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout tsa.key -out tsa.csr -subj /CN=tsa -config settings",
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -set_serial 2 -days 9 -out tsa.pem -extfile settings -extensions stamps",
        ] {
            openssl(&folder, step).unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let manner = Arc::new(Mutex::new(Manner::Honest));
        let stamper = Self { port, folder: Arc::new(folder), manner, asked: Arc::default() };
        let own = stamper.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                actix_web::rt::spawn(async move { own.answer(stream).await });
            }
        });
        stamper
    }

    pub fn behaves(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }

    /// Whether `openssl ts -verify` accepts this answer about these bytes.
    pub fn verifies(&self, data: &[u8], answer: &[u8]) -> Result<(), String> {
        fs::write(self.at("data"), data).unwrap();
        fs::write(self.at("answer"), answer).unwrap();
        openssl(&self.folder, "ts -verify -data data -in answer -CAfile ca.pem").map(drop)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// By `openssl`.
    fn stamp(&self, question: &[u8]) -> Vec<u8> {
        fs::write(self.at("question"), question).unwrap();
        openssl(&self.folder, "ts -reply -config settings -section t -queryfile question -out reply")
            .unwrap();
        fs::read(self.at("reply")).unwrap()
    }

    async fn answer(&self, mut stream: TcpStream) -> Option<()> {
        let mut question = read(&mut stream).await?.body;
        *self.asked.lock().unwrap() += 1;
        let manner = *self.manner.lock().unwrap();
        let mut status = "200 OK";
        let body = match manner {
            Manner::Honest => self.stamp(&question),
            Manner::OtherImprint => {
                // The hash stands behind 24 bytes.
                question[30] ^= 1;
                self.stamp(&question)
            }
            Manner::OtherNonce => {
                // Three bytes ask for certificates; the nonce stands before them.
                let at = question.len() - 4;
                question[at] ^= 1;
                self.stamp(&question)
            }
            // PKIStatusInfo with "rejection".
            Manner::Refuses => vec![0x30, 5, 0x30, 3, 2, 1, 2],
            Manner::Garbage => b"<html>Welcome to the hotel</html>".to_vec(),
            Manner::Fails => {
                status = "500 Away";
                Vec::new()
            }
            Manner::Redirects => {
                status = "307 Elsewhere\r\nlocation: /elsewhere";
                Vec::new()
            }
            Manner::Stalls => std::future::pending().await,
            Manner::Floods => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
                loop {
                    stream.write_all(&[0x30; 4096]).await.ok()?;
                }
            }
        };
        let head =
            format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.ok()?;
        stream.write_all(&body).await.ok()
    }
}

fn openssl(folder: &TempDir, arguments: &str) -> Result<String, String> {
    let output =
        Command::new("openssl").args(arguments.split(' ')).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(said) } else { Err(format!("openssl {arguments}: {said}")) }
}
