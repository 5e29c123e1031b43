//! Who attacks the interface for programs, and how: with no token, another's, one that is over, too little or too much of
//! anything.

use handover::{case::actor::Role, routes, routes::Who};
use reqwest::{Method, header::HeaderValue};
use serde_json::json;

use crate::helpers::{
    desk::Desk,
    script::{ALL, Script, asking_for, shown},
    story::form,
};

#[actix_web::test]
async fn nobody_comes_in_without_a_token_that_stands() {
    let desk = Desk::start_with("http.api_per_minute = 100000\nhttp.api_burst = 100000").await;
    let (ann, ben, eve) = (
        desk.staff("Ann", Role::Agent).await,
        desk.staff("Ben", Role::Agent).await,
        desk.staff("Eve", Role::Admin).await,
    );
    let script = desk.script(&ann, &ALL).await;
    script.get("/api/v1/cases").await.is(200);

    // Every operation asks for one, and a session is none: what another site has a browser send does nothing here.
    let mut asked = 0;
    for entry in routes::table() {
        let Who::Token(..) = entry.who else { continue };
        asked += 1;
        let path = entry
            .path
            .replace("{number}", "HO-2026-00001")
            .replace("{kind}", "callback")
            .replace("{figure}", "flow");
        let path = path.replace("{id}", "018f0000-0000-7000-8000-000000000001");
        let reply = script.send(script.without_token(entry.method.as_str().parse().unwrap(), &path)).await;
        let reply = reply.tells(401, "token-missing");
        assert!(reply.header("www-authenticate").starts_with("Bearer"));
        if entry.method == actix_web::http::Method::GET {
            ann.visitor.get(&path).await.is(401);
        } else {
            ann.visitor.post(&path, &[]).await.is(401);
        }
    }
    assert!(asked > 25, "{asked}");

    // In the address or a cookie it is none, and the desk's pages take none.
    let token = script.token.clone();
    for name in ["access_token", "token", "authorization"] {
        let reply =
            script.send(script.without_token(Method::GET, &format!("/api/v1/cases?{name}={token}"))).await;
        reply.tells(401, "token-missing");
    }
    for name in ["handover_session", "token"] {
        let request =
            script.without_token(Method::GET, "/api/v1/cases").header("cookie", format!("{name}={token}"));
        script.send(request).await.is(401);
    }
    let page = script.request(Method::GET, "/desk/cases").header("accept", "application/json");
    script.send(page).await.is(401);

    // Twice, in another scheme, with something around it, or as nonsense.
    let twice = script.request(Method::GET, "/api/v1/cases").header("authorization", "Bearer x");
    script.send(twice).await.tells(400, "header-twice");
    for wrong in [
        "Basic YW5uOng=",
        "Bearer",
        "Bearer x",
        &format!("Bearer {token},{token}"),
        &format!("Bearer {token}x"),
    ] {
        let request = script.without_token(Method::GET, "/api/v1/cases").header("authorization", wrong);
        script.send(request).await.is(401);
    }
    let raw = HeaderValue::from_bytes(b"Bearer hvr_\xff").unwrap();
    script
        .send(script.without_token(Method::GET, "/api/v1/cases").header("authorization", raw))
        .await
        .is(400);

    // Somebody else can't end it, an administrator can, and from then on it is nothing.
    let id: String = sqlx::query_scalar("select id::text from staff_tokens")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    ben.visitor.post(&format!("/desk/account/tokens/{id}/end"), &[]).await.is(404);
    script.get("/api/v1/cases").await.is(200);
    eve.visitor.post(&format!("/desk/account/tokens/{id}/end"), &[]).await.went_well();
    script.get("/api/v1/cases").await.tells(401, "token-unknown");

    // Over by its day; and with its owner's access.
    let script = desk.script(&ann, &ALL).await;
    let other = desk.script(&ben, &ALL).await;
    desk.bars("ben@reseller.example").await.unwrap();
    other.get("/api/v1/cases").await.tells(401, "token-unknown");
    desk.clock.set("2027-02-01T22:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
    script.get("/api/v1/cases").await.is(200);
    desk.clock.set("2027-02-01T23:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
    script.get("/api/v1/cases").await.tells(401, "token-unknown");
    desk.work_until_idle().await;
    desk.take_letter("eve@reseller.example");
    eve.signs_in().await;
    let trail = eve.get("/desk/administration/trail").await.is(200);
    trail.says("ended a token of Ann").says("ended a token of Ben").says("made a token for Ann: cases:read");
    let stored: Vec<String> = sqlx::query_scalar(
        "select data::text from administration_events union all select name from staff_tokens",
    )
    .fetch_all(&desk.casework.app.pool)
    .await
    .unwrap();
    assert!(!stored.iter().any(|text| text.contains(&token[4..])), "the token stands somewhere");
    desk.finish().await;
}

#[actix_web::test]
async fn a_token_never_does_more_than_it_is_for_and_its_owner_may() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("Ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let reader = desk.script(&ann, &["cases:read"]).await;
    let note = json!({ "note": "x" });
    let refused =
        reader.send(reader.change(&number, "notes", note.clone())).await.tells(403, "scope-missing");
    assert!(refused.header("www-authenticate").contains("insufficient_scope"));
    for path in ["/api/v1/register/customers", "/api/v1/reports/flow"] {
        reader.get(path).await.tells(403, "scope-missing");
    }
    // A role that was taken away counts at once.
    let writer = desk.script(&ann, &ALL).await;
    writer.send(writer.change(&number, "notes", note.clone())).await.is(200);
    let demote = "update staff set role = 'auditor' where name = 'Ann'";
    sqlx::query(demote).execute(&desk.casework.app.pool).await.unwrap();
    writer.send(writer.change(&number, "notes", note)).await.is(403);
    writer.get(&format!("/api/v1/cases/{number}")).await.is(200);

    // What the form of a token refuses.
    for (field, value) in [
        ("name", ""),
        ("name", "a\u{202e}b"),
        ("until", "2026-05-31"),
        ("until", "2027-06-03"),
        ("until", "x"),
    ] {
        let mut fields = asking_for(&["cases:read"]);
        fields.retain(|(name, _)| name != field);
        fields.push((field.to_owned(), value));
        ann.asks_for_token(&fields).await.is(422);
    }
    ann.asks_for_token(&asking_for(&[])).await.is(422).says("tick at least one");
    // Only administrators make service accounts.
    let mut fields = asking_for(&["cases:read"]);
    fields.extend([("service".to_owned(), "Robot"), ("role".to_owned(), "admin")]);
    ann.asks_for_token(&fields).await.is(200);
    let services: i64 = sqlx::query_scalar("select count(*) from staff where kind = 'service'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(services, 0);
    for _ in 3..20 {
        ann.asks_for_token(&asking_for(&["cases:read"])).await.is(200);
    }
    ann.asks_for_token(&asking_for(&["cases:read"])).await.is(422).says("20 tokens");
    let page = ann.get("/desk/account/tokens").await.is(200);
    assert!(!page.text.contains("hvr_"), "a token is shown a second time");
    let back = "update staff set role = 'agent' where name = 'Ann'";
    sqlx::query(back).execute(&desk.casework.app.pool).await.unwrap();
    desk.finish().await;
}

#[actix_web::test]
async fn odd_requests_are_refused_in_words() {
    let desk = Desk::start_with("http.api_import_bytes = 200000").await;
    desk.import_register().await;
    let eve = desk.staff("Eve", Role::Admin).await;
    let script = desk.script(&eve, &ALL).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let path = format!("/api/v1/cases/{number}/notes");
    let post = |kind: &'static str, body: Vec<u8>| {
        script.send(script.request(Method::POST, &path).header("content-type", kind).body(body))
    };
    let deep = format!("{{\"note\":{}{}}}", "[".repeat(60_000), "]".repeat(60_000));
    for body in [
        &b"{"[..],
        b"[]",
        b"null",
        b"{\"note\":\"\xff\"}",
        b"{\"note\":\"a\",\"note\":\"b\"}",
        deep.as_bytes(),
    ] {
        post("application/json", body.to_vec()).await.tells(400, "malformed");
    }
    let huge = format!("{{\"note\":\"{}\"}}", "a".repeat(200_000));
    post("application/json", huge.into_bytes()).await.is(413);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        post(kind, b"{\"note\":\"x\"}".to_vec()).await.tells(415, "media-type");
    }
    post("application/json; charset=utf-8", b"{\"note\":\"x\"}".to_vec()).await.is(200);
    let packed = script.request(Method::POST, &path).header("content-type", "application/json");
    script.send(packed.header("content-encoding", "gzip").body("x")).await.tells(415, "media-type");
    let large = script.request(Method::POST, "/api/v1/register/imports").header("content-type", "text/csv");
    script.send(large.body("a".repeat(200_001))).await.is(413);

    // Methods and what is wanted back.
    let odd = script.send(script.request(Method::DELETE, &path)).await.tells(405, "method");
    assert_eq!(odd.header("allow"), "OPTIONS, POST");
    let options = script.send(script.without_token(Method::OPTIONS, "/api/v1/cases")).await.is(204);
    assert_eq!(options.header("allow"), "OPTIONS, GET, HEAD");
    assert!(options.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
    let head = script.send(script.request(Method::HEAD, "/api/v1/cases")).await.is(200);
    assert!(head.text.is_empty());
    let overridden = script.request(Method::GET, &path).header("x-http-method-override", "POST");
    script.send(overridden).await.is(405);
    for accept in ["text/html", "application/xml", "application/json;q=0"] {
        let request = script.request(Method::GET, "/api/v1/cases").header("accept", accept);
        script.send(request).await.tells(406, "not-acceptable");
    }
    for accept in ["*/*", "application/*", "text/html, application/json;q=0.1"] {
        script.send(script.request(Method::GET, "/api/v1/cases").header("accept", accept)).await.is(200);
    }
    script.get("/api/v1/nothing").await.tells(404, "error-404");
    script.get("/api/v1/cases/HO-2026-99999").await.tells(404, "error-404");
    script.get("/api/v1/cases/x").await.is(404);
    let file = script.request(Method::POST, &format!("/api/v1/cases/{number}/evidence"));
    let file = file.header("content-type", "multipart/form-data; boundary=x").header("idempotency-key", "k");
    script.send(file.body("--x--\r\n")).await.tells(400, "key-not-here");
    let english = script.request(Method::GET, "/api/v1/cases/x").header("accept-language", "en");
    let english = script.send(english).await;
    assert_eq!(english.header("content-language"), "en");
    // The reader's cookie for pages says nothing here.
    let cookie = script.request(Method::GET, "/api/v1/cases/x").header("cookie", "language=de");
    let cookie = cookie.header("accept-language", "en");
    assert_eq!(script.send(cookie).await.header("content-language"), "en");
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_asks_too_often_is_told_when_to_come_again() {
    let desk = Desk::start_with("http.api_per_minute = 1\nhttp.api_burst = 3").await;
    let (ann, ben) = (desk.staff("Ann", Role::Agent).await, desk.staff("Ben", Role::Agent).await);
    let (script, other) = (desk.script(&ann, &ALL).await, desk.script(&ben, &ALL).await);
    for _ in 0..3 {
        script.get("/api/v1/cases").await.is(200);
    }
    let refused = script.get("/api/v1/cases").await.tells(429, "error-429");
    assert!((1..=60).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
    // One token's flood is nobody else's.
    other.get("/api/v1/cases").await.is(200);
    // Guessing is counted by network, and does not shut out who has a token.
    let guesser = Script::new(&desk.address, &format!("hvr_{}", "A".repeat(43)));
    for _ in 0..3 {
        guesser.get("/api/v1/cases").await.is(401);
    }
    guesser.get("/api/v1/cases").await.is(429);
    other.get("/api/v1/cases").await.is(200);
    desk.finish().await;
}

#[actix_web::test]
async fn a_token_is_shown_once_and_the_page_is_one_like_all() {
    let desk = Desk::start().await;
    for language in ["de", "en"] {
        let eve = desk.staff_reading("Eve", Role::Admin, language).await;
        let mut fields = asking_for(&["cases:read"]);
        fields.extend([("service".to_owned(), "Robot <b>"), ("role".to_owned(), "agent")]);
        let page = eve.asks_for_token(&fields).await.is(200);
        assert_eq!(page.text.matches(&shown(&page)).count(), 1);
        assert!(page.text.contains("Robot &lt;b&gt;") && !page.text.contains("Robot <b>"));
        let reference = desk.visitor(language).get("/api/v1").await.is(200);
        assert!(
            reference.text.contains("/api/v1/cases/{number}/question")
                && !reference.text.contains("<script src=\"http")
        );
    }
    desk.finish().await;
}
