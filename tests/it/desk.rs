//! The desk from outside: signing in and out, who may open what, the queue, the case page and every step taken there.

use actix_web::http::Method;
use handover::{
    case::actor::Role,
    routes::{self, Who},
    staff::{
        accounts::{self, AccountError},
        password::PasswordError,
    },
};
use reqwest::{Client, StatusCode, redirect::Policy};

use crate::helpers::{
    desk::{Answer, Desk, PASSWORD, StaffVisitor},
    smtp::{Answer as Say, Stage},
    story::{ATLASSIAN, DEPARTED, form, form_with},
};

const SECRET: &str = "Das Passwort lautet: hunter2!";

// ── signing in ──────────────────────────────────────────────────────────

#[actix_web::test]
async fn wrong_passwords_and_unknown_people_get_the_same_answer() {
    let desk = Desk::start().await;
    desk.staff("ann", Role::Agent).await;
    let visitor = desk.visitor("en");
    let mut answers = Vec::new();
    for (email, password) in [
        ("ann@reseller.example", "not her password at all"),
        ("ann@reseller.example", ""),
        ("nobody@reseller.example", PASSWORD),
        ("", ""),
    ] {
        let answer = visitor.post("/desk/sign-in", &[("email", email), ("password", password)]).await;
        assert_eq!(answer.field("email").unwrap(), email, "what was typed stays");
        assert_eq!(answer.field("password").unwrap(), "", "but for the password");
        answers.push(answer.is(422).words());
    }
    assert!(answers[0].contains("E-mail address or password is wrong."));
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    desk.finish().await;
}

#[actix_web::test]
async fn control_characters_do_no_harm() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    visitor.post("/desk/sign-in", &[("email", "a\0b"), ("password", "no\0body knows this")]).await.is(422);
    let ann = desk.staff("ann", Role::Agent).await;
    for query in ["text=%00", "text=a%00%07b", "state=%00&owner=%00&waiting_for=%00", "after=%00"] {
        ann.get(&format!("/desk/cases?{query}")).await.is(200);
    }
    for path in [
        "/desk/cases/%00",
        "/desk/inbound/%00/original",
        "/desk/inbound/%00/attachments/%00",
        "/cases/%00",
        "/confirmations/%00",
    ] {
        ann.get(path).await.is(404);
    }
    desk.finish().await;
}

#[actix_web::test]
async fn a_session_ends_by_signing_out_by_idling_and_by_age() {
    let desk = Desk::start_with("desk.idle_minutes = 60\ndesk.absolute_hours = 3").await;
    let ann = desk.staff("ann", Role::Agent).await;
    let minutes = |minutes| desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(minutes)));
    let is_in = async |who: &StaffVisitor| who.visitor.get("/desk/cases").await.status == StatusCode::OK;

    for _ in 0..3 {
        minutes(59);
        assert!(is_in(&ann).await, "every request keeps a session alive");
    }
    minutes(4);
    assert!(!is_in(&ann).await, "but not for ever");

    let ann = desk.staff("ann", Role::Agent).await;
    minutes(61);
    assert!(!is_in(&ann).await, "who does nothing is signed out");

    let (here, there) = (desk.staff("ann", Role::Agent).await, desk.staff("ann", Role::Agent).await);
    here.visitor.submit("/desk/sign-out", &[]).await.says("You are signed out.");
    assert!(!is_in(&here).await);
    assert!(is_in(&there).await, "another browser stays signed in");
    let here = desk.staff("ann", Role::Agent).await;
    here.visitor.post("/desk/sign-out", &[("everywhere", "true")]).await.went_well();
    assert!(!is_in(&there).await, "unless told otherwise");
    desk.finish().await;
}

#[actix_web::test]
async fn a_new_password_ends_every_session() {
    const OTHER: &str = "another staple of batteries";
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let ben = desk.staff("ben", Role::Agent).await;
    let set = async |password: &str| {
        let id = desk.account("Ann@reseller.example").await;
        accounts::set_password(&desk.casework, id, password.into()).await
    };
    assert!(matches!(set("short").await, Err(AccountError::Password(PasswordError::TooShort))));
    assert!(matches!(
        set("annannann 2026 reseller").await,
        Err(AccountError::Password(PasswordError::Guessable))
    ));
    ann.visitor.get("/desk/cases").await.is(200);

    set(OTHER).await.unwrap();
    ann.visitor.get("/desk/cases").await.is(303);
    ben.visitor.get("/desk/cases").await.is(200);
    let sign_in = |password| [("email", "ann@reseller.example"), ("password", password)];
    ann.visitor.post("/desk/sign-in", &sign_in(PASSWORD)).await.is(422);
    ann.visitor.post("/desk/sign-in", &sign_in(OTHER)).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.take_letter("ann@reseller.example").subject, "Ihr Passwort wurde geändert");

    desk.bars("ann@reseller.example").await.unwrap();
    assert!(matches!(set(PASSWORD).await, Err(AccountError::NotFound)));
    desk.finish().await;
}

#[actix_web::test]
async fn who_is_barred_is_out_at_once() {
    let desk = Desk::start().await;
    let ann = desk.staff("ann", Role::Agent).await;
    desk.bars("ann@reseller.example").await.unwrap();
    ann.visitor.get("/desk/cases").await.is(303);
    let again = [("email", "ann@reseller.example"), ("password", PASSWORD)];
    ann.visitor.post("/desk/sign-in", &again).await.is(422);
    assert!(desk.bars("ann@reseller.example").await.is_err());
    desk.finish().await;
}

#[actix_web::test]
async fn the_session_cookie_is_guarded_and_new_at_every_sign_in() {
    let desk = Desk::start().await;
    desk.staff("ann", Role::Agent).await;
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let sign_in = async |cookie: &str, return_to: &str| {
        let form = [("email", "ANN@reseller.example"), ("password", PASSWORD), ("return_to", return_to)];
        let request = client.post(format!("{}/desk/sign-in", desk.address)).form(&form);
        request.header("sec-fetch-site", "same-origin").header("cookie", cookie).send().await.unwrap()
    };
    let first = sign_in("", "/desk/cases?state=verified").await;
    assert_eq!(first.headers()["location"], "/desk/cases?state=verified");
    let set = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    let (cookie, attributes) = set.split_once(';').unwrap();
    assert!(cookie.starts_with("handover_session="), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(attributes.contains(attribute), "{attributes}");
    }
    // Signing in again ends the session that the browser had, so that a planted one is worth nothing.
    let second = sign_in(cookie, "https://evil.example/").await;
    assert_eq!(second.headers()["location"], "/desk/cases");
    assert_ne!(second.headers()["set-cookie"].to_str().unwrap().split(';').next(), Some(cookie));
    let old =
        client.get(format!("{}/desk/cases", desk.address)).header("cookie", cookie).send().await.unwrap();
    assert_eq!(old.status(), StatusCode::SEE_OTHER);
    // The table opens no session: it holds hashes.
    let hash: Vec<u8> = sqlx::query_scalar("select token_hash from sessions limit 1")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    let token = second.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(!token.contains(&data_encoding::BASE64URL_NOPAD.encode(&hash)));
    desk.finish().await;
}

#[actix_web::test]
async fn behind_tls_the_cookie_is_bound_to_this_host() {
    let desk = Desk::start_with("http.public_url = \"https://desk.reseller.example\"").await;
    let email = "ann@reseller.example".parse().unwrap();
    let add = handover::staff::members::add(
        &desk.casework.app.pool,
        "Ann",
        &email,
        Role::Agent,
        PASSWORD.to_owned().into(),
        desk.now(),
    );
    add.await.unwrap();
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let form = [("email", "ann@reseller.example"), ("password", PASSWORD)];
    let request = client.post(format!("{}/desk/sign-in", desk.address)).form(&form);
    let answer = request.header("origin", "https://desk.reseller.example").send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-handover_session="), "{cookie}");
    assert!(cookie.contains("Secure"), "{cookie}");
    assert!(answer.headers()["strict-transport-security"].to_str().unwrap().starts_with("max-age="));
    desk.finish().await;
}

// ── who may ─────────────────────────────────────────────────────────────

/// A path of the table with something in its gaps.
fn filled(path: &str, number: &str) -> String {
    let nobody = "01900000-0000-7000-8000-000000000000";
    path.replace("{number}", number).replace("{kind}", "callback").replace("{id}", nobody)
}

#[actix_web::test]
async fn no_address_of_the_desk_opens_without_its_role() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let version = desk.load(&number).await.version;
    let stranger = desk.visitor("en");
    let (auditor, agent) = (desk.staff("ada", Role::Auditor).await, desk.staff("ann", Role::Agent).await);
    let mut guarded = 0;
    for entry in routes::table() {
        // Who asks with a token is another story.
        if matches!(entry.who, Who::Public | Who::Token(..)) {
            continue;
        }
        guarded += 1;
        let path = filled(entry.path, &number);
        if entry.path == handover::desk::live::PATH {
            // A script asks; nobody would see where it is sent to.
            stranger.get(&path).await.is(401);
            continue;
        }
        if entry.method == Method::GET {
            let answer = stranger.get(&path).await.is(303);
            assert!(answer.location.unwrap().starts_with("/desk/sign-in?return_to=%2Fdesk%2F"), "{path}");
            for reader in [&auditor, &agent] {
                if !entry.who.admits(reader.role) {
                    reader.get(&path).await.is(403);
                }
            }
            continue;
        }
        stranger.post(&path, &[]).await.is(401).never_says("Nordlicht");
        if !entry.who.admits(Role::Auditor) {
            auditor.visitor.post(&path, &[]).await.is(403).says("Your role does not allow this");
        }
        if !entry.who.admits(Role::Agent) {
            agent.visitor.post(&path, &[]).await.is(403);
        }
    }
    assert!(guarded > 15, "{guarded} guarded addresses");
    assert_eq!(desk.load(&number).await.version, version, "nobody changed anything");
    auditor.open(&number).await.says("Nordlicht Maschinenbau GmbH").never_says("What you can do");
    desk.finish().await;
}

#[actix_web::test]
async fn scripts_are_told_in_json() {
    let desk = Desk::start().await;
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let ask = client.get(format!("{}/desk/cases", desk.address)).header("accept", "application/json");
    let answer = ask.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let problem: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(problem["code"], "error-401");
    desk.finish().await;
}

#[actix_web::test]
async fn another_sites_page_can_not_act_in_a_colleagues_name() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    desk.staff("ann", Role::Agent).await;
    let client = Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap();
    let form = [("email", "ann@reseller.example"), ("password", PASSWORD)];
    client.post(format!("{}/desk/sign-in", desk.address)).form(&form).send().await.unwrap();
    let note = async |headers: &[(&'static str, &str)]| {
        let mut request = client.post(format!("{}/desk/cases/{number}/notes", desk.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.form(&[("note", "From elsewhere.")]).send().await.unwrap().status().as_u16()
    };
    assert_eq!(note(&[]).await, 403);
    assert_eq!(note(&[("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(note(&[("sec-fetch-site", "same-site")]).await, 403);
    assert_eq!(note(&[("origin", "null")]).await, 403);
    assert_eq!(note(&[("origin", "https://evil.example")]).await, 403);
    assert_eq!(note(&[("origin", desk.address.as_str())]).await, 303);
    desk.finish().await;
}

// ── the queue ───────────────────────────────────────────────────────────

/// The numbers in the order of the page.
fn numbers(page: &Answer) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text);
    let links = scraper::Selector::parse(".queue__link").unwrap();
    html.select(&links).map(|link| link.text().collect()).collect()
}

/// Another unconfirmed case, of a company of its own.
async fn another(desk: &Desk, company: &str, entitlement: &str) -> String {
    let email = format!("{}@firma.example", company.to_lowercase());
    let fields =
        form_with(&[("company", company), ("requester_email", &email), ("entitlements", entitlement)]);
    desk.visitor("de").escalates(&fields).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    sqlx::query_scalar("select number from cases order by number desc limit 1")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap()
}

#[actix_web::test]
async fn the_queue_puts_us_first_and_finds_what_is_asked_for() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let unconfirmed = another(&desk, "Ahornwerk", "SEN-555001").await;
    let confirmed = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    ann.does(&confirmed, "assignment", &[("owner", "me")]).await.went_well();
    let queue =
        async |query: &str| numbers(&ann.visitor.get(&format!("/desk/cases{query}")).await.is(200)).join(" ");

    // A call is missing, which is ours to make; the other waits for its customer.
    assert_eq!(queue("").await, format!("{confirmed} {unconfirmed}"));
    assert_eq!(queue("?waiting_for=customer").await, unconfirmed);
    assert_eq!(queue("?state=verifying").await, confirmed);
    assert_eq!(queue("?owner=me").await, confirmed);
    assert_eq!(queue(&format!("?owner={}", ann.id)).await, confirmed);
    assert_eq!(queue("?owner=none").await, unconfirmed);
    for text in ["ahorn", "sen-555001", "ahornwerk%40firma", unconfirmed.as_str()] {
        assert_eq!(queue(&format!("?text={text}")).await, unconfirmed, "{text}");
    }
    assert_eq!(queue("?text=%25").await, "", "a wildcard is only a character");
    assert_eq!(
        queue("?state=lost&waiting_for=godot&after=nonsense").await,
        queue("").await,
        "nonsense is ignored"
    );

    ann.does(&unconfirmed, "rejection", &[("reason", "Not a customer of ours.")]).await.went_well();
    assert_eq!(queue("").await, confirmed);
    assert_eq!(queue("?state=closed").await, unconfirmed);
    assert_eq!(queue("?text=ahorn").await, unconfirmed, "a search finds what is closed, too");
    desk.finish().await;
}

// ── steps ───────────────────────────────────────────────────────────────

#[actix_web::test]
async fn what_is_wrong_is_said_and_nothing_typed_is_lost() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Approver).await;
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let version = desk.load(&number).await.version;

    let page = ann.does(&number, "question", &[("question", SECRET)]).await.is(422).says("password");
    assert_eq!(page.field("question").unwrap(), SECRET);
    let long = "x".repeat(4001);
    let page = ann.does(&number, "rejection", &[("reason", &long)]).await.is(422).says("4000");
    assert!(page.text.contains(&long));
    ann.does(&number, "notes", &[("note", " \n ")]).await.is(422).says("Please fill in this field.");
    ann.does(&number, "notes", &[]).await.is(422);
    let page = ann.does(&number, "checks/callback", &[("verdict", "perhaps"), ("note", "")]).await.is(422);
    page.says("Please choose one of these.").says("Please fill in this field.");
    ann.does(&number, "checks/nothing", &[("verdict", "passed"), ("note", "x")]).await.is(404);
    ann.does(&number, "checks/callback", &[("waive", "true"), ("reason", "")]).await.is(422);
    ann.does(&number, "closing", &[("outcome", "won")]).await.is(422);
    ann.does(&number, "assignment", &[("owner", "01900000-0000-7000-8000-000000000000")]).await.is(422);
    ann.does(&number, "approval", &[("digest", "not one")]).await.is(422);
    let page = ann
        .does(
            &number,
            "draft",
            &[("subject", &"s".repeat(201)), ("opening", "Please.\n  Do."), ("closing", "Kind regards")],
        )
        .await;
    let page = page.is(422).says("200");
    assert_eq!(page.field("opening").unwrap(), "Please.\n  Do.");
    assert_eq!(desk.load(&number).await.version, version, "nothing of this changed the case");
    desk.finish().await;
}

#[actix_web::test]
async fn who_comes_second_sees_what_changed_and_keeps_what_was_typed() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let old = ann.open(&number).await.field("version").unwrap();
    ben.does(&number, "assignment", &[("owner", "me")]).await.went_well();

    let path = format!("/desk/cases/{number}/question");
    let typed = "Seit wann heißt Ihr Unternehmen anders?";
    let conflict = ann.visitor.post(&path, &[("version", &old), ("question", typed)]).await.is(409);
    let conflict = conflict.says("The case has changed in the meantime").says("ben took on the case");
    assert_eq!(desk.state(&number).await, "verifying");
    // As it is now, it can be sent again.
    assert_eq!(conflict.field("question").unwrap(), typed);
    let version = conflict.field("version").unwrap();
    ann.visitor.post(&path, &[("version", &version), ("question", typed)]).await.went_well();
    assert_eq!(desk.state(&number).await, "awaiting_customer");
    // Two drafts at the same time: what the other wrote stands beside one's own.
    desk.work_until_idle().await;
    desk.take_all_letters();
    let other = desk.verified_case_of(&desk.visitor("de"), &ann).await;
    let old = ann.open(&other).await.field("version").unwrap();
    ben.drafts(&other).await;
    let draft = [
        ("version", &*old),
        ("subject", "Change"),
        ("opening", "Dear Atlassian, please help."),
        ("closing", "Ann"),
    ];
    let conflict = ann.visitor.post(&format!("/desk/cases/{other}/draft"), &draft).await.is(409);
    let conflict = conflict.says("How it differs from what is there now");
    assert_eq!(marked(&conflict, ".wording ins").last().map(String::as_str), Some("Ann"));
    assert!(marked(&conflict, ".wording del").join(" ").contains("ben"), "what ben wrote: {}", conflict.text);
    // A note is in nobody's way, and says whom it calls.
    let notes = format!("/desk/cases/{number}/notes");
    ann.visitor.post(&notes, &[("version", &old), ("note", "Called back.")]).await.went_well();
    ann.open(&number).await.says("Called back.").says(typed).never_says("mentions");
    ann.does(&number, "notes", &[("note", "@Ben, please look; ask@nordlicht.example is unknown.")])
        .await
        .went_well();
    ann.open(&number).await.says("mentions ben");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// The texts of the elements.
fn marked(page: &Answer, selector: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text);
    let selector = scraper::Selector::parse(selector).unwrap();
    html.select(&selector).map(|element| element.text().collect()).collect()
}

/// Without a script nothing keeps what was typed but the answer itself; whoever comes by then reads no password.
#[actix_web::test]
async fn a_session_that_ended_takes_no_text_with_it() {
    let desk = Desk::start_with("desk.idle_minutes = 30").await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let version = ann.open(&number).await.field("version").unwrap();
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_mins(45)));
    let typed = [
        ("version", version.as_str()),
        ("question", "Seit wann ist Frau Abend\r\nnicht mehr <da>?"),
        ("other", "Noch ein Satz."),
        ("password", "mein geheimes Wort"),
    ];
    let page = ann.visitor.post(&format!("/desk/cases/{number}/question"), &typed).await.is(401);
    let page = page.says("What you had typed").says("Question").never_says("geheimes Wort");
    let texts = marked(&page, "textarea[readonly]");
    assert_eq!(texts, ["Noch ein Satz.", "Seit wann ist Frau Abend\nnicht mehr <da>?"]);
    assert_eq!(desk.load(&number).await.version.to_string(), version, "nothing happened");
    desk.finish().await;
}

#[actix_web::test]
async fn a_step_that_is_no_longer_possible_is_explained_and_not_offered_again() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let old = ann.open(&number).await.field("version").unwrap();
    ben.does(&number, "rejection", &[("reason", "A fraud.")]).await.went_well();
    let draft = [
        ("version", old.as_str()),
        ("subject", "Change"),
        ("opening", "Please change the contact."),
        ("closing", "Kind regards"),
    ];
    let path = format!("/desk/cases/{number}/draft");
    let conflict = ann.visitor.post(&path, &draft).await.is(409).says("Please change the contact.");
    assert!(!conflict.text.contains(&format!("action=\"{path}\"")), "{}", conflict.text);
    ann.does(&number, "draft", &[("subject", "Change"), ("opening", "Please."), ("closing", "Kind regards")])
        .await
        .is(409)
        .says("closed");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn the_approver_reads_the_bytes_that_are_sent() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    ann.does(
        &number,
        "draft",
        &[
            ("subject", "Kontakt: Ä <b>"),
            ("opening", "Hello,\n\n  <script>x</script>"),
            ("closing", "Kind regards"),
        ],
    )
    .await
    .went_well();
    let path = format!("/desk/cases/{number}/approval");
    let page = ben.visitor.get(&path).await.is(200).says("Kontakt: Ä <b>").says("<script>x</script>");
    assert!(!page.text.contains("<script>x"), "what people write is never markup");
    let shown = scraper::Html::parse_document(&page.text);
    let bytes = scraper::Selector::parse(".bytes").unwrap();
    let raw: String = shown.select(&bytes).next().unwrap().text().collect();
    ann.visitor.get(&path).await.is(200).says("Your role does not allow this");
    let digest = page.field("digest").unwrap();
    // An edit meanwhile: the old page approves nothing, and a link to the old draft says so.
    ann.does(
        &number,
        "draft",
        &[("subject", "Contact"), ("opening", "Hello, better."), ("closing", "Kind regards")],
    )
    .await
    .went_well();
    ben.does(&number, "approval", &[("digest", &digest)]).await.is(409).says("no longer the one you saw");
    ben.visitor.get(&format!("{path}?digest={digest}")).await.says("The draft has changed");
    ben.does(&number, "draft/return", &[("reason", "Too short.")]).await.went_well();
    // The words come back with the reason, so that nobody writes them twice.
    let page = ann.open(&number).await.says("Too short.");
    assert_eq!(page.field("opening").as_deref(), Some("Hello, better."));
    ben.visitor.get(&path).await.is(303);

    ann.drafts(&number).await;
    // Whoever can't approve reads who can; whoever had a hand in it is not among them.
    ann.open(&number).await.says("Who may approve: ben.");
    ben.open(&number).await.never_says("Who may approve");
    sqlx::query("update staff set disabled_at = $1 where name = 'ben'")
        .bind(desk.now())
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    ann.open(&number).await.says("Nobody at the desk can approve this");
    sqlx::query("update staff set disabled_at = null").execute(&desk.casework.app.pool).await.unwrap();
    let page = ben.visitor.get(&path).await.is(200);
    let shown = scraper::Html::parse_document(&page.text);
    let now: String = shown.select(&bytes).next().unwrap().text().collect();
    assert_ne!(now, raw);
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    let sent = desk.smtp.received().into_iter().rfind(|mail| mail.to == ATLASSIAN).unwrap();
    assert_eq!(String::from_utf8(sent.raw).unwrap().replace("\r\n", "\n").trim_end(), now.trim_end());
    // The letter can be read later, too; those to customers can't.
    let case = desk.find_case(&number).await;
    let emails: Vec<(uuid::Uuid, String)> =
        sqlx::query_as("select id, audience from emails where correlation_id = $1")
            .bind(case)
            .fetch_all(&desk.casework.app.pool)
            .await
            .unwrap();
    for (id, audience) in emails {
        let answer = ann.visitor.get(&format!("/desk/cases/{number}/emails/{id}")).await;
        let _ = answer.is(if audience == "atlassian" { 200 } else { 404 });
    }
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn an_objection_is_recorded_and_settled_by_an_approver() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    ann.does(&number, "objection", &[("note", "Ms Abend called: she is still there.")]).await.went_well();
    ann.open(&number).await.says("she is still there").says("until an approver has decided");
    let ruling = [("ruling", "dismissed"), ("reason", "It was not her.")];
    ann.does(&number, "objection", &ruling).await.is(403).says("role");
    ben.does(&number, "objection", &[("ruling", "perhaps"), ("reason", "x")]).await.is(422);
    ben.does(&number, "objection", &ruling).await.went_well();
    assert_eq!(desk.state(&number).await, "verifying");
    ann.does(&number, "objection", &[("note", "She wrote, too.")]).await.went_well();
    ben.does(&number, "objection", &[("ruling", "upheld"), ("reason", "It was her.")]).await.went_well();
    assert_eq!(desk.state(&number).await, "closed");
    ben.does(&number, "reopening", &[("reason", "The wrong case.")]).await.went_well();
    // The objection outlived the end of the case.
    assert_eq!(desk.state(&number).await, "contested");
    ben.does(&number, "objection", &ruling).await.went_well();
    ben.does(&number, "closing", &[("outcome", "duplicate")]).await.went_well();
    ann.open(&number).await.says("Duplicate");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn an_e_mail_that_was_given_up_shows_everywhere_and_can_be_sent_again() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    desk.smtp.answer(Stage::Recipient, Say::Say("550 5.1.1 no such mailbox"));
    ann.does(&number, "question", &[("question", "Seit wann?")]).await.went_well();
    desk.work_until_idle().await;
    ann.visitor
        .get("/desk/cases")
        .await
        .says("One e-mail could not be delivered")
        .says("E-mail not delivered");
    let page = ann.open(&number).await.says("no such mailbox");
    let html = scraper::Html::parse_document(&page.text);
    let retry = scraper::Selector::parse("form[action$=retry]").unwrap();
    let path = html.select(&retry).next().unwrap().value().attr("action").unwrap().to_owned();
    let what = path.strip_prefix(&format!("/desk/cases/{number}/")).unwrap();
    ann.does(&number, what, &[]).await.went_well();
    // Pressing twice sends it once.
    ann.does(&number, what, &[]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.take_all_letters().len(), 1);
    ann.visitor.get("/desk/cases").await.never_says("could not be delivered");
    desk.finish().await;
}

#[actix_web::test]
async fn the_page_offers_what_the_rules_allow_and_speaks_both_languages() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let page = ann
        .open(&number)
        .await
        .says("Next step: independent proof")
        .says("Record the call")
        .never_says("Waive the check");
    assert!(page.field("opening").is_none(), "nothing can be drafted yet");
    page.says("Nobody but the people asking has been heard yet")
        .says("Everything so far rests on one thing: the domain nordlicht.example.")
        .says("Petra Abend")
        .says(DEPARTED);
    ben.open(&number).await.says("Waive the check");
    ben.visitor
        .submit("/language", &[("language", "de"), ("return_to", &format!("/desk/cases/{number}"))])
        .await;
    ben.open(&number).await.says("Auf die Prüfung verzichten").says("Was noch fehlt").says("Wartet auf uns");
    ben.does(&number, "checks/successor", &[("waive", "1"), ("reason", "In person.")]).await.went_well();
    ben.open(&number).await.says("In person.").says("verzichtet");
    ann.visitor.get("/desk/cases/HO-2026-99999").await.is(404);
    ann.visitor.get("/desk/cases/nonsense").await.is(404);
    let lower = ann.visitor.get(&format!("/desk/cases/{}", number.to_lowercase())).await.is(200);
    lower.says(&number);
    desk.finish().await;
}
