//! Several e-mails handed over at once, to a mail server that stalls, drops, refuses one of them or counts connections; by
//! workers that are killed, about cases that change their mind.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use handover::{
    app::Step,
    mail::outgoing::{deliver, handling},
    stop::Stop,
};
use tokio::{sync::Notify, task::JoinSet};
use uuid::Uuid;

use crate::helpers::{
    post_office::PostOffice,
    smtp::{Answer, Stage},
    statements::statements_of,
};

async fn enqueue(office: &PostOffice, subjects: std::ops::Range<usize>, case: Option<Uuid>) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for number in subjects {
        // One mailbox gets only so many letters within an hour.
        let to = format!("person-{number}@customer.example");
        let email = office.compose_to(&to, &format!("Letter {number}"), "Hello");
        ids.push(office.enqueue_composed(&email, case).await);
    }
    ids
}

async fn states(office: &PostOffice) -> Vec<(String, i64)> {
    sqlx::query_as("select state, count(*) from emails group by state order by state")
        .fetch_all(&office.pool)
        .await
        .unwrap()
}

/// Waits until so many e-mails are held by a claim.
async fn until_held(office: &PostOffice, count: i64) {
    let held = "select count(*) from emails where claimed_until is not null";
    let wait = async {
        while sqlx::query_scalar::<_, i64>(held).fetch_one(&office.pool).await.unwrap() != count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("the claims come and go");
}

fn subjects(office: &PostOffice) -> Vec<String> {
    let subject = |raw: Vec<u8>| {
        let text = String::from_utf8(raw).unwrap();
        text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap().to_owned()
    };
    office.server.received().into_iter().map(|received| subject(received.raw)).collect()
}

fn delivering(office: &Arc<PostOffice>) -> tokio::task::JoinHandle<Step> {
    let office = Arc::clone(office);
    tokio::spawn(async move { office.deliver().await })
}

#[tokio::test]
async fn as_many_go_out_at_once_as_there_may_be_connections_and_these_are_used_again() {
    let office = Arc::new(PostOffice::open_with("smtp.connections = 3").await);
    enqueue(&office, 0..7, None).await;
    let gates: Vec<_> = (0..3).map(|_| Arc::new(Notify::new())).collect();
    for gate in &gates {
        office.server.answer(Stage::Message, Answer::After(Arc::clone(gate)));
    }
    let delivering = delivering(&office);
    office.server.until(Stage::Message, 3).await;
    assert_eq!(office.server.received().len(), 3, "all at once, and no more");
    until_held(&office, 3).await;
    gates.iter().for_each(|gate| gate.notify_one());
    assert_eq!(delivering.await.unwrap(), Step::Did);

    assert_eq!(states(&office).await, [("sent".to_owned(), 7)]);
    assert_eq!(subjects(&office).into_iter().collect::<BTreeSet<_>>().len(), 7, "each once");
    assert_eq!(office.server.received().len(), 7);
    assert_eq!(office.server.times(Stage::Greeting), 3, "connections are used again");
    assert_eq!(office.deliver().await, Step::Idle);
}

#[tokio::test]
async fn a_server_that_stalls_with_one_holds_up_none_of_the_others() {
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
            let office = PostOffice::open_with("smtp.timeout_seconds = 4\nsmtp.connections = 2").await;
            office.server.answer(stage, Answer::Hang);
            enqueue(&office, 0..6, None).await;
            office.deliver().await;
            let expected = [("queued".to_owned(), 1), ("sent".to_owned(), 5)];
            assert_eq!(states(&office).await, expected, "{stage:?}");
            let outcomes = "select outcome from deliveries order by id";
            let outcomes: Vec<String> = sqlx::query_scalar(outcomes).fetch_all(&office.pool).await.unwrap();
            assert_eq!(outcomes.last().unwrap(), "deferred", "{stage:?}: {outcomes:?}");
            office.much_later();
            office.deliver().await;
            assert_eq!(states(&office).await, [("sent".to_owned(), 6)], "{stage:?}");
        });
    }
    tests.join_all().await;
}

#[tokio::test]
async fn what_is_said_to_one_of_three_is_about_that_one() {
    for (stage, answer, again) in [
        (Stage::Recipient, Answer::Say("450 4.2.0 greylisted"), 0),
        (Stage::Mail, Answer::Say("421 4.3.2 closing down"), 0),
        (Stage::Message, Answer::Say("451 4.7.1 come back"), 1),
        // Nobody knows whether it arrived.
        (Stage::Message, Answer::Cut, 1),
    ] {
        let office = PostOffice::open_with("smtp.connections = 3").await;
        office.server.answer(stage, answer.clone());
        let ids = enqueue(&office, 0..3, None).await;
        office.deliver().await;
        let expected = [("queued".to_owned(), 1), ("sent".to_owned(), 2)];
        assert_eq!(states(&office).await, expected, "{answer:?}");
        office.much_later();
        office.deliver().await;
        assert_eq!(states(&office).await, [("sent".to_owned(), 3)], "{answer:?}");
        let received = office.server.received();
        assert_eq!(received.len(), 3 + again, "{answer:?}");
        let different: BTreeSet<_> = received.into_iter().map(|received| received.raw).collect();
        assert_eq!(different.len(), 3, "{answer:?}: sent again with the same bytes");
        let mut tries = Vec::new();
        for id in ids {
            tries.push(office.row(id).await.attempts);
        }
        tries.sort_unstable();
        assert_eq!(tries, [1, 1, 2], "{answer:?}");
    }
}

/// A relay that takes two connections from one address: what it sends away goes over those two, and no try is lost by it.
#[tokio::test]
async fn a_server_that_takes_fewer_connections_gets_fewer() {
    let office = Arc::new(PostOffice::open_with("smtp.connections = 4").await);
    let gates: Vec<_> = (0..2).map(|_| Arc::new(Notify::new())).collect();
    for gate in &gates {
        let open = Arc::new(Notify::new());
        open.notify_one();
        office.server.answer(Stage::Greeting, Answer::After(open));
        office.server.answer(Stage::Message, Answer::After(Arc::clone(gate)));
    }
    for _ in 0..2 {
        office.server.answer(Stage::Greeting, Answer::Say("421 4.7.0 too many connections"));
    }
    let ids = enqueue(&office, 0..8, None).await;
    let delivering = delivering(&office);
    office.server.until(Stage::Message, 2).await;
    until_held(&office, 2).await;
    gates.iter().for_each(|gate| gate.notify_one());
    delivering.await.unwrap();

    assert_eq!(states(&office).await, [("sent".to_owned(), 8)]);
    for id in ids {
        assert_eq!(office.row(id).await.attempts, 1);
        assert_eq!(office.deliveries(id).await.len(), 1);
    }
    assert_eq!(office.server.times(Stage::Greeting), 4, "it was not asked for more again at once");
}

/// Alone, it is a server that has no time: the e-mail waits like any other.
#[tokio::test]
async fn a_server_that_takes_no_connection_at_all_is_asked_later() {
    let office = PostOffice::open().await;
    for _ in 0..8 {
        office.server.answer(Stage::Greeting, Answer::Say("421 4.7.0 too many connections"));
    }
    let ids = enqueue(&office, 0..4, None).await;
    office.deliver().await;
    // At first it may be that others of ours are in the way: each is asked once more then, alone.
    let asked = office.server.times(Stage::Greeting);
    assert!((4..=8).contains(&asked), "asked {asked} times");
    for id in ids {
        let row = office.row(id).await;
        assert_eq!((row.state.as_str(), row.attempts, row.is_leased), ("queued", 1, false));
    }
}

/// A wrong password that is tried by all at once locks the account.
#[tokio::test]
async fn a_wrong_password_is_tried_once_however_many_wait() {
    let account = "smtp.connections = 4\nsmtp.username = \"handover\"\nsmtp.password = \"old\"";
    let office = PostOffice::open_with(account).await;
    office.server.answer(Stage::SignIn, Answer::Say("535 5.7.8 wrong"));
    enqueue(&office, 0..6, None).await;
    office.deliver().await;
    assert_eq!(office.server.times(Stage::SignIn), 1);
    let refused = "select count(*) from deliveries where outcome = 'refused'";
    let refused: i64 = sqlx::query_scalar(refused).fetch_one(&office.pool).await.unwrap();
    assert_eq!(refused, 6);
}

#[tokio::test]
async fn the_letters_of_a_case_leave_one_after_the_other_and_in_order() {
    let office = Arc::new(PostOffice::open().await);
    let (case, other) = (Some(Uuid::from_u128(1)), Some(Uuid::from_u128(2)));
    let gate = Arc::new(Notify::new());
    office.server.answer(Stage::Message, Answer::After(Arc::clone(&gate)));
    let first = enqueue(&office, 0..1, case).await;
    let delivering_first = delivering(&office);
    office.server.until(Stage::Message, 1).await;
    let behind = enqueue(&office, 1..3, case).await;
    enqueue(&office, 3..5, other).await;
    // Another worker, while the first letter is under way.
    office.deliver().await;
    assert_eq!(subjects(&office), ["Letter 0", "Letter 3", "Letter 4"]);
    gate.notify_one();
    delivering_first.await.unwrap();
    office.deliver().await;
    assert_eq!(subjects(&office)[3..], ["Letter 1", "Letter 2"]);

    // One that is put off holds up none behind it.
    office.server.answer(Stage::Recipient, Answer::Say("450 4.2.0 greylisted"));
    let put_off = enqueue(&office, 5..7, case).await;
    office.deliver().await;
    assert_eq!(office.state(put_off[0]).await, "queued");
    assert_eq!(office.state(put_off[1]).await, "sent");
    assert_eq!((first.len(), behind.len()), (1, 2));
}

/// Nothing waits claimed in a queue of ours: what is not on its way yet can be taken back, and does not leave.
#[tokio::test]
async fn what_is_taken_back_while_others_are_on_their_way_does_not_leave() {
    let office = Arc::new(PostOffice::open_with("smtp.connections = 1").await);
    let gate = Arc::new(Notify::new());
    office.server.answer(Stage::Message, Answer::After(Arc::clone(&gate)));
    let ids = enqueue(&office, 0..3, None).await;
    let delivering = delivering(&office);
    office.server.until(Stage::Message, 1).await;
    let (now, leases) = (office.clock.now(), office.clock.for_leases());
    let mut connection = office.pool.acquire().await.unwrap();
    assert!(!handling::cancel(&mut connection, ids[0], "", now, leases).await.unwrap(), "on its way");
    assert!(handling::cancel(&mut connection, ids[1], "withdrawn", now, leases).await.unwrap());
    gate.notify_one();
    delivering.await.unwrap();
    assert_eq!(subjects(&office), ["Letter 0", "Letter 2"]);
    assert_eq!(office.state(ids[1]).await, "cancelled");
}

/// A worker that dies with all of them in its hands: their leases end, and others send the same bytes. Meanwhile others go on.
#[tokio::test]
async fn a_worker_that_dies_with_several_loses_none() {
    let office = Arc::new(PostOffice::open_with("smtp.connections = 3").await);
    for _ in 0..3 {
        office.server.answer(Stage::Message, Answer::Hang);
    }
    enqueue(&office, 0..3, None).await;
    let dying = delivering(&office);
    office.server.until(Stage::Message, 3).await;
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());

    enqueue(&office, 3..5, None).await;
    office.deliver().await;
    assert_eq!(states(&office).await, [("queued".to_owned(), 3), ("sent".to_owned(), 2)]);
    office.much_later();
    office.deliver().await;
    assert_eq!(states(&office).await, [("sent".to_owned(), 5)]);
    let received = office.server.received();
    let different: BTreeSet<_> = received.iter().map(|received| received.raw.clone()).collect();
    assert_eq!((received.len(), different.len()), (8, 5), "sent again, as the same message");
}

/// One that the database will not take down is not settled, and those that ended with it are.
#[tokio::test]
async fn one_that_can_not_be_settled_holds_up_none_of_the_others() {
    let office = PostOffice::open().await;
    let ids = enqueue(&office, 0..4, None).await;
    let refuse = format!(
        "create function refuse_one() returns trigger language plpgsql as
             $$ begin if new.email_id = '{}' then raise exception 'no'; end if; return new; end $$;
         create trigger refuse_one before insert on deliveries for each row execute function refuse_one()",
        ids[1]
    );
    let owner = office.database.owner();
    sqlx::raw_sql(sqlx::AssertSqlSafe(refuse)).execute(&owner).await.unwrap();
    let (stop, at_once) = (Stop::default(), office.office(&office.transport, &office.clock));
    assert!(deliver::deliver_due(at_once, &stop).await.is_err(), "it shows");
    assert_eq!(states(&office).await, [("queued".to_owned(), 1), ("sent".to_owned(), 3)]);
    assert!(office.row(ids[1]).await.is_leased, "it is tried again when its lease is over");
}

/// Claimed and settled: two statements for as many e-mails as ended together, and one that finds no more.
#[tokio::test]
async fn an_email_takes_two_statements_at_most() {
    let office = PostOffice::open().await;
    enqueue(&office, 0..40, None).await;
    let (statements, did) = statements_of(office.deliver()).await;
    assert_eq!(did, Step::Did);
    assert_eq!(states(&office).await, [("sent".to_owned(), 40)]);
    assert!(statements.len() > 10, "the statements are heard: {statements:#?}");
    assert!(statements.len() <= 2 * 40 + 2, "{}: {statements:#?}", statements.len());
}
