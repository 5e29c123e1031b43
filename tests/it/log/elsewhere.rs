//! Heads get to where they are kept: into a file and by mail; and the desk shows them, and that nothing gets anywhere.

use std::fs;

use tempfile::TempDir;

use super::*;

const PAGE: &str = "/desk/administration/log";

#[actix_web::test]
async fn each_head_is_appended_to_a_file_once() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("heads");
    let (desk, [one, _]) = desk_with_cases(&format!("log.file = {file:?}\n")).await;
    let pool = &desk.owner;
    let sizes = || -> Vec<u64> {
        SignedHead::read_all(&fs::read_to_string(&file).unwrap())
            .unwrap()
            .iter()
            .map(|head| head.head.size)
            .collect()
    };
    let stored = async || -> Vec<i64> {
        sqlx::query_scalar("select tree_size from log_heads order by 1").fetch_all(pool).await.unwrap()
    };
    let as_stored =
        |sizes: Vec<u64>| -> Vec<i64> { sizes.into_iter().map(|size| size.try_into().unwrap()).collect() };
    assert_eq!(as_stored(sizes()), stored().await);
    // The disk is away: the log goes on, and the file gets what it missed. A head that it tore off stands there once more.
    let moved = folder.path().join("moved");
    fs::rename(&file, &moved).unwrap();
    fs::create_dir(&file).unwrap();
    for _ in 0..2 {
        note(&desk, &one).await;
        desk.later(1).await;
    }
    desk.take_all_letters();
    let ada = desk.staff("ada", Role::Auditor).await;
    ada.get(PAGE).await.is(200).says("Into a file elsewhere").says("Fails since").says("it is a folder");
    fs::remove_dir(&file).unwrap();
    let torn = fs::read_to_string(&moved).unwrap() + "\nhandover-log-head-v1\nsize 1";
    fs::write(&file, torn).unwrap();
    desk.later(2).await;
    assert_eq!(as_stored(sizes()), stored().await);
    let kept = SignedHead::read_all(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(findings(pool, &kept).await, []);
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn auditors_get_the_head_by_mail_once_a_day() {
    let setting = "log.mail_to = [\"Ada@reseller.example\", \"revision@auditors.example\"]\n";
    let (desk, [one, _]) = desk_with_cases(setting).await;
    let pool = &desk.owner;
    desk.staff_reading("ada", Role::Auditor, "en").await;
    desk.work_until_idle().await;
    note(&desk, &one).await;
    desk.later(3).await;
    desk.expect_all_taken();
    desk.later(21).await;
    let own = desk.take_letter("Ada@reseller.example");
    let other = desk.take_letter("revision@auditors.example");
    desk.take_all_letters();
    assert!(
        own.subject.contains("Kopf des Protokolls") && own.text.contains("Guten Tag ada"),
        "{}",
        own.text
    );
    assert!(other.subject.contains("Kopf des Protokolls"), "{}", other.subject);
    for letter in [own, other] {
        let kept = SignedHead::read_all(&letter.text).unwrap();
        assert_eq!(findings(pool, &kept).await, []);
        assert!(!letter.text.contains("HO-2026"), "{}", letter.text);
    }
    // Also when nothing happened.
    desk.later(24).await;
    assert_eq!(desk.take_letters("revision@auditors.example").len(), 1);
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn the_log_is_shown_to_auditors_and_administrators_alone() {
    let (desk, [one, _]) = desk_with_cases("").await;
    for (name, role, status) in [
        ("ada", Role::Auditor, 200),
        ("dora", Role::Admin, 200),
        ("bob", Role::Agent, 403),
        ("ben", Role::Approver, 403),
    ] {
        let staff = desk.staff(name, role).await;
        let size = head(&desk).await.head.size;
        staff.get(PAGE).await.is(status);
        staff.get(&format!("{PAGE}/heads/{size}")).await.is(status);
    }
    desk.work_until_idle().await;
    let ada = desk.staff("ada", Role::Auditor).await;
    let present = head(&desk).await;
    let size = present.head.size;
    let page = ada.get(PAGE).await.is(200);
    for line in present.text().lines() {
        assert!(page.text.contains(line), "{line}");
    }
    let file = ada.visitor.fetch(&format!("{PAGE}/heads/{size}")).await;
    assert!(file.headers()["content-disposition"].to_str().unwrap().contains("attachment"));
    assert_eq!(file.text().await.unwrap(), present.text());
    for nothing in
        [format!("{size}/stamp"), "0".to_owned(), "99999999".to_owned(), u64::MAX.to_string(), "x".to_owned()]
    {
        ada.get(&format!("{PAGE}/heads/{nothing}")).await.is(404);
    }
    ada.get("/desk/administration").await.is(200).says("Log over all cases");
    // Page by page, each head once.
    for _ in 0..60 {
        note(&desk, &one).await;
        log_all(&desk.casework.app).await;
    }
    let (mut path, mut seen) = (PAGE.to_owned(), 0);
    loop {
        let page = ada.get(&path).await.is(200);
        seen += page.text.matches("small muted mono wrap").count();
        let Some((_, rest)) = page.text.split_once("rel=\"next\" href=\"") else { break };
        path = rest.split('"').next().unwrap().to_owned();
    }
    let stored: i64 =
        sqlx::query_scalar("select count(*) from log_heads").fetch_one(&desk.owner).await.unwrap();
    assert_eq!(i64::try_from(seen).unwrap(), stored);
    ada.get(&format!("{PAGE}?before=x")).await.is(200);
    desk.finish().await;
}

/// A worker without the key, or none at all, stops the log in silence: whoever looks is told.
#[actix_web::test]
async fn a_log_that_falls_behind_is_an_alarm() {
    let (desk, _) = desk_with_cases("metrics.token = \"figures for those who may ask for them\"\n").await;
    let bob = desk.staff("bob", Role::Agent).await;
    desk.work_until_idle().await;
    bob.get("/desk/cases").await.is(200).never_says("into the log");
    // Nobody takes it: it stands in for a worker that is away.
    let late = format!(
        "insert into log_pending (kind, subject, at) values ('case', 'HO-2026-00001', '{}')",
        desk.now().after(-jiff::SignedDuration::from_hours(1))
    );
    overwrite(&desk.owner, &late).await;
    bob.get("/desk/cases").await.is(200).says("Changes of cases do not get into the log");
    let ada = desk.staff("ada", Role::Auditor).await;
    ada.get(PAGE).await.is(200).says("The log is falling behind");
    let figures = reqwest::Client::new()
        .get(format!("{}/metrics", desk.address))
        .bearer_auth("figures for those who may ask for them")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(figures.contains("handover_log_oldest_pending_seconds 3600"), "{figures}");
    assert!(figures.contains("handover_log_alarm 1"), "{figures}");
    desk.finish().await;
}
