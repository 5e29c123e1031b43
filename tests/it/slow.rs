//! Whoever sends slowly: cut and answered, by a real server, while others are served.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use handover::case::actor::Role;

use crate::helpers::{
    desk::Desk,
    postgres::Database,
    program::Program,
    story::{REQUESTER, form, letter_as_pdf},
};

/// Sends `head`, then `bit` ten times a second until the other side ends the connection. What was answered, and after how long
/// it was over.
fn trickle(address: &str, head: &str, bit: &'static [u8]) -> (String, Duration) {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut sending = stream.try_clone().unwrap();
    let sender = std::thread::spawn(move || {
        while began.elapsed() < Duration::from_secs(25) && sending.write_all(bit).is_ok() {
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let mut answer = Vec::new();
    // What was sent after the end may be answered with a reset.
    let _ = stream.read_to_end(&mut answer);
    let took = began.elapsed();
    drop(stream);
    sender.join().unwrap();
    (String::from_utf8_lossy(&answer).into_owned(), took)
}

fn cut(what: &str, status: u16, (answer, took): (String, Duration)) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{what}: {answer}");
    assert!(took < Duration::from_secs(15), "{what} was held for {took:?}");
}

#[actix_web::test]
async fn forms_and_heads_that_trickle_are_cut() {
    let database = Database::in_use().await;
    let limits = [("HTTP__FORM_SECONDS", "1"), ("HTTP__HEADER_SECONDS", "1")];
    let program = Program::serve(&database.url(), &limits).await;
    let form = "Host: x\r\nAccept-Language: en\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let sized = format!("POST /escalations HTTP/1.1\r\n{form}Content-Length: 5000\r\n\r\ncompany=");
    let chunked = format!("POST /escalations HTTP/1.1\r\n{form}Transfer-Encoding: chunked\r\n\r\n");
    let nowhere = chunked.replace("/escalations", "/nowhere");
    let sign_in = format!("POST /desk/sign-in HTTP/1.1\r\n{form}Content-Length: 5000\r\n\r\nemail=");
    for (what, head, bit) in [
        ("a form", sized, b"x".as_slice()),
        ("a form in chunks", chunked, b"1\r\nx\r\n"),
        ("what nobody reads", nowhere, b"1\r\nx\r\n"),
        ("a sign-in", sign_in, b"x"),
        ("a head", "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ".to_owned(), b"x"),
    ] {
        let address = program.address.clone();
        let answered = actix_web::rt::task::spawn_blocking(move || trickle(&address, &head, bit));
        // Meanwhile others are served.
        assert_eq!(program.health().await.map(|status| status.as_u16()), Some(200));
        let answered = answered.await.unwrap();
        if what == "a form" {
            assert!(answered.0.contains("That took too long"), "{}", answered.0);
        }
        let status = if what == "what nobody reads" { 404 } else { 408 };
        cut(what, status, answered);
    }
}

#[actix_web::test]
async fn files_that_trickle_are_cut_and_free_their_place() {
    let limits = "evidence.uploads_at_once = 1\nevidence.upload_silence_seconds = 1\nhttp.form_seconds = 1";
    let desk = Desk::start_with(limits).await;
    desk.import_register().await;
    let visitor = desk.visitor("en");
    let number = desk.confirmed_case(&visitor, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    desk.take_all_letters();
    let path = status.strip_prefix(&desk.address).unwrap_or(&status).to_owned();
    let head = format!(
        "POST {path}/evidence HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=edge\r\n\
         Content-Length: 50000\r\n\r\n--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n%PDF"
    );
    for bit in [b"x".as_slice(), b""] {
        let (address, head) = (desk.address.clone(), head.clone());
        let answered = actix_web::rt::task::spawn_blocking(move || trickle(&address, &head, bit)).await;
        cut("a file", 408, answered.unwrap());
        visitor
            .uploads(&format!("{status}/evidence"), "a.pdf", &letter_as_pdf(&format!("{bit:?}")))
            .await
            .went_well();
    }
    let ann = desk.staff("ann", Role::Agent).await;
    ann.open(&number).await.says("a.pdf");
    desk.take_all_letters();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}
