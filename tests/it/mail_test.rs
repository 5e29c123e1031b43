//! `handover mail test`: the way of every other e-mail, told step by step, and what fails in the server's own words.

use std::process::Output;

use tempfile::TempDir;

use crate::helpers::{
    command::{handover, text},
    smtp::{Answer, Encryption, SmtpServer, Stage},
};

/// Through this server, elsewhere than in its thread.
async fn send(server: &SmtpServer, tls: &'static str) -> Output {
    let data = TempDir::new().unwrap();
    let authority = data.path().join("authority.pem");
    std::fs::write(&authority, &server.authority).unwrap();
    let mut command = handover(data.path());
    command
        .env("HANDOVER__MAIL__TRANSPORT", "smtp")
        .env("HANDOVER__MAIL__SMTP__HOST", "localhost")
        .env("HANDOVER__MAIL__SMTP__PORT", server.port.to_string())
        .env("HANDOVER__MAIL__SMTP__TLS", tls)
        .env("HANDOVER__MAIL__SMTP__CA_FILE", &authority)
        .env("HANDOVER__MAIL__SMTP__USERNAME", "handover")
        .env("HANDOVER__MAIL__SMTP__PASSWORD", "word")
        .env("HANDOVER__MAIL__SMTP__TIMEOUT_SECONDS", "2")
        .args(["mail", "test", "jo@customer.example", "--language", "de"]);
    let said = actix_web::web::block(move || command.output().unwrap()).await.unwrap();
    assert!(!data.path().join("postgres").exists(), "no database is needed");
    said
}

#[actix_web::test]
async fn each_step_is_told_and_the_message_is_like_any_other() {
    let server = SmtpServer::start_with(Encryption::Starttls).await;
    let said = send(&server, "starttls").await;
    assert!(said.status.success(), "{}", text(&said));
    let said = text(&said);
    let steps = [
        "composed  <",
        "resolved  localhost is ",
        "connected the server calls itself mail.example",
        "encrypted ",
        "signed in ",
        "accepted  the sender: 250 2.1.0 ok",
        "accepted  the recipient: 250 2.1.5 ok",
        "accepted  the message: 250 2.0.0 queued as 4711",
    ];
    let mut rest = said.as_str();
    for step in steps {
        let at = rest.find(step).unwrap_or_else(|| panic!("{step} is not there, or too early, in {said}"));
        rest = &rest[at..];
    }
    let received = server.received().remove(0);
    assert_eq!((received.to.as_str(), received.encrypted), ("jo@customer.example", true));
    assert!(received.from.starts_with("handover+test."), "{}", received.from);
    let raw = String::from_utf8(received.raw).unwrap();
    assert!(raw.contains("Auto-Submitted: auto-generated") && raw.contains("Content-Language: de"), "{raw}");
}

#[actix_web::test]
async fn what_fails_is_named_with_the_servers_words() {
    for (stage, answer, line) in [
        (Stage::Greeting, Answer::Hang, "FAILED    connecting: no answer within 2 s"),
        (
            Stage::SignIn,
            Answer::Say("535 5.7.8 wrong password"),
            "FAILED    signing in: 535 5.7.8 wrong password",
        ),
        (Stage::Mail, Answer::Say("550 5.7.1 not you"), "FAILED    the sender: 550 5.7.1 not you"),
        (Stage::Recipient, Answer::Say("550 5.1.1 nobody"), "FAILED    the recipient: 550 5.1.1 nobody"),
        (
            Stage::Message,
            Answer::Say("554 5.7.0 looks like spam"),
            "FAILED    the message: 554 5.7.0 looks like spam",
        ),
        (Stage::Message, Answer::Hang, "FAILED    the message: no answer within 2 s"),
        (Stage::Recipient, Answer::Cut, "FAILED    the recipient: "),
    ] {
        let server = SmtpServer::start_with(Encryption::None).await;
        server.answer(stage, answer);
        let said = send(&server, "none").await;
        assert_eq!(said.status.code(), Some(1), "{}", text(&said));
        assert!(text(&said).contains(line), "{line} is not in {}", text(&said));
    }
    // Asked to encrypt, it sends nothing in clear.
    let server = SmtpServer::start_with(Encryption::None).await;
    let said = send(&server, "starttls").await;
    assert!(text(&said).contains("FAILED    encrypting: "), "{}", text(&said));
    assert_eq!(server.times(Stage::SignIn) + server.times(Stage::Mail), 0);
}
