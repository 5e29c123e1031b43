//! What the desk does beside a single case, by programs: mail that nobody could assign, several cases at once, the next one, views,
//! what one is told by mail, and what was prepared.

use handover::case::actor::Role;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::helpers::{
    desk::Desk,
    inbound::{BELIEVING, Mail},
    script::{ALL, Reply, Script},
    story::form,
};

const US: &str = "handover@reseller.example";

impl Script {
    pub fn posting(&self, path: &str, body: Value) -> RequestBuilder {
        self.request(Method::POST, &format!("/api/v1/{path}")).json(&body)
    }

    pub async fn posts(&self, path: &str, body: Value) -> Reply {
        self.send(self.posting(path, body)).await
    }
}

impl Desk {
    /// So many letters of strangers wait in the quarantine: their ids, the oldest first.
    pub async fn strangers_write(&self, count: usize) -> Vec<String> {
        for number in 0..count {
            let mail = Mail::authentic(&format!("stranger{number}@elsewhere.example"), US);
            let mail = mail.with("Subject", &format!("Question {number}")).saying("Who are you?\u{202e}\n");
            self.receives(&mail.raw()).await.is_in_quarantine("inbound-no-address");
        }
        sqlx::query_scalar("select id::text from inbound_emails order by received_at, id")
            .fetch_all(&self.casework.app.pool)
            .await
            .unwrap()
    }
}

#[actix_web::test]
async fn mail_that_nobody_could_assign_is_read_and_decided_about() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let (ann, ada) = (desk.staff("Ann", Role::Agent).await, desk.staff("Ada", Role::Auditor).await);
    let script = desk.script(&ann, &ALL).await;
    let reader = desk.script(&ada, &ALL).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ids = desk.strangers_write(4).await;

    // In pages, and one of them as the page shows it; never its bytes.
    let mut seen = Vec::new();
    let mut path = "/api/v1/quarantine?limit=3".to_owned();
    loop {
        let page = reader.get(&path).await.is(200).json();
        assert_eq!(page["total"], 4);
        let messages = page["messages"].as_array().unwrap();
        seen.extend(messages.iter().map(|message| message["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = next.to_owned();
    }
    assert_eq!(seen, ids);
    let read = reader.get(&format!("/api/v1/quarantine/{}", ids[0])).await.is(200).json();
    assert_eq!(
        (&read["from"], &read["subject"]),
        (&json!("stranger0@elsewhere.example"), &json!("Question 0"))
    );
    assert!(read["text"].as_str().unwrap().contains("Who are you?") && read.get("raw").is_none());
    reader.get("/api/v1/quarantine?after=x").await.tells(400, "parameters");
    reader.get("/api/v1/quarantine/x").await.is(404);

    // Released: the trail says by which token, and nothing but the correspondence has changed.
    let state = desk.state(&number).await;
    let release = |id: &str, body: Value| script.posting(&format!("quarantine/{id}/release"), body);
    let body = json!({ "number": number, "writer": "requester" });
    reader.posts(&format!("quarantine/{}/release", ids[0]), body.clone()).await.tells(403, "error-403");
    let none = json!({ "number": "HO-2026-99999", "writer": "other" });
    script.send(release(&ids[0], none)).await.tells(422, "error-422");
    script.send(release(&ids[0], json!({ "number": number, "writer": "pope" }))).await.is(422);
    let once = || release(&ids[0], body.clone()).header("idempotency-key", "r1");
    let released = script.send(once()).await.is(200);
    assert_eq!(released.json()["number"], number.as_str());
    assert_eq!(script.send(once()).await.is(200).text, released.text);
    script.send(release(&ids[0], body.clone())).await.tells(409, "notice-quarantine-gone");
    let nobody = "018f0000-0000-7000-8000-000000000001";
    script.send(release(nobody, body)).await.is(404);
    assert_eq!(desk.state(&number).await, state);
    let trail = script.get(&format!("/api/v1/cases/{number}")).await.is(200).json();
    let last = trail["trail"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["event"], &last["token"]), (&json!("mail_filed"), &json!("Dashboard")));

    // Discarded, by whom and with what; asked again it is done, and by somebody else it is gone.
    let discard =
        |reason: &str| script.posting(&format!("quarantine/{}/discard", ids[1]), json!({ "reason": reason }));
    script.send(discard(" ")).await.tells(422, "error-422");
    script.send(discard("Passwort: geheim123")).await.tells(422, "error-422");
    assert_eq!(
        script.send(discard("Spam.")).await.is(200).json(),
        json!({ "id": ids[1], "outcome": "discarded" })
    );
    script.send(discard("Spam.")).await.is(200);
    script.send(discard("Other.")).await.tells(409, "notice-quarantine-gone");
    let by: (String, String) = sqlx::query_as(
        "select s.name, t.name from inbound_emails i join staff s on s.id = i.settled_by
         join staff_tokens t on t.id = i.settled_with where i.id = $1::uuid",
    )
    .bind(&ids[1])
    .fetch_one(&desk.casework.app.pool)
    .await
    .unwrap();
    assert_eq!(by, ("Ann".to_owned(), "Dashboard".to_owned()));

    // Answered with the way to the form, once and within the limits of the page.
    let answer = |id: &str| script.posting(&format!("quarantine/{id}/answer"), json!({ "language": "en" }));
    assert_eq!(script.send(answer(&ids[2])).await.is(200).json()["outcome"], "answered");
    script.send(answer(&ids[2])).await.is(200);
    script.send(answer(nobody)).await.is(404);
    desk.work_until_idle().await;
    desk.take_letter("stranger2@elsewhere.example");

    // Written down for its author: the message is settled with it, once.
    let prepare = |message: &str| {
        let body =
            json!({ "language": "de", "requester_email": "stranger3@elsewhere.example", "message": message });
        script.posting("prepared", body)
    };
    script.send(prepare(nobody)).await.tells(409, "notice-quarantine-gone");
    let made = script.send(prepare(&ids[3])).await.is(201).json();
    script.send(prepare(&ids[3])).await.tells(409, "notice-quarantine-gone");
    assert_eq!(reader.get("/api/v1/quarantine").await.is(200).json()["total"], 0);
    desk.work_until_idle().await;
    let first = desk.take_letter("stranger3@elsewhere.example").link("prepared");

    // Once more with another link, and taken back: then no link leads anywhere.
    let id = made["id"].as_str().unwrap();
    script.posts(&format!("prepared/{id}/letter"), json!({})).await.is(200);
    desk.work_until_idle().await;
    assert_ne!(desk.take_letter("stranger3@elsewhere.example").link("prepared"), first);
    assert_eq!(
        script.posts(&format!("prepared/{id}/withdrawal"), json!({})).await.is(200).json()["outcome"],
        "withdrawn"
    );
    for what in ["letter", "withdrawal"] {
        script.posts(&format!("prepared/{id}/{what}"), json!({})).await.tells(409, "notice-prepared-over");
        script.posts(&format!("prepared/{nobody}/{what}"), json!({})).await.is(404);
    }
    desk.finish().await;
}

#[actix_web::test]
async fn several_cases_are_looked_at_and_done_each_by_its_own_rules() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("Ann", Role::Agent).await;
    let script = desk.script(&ann, &ALL).await;
    let visitor = desk.visitor("de");
    for _ in 0..3 {
        visitor.escalates(&form()).await.went_well();
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    let list = script.get("/api/v1/cases?sort=changed").await.is(200).json();
    let numbers: Vec<String> = list["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["number"].as_str().unwrap().to_owned())
        .collect();
    let mut cases = serde_json::Map::new();
    for number in &numbers {
        let case = script.get(&format!("/api/v1/cases/{number}")).await.is(200).json();
        cases.insert(number.clone(), case["version"].clone());
    }
    let assign = |cases: &serde_json::Map<String, Value>, confirmed: bool| json!({ "what": "assign", "owner": "me", "cases": cases, "confirmed": confirmed });
    let looked = script.posts("bulk", assign(&cases, false)).await.is(200).json();
    assert_eq!((&looked["done"], &looked["count"]), (&json!(false), &json!(3)));
    // One has changed since: it alone is left.
    script.send(script.change(&numbers[0], "notes", json!({ "note": "Rief an." }))).await.is(200);
    let once = |body: Value| script.posting("bulk", body).header("idempotency-key", "b1");
    let done = script.send(once(assign(&cases, true))).await.is(200).json();
    assert_eq!((&done["done"], &done["count"]), (&json!(true), &json!(2)));
    let refused: Vec<&Value> =
        done["cases"].as_array().unwrap().iter().filter(|case| case["ok"] == false).collect();
    assert_eq!((refused.len(), &refused[0]["number"]), (1, &json!(numbers[0])));
    assert_eq!(refused[0]["code"], "bulk-stale");

    // A process that died before it answered: nothing is done twice, and what was done is told.
    let lost = "update token_requests set status = null, body = null, leased_until = '2000-01-01'";
    sqlx::query(lost).execute(&desk.casework.app.pool).await.unwrap();
    assert_eq!(script.send(once(assign(&cases, true))).await.is(200).json(), done);
    let lines: i64 = sqlx::query_scalar("select count(*) from case_events where kind = 'assigned'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(lines, 2);
    ann.open(&numbers[1]).await.says("Ann by token “Dashboard”");

    // What a page refuses is refused, and what a page would ignore.
    for (body, field) in [
        (json!({ "what": "close", "cases": cases, "outcome": "completed" }), "outcome"),
        (json!({ "what": "close", "cases": cases }), "outcome"),
        (json!({ "what": "approve", "cases": cases }), "what"),
        (json!({ "what": "assign", "owner": "pope", "cases": cases }), "owner"),
        (json!({ "what": "remind", "cases": {} }), "cases"),
        (json!({ "what": "remind", "cases": { "HO-2026-00001": "1" } }), "cases"),
        (json!({ "what": "remind" }), "cases"),
    ] {
        let wrong = script.posts("bulk", body).await.tells(422, "error-422").json();
        assert_eq!(wrong["errors"][0]["field"], field);
    }
    script.posts("bulk", json!({ "what": "remind", "cases": { "HO-2026-99999": 1 } })).await.is(404);
    desk.finish().await;
}

#[actix_web::test]
async fn the_next_case_views_and_what_one_is_told() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ada) = (desk.staff("Ann", Role::Agent).await, desk.staff("Ada", Role::Auditor).await);
    let (script, reader) = (desk.script(&ann, &ALL).await, desk.script(&ada, &ALL).await);
    script.posts("next", json!({})).await.tells(409, "notice-no-next");
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    desk.take_all_letters();
    reader.posts("next", json!({})).await.tells(403, "error-403");
    let next = || script.posting("next", json!({})).header("idempotency-key", "n1");
    let taken = script.send(next()).await.is(200);
    assert_eq!(taken.json()["number"], number.as_str());
    assert_eq!(script.send(next()).await.is(200).text, taken.text);
    assert_eq!(script.get(&format!("/api/v1/cases/{number}")).await.json()["owner"]["name"], "Ann");

    // A view is a filter of the list, and what the list would not understand is none.
    let view = json!({ "name": "Meine", "query": "view=mine&sort=due", "shared": true });
    let saved = script.posts("views", view).await.is(200).json();
    assert_eq!((&saved["query"], &saved["shared_by"]), (&json!("view=mine&sort=due"), &json!("Ann")));
    script.get(saved["href"].as_str().unwrap()).await.is(200);
    for wrong in
        ["stat=verified", "state=verfied", "limit=3", "after=x", "view=all&view=all", "%ff", "//evil.example"]
    {
        let view = json!({ "name": "x", "query": wrong });
        script.posts("views", view).await.tells(422, "error-422");
    }
    script.posts("views", json!({ "name": "" })).await.tells(422, "error-422");
    ann.get("/desk/cases").await.says("Meine");
    let seen = reader.get("/api/v1/views").await.is(200).json();
    assert_eq!(
        (&seen["views"][0]["name"], &seen["views"][0]["may_delete"]),
        (&json!("Meine"), &json!(false))
    );
    let deletion = format!("views/{}/deletion", saved["id"].as_str().unwrap());
    let bea = desk.script(&desk.staff("Bea", Role::Agent).await, &ALL).await;
    bea.posts(&deletion, json!({})).await.is(404);
    script.posts(&deletion, json!({})).await.is(200);
    script.posts(&deletion, json!({})).await.is(404);

    // All kinds for one's role, and no other.
    let told =
        reader.posts("notifications", json!({ "mention": "off", "language": "en" })).await.is(200).json();
    assert_eq!(told["kinds"], json!({ "mention": "off" }));
    let other = json!({ "mention": "off", "assigned": "off", "language": "en" });
    reader.posts("notifications", other).await.tells(422, "error-422");
    let wrong =
        script.posts("notifications", json!({ "mention": "off" })).await.tells(422, "error-422").json();
    assert!(wrong["errors"].as_array().unwrap().len() > 4, "{wrong}");
    assert_eq!(reader.get("/api/v1/notifications").await.is(200).json(), told);
    ada.get("/desk/notifications").await.is(200);
    desk.finish().await;
}
