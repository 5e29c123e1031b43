//! Signatures hold for receivers who ask the name server, over the bytes that were approved and sent.

use std::{os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use handover::{config::Settings, mail::outgoing::dkim::Dkim};
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator};

use crate::helpers::{
    desk::Desk,
    dns::NameServer,
    story::{ATLASSIAN, REQUESTER},
};

/// A fresh private key in `file`; gives back its public half, DER.
fn generate(algorithm: &[&str], file: &Path) -> Vec<u8> {
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let path = file.to_str().unwrap();
    openssl(&[&["genpkey", "-algorithm"], algorithm, &["-out", path]].concat());
    openssl(&["pkey", "-in", path, "-pubout", "-outform", "DER"])
}

fn resolver(server: &NameServer) -> MessageAuthenticator {
    let mut connection = ConnectionConfig::udp();
    connection.port = server.address.port();
    let servers = vec![NameServerConfig::new(server.address.ip(), true, vec![connection])];
    MessageAuthenticator::new(ResolverConfig::from_parts(None, Vec::new(), servers), ResolverOpts::default())
        .unwrap()
}

async fn verdicts(authenticator: &MessageAuthenticator, raw: &[u8]) -> Vec<bool> {
    let message = AuthenticatedMessage::parse(raw).unwrap();
    let outputs = authenticator.verify_dkim(&message).await;
    outputs.iter().map(|output| output.result() == &DkimResult::Pass).collect()
}

#[actix_web::test]
async fn what_goes_out_is_signed_with_both_keys_and_any_change_shows() {
    let folder = tempfile::tempdir().unwrap();
    let (ed25519, rsa) = (folder.path().join("ed25519.pem"), folder.path().join("rsa.pem"));
    let ed25519_public = generate(&["ed25519"], &ed25519);
    let rsa_public = generate(&["rsa", "-pkeyopt", "rsa_keygen_bits:2048"], &rsa);
    let base64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let dns = NameServer::start().await;
    let raw_key = &ed25519_public[ed25519_public.len() - 32..];
    dns.sets("ed._domainkey.reseller.example", &[&format!("v=DKIM1; k=ed25519; p={}", base64(raw_key))]);
    let rsa_record = format!("v=DKIM1; k=rsa; p={}", base64(&rsa_public));
    let (first, second) = rsa_record.split_at(200);
    dns.sets("rsa._domainkey.reseller.example", &[first, second]);

    let desk = Desk::start_with(&format!(
        "mail.dkim.ed25519_selector = \"ed\"\nmail.dkim.ed25519_key_file = {ed25519:?}\n\
         mail.dkim.rsa_selector = \"rsa\"\nmail.dkim.rsa_key_file = {rsa:?}\n"
    ))
    .await;
    desk.import_register().await;
    let (number, ..) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    let authenticator = resolver(&dns);
    for letter in [desk.take_letter(ATLASSIAN), desk.take_letter(REQUESTER)] {
        assert_eq!(verdicts(&authenticator, &letter.raw).await, [true, true], "{}", letter.subject);
        let text = String::from_utf8(letter.raw).unwrap();
        let other_subject = text.replacen(&number, "HO-2026-99999", 1);
        let other_body = format!("{}more\r\n", text.trim_end_matches("\r\n"));
        let other_reply = text.replacen("Reply-To: handover", "Reply-To: mallory", 1);
        for changed in [other_subject, other_body, other_reply] {
            assert_ne!(changed, text);
            assert_eq!(verdicts(&authenticator, changed.as_bytes()).await, [false, false]);
        }
    }
    desk.take_all_letters();
    desk.finish().await;
}

#[test]
fn half_a_setting_or_a_wrong_key_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let rsa = folder.path().join("rsa.pem");
    generate(&["rsa", "-pkeyopt", "rsa_keygen_bits:2048"], &rsa);
    for (text, words) in [
        ("mail.dkim.rsa_selector = \"x\"".to_owned(), "belong together"),
        (format!("mail.dkim.rsa_key_file = {rsa:?}"), "belong together"),
        (
            format!("mail.dkim.ed25519_selector = \"x\"\nmail.dkim.ed25519_key_file = {rsa:?}"),
            "ed25519_key_file",
        ),
    ] {
        let error = Dkim::try_new(&Settings::with(&text).unwrap().mail).unwrap_err();
        assert!(format!("{error:#}").contains(words), "{error:#}");
    }
    // One that is not there, or that everybody can read, is not even tried.
    std::fs::set_permissions(&rsa, std::fs::Permissions::from_mode(0o644)).unwrap();
    for (file, words) in [(Path::new("/nowhere"), "is not there"), (&rsa, "read or changed by others")] {
        let text = format!("mail.dkim.rsa_selector = \"x\"\nmail.dkim.rsa_key_file = {file:?}");
        let error = Settings::with(&text).unwrap_err().to_string();
        assert!(error.contains("mail.dkim.rsa_key_file") && error.contains(words), "{error}");
    }
}
