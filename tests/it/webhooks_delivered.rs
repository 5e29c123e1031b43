//! How messages of webhooks are handed over: tried again, never twice by two workers, never held up by one that stalls, and no more
//! to one that is gone.

use handover::{app::Step, case::actor::Role, webhooks::deliver};
use tokio_util::sync::CancellationToken;

use crate::{
    helpers::{
        desk::Desk,
        receiver::{Manner, Receiver},
    },
    webhooks::{ALLOWED, count, hooks},
};

#[actix_web::test]
async fn every_try_sends_the_same_bytes_under_the_same_id_with_a_new_signature() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(503, "not\u{0}now\u{202e}".to_owned())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let (page, _) = hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    eva.visitor.post(&format!("{page}/test"), &[]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(receiver.requests().len(), 1);
    eva.get(&page).await.is(200).says("waits").says("HTTP 503").says("one try");
    // Not before its time; then again, and again.
    desk.work_until_idle().await;
    assert_eq!(receiver.requests().len(), 1);
    receiver.behaves(Manner::HangsUp);
    desk.later(1).await;
    receiver.takes();
    desk.later(1).await;
    let requests = receiver.requests();
    assert_eq!(requests.len(), 3);
    for later in &requests[1..] {
        assert_eq!(later.body, requests[0].body);
        assert_eq!(later.headers["webhook-id"], requests[0].headers["webhook-id"]);
        assert_ne!(later.headers["webhook-timestamp"], requests[0].headers["webhook-timestamp"]);
        assert_ne!(later.headers["webhook-signature"], requests[0].headers["webhook-signature"]);
    }
    eva.get(&page).await.is(200).says("taken").says("3 tries").says("thanks");
    // Once more, because somebody asks for it: the same bytes still.
    let id = count(&desk, "select id from webhook_deliveries").await;
    let again = format!("{page}/deliveries/{id}/repetition");
    eva.visitor.post(&again, &[]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(receiver.requests()[3].body, requests[0].body);
    // A year later it is forgotten.
    desk.later(24 * 365).await;
    assert_eq!(count(&desk, "select count(*) from webhook_deliveries").await, 0);
    desk.finish().await;
}

#[actix_web::test]
async fn two_workers_at_once_deliver_once_and_one_that_dies_is_followed_by_the_same_message() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(200, String::new())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let (page, _) = hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    for _ in 0..12 {
        eva.visitor.post(&format!("{page}/test"), &[]).await.went_well();
    }
    let (app, hooks) = (&desk.casework.app, &desk.casework.webhooks);
    let step = || deliver::step(&app.pool, hooks, &app.clock, &app.stop);
    let (one, other) = tokio::join!(step(), step());
    assert!(one.unwrap() == Step::Did || other.unwrap() == Step::Did);
    while step().await.unwrap() == Step::Did {}
    let mut ids: Vec<String> =
        receiver.requests().iter().map(|one| one.headers["webhook-id"].clone()).collect();
    assert_eq!(ids.len(), 12);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 12, "each once");

    // The worker dies between the sending and the settling: its lease runs out, and the message comes again.
    receiver.behaves(Manner::Stalls);
    eva.visitor.post(&format!("{page}/test"), &[]).await.went_well();
    tokio::select! {
        _ = step() => panic!("it was not answered"),
        () = receiver.has(13) => {}
    }
    receiver.takes();
    assert_eq!(step().await.unwrap(), Step::Idle, "somebody holds it still");
    desk.later(1).await;
    let requests = receiver.requests();
    assert_eq!(requests.len(), 14);
    assert_eq!(requests[13].headers["webhook-id"], requests[12].headers["webhook-id"]);
    assert_eq!(requests[13].body, requests[12].body);
    desk.finish().await;
}

#[actix_web::test]
async fn one_that_stalls_holds_up_nobody_else_and_is_given_back_when_the_process_ends() {
    let desk = Desk::start_with(ALLOWED).await;
    let (slow, quick) = (Receiver::start(Manner::Stalls).await, Receiver::start(Manner::Drips).await);
    let eva = desk.staff("eva", Role::Admin).await;
    let (stalled, _) = hooks(&eva, &slow.address(), &["case_closed"], &[]).await;
    let (taken, _) = hooks(&eva, &quick.address(), &["case_closed"], &[]).await;
    for _ in 0..10 {
        eva.visitor.post(&format!("{stalled}/test"), &[]).await.went_well();
    }
    let (stop, app) = (CancellationToken::new(), desk.casework.app.clone());
    let story = async {
        slow.has(2).await;
        // A byte now and then behind a 200 is no way to be asked for ever.
        eva.visitor.post(&format!("{taken}/test"), &[]).await.went_well();
        quick.has(1).await;
        for _ in 0..400 {
            let words = eva.get(&taken).await.words();
            if words.contains("HTTP 200") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        eva.get(&taken).await.says("HTTP 200").says("one try");
        assert_eq!(slow.requests().len(), 2, "it has two places, and no more");
        stop.cancel();
        app.stop.ask();
        app.stop.cut.cancel();
    };
    tokio::join!(desk.work_until(&stop), story);
    let given_back = "select count(*) from webhook_deliveries where state = 'queued' and attempts = 0 and claimed_until is null";
    assert_eq!(count(&desk, given_back).await, 10);
}

#[actix_web::test]
async fn one_that_is_gone_or_takes_nothing_for_days_is_switched_off_and_shown() {
    let desk = Desk::start_with(ALLOWED).await;
    let (gone, broken) =
        (Receiver::start(Manner::Says(410, "gone".to_owned())).await, Receiver::start(Manner::HangsUp).await);
    let eva = desk.staff("eva", Role::Admin).await;
    let ada = desk.staff("ada", Role::Auditor).await;
    let (gone_page, _) = hooks(&eva, &gone.address(), &["case_closed"], &[]).await;
    let (broken_page, _) = hooks(&eva, &broken.address(), &["case_closed"], &[]).await;
    for page in [&gone_page, &broken_page] {
        eva.visitor.post(&format!("{page}/test"), &[]).await.went_well();
    }
    desk.work_until_idle().await;
    // Nobody who administers finds out by chance, days later.
    let letter = desk.take_letter(&eva.email);
    assert_eq!(letter.subject, "Handover: Ein Webhook wurde abgeschaltet");
    for words in ["Jira of sales (127.0.0.1:", "dass es diese Adresse nicht mehr gibt", &gone_page] {
        assert!(letter.text.contains(words), "{words}: {}", letter.text);
    }
    assert!(!letter.text.contains("s3cret"), "{}", letter.text);
    eva.get(&gone_page).await.says("no longer exists (410)").says("given up");
    eva.get(&broken_page).await.says("takes nothing");
    ada.get("/desk/cases").await.says("A program takes no messages");
    for _ in 0..12 {
        desk.later(9).await;
    }
    assert!((13..=20).contains(&broken.requests().len()), "{}", broken.requests().len());
    ada.get("/desk/cases").await.says("2 programs take no messages");
    eva.get(&broken_page).await.never_says("took nothing for days");
    eva.visitor.post(&format!("{broken_page}/test"), &[]).await.went_well();
    desk.later(24).await;
    eva.get(&broken_page).await.says("switched off: took nothing for days");
    let letter = desk.take_letter(&eva.email);
    assert!(letter.text.contains("seit 5 Tagen keine Nachricht mehr angenommen"), "{}", letter.text);
    let trail = ada.get("/desk/administration/trail").await;
    trail.says("Handover switched the webhook “Jira of sales” off: its receiver no longer exists");
    // What nobody listens to is not written; a test goes out all the same, and switched on it hears again.
    let asked = broken.requests().len();
    broken.takes();
    eva.visitor.post(&format!("{broken_page}/test"), &[]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(broken.requests().len(), asked + 1);
    eva.visitor.post(&format!("{broken_page}/enabling"), &[]).await.went_well();
    eva.visitor.post(&format!("{gone_page}/deletion"), &[]).await.went_well();
    ada.get("/desk/cases").await.never_says("take no messages").never_says("takes no messages");
    desk.finish().await;
}
