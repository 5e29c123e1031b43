//! Somebody who was erased stands nowhere: a dump of the database is searched for them, with all that is encoded in it, and so is what
//! the program says. Before, they were put into every table by the ways that people really come in.

use handover::{administration::trail::Doer, case::actor::Role, work::erasure::carry_out};
use serde_json::Value;

use crate::helpers::{
    desk::{Desk, PASSWORD, StaffVisitor},
    dump::standing,
    inbound::BELIEVING,
    persons_story::{NAME, PHONE, QUIRIN, who_is_everywhere},
};
use crate::persons::{PAGE, open_request};

async fn erases(desk: &Desk, asker: &StaffVisitor, other: &StaffVisitor) -> Value {
    asker.asks_to_erase("Quirin.Zabelstein+private@nordlicht.example").await;
    let request = open_request(desk).await;
    let consent = format!("{PAGE}/requests/{request}/consent");
    other.visitor.post(&consent, &[("current_password", PASSWORD)]).await.went_well();
    // Not by the worker, which would first erase what is over anyway.
    carry_out(&desk.casework, Some(request), Doer::Program).await.unwrap().expect("two consented");
    sqlx::query_scalar("select outcome from erasure_requests where id = $1")
        .bind(request)
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap()
}

fn why_kept(outcome: &Value) -> Vec<String> {
    let kept = outcome["kept"].as_array().unwrap();
    let mut all: Vec<String> = kept
        .iter()
        .map(|one| format!("{} {}", one["why"].as_str().unwrap(), one["table"].as_str().unwrap()))
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Also in parts, folded as the search folds it.
const WORDS: [&str; 6] = ["zabelstein", "quirin", "23125 777", "2312577", "quirinzabelstein", "23125777"];

#[actix_web::test]
async fn whoever_is_erased_stands_nowhere() {
    let settings = format!(
        "{BELIEVING}yearly.enabled = true\nyearly.letters_per_day = 24\n{}",
        crate::webhooks::ALLOWED
    );
    let desk = Desk::start_with(&settings).await;
    let (eva, fay) = (desk.staff("eva", Role::Admin).await, desk.staff("fay", Role::Admin).await);
    let story = who_is_everywhere(&desk, &eva).await;
    let full = standing(&desk, &WORDS, &[]);
    assert!(full.len() > 30, "{full:#?}");
    // In every table that can hold somebody, but those that are staff's or about somebody else's doing.
    let copy = eva.copy_of(QUIRIN).await;
    let tables: Vec<&String> = copy["data"].as_object().unwrap().keys().collect();
    for table in [
        "cases",
        "case_notes",
        "contact_changes",
        "contact_questions",
        "contacts",
        "deliveries",
        "drafts",
        "emails",
        "escalations",
        "evidence_files",
        "inbound_emails",
        "letter_texts",
        "password_resets",
        "prepared_requests",
        "unsubscribed_mailboxes",
    ] {
        assert!(tables.contains(&&table.to_owned()), "{table} is not in {tables:?}");
    }
    assert!(copy.to_string().contains(NAME) && copy.to_string().contains(PHONE));

    // Under an open case nothing of it goes.
    let outcome = erases(&desk, &eva, &fay).await;
    let kept = why_kept(&outcome);
    assert!(kept.contains(&"open_case escalations".to_owned()), "{kept:?}");
    assert!(kept.contains(&"duty emails".to_owned()), "{kept:?}");
    assert!(kept.contains(&"unsubscribed unsubscribed_mailboxes".to_owned()), "{kept:?}");
    assert!(outcome["erased"]["prepared_requests"].as_u64().unwrap() > 0, "{outcome}");
    let (_, broken) = handover::casework::verify_trail(&desk.casework.app.pool).await.unwrap();
    assert!(broken.is_empty(), "{broken:?}");

    // Once all cases are closed, and the law wants no letters any more.
    story.close_all(&desk).await;
    let outcome = erases(&desk, &fay, &eva).await;
    assert!(why_kept(&outcome).iter().all(|why| !why.starts_with("open")), "{outcome:#}");
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(8 * 366 * 24)));
    for one in [&eva, &fay] {
        one.signs_in().await;
    }
    let outcome = erases(&desk, &eva, &fay).await;
    assert_eq!(why_kept(&outcome), ["unsubscribed unsubscribed_mailboxes"], "{outcome:#}");
    assert_eq!(standing(&desk, &WORDS, &[]), [""; 0]);

    // Found by nothing any more; and all that counts still does.
    // With a connection of its own: the dump has kept the last one waiting for too long.
    let eva = desk.staff("eva", Role::Admin).await;
    let copy = eva.copy_of(QUIRIN).await;
    let tables: Vec<&String> = copy["data"].as_object().unwrap().keys().collect();
    assert_eq!(tables, ["unsubscribed_mailboxes"]);
    eva.get("/desk/cases?text=zabelstein&state=all").await.is(200).never_says("HO-2026");
    let number = eva.get(&format!("/desk/cases/{}", story.closed)).await.is(200);
    number.never_says("Zabelstein");
    for page in
        ["/desk/overview", "/desk/administration/yearly", "/desk/administration/mail", "/desk/administration"]
    {
        eva.get(page).await.is(200);
    }
    // Years have passed: another contact is asked. Nobody is at what stands in place of his address.
    desk.work_until_idle().await;
    assert!(desk.take_all_letters().iter().all(|letter| !letter.to.contains("erased")));
    desk.finish().await;
}
