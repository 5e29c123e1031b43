//! Programs at the desk: what they can do is what their owners can, and it is told as such.

use std::collections::BTreeSet;

use handover::case::actor::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::{
    desk::{Desk, StaffVisitor},
    script::{ALL, Script},
    story::{REQUESTER, form},
};

#[actix_web::test]
async fn a_program_works_a_case_in_the_name_of_its_owner() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("Ann", Role::Agent).await;
    let script = desk.script(&ann, &ALL).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();

    let list = script.get("/api/v1/cases?state=verifying").await.is(200);
    assert_eq!(list.json()["cases"][0]["number"], number.as_str());
    assert_eq!(list.header("cache-control"), "no-store");
    let read = script.get(&format!("/api/v1/cases/{number}")).await.is(200);
    let case = read.json();
    assert_eq!(case["request"]["requester"]["email"], REQUESTER);
    assert_eq!(case["trail"][0]["event"], "opened");
    assert_eq!(read.header("etag"), format!("\"{}\"", case["version"]));

    // A change names the version that it rests on, and nothing else will do.
    let question = json!({ "question": "Seit wann ist Frau Abend nicht mehr bei Ihnen?" });
    let ask = || script.change(&number, "question", question.clone());
    script.send(ask()).await.tells(428, "version-needed");
    for tag in ["*", "W/\"1\"", "1", "\"1\", \"2\"", "\"+1\"", ""] {
        script.send(ask().header("if-match", tag)).await.tells(428, "version-needed");
    }
    let tag = read.header("etag").to_owned();
    let note = json!({ "note": "Rief an." });
    script.send(script.change(&number, "notes", note)).await.is(200);
    let stale = script.does_at(&number, "question", &tag, question.clone()).await.tells(412, "version-stale");
    assert_eq!(stale.json()["changes"][0]["note"], "Rief an.");
    let asked = script.does_at(&number, "question", stale.header("etag"), question).await.is(200);
    assert_eq!(asked.json()["state"], "awaiting_customer");
    assert_eq!(asked.header("etag"), format!("\"{}\"", asked.json()["version"]));
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);

    // The trail says by which token; so does the page.
    let trail = script.get(&format!("/api/v1/cases/{number}")).await.is(200).json();
    let last = trail["trail"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["staff"], &last["token"]), (&json!("Ann"), &json!("Dashboard")));
    ann.open(&number).await.says("Ann by token “Dashboard”");

    // Wrong fields, in the reader's language, all at once.
    let german = script.change(&number, "notes", json!({ "not": 1 })).header("accept-language", "de");
    let wrong = script.send(german).await.is(422);
    assert!(wrong.text.contains("Dieses Feld gibt es hier nicht."), "{}", wrong.text);
    let secret = json!({ "note": "Passwort: geheim123" });
    let wrong = script.send(script.change(&number, "notes", secret)).await.tells(422, "error-422");
    assert_eq!(wrong.json()["errors"][0]["field"], "note");
    desk.finish().await;
}

/// What the forms of the page are sent to.
async fn forms(staff: &StaffVisitor, number: &str) -> BTreeSet<String> {
    let base = format!("/desk/cases/{number}/");
    let mut found = BTreeSet::new();
    for path in [format!("/desk/cases/{number}"), format!("/desk/cases/{number}/approval")] {
        let page = staff.get(&path).await;
        let page = scraper::Html::parse_document(&page.text);
        let forms = scraper::Selector::parse("form[method=post]").unwrap();
        let to = page.select(&forms).filter_map(|form| form.value().attr("action")?.strip_prefix(&base));
        found.extend(to.map(str::to_owned));
    }
    found
}

/// Something for each address, so that only the rules can be against it.
fn something(what: &str) -> Value {
    match what {
        "notes" => json!({ "note": "x" }),
        "question" => json!({ "question": "x" }),
        "answer" => json!({ "answer": "done" }),
        "closing" => json!({ "outcome": "completed", "reason": "x" }),
        "assignment" => json!({ "owner": "me" }),
        "draft" => json!({ "subject": "x", "opening": "x", "closing": "x" }),
        "corrections" => json!({ "departed_name": "Petra Morgen", "reason": "x" }),
        "objection" => json!({ "note": "x" }),
        "checks/callback" => json!({ "verdict": "failed", "note": "x", "number": "+49 89 99998 201" }),
        "seen" | "reminder" | "approval" => json!({}),
        _ => json!({ "reason": "x" }),
    }
}

const TRIED: [&str; 15] = [
    "notes",
    "question",
    "answer",
    "closing",
    "assignment",
    "draft",
    "corrections",
    "objection",
    "checks/callback",
    "seen",
    "reminder",
    "recall",
    "rejection",
    "reopening",
    "draft/return",
];

/// Page and program offer the same, and what the one refuses the other refuses, too, with the same word.
async fn compare(desk: &Desk, number: &str, all: &[(StaffVisitor, Script)]) {
    let state = desk.state(number).await;
    for (staff, script) in all {
        let page = forms(staff, number).await;
        let case = script.get(&format!("/api/v1/cases/{number}")).await.is(200).json();
        let base = format!("/api/v1/cases/{number}/");
        let offered: BTreeSet<String> = case["offers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|offer| offer["href"].as_str().unwrap().strip_prefix(&base).unwrap().to_owned())
            .collect();
        assert_eq!(page, offered, "{state} as {:?}", staff.role);
        for offer in case["offers"].as_array().unwrap() {
            let what = offer["href"].as_str().unwrap().strip_prefix(&base).unwrap();
            if offer["needs_person"] == true && what == "reopening" {
                script.does(number, what, something(what)).await.tells(403, "needs-a-person");
            }
        }
        let version = case["version"].to_string();
        for what in TRIED.into_iter().filter(|what| !offered.contains(*what)) {
            let body = something(what);
            let fields = body.as_object().unwrap().iter();
            let mut fields: Vec<(&str, &str)> =
                fields.map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
            fields.push(("version", &version));
            let by_page = staff.visitor.post(&format!("/desk/cases/{number}/{what}"), &fields).await;
            let by_program = script.does_at(number, what, &format!("\"{version}\""), body.clone()).await;
            let needs_person = by_program.json()["code"] == "needs-a-person";
            assert!(by_page.status.is_client_error(), "{state} {what} as {:?}", staff.role);
            assert!(
                needs_person || by_page.status == by_program.status,
                "{state} {what}: {}",
                by_program.text
            );
        }
    }
    assert_eq!(desk.state(number).await, state, "what was refused changed nothing");
}

#[actix_web::test]
async fn page_and_program_allow_the_same_in_every_state_of_a_story() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let mut all = Vec::new();
    for (name, role) in
        [("Ada", Role::Auditor), ("Ann", Role::Agent), ("Ben", Role::Approver), ("Eve", Role::Admin)]
    {
        let staff = desk.staff(name, role).await;
        let script = desk.script(&staff, &ALL).await;
        all.push((staff, script));
    }
    let visitor = desk.visitor("de");
    visitor.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    let number = desk.newest().await;
    compare(&desk, &number, &all).await;
    let link = desk.take_letter(REQUESTER).link("confirmations");
    visitor.post(&link, &[]).await.went_well();
    desk.work_until_idle().await;
    compare(&desk, &number, &all).await;

    let link = desk.take_letter(crate::helpers::story::SUCCESSOR).link("successors");
    visitor.post(&link, &[("decision", "accept")]).await.went_well();
    let dan = desk.staff("Dan", Role::Agent).await;
    dan.calls_back(&number).await;
    desk.later(8 * 24).await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "verified");
    compare(&desk, &number, &all).await;

    dan.drafts(&number).await;
    compare(&desk, &number, &all).await;
    // Whatever token asks: approving needs a person.
    for (_, script) in &all[2..] {
        let digest = json!({ "digest": desk.digest(&number).await });
        let refused = script.does(&number, "approval", digest).await.tells(403, "approval-needs-a-person");
        assert!(
            refused.json()["page"].as_str().unwrap().ends_with(&format!("/desk/cases/{number}/approval"))
        );
    }
    assert_eq!(desk.state(&number).await, "awaiting_approval");

    all[2].0.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "with_atlassian");
    compare(&desk, &number, &all).await;
    let ann = &all[1].1;
    ann.does(&number, "answer", json!({ "answer": "done" })).await.is(200);
    desk.work_until_idle().await;
    desk.take_all_letters();
    compare(&desk, &number, &all).await;
    ann.does(&number, "closing", json!({ "outcome": "completed", "reason": "Bestätigt." })).await.is(200);
    desk.work_until_idle().await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "closed");
    compare(&desk, &number, &all).await;
    desk.finish().await;
}

#[actix_web::test]
async fn a_service_account_has_no_hand_in_what_another_approves() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (eve, ann) = (desk.staff("Eve", Role::Admin).await, desk.staff("Ann", Role::Agent).await);
    let service = desk.service(&eve, "agent", &ALL).await;
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    for what in ["draft", "corrections"] {
        service.does(&number, what, something(what)).await.tells(403, "needs-a-person");
    }
    let prepared = json!({ "language": "de", "requester_email": "x@nordlicht.example" });
    let request = service.request(Method::POST, "/api/v1/prepared").json(&prepared);
    service.send(request).await.tells(403, "needs-a-person");
    // It works on cases otherwise, has none, and nobody signs in as it.
    service.does(&number, "notes", json!({ "note": "Nachts gesehen." })).await.is(200);
    ann.open(&number).await.says("Nightly run by token “Dashboard”");
    let ids: Vec<(String, String)> =
        sqlx::query_as("select id::text, email from staff where kind = 'service'")
            .fetch_all(&desk.casework.app.pool)
            .await
            .unwrap();
    service.does(&number, "assignment", json!({ "owner": ids[0].0 })).await.is(422);
    let fields = [("email", ids[0].1.as_str()), ("password", "correct horse battery staple")];
    desk.visitor("en").post("/desk/sign-in", &fields).await.is(422);
    // And the database says it, whatever the program would.
    let forged = "insert into approvals (id, case_id, draft_id, digest, evidence_digest, drafted_by, approved_by, approved_at)
         select gen_random_uuid(), case_id, id, digest, evidence_digest, author_id,
             (select id from staff where kind = 'service'), now() from drafts where voided_at is null";
    ann.drafts(&number).await;
    let refused = sqlx::raw_sql(forged).execute(&desk.casework.app.pool).await.unwrap_err();
    assert!(refused.to_string().contains("only people"), "{refused}");
    desk.finish().await;
}

#[actix_web::test]
async fn the_same_request_is_answered_once_and_done_once() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("Ann", Role::Agent).await;
    let script = desk.script(&ann, &ALL).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let note = |text: &str, key: &str| {
        script.send(script.change(&number, "notes", json!({ "note": text })).header("idempotency-key", key))
    };
    let count = async || -> i64 {
        sqlx::query_scalar("select count(*) from case_events where kind = 'note_added'")
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap()
    };
    let first = note("eins", "k1").await.is(200);
    let again = note("eins", "k1").await.is(200);
    assert_eq!(
        (first.text, first.headers["etag"].clone()),
        (again.text.clone(), again.headers["etag"].clone())
    );
    assert_eq!(again.header("idempotency-replayed"), "true");
    note("zwei", "k1").await.tells(422, "key-reused");
    assert_eq!(count().await, 1);

    // Two at once: one is done, the other waits its turn or is told so.
    let (one, other) = tokio::join!(note("drei", "k2"), note("drei", "k2"));
    let statuses = BTreeSet::from([one.status.as_u16(), other.status.as_u16()]);
    assert!(statuses.contains(&200) && statuses.is_subset(&BTreeSet::from([200, 409])), "{statuses:?}");
    assert_eq!(count().await, 2);

    // Under way, by whoever has not answered yet.
    let pool = &desk.casework.app.pool;
    let lose = |until: &'static str| {
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "update token_requests set status = null, body = null, leased_until = {until}"
        )))
        .execute(pool)
    };
    lose("'2100-01-01'").await.unwrap();
    note("eins", "k1").await.tells(409, "key-under-way");
    // A process that died after doing it and before answering: nothing is done again, and the answer is the same.
    lose("'2000-01-01'").await.unwrap();
    let recovered = note("eins", "k1").await.is(200);
    assert_eq!(recovered.json(), again.json());
    assert_eq!(count().await, 2);
    // One that died before doing anything is done now.
    sqlx::query("update token_requests set id = gen_random_uuid(), digest = digest, status = null, body = null, leased_until = '2000-01-01' where status is null")
        .execute(pool).await.unwrap();
    note("drei", "k2").await.is(200);
    assert_eq!(count().await, 3);

    // What was refused is refused again, and after a day all is forgotten.
    note("Passwort: geheim123", "k3").await.is(422);
    note("Passwort: geheim123", "k3").await.is(422);
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(25)));
    note("vier", "k1").await.is(200);
    for key in ["", "a b", "ü", &"k".repeat(201)] {
        let request =
            script.change(&number, "notes", json!({ "note": "x" })).header("idempotency-key", key.as_bytes());
        let reply = script.send(request).await.is(400);
        assert!(["key-malformed", "header-twice"].contains(&reply.json()["code"].as_str().unwrap()));
    }
    desk.finish().await;
}

#[actix_web::test]
async fn lists_come_in_pages_and_nothing_in_an_address_is_ignored() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let script = desk.script(&desk.staff("Ada", Role::Auditor).await, &ALL).await;
    let visitor = desk.visitor("de");
    for _ in 0..3 {
        visitor.escalates(&form()).await.went_well();
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    let mut path = "/api/v1/cases?limit=1&sort=due".to_owned();
    let mut seen = BTreeSet::new();
    loop {
        let page = script.get(&path).await.is(200);
        assert_eq!(page.json()["total"], 3);
        seen.insert(page.json()["cases"][0]["number"].as_str().unwrap().to_owned());
        let Some(next) = page.json()["next"].as_str().map(str::to_owned) else { break };
        assert_eq!(page.header("link"), format!("<{next}>; rel=\"next\""));
        path = next;
    }
    assert_eq!(seen.len(), 3);
    for wrong in [
        "stat=verified",
        "state=verfied",
        "limit=0",
        "limit=101",
        "limit=x",
        "after=abc",
        "after=e30",
        "sort=due&sort=due",
        "view=mine&owner=none",
        "text=%00",
        "text=%ff",
    ] {
        script.get(&format!("/api/v1/cases?{wrong}")).await.is(400);
    }
    // A cursor of another order is none of this one, and a made-up one opens nothing.
    let cursor = path.split("after=").nth(1).unwrap().split('&').next().unwrap();
    script.get(&format!("/api/v1/cases?sort=changed&after={cursor}")).await.tells(400, "parameters");
    desk.finish().await;
}

#[actix_web::test]
async fn the_register_and_the_figures_are_read_and_files_imported() {
    let desk = Desk::start().await;
    let (eve, ann) = (desk.staff("Eve", Role::Admin).await, desk.staff("Ann", Role::Agent).await);
    let admin = desk.script(&eve, &ALL).await;
    let agent = desk.script(&ann, &ALL).await;
    let service = desk.service(&eve, "admin", &["register:import"]).await;
    let file = include_str!("helpers/register.csv");
    let import = |script: &Script, query: &str| {
        let request = script.request(Method::POST, &format!("/api/v1/register/imports{query}"));
        request.header("content-type", "text/csv").body(file)
    };
    agent.send(import(&agent, "")).await.is(403);
    let dry = admin.send(import(&admin, "?dry_run=true")).await.is(200).json();
    assert_eq!(admin.get("/api/v1/register/customers").await.is(200).json()["total"], 0);
    let done = service.send(import(&service, "")).await.is(200).json();
    assert_eq!(
        (&dry["added"], &dry["dry_run"], &done["dry_run"]),
        (&done["added"], &json!(true), &json!(false))
    );
    assert_eq!(admin.send(import(&admin, "")).await.is(200).json()["added"], 0);
    admin.send(import(&admin, "?dryrun=true")).await.is(400);
    admin.send(import(&admin, "?dry_run=yes")).await.is(400);
    let nonsense = admin.request(Method::POST, "/api/v1/register/imports").header("content-type", "text/csv");
    admin.send(nonsense.body("a,b\n1,2\n")).await.is(422);
    eve.get("/desk/administration/trail").await.is(200).says("Nightly run imported a file into the register");
    eve.get("/desk/administration/imports").await.is(200).says("Nightly run");

    let found = agent.get("/api/v1/register/customers?text=Nordlicht").await.is(200).json();
    let id = found["customers"][0]["id"].as_str().unwrap().to_owned();
    let customer = agent.get(&format!("/api/v1/register/customers/{id}")).await.is(200).json();
    assert_eq!(customer["number"], "K-1");
    agent.get("/api/v1/register/customers/00000000-0000-0000-0000-000000000000").await.is(404);
    agent.get("/api/v1/register/customers?after=abc").await.is(400);

    let report = agent.get("/api/v1/reports/flow?from=2026-05-01&to=2026-06-30").await.is(200);
    assert_eq!(report.json()["from"], "2026-05-01");
    let csv = agent.request(Method::GET, "/api/v1/reports/flow").header("accept", "text/csv");
    assert!(agent.send(csv).await.is(200).header("content-type").starts_with("text/csv"));
    agent.get("/api/v1/reports/nothing").await.is(404);
    agent.get("/api/v1/reports/flow?from=yesterday").await.is(400);
    desk.finish().await;
}

#[actix_web::test]
async fn a_request_is_written_down_for_a_caller_and_is_no_case() {
    let desk = Desk::start().await;
    let script = desk.script(&desk.staff("Ann", Role::Agent).await, &ALL).await;
    let prepare = |body: Value| {
        script.request(Method::POST, "/api/v1/prepared").header("idempotency-key", "call-1").json(&body)
    };
    let body = json!({ "language": "de", "requester_email": REQUESTER, "company": "Nordlicht" });
    let made = script.send(prepare(body.clone())).await.is(201).json();
    assert_eq!(script.send(prepare(body)).await.is(201).json(), made);
    let wrong =
        json!({ "language": "de", "requester_email": "nobody", "explanation": "Passwort: geheim123" });
    let request = script.request(Method::POST, "/api/v1/prepared").json(&wrong);
    let wrong = script.send(request).await.tells(422, "error-422").json();
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 2);
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    let list = script.get("/api/v1/prepared").await.is(200).json();
    assert_eq!(list["prepared"][0]["id"], made["id"]);
    assert_eq!(script.get("/api/v1/cases").await.is(200).json()["total"], 0);
    desk.finish().await;
}
