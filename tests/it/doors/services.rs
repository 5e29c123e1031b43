//! Service accounts: those who oversee hear of a new one, an administrator switches one off and its tokens end at once.

use handover::{administration::trail::Doer, case::actor::Role, staff::services};

use crate::helpers::{
    desk::Desk,
    script::{ALL, asking_for, shown},
};

const SERVICES: &str = "/desk/administration/services";

#[actix_web::test]
async fn a_service_account_is_switched_off_and_on_and_everybody_who_oversees_hears_of_it() {
    let desk = Desk::start().await;
    let (eve, egon) = (desk.staff("eve", Role::Admin).await, desk.staff("egon", Role::Admin).await);
    let (ada, ann) = (desk.staff("ada", Role::Auditor).await, desk.staff("ann", Role::Agent).await);
    let service = desk.service(&eve, "agent", &ALL).await;
    desk.work_until_idle().await;
    for overseer in [&egon, &ada] {
        let letter = desk.take_letter(&overseer.email);
        assert!(letter.text.contains("Ein Dienstkonto für Programme wurde angelegt."), "{}", letter.text);
        assert!(letter.text.contains("Durch: eve") && letter.text.contains("Nightly run"), "{}", letter.text);
        assert!(!letter.text.contains("service.invalid"), "{}", letter.text);
    }
    let id: uuid::Uuid = sqlx::query_scalar("select id from staff where kind = 'service'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let page = format!("{SERVICES}/{id}");
    eve.get("/desk/administration").await.is(200).says("1 active service account");
    ada.get(SERVICES).await.is(200).says("Nightly run").says("1 token that works");
    ada.get(&page).await.is(200).says("Dashboard").never_says("Deactivate");
    ann.get(SERVICES).await.is(403);
    for what in ["deactivation", "reactivation"] {
        for other in [&ada, &ann] {
            other.visitor.post(&format!("{page}/{what}"), &[]).await.is(403);
        }
        // A person's account is none.
        eve.visitor.post(&format!("{SERVICES}/{}/{what}", ann.id), &[]).await.is(404);
    }
    service.get("/api/v1/cases").await.is(200);

    eve.visitor.submit(&format!("{page}/deactivation"), &[]).await.says("its tokens do not work any more");
    service.get("/api/v1/cases").await.tells(401, "token-unknown");
    eve.visitor.post(&format!("{page}/deactivation"), &[]).await.is(404);
    // Nobody gives it another token while it is off.
    let mut fields = asking_for(&ALL);
    let account = id.to_string();
    fields.push(("account".to_owned(), account.as_str()));
    eve.asks_for_token(&fields).await.is(404);
    eve.visitor.submit(&format!("{page}/reactivation"), &[]).await.says("It has no token yet");
    service.get("/api/v1/cases").await.tells(401, "token-unknown");
    // An agent makes a token for themself, whatever they write into the form; nobody for a person.
    let own = ann.asks_for_token(&fields).await.is(200);
    assert!(shown(&own).starts_with("hvr_"));
    let other = ann.id.to_string();
    let mut of_ann = asking_for(&ALL);
    of_ann.push(("account".to_owned(), other.as_str()));
    eve.asks_for_token(&of_ann).await.is(404);
    let form = eve.get(&format!("/desk/account/tokens?account={id}")).await.is(200);
    assert_eq!(form.says("For the service account Nightly run").field("account"), Some(account.clone()));
    let token = shown(&eve.asks_for_token(&fields).await.is(200));
    crate::helpers::script::Script::new(&desk.address, &token).get("/api/v1/cases").await.is(200);
    let owners: i64 =
        sqlx::query_scalar("select count(*) from staff_tokens where staff_id = $1 and ended_at is null")
            .bind(id)
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
    assert_eq!(owners, 1);

    desk.work_until_idle().await;
    for overseer in [&egon, &ada] {
        let letters = desk.take_letters(&overseer.email);
        assert_eq!(letters.len(), 2, "off and on");
        assert!(letters.iter().all(|letter| letter.text.contains("Nightly run")));
    }
    let kinds: Vec<String> =
        sqlx::query_scalar("select kind from administration_events where data ->> 'staff' = $1 order by seq")
            .bind(id.to_string())
            .fetch_all(&desk.casework.app.pool)
            .await
            .unwrap();
    assert_eq!(
        kinds,
        [
            "service_added",
            "token_created",
            "token_ended",
            "staff_disabled",
            "staff_reactivated",
            "token_created"
        ]
    );
    // Who is no administrator any more makes none, also in the middle of it.
    let refused =
        services::deactivate(&desk.casework, Doer::Staff(ann.id), handover::case::actor::StaffId(id)).await;
    assert!(refused.is_err(), "{refused:?}");
    desk.finish().await;
}
