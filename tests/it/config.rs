//! `config check` and `config show`, and the settings file that is shipped: what it lacks, and that production starts on it once
//! its blanks are filled.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use handover::boot::write_private;
use reqwest::{Client, redirect::Policy};
use serde_json::Value;
use tempfile::TempDir;

use crate::helpers::{
    command::{free_port, handover, stop, text, until_ready},
    postgres::Database,
};

const EXAMPLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/production.example.toml"));

/// What stands in the example for something of the reader's own.
const BLANKS: [(&str, &str); 5] = [
    ("Your Company", "Name"),
    ("your-company.example", "customer-name.test"),
    ("the-address-atlassian-gave-you@vendor.example", "licensing@vendor.test"),
    ("P-000000", "P-1"),
    ("port = 8080", "port = {port}"),
];

/// As `openssl rand -base64 32`.
fn draw() -> String {
    data_encoding::BASE64.encode(&rand::random::<[u8; 32]>())
}

/// A file of secrets for each that the example names.
fn secrets(database: &str) -> [(&'static str, String); 5] {
    [
        ("database-url", format!("{database}\n")),
        ("key", format!("{}\n", draw())),
        ("evidence-keys", format!("2026-1:{}\n", draw())),
        ("log-signing-keys", format!("{}\n", draw())),
        ("smtp-password", "correct horse battery staple\n".to_owned()),
    ]
}

/// The settings file and its secrets, as whoever installs it leaves them; gives back what must never be shown.
fn fill_in(folder: &Path, database: &str, port: u16) -> Vec<String> {
    let mut settings = EXAMPLE.to_owned();
    for (blank, filled) in BLANKS {
        assert!(settings.contains(blank), "{blank}");
        settings = settings.replace(blank, &filled.replace("{port}", &port.to_string()));
    }
    fs::write(folder.join("handover.toml"), settings).unwrap();
    fs::create_dir(folder.join("credentials")).unwrap();
    let mut hidden = Vec::new();
    for (name, secret) in secrets(database) {
        write_private(&folder.join("credentials").join(name), &secret).unwrap();
        hidden.push(secret.trim().to_owned());
    }
    hidden
}

fn program(folder: &Path) -> Command {
    let mut command = handover(folder);
    command.env("HANDOVER_CONFIG", folder.join("handover.toml"));
    command
}

fn config(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).arg("config").args(arguments).output().unwrap()
}

#[test]
fn of_the_example_all_that_is_missing_is_said_at_once() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("handover.toml"), EXAMPLE).unwrap();
    let checked = config(folder.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(2));
    let said = text(&checked).replace(folder.path().to_str().unwrap(), "FOLDER");
    insta::assert_snapshot!(said);
    // Whoever starts it hears the same.
    let served = program(folder.path()).arg("serve").output().unwrap();
    assert_eq!(served.status.code(), Some(2));
    assert_eq!(text(&served).replace(folder.path().to_str().unwrap(), "FOLDER"), said);
    let json = config(folder.path(), &["check", "--json"]);
    assert_eq!(json.status.code(), Some(2));
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["problems"].as_array().unwrap().len(), said.lines().count() - 1);
}

#[actix_web::test]
async fn production_starts_on_the_example_once_its_blanks_are_filled() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (folder, database, port) = (TempDir::new().unwrap(), Database::create().await, free_port());
    let hidden = fill_in(folder.path(), &database.url(), port);
    let checked = config(folder.path(), &["check"]);
    assert!(checked.status.success(), "{}", text(&checked));
    assert!(text(&checked).contains("valid, for production"), "{}", text(&checked));

    let mut serving = program(folder.path());
    serving.arg("serve").stdout(Stdio::null()).stderr(Stdio::null());
    let mut serving = serving.spawn().unwrap();
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let address = format!("http://127.0.0.1:{port}");
    until_ready(&mut serving, &client, &address).await;
    let page = client.get(format!("{address}/?language=de")).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Name GmbH"));
    for (more, said) in [(&[][..], "live"), (&["--ready"], "ready")] {
        let asked = program(folder.path()).arg("health").args(more).output().unwrap();
        assert!(asked.status.success() && text(&asked).trim() == said, "{}", text(&asked));
    }
    stop(serving);
    let asked = program(folder.path()).arg("health").output().unwrap();
    assert_eq!(asked.status.code(), Some(1));
    assert!(text(&asked).contains("does not answer"), "{}", text(&asked));

    let shown = config(folder.path(), &["show"]);
    assert!(shown.status.success());
    let json = config(folder.path(), &["show", "--json"]);
    for answer in [text(&shown), text(&json), text(&checked)] {
        for secret in &hidden {
            assert!(!answer.contains(secret.as_str()), "{answer}");
        }
    }
    let lines = text(&shown);
    let file = folder.path().join("handover.toml").display().to_string();
    let secret = folder.path().join("credentials/smtp-password").display().to_string();
    for line in [
        format!("http.port = {port}  # file {file}"),
        "http.header_seconds = 5  # default".to_owned(),
        format!("mail.smtp.password = (a secret, set)  # secret file {secret}"),
        "mail.imap.password = (a secret, not set)  # default".to_owned(),
        format!("data_dir = {:?}  # environment HANDOVER__DATA_DIR", folder.path()),
    ] {
        assert!(lines.lines().any(|one| one == line), "{line}\n{lines}");
    }
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let settings = json["settings"].as_array().unwrap();
    assert_eq!(settings.len(), lines.lines().count());
    let password = settings.iter().find(|one| one["key"] == "mail.smtp.password").unwrap();
    assert_eq!(
        password.to_string(),
        format!(
            r#"{{"key":"mail.smtp.password","secret":true,"is_set":true,"source":"secret_file","file":"{secret}"}}"#
        )
    );
}

/// Neither value nor length, and not how many there are: nothing differs.
#[test]
fn what_is_shown_of_a_secret_is_the_same_whatever_it_is() {
    let folder = TempDir::new().unwrap();
    let show = |password: &str, keys: &str, json: &[&str]| {
        let mut command = handover(folder.path());
        command.env("HANDOVER__MAIL__SMTP__PASSWORD", password).env("HANDOVER__EVIDENCE__KEYS", keys);
        text(&command.args(["config", "show"]).args(json).output().unwrap())
    };
    for json in [&[][..], &["--json"]] {
        let one = show("hunter2", "[\"one:AAAA\"]", json);
        assert!(
            one.contains("mail.smtp.password") && one.contains("HANDOVER__MAIL__SMTP__PASSWORD"),
            "{one}"
        );
        assert!(!one.contains("hunter2") && !one.contains("AAAA"), "{one}");
        assert_eq!(show("another password that is much longer", "[\"one:AAAA\",\"two:BBBB\"]", json), one);
    }
}

#[test]
fn what_can_be_read_is_shown_beside_what_is_wrong() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("handover.toml");
    fs::write(&file, "[http]\nport = \"eighty\"\nprot = 1\n[mail.smtp]\npassword_file = \"password\"\n")
        .unwrap();
    fs::write(folder.path().join("password"), "hunter2").unwrap();
    fs::set_permissions(folder.path().join("password"), fs::Permissions::from_mode(0o644)).unwrap();
    let shown = config(folder.path(), &["show"]);
    assert_eq!(shown.status.code(), Some(2));
    let said = text(&shown);
    for part in [
        "http.host = \"127.0.0.1\"  # default",
        "http.prot is no setting (in ",
        "http.port: the value is no u16 (in ",
        "password can be read or changed by others: chmod 600",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
    // Without settings it is the demo, which nothing is wrong with.
    let demo = handover(folder.path()).args(["config", "check"]).output().unwrap();
    assert!(demo.status.success() && text(&demo).contains("for a demo"), "{}", text(&demo));
    // No file, and one that is no TOML.
    fs::write(&file, "password = hunter2\n").unwrap();
    let broken = config(folder.path(), &["check"]);
    assert_eq!(broken.status.code(), Some(2));
    assert!(text(&broken).contains("line 1") && !text(&broken).contains("hunter2"), "{}", text(&broken));
    fs::remove_file(&file).unwrap();
    let missing = config(folder.path(), &["check"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing).contains("there is no settings file"), "{}", text(&missing));
}

/// As systemd hands them over: flat, in a folder of its own.
#[test]
fn a_credential_of_systemd_wins_over_the_file_beside_the_settings() {
    let (folder, credentials) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    fill_in(folder.path(), "postgres://handover@127.0.0.1/handover", 1);
    let credential = credentials.path().join("credentials_key");
    write_private(&credential, &draw()).unwrap();
    let mut command = program(folder.path());
    command.env("CREDENTIALS_DIRECTORY", credentials.path()).args(["config", "show"]);
    let said = text(&command.output().unwrap());
    let line = |key: &str| said.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
    assert!(line("secrets.key =").ends_with(&format!("# secret file {}", credential.display())), "{said}");
    assert!(line("mail.smtp.password =").contains("credentials/smtp-password"), "{said}");
}
