//! What becomes of an e-mail, by a real mail server's yes, no, silence and sudden end.

use std::sync::Arc;

use handover::app::Step;
use handover::clock::Clock;
use handover::mail::health::Sending;
use handover::mail::incoming::inbound::{self, Source};
use handover::mail::outgoing::listed::{Quiet, count_open};
use handover::mail::outgoing::{deliver, handling, outbox};
use handover::mail::outgoing::{receipt::ClaimedEmail, transport::Transport};
use jiff::SignedDuration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::helpers::post_office::{PostOffice, settings};
use crate::helpers::smtp::{Answer, SmtpServer, Stage};

#[tokio::test]
async fn what_the_server_takes_is_sent_byte_by_byte_and_forgotten() {
    let office = PostOffice::open().await;
    let (id, email) = office.enqueue("First").await;

    assert_eq!(office.step().await, Step::Did);
    assert_eq!(office.step().await, Step::Idle);

    let received = office.server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].raw, email.raw);
    assert_eq!(received[0].from, "handover+case.b.signature@reseller.example");
    assert_eq!(received[0].to, "zoe.capek@customer.example");
    let row = office.row(id).await;
    assert_eq!((row.state.as_str(), row.attempts), ("sent", 1));
    assert!(row.is_settled && !row.is_leased);
    assert!(!row.has_bytes, "a sent e-mail to a customer holds a secret link and must be forgotten");
    let deliveries = office.deliveries(id).await;
    assert_eq!(deliveries.len(), 1);
    assert_eq!((deliveries[0].attempt, deliveries[0].outcome.as_str()), (1, "sent"));
    assert_eq!(deliveries[0].response, "250 2.0.0 queued as 4711");
}

#[tokio::test]
async fn a_good_connection_is_used_again() {
    let office = PostOffice::open().await;
    for subject in ["First", "Second", "Third"] {
        office.enqueue(subject).await;
    }
    while office.step().await == Step::Did {}

    assert_eq!(office.server.received().len(), 3);
    assert_eq!(office.server.times(Stage::Greeting), 1);
}

#[tokio::test]
async fn a_kept_connection_that_is_no_good_any_more_is_replaced() {
    for answer in [Answer::Cut, Answer::Say("421 4.4.2 idle for too long"), Answer::Hang] {
        let office = PostOffice::open_with("smtp.timeout_seconds = 4").await;
        let (first, second) = (office.enqueue("First").await.0, office.enqueue("Second").await.0);
        office.step().await;
        // Nothing of the second e-mail has been said yet: the same is said over another connection.
        office.server.answer(Stage::Mail, answer.clone());
        office.step().await;

        assert_eq!(office.state(first).await, "sent");
        assert_eq!(office.state(second).await, "sent", "{answer:?}");
        assert_eq!(office.server.times(Stage::Greeting), 2, "{answer:?}");
    }
}

#[tokio::test]
async fn not_now_is_tried_again_with_the_same_bytes() {
    for (stage, answer) in [
        (Stage::Greeting, "421 4.3.2 closing down"),
        (Stage::Hello, "421 4.3.2 closing down"),
        (Stage::Mail, "451 4.3.0 try later"),
        (Stage::Recipient, "450 4.2.0 greylisted"),
        (Stage::Data, "452 4.3.1 no room"),
        (Stage::Message, "421 4.3.0 no more today"),
        (Stage::Message, "451 4.7.1 come back"),
        // The server refuses us, whoever the e-mail is for.
        (Stage::Greeting, "554 5.7.1 you are not wanted"),
        (Stage::Mail, "530 5.7.0 sign in first"),
        (Stage::Mail, "553 5.1.8 this sender does not exist"),
    ] {
        let outcome = if answer.starts_with('5') { "refused" } else { "deferred" };
        let office = PostOffice::open().await;
        office.server.answer(stage, Answer::Say(answer));
        let (id, email) = office.enqueue("First").await;

        assert_eq!(office.step().await, Step::Did, "{answer}");
        let row = office.row(id).await;
        assert_eq!((row.state.as_str(), row.attempts), ("queued", 1), "{answer}");
        assert!(row.has_bytes && !row.is_leased && !row.is_settled, "{answer}");
        let waits = row.next_attempt_at.duration_since(*office.clock.now()).as_secs();
        assert!((22..=30).contains(&waits), "{answer}: {waits} s");
        assert_eq!(office.deliveries(id).await[0].outcome, outcome, "{answer}");
        assert_eq!(office.deliveries(id).await[0].response, answer);

        assert_eq!(office.step().await, Step::Idle, "{answer}: not due yet");
        office.later(30);
        assert_eq!(office.step().await, Step::Did, "{answer}");
        assert_eq!(office.state(id).await, "sent", "{answer}");
        assert!(office.server.received().iter().all(|received| received.raw == email.raw), "{answer}");
    }
}

#[tokio::test]
async fn never_fails_at_once_and_shows() {
    for (stage, answer) in [
        (Stage::Mail, "552 5.3.4 too big"),
        (Stage::Recipient, "550 5.1.1 no such user"),
        (Stage::Data, "554 5.5.1 no valid recipients"),
        (Stage::Message, "552 5.3.4 too big"),
    ] {
        let office = PostOffice::open().await;
        office.server.answer(stage, Answer::Say(answer));
        let (id, _) = office.enqueue("First").await;
        let (behind, _) = office.enqueue("Second").await;

        office.step().await;
        let row = office.row(id).await;
        assert_eq!((row.state.as_str(), row.attempts), ("failed", 1), "{answer}");
        assert!(row.is_settled && row.has_bytes, "{answer}: it must be possible to send it again");
        assert_eq!(office.deliveries(id).await[0].response, answer);

        office.step().await;
        assert_eq!(office.state(behind).await, "sent", "{answer}: the next one is not held up");
        office.much_later();
        assert_eq!(office.step().await, Step::Idle, "{answer}");
        let mut connection = office.pool.acquire().await.unwrap();
        let sending =
            Sending::read(&mut connection, office.clock.now(), office.clock.for_leases()).await.unwrap();
        assert_eq!((sending.queued, sending.put_off), (0, 0), "{answer}");
        assert_eq!(count_open(&mut connection, &Quiet::default()).await.unwrap(), 1, "{answer}");
    }
}

#[tokio::test]
async fn silence_ends_a_try_and_not_the_email() {
    let mut tests = JoinSet::new();
    for stage in [
        Stage::Greeting,
        Stage::Hello,
        Stage::Mail,
        Stage::Recipient,
        Stage::Data,
        Stage::Middle,
        Stage::Message,
    ] {
        tests.spawn(async move {
            let office = PostOffice::open_with("smtp.timeout_seconds = 1").await;
            office.server.answer(stage, Answer::Hang);
            let (id, email) = office.enqueue("First").await;
            office.step().await;
            assert_eq!(office.state(id).await, "queued", "{stage:?}");
            let response = office.deliveries(id).await.remove(0).response;
            assert!(response.starts_with("no answer within 1 s"), "{stage:?}: {response}");

            office.much_later();
            office.step().await;
            assert_eq!(office.state(id).await, "sent", "{stage:?}");
            assert_eq!(office.server.received().pop().unwrap().raw, email.raw, "{stage:?}");
        });
    }
    tests.join_all().await;
}

#[tokio::test]
async fn a_late_answer_is_never_taken_for_the_answer_to_the_next() {
    let office = PostOffice::open_with("smtp.timeout_seconds = 1").await;
    let gate = Arc::new(Notify::new());
    office.server.answer(Stage::Message, Answer::After(Arc::clone(&gate)));
    let first = office.enqueue("First").await.0;
    office.step().await;
    gate.notify_one();
    // A shift by one would read the yes to DATA as the yes to the message.
    office.server.answer(Stage::Message, Answer::Say("451 4.3.0 not you"));
    let second = office.enqueue("Second").await.0;
    office.step().await;

    assert_eq!(office.server.times(Stage::Greeting), 2);
    assert_eq!(office.state(first).await, "queued");
    assert_eq!(office.deliveries(second).await[0].response, "451 4.3.0 not you");
}

#[tokio::test]
async fn a_cut_connection_ends_a_try_and_not_the_email() {
    for stage in [Stage::Greeting, Stage::Mail, Stage::Recipient, Stage::Data, Stage::Middle, Stage::Message]
    {
        let office = PostOffice::open().await;
        office.server.answer(stage, Answer::Cut);
        let (id, email) = office.enqueue("First").await;
        office.step().await;
        assert_eq!(office.state(id).await, "queued", "{stage:?}");
        assert_eq!(office.deliveries(id).await[0].outcome, "deferred", "{stage:?}");

        office.much_later();
        office.step().await;
        assert_eq!(office.state(id).await, "sent", "{stage:?}");
        let received = office.server.received();
        assert_eq!(received.len(), if stage == Stage::Message { 2 } else { 1 }, "{stage:?}");
        assert!(received.iter().all(|received| received.raw == email.raw), "{stage:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_none_is_not_believed() {
    let office = PostOffice::open().await;
    office.server.answer(Stage::Message, Answer::Say("354 go ahead"));
    let (id, _) = office.enqueue("First").await;
    office.step().await;
    assert_eq!(office.state(id).await, "queued");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    let office = PostOffice::open().await;
    let gone = SmtpServer::start().await;
    let transport = Transport::try_new(&settings(gone.port, ""), "unused".as_ref()).unwrap();
    drop(gone);
    let (id, _) = office.enqueue("First").await;
    office.step_with(&transport).await;
    let row = office.row(id).await;
    assert_eq!((row.state.as_str(), row.attempts), ("queued", 1));
}

#[tokio::test]
async fn after_the_last_try_an_email_has_failed_and_staff_can_send_it_again() {
    let office = PostOffice::open_with("max_attempts = 3").await;
    let (id, email) = office.enqueue("First").await;
    for attempt in 1..=3 {
        office.server.answer(Stage::Recipient, Answer::Say("451 4.3.0 try later"));
        assert_eq!(office.step().await, Step::Did);
        assert_eq!(office.row(id).await.attempts, attempt);
        office.much_later();
    }
    assert_eq!(office.state(id).await, "failed");
    assert_eq!(office.step().await, Step::Idle);
    let outcomes: Vec<_> = office.deliveries(id).await.into_iter().map(|line| line.outcome).collect();
    assert_eq!(outcomes, ["deferred", "deferred", "failed"]);

    let mut connection = office.pool.acquire().await.unwrap();
    assert!(outbox::retry(&mut connection, id, office.clock.now()).await.unwrap());
    assert!(!outbox::retry(&mut connection, id, office.clock.now()).await.unwrap(), "it is queued already");
    assert_eq!(office.row(id).await.attempts, 0);
    office.step().await;
    assert_eq!(office.state(id).await, "sent");
    assert_eq!(office.server.received().pop().unwrap().raw, email.raw);
    assert!(!outbox::retry(&mut connection, id, office.clock.now()).await.unwrap(), "it is sent");
}

#[tokio::test]
async fn an_email_that_always_takes_its_worker_with_it_is_given_up() {
    let office = PostOffice::open_with("max_attempts = 2").await;
    let (id, _) = office.enqueue("First").await;
    for _ in 0..2 {
        office.server.answer(Stage::Mail, Answer::Hang);
        let already = office.server.times(Stage::Mail);
        let worker = office.step();
        tokio::select! {
            _ = worker => panic!("nobody answered"),
            () = office.server.until(Stage::Mail, already + 1) => {}
        }
        office.much_later();
    }
    assert_eq!(office.step().await, Step::Did);
    assert_eq!(office.state(id).await, "failed");
    assert_eq!(office.server.times(Stage::Mail), 2, "no third try");
    assert_eq!(office.deliveries(id).await[0].response, "given up: the last try never came to an end");
}

#[tokio::test]
async fn no_second_worker_sends_while_the_lease_holds() {
    let office = Arc::new(PostOffice::open_with("lease_seconds = 61").await);
    let gate = Arc::new(Notify::new());
    office.server.answer(Stage::Message, Answer::After(Arc::clone(&gate)));
    let (id, _) = office.enqueue("First").await;
    let first = tokio::spawn({
        let office = Arc::clone(&office);
        async move { office.step().await }
    });
    office.server.until(Stage::Message, 1).await;

    office.later(60);
    assert_eq!(office.step().await, Step::Idle);
    assert_eq!(office.server.times(Stage::Mail), 1);

    gate.notify_one();
    first.await.unwrap();
    assert_eq!(office.state(id).await, "sent");
    assert_eq!(office.server.received().len(), 1);
}

#[tokio::test]
async fn a_worker_that_comes_back_after_its_lease_changes_nothing() {
    let office = Arc::new(PostOffice::open_with("lease_seconds = 61").await);
    let gate = Arc::new(Notify::new());
    office.server.answer(Stage::Recipient, Answer::After(Arc::clone(&gate)));
    let (id, _) = office.enqueue("First").await;
    let late = tokio::spawn({
        let office = Arc::clone(&office);
        async move { office.step().await }
    });
    office.server.until(Stage::Recipient, 1).await;

    office.later(61);
    office.server.answer(Stage::Recipient, Answer::Say("450 4.2.0 greylisted"));
    assert_eq!(office.step().await, Step::Did);
    let before = office.row(id).await;
    assert_eq!((before.state.as_str(), before.attempts), ("queued", 2));

    office.server.answer(Stage::Message, Answer::Say("550 5.7.1 looks like spam"));
    gate.notify_one();
    late.await.unwrap();
    assert_eq!(office.row(id).await, before, "the later claim decides");
    let lines: Vec<_> =
        office.deliveries(id).await.into_iter().map(|line| (line.attempt, line.outcome)).collect();
    assert_eq!(lines, [(2, "deferred".to_owned()), (1, "failed".to_owned())], "nothing is dropped silently");
}

#[tokio::test]
async fn a_claim_skips_what_somebody_else_has_locked() {
    let office = PostOffice::open().await;
    let (locked, _) = office.enqueue("First").await;
    let mut other = office.pool.begin().await.unwrap();
    sqlx::query!("select id from emails where id = $1 for update", locked)
        .fetch_one(&mut *other)
        .await
        .unwrap();
    assert_eq!(office.step().await, Step::Idle, "it neither waits nor sends");

    let (free, _) = office.enqueue("Second").await;
    assert_eq!(office.step().await, Step::Did);
    assert_eq!(office.state(free).await, "sent");
    other.rollback().await.unwrap();
    assert_eq!(office.step().await, Step::Did);
    assert_eq!(office.state(locked).await, "sent");
}

#[tokio::test]
async fn the_folder_keeps_the_exact_bytes_under_a_name_that_a_second_try_shares() {
    let office = PostOffice::open().await;
    let data_dir = tempfile::tempdir().unwrap();
    let folder_settings = handover::config::Settings::with("").unwrap().mail;
    let transport = Transport::try_new(&folder_settings, data_dir.path()).unwrap();
    let (id, email) = office.enqueue("Please confirm").await;
    // As a worker does that is killed between the file and the settling.
    let killed = ClaimedEmail {
        traceparent: None,
        id,
        attempt: 1,
        claimed_until: office.clock.now(),
        created_at: office.clock.now(),
        not_after: None,
        envelope_from: email.envelope_from.clone(),
        envelope_to: email.envelope_to.clone(),
        raw: email.raw.clone(),
    };
    transport.send(&killed).await;
    office.step_with(&transport).await;

    let folder = data_dir.path().join("mail");
    let listed = handover::demo::sent::list(&folder, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].subject, "Please confirm");
    assert_eq!(listed[0].name, format!("20261122T080000.000000Z-{id}.eml"));
    assert_eq!(std::fs::read(folder.join(&listed[0].name)).unwrap(), email.raw);
    let envelope = std::fs::read(folder.join(listed[0].name.replace(".eml", ".json"))).unwrap();
    let envelope: serde_json::Value = serde_json::from_slice(&envelope).unwrap();
    assert_eq!(envelope["to"], "zoe.capek@customer.example");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "nothing unfinished is left");
    assert_eq!(office.state(id).await, "sent");
}

/// For a worker whose machine runs ahead: it took what others still held, and everything went out twice.
#[tokio::test]
async fn a_worker_whose_clock_is_ahead_does_not_take_what_another_one_hands_over() {
    let mut office = PostOffice::open().await;
    office.clock = Clock::wall();
    let (id, _) = office.enqueue("First").await;
    let (office, gate) = (Arc::new(office), Arc::new(Notify::new()));
    office.server.answer(Stage::Message, Answer::After(Arc::clone(&gate)));
    let slow = tokio::spawn({
        let office = Arc::clone(&office);
        async move { office.step().await }
    });
    office.server.until(Stage::Message, 1).await;

    let ahead = Clock::wall_ahead_by(SignedDuration::from_mins(5));
    assert!(office.row(id).await.is_leased);
    let step = deliver::step(office.office(&office.transport, &ahead)).await;
    assert_eq!(step.unwrap(), Step::Idle, "the lease runs by the clock of the database");
    // Nor may anybody hold back what is on its way.
    let mut connection = office.pool.acquire().await.unwrap();
    let cancelled = handling::cancel(&mut connection, id, "", ahead.now(), ahead.for_leases()).await.unwrap();
    assert!(!cancelled);

    gate.notify_one();
    assert_eq!(slow.await.unwrap(), Step::Did);
    assert_eq!(office.state(id).await, "sent");
    assert_eq!(office.server.received().len(), 1, "handed over once");
}

#[tokio::test]
async fn a_lease_that_is_over_by_the_clock_of_the_database_is_over_for_a_worker_whose_clock_is_behind() {
    let mut office = PostOffice::open().await;
    office.clock = Clock::wall();
    let (id, _) = office.enqueue("First").await;
    let dead = "update emails set attempts = 1, next_attempt_at = now() - interval '1 hour',
         claimed_until = now() - interval '1 second' where id = $1";
    sqlx::query(dead).bind(id).execute(&office.pool).await.unwrap();
    let behind = Clock::wall_ahead_by(SignedDuration::from_mins(-5));
    let step = deliver::step(office.office(&office.transport, &behind)).await;
    assert_eq!(step.unwrap(), Step::Did);
    assert_eq!(office.state(id).await, "sent");
}

#[tokio::test]
async fn a_worker_whose_clock_is_ahead_reads_no_message_that_another_one_reads() {
    let office = PostOffice::open().await;
    let (clock, ahead) = (Clock::wall(), Clock::wall_ahead_by(SignedDuration::from_mins(6)));
    let mut connection = office.pool.acquire().await.unwrap();
    inbound::store(&mut connection, Source::Pipe, b"Subject: one\r\n\r\n", clock.now()).await.unwrap();
    let claimed = inbound::claim(&office.pool, &clock).await.unwrap().unwrap();
    assert!(inbound::claim(&office.pool, &ahead).await.unwrap().is_none(), "its lease still runs");
    inbound::postpone(&office.pool, &claimed, &ahead, SignedDuration::ZERO).await.unwrap();
    assert!(inbound::claim(&office.pool, &clock).await.unwrap().is_some(), "it was given back at once");
}
