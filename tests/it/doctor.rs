//! The doctor against peers that work, refuse, lie and stall: it names each, in time, and its exit code tells.

use std::{
    process::{Command, Output},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::helpers::{
    command::{production, text},
    dns::NameServer,
    postgres::Database,
    smtp::{Answer, Encryption, SmtpServer, Stage},
};

/// What a peer does with each who connects.
#[derive(Clone, Copy)]
enum Manner {
    Imap {
        signs_in: bool,
        has_folder: bool,
    },
    Clamd(&'static str),
    /// Takes the connection and never says a word.
    Stalls,
    /// Says the same for ever.
    Floods,
}

/// A peer on a port of its own.
async fn peer(manner: Manner) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    actix_web::rt::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            actix_web::rt::spawn(meet(stream, manner));
        }
    });
    port
}

async fn meet(mut stream: TcpStream, manner: Manner) {
    match manner {
        Manner::Stalls => {
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        Manner::Floods => while stream.write_all(&[b'x'; 4096]).await.is_ok() {},
        Manner::Clamd(pong) => {
            let mut command = [0; 32];
            let length = stream.read(&mut command).await.unwrap_or(0);
            let is_ping = command[..length].starts_with(b"zPING");
            let _ = stream.write_all(if is_ping { pong.as_bytes() } else { b"ClamAV 1.4.2/27000\0" }).await;
        }
        Manner::Imap { signs_in, has_folder } => {
            let mut stream = BufReader::new(stream);
            let _ = stream.write_all(b"* OK ready\r\n").await;
            let mut line = String::new();
            while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                let mut words = line.split_whitespace();
                let (tag, command) = (words.next().unwrap_or("?"), words.next().unwrap_or("?"));
                let answer = match command {
                    "LOGIN" if !signs_in => format!("{tag} NO wrong password\r\n"),
                    "EXAMINE" if !has_folder => format!("{tag} NO no such folder\r\n"),
                    "EXAMINE" => {
                        format!("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n{tag} OK [READ-ONLY] opened\r\n")
                    }
                    _ => format!("{tag} OK done\r\n"),
                };
                let _ = stream.write_all(answer.as_bytes()).await;
                line.clear();
            }
        }
    }
}

/// A production of its own, ready for the doctor, with people who can approve.
struct Patient {
    database: Database,
    data: TempDir,
    command: Command,
}

impl Patient {
    async fn new() -> Self {
        let (database, data) = (Database::create().await, TempDir::new().unwrap());
        let url = database.url();
        sqlx::raw_sql(
            "insert into staff (id, name, email, password_hash, role, created_at)
                 values (gen_random_uuid(), 'Ben', 'ben@customer-name.test', '$argon2id$x', 'approver', now())",
        )
        .execute(&database.pool().await)
        .await
        .unwrap();
        let command = production(data.path(), &url);
        Self { database, data, command }
    }

    fn with(mut self, settings: &[(&str, &str)]) -> Self {
        for (key, value) in settings {
            self.command.env(format!("HANDOVER__{key}"), value);
        }
        self
    }

    /// The four peers, and little time for each.
    fn beside(self, smtp: u16, imap: u16, clamd: u16, resolvers: [&NameServer; 2]) -> Self {
        let addresses = format!("[\"{}\", \"{}\"]", resolvers[0].address, resolvers[1].address);
        self.with(&[
            ("MAIL__SMTP__PORT", &smtp.to_string()),
            ("MAIL__SMTP__TLS", "none"),
            ("MAIL__SMTP__USERNAME", "handover"),
            ("MAIL__SMTP__PASSWORD", "word"),
            ("MAIL__SMTP__TIMEOUT_SECONDS", "2"),
            ("MAIL__IMAP__HOST", "127.0.0.1"),
            ("MAIL__IMAP__PORT", &imap.to_string()),
            ("MAIL__IMAP__TLS", "none"),
            ("MAIL__IMAP__USERNAME", "handover"),
            ("MAIL__IMAP__PASSWORD", "word"),
            ("MAIL__IMAP__TIMEOUT_SECONDS", "2"),
            ("EVIDENCE__CLAMD", &format!("tcp:127.0.0.1:{clamd}")),
            ("EVIDENCE__CLAMD_TIMEOUT_SECONDS", "2"),
            ("DNS__RESOLVERS", &addresses),
            ("DNS__TIMEOUT_SECONDS", "1"),
        ])
    }

    /// Elsewhere, as the peers live in this thread.
    async fn doctor(mut self) -> (Output, Database) {
        self.command.arg("doctor");
        let data = self.data;
        let mut command = self.command;
        let said = actix_web::web::block(move || command.output().unwrap()).await.unwrap();
        drop(data);
        (said, self.database)
    }
}

async fn resolvers() -> [NameServer; 2] {
    let servers = [NameServer::start().await, NameServer::start().await];
    servers.iter().for_each(|server| server.has_name_servers("", &["a.root-servers.example"]));
    servers
}

#[track_caller]
fn says(output: &Output, code: i32, lines: &[&str]) {
    let said = text(output);
    for line in lines {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    assert_eq!(output.status.code(), Some(code), "{said}");
}

#[actix_web::test]
async fn peers_that_work_are_told_and_nothing_is_sent() {
    let server = SmtpServer::start_with(Encryption::None).await;
    let imap = peer(Manner::Imap { signs_in: true, has_folder: true }).await;
    let (clamd, [one, other]) = (peer(Manner::Clamd("PONG\0")).await, resolvers().await);
    let patient = Patient::new().await.beside(server.port, imap, clamd, [&one, &other]);
    // The mailbox was never collected: that is another section's business.
    let (said, _) = patient.doctor().await;
    says(&said, 1, &["takes our sign-in", "opens; 3 messages", "2 of 2 answer", "- ClamAV 1.4.2"]);
    assert!(!text(&said).contains("took too long"), "{}", text(&said));
    assert_eq!((server.times(Stage::SignIn), server.times(Stage::Mail)), (1, 0));
}

#[actix_web::test]
async fn peers_that_refuse_or_lie_are_failures_with_their_words() {
    let server = SmtpServer::start_with(Encryption::None).await;
    server.answer(Stage::SignIn, Answer::Say("535 5.7.8 wrong password"));
    let imap = peer(Manner::Imap { signs_in: false, has_folder: true }).await;
    let (clamd, [one, other]) = (peer(Manner::Clamd("UNKNOWN COMMAND\0")).await, resolvers().await);
    // One resolver fails; one says that the root does not exist.
    one.fails(true);
    other.forgets("");
    let (said, _) = Patient::new().await.beside(server.port, imap, clamd, [&one, &other]).doctor().await;
    says(
        &said,
        1,
        &[
            "FAILURE: does not take our sign-in: 535 5.7.8 wrong password",
            "FAILURE: the mail server refused the sign-in",
            "FAILURE: clamd answered \"UNKNOWN COMMAND\" to PING",
            "resolvers 0 of 2 answer",
            "it resolves no names",
        ],
    );

    let imap = peer(Manner::Imap { signs_in: true, has_folder: false }).await;
    let flood = peer(Manner::Floods).await;
    let patient = Patient::new().await.beside(server.port, imap, flood, [&one, &other]);
    let (said, _) = patient.with(&[("MAIL__SMTP__TLS", "starttls")]).doctor().await;
    says(
        &said,
        1,
        &["does not encrypt", "STARTTLS is not supported", "could not open the mailbox", "to PING"],
    );
}

#[actix_web::test]
async fn peers_that_stall_hold_nothing_up() {
    let [smtp, imap, clamd] =
        [peer(Manner::Stalls).await, peer(Manner::Stalls).await, peer(Manner::Stalls).await];
    let [one, other] = resolvers().await;
    one.keeps_silent(true);
    other.keeps_silent(true);
    let patient = Patient::new().await.beside(smtp, imap, clamd, [&one, &other]);
    // That it comes to an end at all, however loaded the machine.
    let (said, _) = tokio::time::timeout(Duration::from_secs(120), patient.doctor()).await.unwrap();
    // Each in the words of who waited for it.
    let words =
        ["can't be connected to: no answer", "silent", "0 of 2 answer", "clamd took too long", "trail     0"];
    says(&said, 1, &words);

    // So is a database.
    let database = peer(Manner::Stalls).await;
    let url = format!("postgres://handover@127.0.0.1:{database}/handover");
    let server = SmtpServer::start_with(Encryption::None).await;
    let patient = Patient::new().await.beside(server.port, imap, clamd, [&one, &other]);
    let (said, _) = patient.with(&[("DATABASE__URL", url.as_str())]).doctor().await;
    says(&said, 1, &["database  could not be looked at", "takes our sign-in"]);
}

#[actix_web::test]
async fn a_wrong_clock_missing_rights_and_another_secret_are_failures() {
    for (minutes, code, line) in [
        ("5 seconds", 4, "warning: let both machines follow the same time"),
        ("5 minutes", 1, "FAILURE: let both machines follow the same time"),
    ] {
        let patient = Patient::new().await;
        let name = sqlx::query_scalar::<_, String>("select current_database()")
            .fetch_one(&patient.database.pool().await)
            .await
            .unwrap();
        let lie = format!(
            "create function public.clock_timestamp() returns timestamptz language sql volatile
                 as $$ select pg_catalog.clock_timestamp() + interval '{minutes}' $$;
             alter database {name} set search_path = public, pg_catalog"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(lie)).execute(&patient.database.pool().await).await.unwrap();
        let server = SmtpServer::start_with(Encryption::None).await;
        let [one, other] = resolvers().await;
        let addresses = format!("[\"{}\", \"{}\"]", one.address, other.address);
        let port = server.port.to_string();
        let settings = [
            ("MAIL__SMTP__PORT", port.as_str()),
            ("MAIL__SMTP__TLS", "none"),
            ("DNS__RESOLVERS", &addresses),
        ];
        let (said, _) = patient.with(&settings).doctor().await;
        says(&said, code, &[line]);
    }

    let patient = Patient::new().await;
    let pool = patient.database.pool().await;
    sqlx::raw_sql(
        "revoke update on cases, checks from handover_service; revoke insert on drafts from handover_service",
    )
    .execute(&pool)
    .await
    .unwrap();
    sqlx::raw_sql(
        "insert into emails (id, notification, audience, message_id, envelope_from, envelope_to, subject, language, raw, digest, state, created_at, next_attempt_at)
             values (gen_random_uuid(), 'question', 'customer', 'x@customer-name.test', 'handover+x.aaaaaaaaaaaaaaaa@customer-name.test', 'a@b.example', 'x', 'en', 'x', sha256('x'), 'queued', now(), now())",
    )
    .execute(&pool)
    .await
    .unwrap();
    drop(pool);
    let (said, _) = patient.doctor().await;
    says(
        &said,
        1,
        &[
            "it may not update cases.atlassian_ticket, ",
            "update checks.verdict, insert drafts: run `handover database grants handover_service` as the owner of the tables",
            "set secrets.key as it was",
        ],
    );
}

/// What `serve` would refuse, and then everything else all the same.
#[actix_web::test]
async fn refused_settings_and_another_schema_do_not_end_the_look() {
    let server = SmtpServer::start_with(Encryption::None).await;
    let port = server.port.to_string();
    let smtp = [("MAIL__SMTP__PORT", port.as_str()), ("MAIL__SMTP__TLS", "none")];
    let patient = Patient::new().await.with(&smtp).with(&[("POLICY__BLOCKING", "[]")]);
    let (said, _) = patient.doctor().await;
    says(&said, 2, &["FAILURE: policy.blocking is empty", "answers; no sign-in", "schema up to date"]);

    let patient = Patient::new().await.with(&smtp);
    sqlx::raw_sql("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)")
        .execute(&patient.database.pool().await)
        .await
        .unwrap();
    let (said, _) = patient.doctor().await;
    says(&said, 3, &["older than this program: run `handover migrate`", "answers; no sign-in"]);
}
