//! Collecting a mailbox of a real mail server, and taking in what is piped: nothing is lost, nothing comes twice.

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use handover::{
    clock::Clock,
    config::{self, Settings},
    mail::incoming::{collect::Collector, mailboxes},
};
use sqlx::PgPool;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::helpers::{
    desk::BEGINNING,
    dovecot::{Dovecot, PASSWORD, USER},
    postgres::Database,
};

struct Stored {
    raw: String,
    state: String,
    reason: Option<String>,
    size: i64,
}

struct Collecting {
    pool: PgPool,
    clock: Clock,
    database: Database,
}

impl Collecting {
    async fn begin() -> Collecting {
        let database = Database::create().await;
        let clock = Clock::stopped(BEGINNING.parse::<jiff::Timestamp>().unwrap().into());
        Collecting { pool: database.service_pool().await, clock, database }
    }

    fn collector(&self, port: u16, overrides: &str) -> Collector {
        let settings = settings(port, overrides);
        Collector::try_new(self.pool.clone(), self.clock.clone(), &settings).unwrap().unwrap()
    }

    /// In the order of storing.
    async fn stored(&self) -> Vec<Stored> {
        let rows = sqlx::query!("select raw, state, reason, size from inbound_emails order by id");
        let rows = rows.fetch_all(&self.pool).await.unwrap();
        let text = |raw| String::from_utf8(raw).unwrap();
        rows.into_iter()
            .map(|row| Stored { raw: text(row.raw), state: row.state, reason: row.reason, size: row.size })
            .collect()
    }

    async fn subjects(&self) -> Vec<String> {
        let subject = |stored: &Stored| {
            let line = stored.raw.lines().find_map(|line| line.strip_prefix("Subject: "));
            line.unwrap_or(&stored.raw).to_owned()
        };
        self.stored().await.iter().map(subject).collect()
    }
}

/// `overrides` are lines of the section `[mail]`.
fn settings(port: u16, overrides: &str) -> config::Mail {
    let mut text = format!(
        "[mail]\nimap.host = \"localhost\"\nimap.port = {port}\nimap.username = \"{USER}\"\n{overrides}\n"
    );
    for (key, value) in [("tls", "\"none\""), ("password", &format!("{PASSWORD:?}")), ("poll_seconds", "1")] {
        if !overrides.contains(&format!("imap.{key}")) {
            text.push_str(&format!("imap.{key} = {value}\n"));
        }
    }
    Settings::with(&text).unwrap().mail
}

fn message(subject: &str, body: &str) -> Vec<u8> {
    format!(
        "From: Eva Sample <eva@customer.example>\r\nTo: handover@reseller.example\r\nSubject: {subject}\r\n\
         Message-ID: <{subject}@customer.example>\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

/// Passes bytes on to a server, and hangs up on the client once it has passed on so many from the server.
struct CuttingProxy {
    port: u16,
    bytes: Arc<AtomicU64>,
}

impl CuttingProxy {
    async fn before(server: &Dovecot) -> CuttingProxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (own, port) = (listener.local_addr().unwrap().port(), server.imap);
        let bytes = Arc::new(AtomicU64::new(0));
        let proxy = CuttingProxy { port: own, bytes: Arc::clone(&bytes) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (from_server, mut to_server) = server.into_split();
                let mut some = from_server.take(bytes.load(Ordering::SeqCst));
                tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
                tokio::spawn(async move { tokio::io::copy(&mut some, &mut to_client).await });
            }
        });
        proxy
    }

    fn cut_after(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn every_message_is_stored_once_in_order_and_the_mailbox_is_left_as_it_was() {
    let (server, office) = (Dovecot::start(), Collecting::begin().await);
    let collector = office.collector(server.imap, "");
    assert_eq!(collector.collect().await.unwrap(), 0);
    server.deliver(&message("one", "First.\r\n.a line with a dot"));
    server.deliver(&message("two", "Zweite: äöü"));
    assert_eq!(collector.collect().await.unwrap(), 2);
    assert_eq!(collector.collect().await.unwrap(), 0, "the last message is always named by n:*");
    server.deliver(&message("three", "Third."));
    assert_eq!(collector.collect().await.unwrap(), 1);

    assert_eq!(office.subjects().await, ["one", "two", "three"]);
    let stored = office.stored().await;
    assert!(stored[0].raw.ends_with("\r\n\r\nFirst.\r\n.a line with a dot\r\n"), "{}", stored[0].raw);
    assert!(stored[1].raw.contains("äöü"));
    assert!(
        stored.iter().all(|message| message.state == "stored" && message.size == message.raw.len() as i64)
    );
    assert_eq!(server.flags(), "", "nothing is marked as read");
}

#[tokio::test]
async fn weeks_of_downtime_and_other_readers_hide_nothing() {
    let (server, office) = (Dovecot::start(), Collecting::begin().await);
    let collector = office.collector(server.imap, "");
    server.deliver(&message("before", ""));
    collector.collect().await.unwrap();
    for number in 0..40 {
        server.deliver(&message(&format!("missed-{number:02}"), ""));
    }
    read_everything(server.imap).await;
    office.clock.set(office.clock.now().after(jiff::SignedDuration::from_hours(24 * 30)));
    assert_eq!(collector.collect().await.unwrap(), 40);
    let expected: Vec<String> = (0..40).map(|number| format!("missed-{number:02}")).collect();
    assert_eq!(office.subjects().await[1..], expected);
}

/// Somebody else opens the mailbox, so that no message is recent or unseen any more.
async fn read_everything(port: u16) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let commands =
        format!("a login {USER} {PASSWORD}\r\nb select INBOX\r\nc store 1:* +FLAGS (\\Seen)\r\nd logout\r\n");
    stream.write_all(commands.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("c OK") && answer.contains("\\Seen"), "{answer}");
}

#[tokio::test]
async fn a_new_uidvalidity_reads_all_again_and_doubles_nothing() {
    let (server, office) = (Dovecot::start(), Collecting::begin().await);
    let collector = office.collector(server.imap, "");
    for subject in ["one", "two", "three"] {
        server.deliver(&message(subject, ""));
    }
    assert_eq!(collector.collect().await.unwrap(), 3);
    let before =
        sqlx::query_scalar!("select uid_validity from mailboxes").fetch_one(&office.pool).await.unwrap();
    server.change_uid_validity();
    server.deliver(&message("four", ""));
    assert_eq!(collector.collect().await.unwrap(), 1);
    let row =
        sqlx::query!("select uid_validity, last_uid from mailboxes").fetch_one(&office.pool).await.unwrap();
    assert_ne!(row.uid_validity, before, "the server really changed it");
    assert_eq!(office.subjects().await, ["one", "two", "three", "four"]);
    server.deliver(&message("five", ""));
    assert_eq!(collector.collect().await.unwrap(), 1);
}

#[tokio::test]
async fn dropped_connections_lose_and_double_nothing() {
    let (server, office) = (Dovecot::start(), Collecting::begin().await);
    let names: Vec<String> = (0..8).map(|number| format!("message-{number}")).collect();
    for name in &names {
        server.deliver(&message(name, &"x".repeat(3000)));
    }
    // Cut at every place of the conversation, from the greeting on.
    let mut broken = 0;
    let proxy = CuttingProxy::before(&server).await;
    let collector = office.collector(proxy.port, "");
    for bytes in (0..=15_000).step_by(1371) {
        proxy.cut_after(bytes);
        broken += usize::from(collector.collect().await.is_err());
    }
    assert!(broken > 3, "the connections really broke: {broken}");
    proxy.cut_after(u64::MAX);
    collector.collect().await.unwrap();
    let mut subjects = office.subjects().await;
    subjects.dedup();
    assert_eq!(subjects.len(), office.stored().await.len());
    assert_eq!(subjects, names);
}

#[tokio::test]
async fn of_a_huge_message_the_header_is_kept_and_the_next_one_comes() {
    let (server, office) = (Dovecot::start(), Collecting::begin().await);
    server.deliver(&message("huge", &"0123456789\r\n".repeat(400_000)));
    server.deliver(&message("small", ""));
    let collector = office.collector(server.imap, "inbound.max_bytes = 100000");
    assert_eq!(collector.collect().await.unwrap(), 2);
    let stored = office.stored().await;
    assert_eq!(
        (stored[0].state.as_str(), stored[0].reason.as_deref()),
        ("parked", Some("inbound-too-large"))
    );
    assert!(stored[0].raw.contains("Subject: huge") && stored[0].raw.len() < 2000);
    assert!(stored[0].size > 4_800_000, "{}", stored[0].size);
    assert_eq!((stored[1].state.as_str(), office.subjects().await[1].as_str()), ("stored", "small"));
}

#[tokio::test]
async fn a_message_that_always_breaks_the_connection_blocks_no_other() {
    let (server, office) = (Dovecot::start(), Collecting::begin().await);
    server.deliver(&message("poison", &"x".repeat(200_000)));
    server.deliver(&message("next", ""));
    // Enough for the greeting and the listing, never for the first message.
    let proxy = CuttingProxy::before(&server).await;
    proxy.cut_after(60_000);
    let collector = office.collector(proxy.port, "");
    for _ in 0..5 {
        collector.collect().await.unwrap_err();
    }
    assert_eq!(collector.collect().await.unwrap(), 2);
    let stored = office.stored().await;
    assert_eq!(stored.len(), 2);
    assert_eq!(
        (stored[0].state.as_str(), stored[0].reason.as_deref()),
        ("parked", Some("inbound-unfetchable"))
    );
    assert!(stored[0].raw.contains("UID 1 "), "{}", stored[0].raw);
    assert!(stored[1].raw.contains("Subject: next"));
}

#[tokio::test]
async fn both_ways_of_encryption_work_and_an_unknown_authority_gets_no_password() {
    let (server, office) = (Dovecot::start(), Collecting::begin().await);
    server.deliver(&message("one", ""));
    for (tls, port) in [("starttls", server.imap), ("implicit", server.imaps)] {
        let with_ca = format!("imap.tls = \"{tls}\"\nimap.ca_file = {:?}", server.ca_file());
        office.collector(port, &with_ca).collect().await.unwrap();
        let refused = office.collector(port, &format!("imap.tls = \"{tls}\"")).collect().await.unwrap_err();
        assert!(format!("{refused:#}").contains("encrypt"), "{refused:#}");
    }
    assert_eq!(office.subjects().await, ["one"]);
}

#[tokio::test]
async fn a_running_collector_is_told_of_news_and_reports_what_is_wrong() {
    let (server, office) = (Dovecot::start(), Collecting::begin().await);
    let collector = Arc::new(office.collector(server.imap, "imap.poll_seconds = 600"));
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (collector, stop) = (Arc::clone(&collector), stop.clone());
        async move { collector.run(&stop).await }
    });
    for count in 1..=3 {
        server.deliver(&message(&format!("news-{count}"), ""));
        until(async || office.subjects().await.len() == count).await;
    }
    stop.cancel();
    running.await.unwrap();

    let stop = CancellationToken::new();
    let wrong = office.collector(server.imap, "imap.password = \"wrong\"");
    let running = tokio::spawn({
        let stop = stop.clone();
        async move { wrong.run(&stop).await }
    });
    let mut connection = office.pool.acquire().await.unwrap();
    until(async || !mailboxes::list_troubles(&mut connection).await.unwrap().is_empty()).await;
    stop.cancel();
    running.await.unwrap();
    let trouble = mailboxes::list_troubles(&mut connection).await.unwrap().remove(0);
    assert!(trouble.last_error.contains("refused the sign-in"), "{}", trouble.last_error);
    assert_eq!(trouble.failing_since, office.clock.now());
    collector.collect().await.unwrap();
    assert!(mailboxes::list_troubles(&mut connection).await.unwrap().is_empty());
}

#[tokio::test]
async fn where_the_server_tells_of_nothing_it_is_asked_and_a_cut_connection_is_made_anew() {
    let (server, office) = (
        Dovecot::start_with(|_folder| "imap_capability = IMAP4rev1\n".to_owned()),
        Collecting::begin().await,
    );
    let proxy = CuttingProxy::before(&server).await;
    proxy.cut_after(700);
    let collector = office.collector(proxy.port, "imap.poll_seconds = 1");
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let stop = stop.clone();
        async move { collector.run(&stop).await }
    });
    let mut connection = office.pool.acquire().await.unwrap();
    until(async || !mailboxes::list_troubles(&mut connection).await.unwrap().is_empty()).await;
    proxy.cut_after(u64::MAX);
    for count in 1..=3 {
        server.deliver(&message(&format!("news-{count}"), ""));
        until(async || office.subjects().await.len() == count).await;
    }
    assert!(
        mailboxes::list_troubles(&mut connection).await.unwrap().is_empty(),
        "it shows that it works again"
    );
    stop.cancel();
    running.await.unwrap();
}

async fn until(mut happened: impl AsyncFnMut() -> bool) {
    for _ in 0..1500 {
        if happened().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never happened");
}

/// Runs `handover mail ingest` with `input` on a database, and gives back its exit code.
async fn ingest(url: &str, input: &[u8]) -> Option<i32> {
    ingest_told(url, input, &[]).await
}

/// With what a mail server tells on the command line.
async fn ingest_told(url: &str, input: &[u8], told: &[&str]) -> Option<i32> {
    let mut process = tokio::process::Command::new(env!("CARGO_BIN_EXE_handover"))
        .args(["mail", "ingest"])
        .args(told)
        .env("DATABASE_URL", url)
        .env("HANDOVER__SECRETS__KEY", "k".repeat(40))
        .env("HANDOVER__MAIL__INBOUND__MAX_BYTES", "100000")
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It may end before it has read everything.
    let _ = process.stdin.take().unwrap().write_all(input).await;
    process.wait().await.unwrap().code()
}

#[tokio::test]
async fn what_is_piped_is_stored_before_the_mail_server_hears_yes() {
    let office = Collecting::begin().await;
    let url = office.database.url();
    let latin = b"Subject: piped\nX-Odd: \xe4\0\n\nbody\n".as_slice();
    assert_eq!(ingest(&url, latin).await, Some(0));
    assert_eq!(ingest(&url, latin).await, Some(0), "a second try of the mail server changes nothing");
    assert_eq!(ingest(&url, b"").await, Some(65));
    assert_eq!(ingest(&url, &message("huge", &"x".repeat(200_000))).await, Some(65), "back to the sender");
    let rows = sqlx::query!("select raw, state, source, size from inbound_emails order by id");
    let rows = rows.fetch_all(&office.pool).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (rows[0].raw.as_slice(), rows[0].state.as_str(), rows[0].source.as_str()),
        (latin, "stored", "pipe")
    );
    assert_eq!(rows[1].state, "parked");
    assert!(rows[1].raw.len() < 1000 && rows[1].size > 200_000);

    let nowhere = "postgres://nobody@127.0.0.1:1/nowhere";
    assert_eq!(ingest(nowhere, latin).await, Some(75), "try again later");
    let unreadable = "not an address at all";
    assert_eq!(ingest(unreadable, latin).await, Some(75));
}

#[tokio::test]
async fn what_the_mail_server_knows_of_the_sender_is_kept_with_the_message() {
    let office = Collecting::begin().await;
    let url = office.database.url();
    let told = [
        "--client-ip",
        "192.0.2.7",
        "--helo",
        "mail.customer.example",
        "--mail-from",
        "eva@customer.example",
    ];
    assert_eq!(ingest_told(&url, &message("told", ""), &told).await, Some(0));
    let unknown = ["--client-ip", "unknown", "--helo", "x", "--mail-from", ""];
    assert_eq!(ingest_told(&url, &message("unknown", ""), &unknown).await, Some(0));
    assert_eq!(ingest(&url, &message("untold", "")).await, Some(0));
    let rows = sqlx::query!("select client_ip, helo, envelope_from from inbound_emails order by id");
    let rows = rows.fetch_all(&office.pool).await.unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (row.client_ip.as_deref(), row.helo.as_deref(), row.envelope_from.as_deref()))
        .collect();
    let known = (Some("192.0.2.7"), Some("mail.customer.example"), Some("eva@customer.example"));
    assert_eq!(rows, [known, (None, Some("x"), Some("")), (None, None, None)]);
}
