//! Signing in to a mailbox with OAuth 2 tokens (XOAUTH2), at a Dovecot that checks their signature and their end.

use std::{fs, path::PathBuf, sync::Arc};

use handover::{
    clock::Clock,
    config::Settings,
    mail::incoming::{collect::Collector, mailboxes},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sqlx::PgPool;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::helpers::{
    dovecot::{Dovecot, USER},
    postgres::Database,
};

const KEY: &[u8] = b"a key that only this test and its mail server know";

/// A mail server that takes tokens, and a command that prints what lies in a file and counts its runs.
struct Tokens {
    server: Dovecot,
    folder: TempDir,
    pool: PgPool,
    _database: Database,
}

impl Tokens {
    async fn begin() -> Tokens {
        let server = Dovecot::start_with(|folder| {
            let keys = folder.join("keys/default/HS256");
            fs::create_dir_all(&keys).unwrap();
            fs::write(keys.join("default"), data_encoding::BASE64.encode(KEY)).unwrap();
            let validation = folder.join("oauth2.conf");
            let keys = folder.join("keys");
            let text = format!(
                "introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={}/\nusername_attribute = sub\n",
                keys.display()
            );
            fs::write(&validation, text).unwrap();
            format!(
                "auth_mechanisms = xoauth2\npassdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {}\n}}\n",
                validation.display()
            )
        });
        let database = Database::create().await;
        let folder = TempDir::new().unwrap();
        Tokens { server, folder, pool: database.service_pool().await, _database: database }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// From now on the command prints this token.
    fn issues(&self, token: &str) {
        fs::write(self.file("token"), token).unwrap();
    }

    /// When the command ran, in nanoseconds.
    fn runs(&self) -> Vec<u64> {
        let text = fs::read_to_string(self.file("runs")).unwrap_or_default();
        text.lines().map(|line| line.parse().unwrap()).collect()
    }

    fn collector(&self) -> Collector {
        let (token, runs) = (self.file("token"), self.file("runs"));
        let command = format!("date +%s%N >> {}; cat {}", runs.display(), token.display());
        let text = format!(
            "[mail]\nimap.host = \"localhost\"\nimap.port = {}\nimap.tls = \"starttls\"\nimap.ca_file = {:?}\n\
             imap.username = \"{USER}\"\nimap.poll_seconds = 1\nimap.token_command = [\"/bin/sh\", \"-c\", {command:?}]\n",
            self.server.imap,
            self.server.ca_file(),
        );
        let settings = Settings::with(&text).unwrap().mail;
        Collector::try_new(self.pool.clone(), Clock::wall(), &settings).unwrap().unwrap()
    }

    async fn refusal(&self) -> String {
        format!("{:#}", self.collector().collect().await.unwrap_err())
    }

    async fn stored(&self) -> i64 {
        sqlx::query_scalar("select count(*) from inbound_emails").fetch_one(&self.pool).await.unwrap()
    }
}

/// A signed token for `user` that ends so many seconds from now (RFC 7519).
fn token(user: &str, seconds: i64, key: &[u8]) -> String {
    let now = Clock::wall().now().as_second();
    let encode = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
    let claims = serde_json::json!({ "sub": user, "iat": now - 7200, "exp": now + seconds });
    let header = serde_json::json!({ "alg": "HS256", "typ": "JWT" });
    let signed =
        format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", encode(&mac.finalize().into_bytes()))
}

#[tokio::test]
async fn every_connection_asks_for_a_fresh_token_and_a_bad_one_gets_in_nowhere() {
    let tokens = Tokens::begin().await;
    tokens.server.deliver(b"Subject: one\r\n\r\nHello\r\n");
    tokens.issues(&token(USER, 600, KEY));
    assert_eq!(tokens.collector().collect().await.unwrap(), 1);
    tokens.server.deliver(b"Subject: two\r\n\r\nHello\r\n");
    assert_eq!(tokens.collector().collect().await.unwrap(), 1);
    assert_eq!(tokens.runs().len(), 2);

    tokens.server.deliver(b"Subject: three\r\n\r\nHello\r\n");
    for (what, bad) in [
        ("expired", token(USER, -60, KEY)),
        ("of another key", token(USER, 600, b"another key")),
        ("for somebody else", token("mallory", 600, KEY)),
        ("no token at all", "not-a-token".to_owned()),
    ] {
        tokens.issues(&bad);
        let refusal = tokens.refusal().await;
        assert!(refusal.contains("refused the sign-in with the token"), "{what}: {refusal}");
        assert!(!refusal.contains(&bad), "{what}: the token stays secret");
    }
    tokens.issues("");
    assert!(tokens.refusal().await.contains("printed nothing"));
    fs::remove_file(tokens.file("token")).unwrap();
    assert!(tokens.refusal().await.contains("token_command failed"));
    assert_eq!(tokens.stored().await, 2);

    tokens.issues(&token(USER, 600, KEY));
    assert_eq!(tokens.collector().collect().await.unwrap(), 1);
}

#[tokio::test]
async fn an_expired_token_is_reported_tried_ever_more_rarely_and_mended_by_itself() {
    let tokens = Tokens::begin().await;
    tokens.server.deliver(b"Subject: one\r\n\r\nHello\r\n");
    tokens.issues(&token(USER, -60, KEY));
    let (collector, stop) = (Arc::new(tokens.collector()), CancellationToken::new());
    let running = tokio::spawn({
        let (collector, stop) = (Arc::clone(&collector), stop.clone());
        async move { collector.run(&stop).await }
    });
    until(async || tokens.runs().len() >= 3).await;
    let mut connection = tokens.pool.acquire().await.unwrap();
    let trouble = mailboxes::list_troubles(&mut connection).await.unwrap().remove(0);
    assert!(trouble.last_error.contains("refused the sign-in with the token"), "{}", trouble.last_error);
    let runs = tokens.runs();
    assert!(runs[1] - runs[0] >= 1_000_000_000 && runs[2] - runs[1] >= 2_000_000_000, "{runs:?}");

    tokens.issues(&token(USER, 600, KEY));
    until(async || tokens.stored().await == 1).await;
    until(async || mailboxes::list_troubles(&mut connection).await.unwrap().is_empty()).await;
    stop.cancel();
    running.await.unwrap();
}

async fn until(mut happened: impl AsyncFnMut() -> bool) {
    for _ in 0..3000 {
        if happened().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it never happened");
}
