//! The private database while Handover runs on it: killed, broken, hanging. It comes back, nothing that was acknowledged is
//! lost, and nobody waits for it who wants to stop.

use std::{
    fs,
    io::{Read as _, Write as _},
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use handover::postgres::{Keeper, Server};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use reqwest::StatusCode;
use sqlx::{Connection as _, PgConnection};
use tokio_util::sync::CancellationToken;

use crate::helpers::{command, postgres::Database, program::Program, story};

const UNLIMITED: [(&str, &str); 4] = [
    ("HTTP__FORMS_PER_MINUTE", "1000000"),
    ("HTTP__FORMS_BURST", "1000000"),
    ("LIMITS__FORM_LETTERS_PER_DOMAIN", "1000000"),
    ("LIMITS__FORM_LETTERS_PER_NETWORK", "1000000"),
];
/// `stop_seconds`, and what a busy machine needs besides.
const PATIENCE: Duration = Duration::from_secs(10);
const COMPANY: &str = "Kranbau Wendt GmbH";

/// The process id in the file that PostgreSQL keeps while it runs.
fn postmaster(data_dir: &Path) -> Option<Pid> {
    let file = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).ok()?;
    Some(Pid::from_raw(file.lines().next()?.trim().parse().unwrap()))
}

fn is_alive(pid: Pid) -> bool {
    kill(pid, None).is_ok()
}

async fn until(what: &str, mut it: impl FnMut() -> bool) {
    for _ in 0..6000 {
        if it() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("still not: {what}");
}

/// What the log says, without its colours.
fn log(program: &Program) -> String {
    let mut plain = String::new();
    for (part, text) in program.log().split('\u{1b}').enumerate() {
        plain.push_str(if part == 0 { text } else { text.split_once('m').map_or("", |(_, rest)| rest) });
    }
    plain
}

async fn escalated(data_dir: &Path) -> i64 {
    let mut connection = PgConnection::connect_with(&Server::find_running(data_dir).unwrap()).await.unwrap();
    sqlx::query_scalar("select count(*) from escalations where company = $1")
        .bind(COMPANY)
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

/// Sends forms until told to stop: how many were acknowledged, and how many came back as they were typed.
async fn escalate(address: String, over: Arc<AtomicBool>) -> (i64, i64) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let (mut acknowledged, mut returned) = (0, 0);
    while !over.load(Ordering::Relaxed) {
        let form = story::form_with(&[("company", COMPANY)]);
        let request = client.post(format!("{address}/escalations")).form(&form).header("accept", "text/html");
        let answer = request.send().await.unwrap();
        match answer.status() {
            StatusCode::SEE_OTHER => acknowledged += 1,
            StatusCode::SERVICE_UNAVAILABLE => {
                assert!(answer.text().await.unwrap().contains(COMPANY), "what was typed is lost");
                returned += 1;
            }
            other => panic!("{other}: {}", answer.text().await.unwrap()),
        }
    }
    (acknowledged, returned)
}

#[actix_web::test]
async fn one_that_is_killed_comes_back_with_everything_that_was_acknowledged() {
    let mut program = Program::serve("", &UNLIMITED).await;
    let over = Arc::new(AtomicBool::new(false));
    let people = actix_web::rt::spawn(escalate(program.address.clone(), over.clone()));
    let data_dir = program.data_dir().to_owned();
    for deaths in 1..=2 {
        let before = escalated(&data_dir).await;
        while escalated(&data_dir).await < before + 3 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let killed = postmaster(&data_dir).unwrap();
        kill(killed, Signal::SIGKILL).unwrap();
        until("another one runs", || log(&program).matches("runs again").count() == deaths).await;
        assert_ne!(postmaster(&data_dir), Some(killed));
        program.until_ready().await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    over.store(true, Ordering::Relaxed);
    let (acknowledged, returned) = people.await.unwrap();
    // A form whose answer was lost on its way may be there, too.
    let found = escalated(&data_dir).await;
    assert!(
        (acknowledged..=acknowledged + returned).contains(&found),
        "{found} of {acknowledged}, {returned} returned"
    );
    let said = log(&program);
    assert!(said.contains("the private PostgreSQL died: it is started again status=signal: 9"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(program.data_dir().join("postgres.log.died").exists());

    // Whoever looks after it hears of it at the desk.
    let file = fs::read_to_string(data_dir.join("demo-credentials.json")).unwrap();
    let staff: Vec<serde_json::Value> = serde_json::from_str(&file).unwrap();
    let (email, password) = (staff[0]["email"].as_str().unwrap(), staff[0]["password"].as_str().unwrap());
    let sign_in = program.client.post(program.url("/desk/sign-in")).header("accept-language", "en");
    let signed_in = sign_in.form(&[("email", email), ("password", password)]).send().await.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let queue = program
        .client
        .get(program.url("/desk/cases"))
        .header("cookie", cookie)
        .header("accept-language", "en");
    let queue = queue.send().await.unwrap().text().await.unwrap();
    assert!(queue.contains("The private database crashed and was restarted"), "{queue}");
}

/// Somebody moved its files away, or the disk is broken: each start ends at once.
#[actix_web::test]
async fn one_that_cannot_start_is_tried_ever_more_slowly_until_it_can() {
    let mut program = Program::serve("", &UNLIMITED).await;
    let folder = program.data_dir().join("postgres");
    let (global, away) = (folder.join("global"), folder.join("global.away"));
    fs::rename(&global, &away).unwrap();
    kill(postmaster(program.data_dir()).unwrap(), Signal::SIGKILL).unwrap();
    until("four starts have failed", || log(&program).matches("does not start again").count() >= 4).await;
    let said = log(&program);
    let waits: Vec<u32> = said
        .split("wait_milliseconds=")
        .skip(1)
        .map(|rest| rest.split(' ').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(waits[..4], [500, 1000, 2000, 4000], "{said}");
    let answer = program.client.get(program.url("/health/ready")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.text().await.unwrap(), "the private database died and is started again\n");
    let page = program.client.get(program.url("/desk/sign-in")).send().await.unwrap();
    assert!(page.status() != StatusCode::INTERNAL_SERVER_ERROR, "{}", page.status());

    fs::rename(&away, &global).unwrap();
    program.until_ready().await;

    // Nor does it keep us from stopping.
    fs::rename(&global, &away).unwrap();
    kill(postmaster(program.data_dir()).unwrap(), Signal::SIGKILL).unwrap();
    let failed = log(&program).matches("does not start again").count();
    until("it fails again", || log(&program).matches("does not start again").count() > failed).await;
    program.signal(Signal::SIGTERM);
    let ended = program.ended(PATIENCE).await;
    assert!(ended.is_some_and(|status| status.success()), "{ended:?}: {}", log(&program));
}

#[tokio::test]
async fn it_is_not_started_again_while_we_stop() {
    let place = tempfile::tempdir().unwrap();
    let (server, asked) = (Server::start(place.path(), None).unwrap(), CancellationToken::new());
    let keeper = Keeper::try_new(server, &asked, PATIENCE).unwrap();
    let first = postmaster(place.path()).unwrap();
    kill(first, Signal::SIGKILL).unwrap();
    until("another one runs", || {
        !keeper.vitals().is_down() && postmaster(place.path()).is_some_and(|pid| pid != first)
    })
    .await;

    asked.cancel();
    let second = postmaster(place.path()).unwrap();
    kill(second, Signal::SIGKILL).unwrap();
    // Much longer than it took before.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(postmaster(place.path()), Some(second), "its file is left as it was");
    keeper.stop(PATIENCE).unwrap();
    assert!(!is_alive(second));
}

/// It hangs, as on a disk that no longer answers: it hears neither the one signal nor the other.
#[actix_web::test]
async fn one_that_hangs_keeps_nobody_from_stopping() {
    let mut program = Program::serve("", &UNLIMITED).await;
    let postgres = postmaster(program.data_dir()).unwrap();
    kill(postgres, Signal::SIGSTOP).unwrap();
    program.signal(Signal::SIGTERM);
    let ended = program.ended(PATIENCE).await;
    assert!(ended.is_some_and(|status| status.success()), "{ended:?}: {}", log(&program));
    assert!(!is_alive(postgres), "it was left behind");

    // What was committed is there.
    let server = Server::start(program.data_dir(), None).unwrap();
    let mut connection = PgConnection::connect_with(&server.connect_options()).await.unwrap();
    let cases: i64 =
        sqlx::query_scalar("select count(*) from cases").fetch_one(&mut connection).await.unwrap();
    assert!(cases > 0);
}

/// Whoever reads that it works may ask it to stop at that very moment.
#[tokio::test]
async fn a_worker_that_says_that_it_works_can_be_asked_to_stop() {
    let (database, data) = (Database::create().await, tempfile::tempdir().unwrap());
    // Nobody reads its words, so it stands still where it speaks.
    let (mut words, mut full) = std::io::pipe().unwrap();
    full.write_all(&vec![b'.'; 65_536]).unwrap();
    let mut worker = command::handover(data.path())
        .env("HANDOVER__DATABASE__URL", database.url())
        .arg("work")
        .stdin(Stdio::null())
        .stdout(full)
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", worker.id());
    let catches = || {
        let text = fs::read_to_string(&status).unwrap();
        let mask = text.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim().to_owned();
        u64::from_str_radix(&mask, 16).unwrap() & (1 << (Signal::SIGTERM as u64 - 1)) != 0
    };
    until("it catches SIGTERM before it has said anything", catches).await;
    kill(Pid::from_raw(worker.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    let mut said = String::new();
    words.read_to_string(&mut said).unwrap();
    assert!(said.contains("works in the background"), "{said}");
    assert!(worker.wait().unwrap().success());
}
