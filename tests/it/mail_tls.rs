//! Encryption and sign-in towards the mail server: what is asked for is insisted on.

use std::io::Write as _;

use handover::mail::outgoing::transport::Transport;
use tempfile::NamedTempFile;

use crate::helpers::post_office::{PostOffice, settings};
use crate::helpers::smtp::{Answer, Encryption, SmtpServer, Stage};

fn file_with(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[tokio::test]
async fn with_a_private_authority_both_ways_of_encryption_work() {
    for (encryption, tls) in [(Encryption::Starttls, "starttls"), (Encryption::Implicit, "implicit")] {
        let server = SmtpServer::start_with(encryption).await;
        let authority = file_with(&server.authority);
        let overrides = format!(
            "smtp.tls = \"{tls}\"\nsmtp.ca_file = {:?}\nsmtp.username = \"handover\"\nsmtp.password = \"secret\"",
            authority.path()
        );
        let office = PostOffice::open_before(server, &overrides).await;
        let (id, email) = office.enqueue("First").await;
        office.step().await;

        assert_eq!(office.state(id).await, "sent", "{tls}");
        let received = office.server.received();
        assert!(received[0].encrypted && received[0].raw == email.raw, "{tls}");
        assert_eq!(office.server.times(Stage::SignIn), 1, "{tls}");
    }
}

#[tokio::test]
async fn an_unknown_authority_gets_nothing() {
    for (encryption, tls) in [(Encryption::Starttls, "starttls"), (Encryption::Implicit, "implicit")] {
        let server = SmtpServer::start_with(encryption).await;
        let office = PostOffice::open_before(server, &format!("smtp.tls = \"{tls}\"")).await;
        let (id, _) = office.enqueue("First").await;
        office.step().await;

        assert_eq!(office.state(id).await, "queued", "{tls}");
        assert_eq!(office.server.times(Stage::Mail), 0, "{tls}");
        let response = office.deliveries(id).await.remove(0).response;
        assert!(response.contains("certificate"), "{tls}: {response}");
    }
}

#[tokio::test]
async fn a_server_that_offers_no_encryption_gets_neither_password_nor_email() {
    let overrides = "smtp.tls = \"starttls\"\nsmtp.username = \"handover\"\nsmtp.password = \"secret\"";
    let office = PostOffice::open_with(overrides).await;
    let (id, _) = office.enqueue("First").await;
    office.step().await;

    assert_eq!(office.state(id).await, "queued");
    assert_eq!(office.server.times(Stage::SignIn) + office.server.times(Stage::Mail), 0);
    let response = office.deliveries(id).await.remove(0).response;
    assert!(response.contains("STARTTLS is not supported"), "{response}");
}

#[tokio::test]
async fn a_wrong_password_fails_no_email() {
    let account = "smtp.username = \"handover\"\nsmtp.password = \"old\"\nsmtp.sign_in_pause_seconds = 0";
    let office = PostOffice::open_with(account).await;
    office.server.answer(Stage::SignIn, Answer::Say("535 5.7.8 wrong"));
    let (id, _) = office.enqueue("First").await;
    office.step().await;
    assert_eq!(office.state(id).await, "queued");
    assert_eq!(office.deliveries(id).await[0].response, "535 5.7.8 wrong");

    office.much_later();
    office.step().await;
    assert_eq!(office.state(id).await, "sent");
}

#[tokio::test]
async fn after_a_wrong_password_nobody_signs_in_for_a_while() {
    let office = PostOffice::open_with("smtp.username = \"handover\"\nsmtp.password = \"old\"").await;
    office.server.answer(Stage::SignIn, Answer::Say("535 5.7.8 wrong"));
    let (first, second) = (office.enqueue("First").await.0, office.enqueue("Second").await.0);
    office.step().await;
    office.step().await;
    assert_eq!(office.server.times(Stage::SignIn), 1, "or the account is locked");
    for id in [first, second] {
        assert_eq!(office.state(id).await, "queued");
        let line = office.deliveries(id).await.remove(0);
        assert_eq!((line.outcome.as_str(), line.response.as_str()), ("refused", "535 5.7.8 wrong"));
    }
}

#[test]
fn settings_that_could_never_work_are_refused_at_the_start() {
    let refused = |overrides: &str| {
        let error = Transport::try_new(&settings(25, overrides), "unused".as_ref()).unwrap_err();
        format!("{error:#}")
    };
    let missing = refused("smtp.tls = \"implicit\"\nsmtp.ca_file = \"/nowhere/ca.pem\"");
    assert!(missing.contains("mail.smtp.ca_file /nowhere/ca.pem"), "{missing}");
    let no_pem = file_with("-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----\n");
    let wrong = refused(&format!("smtp.tls = \"implicit\"\nsmtp.ca_file = {:?}", no_pem.path()));
    assert!(wrong.contains("mail.smtp.ca_file"), "{wrong}");
    assert!(refused("lease_seconds = 60").contains("lease_seconds"));
    assert!(refused("from_address = \"nobody\"").contains("mail.from_address"));
}
