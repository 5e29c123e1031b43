//! Heads are stamped by a real time stamper, and by none that lies, stalls or refuses; and none of them holds up the log.

use super::*;
use crate::helpers::stamper::{Manner, Stamper};

fn setting(stamper: &Stamper) -> String {
    format!(
        "log.time_stamper = \"http://127.0.0.1:{}/tsa\"\nlog.time_stamper_seconds = 1\nlog.time_stamp_minutes = 30\n",
        stamper.port
    )
}

async fn count(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from log_stamps").fetch_one(pool).await.unwrap()
}

async fn failure(pool: &PgPool) -> Option<String> {
    sqlx::query_scalar("select last_error from log_outlets where name = 'time_stamper'")
        .fetch_one(pool)
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_head_is_stamped_and_openssl_accepts_the_stamp() {
    let stamper = Stamper::start().await;
    let (desk, [one, _]) = desk_with_cases(&setting(&stamper)).await;
    let pool = &desk.owner;
    // One for all that happened: the pause between two of them is not over.
    assert_eq!((count(pool).await, stamper.asked()), (1, 1));
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(31)));
    note(&desk, &one).await;
    desk.work_until_idle().await;
    assert_eq!((count(pool).await, failure(pool).await), (2, None));
    let ada = desk.staff("ada", Role::Auditor).await;
    let size = head(&desk).await.head.size;
    let path = format!("/desk/administration/log/heads/{size}");
    let (text, stamp) = (ada.visitor.fetch(&path).await, ada.visitor.fetch(&format!("{path}/stamp")).await);
    assert_eq!(stamp.headers()["content-type"], "application/timestamp-reply");
    let (text, stamp) = (text.bytes().await.unwrap(), stamp.bytes().await.unwrap());
    stamper.verifies(&text, &stamp).unwrap();
    assert!(stamper.verifies(b"something else", &stamp).is_err());
    ada.get("/desk/administration/log").await.is(200).says("Time stamp");
    desk.later(1).await;
    desk.finish().await;
}

#[actix_web::test]
async fn a_stamper_that_lies_stalls_or_refuses_is_tried_again_and_holds_nothing_up() {
    let stamper = Stamper::start().await;
    stamper.behaves(Manner::Refuses);
    let (desk, [one, _]) = desk_with_cases(&setting(&stamper)).await;
    let pool = &desk.owner;
    let bob = desk.staff("bob", Role::Agent).await;
    for (manner, says) in [
        (Manner::Refuses, "refuses, with status 2"),
        (Manner::OtherImprint, "something else than was asked"),
        (Manner::OtherNonce, "its nonce is not ours"),
        (Manner::Garbage, "the stamper's answer is none"),
        (Manner::Fails, "status 500"),
        (Manner::Redirects, "status 307"),
        (Manner::Stalls, "no answer in time"),
        (Manner::Floods, "too large"),
    ] {
        stamper.behaves(manner);
        let asked = stamper.asked();
        let before = head(&desk).await;
        note(&desk, &one).await;
        desk.later(2).await;
        assert!(head(&desk).await.head.size > before.head.size, "{manner:?} holds up the log");
        let failure = failure(pool).await.unwrap_or_default();
        assert!(failure.contains(says), "{manner:?}: {failure}");
        assert!(!failure.contains("127.0.0.1"), "{failure}");
        assert_eq!(stamper.asked(), asked + 1, "{manner:?}: once, and then later");
        desk.work_until_idle().await;
        assert_eq!(stamper.asked(), asked + 1, "{manner:?}: not again at once");
    }
    assert_eq!(count(pool).await, 0);
    desk.take_all_letters();
    bob.get("/desk/cases").await.is(200).says("Heads of the log do not get to where they are kept");
    let ada = desk.staff("ada", Role::Auditor).await;
    ada.get("/desk/administration/log").await.is(200).says("Fails since").says("too large");
    // Back again: the present head, and all is well.
    stamper.behaves(Manner::Honest);
    desk.later(2).await;
    assert_eq!((count(pool).await, failure(pool).await), (1, None));
    bob.get("/desk/cases").await.is(200).never_says("Heads of the log");
    desk.take_all_letters();
    desk.finish().await;
}
