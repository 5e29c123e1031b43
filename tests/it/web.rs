//! HTTP manners, on a real server: languages, refusals, headers, health.

use std::sync::{Arc, Mutex};

use actix_web::HttpServer;
use handover::{app::App, casework::Casework, clock::Clock, config::Settings, site::Site};
use reqwest::{Client, StatusCode, redirect::Policy};

use crate::helpers::{listening::listening, postgres::Database};

/// Whoever answers here makes a mistake.
const PANICS: &str = "/escalations/new";

/// A server on a port of its own, with nothing in its database.
struct Server {
    address: String,
    client: Client,
    handle: actix_web::dev::ServerHandle,
    _database: Database,
}

impl Server {
    async fn start() -> Server {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let database = Database::create().await;
        let clock = Clock::stopped("2026-11-23T09:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        let settings = Settings::with("").unwrap();
        let app =
            App::try_new(database.service_pool().await, settings, clock, &"k".repeat(32).into()).unwrap();
        let site = Site::new(Casework::try_new(app).unwrap()).before_each_answer(|path| {
            assert_ne!(path, PANICS, "words that nobody outside may read");
        });
        let server = HttpServer::new(move || site.service()).workers(1).bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}", server.addrs()[0]);
        let server = server.disable_signals().run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        let english = [(reqwest::header::ACCEPT_LANGUAGE, reqwest::header::HeaderValue::from_static("en"))];
        let english = english.into_iter().collect();
        let client = Client::builder().redirect(Policy::none()).default_headers(english).build().unwrap();
        Server { address, client, handle, _database: database }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    async fn stop(self) {
        self.handle.stop(false).await;
    }
}

#[actix_web::test]
async fn answers_what_it_can_and_says_what_it_can_not() {
    let server = Server::start().await;
    let get = |path: &str| server.client.get(server.url(path)).send();
    assert_eq!(get("/health/live").await.unwrap().text().await.unwrap(), "live\n");
    assert_eq!(get("/health/ready").await.unwrap().text().await.unwrap(), "ready\n");

    let missing = get("/nothing/here").await.unwrap();
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(missing.headers()["cache-control"], "no-store");
    assert_eq!(missing.headers()["referrer-policy"], "same-origin");
    assert!(missing.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert!(!missing.headers().contains_key("strict-transport-security"));
    assert!(missing.text().await.unwrap().contains("There is no such page"));

    let wrong_method = server.client.delete(server.url("/desk/sign-in")).send().await.unwrap();
    assert_eq!(wrong_method.status(), StatusCode::METHOD_NOT_ALLOWED);
    server.stop().await;
}

#[actix_web::test]
async fn scripts_get_problems_as_json() {
    let server = Server::start().await;
    let missing =
        server.client.get(server.url("/nothing")).header("accept", "application/json").send().await.unwrap();
    assert_eq!(missing.headers()["content-type"], "application/problem+json");
    let problem: serde_json::Value = missing.json().await.unwrap();
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["code"], "error-404");
    server.stop().await;
}

#[actix_web::test]
async fn a_chosen_language_is_remembered_and_comes_before_the_browsers() {
    let server = Server::start().await;
    let page = |cookie: &'static str| {
        let request =
            server.client.get(server.url("/desk/sign-in")).header("accept-language", "de-AT,de;q=0.9");
        async move { request.header("cookie", cookie).send().await.unwrap().text().await.unwrap() }
    };
    assert!(page("").await.contains("<html lang=\"de\">"));
    assert!(page("language=en").await.contains("<html lang=\"en\">"));
    assert!(page("language=fr").await.contains("<html lang=\"de\">"));

    let choose = |return_to: &'static str| {
        let form = [("language", "en"), ("return_to", return_to)];
        let request = server.client.post(server.url("/language")).form(&form);
        async move { request.send().await.unwrap() }
    };
    let chosen = choose("/desk/sign-in").await;
    assert_eq!(chosen.status(), StatusCode::SEE_OTHER);
    assert_eq!(chosen.headers()["location"], "/desk/sign-in");
    let cookie = chosen.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("language=en; HttpOnly; SameSite=Lax; Path=/; Max-Age="), "{cookie}");
    assert_eq!(choose("//evil.example").await.headers()["location"], "/");
    server.stop().await;
}

#[actix_web::test]
async fn another_sites_form_is_refused() {
    let server = Server::start().await;
    let post = |headers: &'static [(&'static str, &'static str)]| {
        let mut request = server.client.post(server.url("/language")).form(&[("language", "en")]);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(post(&[]).await, StatusCode::SEE_OTHER);
    assert_eq!(post(&[("sec-fetch-site", "same-origin")]).await, StatusCode::SEE_OTHER);
    assert_eq!(post(&[("sec-fetch-site", "cross-site")]).await, StatusCode::FORBIDDEN);
    assert_eq!(post(&[("origin", "https://evil.example")]).await, StatusCode::FORBIDDEN);
    assert_eq!(post(&[("cookie", "handover_session=x")]).await, StatusCode::FORBIDDEN);
    server.stop().await;
}

#[actix_web::test]
async fn a_file_is_sent_once() {
    let server = Server::start().await;
    let first = server.client.get(server.url("/static/handover.css")).send().await.unwrap();
    assert_eq!(first.headers()["content-type"], "text/css");
    let tag = first.headers()["etag"].clone();
    let again = server
        .client
        .get(server.url("/static/handover.css"))
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    for outside in ["/static/../Cargo.toml", "/static/..%2FCargo.toml", "/static/nothing.css"] {
        let answer = server.client.get(server.url(outside)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{outside}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn one_address_may_not_flood_the_forms() {
    let server = Server::start().await;
    let mut refused = None;
    for _ in 0..30 {
        let form = [("language", "en")];
        let answer = server.client.post(server.url("/language")).form(&form).send().await.unwrap();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("the burst is 20");
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    server.stop().await;
}

#[actix_web::test]
async fn a_form_that_is_none_or_too_large_is_refused() {
    let server = Server::start().await;
    let post = |kind: &'static str, body: String| {
        let request = server.client.post(server.url("/language")).header("content-type", kind).body(body);
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(post("application/json", "{}".to_owned()).await, StatusCode::UNPROCESSABLE_ENTITY);
    let large = format!("language={}", "x".repeat(200_000));
    assert_eq!(post("application/x-www-form-urlencoded", large).await, StatusCode::PAYLOAD_TOO_LARGE);
    server.stop().await;
}

/// For whoever finds a request that makes us panic: the connection just ended, in silence, and with it everything on it.
#[actix_web::test]
async fn a_panic_is_a_page_like_any_other_mistake_of_ours() {
    let server = Server::start().await;
    let german =
        server.client.get(server.url(PANICS)).header("accept-language", "de").header("accept", "text/html");
    let answer = german.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let page = answer.text().await.unwrap();
    assert!(page.contains("Der Fehler liegt bei uns") && page.contains("Kennung"), "{page}");
    assert!(!page.contains("nobody outside"), "{page}");

    let script = server.client.get(server.url(PANICS)).header("accept", "application/json");
    let answer = script.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let problem: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(problem["code"], "error-500");
    assert!(problem["request_id"].as_str().unwrap().parse::<uuid::Uuid>().is_ok(), "{problem}");

    // On the same connections, as if nothing had been.
    let live = server.client.get(server.url("/health/live")).send().await.unwrap();
    assert_eq!(live.text().await.unwrap(), "live\n");
    server.stop().await;
}

/// What the log says of it: where, under which request, and nothing of the words, which may quote what somebody typed.
#[actix_web::test]
async fn a_panic_stands_in_the_log_under_its_request() {
    let (lines, log) = Lines::new();
    let _guard = listening(tracing_subscriber::fmt().json().with_writer(lines).finish());
    let database = Database::create().await;
    let clock = Clock::stopped("2026-11-23T09:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
    let app = App::try_new(
        database.service_pool().await,
        Settings::with("").unwrap(),
        clock,
        &"k".repeat(32).into(),
    );
    let site = Site::new(Casework::try_new(app.unwrap()).unwrap())
        .before_each_answer(|_| panic!("words that nobody outside may read"));
    let service = actix_web::test::init_service(site.service()).await;
    let request =
        actix_web::test::TestRequest::get().uri(PANICS).insert_header(("accept", "application/json"));
    let answer = actix_web::test::call_service(&service, request.to_request()).await;
    assert_eq!(answer.status().as_u16(), 500);
    let problem: serde_json::Value = actix_web::test::read_body_json(answer).await;
    let said = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    let line =
        said.lines().find(|line| line.contains("a request failed")).unwrap_or_else(|| panic!("{said}"));
    assert!(line.contains(problem["request_id"].as_str().unwrap()) && line.contains("it panicked"), "{line}");
    assert!(!said.contains("nobody outside"), "{said}");
}

/// Anybody could put the clock forward, until every proof has expired, or read everybody's mail.
#[actix_web::test]
async fn production_has_nothing_of_the_demo() {
    let database = Database::create().await;
    for (mode, expected) in [("demo", 200), ("production", 404)] {
        let clock = Clock::stopped("2026-11-23T09:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        let settings = Settings::with(&format!("mode = \"{mode}\"")).unwrap();
        let app = App::try_new(database.service_pool().await, settings, clock, &"k".repeat(32).into());
        let site = Site::new(Casework::try_new(app.unwrap()).unwrap());
        let service = actix_web::test::init_service(site.service()).await;
        for path in ["/dev/mail", "/dev/time"] {
            let request = actix_web::test::TestRequest::get().uri(path).to_request();
            let answer = actix_web::test::call_service(&service, request).await;
            assert_eq!(answer.status().as_u16(), expected, "{path} in {mode}");
        }
        let request = actix_web::test::TestRequest::post().uri("/dev/time").set_form([("by", "week")]);
        let answer = actix_web::test::call_service(&service, request.to_request()).await;
        assert_eq!(answer.status().as_u16(), if mode == "demo" { 303 } else { 404 }, "{mode}");
    }
}

/// A log that a test reads.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub fn new() -> (Self, Arc<Mutex<Vec<u8>>>) {
        let lines = Self::default();
        (lines.clone(), lines.0)
    }
}

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> tracing_subscriber::fmt::MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
