//! Nothing to probe: neither an answer nor the time it takes tells a stranger whether the register knows a company, a
//! domain or an entitlement.
//!
//! Proofs, each for what the others can't see: the bytes of the answers, the statements behind them, their timing, and that of
//! the letters.

use std::{collections::BTreeMap, fs, path::Path, time::Instant};

use actix_web::test::{TestRequest, call_service, init_service};
use handover::{
    case::{
        action::Action,
        actor::{Actor, Role},
        check::{CheckKind, Verdict},
    },
    site::Site,
    verification,
};
use reqwest::{Client, Method, Response, StatusCode, redirect};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::helpers::{
    desk::{Desk, Visitor},
    statements::statements_of,
    story::{DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

/// The tables of the register, as tests/it/house.rs has them.
const REGISTER: [&str; 4] = ["customers", "customer_domains", "entitlements", "contacts"];

type Form = Vec<(&'static str, String)>;

/// Somebody who fills in the form. What they type is as long as what the others type, so that lengths compare too.
struct Applicant {
    who: &'static str,
    changes: &'static [(&'static str, &'static str)],
}

const KNOWN: Applicant = Applicant { who: "a customer, all of it right", changes: &[] };

const OTHERS: [Applicant; 5] = [
    Applicant {
        who: "a stranger of whom nothing is known",
        changes: &[
            ("company", "Unbekannt Maschinenbau GmbH"),
            ("customer_number", "K-9"),
            ("entitlements", "SEN-99999991\nsen-99999992"),
            ("requester_email", "miriam.kessler@unbekannt.example"),
            ("departed_email", "petra.abend@unbekannt.example"),
            ("successor_email", "tobias.rauch@unbekannt.example"),
        ],
    },
    Applicant {
        who: "a customer with entitlements nobody has",
        changes: &[("entitlements", "SEN-99999991\nsen-99999992")],
    },
    Applicant {
        who: "a customer of whose entitlements one is unknown",
        changes: &[("entitlements", "SEN-10000001\nsen-99999992")],
    },
    Applicant {
        who: "somebody at an unknown domain, with known entitlements",
        changes: &[
            ("requester_email", "miriam.kessler@unbekannt.example"),
            ("successor_email", "tobias.rauch@unbekannt.example"),
        ],
    },
    Applicant {
        who: "somebody who names a contact that is not on record",
        changes: &[("departed_email", "paula.abend@nordlicht.example")],
    },
];

impl Applicant {
    fn form(&self) -> Form {
        form_with(self.changes)
    }

    /// A mailbox gets only so many letters.
    fn form_from_a_new_mailbox(&self) -> Form {
        let mut form = self.form();
        for (name, value) in &mut form {
            if *name == "requester_email" {
                let domain = value.split_once('@').unwrap().1;
                *value = format!("{}@{domain}", Uuid::new_v4().simple());
            }
        }
        form
    }

    fn typed(&self, field: &str) -> String {
        self.form().into_iter().find(|(name, _)| *name == field).unwrap().1
    }

    /// `text` without what this applicant typed, so that only our own words are left to compare.
    fn without_typed(&self, text: &str) -> String {
        // Pages set the domain of an address off.
        let mut text = text.replace("@<b>", "@");
        for field in ["requester_email", "departed_email", "successor_email", "company", "customer_number"] {
            text = text.replace(&self.typed(field), &format!("‹{field}›"));
        }
        for entitlement in self.typed("entitlements").lines() {
            text = text.replace(entitlement, "‹entitlement›");
            text = text.replace(&entitlement.to_uppercase(), "‹entitlement›");
        }
        text.replace("nordlicht.example", "‹domain›").replace("unbekannt.example", "‹domain›")
    }
}

// ── what is answered ──────────────────────────────────────────────────────────────────────────────────────────────

/// All of an answer that a stranger can compare: not the time of day, not what is random in each.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    what: String,
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: String,
}

impl Seen {
    async fn read(what: &str, response: Response) -> Self {
        // `connection` tells whether the answer was faster than the rest of the request, on any page.
        let by_chance = |name: &str| ["date", "x-request-id", "set-cookie", "connection"].contains(&name);
        let mut headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .filter(|(name, _)| !by_chance(name.as_str()))
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        Self {
            what: what.to_owned(),
            status: response.status(),
            headers,
            body: response.text().await.unwrap(),
        }
    }

    fn header(&self, name: &str) -> String {
        self.headers.iter().find(|(header, _)| header == name).unwrap().1.clone()
    }

    fn without(mut self, hide: impl Fn(&str) -> String) -> Self {
        self.body = without_ids(&hide(&self.body));
        for (_, value) in &mut self.headers {
            *value = hide(value);
        }
        self
    }
}

/// Each e-mail has a code of its own, of five and five signs.
fn without_codes(text: &str) -> String {
    let is_code = |word: &&str| {
        word.len() == 11
            && word
                .chars()
                .enumerate()
                .all(|(at, c)| if at == 5 { c == '-' } else { c.is_ascii_uppercase() || c.is_ascii_digit() })
    };
    let found: Vec<&str> =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(is_code).collect();
    found.into_iter().fold(text.to_owned(), |text, code| text.replace(code, "‹code›"))
}

/// Identifiers of requests and of forms come from chance.
fn without_ids(text: &str) -> String {
    let mut found: Vec<&str> = text
        .split(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .filter(|word| Uuid::try_parse(word).is_ok())
        .collect();
    found.dedup();
    found.into_iter().fold(text.to_owned(), |text, id| text.replace(id, "‹id›"))
}

struct Browser {
    client: Client,
    address: String,
}

impl Browser {
    fn new(desk: &Desk) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { client, address: desk.address.clone() }
    }

    async fn send(&self, method: Method, path: &str, fields: &Form) -> Response {
        let request = self.client.request(method.clone(), format!("{}{path}", self.address));
        let request = request.header("accept", "text/html").header("accept-language", "de");
        let request = request.header("sec-fetch-site", "same-origin");
        let request = if method == Method::POST { request.form(fields) } else { request };
        request.send().await.unwrap()
    }

    async fn sees(&self, method: Method, path: &str, fields: &Form) -> Seen {
        let what = format!("{method} /{}", path.split('/').nth(1).unwrap());
        Seen::read(&what, self.send(method, path, fields).await).await
    }
}

/// The way of one applicant from the form to the status page, on a Handover of their own.
async fn way_of(applicant: &Applicant) -> Vec<Seen> {
    let desk = Desk::start().await;
    desk.import_register().await;
    let browser = Browser::new(&desk);
    let none = Form::new();
    let form = applicant.form();
    let mut wrong = form.clone();
    wrong.retain(|(name, _)| *name != "authority");

    let mut way = vec![
        browser.sees(Method::POST, "/escalations", &wrong).await,
        browser.sees(Method::POST, "/escalations", &form).await,
        browser.sees(Method::POST, "/escalations", &form).await,
    ];
    let pages = [1, 2].map(|at: usize| way[at].header("location"));
    way.push(browser.sees(Method::GET, &pages[0], &none).await);
    desk.work_until_idle().await;
    let requester = applicant.typed("requester_email");
    let confirmation = desk.take_letter(&requester).link("confirmations");
    way.push(browser.sees(Method::GET, &confirmation, &none).await);
    way.push(browser.sees(Method::POST, &confirmation, &none).await);
    way.push(browser.sees(Method::GET, &confirmation, &none).await);
    desk.work_until_idle().await;
    let status = desk.take_letter(&requester).link("cases");
    way.push(browser.sees(Method::GET, &status, &none).await);

    desk.take_all_letters();
    desk.finish().await;
    let pages = pages.into_iter().chain([confirmation, status]);
    let tokens: Vec<String> = pages.map(|path| path.rsplit('/').next().unwrap().to_owned()).collect();
    let hide =
        |text: &str| tokens.iter().fold(applicant.without_typed(text), |text, t| text.replace(t, "‹token›"));
    way.into_iter().map(|seen| seen.without(|text| without_codes(&hide(text)))).collect()
}

#[actix_web::test]
async fn every_answer_is_the_same_byte_for_byte_whatever_the_register_knows() {
    let known = way_of(&KNOWN).await;
    let statuses: Vec<u16> = known.iter().map(|seen| seen.status.as_u16()).collect();
    assert_eq!(statuses, [422, 303, 303, 200, 200, 303, 200, 200]);
    for other in OTHERS {
        for (seen, expected) in way_of(&other).await.iter().zip(&known) {
            assert_eq!(seen, expected, "{} sees something else than {}", other.who, KNOWN.who);
        }
    }
}

#[actix_web::test]
async fn a_link_that_ended_says_so_to_its_holder_and_what_never_was_is_alike_everywhere() {
    let desk = Desk::start_with("policy.ask_voucher = true\n").await;
    desk.import_register().await;
    let (visitor, browser) = (desk.visitor("de"), Browser::new(&desk));
    desk.confirmed_case(&visitor, &form()).await;
    let ended = [
        desk.take_letter(REQUESTER).link("cases"),
        desk.take_letter(SUCCESSOR).link("successors"),
        desk.take_letter(DEPARTED).link("objections"),
        desk.take_letter("jonas.reuter@nordlicht.example").link("vouchers"),
    ];
    visitor.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    let unconfirmed = desk.take_letter(REQUESTER).link("confirmations");
    desk.later(100 * 24).await;
    desk.take_all_letters();

    for path in ended.into_iter().chain([unconfirmed]) {
        let (folder, token) = path.trim_start_matches('/').split_once('/').unwrap();
        let never = handover::token::Token::random();
        let elsewhere = if folder == "cases" { "successors" } else { "cases" };
        for method in [Method::GET, Method::POST] {
            let fields = vec![("decision", "accept".to_owned())];
            let mut seen = Vec::new();
            for (folder, token) in [(folder, token), (folder, never.reveal()), (elsewhere, token)] {
                let path = format!("/{folder}/{token}");
                let hide = |text: &str| text.replace(token, "‹token›").replace(folder, "‹folder›");
                let mut one = browser.sees(method.clone(), &path, &fields).await.without(hide);
                one.what.clear();
                seen.push(one);
            }
            // Whoever holds what was in a letter is no stranger; but that a link has ended is all that is said.
            let ended = seen.remove(0);
            if method == Method::GET || folder == "confirmations" {
                assert_eq!(ended.status, StatusCode::GONE, "{method} /{folder}");
            }
            for name in ["Nordlicht", "nordlicht", "SEN-", "HO-2026", "Kessler", "Rauch", "Reuter", "Abend"] {
                assert!(!ended.body.contains(name), "{method} /{folder} names {name}");
            }
            if method == Method::GET {
                assert_eq!(seen[0].status, StatusCode::NOT_FOUND, "{method} /{folder}");
                // The page names its own path, and the names of the folders differ in length; below one of them scripts send files.
                let of_the_folder = ["content-length", "content-security-policy"];
                for one in &mut seen {
                    one.headers.retain(|(name, _)| !of_the_folder.contains(&name.as_str()));
                }
                assert_eq!(seen[0], seen[1], "{method} /{folder}: never there, and another's");
            }
        }
    }
    desk.finish().await;
}

// ── what is asked of the database ─────────────────────────────────────────────────────────────────────────────────

/// How often each table of the register was read so far, by counters of PostgreSQL itself.
async fn reads_of_the_register(desk: &Desk) -> BTreeMap<String, i64> {
    let pool = &desk.casework.app.pool;
    let mut connections = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        connections.push(pool.acquire().await.unwrap());
    }
    // Each session keeps its own counts for a while, unless told to hand them over.
    for connection in &mut connections {
        sqlx::query("select pg_stat_force_next_flush()").execute(&mut **connection).await.unwrap();
    }
    let tables: Vec<String> = REGISTER.iter().map(|table| (*table).to_owned()).collect();
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select relname::text, seq_scan + coalesce(idx_scan, 0) from pg_stat_user_tables where relname = any($1)",
    )
    .bind(&tables)
    .fetch_all(&mut **connections.first_mut().unwrap())
    .await
    .unwrap();
    assert_eq!(rows.len(), REGISTER.len());
    rows.into_iter().collect()
}

#[actix_web::test]
async fn no_request_of_a_customer_reads_a_table_of_the_register() {
    // The worker that watches domains on record reads the register whatever customers do.
    let desk = Desk::start_with("dns.watch_domains = false\n").await;
    desk.import_register().await;
    let (visitor, none) = (desk.visitor("de"), Form::new());
    let browser = Browser::new(&desk);
    for applicant in [&KNOWN].into_iter().chain(&OTHERS) {
        let before = reads_of_the_register(&desk).await;
        let requester = applicant.typed("requester_email");
        let page = visitor.escalates(&applicant.form()).await.went_well().location.unwrap();
        visitor.get(&page).await.is(200);
        assert_eq!(reads_of_the_register(&desk).await, before, "{}: the form", applicant.who);
        desk.work_until_idle().await;
        let confirmation = desk.take_letter(&requester).link("confirmations");
        browser.sees(Method::GET, &confirmation, &none).await;
        browser.sees(Method::POST, &confirmation, &none).await;
        browser.sees(Method::GET, &confirmation, &none).await;
        assert_eq!(reads_of_the_register(&desk).await, before, "{}: the confirmation", applicant.who);

        // The checks, which run afterwards and in the background, do read it: the counters count.
        desk.work_until_idle().await;
        let after = reads_of_the_register(&desk).await;
        assert!(after["entitlements"] > before["entitlements"], "{before:?} {after:?}");
        let status = desk.take_letter(&requester).link("cases");
        visitor.get(&status).await.is(200);
        assert_eq!(reads_of_the_register(&desk).await, after, "{}: the status page", applicant.who);
        desk.take_all_letters();
    }
    desk.finish().await;
}

/// The tables that a statement names where SQL names tables.
fn tables_in(statement: &str) -> Vec<String> {
    let words: Vec<&str> = statement
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .filter(|pair| ["from", "join", "into", "update"].contains(&pair[0].to_lowercase().as_str()))
        .map(|pair| pair[1].to_owned())
        .collect()
}

#[actix_web::test]
async fn the_form_sends_the_same_statements_whatever_the_register_knows() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let service = init_service(Site::new(desk.casework.clone()).service()).await;
    let mut expected: Option<Vec<String>> = None;
    for applicant in [&KNOWN].into_iter().chain(&OTHERS) {
        let request =
            TestRequest::post().uri("/escalations").insert_header(("sec-fetch-site", "same-origin"));
        let request = request.set_form(applicant.form_from_a_new_mailbox()).to_request();
        let (statements, response) = statements_of(call_service(&service, request)).await;
        assert_eq!(response.status().as_u16(), 303);
        let asked: Vec<&String> = statements
            .iter()
            .filter(|statement| tables_in(statement).iter().any(|table| REGISTER.contains(&table.as_str())))
            .collect();
        assert!(asked.is_empty(), "{asked:#?}");
        assert!(statements.len() > 5, "the statements are heard: {statements:#?}");
        assert_eq!(expected.get_or_insert(statements.clone()), &statements, "{}", applicant.who);
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// As of a form that somebody fills in alone, though this one confirms its address at once.
#[actix_web::test]
async fn a_prepared_form_asks_nothing_of_the_register() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let service = init_service(Site::new(desk.casework.clone()).service()).await;
    let mut expected = None;
    for applicant in [KNOWN].iter().chain(&OTHERS) {
        let fields = applicant.form_from_a_new_mailbox();
        let address = fields.iter().find(|(name, _)| *name == "requester_email").unwrap().1.clone();
        ann.visitor
            .post("/desk/prepared", &[("language", "de"), ("requester_email", &address)])
            .await
            .went_well();
        desk.work_until_idle().await;
        let link = desk.take_letter(&address).link("prepared");
        let request = TestRequest::post().uri(&link).insert_header(("sec-fetch-site", "same-origin"));
        let (statements, response) =
            statements_of(call_service(&service, request.set_form(fields).to_request())).await;
        assert_eq!(response.status().as_u16(), 303);
        let asked: Vec<&String> = statements
            .iter()
            .filter(|statement| tables_in(statement).iter().any(|table| REGISTER.contains(&table.as_str())))
            .collect();
        assert!(asked.is_empty(), "{asked:#?}");
        assert!(statements.len() > 5, "the statements are heard: {statements:#?}");
        assert_eq!(expected.get_or_insert(statements.clone()), &statements, "{}", applicant.who);
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Somebody who hopes to learn from the guide who is a customer: it asks the database nothing, and counts with one statement.
#[actix_web::test]
async fn the_guide_asks_the_database_nothing() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let service = init_service(Site::new(desk.casework.clone()).service()).await;
    for path in [
        "/",
        "/guide",
        "/guide?hosting=cloud&acts=nobody&company=Nordlicht",
        "/guide?hosting=cloud&acts=mailbox",
        "/guide/cloud-mailbox",
        "/guide/nordlicht",
        "/escalations/new?hosting=cloud&guide=cloud-mailbox",
    ] {
        let (statements, _) =
            statements_of(call_service(&service, TestRequest::get().uri(path).to_request())).await;
        assert!(statements.is_empty(), "{path}: {statements:#?}");
    }
    // Nor do the steps of the form, right or wrong, whoever is named in them.
    let said = [
        ("step", "company"),
        ("company", "Nordlicht Maschinenbau GmbH"),
        ("entitlements", "SEN-10000001"),
        ("hosting", "cloud"),
    ];
    for said in [&said[..], &said[..2], &[("step", "review"), ("switch_to", "en")]] {
        let request =
            TestRequest::post().uri("/escalations/steps").insert_header(("sec-fetch-site", "same-origin"));
        let request = request.set_form(said).to_request();
        let (statements, _) = statements_of(call_service(&service, request)).await;
        assert!(statements.is_empty(), "{said:?}: {statements:#?}");
    }
    let request =
        TestRequest::post().uri("/guide/cloud-mailbox").insert_header(("sec-fetch-site", "same-origin"));
    let request = request.set_form([("solved", "yes")]).to_request();
    let (statements, response) = statements_of(call_service(&service, request)).await;
    assert_eq!(response.status().as_u16(), 303);
    assert_eq!(statements.len(), 1, "{statements:#?}");
    assert!(statements[0].starts_with("insert into guide_answers"), "{statements:#?}");
    desk.finish().await;
}

#[test]
fn the_customers_room_asks_no_table_of_the_register() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intake")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            // Not through the register's room, not through the functions that look up contacts, not by itself.
            for door in ["register::", "list_contacts", "find_contact", "sqlx::", "query!"] {
                let own = path.ends_with("intake/guide/answers.rs") && ["sqlx::", "query!"].contains(&door);
                assert!(own || !text.contains(door), "{} reaches for {door}", path.display());
            }
            let asked = tables_in(&text.replace("use ", " "));
            let of_the_register = asked.iter().find(|table| REGISTER.contains(&table.as_str()));
            assert_eq!(of_the_register, None, "{}", path.display());
            // The one file that asks the database itself, and what for.
            if path.ends_with("intake/guide/answers.rs") {
                assert!(asked.iter().any(|table| table == "guide_answers"), "{asked:?}");
                assert_eq!(text.matches("query!").count(), 1);
            }
            read += 1;
        }
    }
    assert!(read > 10, "{read} files");
}

// ── how long it takes ─────────────────────────────────────────────────────────────────────────────────────────────

/// The tolerance: how far from one half the chance may lie that a request of one side takes longer than one of the other.
/// With 300 on each side, equal workloads stay within 0.15 but for one run in many millions (standard error 0.024).
const TOLERANCE: f64 = 0.15;
const SAMPLES: usize = 300;

/// The chance that a request of `one` takes longer than one of `other`: Mann and Whitney's U over the number of pairs.
fn chance_of_longer(one: &[u128], other: &[u128]) -> f64 {
    let mut longer = 0.0;
    for a in one {
        for b in other {
            longer += match a.cmp(b) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    longer / (one.len() * other.len()) as f64
}

/// Runs both in turn, the first one changing, and compares. Slow moments of the machine hit both alike.
async fn compare(count: usize, mut one: impl AsyncFnMut(), mut other: impl AsyncFnMut()) -> f64 {
    let (mut of_one, mut of_other) = (Vec::new(), Vec::new());
    for n in 0..count {
        for first in [n % 2 == 0, n % 2 != 0] {
            let begun = Instant::now();
            if first {
                one().await;
                of_one.push(begun.elapsed().as_nanos());
            } else {
                other().await;
                of_other.push(begun.elapsed().as_nanos());
            }
        }
    }
    chance_of_longer(&of_one, &of_other)
}

/// Fails only when twice as many samples say so again.
async fn assert_alike(what: &str, mut one: impl AsyncFnMut(), mut other: impl AsyncFnMut()) {
    let first = compare(SAMPLES, &mut one, &mut other).await;
    if (first - 0.5).abs() <= TOLERANCE {
        return;
    }
    let again = compare(2 * SAMPLES, &mut one, &mut other).await;
    assert!((again - 0.5).abs() <= TOLERANCE, "{what} takes its time to tell: {first:.3}, then {again:.3}");
}

async fn escalates(visitor: &Visitor, applicant: &Applicant, status: u16) {
    let mut form = applicant.form_from_a_new_mailbox();
    if status == 422 {
        form.retain(|(name, _)| *name != "authority");
    }
    visitor.escalates(&form).await.is(status);
}

#[actix_web::test]
async fn the_form_takes_as_long_for_strangers_as_for_customers() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let [stranger, ..] = &OTHERS;
    let known = async || escalates(&visitor, &KNOWN, 303).await;
    let unknown = async || escalates(&visitor, stranger, 303).await;
    compare(20, known, unknown).await;
    assert_alike("the form", known, unknown).await;

    // The same numbers tell apart what differs: a form that is refused does less.
    let refused = async || escalates(&visitor, stranger, 422).await;
    let told_apart = compare(SAMPLES, known, refused).await;
    assert!(told_apart > 0.5 + TOLERANCE, "{told_apart:.3}");
}

#[actix_web::test]
async fn links_take_as_long_for_strangers_as_for_customers() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let [stranger, ..] = &OTHERS;
    let mut links = Vec::new();
    for applicant in [&KNOWN, stranger] {
        let requester = applicant.typed("requester_email");
        visitor.escalates(&applicant.form()).await.went_well();
        visitor.escalates(&applicant.form()).await.went_well();
        desk.work_until_idle().await;
        let letters = desk.take_all_letters();
        let confirmed = letters[1].link("confirmations");
        visitor.post(&confirmed, &[]).await.went_well();
        desk.work_until_idle().await;
        links.push([letters[0].link("confirmations"), confirmed, desk.take_letter(&requester).link("cases")]);
        desk.take_all_letters();
    }
    let get = async |path: &str, status: u16| {
        visitor.get(path).await.is(status);
    };
    for (known, unknown) in links[0].iter().zip(&links[1]) {
        let what = known.split('/').nth(1).unwrap();
        compare(20, async || get(known, 200).await, async || get(unknown, 200).await).await;
        assert_alike(what, async || get(known, 200).await, async || get(unknown, 200).await).await;
    }
    let there = &links[0][0];
    let told_apart =
        compare(SAMPLES, async || get(there, 200).await, async || get("/nothing", 404).await).await;
    assert!(told_apart > 0.5 + TOLERANCE, "{told_apart:.3}");

    desk.later(8 * 24).await;
    // Whoever holds one that ended is told so, known to us or not.
    let other = &links[1][0];
    compare(20, async || get(there, 410).await, async || get(other, 410).await).await;
    assert_alike("an ended link", async || get(there, 410).await, async || get(other, 410).await).await;
    desk.take_all_letters();
    desk.finish().await;
}

// ── when letters leave ────────────────────────────────────────────────────────────────────────────────────────────

/// How far from one half the chance may lie that one side's second letter is later than the other's: with 60 on each side
/// equal workloads stay within it in some 19 of 20 runs, and twice as many samples have to say so again.
const LETTER_TOLERANCE: f64 = 0.1;
const LETTER_SAMPLES: usize = 60;

/// What one request brings to the two mailboxes of a stranger, and how long the second letter comes after the first.
async fn letters_of_one(
    desk: &Desk,
    visitor: &Visitor,
    applicant: &Applicant,
    n: usize,
) -> (Vec<String>, u128) {
    let mut form = applicant.form_from_a_new_mailbox();
    let own = form.iter().find(|(name, _)| *name == "requester_email").unwrap().1.clone();
    // Mailboxes of the stranger's own, as long for all.
    let requester = format!("requester-{n:05}@{}", own.split_once('@').unwrap().1);
    let successor = format!("successor-{n:05}@{}", own.split_once('@').unwrap().1);
    form.retain(|(name, _)| !["requester_email", "successor_email"].contains(name));
    form.extend([("requester_email", requester.clone()), ("successor_email", successor.clone())]);
    visitor.escalates(&form).await.went_well();
    quiet(desk).await;
    let number = desk.newest().await;
    let case = desk.find_case(&number).await;
    desk.casework.act(case, Actor::Requester, &Action::Confirm, None).await.unwrap();
    quiet(desk).await;
    let arrivals = desk.smtp.arrivals();
    let mut seen = Vec::new();
    for (letter, at) in desk.smtp.received().into_iter().zip(arrivals) {
        if [&requester, &successor].contains(&&letter.to) {
            let text = String::from_utf8_lossy(&letter.raw).into_owned();
            let folder = ["confirmations", "cases", "successors"]
                .into_iter()
                .find(|f| text.contains(&format!("/{f}/")));
            let who = letter.to.split('-').next().unwrap().to_owned();
            seen.push((format!("{who}: {}", folder.unwrap()), at));
        }
    }
    let gap = seen[2].1.duration_since(seen[1].1).as_nanos();
    // So that it is nobody's rival, and the next one finds the machine as this one did.
    desk.casework.act(case, Actor::Requester, &Action::Withdraw, None).await.unwrap();
    quiet(desk).await;
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(1)));
    (seen.into_iter().map(|(what, _)| what).collect(), gap)
}

/// Waits until nothing is due any more.
async fn quiet(desk: &Desk) {
    let busy = "select exists (select from emails where state = 'queued' and next_attempt_at <= $1)
        or exists (select from checks k join cases c on c.id = k.case_id
            where k.due_at <= $1 and c.state in ('verifying', 'contested'))
        or exists (select from emails where settled_at is not null and noticed_at is null)";
    let mut calm = 0;
    for _ in 0..6000 {
        let is_busy: bool = sqlx::query_scalar(busy)
            .bind(jiff_sqlx::Timestamp::from(*desk.now()))
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
        calm = if is_busy { 0 } else { calm + 1 };
        if calm == 3 {
            return;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("it never comes to rest");
}

/// Stops who reads both the requester's and the new contact's mailbox: neither the letters, nor their order, nor the time
/// between them tell whether the register knows the company.
#[actix_web::test]
async fn two_letters_of_one_stranger_do_not_tell_what_the_register_holds() {
    let desk = Desk::start_with("limits.form_letters_per_mailbox = 100000\n").await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let [stranger, ..] = &OTHERS;
    let stop = CancellationToken::new();
    let measured = async {
        let mut n = 0;
        let mut compare = async |count: usize| {
            let (mut known, mut unknown) = (Vec::new(), Vec::new());
            let mut expected: Option<Vec<String>> = None;
            for round in 0..count {
                for first in [round % 2 == 0, round % 2 != 0] {
                    let applicant = if first { &KNOWN } else { stranger };
                    n += 1;
                    let (letters, gap) = letters_of_one(&desk, &visitor, applicant, n).await;
                    assert_eq!(letters.len(), 3, "{letters:?}");
                    assert_eq!(expected.get_or_insert(letters.clone()), &letters, "{}", applicant.who);
                    if first { known.push(gap) } else { unknown.push(gap) }
                }
            }
            chance_of_longer(&known, &unknown)
        };
        compare(3).await;
        let chance = compare(LETTER_SAMPLES).await;
        if (chance - 0.5).abs() <= LETTER_TOLERANCE {
            stop.cancel();
            return;
        }
        let again = compare(2 * LETTER_SAMPLES).await;
        stop.cancel();
        assert!(
            (again - 0.5).abs() <= LETTER_TOLERANCE,
            "the second letter tells: {chance:.3}, then {again:.3}"
        );
    };
    tokio::join!(desk.work_until(&stop), measured);
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_mail_server_that_is_down_does_not_stop_the_checks() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    visitor.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("confirmations");
    visitor.post(&link, &[]).await.went_well();
    let case = desk.find_case(&desk.newest().await).await;
    let pending = async || {
        let checks = desk.casework.load(case).await.unwrap().unwrap().case.checks;
        checks.iter().any(|check| check.kind == CheckKind::Entitlement && check.verdict == Verdict::Pending)
    };
    // Nobody delivers: the letters wait, and the checks for them.
    verification::step(&desk.casework).await.unwrap();
    assert!(pending().await);
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(119)));
    verification::step(&desk.casework).await.unwrap();
    assert!(pending().await);
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_secs(1)));
    verification::step(&desk.casework).await.unwrap();
    assert!(!pending().await);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}
