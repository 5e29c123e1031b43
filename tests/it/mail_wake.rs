//! How a worker hears that there is something to do.

use std::{collections::BTreeSet, time::Duration};

use handover::calls::{Topic, Wake, Woken};
use tokio_util::sync::CancellationToken;

use crate::helpers::post_office::PostOffice;

/// Nobody waits that long: a test that would have to is failing.
const EVER: Duration = Duration::from_secs(60);
const MOMENT: Duration = Duration::from_millis(50);

fn about(topic: Topic) -> Woken {
    Woken::Called(BTreeSet::from([topic]))
}

#[tokio::test]
async fn a_worker_wakes_when_an_email_is_committed_and_not_before() {
    let office = PostOffice::open().await;
    let (mut wake, stop) = (Wake::new(office.pool.clone()), CancellationToken::new());
    assert_eq!(
        wake.wait(EVER, &stop).await,
        about(Topic::Anything),
        "something may have come in before it listened"
    );
    assert_eq!(wake.wait(MOMENT, &stop).await, Woken::Rested);

    let email = office.compose("First", "Hello");
    let mut transaction = office.pool.begin().await.unwrap();
    handover::mail::outgoing::outbox::enqueue_to_customer(
        &mut transaction,
        &office.stamp(),
        "x",
        None,
        &email,
        office.clock.now(),
    )
    .await
    .unwrap();
    assert_eq!(wake.wait(MOMENT, &stop).await, Woken::Rested, "not committed yet");
    transaction.commit().await.unwrap();
    assert_eq!(wake.wait(EVER, &stop).await, about(Topic::Outbox));

    assert_eq!(wake.wait(MOMENT, &stop).await, Woken::Rested);

    office.enqueue("While nobody waited").await;
    assert_eq!(wake.wait(EVER, &stop).await, about(Topic::Outbox));
}

#[tokio::test]
async fn a_worker_stops_while_it_waits() {
    let office = PostOffice::open().await;
    let (mut wake, stop) = (Wake::new(office.pool.clone()), CancellationToken::new());
    wake.wait(EVER, &stop).await;
    let stopping = stop.clone();
    let waiting = tokio::spawn(async move { wake.wait(EVER, &stopping).await });
    stop.cancel();
    assert_eq!(waiting.await.unwrap(), Woken::Stopped);
}

#[tokio::test]
async fn a_worker_listens_again_after_its_connection_was_lost() {
    let office = PostOffice::open().await;
    let (mut wake, stop) = (Wake::new(office.pool.clone()), CancellationToken::new());
    wake.wait(EVER, &stop).await;
    sqlx::query!(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query like 'LISTEN%'"
    )
    .fetch_one(&office.pool)
    .await
    .unwrap();
    office.enqueue("Missed").await;
    assert_eq!(wake.wait(EVER, &stop).await, about(Topic::Anything), "calls may have been lost");
    // The new connection may say the same once more, before it is quiet.
    while matches!(wake.wait(MOMENT, &stop).await, Woken::Called(_)) {}

    office.enqueue("Heard").await;
    assert_eq!(wake.wait(EVER, &stop).await, about(Topic::Outbox));
}

#[tokio::test]
async fn without_a_database_a_worker_looks_from_time_to_time() {
    let office = PostOffice::open().await;
    let (mut wake, stop) = (Wake::new(office.pool.clone()), CancellationToken::new());
    office.pool.close().await;
    assert_eq!(wake.wait(MOMENT, &stop).await, Woken::Rested);
}
