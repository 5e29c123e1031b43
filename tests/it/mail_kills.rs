//! A worker killed without warning, at every point of its work: the next one sends the same bytes.

use std::env;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use handover::app::Step;
use handover::clock::Clock;
use handover::mail::deliver;
use handover::mail::transport::Transport;
use sqlx::PgPool;
use tokio::process::{Child, Command};
use tokio::sync::Notify;

use crate::helpers::post_office::{PostOffice, settings};
use crate::helpers::smtp::{Answer, Stage};

/// The worker finds its database here.
const DATABASE: &str = "HANDOVER_TEST_WORKER_DATABASE";
/// And the port of its mail server here.
const PORT: &str = "HANDOVER_TEST_WORKER_PORT";

/// A process that delivers what is due in the office's outbox.
fn start_worker(office: &PostOffice) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "mail_kills::worker"])
        .env(DATABASE, office.database.url())
        .env(PORT, office.server.port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "no test, but the process that gets killed"]
#[expect(
    clippy::disallowed_methods,
    reason = "a process that tests start is told its task by its environment"
)]
async fn worker() {
    if let (Ok(url), Ok(port)) = (env::var(DATABASE), env::var(PORT)) {
        let settings = settings(port.parse().unwrap(), "");
        let transport = Transport::try_new(&settings, "unused".as_ref()).unwrap();
        let pool = PgPool::connect(&url).await.unwrap();
        deliver::step(&pool, &transport, &Clock::wall(), &settings).await.unwrap();
    }
}

/// A killed worker leaves nothing: SIGKILL can't be caught.
async fn kill(mut worker: Child) {
    worker.kill().await.unwrap();
}

#[tokio::test]
async fn killed_anywhere_in_the_conversation_it_loses_nothing() {
    for stage in [
        Stage::Greeting,
        Stage::Hello,
        Stage::Mail,
        Stage::Recipient,
        Stage::Data,
        Stage::Middle,
        Stage::Message,
    ] {
        let office = PostOffice::open().await;
        office.clock.set(Clock::wall().now());
        office.server.answer(stage, Answer::Hang);
        let (id, email) = office.enqueue("First").await;
        let worker = start_worker(&office);
        office.server.until(stage, 1).await;
        kill(worker).await;

        let row = office.row(id).await;
        assert_eq!((row.state.as_str(), row.attempts, row.is_leased), ("queued", 1, true), "{stage:?}");
        office.much_later();
        office.step().await;
        assert_eq!(office.state(id).await, "sent", "{stage:?}");
        let received = office.server.received();
        assert_eq!(received.len(), if stage == Stage::Message { 2 } else { 1 }, "{stage:?}");
        assert!(received.iter().all(|received| received.raw == email.raw), "{stage:?}");
    }
}

#[tokio::test]
async fn killed_between_the_servers_yes_and_the_settling_it_sends_the_same_again() {
    let office = PostOffice::open().await;
    office.clock.set(Clock::wall().now());
    let (id, email) = office.enqueue("First").await;
    // The worker will get its yes and then wait here for the row.
    let gate = Arc::new(Notify::new());
    office.server.answer(Stage::Message, Answer::After(Arc::clone(&gate)));
    let worker = start_worker(&office);
    office.server.until(Stage::Message, 1).await;
    let mut lock = office.pool.begin().await.unwrap();
    sqlx::query!("select id from emails where id = $1 for update", id).fetch_one(&mut *lock).await.unwrap();
    gate.notify_one();
    office.until_somebody_waits_for_a_lock().await;
    kill(worker).await;
    lock.rollback().await.unwrap();

    office.much_later();
    // Until PostgreSQL has noticed the killed worker's end, the row is still its own.
    while office.step().await == Step::Idle {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(office.state(id).await, "sent");
    let received = office.server.received();
    assert_eq!(received.len(), 2);
    assert!(received.iter().all(|received| received.raw == email.raw));
}
