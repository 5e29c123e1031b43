//! A mail server that refuses, hangs up or says nothing at every step of collecting, and then heals: nothing may be missing.

use std::sync::{Arc, Mutex};

use handover::{
    clock::Clock,
    config::Settings,
    mail::incoming::{collect::Collector, mailboxes},
};
use sqlx::PgPool;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::helpers::{desk::BEGINNING, postgres::Database};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Greeting,
    Login,
    Examine,
    Listing,
    Body,
    /// Whether a message that was not given is still there.
    Presence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// As large providers say when a store is being moved.
    No,
    /// As they say when one asks too often.
    Bad,
    Bye,
    HangUp,
    /// The message, without its bytes.
    Nil,
    /// A tagged OK, and nothing of what was asked for.
    Nothing,
    Garbage,
    /// Half of an answer, then the end.
    Half,
}

const STEPS: [Step; 5] = [Step::Greeting, Step::Login, Step::Examine, Step::Listing, Step::Body];
const WRONGS: [Wrong; 8] = [
    Wrong::No,
    Wrong::Bad,
    Wrong::Bye,
    Wrong::HangUp,
    Wrong::Nil,
    Wrong::Nothing,
    Wrong::Garbage,
    Wrong::Half,
];

/// What the server holds and how it misbehaves.
#[derive(Debug, Default)]
struct Mailbox {
    validity: u32,
    messages: Vec<(u32, String)>,
    wrong: Vec<(Step, Wrong)>,
    /// Only about this message.
    about: Option<u32>,
}

#[derive(Clone)]
struct FakeServer {
    port: u16,
    mailbox: Arc<Mutex<Mailbox>>,
}

impl FakeServer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), mailbox: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.converse(stream).await });
            }
        });
        server
    }

    fn wrong(&self, step: Step, uid: Option<u32>) -> Option<Wrong> {
        let mailbox = self.mailbox.lock().unwrap();
        let concerned = mailbox.about.is_none() || uid.is_none() || uid == mailbox.about;
        mailbox.wrong.iter().find(|(at, _)| *at == step && concerned).map(|(_, wrong)| *wrong)
    }

    /// Until somebody hangs up.
    async fn converse(&self, stream: TcpStream) -> Option<()> {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        match self.wrong(Step::Greeting, None) {
            None => writer.write_all(b"* OK ready\r\n").await.ok()?,
            Some(Wrong::HangUp | Wrong::Nil | Wrong::Nothing) => return None,
            Some(Wrong::Garbage) => writer.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.ok()?,
            Some(Wrong::Half) => return writer.write_all(b"* O").await.ok(),
            Some(_) => return writer.write_all(b"* BYE too many connections\r\n").await.ok(),
        }
        loop {
            let line = lines.next_line().await.ok()??;
            let (tag, command) = line.split_once(' ')?;
            let (answer, goes_on) = self.answer(tag, command);
            writer.write_all(answer.as_bytes()).await.ok()?;
            if !goes_on {
                return None;
            }
        }
    }

    fn answer(&self, tag: &str, command: &str) -> (String, bool) {
        let upper = command.to_uppercase();
        let set = command.split(' ').nth(2).unwrap_or_default();
        let uid = set.parse().ok();
        let (step, right) = if upper.starts_with("LOGIN") {
            (Step::Login, String::new())
        } else if upper.starts_with("EXAMINE") {
            let validity = self.mailbox.lock().unwrap().validity;
            (Step::Examine, format!("* 3 EXISTS\r\n* OK [UIDVALIDITY {validity}] valid\r\n"))
        } else if upper.contains("BODY.PEEK") {
            (Step::Body, self.body(uid, false))
        } else if upper.starts_with("UID FETCH") && set.contains(':') {
            (Step::Listing, self.list(set))
        } else if upper.starts_with("UID FETCH") {
            (Step::Presence, self.list(set))
        } else {
            return (format!("{tag} OK done\r\n"), !upper.starts_with("LOGOUT"));
        };
        match self.wrong(step, uid) {
            None => (format!("{right}{tag} OK done\r\n"), true),
            Some(Wrong::No) => (format!("{tag} NO [SERVERBUG] Internal error occurred\r\n"), true),
            Some(Wrong::Bad) => (format!("{tag} BAD User is throttled, please try again\r\n"), true),
            Some(Wrong::Bye) => ("* BYE shutting down\r\n".to_owned(), false),
            Some(Wrong::HangUp) => (String::new(), false),
            Some(Wrong::Nil) => (format!("{}{tag} OK done\r\n", self.body(uid, true)), true),
            Some(Wrong::Nothing) => (format!("{tag} OK done\r\n"), true),
            Some(Wrong::Garbage) => ("\u{1}\u{2} )( nonsense\r\n".to_owned(), false),
            Some(Wrong::Half) => (right.chars().take(right.len() / 2).collect(), false),
        }
    }

    fn list(&self, set: &str) -> String {
        let mailbox = self.mailbox.lock().unwrap();
        let from: u32 = set.split(':').next().unwrap().parse().unwrap();
        let wanted = |uid: u32| if set.contains(':') { uid >= from } else { uid == from };
        let lines = mailbox.messages.iter().enumerate().filter(|(_, (uid, _))| wanted(*uid));
        lines
            .map(|(at, (uid, raw))| format!("* {} FETCH (UID {uid} RFC822.SIZE {})\r\n", at + 1, raw.len()))
            .collect()
    }

    fn body(&self, uid: Option<u32>, nil: bool) -> String {
        let mailbox = self.mailbox.lock().unwrap();
        let found = mailbox.messages.iter().enumerate().find(|(_, (own, _))| Some(*own) == uid);
        found.map_or(String::new(), |(at, (uid, raw))| {
            let bytes = if nil { "NIL".to_owned() } else { format!("{{{}}}\r\n{raw}", raw.len()) };
            format!("* {} FETCH (UID {uid} BODY[]<0> {bytes})\r\n", at + 1)
        })
    }

    /// Other messages under another UIDVALIDITY, and this misbehaviour.
    fn holds(&self, validity: u32, wrong: &[(Step, Wrong)], about: Option<u32>) -> Vec<String> {
        let subjects: Vec<String> = (1..=3).map(|uid| format!("message-{validity}-{uid}")).collect();
        let messages = subjects.iter().zip(1..).map(|(subject, uid)| {
            let raw = format!("From: eva@customer.example\r\nSubject: {subject}\r\n\r\nText.\r\n");
            (uid, raw)
        });
        *self.mailbox.lock().unwrap() =
            Mailbox { validity, messages: messages.collect(), wrong: wrong.to_vec(), about };
        subjects
    }

    fn heals(&self) {
        self.mailbox.lock().unwrap().wrong.clear();
    }
}

struct Office {
    pool: PgPool,
    clock: Clock,
    server: FakeServer,
    collector: Collector,
    _database: Database,
}

impl Office {
    async fn begin() -> Self {
        let database = Database::create().await;
        let pool = database.service_pool().await;
        let clock = Clock::stopped(BEGINNING.parse::<jiff::Timestamp>().unwrap().into());
        let server = FakeServer::start().await;
        let settings = format!(
            "[mail.imap]\nhost = \"localhost\"\nport = {}\ntls = \"none\"\nusername = \"desk\"\npassword = \"x\"\n\
             timeout_seconds = 5\n",
            server.port
        );
        let settings = Settings::with(&settings).unwrap().mail;
        let collector = Collector::try_new(pool.clone(), clock.clone(), &settings).unwrap().unwrap();
        Self { pool, clock, server, collector, _database: database }
    }

    /// The subjects of the messages that are stored and can be read.
    async fn subjects(&self) -> Vec<String> {
        let rows = sqlx::query_scalar!("select raw from inbound_emails where state = 'stored' order by id");
        let subject = |raw: Vec<u8>| {
            let text = String::from_utf8(raw).unwrap();
            text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap().to_owned()
        };
        rows.fetch_all(&self.pool).await.unwrap().into_iter().map(subject).collect()
    }

    async fn last_uid(&self) -> i64 {
        sqlx::query_scalar!("select last_uid from mailboxes").fetch_one(&self.pool).await.unwrap()
    }
}

#[tokio::test]
async fn whatever_goes_wrong_once_nothing_is_missing_at_the_end() {
    let office = Office::begin().await;
    let (mut validity, mut expected) = (0, Vec::new());
    for step in STEPS {
        for wrong in WRONGS {
            // An empty listing is right where there is nothing new, and a greeting or sign-in has no bytes.
            let harmless = matches!(wrong, Wrong::Nil | Wrong::Nothing) && step != Step::Body;
            if harmless && step != Step::Examine {
                continue;
            }
            validity += 1;
            expected.extend(office.server.holds(validity, &[(step, wrong)], Some(2)));
            let collected = office.collector.collect().await;
            assert!(collected.is_err(), "{step:?} {wrong:?} is taken for a success: {collected:?}");
            if step == Step::Body {
                assert_eq!(
                    office.last_uid().await,
                    1,
                    "{step:?} {wrong:?}: the cursor went past the message"
                );
            }
            office.server.heals();
            office.collector.collect().await.unwrap();
            assert_eq!(office.subjects().await, expected, "{step:?} {wrong:?}");
        }
    }
    assert!(validity > 25, "{validity}");
}

#[tokio::test]
async fn a_message_is_gone_only_when_the_server_no_longer_lists_it() {
    let office = Office::begin().await;
    // Asked again whether it is there, the server refuses: that is no answer either.
    for (number, wrong) in WRONGS.into_iter().enumerate() {
        let validity = u32::try_from(number + 1).unwrap();
        office.server.holds(validity, &[(Step::Body, Wrong::Nothing), (Step::Presence, wrong)], Some(2));
        let collected = office.collector.collect().await;
        let says_gone = wrong == Wrong::Nothing;
        assert_eq!(collected.is_ok(), says_gone, "{wrong:?}: {collected:?}");
        office.server.heals();
        office.collector.collect().await.unwrap();
        let left =
            office.subjects().await.into_iter().filter(|s| s.starts_with(&format!("message-{validity}-")));
        assert_eq!(left.count(), if says_gone { 2 } else { 3 }, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_message_that_is_refused_for_days_holds_up_no_other_and_comes_in_the_end() {
    let office = Office::begin().await;
    let expected = office.server.holds(7, &[(Step::Body, Wrong::No)], Some(2));
    for _ in 0..5 {
        office.collector.collect().await.unwrap_err();
    }
    office.collector.collect().await.unwrap();
    assert_eq!(office.subjects().await, [expected[0].clone(), expected[2].clone()]);
    let parked: Vec<Option<String>> =
        sqlx::query_scalar!("select reason from inbound_emails where state = 'parked'")
            .fetch_all(&office.pool)
            .await
            .unwrap();
    assert_eq!(parked, [Some("inbound-unfetchable".to_owned())], "staff are told");

    // Asked again with a growing wait; a refusal shows as trouble and holds up nothing that is new.
    for hours in [1, 2, 5] {
        office.clock.set(office.clock.now().after(jiff::SignedDuration::from_hours(hours)));
        assert!(office.collector.collect().await.is_err(), "after {hours} hours");
        office.collector.collect().await.unwrap();
    }
    office.server.heals();
    office.clock.set(office.clock.now().after(jiff::SignedDuration::from_hours(25)));
    office.collector.collect().await.unwrap();
    let mut subjects = office.subjects().await;
    subjects.sort();
    assert_eq!(subjects, expected);
    let mut connection = office.pool.acquire().await.unwrap();
    assert!(mailboxes::list_troubles(&mut connection).await.unwrap().is_empty());
}
