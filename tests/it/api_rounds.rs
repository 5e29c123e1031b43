//! Who tries to get round four eyes by a program: with every token and every operation that there is, on a case that waits for its
//! second person.

use handover::{
    case::actor::Role,
    desk::api::operations::{Operation, Takes},
    routes,
    routes::Who,
    web::json::Kind,
};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::helpers::{
    desk::Desk,
    inbound::BELIEVING,
    script::{ALL, Script},
};

/// Something of the kind that each field takes.
fn body_of(operation: &Operation, number: &str, version: &Value, digest: &str) -> Value {
    let mut body = Map::new();
    for field in operation.fields() {
        let value = match (field.name, field.kind) {
            ("digest", _) => json!(digest),
            ("number", _) if operation.path.contains("quarantine") => json!(number),
            ("owner", _) => json!("me"),
            ("query", _) => json!("view=mine"),
            ("requester_email", _) => json!("x@elsewhere.example"),
            // What it would be used for.
            ("waive" | "confirmed", _) => json!(true),
            ("again" | "shared", _) | (_, Kind::Bool) => json!(false),
            (_, Kind::Text) => json!("approve"),
            (_, Kind::Choice(words)) => json!(words[0]),
            (_, Kind::Id) => json!("018f0000-0000-7000-8000-000000000001"),
            (_, Kind::Files) => json!([]),
            (_, Kind::Criteria(_)) => json!({}),
            (_, Kind::Versions) => json!({ number: version }),
        };
        body.insert(field.name.to_owned(), value);
    }
    Value::Object(body)
}

/// Asks for all that changes something; the statuses by operation.
async fn tries_everything(
    desk: &Desk,
    script: &Script,
    number: &str,
    message: &str,
) -> Vec<(&'static str, u16)> {
    let mut told = Vec::new();
    for entry in routes::table() {
        let Who::Token(operation, _) = entry.who else { continue };
        // What would end the wait is tried below, or in stories of its own.
        let over = ["recall", "reject", "close", "return_draft", "correct_facts", "save_draft", "object"];
        let ends = over.contains(&operation.id);
        if entry.method != actix_web::http::Method::POST || ends {
            continue;
        }
        let Takes::Fields(_) = operation.takes else { continue };
        let case = script.get(&format!("/api/v1/cases/{number}")).await.is(200).json();
        let body = body_of(operation, number, &case["version"], &desk.digest(number).await);
        for kind in ["callback", "document", "departed_notice"] {
            let path =
                entry.path.replace("{number}", number).replace("{kind}", kind).replace("{id}", message);
            let request = script.request(Method::POST, &path).json(&body);
            let reply = script.send(request.header("if-match", format!("\"{}\"", case["version"]))).await;
            assert!(reply.status.as_u16() < 500, "{path}: {}", reply.text);
            told.push((operation.id, reply.status.as_u16()));
            if !entry.path.contains("{kind}") {
                break;
            }
        }
    }
    told
}

async fn count(desk: &Desk, what: &'static str) -> i64 {
    sqlx::query_scalar(what).fetch_one(&desk.casework.app.pool).await.unwrap()
}

const APPROVED: &str = "select count(*) from approvals";
const TO_ATLASSIAN: &str = "select count(*) from emails where audience = 'atlassian'";
const HANDS: &str = "select count(*) from case_events where kind in ('check_waived', 'draft_saved', 'facts_corrected', 'approved')";

#[actix_web::test]
async fn no_operation_approves_and_none_does_what_four_eyes_count_for_a_service() {
    let desk =
        Desk::start_with(&format!("{BELIEVING}http.api_per_minute = 100000\nhttp.api_burst = 100000")).await;
    desk.import_register().await;
    let (ann, ben, eve) = (
        desk.staff("Ann", Role::Agent).await,
        desk.staff("Ben", Role::Approver).await,
        desk.staff("Eve", Role::Admin).await,
    );
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ann.drafts(&number).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    let messages = desk.strangers_write(2).await;
    let hands = count(&desk, HANDS).await;

    // A service account, with all scopes and as much of a role as there is for one.
    let service = desk.service(&eve, "admin", &ALL).await;
    let told = tries_everything(&desk, &service, &number, &messages[0]).await;
    assert!(told.len() > 20, "{told:?}");
    let by_hand = [
        "approve",
        "take_next",
        "prepare",
        "resend_prepared",
        "withdraw_prepared",
        "choose_notifications",
        "release_message",
        "discard_message",
        "answer_message",
        "create_block",
        "retire_block",
        "restore_block",
        "change_block",
    ];
    for (operation, status) in told.iter().filter(|(operation, _)| by_hand.contains(operation)) {
        assert_eq!(*status, 403, "{operation}");
    }
    assert_eq!(count(&desk, HANDS).await, hands);
    let waiting = "select count(*) from inbound_emails where state = 'quarantined'";
    assert_eq!(count(&desk, waiting).await, 2, "nobody has decided about the mail");
    assert_eq!(count(&desk, "select count(*) from prepared_requests").await, 0);

    // Whoever may approve on the page, by everything that their token can do.
    for person in [&ben, &eve] {
        let script = desk.script(person, &ALL).await;
        let told = tries_everything(&desk, &script, &number, &messages[1]).await;
        let approving: Vec<u16> =
            told.iter().filter(|(operation, _)| *operation == "approve").map(|(_, status)| *status).collect();
        assert_eq!(approving, [403]);
        assert_eq!(desk.state(&number).await, "awaiting_approval");
    }
    // Several at once are no way either: neither the word nor what the page would take along.
    let script = desk.script(&ben, &ALL).await;
    let version = script.get(&format!("/api/v1/cases/{number}")).await.json()["version"].clone();
    for what in ["approve", "approval", "waive", "reopen", "save_draft"] {
        let body = json!({ "what": what, "cases": { number.clone(): version }, "confirmed": true });
        script.posts("bulk", body).await.tells(422, "error-422");
    }
    let digest = desk.digest(&number).await;
    let more =
        json!({ "what": "assign", "owner": "me", "cases": { number.clone(): version }, "digest": digest });
    script.posts("bulk", more).await.tells(422, "error-422");
    assert_eq!((count(&desk, APPROVED).await, count(&desk, TO_ATLASSIAN).await), (0, 0));

    // What a token did counts as its owner's hand: the draft that Ben's program writes Ben can't approve.
    script.does(&number, "draft/return", json!({ "reason": "Anders." })).await.is(200);
    let draft = json!({ "subject": "Change", "opening": "Please change it.", "closing": "Thank you." });
    script.does(&number, "draft", draft).await.is(200);
    let digest = desk.digest(&number).await;
    ben.approves_bytes(&number, &digest).await.is(403);
    assert_eq!(count(&desk, APPROVED).await, 0);
    // A message that Eve's program filed is none: mail moves nothing, and she approves what she has looked at.
    let filed = "select count(*) from inbound_emails where state = 'filed'";
    assert_eq!(count(&desk, filed).await, 1);
    eve.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    assert_eq!(count(&desk, APPROVED).await, 1);
    desk.finish().await;
}

/// A token has the scopes that somebody ticked; what came later is in none of them.
#[actix_web::test]
async fn a_token_for_cases_does_nothing_else_and_ends_with_its_owner() {
    let desk = Desk::start_with(BELIEVING).await;
    let eve = desk.staff("Eve", Role::Admin).await;
    let old = ["cases:read", "cases:write", "register:read", "register:import", "reports:read"];
    let script = desk.script(&eve, &old).await;
    let id = &desk.strangers_write(1).await[0];
    let block = json!({ "kind": "note", "title_de": "x", "title_en": "x", "de": "x", "en": "x" });
    for (path, body) in [
        (format!("quarantine/{id}/discard"), json!({ "reason": "x" })),
        (format!("quarantine/{id}/answer"), json!({ "language": "de" })),
        ("administration/text_blocks".to_owned(), block.clone()),
        ("views".to_owned(), json!({ "name": "x" })),
        ("notifications".to_owned(), json!({ "mention": "off", "language": "de" })),
    ] {
        let refused = script.posts(&path, body).await.tells(403, "scope-missing");
        assert!(refused.header("www-authenticate").contains("insufficient_scope"));
    }
    for path in ["quarantine", "mail", "views", "notifications", "administration/text_blocks"] {
        script.get(&format!("/api/v1/{path}")).await.tells(403, "scope-missing");
    }
    // Demoted in between, an administrator's program writes no block; disabled, it is nothing.
    let script = desk.script(&eve, &ALL).await;
    script.posts("administration/text_blocks", block.clone()).await.is(201);
    desk.staff_without_browser("Ida", Role::Admin).await;
    let demote = "update staff set role = 'agent' where name = 'Eve'";
    sqlx::query(demote).execute(&desk.casework.app.pool).await.unwrap();
    script.posts("administration/text_blocks", block.clone()).await.is(403);
    let back = "update staff set role = 'admin' where name = 'Eve'";
    sqlx::query(back).execute(&desk.casework.app.pool).await.unwrap();
    desk.bars("eve@reseller.example").await.unwrap();
    script.posts("administration/text_blocks", block).await.tells(401, "token-unknown");
    script.posts(&format!("quarantine/{id}/discard"), json!({ "reason": "x" })).await.is(401);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}
