//! SIGTERM: what is under way is finished or given back, whatever mail server and database do, and nobody gets half an answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use handover::{case::actor::Role, clock::Clock, staff::members};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::PgPool;

use crate::helpers::{
    desk::PASSWORD,
    postgres::Database,
    program::Program,
    smtp::{Answer, Encryption, SmtpServer, Stage},
    story,
};

/// `stop_seconds`, and what a busy machine needs besides.
const PATIENCE: Duration = Duration::from_secs(10);
const UNLIMITED: [(&str, &str); 5] = [
    ("DESK__FREE_SIGN_IN_TRIES", "1000000"),
    ("HTTP__FORMS_PER_MINUTE", "1000000"),
    ("HTTP__FORMS_BURST", "1000000"),
    ("LIMITS__FORM_LETTERS_PER_DOMAIN", "1000000"),
    ("LIMITS__FORM_LETTERS_PER_NETWORK", "1000000"),
];

async fn ends_well(program: &mut Program) {
    let asked = Instant::now();
    program.signal(Signal::SIGTERM);
    let status = program.ended(PATIENCE).await;
    assert!(
        status.is_some_and(|status| status.success()),
        "{status:?} after {:?}: {}",
        asked.elapsed(),
        program.log()
    );
}

#[derive(Debug, sqlx::FromRow, PartialEq, Eq)]
struct Row {
    state: String,
    attempts: i32,
    leased: bool,
}

async fn rows(pool: &PgPool) -> Vec<Row> {
    sqlx::query_as(
        "select state, attempts, claimed_until is not null as leased from emails where state = 'queued'",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

#[actix_web::test]
async fn an_email_that_a_silent_server_holds_is_given_back() {
    for stage in [Stage::Greeting, Stage::Data, Stage::Message] {
        let (database, server) = (Database::in_use().await, SmtpServer::start_with(Encryption::None).await);
        let port = server.port.to_string();
        let mut settings = UNLIMITED.to_vec();
        settings.extend([
            ("MAIL__TRANSPORT", "smtp"),
            ("MAIL__SMTP__HOST", "127.0.0.1"),
            ("MAIL__SMTP__PORT", &port),
            ("MAIL__SMTP__TLS", "none"),
        ]);
        let mut program = Program::serve(&database.url(), &settings).await;
        server.answer(stage, Answer::Hang);
        let before = server.times(stage);
        let sent =
            program.client.post(program.url("/escalations")).form(&story::form()).send().await.unwrap();
        assert_eq!(sent.status().as_u16(), 303);
        server.until(stage, before + 1).await;
        ends_well(&mut program).await;
        let left = rows(&database.pool().await).await;
        assert_eq!(left, [Row { state: "queued".to_owned(), attempts: 0, leased: false }], "{stage:?}");
    }
}

/// An open page of the desk holds its connection for hours; the process waits for none of them.
#[actix_web::test]
async fn a_page_that_listens_keeps_nobody() {
    let database = Database::in_use().await;
    let mut program = Program::serve(&database.url(), &UNLIMITED).await;
    let email = "ann@reseller.example".parse().unwrap();
    let now = Clock::wall().now();
    let pool = database.pool().await;
    members::add(&pool, "ann", &email, Role::Agent, PASSWORD.to_owned().into(), now).await.unwrap();
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    let signed_in = program.client.post(program.url("/desk/sign-in")).form(&fields).send().await.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let mut page =
        program.client.get(program.url("/desk/live")).header("cookie", cookie).send().await.unwrap();
    assert!(page.chunk().await.unwrap().is_some());
    let asked = Instant::now();
    ends_well(&mut program).await;
    assert!(asked.elapsed() < Duration::from_secs(6), "it waited for the page: {:?}", asked.elapsed());
    while page.chunk().await.is_ok_and(|chunk| chunk.is_some()) {}
}

/// Stops the processes of the database that serve the program; lets them go on when dropped.
struct Paused(Vec<Pid>);

impl Paused {
    async fn new(pool: &PgPool) -> Self {
        let pids: Vec<i32> = sqlx::query_scalar(
            "select pid from pg_stat_activity where datname = current_database() and application_name = 'handover'",
        )
        .fetch_all(pool)
        .await
        .unwrap();
        let pids: Vec<Pid> = pids.into_iter().map(Pid::from_raw).collect();
        pids.iter().for_each(|pid| kill(*pid, Signal::SIGSTOP).unwrap());
        Self(pids)
    }
}

impl Drop for Paused {
    fn drop(&mut self) {
        self.0.iter().for_each(|pid| kill(*pid, Signal::SIGCONT).unwrap_or_default());
    }
}

#[actix_web::test]
async fn a_database_that_stands_still_keeps_nobody() {
    let database = Database::in_use().await;
    let mut program = Program::serve(&database.url(), &UNLIMITED).await;
    let pool = database.pool().await;
    let paused = Paused::new(&pool).await;
    // Somebody waits for it, when the last answer is no longer fresh.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let waiting = program.client.get(program.url("/health/ready")).send();
    assert_eq!(waiting.await.unwrap().status().as_u16(), 503);
    ends_well(&mut program).await;
    drop(paused);
}

/// What came of a flood of requests while the program was stopped.
#[derive(Debug, Default)]
struct Seen {
    answered: AtomicUsize,
    failed: AtomicUsize,
    broken: AtomicUsize,
    escalated: AtomicUsize,
}

/// Opens pages and sends forms without a pause until nobody listens any more.
async fn use_it(address: String, seen: Arc<Seen>, over: Arc<AtomicBool>) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    while !over.load(Ordering::Relaxed) {
        for form in [false, true] {
            let request = if form {
                client.post(format!("{address}/escalations")).form(&story::form())
            } else {
                client.get(format!("{address}/desk/sign-in"))
            };
            match request.send().await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    let whole = answer.bytes().await.is_ok();
                    seen.answered.fetch_add(1, Ordering::Relaxed);
                    seen.escalated.fetch_add(usize::from(form && status == 303), Ordering::Relaxed);
                    if status >= 500 || !whole {
                        seen.failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
                Err(error) if error.is_connect() => return,
                // On a connection that is kept, a request and its end may cross. A browser asks again for a page, not for a form
                // (RFC 9112, 9.3.1); and then nobody is there any more.
                Err(_) if !form => {
                    let again = reqwest::get(format!("{address}/desk/sign-in")).await;
                    seen.failed.fetch_add(
                        usize::from(!again.is_err_and(|error| error.is_connect())),
                        Ordering::Relaxed,
                    );
                    return;
                }
                Err(_) => {
                    seen.broken.fetch_add(1, Ordering::Relaxed);
                    return;
                }
            }
        }
    }
}

async fn stops_under_load(times: usize) {
    let database = Database::in_use().await;
    let pool = database.pool().await;
    let seen = Arc::new(Seen::default());
    for _ in 0..times {
        let mut program = Program::serve(&database.url(), &UNLIMITED).await;
        let over = Arc::new(AtomicBool::new(false));
        let users: Vec<_> = (0..6)
            .map(|_| actix_web::rt::spawn(use_it(program.address.clone(), seen.clone(), over.clone())))
            .collect();
        tokio::time::sleep(Duration::from_millis(400)).await;
        ends_well(&mut program).await;
        over.store(true, Ordering::Relaxed);
        for user in users {
            user.await.unwrap();
        }
        // What the server says of a connection that came when its threads had ended.
        let log: String = program.log().lines().filter(|line| !line.contains("No workers")).collect();
        for words in ["panicked", "ERROR", "shutdown", "shut down", "before everything was finished"] {
            assert!(!log.contains(words), "{words} is in {log}");
        }
        let leased: Vec<Row> = rows(&pool).await.into_iter().filter(|row| row.leased).collect();
        assert!(leased.is_empty(), "{leased:?}");
    }
    let tries: i64 =
        sqlx::query_scalar("select count(*) from deliveries where outcome in ('deferred', 'failed')")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(tries, 0, "letters that failed");
    let (failed, broken) = (seen.failed.load(Ordering::Relaxed), seen.broken.load(Ordering::Relaxed));
    // Forms on connections that the kernel had taken and the program had not, which are reset when it closes its socket, as if
    // they had been refused: nothing was begun for them.
    assert!(failed == 0 && broken <= times, "{seen:?}");
    let escalated: i64 = sqlx::query_scalar(
        "select count(*) from escalations where requester_email = $1 and company like 'Nordlicht%'",
    )
    .bind(story::REQUESTER)
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(escalated, i64::try_from(seen.escalated.load(Ordering::Relaxed)).unwrap(), "{seen:?}");
    assert!(escalated > i64::try_from(times).unwrap(), "{seen:?}");
}

#[actix_web::test]
async fn nobody_notices_that_it_stops() {
    stops_under_load(4).await;
}

#[actix_web::test]
#[ignore = "takes minutes: the measurement of docs/OPERATIONS.md"]
async fn nobody_notices_a_hundred_stops() {
    stops_under_load(100).await;
}
