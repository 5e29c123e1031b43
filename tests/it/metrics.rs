//! The figures for a monitoring system: only for whoever knows the token, and without anybody's data.

use std::{collections::BTreeMap, process::Stdio, time::Duration};

use actix_web::test::{TestRequest, call_service, init_service, read_body};
use handover::site::Site;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use reqwest::Client;
use sqlx::PgPool;

use crate::{
    helpers::{
        command::{free_port, handover},
        desk::Desk,
        postgres::Database,
        program::Program,
        smtp::{Answer as Say, Stage},
        statements::statements_of,
        story::form,
    },
    queue::plenty,
};

const TOKEN: &str = "a token of thirty-two characters";

async fn ask(desk: &Desk, token: Option<&str>) -> (u16, String) {
    let request = Client::new().get(format!("{}/metrics", desk.address));
    let request = match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[actix_web::test]
async fn figures_are_there_only_where_a_token_is_set_and_for_whoever_knows_it() {
    let desk = Desk::start().await;
    assert_eq!(ask(&desk, None).await.0, 404);
    assert_eq!(ask(&desk, Some("")).await.0, 404);
    desk.finish().await;

    let desk = Desk::start_with(&format!("metrics.token = {TOKEN:?}")).await;
    for token in [None, Some(""), Some("wrong"), Some(&TOKEN[1..])] {
        let (status, text) = ask(&desk, token).await;
        assert_eq!((status, text.as_str()), (401, ""), "{token:?}");
    }
    assert_eq!(ask(&desk, Some(TOKEN)).await.0, 200);
    desk.finish().await;
}

#[actix_web::test]
async fn they_tell_what_mail_and_cases_do_and_name_nobody() {
    let settings = format!(
        "metrics.token = {TOKEN:?}\nmail.imap.host = \"imap.reseller.example\"\nmail.imap.username = \"ann@reseller.example\""
    );
    let desk = Desk::start_with(&settings).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ann = desk.staff("ann", handover::case::actor::Role::Agent).await;
    desk.smtp.answer(Stage::Recipient, Say::Say("550 5.1.1 no such mailbox"));
    desk.smtp.answer(Stage::Recipient, Say::Say("451 4.2.0 later"));
    for question in ["Seit wann?", "Und wer?"] {
        ann.does(&number, "question", &[("question", question)]).await.went_well();
        desk.work_until_idle().await;
    }
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(10)));
    let (_, text) = ask(&desk, Some(TOKEN)).await;
    for line in [
        &format!(
            "handover_build_info{{version=\"{}\",schema=\"{}\",commit=\"\"}} 1",
            env!("CARGO_PKG_VERSION"),
            handover::migrations::latest()
        ),
        "handover_emails_queued 1",
        "handover_emails_deferred 1",
        "handover_emails_oldest_queued_seconds 10",
        "handover_emails_open 1",
        "handover_sending_put_off_tries 1",
        "handover_sending_alarm 0",
        "handover_sending_last_success_timestamp_seconds 1780300800",
        "handover_collecting_alarm{mailbox=\"imap.reseller.example:993/INBOX\"} 1",
        "handover_inbound_quarantined 0",
        "handover_inbound_oldest_set_aside_seconds 0",
        "handover_cases{state=\"awaiting_customer\"} 1",
        "handover_cases{state=\"verifying\"} 0",
        "handover_cases_waiting{waiting_for=\"customer\"} 1",
        "handover_cases_overdue{waiting_for=\"customer\"} 0",
        "handover_delivery_tries_total{outcome=\"failed\"} 1",
        "handover_delivery_tries_total{outcome=\"deferred\"} 1",
        "handover_delivery_tries_total{outcome=\"refused\"} 0",
        "handover_http_requests_total{method=\"POST\",route=\"/escalations\",status=\"303\"} 1",
        "handover_database_up 1",
        "handover_telemetry_enabled 0",
        "handover_verification_last_timestamp_seconds 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains(" Nordlicht") && !text.contains('@') && !text.contains("HO-"), "{text}");
    desk.later(1).await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Whoever asks for what is not there makes no new row, whatever they write.
#[actix_web::test]
async fn strangers_make_no_rows() {
    let desk = Desk::start_with(&format!("metrics.token = {TOKEN:?}")).await;
    let client = Client::new();
    for n in 0..50 {
        let url = format!("{}/nothing-{n}/ann@reseller.example?q={n}", desk.address);
        let method = reqwest::Method::from_bytes(format!("WORD{n}").as_bytes()).unwrap();
        client.request(method, url).send().await.unwrap();
    }
    client.get(format!("{}/confirmations/pZ3kW8nR5tY2vB7x", desk.address)).send().await.unwrap();
    let (_, text) = ask(&desk, Some(TOKEN)).await;
    let rows: Vec<&str> =
        text.lines().filter(|line| line.starts_with("handover_http_requests_total")).collect();
    assert_eq!(
        rows,
        [
            "handover_http_requests_total{method=\"GET\",route=\"/confirmations/{token}\",status=\"404\"} 1",
            "handover_http_requests_total{method=\"_OTHER\",route=\"\",status=\"404\"} 50",
        ]
    );
    desk.finish().await;
}

const GROWING: &str = "'cases', 'emails', 'deliveries', 'inbound_emails', 'bounces', 'checks', 'form_letters', 'sign_in_limits',
    'webhook_deliveries', 'log_pending', 'log_heads', 'case_events'";

/// Rows that were read one after the other, and along indexes, by table.
type Read = BTreeMap<String, (i64, i64)>;

async fn read_so_far(owner: &PgPool, service: &PgPool) -> Read {
    // What that one connection has counted is told at once.
    sqlx::query("select pg_stat_force_next_flush()").execute(service).await.unwrap();
    let sql = format!(
        "select relname::text, seq_tup_read, coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname in ({GROWING})"
    );
    let rows: Vec<(String, i64, i64)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(owner).await.unwrap();
    rows.into_iter().map(|(table, seq, index)| (table, (seq, index))).collect()
}

/// Many cases, open and closed, and letters that were sent and that wait; whoever asks for figures reads as much of them as of few.
#[actix_web::test]
async fn a_full_house_is_not_read() {
    let desk = Desk::start_on_one_connection(&format!("metrics.token = {TOKEN:?}")).await;
    let service = init_service(Site::new(desk.casework.clone()).service()).await;
    let (owner, pool) = (&desk.owner, &desk.casework.app.pool);
    let asked = async || {
        let request =
            TestRequest::get().uri("/metrics").insert_header(("authorization", format!("Bearer {TOKEN}")));
        let (statements, answer) = statements_of(call_service(&service, request.to_request())).await;
        let text = String::from_utf8(read_body(answer).await.to_vec()).unwrap();
        assert!(text.contains("handover_database_up 1"), "{text}");
        (statements, text)
    };
    let cost = async || {
        asked().await;
        let before = read_so_far(owner, pool).await;
        let (statements, text) = asked().await;
        let mut read = read_so_far(owner, pool).await;
        for (table, (seq, index)) in &mut read {
            *seq -= before[table].0;
            *index -= before[table].1;
        }
        (statements, text, read)
    };
    let (few, _, _) = cost().await;
    let fill = async || {
        // Whoever stages rows has told what that read once it is gone, and it is not taken for ours.
        let connections = "select count(*) from pg_stat_activity where datname = current_database()";
        let before: i64 = sqlx::query_scalar(connections).fetch_one(owner).await.unwrap();
        let staging = desk.database.pool().await;
        plenty(&staging, 12_000).await;
        for sql in [
            "alter table cases disable trigger all",
            // Half of them closed long ago.
            "update cases set state = 'closed', waiting_for = 'nobody', outcome = 'completed', closed_at = changed_at,
                 state_data = '{\"state\": \"closed\", \"outcome\": \"completed\"}'
             where number like 'HO-2026-%' and substr(number, 9)::integer % 2 = 0",
            // So that the next ones find their numbers free.
            "update cases set number = replace(number, 'HO-2026-',
                 case when exists (select from cases where number like 'HO-2025-%') then 'HO-2024-' else 'HO-2025-' end)
             where number like 'HO-2026-%'",
            "insert into emails (id, audience, notification, message_id, envelope_from, envelope_to, subject, language, raw, digest,
                 state, settled_at, noticed_at, next_attempt_at, created_at)
             select gen_random_uuid(), 'customer', 'question', gen_random_uuid()::text, 'a@b.example', 'c@d.example', 's', 'en', 'raw',
                 sha256('raw'), case when i % 4 = 0 then 'queued' else 'sent' end, case when i % 4 > 0 then now() end,
                 case when i % 4 > 0 then now() end, timestamptz '2026-05-01', timestamptz '2026-05-01'
             from generate_series(1, 4000) i",
            "insert into deliveries (email_id, attempt, at, outcome, response)
             select id, 1, created_at, case when state = 'sent' then 'sent' else 'deferred' end, '' from emails order by state desc",
            "insert into inbound_emails (id, content_hash, source, received_at, raw, size)
             select gen_random_uuid(), sha256(i::text::bytea), 'pipe', timestamptz '2026-05-01', i::text::bytea, 1
             from generate_series((select count(*) from inbound_emails) + 1, (select count(*) from inbound_emails) + 3000) i",
            "insert into form_letters (mailbox, network, at, held)
             select 'm', 'n', timestamptz '2026-06-01 07:30:00Z', false from generate_series(1, 3000)",
            "insert into sign_in_limits (key, kind, failures, failed_at, free_at)
             select (select count(*) from sign_in_limits) + i, 'account', 1, timestamptz '2026-06-01 07:55:00Z', now()
             from generate_series(1, 3000) i",
            "analyze",
        ] {
            sqlx::query(sql).execute(&staging).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        staging.close().await;
        while sqlx::query_scalar::<_, i64>(connections).fetch_one(owner).await.unwrap() > before {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    fill().await;
    let (some, text, some_read) = cost().await;
    for line in [
        "handover_cases{state=\"verified\"} 1000",
        "handover_cases_waiting{waiting_for=\"us\"} 1000",
        "handover_inbound_unread 1000",
        "handover_emails_queued 1000",
        "handover_form_letters_last_hour 3000",
        "handover_sign_in_failures 3000",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    fill().await;
    let (many, _, many_read) = cost().await;
    assert!(few.len() <= 20 && few == some && some == many, "{few:#?}\n{many:#?}");
    for (table, (seq, index)) in &many_read {
        assert_eq!((*seq, some_read[table].0), (0, 0), "{table} was read from its beginning");
        assert!(*index <= 30_000, "{table}: {index}");
    }
    // Eleven states, five parties and what is overdue, each to a thousand; the messages to a thousand twice.
    for (table, most) in [("cases", 17_000), ("inbound_emails", 2001)] {
        assert!(some_read[table].1 >= 1000, "{table}: {some_read:?}");
        assert!(many_read[table].1 <= most, "{table}: {many_read:?}");
    }
}

/// Without its database a process still says that it is there, and that the database is not.
#[actix_web::test]
async fn what_the_process_knows_is_told_without_the_database() {
    let database = Database::in_use().await;
    let program = Program::serve(&database.url(), &[("METRICS__TOKEN", TOKEN)]).await;
    let ask = async || {
        let asked =
            program.client.get(program.url("/metrics")).header("authorization", format!("Bearer {TOKEN}"));
        asked.send().await.unwrap().text().await.unwrap()
    };
    let text = ask().await;
    assert!(text.contains("\nhandover_database_up 1\n") && text.contains("\nhandover_cases{"), "{text}");
    assert!(text.contains("\nhandover_worker_running 1\n"), "{text}");
    drop(database);
    let mut text = ask().await;
    for _ in 0..100 {
        if text.contains("\nhandover_database_up 0\n") {
            break;
        }
        text = ask().await;
    }
    for line in [
        "\nhandover_database_up 0\n",
        "\nhandover_build_info{",
        "\nhandover_worker_running 1\n",
        "\nhandover_http_requests_total{",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(!text.contains("\nhandover_cases{"), "{text}");
}

/// A worker of its own has figures of its own.
#[actix_web::test]
async fn a_worker_alone_answers_on_its_own_port() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (database, data, port) = (Database::create().await, tempfile::tempdir().unwrap(), free_port());
    let mut worker = handover(data.path())
        .env("HANDOVER__DATABASE__URL", database.url())
        .env("HANDOVER__METRICS__PORT", free_port().to_string())
        .env("HANDOVER__METRICS__WORKER_PORT", port.to_string())
        .arg("work")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let address = format!("http://127.0.0.1:{port}/metrics");
    let lines = [
        "\nhandover_worker_running 1\n",
        "\nhandover_worker_loop_silent_seconds{loop=\"deliveries\"}",
        "\nhandover_worker_steps_total{outcome=\"idle\",work=\"deliveries\"}",
        "\nhandover_database_up 1\n",
    ];
    let mut text = String::new();
    for _ in 0..600 {
        if let Ok(answer) = Client::new().get(&address).send().await {
            text = answer.text().await.unwrap();
            if lines.iter().all(|line| text.contains(line)) {
                break;
            }
        }
        assert!(worker.try_wait().unwrap().is_none(), "it ended");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    kill(Pid::from_raw(worker.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    assert!(worker.wait().unwrap().success());
    for line in lines {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}
