//! What gets into the outbox, what can be taken back, and what others learn of it.

use std::sync::Arc;
use std::time::Duration;

use handover::app::Step;
use handover::clock::Clock;
use handover::mail::health::{Sending, SendingAlarm};
use handover::mail::outgoing::compose::Composed;
use handover::mail::outgoing::listed::{self, Quiet, Shelf};
use handover::mail::outgoing::outbox::{self, Approval, EmailState};
use jiff::SignedDuration;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::helpers::post_office::{PostOffice, settings};
use crate::helpers::smtp::{Answer, Stage};

/// A case with a draft of exactly `email` that a second person approved: `(case, approval)`.
async fn approve(connection: &mut PgConnection, email: &Composed) -> (Uuid, Approval) {
    let [case, draft, approval, writer, approver] = [(); 5].map(|()| Uuid::now_v7());
    for staff in [writer, approver] {
        sqlx::query!(
            "insert into staff (id, email, name, role, password_hash, created_at)
             values ($1, $2, 'Invented', 'approver', '$argon2id$', now())",
            staff,
            format!("{staff}@reseller.example"),
        )
        .execute(&mut *connection)
        .await
        .unwrap();
    }
    sqlx::query!(
        r#"insert into cases (id, number, request_id, version, state, state_data, waiting_for, opened_at, confirmed_at,
             changed_at, waiting_since, event_count, event_hash)
         values ($1, 'HO-2026-' || lpad((select count(*) from cases)::text, 5, '0'), $1, 1, 'awaiting_approval',
             '{"state": "awaiting_approval"}', 'us', now(), now(), now(), now(), 1, sha256(''))"#,
        case,
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    sqlx::query!(
        "insert into drafts (id, case_id, revision, author_id, recipient, subject, body, message_id, raw, digest,
             evidence_digest, created_at)
         values ($1, $2, 1, $3, 'licensing@atlassian.example', 's', 'b', $4, $5, $6, sha256(''), now())",
        draft,
        case,
        writer,
        email.message_id,
        email.raw,
        &email.digest,
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    sqlx::query!(
        "insert into approvals (id, case_id, draft_id, digest, evidence_digest, drafted_by, approved_by, approved_at)
         values ($1, $2, $3, $4, sha256(''), $5, $6, now())",
        approval,
        case,
        draft,
        &email.digest,
        writer,
        approver,
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    (case, Approval { id: approval, not_after: None })
}

/// An approved e-mail to Atlassian in the outbox: `(id, case, e-mail)`.
async fn enqueue_approved(office: &PostOffice) -> (Uuid, Uuid, Composed) {
    let email = office.compose("Request", "Hello");
    let mut connection = office.pool.acquire().await.unwrap();
    crate::helpers::postgres::let_rows_be_staged(&office.pool).await;
    let (case, approval) = approve(&mut connection, &email).await;
    let now = office.clock.now();
    let id = outbox::enqueue_approved(&mut connection, "atlassian_request", case, approval, &email, now);
    (id.await.unwrap(), case, email)
}

#[tokio::test]
async fn only_the_very_bytes_that_were_approved_get_in_and_only_once() {
    let office = PostOffice::open().await;
    let mut connection = office.pool.acquire().await.unwrap();
    let now = office.clock.now();
    let (approved, other) = (office.compose("Request", "Hello"), office.compose("Request", "Hello"));
    crate::helpers::postgres::let_rows_be_staged(&office.pool).await;
    let (case, approval) = approve(&mut connection, &approved).await;
    for (approval, email) in [(approval, &other), (Approval { id: Uuid::now_v7(), ..approval }, &approved)] {
        outbox::enqueue_approved(&mut connection, "x", case, approval, email, now).await.unwrap_err();
    }
    let mut forged = approved.clone();
    forged.raw.extend_from_slice(b"PS: and another contact\r\n");
    outbox::enqueue_approved(&mut connection, "x", case, approval, &forged, now).await.unwrap_err();

    outbox::enqueue_approved(&mut connection, "x", case, approval, &approved, now).await.unwrap();
    outbox::enqueue_approved(&mut connection, "x", case, approval, &approved, now).await.unwrap_err();
}

#[tokio::test]
async fn the_bytes_of_an_email_to_atlassian_stay_and_can_be_looked_at() {
    let office = PostOffice::open().await;
    let (id, _, email) = enqueue_approved(&office).await;
    let (to_customer, _) = office.enqueue("Confirm").await;
    office.step().await;
    office.step().await;
    assert_eq!(office.state(id).await, "sent");
    assert_eq!(office.server.received()[0].raw, email.raw);

    let mut connection = office.pool.acquire().await.unwrap();
    assert_eq!(outbox::find_raw(&mut connection, id).await.unwrap(), Some(email.raw));
    assert_eq!(outbox::find_raw(&mut connection, to_customer).await.unwrap(), None);
}

#[tokio::test]
async fn the_database_keeps_an_email_as_it_was_enqueued() {
    let office = PostOffice::open().await;
    let (id, _) = office.enqueue("First").await;
    for attempt in [
        sqlx::query!("update emails set envelope_to = 'evil@victim.example' where id = $1", id),
        sqlx::query!("update emails set raw = 'x', digest = sha256('x') where id = $1", id),
        sqlx::query!("update emails set raw = null where id = $1", id),
        sqlx::query!("delete from emails where id = $1", id),
    ] {
        assert!(attempt.execute(&office.database.owner()).await.is_err());
    }
}

#[tokio::test]
async fn what_is_rolled_back_is_never_sent() {
    let office = PostOffice::open().await;
    let email = office.compose("First", "Hello");
    let mut transaction = office.pool.begin().await.unwrap();
    outbox::enqueue_to_customer(&mut transaction, &office.stamp(), "x", None, &email, office.clock.now())
        .await
        .unwrap();
    assert_eq!(office.step().await, Step::Idle, "not committed");
    transaction.rollback().await.unwrap();
    assert_eq!(office.step().await, Step::Idle);
}

#[tokio::test]
async fn a_cancelled_email_is_never_sent() {
    let office = PostOffice::open().await;
    let (id, case, _) = enqueue_approved(&office).await;
    let (other, _, _) = enqueue_approved(&office).await;
    let email = office.compose("Progress", "Hello");
    let to_customer = office.enqueue_composed(&email, Some(case)).await;

    let mut transaction = office.pool.begin().await.unwrap();
    let now = office.clock.now();
    assert_eq!(outbox::cancel_approved(&mut transaction, case, now).await.unwrap(), 1);
    // While it is being cancelled, workers pass it by; what is behind it in the same case waits for that.
    while office.step().await == Step::Did {}
    assert_eq!(office.server.received().len(), 1);
    transaction.commit().await.unwrap();
    while office.step().await == Step::Did {}
    assert_eq!(office.server.received().len(), 2);

    assert_eq!(office.state(id).await, "cancelled");
    assert_eq!(office.state(other).await, "sent");
    assert_eq!(office.state(to_customer).await, "sent");
    assert_eq!(office.deliveries(id).await[0].outcome, "cancelled");
    let mut connection = office.pool.acquire().await.unwrap();
    assert_eq!(outbox::cancel_approved(&mut connection, case, now).await.unwrap(), 0);
}

#[tokio::test]
async fn what_a_worker_holds_is_cancelled_unless_that_very_try_succeeds() {
    let office = PostOffice::open().await;
    let (id, case, _) = enqueue_approved(&office).await;
    let office = Arc::new(office);
    let gate = Arc::new(tokio::sync::Notify::new());
    office.server.answer(Stage::Data, Answer::After(Arc::clone(&gate)));
    let worker = tokio::spawn({
        let office = Arc::clone(&office);
        async move { office.step().await }
    });
    office.server.until(Stage::Data, 1).await;

    let mut connection = office.pool.acquire().await.unwrap();
    assert_eq!(outbox::cancel_approved(&mut connection, case, office.clock.now()).await.unwrap(), 1);
    assert_eq!(office.state(id).await, "cancelled");
    gate.notify_one();
    worker.await.unwrap();
    // It has arrived after all, and whoever cancelled it must hear of that.
    assert_eq!(office.state(id).await, "sent");
    let settled = take_next_settled(&office, &mut connection).await.unwrap();
    assert_eq!((settled.email, settled.state), (id, EmailState::Sent));
}

#[tokio::test]
async fn cancelling_waits_for_a_claim_and_then_keeps_the_email_from_any_other() {
    let office = PostOffice::open().await;
    let (id, case, _) = enqueue_approved(&office).await;
    // A worker between claiming and the commit of its claim.
    let mut claim = office.pool.begin().await.unwrap();
    sqlx::query!(
        "update emails set attempts = 1, claimed_until = next_attempt_at + interval '2 minutes' where id = $1",
        id
    )
    .execute(&mut *claim)
    .await
    .unwrap();
    let (pool, now) = (office.pool.clone(), office.clock.now());
    let cancelling = tokio::spawn(async move {
        let mut connection = pool.acquire().await.unwrap();
        outbox::cancel_approved(&mut connection, case, now).await.unwrap()
    });
    crate::helpers::postgres::until_somebody_waits_for_a_lock(&office.pool).await;
    assert!(!cancelling.is_finished());
    claim.commit().await.unwrap();
    assert_eq!(cancelling.await.unwrap(), 1);
    // The worker died with its lease: nobody takes the e-mail up again.
    office.much_later();
    assert_eq!(office.step().await, Step::Idle);
    assert_eq!(office.state(id).await, "cancelled");
}

/// Found and taken, as the settlement does.
async fn take_next_settled(office: &PostOffice, connection: &mut PgConnection) -> Option<outbox::Settled> {
    let now = office.clock.now();
    let found = outbox::find_settled(&office.pool, now).await.unwrap()?;
    outbox::take_settled(connection, found.email, now).await.unwrap()
}

#[tokio::test]
async fn each_settled_email_is_noticed_once() {
    let office = PostOffice::open().await;
    office.server.answer(Stage::Recipient, Answer::Say("550 5.1.1 no such user"));
    let case = Uuid::now_v7();
    let failed = office.enqueue_composed(&office.compose("First", "Hello"), Some(case)).await;
    office.step().await;
    office.later(1);
    let (sent, _, _) = enqueue_approved(&office).await;
    office.step().await;
    let (deferred, _) = office.enqueue("Third").await;
    office.server.answer(Stage::Mail, Answer::Say("451 4.3.0 try later"));
    office.step().await;
    assert_eq!(office.state(deferred).await, "queued");

    let mut rolled_back = office.pool.begin().await.unwrap();
    let first = take_next_settled(&office, &mut rolled_back).await.unwrap();
    assert_eq!((first.email, first.state, first.atlassian), (failed, EmailState::Failed, false));
    assert_eq!((first.correlation, first.notification.as_str()), (Some(case), "confirmation"));
    assert_eq!(first.response, "550 5.1.1 no such user");

    let mut other = office.pool.begin().await.unwrap();
    let skipping = tokio::time::timeout(Duration::from_secs(60), take_next_settled(&office, &mut other));
    let second = skipping.await.expect("it does not wait").unwrap();
    assert_eq!(
        (second.email, second.state, second.atlassian),
        (sent, EmailState::Sent, true),
        "it skips the first"
    );
    assert!(take_next_settled(&office, &mut other).await.is_none());
    other.commit().await.unwrap();
    rolled_back.rollback().await.unwrap();

    let mut connection = office.pool.acquire().await.unwrap();
    let again = take_next_settled(&office, &mut connection).await.unwrap();
    assert_eq!(again.email, failed, "what was rolled back comes again");
    assert!(take_next_settled(&office, &mut connection).await.is_none());
    let now = office.clock.now();
    assert!(outbox::take_settled(&mut connection, failed, now).await.unwrap().is_none(), "it was noticed");
}

#[tokio::test]
async fn a_page_lists_a_cases_emails_with_what_became_of_them() {
    let office = PostOffice::open().await;
    let (_, case, _) = enqueue_approved(&office).await;
    office.server.answer(Stage::Recipient, Answer::Say("450 4.2.0 greylisted"));
    office.step().await;
    office.later(1);
    office.enqueue_composed(&office.compose("Progress", "Hello"), Some(case)).await;
    office.enqueue("Of another case").await;

    let mut connection = office.pool.acquire().await.unwrap();
    let listed = listed::list_for(&mut connection, case, office.clock.for_leases()).await.unwrap();
    let told: Vec<_> = listed
        .iter()
        .map(|email| {
            (email.subject.as_str(), email.atlassian, email.state, email.attempts, email.response.as_deref())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Request", true, Some(EmailState::Queued), 1, Some("450 4.2.0 greylisted")),
            ("Progress", false, Some(EmailState::Queued), 0, None),
        ]
    );
}

#[tokio::test]
async fn it_shows_what_waits_since_when_and_whether_anything_gets_through() {
    let office = PostOffice::open().await;
    let since = office.clock.now();
    let mut connection = office.pool.acquire().await.unwrap();
    let none = Sending::default();
    assert_eq!(Sending::read(&mut connection, since, Some(since)).await.unwrap(), none);
    for (stage, answer) in [(Stage::Recipient, "550 5.1.1 no"), (Stage::Mail, "451 4.3.0 later")] {
        office.server.answer(stage, Answer::Say(answer));
        office.enqueue("Unlucky").await;
        office.step().await;
    }
    office.enqueue("Waiting").await;
    office.later(5);
    let expected = Sending {
        queued: 2,
        deferred: 1,
        oldest: Some(since),
        oldest_due: Some(since),
        put_off: 1,
        put_off_since: Some(since),
        last_words: Some("451 4.3.0 later".to_owned()),
        refused_since: None,
        failed: 1,
        failed_since: Some(since),
        failed_words: Some("550 5.1.1 no".to_owned()),
        last_sent_at: None,
    };
    assert_eq!(
        Sending::read(&mut connection, office.clock.now(), office.clock.for_leases()).await.unwrap(),
        expected
    );
    office.step().await;
    let sending =
        Sending::read(&mut connection, office.clock.now(), office.clock.for_leases()).await.unwrap();
    assert_eq!((sending.put_off, sending.last_sent_at), (0, Some(office.clock.now())), "one got through");
}

#[tokio::test]
async fn what_is_about_us_waits_however_often_and_goes_out_once_it_is_mended() {
    let office = PostOffice::open_with("max_attempts = 2").await;
    let mut connection = office.pool.acquire().await.unwrap();
    let (id, _) = office.enqueue("First").await;
    let refusals = [
        (Stage::Mail, "550 5.7.1 sender not allowed"),
        (Stage::Recipient, "554 5.7.1 relay access denied"),
        (Stage::Message, "550 5.4.5 daily sending quota exceeded"),
        (Stage::Message, "550 5.7.26 SPF and DKIM of your domain fail"),
    ];
    for (stage, words) in refusals {
        office.server.answer(stage, Answer::Say(words));
        assert_eq!(office.step().await, Step::Did);
        assert_eq!(office.state(id).await, "queued", "{words}");
        let now = office.clock.now();
        let alarm =
            Sending::read(&mut connection, now, Some(now)).await.unwrap().alarm(&settings(25, ""), now);
        assert!(
            matches!(&alarm, Some(SendingAlarm::PutOff { words: said, .. }) if said == words),
            "{alarm:?}"
        );
        office.much_later();
    }
    let lines: Vec<_> = office.deliveries(id).await.into_iter().map(|line| line.outcome).collect();
    assert_eq!(lines, ["refused"; 4]);
    assert_eq!(office.step().await, Step::Did);
    assert_eq!(office.state(id).await, "sent");
    let now = office.clock.now();
    assert_eq!(
        Sending::read(&mut connection, now, Some(now)).await.unwrap().alarm(&settings(25, ""), now),
        None
    );
}

#[tokio::test]
async fn where_others_get_through_a_refusal_is_about_the_email_after_all() {
    let office = PostOffice::open_with("max_attempts = 2").await;
    let denied = Answer::Say("554 5.7.1 relay access denied");
    office.server.answer(Stage::Recipient, denied.clone());
    let (id, _) = office.enqueue("First").await;
    office.step().await;
    office.enqueue("Second").await;
    office.step().await;
    office.much_later();
    office.server.answer(Stage::Recipient, denied);
    office.step().await;
    assert_eq!(office.state(id).await, "failed");
}

#[tokio::test]
async fn different_recipients_that_fail_one_after_another_raise_the_alarm_whatever_the_code() {
    let office = PostOffice::open().await;
    let mut connection = office.pool.acquire().await.unwrap();
    let alarm = async |connection: &mut PgConnection| {
        let now = office.clock.now();
        Sending::read(connection, now, Some(now))
            .await
            .unwrap()
            .alarm(&settings(25, "alarm_failures = 3"), now)
    };
    for number in 0..3 {
        assert_eq!(alarm(&mut connection).await, None);
        office.server.answer(Stage::Recipient, Answer::Say("550 5.1.1 no such user"));
        let letter = office.compose_to(&format!("nobody{number}@else{number}.example"), "Hello", "Hello\n");
        office.enqueue_composed(&letter, None).await;
        office.step().await;
    }
    let found = alarm(&mut connection).await;
    assert!(
        matches!(&found, Some(SendingAlarm::Failed { words, .. }) if words.contains("5.1.1")),
        "{found:?}"
    );
    office.enqueue("One that gets through").await;
    office.step().await;
    assert_eq!(alarm(&mut connection).await, None);
}

#[tokio::test]
async fn one_mailbox_gets_so_many_letters_an_hour_and_the_others_wait_their_turn() {
    let office = PostOffice::open().await;
    let begun = office.clock.now();
    for number in 0..45 {
        office.enqueue(&format!("Letter {number}")).await;
    }
    let sent = async || {
        while office.step().await == Step::Did {}
        office.server.received().len()
    };
    assert_eq!(sent().await, 20);
    office.later(59 * 60);
    assert_eq!(sent().await, 20);
    office.later(60);
    assert_eq!(sent().await, 40);
    office.clock.set(begun);
    office.later(2 * 60 * 60);
    assert_eq!(sent().await, 45, "none is lost");
}

/// Pages that run on a machine whose clock is ahead: what is on its way looked as if nobody sent it.
#[tokio::test]
async fn whether_a_letter_is_on_its_way_is_told_by_the_clock_that_its_lease_runs_by() {
    let office = PostOffice::open().await;
    let case = Uuid::now_v7();
    let id = office.enqueue_composed(&office.compose("First", "Hello"), Some(case)).await;
    let claimed = "update emails set attempts = 1, next_attempt_at = now() - interval '1 hour',
         claimed_until = now() + interval '1 minute' where id = $1";
    sqlx::query(claimed).bind(id).execute(&office.pool).await.unwrap();
    let ahead = Clock::wall_ahead_by(SignedDuration::from_mins(5));
    let leases = ahead.for_leases();
    let mut connection = office.pool.acquire().await.unwrap();
    assert!(listed::list_for(&mut connection, case, leases).await.unwrap()[0].leased);
    let quiet = Quiet::default();
    let shelf = listed::list_shelf(&mut connection, Shelf::Waiting, &quiet, None, 10, leases).await.unwrap();
    assert!(shelf[0].leased);
    let sending = Sending::read(&mut connection, ahead.now(), leases).await.unwrap();
    assert_eq!(sending.oldest_due, None, "somebody is sending it");
}
