//! A whole Handover for a test to talk to: a real server on a port of its own, a database of its own, a stopped clock,
//! a worker that works when told, and a real SMTP server that keeps what was sent.
//!
//! Tests read as a story: customers escalate, staff sign in, mail arrives. When the story ends, no letter may be left
//! unread and no work undone.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{HttpServer, dev::ServerHandle};
use handover::{
    administration::trail::Doer,
    app::App,
    case::{
        actor::{Actor, Role, StaffId},
        number::CaseNumber,
    },
    casework::{Casework, Loaded, find_by_number},
    clock::{Clock, Timestamp},
    config::Settings,
    mail::outgoing::transport::Transport,
    register,
    site::Site,
    staff,
    telemetry::Telemetry,
    work::Worker,
};
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{dns::NameServer, letter::Letter, postgres::Database, smtp::SmtpServer};

/// A Monday morning.
pub const BEGINNING: &str = "2026-06-01T08:00:00Z";
/// What every member of staff in tests signs in with.
pub const PASSWORD: &str = "seven grey herons at low tide";
/// What heads of the log are signed with.
pub const LOG_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// What evidence files are encrypted with.
pub const EVIDENCE_KEY: &str = "test:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

pub struct Desk {
    pub address: String,
    pub casework: Casework,
    pub clock: Clock,
    pub smtp: SmtpServer,
    /// The two name servers that Handover asks.
    pub dns: [NameServer; 2],
    worker: Worker,
    handle: ServerHandle,
    /// How many of the received letters the test has taken.
    taken: Arc<Mutex<Vec<usize>>>,
    /// The owner of the tables: to stage rows, and to play somebody who got that far. The program itself never is it.
    pub owner: PgPool,
    pub database: Database,
}

impl Desk {
    pub async fn start() -> Self {
        Self::start_with("").await
    }

    /// With settings (TOML) on top of the defaults and of what a test needs.
    pub async fn start_with(overrides: &str) -> Self {
        let database = Database::create().await;
        Self::start_on(database.service_pool().await, database, overrides).await
    }

    /// On a database that holds something already.
    pub async fn start_upon(database: Database) -> Self {
        database.grant().await;
        Self::start_on(database.service_pool().await, database, "").await
    }

    /// With one connection to the database for everything.
    pub async fn start_on_one_connection(overrides: &str) -> Self {
        let database = Database::create().await;
        Self::start_on(database.pool_of_one().await, database, overrides).await
    }

    async fn start_on(pool: PgPool, database: Database, overrides: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let smtp = SmtpServer::start().await;
        let dns = [NameServer::start().await, NameServer::start().await];
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let settings = Settings::with(&settings_text(&address, smtp.port, &dns, overrides)).unwrap();
        let clock = Clock::stopped(BEGINNING.parse::<jiff::Timestamp>().unwrap().into());
        let mut app = App::try_new(pool, settings, clock.clone(), &"k".repeat(40).into()).unwrap();
        app.telemetry = Telemetry::try_new(&app.settings.telemetry, &app.meters).unwrap();
        let transport = Transport::try_new(&app.settings.mail, &app.settings.data_dir).unwrap();
        let casework = Casework::try_new(app).unwrap();
        let site = Site::new(casework.clone());
        let server = HttpServer::new(move || site.service()).workers(1).listen(listener).unwrap();
        let server = server.disable_signals().run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        let worker = Worker::new(casework.clone(), transport);
        let owner = database.owner();
        Self { address, casework, clock, smtp, dns, worker, handle, taken: Arc::default(), owner, database }
    }

    /// The address of a second server upon the same database, with a pool, a context and limits of its own, as another process has.
    pub async fn another_server(&self) -> String {
        let (app, key) = (&self.casework.app, "k".repeat(40).into());
        let (pool, settings) = (self.database.service_pool().await, Settings::clone(&app.settings));
        let app = App::try_new(pool, settings, self.clock.clone(), &key).unwrap();
        let site = Site::new(Casework::try_new(app).unwrap());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = HttpServer::new(move || site.service()).workers(1).listen(listener).unwrap();
        actix_web::rt::spawn(server.disable_signals().run());
        address
    }

    /// Imports the register that stories play in: Nordlicht Maschinenbau GmbH with two entitlements and their contacts,
    /// and Almrausch Touristik GmbH.
    pub async fn import_register(&self) {
        self.import(include_str!("register.csv")).await;
    }

    pub async fn import(&self, file: &str) {
        let mapping = register::import::Mapping::load(&register::import::MappingChoice::default()).unwrap();
        let (pool, shared) = (&self.casework.app.pool, &self.casework.rules.shared_domains);
        let report =
            register::import::import(pool, self.clock.now(), file.as_bytes(), &mapping, shared, false)
                .await
                .unwrap();
        assert!(report.refused.is_empty(), "{report:?}");
    }

    pub async fn work_until_idle(&self) {
        self.worker.run_until_idle().await;
    }

    /// Works as in production, all loops beside each other, until `stop`.
    pub async fn work_until(&self, stop: &CancellationToken) {
        self.worker.run(stop).await.unwrap();
    }

    /// Lets time pass, then everything due happens.
    pub async fn later(&self, hours: i64) {
        self.clock.set(self.clock.now().after(jiff::SignedDuration::from_hours(hours)));
        self.work_until_idle().await;
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Somebody outside with a browser in `language`.
    pub fn visitor(&self, language: &str) -> Visitor {
        Visitor::new(&self.address, language)
    }

    /// A member of staff, added at first and signed in.
    pub async fn staff(&self, name: &str, role: Role) -> StaffVisitor {
        self.staff_reading(name, role, "en").await
    }

    /// As [`Desk::staff`], who is told by mail of what concerns them, as everybody is who has chosen nothing.
    pub async fn told_staff(&self, name: &str, role: Role) -> StaffVisitor {
        let staff = self.staff(name, role).await;
        self.run("delete from staff_notice_settings where staff_id = $1", &staff).await;
        staff
    }

    async fn run(&self, sql: &'static str, staff: &StaffVisitor) {
        sqlx::query(sql).bind(staff.id.0).execute(&self.owner).await.unwrap();
    }

    /// A member of staff who reads `language`. They have switched all mail to staff off, which would be in the way of stories that
    /// are about other letters.
    pub async fn staff_reading(&self, name: &str, role: Role, language: &str) -> StaffVisitor {
        let email = format!("{}@reseller.example", name.to_lowercase());
        let app = &self.casework.app;
        let added = staff::members::add(
            &app.pool,
            name,
            &email.parse().unwrap(),
            role,
            PASSWORD.to_owned().into(),
            self.now(),
        )
        .await;
        let is_new = added.is_ok();
        let id = match added {
            Ok(id) => id,
            Err(_) => StaffId(
                sqlx::query_scalar::<_, Uuid>("select id from staff where email = $1")
                    .bind(&email)
                    .fetch_one(&app.pool)
                    .await
                    .unwrap(),
            ),
        };
        let staff = StaffVisitor { visitor: self.visitor(language), email, id, role };
        if is_new {
            let off = "insert into staff_notice_settings (staff_id, kind, how)
                 select $1, unnest(array['approval_wanted', 'returned', 'objection', 'answer', 'failing_mail', 'mention',
                     'due_soon', 'assigned']), 'off'";
            self.run(off, &staff).await;
        }
        staff.signs_in().await;
        staff
    }

    /// Somebody with an account who has not signed in.
    pub async fn staff_without_browser(&self, name: &str, role: Role) {
        let email = format!("{name}@reseller.example").parse().unwrap();
        let (pool, now) = (&self.casework.app.pool, self.now());
        staff::members::add(pool, name, &email, role, PASSWORD.to_owned().into(), now).await.unwrap();
    }

    /// Who has this address, active or not.
    pub async fn account(&self, email: &str) -> StaffId {
        let found = staff::members::find_by_address(&self.casework.app.pool, &email.parse().unwrap()).await;
        found.unwrap().expect("nobody has this address")
    }

    /// Bars somebody from the desk, by the command line.
    pub async fn bars(&self, email: &str) -> Result<(), staff::accounts::AccountError> {
        let id = self.account(email).await;
        staff::accounts::deactivate(&self.casework, Doer::CommandLine, id).await
    }

    /// Every letter that was sent and not taken yet, in order.
    pub fn untaken(&self) -> Vec<Letter> {
        let taken = self.taken.lock().unwrap();
        let received = self.smtp.received().into_iter().enumerate();
        received
            .filter(|(at, _)| !taken.contains(at))
            .map(|(at, received)| Letter::read(at, &received))
            .collect()
    }

    /// Takes the one letter to `address` out of the sent ones; fails if there is none, or more than one.
    pub fn take_letter(&self, address: &str) -> Letter {
        let mut letters: Vec<Letter> =
            self.untaken().into_iter().filter(|letter| letter.to == address).collect();
        let subjects: Vec<String> =
            self.untaken().iter().map(|l| format!("{}: {}", l.to, l.subject)).collect();
        assert_eq!(letters.len(), 1, "letters to {address}; untaken are {subjects:#?}");
        let letter = letters.remove(0);
        self.taken.lock().unwrap().push(letter.at);
        letter
    }

    /// Takes all letters to `address`.
    pub fn take_letters(&self, address: &str) -> Vec<Letter> {
        let letters: Vec<Letter> = self.untaken().into_iter().filter(|letter| letter.to == address).collect();
        self.taken.lock().unwrap().extend(letters.iter().map(|letter| letter.at));
        letters
    }

    /// Takes all letters, for tests that are not about them.
    pub fn take_all_letters(&self) -> Vec<Letter> {
        let letters = self.untaken();
        self.taken.lock().unwrap().extend(letters.iter().map(|letter| letter.at));
        letters
    }

    pub async fn find_case(&self, number: &str) -> Uuid {
        let mut connection = self.casework.app.pool.acquire().await.unwrap();
        let number: CaseNumber = number.parse().unwrap();
        find_by_number(&mut connection, &number).await.unwrap().unwrap()
    }

    pub async fn load(&self, number: &str) -> Loaded {
        let case = self.find_case(number).await;
        self.casework.load(case).await.unwrap().unwrap()
    }

    /// The word of the state that the case is in.
    pub async fn state(&self, number: &str) -> String {
        self.load(number).await.case.state.place().as_str().to_owned()
    }

    pub fn expect_all_taken(&self) {
        let left: Vec<String> = self.untaken().iter().map(|l| format!("{}: {}", l.to, l.subject)).collect();
        assert!(left.is_empty(), "letters that the test did not expect: {left:#?}");
    }

    /// Ends the story: nothing may be left over.
    pub async fn finish(self) {
        self.work_until_idle().await;
        self.expect_all_taken();
        let queued: i64 = sqlx::query_scalar("select count(*) from emails where state = 'queued'")
            .fetch_one(&self.casework.app.pool)
            .await
            .unwrap();
        assert_eq!(queued, 0, "e-mails left in the outbox");
        let stored: i64 = sqlx::query_scalar("select count(*) from inbound_emails where state = 'stored'")
            .fetch_one(&self.casework.app.pool)
            .await
            .unwrap();
        assert_eq!(stored, 0, "inbound e-mails that nobody looked at");
        let (_, broken) = handover::casework::verify_trail(&self.casework.app.pool).await.unwrap();
        assert!(broken.is_empty(), "{broken:?}");
        let administration = handover::administration::trail::verify(&self.casework.app.pool).await.unwrap();
        assert!(administration.holds(), "{administration:?}");
        self.handle.stop(false).await;
    }
}

/// A story that ends without [`Desk::finish`] leaves no letter unread either. One that fails has said why already.
impl Drop for Desk {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.expect_all_taken();
        }
    }
}

/// Sessions outlast the weeks that stories skip. What a test sets itself (`section.key = value`) takes the place of ours.
fn settings_text(address: &str, port: u16, dns: &[NameServer; 2], overrides: &str) -> String {
    let [one, other] = dns.clone().map(|server| server.address);
    let base = format!(
        "http.public_url = \"{address}\"\nhttp.forms_per_minute = 100000\nhttp.forms_burst = 100000\n\
         http.api_per_minute = 100000\nhttp.api_burst = 100000\n\
         limits.form_letters_per_domain = 100000\n\
         desk.free_sign_in_tries = 100000\ndesk.idle_minutes = 1000000\n\
         desk.absolute_hours = 20000\nmail.transport = \"smtp\"\nmail.smtp.host = \"127.0.0.1\"\n\
         mail.smtp.port = {port}\nmail.smtp.tls = \"none\"\nmail.smtp.timeout_seconds = 5\n\
         deadlines.notice_attempts = 1\nevidence.keys = [\"{EVIDENCE_KEY}\"]\n\
         log.signing_keys = [\"{LOG_KEY}\"]\n\
         dns.resolvers = [\"{one}\", \"{other}\"]\ndns.timeout_seconds = 2\n"
    );
    let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
    // For who needs a name in the place of an address.
    let overrides = overrides.replace("{port}", address.rsplit(':').next().unwrap_or_default());
    let overridden: Vec<String> = overrides.lines().map(key).collect();
    let kept = base.lines().filter(|line| !overridden.contains(&key(line)));
    kept.chain(overrides.lines()).map(|line| format!("{line}\n")).collect()
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// Where it redirects to.
    pub location: Option<String>,
    pub text: String,
}

impl Answer {
    async fn read(response: Response) -> Self {
        let location = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        Self { status: response.status(), location, text: response.text().await.unwrap() }
    }

    /// Fails unless the answer sends the browser on, as every successful change does.
    #[track_caller]
    pub fn went_well(self) -> Self {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Fails unless the page says `words`.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        let text = self.words();
        assert!(text.contains(words), "{words:?} is not in:\n{text}");
        self
    }

    #[track_caller]
    pub fn never_says(self, words: &str) -> Self {
        let text = self.words();
        assert!(!text.contains(words), "{words:?} is in:\n{text}");
        self
    }

    /// The page as a person reads it: without what is hidden.
    pub fn words(&self) -> String {
        let page = scraper::Html::parse_document(&self.text);
        let body = scraper::Selector::parse("body").unwrap();
        let shown = page.select(&body).flat_map(|body| body.descendants()).filter_map(|node| {
            let text = node.value().as_text()?;
            let mut around = node.ancestors().filter_map(|one| one.value().as_element());
            let seen = !around.any(|element| element.attr("hidden").is_some());
            seen.then(|| text.to_string())
        });
        let text = shown.collect::<Vec<_>>().join(" ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The names of form fields that begin so, each once.
    pub fn fields_like(&self, beginning: &str) -> Vec<String> {
        let page = scraper::Html::parse_document(&self.text);
        let selector = scraper::Selector::parse(&format!("[name^=\"{beginning}\"]")).unwrap();
        let mut names: Vec<String> = page
            .select(&selector)
            .filter_map(|field| field.value().attr("name"))
            .map(str::to_owned)
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// The value of the form field `name`.
    pub fn field(&self, name: &str) -> Option<String> {
        let page = scraper::Html::parse_document(&self.text);
        let selector = scraper::Selector::parse(&format!("[name=\"{name}\"]")).unwrap();
        let element = page.select(&selector).next()?;
        let value = match element.value().name() {
            "select" => {
                let option = scraper::Selector::parse("option").unwrap();
                let first = element.select(&option).next();
                first.and_then(|option| option.value().attr("value")).unwrap_or_default().to_owned()
            }
            "textarea" => element.text().collect::<String>().trim_start_matches('\n').to_owned(),
            _ => element.value().attr("value").unwrap_or_default().to_owned(),
        };
        Some(value)
    }
}

/// A browser without JavaScript.
pub struct Visitor {
    address: String,
    language: String,
    client: Client,
}

impl Visitor {
    pub fn new(address: &str, language: &str) -> Self {
        // A kept connection is given up before the server does, which would else cut off what is just being sent.
        let idle = Duration::from_secs(2);
        let client = Client::builder()
            .tls_certs_only([])
            .redirect(Policy::none())
            .cookie_store(true)
            .pool_idle_timeout(idle);
        // Where a story says nothing else.
        let english =
            [(header::ACCEPT_LANGUAGE, header::HeaderValue::from_static("en"))].into_iter().collect();
        let client = client.default_headers(english).build().unwrap();
        Self { address: address.to_owned(), language: language.to_owned(), client }
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.address) }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = self.client.get(self.url(path)).header("accept-language", &self.language);
        Answer::read(request.header("accept", "text/html").send().await.unwrap()).await
    }

    /// Sends a form as a browser does from a page of ours.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.client.post(self.url(path)).header("accept-language", &self.language);
        let request = request.header("accept", "text/html").header("sec-fetch-site", "same-origin");
        Answer::read(request.form(fields).send().await.unwrap()).await
    }

    /// Sends a body of whatever kind, as from a page of ours.
    pub async fn post_body(&self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = self.client.post(self.url(path)).header("accept-language", &self.language);
        let request = request.header("accept", "text/html").header("sec-fetch-site", "same-origin");
        Answer::read(request.header("content-type", kind).body(body).send().await.unwrap()).await
    }

    /// Sends a form with one file, as browsers do (RFC 7578).
    pub async fn uploads(&self, path: &str, name: &str, file: &[u8]) -> Answer {
        let name = name.replace('"', "%22");
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        self.post_body(path, "multipart/form-data; boundary=edge", body).await
    }

    /// The answer as it comes, to look at its headers and bytes.
    pub async fn fetch(&self, path: &str) -> Response {
        self.client.get(self.url(path)).header("accept", "text/html").send().await.unwrap()
    }

    /// As [`Visitor::fetch`], with these fields in the header.
    pub async fn fetch_with(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let mut request = self.client.get(self.url(path)).header("accept", "text/html");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// Asks for a page as the script of an open page does.
    pub async fn asks_by_itself(&self, path: &str) -> Response {
        let request = self.client.get(self.url(path)).header("accept", "text/html");
        request.header("x-handover-live", "yes").send().await.unwrap()
    }

    /// Sends a form and follows to the page it leads to.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let location = self.post(path, fields).await.went_well().location.unwrap();
        self.get(&location).await.is(200)
    }
}

/// A member of staff at the desk.
pub struct StaffVisitor {
    pub visitor: Visitor,
    pub email: String,
    pub id: StaffId,
    pub role: Role,
}

impl StaffVisitor {
    pub fn actor(&self) -> Actor {
        Actor::Staff { id: self.id, role: self.role }
    }

    /// The same person with a browser at another server.
    pub async fn at(&self, address: &str) -> StaffVisitor {
        let visitor = Visitor::new(address, &self.visitor.language);
        let there = StaffVisitor { visitor, email: self.email.clone(), id: self.id, role: self.role };
        there.signs_in().await;
        there
    }

    pub async fn signs_in(&self) {
        let fields = [("email", self.email.as_str()), ("password", PASSWORD)];
        self.visitor.post("/desk/sign-in", &fields).await.went_well();
    }

    /// Opens a page of the desk; signs in again when the session has run out meanwhile.
    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.visitor.get(path).await;
        if answer.location.as_deref().is_some_and(|to| to.starts_with("/desk/sign-in")) {
            self.signs_in().await;
            return self.visitor.get(path).await;
        }
        answer
    }

    pub async fn open(&self, number: &str) -> Answer {
        self.get(&format!("/desk/cases/{number}")).await.is(200)
    }

    /// Does something on the case page, on the version the page shows now.
    pub async fn does(&self, number: &str, what: &str, fields: &[(&str, &str)]) -> Answer {
        let version = self.open(number).await.field("version").unwrap_or_default();
        let mut all = vec![("version", version.as_str())];
        all.extend_from_slice(fields);
        self.visitor.post(&format!("/desk/cases/{number}/{what}"), &all).await
    }
}
