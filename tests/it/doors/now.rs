//! Whoever sends the head of a request and takes their time over the rest acts with the rights of then. Raw sockets: the head is
//! there, something happens, and only then comes the body.

use std::time::Duration;

use handover::case::actor::Role;
use reqwest::{Client, redirect::Policy};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    helpers::{
        desk::{Desk, PASSWORD, StaffVisitor},
        script::{ALL, Script},
        story::{form, letter_as_pdf},
    },
    house::files,
};

/// A request of which the last has not come.
struct Slow {
    stream: TcpStream,
    rest: Vec<u8>,
}

impl Slow {
    /// Sends the head and the first byte of the body, and waits until the guard has long seen them.
    async fn begins(desk: &Desk, path: &str, head: &str, body: &[u8]) -> Self {
        let host = desk.address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Language: en\r\nConnection: close\r\n{head}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), &body[..1]].concat()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
        Self { stream, rest: body[1..].to_vec() }
    }

    /// The rest comes; the status.
    async fn ends(mut self) -> u16 {
        // Who is refused before the end may hang up.
        let _ = self.stream.write_all(&self.rest).await;
        let mut answer = Vec::new();
        let _ = self.stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.unwrap_or_else(|| panic!("no answer: {answer:?}"))
    }
}

/// A session beside that of the visitor, as the header carries it.
async fn session_of(desk: &Desk, staff: &StaffVisitor) -> String {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request =
        client.post(format!("{}/desk/sign-in", desk.address)).header("sec-fetch-site", "same-origin");
    let answer =
        request.form(&[("email", staff.email.as_str()), ("password", PASSWORD)]).send().await.unwrap();
    let cookies = answer.headers().get_all("set-cookie").iter();
    let cookie =
        cookies.map(|cookie| cookie.to_str().unwrap()).find(|line| line.starts_with("handover_session="));
    cookie.expect("a session").split(';').next().unwrap().to_owned()
}

async fn run(desk: &Desk, sql: &'static str, staff: &StaffVisitor) {
    sqlx::query(sql).bind(staff.id.0).execute(&desk.casework.app.pool).await.unwrap();
}

async fn count(desk: &Desk, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&desk.casework.app.pool).await.unwrap()
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin";
const FILE: &str = "Content-Type: multipart/form-data; boundary=edge\r\nSec-Fetch-Site: same-origin";
const DISABLED: &str = "update staff set disabled_at = now() where id = $1";
const ACTIVE: &str = "update staff set disabled_at = null where id = $1";
const AUDITOR: &str = "update staff set role = 'auditor' where id = $1";
const AGENT: &str = "update staff set role = 'agent' where id = $1";
const SIGNED_OUT: &str = "delete from sessions where staff_id = $1";
const NOTES: &str = "select count(*) from case_notes";
const FILES: &str = "select count(*) from evidence_files";

fn file() -> Vec<u8> {
    let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n";
    [head.as_bytes(), &letter_as_pdf("slow"), b"\r\n--edge--\r\n"].concat()
}

#[actix_web::test]
async fn a_form_and_a_file_act_with_the_role_of_now() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ann = desk.staff("ann", Role::Agent).await;
    let version = ann.open(&number).await.field("version").unwrap();
    let note = format!("version={version}&note=Ein+langsamer+Vermerk.").into_bytes();
    let notes = format!("/desk/cases/{number}/notes");
    let files = format!("/desk/cases/{number}/evidence");
    let (before, file) = (count(&desk, NOTES).await, file());
    for (path, kind, body) in [(&notes, FORM, &note), (&files, FILE, &file)] {
        for (happens, undone, status) in
            [(DISABLED, ACTIVE, 401), (AUDITOR, AGENT, 403), (SIGNED_OUT, ACTIVE, 401)]
        {
            let cookie = session_of(&desk, &ann).await;
            let slow = Slow::begins(&desk, path, &format!("{kind}\r\nCookie: {cookie}"), body).await;
            run(&desk, happens, &ann).await;
            assert_eq!(slow.ends().await, status, "{path}: {happens}");
            run(&desk, undone, &ann).await;
        }
    }
    assert_eq!((count(&desk, NOTES).await, count(&desk, FILES).await), (before, 0));
    // Slow alone is no crime.
    for (path, kind, body) in [(&notes, FORM, &note), (&files, FILE, &file)] {
        let cookie = session_of(&desk, &ann).await;
        let slow = Slow::begins(&desk, path, &format!("{kind}\r\nCookie: {cookie}"), body).await;
        assert_eq!(slow.ends().await, 303, "{path}");
    }
    assert_eq!((count(&desk, NOTES).await, count(&desk, FILES).await), (before + 1, 1));
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// What says that an open page asks by itself is a header that anybody sends.
#[actix_web::test]
async fn a_form_is_read_first_whatever_it_says_of_itself() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let tokens = b"name=Mine&until=2026-12-01&scope-cases-read=true".to_vec();
    for kind in [
        "application/x-www-form-urlencoded\r\nX-Handover-Live: yes",
        "APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8",
        "application/x-www-form-urlencoded\r\nAccept: application/json",
    ] {
        let cookie = session_of(&desk, &ann).await;
        let head = format!("Content-Type: {kind}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}");
        let slow = Slow::begins(&desk, "/desk/account/tokens", &head, &tokens).await;
        run(&desk, DISABLED, &ann).await;
        assert_eq!(slow.ends().await, 401, "{kind}");
        run(&desk, ACTIVE, &ann).await;
    }
    assert_eq!(count(&desk, "select count(*) from staff_tokens").await, 0);
    desk.finish().await;
}

/// Whoever reads a body by themselves asks once more who sends it.
#[test]
fn no_handler_of_the_desk_reads_a_body_and_asks_nobody() {
    for (name, text) in files("src/desk", ".rs") {
        for reads in ["Multipart", "web::Payload", "web::Bytes,", "web::Json<", "web::Form<"] {
            let asks = text.contains("again.ask().await?");
            assert!(!text.contains(reads) || asks, "{name} reads a body by {reads} and does not ask again");
        }
    }
}

#[actix_web::test]
async fn a_token_acts_with_the_rights_of_now() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ann = desk.staff("ann", Role::Agent).await;
    let note = br#"{"note": "Ein langsamer Vermerk."}"#.to_vec();
    let (notes, files) =
        (format!("/api/v1/cases/{number}/notes"), format!("/api/v1/cases/{number}/evidence"));
    let before = count(&desk, NOTES).await;
    let ended = "update staff_tokens set ended_at = now() where staff_id = $1 and ended_at is null";
    let file = file();
    let head = async |script: &Script, kind: &str| {
        let shown = script.get(&format!("/api/v1/cases/{number}")).await.is(200);
        let (token, tag) = (&script.token, shown.header("etag").to_owned());
        format!("Authorization: Bearer {token}\r\nIf-Match: {tag}\r\nContent-Type: {kind}")
    };
    let kinds = ["application/json", "multipart/form-data; boundary=edge"];
    for (path, kind, body) in [(&notes, kinds[0], &note), (&files, kinds[1], &file)] {
        for (happens, undone, status) in
            [(ended, ACTIVE, 401), (DISABLED, ACTIVE, 401), (AUDITOR, AGENT, 403)]
        {
            let script = desk.script(&ann, &ALL).await;
            let key = if path == &notes { "\r\nIdempotency-Key: once" } else { "" };
            let slow = Slow::begins(&desk, path, &format!("{}{key}", head(&script, kind).await), body).await;
            run(&desk, happens, &ann).await;
            assert_eq!(slow.ends().await, status, "{path}: {happens}");
            run(&desk, undone, &ann).await;
        }
    }
    assert_eq!((count(&desk, NOTES).await, count(&desk, FILES).await), (before, 0));
    // Nothing was begun under the key either.
    assert_eq!(count(&desk, "select count(*) from token_requests").await, 0);
    for (path, kind, body) in [(&notes, kinds[0], &note), (&files, kinds[1], &file)] {
        let script = desk.script(&ann, &ALL).await;
        let slow = Slow::begins(&desk, path, &head(&script, kind).await, body).await;
        assert_eq!(slow.ends().await, 200, "{path}");
    }
    assert_eq!((count(&desk, NOTES).await, count(&desk, FILES).await), (before + 1, 1));
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}
