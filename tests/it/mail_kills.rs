//! A worker killed without warning, at every point of its work: the next one sends the same bytes.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use handover::app::Step;
use handover::clock::Clock;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::sync::Notify;

use crate::helpers::post_office::PostOffice;
use crate::helpers::smtp::{Answer, Stage};

/// A real worker, delivering what is due in the office's outbox.
fn start_worker(office: &PostOffice, data_dir: &TempDir) -> Child {
    Command::new(env!("CARGO_BIN_EXE_handover"))
        .arg("work")
        .env("DATABASE_URL", office.database.url())
        .env("HANDOVER__DATA_DIR", data_dir.path())
        .env("HANDOVER__MAIL__TRANSPORT", "smtp")
        .env("HANDOVER__MAIL__SMTP__HOST", "localhost")
        .env("HANDOVER__MAIL__SMTP__PORT", office.server.port.to_string())
        .env("HANDOVER__MAIL__SMTP__TLS", "none")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
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
        let data_dir = TempDir::new().unwrap();
        let worker = start_worker(&office, &data_dir);
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
    let data_dir = TempDir::new().unwrap();
    let worker = start_worker(&office, &data_dir);
    office.server.until(Stage::Message, 1).await;
    let mut lock = office.pool.begin().await.unwrap();
    sqlx::query!("select id from emails where id = $1 for update", id).fetch_one(&mut *lock).await.unwrap();
    gate.notify_one();
    crate::helpers::postgres::until_somebody_waits_for_a_lock(&office.pool).await;
    kill(worker).await;
    // What it had said already would be written down without it: so that nothing is, its connection dies, too.
    let end = "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'";
    sqlx::query(end).execute(&office.database.owner()).await.unwrap();
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
