//! Traces: from the request to the mail server in one tree, without anybody's data, and whatever the collector does, nobody waits for it.

use std::{collections::BTreeSet, time::Duration};

use handover::{case::actor::Role, telemetry::Telemetry};
use nix::sys::signal::Signal;
use opentelemetry::trace::SpanKind;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::{Span, status::StatusCode},
};
use prost::Message as _;
use reqwest::Client;

use crate::helpers::{
    command::free_port,
    desk::Desk,
    postgres::Database,
    program::Program,
    receiver::{Manner, Receiver, Request},
    smtp::{Answer as Say, Stage},
    story::{REQUESTER, form},
};

const HEADERS: &str = "authorization: Bearer of-the-collector, x-scope: desk";
const FIGURES: &str = "metrics.token = \"a token of thirty-two characters\"";

fn takes() -> Manner {
    Manner::Says(200, String::new())
}

fn settings(port: u16, more: &str) -> String {
    format!(
        "telemetry.endpoint = \"http://127.0.0.1:{port}/v1/traces\"\ntelemetry.headers = {HEADERS:?}\n{FIGURES}\n{more}"
    )
}

fn read(request: &Request) -> ExportTraceServiceRequest {
    assert_eq!(request.path, "/v1/traces");
    assert_eq!(request.headers["content-type"], "application/x-protobuf");
    assert_eq!(request.headers["authorization"], "Bearer of-the-collector");
    assert_eq!(request.headers["x-scope"], "desk");
    ExportTraceServiceRequest::decode(request.body.as_slice()).unwrap()
}

/// All that the collector was given, once the process has handed over what it had.
fn spans(collector: &Receiver) -> Vec<Span> {
    let whole =
        collector.requests().iter().map(read).flat_map(|sent| sent.resource_spans).collect::<Vec<_>>();
    whole.into_iter().flat_map(|of_one| of_one.scope_spans).flat_map(|of_one| of_one.spans).collect()
}

async fn end(desk: &Desk) {
    desk.casework.app.telemetry.end(Duration::from_secs(10)).await;
}

fn said(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|one| one.key == key)?;
    Some(match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}

/// The one child of `parent` by this name.
fn child<'s>(spans: &'s [Span], parent: &Span, name: &str) -> &'s Span {
    let found: Vec<&Span> =
        spans.iter().filter(|span| span.parent_span_id == parent.span_id && span.name == name).collect();
    assert_eq!(found.len(), 1, "{name} below {}: {:#?}", parent.name, names(spans));
    assert_eq!(found[0].trace_id, parent.trace_id);
    found[0]
}

fn names(spans: &[Span]) -> Vec<&str> {
    spans.iter().map(|span| span.name.as_str()).collect()
}

fn root<'s>(spans: &'s [Span], name: &str) -> &'s Span {
    let mut found = spans.iter().filter(|span| span.name == name && span.parent_span_id.is_empty());
    found.next().unwrap_or_else(|| panic!("no {name} in {:#?}", names(spans)))
}

async fn figure(desk: &Desk, name: &str) -> i64 {
    let asked = Client::new().get(format!("{}/metrics", desk.address));
    let asked = asked.header("authorization", "Bearer a token of thirty-two characters");
    let text = asked.send().await.unwrap().text().await.unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.unwrap_or_else(|| panic!("{name} is not in {text}")).parse().unwrap()
}

async fn spans_that_were(desk: &Desk, outcome: &str) -> i64 {
    figure(desk, &format!("handover_telemetry_spans_total{{outcome=\"{outcome}\"}}")).await
}

#[actix_web::test]
async fn a_request_its_transaction_the_delivery_and_the_conversation_are_one_trace() {
    let collector = Receiver::start(takes()).await;
    let desk = Desk::start_with(&settings(collector.port, "telemetry.service_name = \"desk-one\"")).await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let fields = form();
    // A letter that is put off is tried again in the same trace.
    desk.smtp.answer(Stage::Recipient, Say::Say("451 4.2.0 <rita@nordlicht.example> later"));
    visitor.escalates(&fields).await.went_well();
    desk.work_until_idle().await;
    desk.later(1).await;
    let letter = desk.take_letter(REQUESTER);
    let link = letter.link("confirmations");
    visitor.post(&link, &[]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let number = desk.newest().await;
    let ann = desk.staff("ann", Role::Agent).await;
    ann.visitor.fetch(&format!("/desk/cases/{number}")).await;
    ann.does(&number, "question", &[("question", "Seit wann ist Petra Abend fort?")]).await.went_well();
    Client::new().get(format!("{}/nothing/{number}?email={REQUESTER}", desk.address)).send().await.unwrap();
    desk.work_until_idle().await;
    desk.take_all_letters();
    end(&desk).await;

    let spans = spans(&collector);
    let request = root(&spans, "POST /escalations");
    assert_eq!(request.kind, 2, "a server's");
    assert_eq!(said(&request.attributes, "http.route").as_deref(), Some("/escalations"));
    assert_eq!(said(&request.attributes, "http.response.status_code").as_deref(), Some("303"));
    let queued = child(&spans, child(&spans, request, "open"), "queue e-mail");
    assert_eq!(said(&queued.attributes, "handover.notification").as_deref(), Some("confirmation_request"));
    let mut tries: Vec<&Span> = spans.iter().filter(|span| span.parent_span_id == queued.span_id).collect();
    tries.sort_by_key(|span| span.start_time_unix_nano);
    assert_eq!(tries.len(), 2, "{tries:#?}");
    for (delivery, attempt, outcome, ok) in
        [(tries[0], "1", "deferred", false), (tries[1], "2", "accepted", true)]
    {
        assert_eq!((delivery.name.as_str(), delivery.kind), ("deliver e-mail", 5));
        assert_eq!(delivery.trace_id, request.trace_id);
        assert_eq!(said(&delivery.attributes, "handover.attempt").as_deref(), Some(attempt));
        let conversation = child(&spans, delivery, "SMTP");
        assert_eq!(conversation.kind, 3, "a client's");
        assert_eq!(said(&conversation.attributes, "handover.outcome").as_deref(), Some(outcome));
        let reached: Vec<&str> = conversation.events.iter().map(|event| event.name.as_str()).collect();
        assert!(reached.contains(&"sender accepted"), "{reached:?}");
        assert_eq!(reached.contains(&"recipient accepted"), ok, "{reached:?}");
        let failed = conversation.status.as_ref().is_some_and(|one| one.code == StatusCode::Error as i32);
        assert_eq!(failed, !ok);
    }
    let confirmed = root(&spans, "POST /confirmations/{token}");
    let act = child(&spans, child(&spans, confirmed, "transaction"), "act");
    assert_eq!(said(&act.attributes, "handover.action").as_deref(), Some("confirm"));
    assert_eq!(said(&act.attributes, "handover.outcome").as_deref(), Some("done"));
    assert!(spans.iter().any(|span| span.parent_span_id == act.span_id && span.name == "queue e-mail"));
    root(&spans, "checks");
    root(&spans, "GET");
    let services: BTreeSet<String> = collector
        .requests()
        .iter()
        .flat_map(|request| read(request).resource_spans)
        .map(|of_one| said(&of_one.resource.unwrap().attributes, "service.name").unwrap())
        .collect();
    assert_eq!(services, BTreeSet::from(["desk-one".to_owned()]));

    // Nothing that somebody wrote, and nothing that leads to a case.
    let token = link.rsplit('/').next().unwrap();
    let typed = fields.iter().map(|(_, value)| value.as_str()).filter(|value| value.len() > 4);
    let secret: Vec<&str> =
        typed.chain([token, &number, "@", "HO-", "select ", "insert ", "Petra", "451 "]).collect();
    let told = format!("{:?}", collector.requests().iter().map(read).collect::<Vec<_>>());
    for secret in secret {
        assert!(!told.contains(secret), "{secret} was told");
    }
    let keys: BTreeSet<&str> =
        spans.iter().flat_map(|span| &span.attributes).map(|one| one.key.as_str()).collect();
    let allowed = BTreeSet::from([
        "handover.action",
        "handover.actor",
        "handover.attempt",
        "handover.notification",
        "handover.outcome",
        "handover.request_id",
        "http.request.method",
        "http.response.status_code",
        "http.route",
    ]);
    assert_eq!(keys, allowed);
    assert!(spans.iter().all(|span| span.events.iter().all(|event| event.attributes.is_empty())));
    desk.finish().await;
}

#[actix_web::test]
async fn a_stranger_chooses_neither_the_trace_nor_whether_it_is_kept() {
    const THEIRS: &str = "0af7651916cd43dd8448eb211c80319c";
    for (ratio, told) in [("1.0", true), ("0.0", false)] {
        let collector = Receiver::start(takes()).await;
        let desk =
            Desk::start_with(&settings(collector.port, &format!("telemetry.sample_ratio = {ratio}"))).await;
        desk.import_register().await;
        let asked = Client::new()
            .post(format!("{}/escalations", desk.address))
            .header("traceparent", format!("00-{THEIRS}-b7ad6b7169203331-01"))
            .header("tracestate", "vendor=1")
            .form(&form());
        assert!(asked.send().await.unwrap().status().is_success());
        desk.work_until_idle().await;
        desk.take_all_letters();
        let kept = traceparents(&desk).await;
        let flag = if told { "-01" } else { "-00" };
        assert!(kept.iter().all(|one| one.as_ref().is_some_and(|one| one.ends_with(flag))), "{kept:?}");
        assert!(!format!("{kept:?}").contains(THEIRS));
        end(&desk).await;
        let spans = spans(&collector);
        assert_eq!(spans.is_empty(), !told, "{:?}", names(&spans));
        assert!(
            spans
                .iter()
                .all(|span| span.trace_id != 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes())
        );
        desk.finish().await;
    }
}

/// What is kept with each letter.
async fn traceparents(desk: &Desk) -> Vec<Option<String>> {
    let kept = sqlx::query_scalar("select traceparent from emails");
    kept.fetch_all(&desk.casework.app.pool).await.unwrap()
}

#[actix_web::test]
async fn where_no_collector_is_configured_nothing_is_traced() {
    let desk = Desk::start().await;
    desk.import_register().await;
    desk.visitor("de").escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    let kept = traceparents(&desk).await;
    assert!(!kept.is_empty() && kept.iter().all(Option::is_none), "{kept:?}");
    desk.finish().await;
}

/// Requests are answered and letters leave while the collector does this; what it did not take is counted, and none of it is kept.
#[actix_web::test]
async fn whatever_the_collector_does_requests_and_letters_go_on() {
    let elsewhere = Receiver::start(takes()).await;
    let lies = "\u{1}not protobuf at all".repeat(50);
    for (manner, outcome) in [
        (Manner::Stalls, "not_taken"),
        (Manner::Drips, "not_taken"),
        (Manner::Floods, "not_taken"),
        (Manner::HangsUp, "not_taken"),
        (Manner::Says(400, "no".to_owned()), "not_taken"),
        (Manner::Says(503, "later".to_owned()), "not_taken"),
        (Manner::RedirectsTo(format!("http://127.0.0.1:{}/v1/traces", elsewhere.port)), "not_taken"),
        (Manner::Says(200, lies), "taken"),
    ] {
        let what = format!("{manner:?}");
        let collector = Receiver::start(manner).await;
        let desk = Desk::start_with(&settings(collector.port, "telemetry.timeout_seconds = 1")).await;
        desk.import_register().await;
        desk.visitor("de").escalates(&form()).await.went_well();
        desk.work_until_idle().await;
        assert_eq!(desk.take_letters(REQUESTER).len(), 1, "{what}");
        end(&desk).await;
        assert!(!collector.requests().is_empty(), "{what}: it was asked");
        assert!(spans_that_were(&desk, outcome).await > 0, "{what}");
        assert_eq!(figure(&desk, "handover_telemetry_spans_waiting").await, 0, "{what}");
        desk.take_all_letters();
        desk.finish().await;
    }
    assert!(elsewhere.requests().is_empty(), "what the collector is told by goes nowhere else");
    // Nobody is there at all.
    let desk = Desk::start_with(&settings(free_port(), "")).await;
    desk.visitor("de").fetch("/").await;
    end(&desk).await;
    assert!(spans_that_were(&desk, "not_taken").await > 0);
    desk.finish().await;
}

#[actix_web::test]
async fn what_waits_for_a_silent_collector_has_an_end_and_the_rest_is_counted() {
    let collector = Receiver::start(Manner::Stalls).await;
    let desk = Desk::start_with(&settings(collector.port, "telemetry.timeout_seconds = 60")).await;
    let telemetry: &Telemetry = &desk.casework.app.telemetry;
    for _ in 0..5000 {
        telemetry.begin("step", SpanKind::Internal).end();
    }
    let (waiting, dropped) =
        (figure(&desk, "handover_telemetry_spans_waiting").await, spans_that_were(&desk, "dropped").await);
    assert_eq!(waiting, 2048);
    // That figure was asked for by a request, which is traced, too.
    assert!((5000 - 2048..=5000 - 2048 + 2).contains(&dropped), "{dropped}");
    // It is left to itself, whatever it still holds.
    telemetry.end(Duration::from_millis(100)).await;
    desk.finish().await;
}

/// The end of a process hands over what it has; a collector that is silent then keeps no process.
#[actix_web::test]
async fn the_end_hands_over_what_waits_and_is_not_kept_by_a_silent_collector() {
    for manner in [takes(), Manner::Stalls] {
        let is_silent = matches!(manner, Manner::Stalls);
        let (collector, database) = (Receiver::start(manner).await, Database::in_use().await);
        let endpoint = format!("http://127.0.0.1:{}/v1/traces", collector.port);
        let settings = [
            ("TELEMETRY__ENDPOINT", endpoint.as_str()),
            ("TELEMETRY__HEADERS", HEADERS),
            ("TELEMETRY__TIMEOUT_SECONDS", "60"),
        ];
        let mut program = Program::serve(&database.url(), &settings).await;
        program.client.get(program.url("/imprint-that-is-not-there")).send().await.unwrap();
        program.client.get(program.url("/guide")).send().await.unwrap();
        program.signal(Signal::SIGTERM);
        // As long as `stop_seconds`, and what a busy machine needs besides.
        let status = program.ended(Duration::from_secs(30)).await;
        assert!(status.is_some_and(|status| status.success()), "{status:?}: {}", program.log());
        if is_silent {
            assert!(!collector.requests().is_empty() && program.log().contains("not all spans were taken"));
        } else {
            let spans = spans(&collector);
            assert_eq!(said(&root(&spans, "GET /guide").attributes, "http.route").as_deref(), Some("/guide"));
        }
        assert!(!program.log().contains("of-the-collector"));
    }
}
