//! Text blocks and the list of our e-mails, for programs.

use handover::{administration::trail, case::actor::Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::{
    desk::Desk,
    script::ALL,
    story::{REQUESTER, form},
};

#[actix_web::test]
async fn e_mails_of_all_cases_are_listed_with_what_can_be_done() {
    let desk = Desk::start().await;
    let script = desk.script(&desk.staff("Ann", Role::Agent).await, &ALL).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    script.does(&number, "question", json!({ "question": "Seit wann?" })).await.is(200);
    // What was asked is asked no more.
    script.does(&number, "closing", json!({ "outcome": "self_service", "reason": "Rief an." })).await.is(200);
    let waiting = script.get("/api/v1/mail?shelf=waiting").await.is(200).json();
    let all = waiting["emails"].as_array().unwrap();
    let email = all.iter().find(|email| email["to"] == REQUESTER && email["offers"] != json!([])).unwrap();
    assert_eq!(email["state"], "queued");
    let offer = email["offers"][0].as_str().unwrap();
    assert!(offer.ends_with("/cancellation"), "{offer}");
    let tag = format!("\"{}\"", email["version"]);
    let body = json!({});
    let cancel = script.request(Method::POST, offer).json(&body).header("if-match", tag);
    script.send(cancel).await.is(200);
    let left = script.get("/api/v1/mail?shelf=waiting&limit=1").await.is(200).json();
    assert_eq!(left["emails"].as_array().unwrap().len(), 1);
    assert_ne!(left["emails"][0]["id"], email["id"]);
    desk.work_until_idle().await;
    desk.take_all_letters();
    for path in ["views?x=1", "notifications?x=1", "cases/HO-2026-00001?x=1"] {
        script.get(&format!("/api/v1/{path}")).await.tells(400, "parameters");
    }
    script.posts("next?x=1", json!({})).await.tells(400, "parameters");
    for wrong in ["shelf=other", "before=x", "limit=0", "shelves=open"] {
        script.get(&format!("/api/v1/mail?{wrong}")).await.tells(400, "parameters");
    }
    desk.finish().await;
}

#[actix_web::test]
async fn administrators_write_text_blocks_by_program_as_on_the_page() {
    let desk = Desk::start().await;
    let (eve, ann) = (desk.staff("Eve", Role::Admin).await, desk.staff("Ann", Role::Agent).await);
    let (admin, agent) = (desk.script(&eve, &ALL).await, desk.script(&ann, &ALL).await);
    const PATH: &str = "administration/text_blocks";
    let block =
        json!({ "kind": "note", "title_de": "Anruf", "title_en": "Call", "de": "Rief an.", "en": "Called." });
    agent.posts(PATH, block.clone()).await.tells(403, "error-403");
    agent.get("/api/v1/administration/text_blocks").await.is(403);
    let once = || admin.posting(PATH, block.clone()).header("idempotency-key", "t1");
    let made = admin.send(once()).await.is(201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("/api/v1/{PATH}/{id}"));
    assert_eq!(made.header("etag"), "\"1\"");
    // A process that died before it answered makes no second one.
    let lost = "update token_requests set status = null, body = null, leased_until = '2000-01-01'";
    sqlx::query(lost).execute(&desk.casework.app.pool).await.unwrap();
    assert_eq!(admin.send(once()).await.is(201).json()["id"], id.as_str());

    let at = format!("{PATH}/{id}");
    let words =
        json!({ "title_de": "Anruf", "title_en": "Call", "de": "Hat angerufen.", "en": "Has called." });
    let change = |tag: &'static str, words: &Value| admin.posting(&at, words.clone()).header("if-match", tag);
    admin.posts(&at, words.clone()).await.tells(428, "version-needed");
    assert_eq!(admin.send(change("\"1\"", &words)).await.is(200).header("etag"), "\"2\"");
    // The very same once more is done; another one at the old version is told.
    assert_eq!(admin.send(change("\"1\"", &words)).await.is(200).header("etag"), "\"2\"");
    let other = json!({ "title_de": "Anruf", "title_en": "Call", "de": "Anders.", "en": "Different." });
    assert_eq!(
        admin.send(change("\"1\"", &other)).await.tells(412, "version-stale").json()["current_version"],
        2
    );
    for (field, value) in [
        ("de", "Passwort: geheim123"),
        ("en", "See https://evil.example/form"),
        ("en", "{nothing}"),
        ("title_de", "a\u{202e}b"),
        ("title_en", ""),
    ] {
        let mut wrong = words.clone();
        wrong[field] = json!(value);
        let wrong = admin.send(change("\"2\"", &wrong)).await.tells(422, "error-422").json();
        assert_eq!(wrong["errors"][0]["field"], field);
    }
    let english = json!({ "kind": "follow_up", "title_de": "x", "title_en": "x", "de": "x", "en": "x" });
    admin.posts(PATH, english).await.tells(422, "error-422");

    for (what, retired) in [("retirement", true), ("retirement", true), ("restoration", false)] {
        let block = admin.posts(&format!("{at}/{what}"), json!({})).await.is(200).json();
        assert_eq!(block["retired"], retired);
    }
    let first = admin.get(&format!("/api/v1/{at}?version=1")).await.is(200).json();
    assert_eq!((&first["en"], &first["author"]), (&json!("Called."), &json!("Eve")));
    let list = admin.get(&format!("/api/v1/{PATH}")).await.is(200).json();
    assert!(list["blocks"].as_array().unwrap().iter().any(|block| block["id"] == id.as_str()));

    // The trail of administration names the token beside its owner, and holds.
    let tokens: Vec<Option<String>> = sqlx::query_scalar(
        "select t.name from administration_events e left join staff_tokens t on t.id::text = e.data ->> 'token'
         where e.data ->> 'block' = $1 order by e.seq",
    )
    .bind(&id)
    .fetch_all(&desk.casework.app.pool)
    .await
    .unwrap();
    assert_eq!(tokens, vec![Some("Dashboard".to_owned()); 4]);
    assert!(trail::verify(&desk.casework.app.pool).await.unwrap().holds());
    eve.get("/desk/administration/trail").await.is(200);
    desk.finish().await;
}
