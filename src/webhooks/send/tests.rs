//! Receivers that stall, and an environment that would have us go another way.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{Sender, Signed, Times};
use crate::{
    config::Settings,
    webhooks::target::{Reach, Target},
};

const QUICK: Times = Times {
    connect: Duration::from_millis(300),
    all: Duration::from_millis(600),
    words: Duration::from_millis(200),
};

fn sender() -> Sender {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let reach = Reach { allowed: ["127.0.0.0/8".parse().unwrap()].into(), only_https: false };
    Sender::waiting(QUICK, reach, Settings::with("").unwrap().dns)
}

fn message() -> Signed {
    Signed { id: "1".to_owned(), seconds: 1, signature: "v1,x".to_owned(), body: b"{}".to_vec() }
}

/// What a receiver does once the request is there.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// Not even that: it takes the connection and reads nothing.
    Nothing,
    Listens,
    /// Head, byte by byte, for ever.
    DripsItsHead,
    /// Says 200, and then its words byte by byte.
    DripsItsWords,
}

async fn serve(mut stream: TcpStream, does: Does) -> std::io::Result<()> {
    if !matches!(does, Does::Nothing) {
        let mut buffer = [0; 4096];
        let _ = stream.read(&mut buffer).await?;
    }
    match does {
        Does::Nothing | Does::Listens => std::future::pending().await,
        Does::DripsItsHead => stream.write_all(b"HTTP/1.1 200 OK\r\nx-long: ").await?,
        Does::DripsItsWords => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n").await?,
    }
    loop {
        stream.write_all(b"x").await?;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The address of a receiver, and how often somebody came.
async fn receiver(does: Does) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let came = Arc::new(AtomicUsize::new(0));
    let counted = came.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream, does));
        }
    });
    (address, came)
}

#[tokio::test]
async fn a_receiver_that_says_nothing_or_drips_is_left_in_time() {
    for (does, answers) in [
        (Does::Nothing, false),
        (Does::Listens, false),
        (Does::DripsItsHead, false),
        (Does::DripsItsWords, true),
    ] {
        let (address, _) = receiver(does).await;
        let sender = sender();
        let target = Target::parse(&address, sender.reach()).unwrap();
        let began = Instant::now();
        let answer = sender.send(&target, message()).await;
        let took = began.elapsed();
        assert!(took < Duration::from_secs(5), "{does:?} took {took:?}");
        // That it was taken counts, however slowly the rest comes.
        assert_eq!(
            answer.as_ref().ok().map(|answer| answer.status),
            answers.then_some(200),
            "{does:?} {answer:?}"
        );
        if let Err(error) = answer {
            assert!(!format!("{error:#}").contains("/hook"), "an address is a secret: {error:#}");
        }
    }
}

/// What is run below, in a process of its own.
const TARGET: &str = "HANDOVER_TEST_TARGET";

#[tokio::test]
async fn a_proxy_in_the_environment_is_not_used() {
    let (target, came) = receiver(Does::DripsItsWords).await;
    let (proxy, asked) = receiver(Does::DripsItsWords).await;
    let proxy = proxy.trim_end_matches("/hook").to_owned();
    let ran = tokio::task::spawn_blocking(move || {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "webhooks::send::tests::sends_in_a_process_of_its_own", "--ignored"]);
        for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            child.env(name, &proxy);
        }
        child.env_remove("no_proxy").env_remove("NO_PROXY").env_remove("REQUEST_METHOD");
        child.env(TARGET, target).output().unwrap()
    });
    let ran = ran.await.unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    assert_eq!(came.load(Ordering::SeqCst), 1, "the message came");
    // Of a client that knows no better, so that it is known that the environment has one.
    assert_eq!(asked.load(Ordering::SeqCst), 1, "the proxy was asked once");
}

#[tokio::test]
#[ignore = "the test above runs it with an environment of its own"]
#[expect(clippy::disallowed_methods, reason = "what the test above says to its child")]
async fn sends_in_a_process_of_its_own() {
    let address = std::env::var(TARGET).unwrap();
    let sender = sender();
    let target = Target::parse(&address, sender.reach()).unwrap();
    assert_eq!(sender.send(&target, message()).await.unwrap().status, 200);
    reqwest::Client::new().post(address).send().await.unwrap();
}
