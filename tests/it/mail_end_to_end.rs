//! The bytes that were approved arrive, whatever kills the worker on the way: a real worker, a real mail server that
//! takes its mail (Dovecot's submission service), and a real mailbox read by IMAP.
//!
//! The one thing between them that is not real is the time of a lease: after a kill it is over at once.

use std::{collections::HashMap, process::Stdio};

use futures_util::TryStreamExt as _;
use handover::{
    case::actor::Role,
    clock::Clock,
    token::{Sha256Bytes, sha256},
};
use jiff::SignedDuration;
use sqlx::PgPool;
use tempfile::TempDir;
use tokio::{net::TcpStream, process::Command};

use crate::helpers::{
    desk::Desk,
    dovecot::{Dovecot, PASSWORD, USER},
    postgres::until_somebody_waits_for_a_lock,
    story::{ATLASSIAN, SUCCESSOR, form_with},
    tap::{Hop, Moment, Tap},
};

/// Every step of a conversation in clear, from the connection to the settling of a yes.
const MOMENTS: [Moment; 15] = [
    Moment::Held(""),
    Moment::Told(""),
    Moment::Held("EHLO"),
    Moment::Told("EHLO"),
    Moment::Held("AUTH"),
    Moment::Told("AUTH"),
    Moment::Held("MAIL"),
    Moment::Told("MAIL"),
    Moment::Held("RCPT"),
    Moment::Told("RCPT"),
    Moment::Held("DATA"),
    Moment::Told("DATA"),
    Moment::Middle,
    Moment::Held("."),
    Moment::Told("."),
];
const ROUNDS: usize = 13;
/// Pieces that an encrypted conversation has at least: up to STARTTLS, the handshake, the sign-in, and the commands up to
/// the message.
const PIECES: usize = 18;

/// A case with an approved request in the outbox that nobody has tried to send yet, at the present time.
async fn approved() -> Desk {
    let desk = Desk::start().await;
    let now = Clock::wall().now();
    desk.clock.set(now.after(SignedDuration::from_hours(-30 * 24)));
    desk.import_register().await;
    let visitor = desk.visitor("en");
    let left_on = desk.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let number = desk.confirmed_case(&visitor, &form_with(&[("departed_on", &left_on)])).await;
    let link = desk.take_letter(SUCCESSOR).link("successors");
    visitor.post(&link, &[("decision", "accept")]).await.went_well();
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    ann.calls_back(&number).await;
    desk.later(29 * 24).await;
    desk.clock.set(Clock::wall().now());
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.take_all_letters();
    desk
}

/// The settings of a real worker that submits to `port`.
fn settings(desk: &Desk, folder: &TempDir, port: u16, encryption: &str) -> std::path::PathBuf {
    let [one, other] = [&desk.dns[0], &desk.dns[1]].map(|server| server.address);
    let text = format!(
        "data_dir = {:?}\ndatabase.url = {:?}\nsecrets.key = \"{}\"\ndns.resolvers = [\"{one}\", \"{other}\"]\n\
         [mail]\ntransport = \"smtp\"\nsmtp.host = \"localhost\"\nsmtp.port = {port}\nsmtp.username = \"{USER}\"\n\
         smtp.password = \"{PASSWORD}\"\nmax_attempts = 1000000\nfirst_retry_seconds = 1\nlongest_retry_seconds = 1\n\
         {encryption}\n",
        folder.path(),
        desk.database.url(),
        "k".repeat(40),
    );
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, text).unwrap();
    file
}

struct Sending<'a> {
    pool: &'a PgPool,
    tap: Tap,
    settings: std::path::PathBuf,
}

impl Sending<'_> {
    fn start_worker(&self) -> tokio::process::Child {
        Command::new(env!("CARGO_BIN_EXE_handover"))
            .arg("work")
            .arg("--config")
            .arg(&self.settings)
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    /// Kills a worker with SIGKILL at `moment` of its first conversation, and ends its lease.
    async fn kill_at(&self, moment: Moment) {
        let settling = moment == Moment::Told(".");
        self.tap.stop_at(if settling { Moment::Held(".") } else { moment });
        let mut worker = self.start_worker();
        self.tap.until_stopped().await;
        if settling {
            // The worker hears yes and then waits for the row.
            let mut lock = self.pool.begin().await.unwrap();
            let rows = sqlx::query("select from emails where state = 'queued' for update");
            rows.fetch_all(&mut *lock).await.unwrap();
            self.tap.go_on();
            until_somebody_waits_for_a_lock(self.pool).await;
            worker.kill().await.unwrap();
            // What it had said already would be written down without it: so that nothing is, its connection dies, too.
            let end = "select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'";
            sqlx::query(end).execute(self.pool).await.unwrap();
            lock.rollback().await.unwrap();
        } else {
            worker.kill().await.unwrap();
        }
        let released = sqlx::query(
            "update emails set claimed_until = null, next_attempt_at = least(next_attempt_at, now())
             where state = 'queued'",
        );
        assert!(
            released.execute(self.pool).await.unwrap().rows_affected() > 0,
            "{moment:?}: it is still to be sent"
        );
    }
}

#[actix_web::test]
async fn approved_bytes_arrive_unchanged_though_the_worker_is_killed_at_every_step() {
    let desk = approved().await;
    let pool = &desk.casework.app.pool;
    let expected = queued(pool).await;
    let approved: Vec<u8> = sqlx::query_scalar("select digest from approvals").fetch_one(pool).await.unwrap();
    assert_eq!(expected[ATLASSIAN].as_slice(), approved);

    let hop = Hop::open().await;
    let server = Dovecot::start_submitting(hop.port);
    hop.leads_to(server.lmtp);
    let (folder, encrypted_folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let in_clear = Tap::before(server.submission).await;
    let clear = settings(&desk, &folder, in_clear.port, "smtp.tls = \"none\"");
    let in_clear = Sending { pool, tap: in_clear, settings: clear };
    let mut kills = 0;
    for _ in 0..ROUNDS {
        for moment in MOMENTS {
            in_clear.kill_at(moment).await;
            kills += 1;
        }
    }
    let encrypted = Tap::before(server.submission).await;
    let starttls = format!("smtp.tls = \"starttls\"\nsmtp.ca_file = {:?}", server.ca_file());
    let starttls = settings(&desk, &encrypted_folder, encrypted.port, &starttls);
    let encrypted = Sending { pool, tap: encrypted, settings: starttls };
    for piece in 0..PIECES {
        encrypted.kill_at(Moment::Piece(piece)).await;
        kills += 1;
    }
    assert!(kills >= 200, "{kills}");
    assert_eq!(queued(pool).await, expected, "no kill changed or lost what waits");

    // One that nobody kills sends all that is left.
    let mut worker = encrypted.start_worker();
    until_empty(pool).await;
    worker.kill().await.unwrap();
    let twice = ROUNDS
        * MOMENTS.iter().filter(|moment| matches!(moment, Moment::Held(".") | Moment::Told("."))).count();
    for (address, digest) in &expected {
        let arrived = read_mailbox(&server, address).await;
        assert!(!arrived.is_empty(), "nothing arrived at {address}");
        for message in &arrived {
            assert_eq!(&sha256(as_submitted(message)), digest, "{address}");
        }
        if address == ATLASSIAN {
            assert!(arrived.len() > twice, "only {} of {twice} known arrivals", arrived.len());
            let mut ids: Vec<&str> = arrived.iter().map(|message| message_id(message)).collect();
            ids.dedup();
            assert_eq!(ids.len(), 1, "one Message-ID for all tries");
        }
    }
}

/// The SHA-256 of what waits in the outbox, by its recipient.
async fn queued(pool: &PgPool) -> HashMap<String, Sha256Bytes> {
    let rows =
        sqlx::query_as::<_, (String, Vec<u8>)>("select envelope_to, raw from emails where state = 'queued'");
    rows.fetch_all(pool).await.unwrap().into_iter().map(|(to, raw)| (to, sha256(&raw))).collect()
}

async fn until_empty(pool: &PgPool) {
    for _ in 0..3000 {
        let left = sqlx::query_scalar::<_, i64>("select count(*) from emails where state = 'queued'");
        if left.fetch_one(pool).await.unwrap() == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the outbox does not become empty");
}

async fn read_mailbox(server: &Dovecot, user: &str) -> Vec<Vec<u8>> {
    let stream = TcpStream::connect(("127.0.0.1", server.imap)).await.unwrap();
    let mut client = async_imap::Client::new(stream);
    client.read_response().await.unwrap();
    let mut session = client.login(user, PASSWORD).await.map_err(|(error, _)| error).unwrap();
    session.select("INBOX").await.unwrap();
    let fetches = session.uid_fetch("1:*", "BODY.PEEK[]").await.unwrap();
    let messages = fetches.try_collect::<Vec<_>>().await.unwrap();
    messages.iter().map(|fetch| fetch.body().unwrap().to_vec()).collect()
}

/// What was submitted: without the fields that mail servers put on top (RFC 5321 §4.4), and nothing else left out.
fn as_submitted(message: &[u8]) -> &[u8] {
    let mut rest = message;
    let is_trace = |line: &[u8]| {
        [b"Return-Path:".as_slice(), b"Delivered-To:", b"Received:"].iter().any(|name| line.starts_with(name))
    };
    let mut in_trace = false;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        // A field goes on in the lines behind it that begin with space.
        in_trace = is_trace(rest) || (in_trace && matches!(rest.first(), Some(b' ' | b'\t')));
        if !in_trace {
            return rest;
        }
        rest = &rest[end..];
    }
}

fn message_id(message: &[u8]) -> &str {
    let text = std::str::from_utf8(message).unwrap();
    text.lines().find(|line| line.starts_with("Message-ID:")).unwrap()
}
