//! Webhooks: what programs of the reseller's are told, signed, at least once; and what administrators see of it.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use handover::{
    case::{
        action::Action,
        actor::{Actor, Role},
    },
    lang::Language,
    webhooks::{EventKind, outbox},
};
use serde_json::json;
use strum::VariantArray as _;

use crate::helpers::{
    desk::{Desk, StaffVisitor},
    receiver::{Manner, Receiver, Request},
    story::{REQUESTER, form},
};

const HOOKS: &str = "/desk/administration/webhooks";
pub const ALLOWED: &str = "webhooks.allowed_networks = [\"127.0.0.0/8\"]";
const ALL: [&str; 8] = [
    "case_opened",
    "case_confirmed",
    "case_state_changed",
    "case_approval_wanted",
    "case_sent",
    "case_answered",
    "case_contested",
    "case_closed",
];

/// An endpoint as an administrator makes it: its page and its secret.
pub async fn hooks(
    eva: &StaffVisitor,
    address: &str,
    kinds: &[&str],
    more: &[(&str, &str)],
) -> (String, String) {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("kind_{kind}")).collect();
    let mut fields: Vec<(&str, &str)> = vec![("name", "Jira of sales"), ("address", address)];
    fields.extend(kinds.iter().map(|kind| (kind.as_str(), "true")));
    fields.extend(more);
    let page = eva.visitor.post(HOOKS, &fields).await.is(200);
    (form_of(&page.text), secret_of(&page.text))
}

fn form_of(page: &str) -> String {
    let start = page.find(&format!("action=\"{HOOKS}/")).unwrap() + "action=\"".len();
    page[start..].split('"').next().unwrap().to_owned()
}

fn secret_of(page: &str) -> String {
    let start = page.find("whsec_").expect("the secret is shown");
    page[start..].split('<').next().unwrap().to_owned()
}

/// One number out of the database.
pub async fn count(desk: &Desk, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&desk.casework.app.pool).await.unwrap()
}

/// The verifier of docs/WEBHOOKS.md in `language`, run by its own program on what really came.
fn verifies(language: &str, secret: &str, request: &Request, body: &[u8]) -> bool {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/WEBHOOKS.md");
    let document = fs::read_to_string(document).unwrap();
    let code = document.split(&format!("```{language}\n")).nth(1).unwrap().split("```").next().unwrap();
    assert!(code.lines().count() <= 18, "short enough to be copied");
    let asked = json!({"secret": secret, "headers": request.headers, "body": String::from_utf8_lossy(body)});
    let (program, driver) = match language {
        "python" => (
            "python3",
            "import json, sys\na = json.load(sys.stdin)\nprint(verify(a['secret'], a['headers'], a['body'].encode(), int(a['headers']['webhook-timestamp']) + 200))\nassert not verify(a['secret'], a['headers'], a['body'].encode(), int(a['headers']['webhook-timestamp']) + 400)",
        ),
        _ => (
            "node",
            "const a = JSON.parse(require('node:fs').readFileSync(0)); const at = Number(a.headers['webhook-timestamp']);\nconsole.log(verify(a.secret, a.headers, Buffer.from(a.body), at + 200) ? 'True' : 'False');\nif (verify(a.secret, a.headers, Buffer.from(a.body), at + 400)) process.exit(1);",
        ),
    };
    let flag = if language == "python" { "-c" } else { "-e" };
    let mut child = Command::new(program)
        .args([flag, &format!("{code}\n{driver}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{language}");
    String::from_utf8(output.stdout).unwrap().trim() == "True"
}

#[actix_web::test]
async fn a_program_is_told_what_happens_signed_and_without_people() {
    let desk = Desk::start_with(ALLOWED).await;
    desk.import_register().await;
    let receiver = Receiver::start(Manner::Says(200, "thanks".to_owned())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let (page, secret) = hooks(&eva, &receiver.address(), &ALL, &[]).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();

    let requests = receiver.requests();
    let kinds: Vec<String> = requests.iter().map(Request::kind).collect();
    assert_eq!(kinds.len(), 3, "{kinds:?}");
    for kind in ["case.opened", "case.confirmed", "case.state_changed"] {
        assert!(kinds.iter().any(|one| one == kind), "{kinds:?}");
    }
    let told = requests.iter().find(|one| one.kind() == "case.state_changed").unwrap();
    assert_eq!(told.path, "/hook?key=s3cret");
    assert_eq!(told.headers["content-type"], "application/json");
    let id = told.headers["webhook-id"].clone();
    let link = format!("{}/desk/cases/{number}", desk.address);
    let data = json!({"number": number, "kind": "confirmed", "state": "verifying", "link": link});
    let timestamp = desk.now().to_string();
    assert_eq!(
        told.json(),
        json!({"id": id, "type": "case.state_changed", "timestamp": timestamp, "data": data})
    );
    for request in &requests {
        let text = String::from_utf8(request.body.clone()).unwrap();
        for word in ["nordlicht", "Kessler", "Abend", "Rauch", "SEN-"] {
            assert!(!text.contains(word), "{text}");
        }
    }
    // As the document tells others to verify it, and not where a byte is another.
    let body = String::from_utf8(told.body.clone()).unwrap();
    let forged = body.replace("verifying", "verified");
    for language in ["python", "javascript"] {
        assert!(verifies(language, &secret, told, body.as_bytes()), "{language}");
        assert!(!verifies(language, &secret, told, forged.as_bytes()), "{language}");
        let other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        assert!(!verifies(language, other, told, body.as_bytes()), "{language}");
    }
    // Neither address nor secret is shown again, nor do they lie in the database as they are.
    let shown = eva.get(&page).await.is(200).says("taken").says("127.0.0.1").says(&number);
    assert!(!shown.text.contains("whsec_") && !shown.text.contains("s3cret"), "{}", shown.text);
    let stored: String =
        sqlx::query_scalar("select e::text || encode(address, 'escape') from webhook_endpoints e")
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
    assert!(!stored.contains("s3cret"), "{stored}");
    desk.finish().await;
}

#[actix_web::test]
async fn people_go_along_where_an_administrator_chose_so() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(204, String::new())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    hooks(&eva, &receiver.address(), &["case_confirmed"], &[("personal", "true")]).await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let [told] = receiver.requests().try_into().unwrap();
    let people = json!({
        "company": "Nordlicht Maschinenbau GmbH", "requester_name": "Miriam Kessler", "requester_email": REQUESTER
    });
    assert_eq!(told.json()["data"]["people"], people);
    desk.finish().await;
}

#[actix_web::test]
async fn what_is_rolled_back_is_told_nobody() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(200, String::new())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let (case, pool) = (desk.find_case(&number).await, &desk.casework.app.pool);
    let mut transaction = pool.begin().await.unwrap();
    desk.casework.act_in(&mut transaction, case, Actor::Requester, &Action::Withdraw, None).await.unwrap();
    let written: i64 = sqlx::query_scalar("select count(*) from webhook_deliveries")
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    assert_eq!(written, 1);
    transaction.rollback().await.unwrap();
    desk.work_until_idle().await;
    assert!(receiver.requests().is_empty());
    assert_eq!(count(&desk, "select count(*) from webhook_deliveries").await, 0);
    desk.finish().await;
}

#[actix_web::test]
async fn a_new_secret_signs_beside_the_old_one_for_two_days() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(200, String::new())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let (page, old) = hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    let new = secret_of(&eva.visitor.post(&format!("{page}/rotation"), &[]).await.is(200).text);
    assert_ne!(old, new);
    for hours in [1, 48] {
        eva.visitor.post(&format!("{page}/test"), &[]).await.went_well();
        desk.later(hours).await;
    }
    let [first, second] = receiver.requests().try_into().unwrap();
    for secret in [&old, &new] {
        assert!(verifies("python", secret, &first, &first.body));
        assert!(verifies("javascript", secret, &first, &first.body));
    }
    assert!(verifies("python", &new, &second, &second.body));
    assert!(!verifies("python", &old, &second, &second.body));
    desk.finish().await;
}

#[actix_web::test]
async fn messages_are_listed_page_by_page() {
    let desk = Desk::start_with(ALLOWED).await;
    let receiver = Receiver::start(Manner::Says(200, String::new())).await;
    let eva = desk.staff("eva", Role::Admin).await;
    let (page, _) = hooks(&eva, &receiver.address(), &["case_closed"], &[]).await;
    let id = page.rsplit('/').next().unwrap().parse().unwrap();
    let mut connection = desk.casework.app.pool.acquire().await.unwrap();
    for _ in 0..60 {
        outbox::test(&mut connection, id, "https://handover.example/", desk.now()).await.unwrap().unwrap();
    }
    drop(connection);
    desk.work_until_idle().await;
    let (mut path, mut seen) = (page.clone(), Vec::new());
    loop {
        let text = eva.get(&path).await.is(200).text;
        let document = scraper::Html::parse_document(&text);
        let forms = scraper::Selector::parse("form[action$=repetition]").unwrap();
        seen.extend(document.select(&forms).map(|form| form.value().attr("action").unwrap().to_owned()));
        let next = scraper::Selector::parse("a[rel=next]").unwrap();
        match document.select(&next).next() {
            Some(link) => path = link.value().attr("href").unwrap().split('#').next().unwrap().to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 60);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 60, "each once");
    desk.finish().await;
}

/// The words of the wire are a promise, and the document tells all of them.
#[test]
fn the_document_tells_every_type() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/WEBHOOKS.md");
    let document = fs::read_to_string(document).unwrap();
    let rows: Vec<String> = EventKind::VARIANTS
        .iter()
        .map(|kind| {
            let words = Language::En.text(&format!("webhook-kind-{}", kind.as_str()));
            format!("| `{}` | {words} |", kind.on_the_wire())
        })
        .collect();
    let table = format!("| type | when |\n|---|---|\n{}\n", rows.join("\n"));
    assert!(document.contains(&table), "docs/WEBHOOKS.md should hold:\n{table}");
}
