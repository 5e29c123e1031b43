//! The reseller's own reference of a case: for staff alone, found by it, and leading to their own system.

use handover::case::actor::Role;

use crate::helpers::{
    desk::Desk,
    story::{ATLASSIAN, form},
};

const PATTERN: &str = "desk.reference_url = \"https://jira.reseller.example/browse/{reference}\"";

#[actix_web::test]
async fn staff_enter_it_find_by_it_and_follow_it() {
    let desk = Desk::start_with(PATTERN).await;
    let (ann, ada) = (desk.staff("ann", Role::Agent).await, desk.staff("ada", Role::Auditor).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let before = desk.load(&number).await;
    let version = before.version.to_string();
    ann.does(&number, "reference", &[("reference", "SALES/4711")]).await.went_well();
    let after = desk.load(&number).await;
    assert_eq!((after.case.state.clone(), after.version), (before.case.state, before.version + 1));
    let page = ann.open(&number).await.says("ann entered your own reference").says("SALES/4711");
    assert!(
        page.text.contains("href=\"https://jira.reseller.example/browse/SALES%2F4711\""),
        "{}",
        page.text
    );
    for text in ["SALES%2F4711", "sales4711", "4711"] {
        ann.get(&format!("/desk/cases?text={text}")).await.is(200).says(&number).says("SALES/4711");
    }
    let file = ada.get("/desk/cases.csv").await.is(200).text;
    assert!(file.contains("Your own reference") && file.contains("SALES/4711"), "{file}");

    // Somebody was faster; an auditor may not; and what is no reference is refused with words.
    let stale = [("reference", "OTHER-1"), ("version", version.as_str())];
    ann.visitor.post(&format!("/desk/cases/{number}/reference"), &stale).await.is(409);
    ada.visitor.post(&format!("/desk/cases/{number}/reference"), &[("reference", "X-1")]).await.is(403);
    for wrong in ["Frau Abend", "SALES\u{202e}1", "../x", "javascript:alert(1)"] {
        let page = ann.does(&number, "reference", &[("reference", wrong)]).await;
        page.is(422).says("Please enter at most 40 plain letters");
    }
    ann.does(&number, "reference", &[("reference", "")]).await.went_well();
    ann.open(&number).await.says("ann removed your own reference").never_says("SALES/4711");
    ann.get("/desk/cases?text=sales4711").await.is(200).never_says(&number);
    desk.finish().await;
}

/// The attacker is a customer who would learn how the reseller files them, and who reads along with Atlassian.
#[actix_web::test]
async fn neither_the_customer_nor_atlassian_ever_sees_it() {
    let desk = Desk::start_with(PATTERN).await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let ann = desk.staff("ann", Role::Agent).await;
    let ben = desk.staff("ben", Role::Approver).await;
    let number = desk.verified_case(&visitor, &ann).await;
    ann.does(&number, "reference", &[("reference", "GEHEIM-4711")]).await.went_well();
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    ann.does(&number, "answer", &[("answer", "done")]).await.went_well();
    desk.work_until_idle().await;
    let letters = desk.take_all_letters();
    assert!(letters.iter().any(|letter| letter.to == ATLASSIAN), "it was sent");
    let mut links = Vec::new();
    for letter in &letters {
        let raw = format!("{letter:?}");
        assert!(!raw.contains("GEHEIM"), "{raw}");
        links.extend(raw.split("/cases/").skip(1).filter_map(|rest| rest.get(..43).map(str::to_owned)));
    }
    let page =
        links.iter().find(|token| token.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)));
    let page = format!("/cases/{}", page.expect("a letter leads to the customer's page"));
    visitor.get(&page).await.is(200).never_says("GEHEIM");
    ann.open(&number).await.says("GEHEIM-4711");
    desk.finish().await;
}
