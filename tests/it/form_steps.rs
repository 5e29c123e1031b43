//! The form step by step, as somebody without script takes it: each page's own mistakes, back and change, the review, another
//! language on the way; what a link presets, and who may show it in a frame. Then the same with script, on a phone and by keyboard.

use handover::config::Settings;
use reqwest::Client;
use thirtyfour::{Key, TypingData};

use crate::helpers::{
    browser::Browser,
    desk::{Answer, Desk, Visitor},
    story::{DEPARTED, REQUESTER, SUCCESSOR, form},
};

const STEPS: &str = "/escalations/steps";

/// All that a browser would send of the form on the page.
fn filled_in(page: &Answer) -> Vec<(String, String)> {
    let page = scraper::Html::parse_document(&page.text);
    let fields = scraper::Selector::parse("#escalation input, #escalation textarea").unwrap();
    let mut found = Vec::new();
    for field in page.select(&fields) {
        let attribute = |name| field.value().attr(name).unwrap_or_default().to_owned();
        let unchosen =
            matches!(attribute("type").as_str(), "radio" | "checkbox") && field.attr("checked").is_none();
        let value = match field.value().name() {
            "textarea" => field.text().collect::<String>().trim_start_matches('\n').to_owned(),
            _ => attribute("value"),
        };
        if !unchosen {
            found.push((attribute("name"), value));
        }
    }
    found
}

/// Fills these fields of the page in, and presses the button.
async fn press(visitor: &Visitor, page: &Answer, button: (&str, &str), typed: &[(&str, &str)]) -> Answer {
    let mut fields = filled_in(page);
    for (name, value) in typed.iter().chain([&button]) {
        fields.retain(|(field, _)| field != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post(if button.0.is_empty() { "/escalations" } else { STEPS }, &fields).await
}

const NEXT: (&str, &str) = ("go", "next");
const SEND: (&str, &str) = ("", "");

const YOU: [(&str, &str); 4] = [
    ("requester_name", "Miriam Kessler"),
    ("requester_email", REQUESTER),
    ("requester_position", "Leiterin IT-Betrieb"),
    ("requester_phone", "+49 30 23125 110"),
];
const COMPANY: [(&str, &str); 3] = [
    ("company", "Nordlicht Maschinenbau GmbH"),
    ("hosting", "data_center"),
    ("entitlements", "Jira Software\tSEN\u{2013}10000001\t500"),
];
const LEFT: [(&str, &str); 4] = [
    ("departed_name", "Petra Abend"),
    ("departed_email", "Petra Abend <petra.abend@nordlicht.example>"),
    ("departed_on", "05/2026"),
    ("contact_role", "technical"),
];
const HEIR: [(&str, &str); 2] = [("successor_name", "Tobias Rauch"), ("successor_email", SUCCESSOR)];
const WHY: [(&str, &str); 3] = [
    ("explanation", "Frau Abend ist \"weg\".\r\n<b>Seit Mai.</b>"),
    ("authority", "true"),
    ("privacy", "true"),
];

/// As far as the page of all answers.
async fn to_the_review(visitor: &Visitor) -> Answer {
    let mut page = visitor.get("/escalations/new").await.is(200);
    for typed in [&YOU[..], &COMPANY, &LEFT, &HEIR, &WHY] {
        page = press(visitor, &page, NEXT, typed).await.is(200);
    }
    page
}

async fn count_cases(desk: &Desk) -> i64 {
    sqlx::query_scalar("select count(*) from cases").fetch_one(&desk.casework.app.pool).await.unwrap()
}

fn text_of(answer: &Answer, css: &str) -> Vec<String> {
    let page = scraper::Html::parse_document(&answer.text);
    let css = scraper::Selector::parse(css).unwrap();
    let words = |found: scraper::ElementRef| found.text().collect::<String>();
    page.select(&css).map(|found| words(found).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[actix_web::test]
async fn a_request_goes_through_the_steps_and_is_sent_once() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let page = customer.get("/escalations/new").await.is(200).says("Schritt 1 von 5");
    let page = press(&customer, &page, NEXT, &YOU).await.is(200).says("Schritt 2 von 5");
    let page = press(&customer, &page, NEXT, &COMPANY).await.is(200).says("Schritt 3 von 5");
    let page = press(&customer, &page, NEXT, &LEFT).await.is(200).says("Schritt 4 von 5");
    let page = press(&customer, &page, NEXT, &HEIR).await.is(200).says("Schritt 5 von 5");
    let review = press(&customer, &page, NEXT, &WHY).await.is(200).says("Bitte prüfen Sie Ihre Angaben");
    for said in [
        "Miriam Kessler",
        "SEN-10000001",
        "petra.abend@nordlicht.example",
        "Sonntag, 31. Mai 2026",
        "Sie haben nur den Monat genannt",
        "Technischer Kontakt",
        "Tobias Rauch",
        "<b>Seit Mai.</b>",
        "Keine Angabe",
    ] {
        assert!(review.words().contains(said), "{said}: {}", review.words());
    }
    assert!(!review.text.contains("<b>Seit"));
    assert_eq!(count_cases(&desk).await, 0, "nothing is kept before it is sent");

    let sent = press(&customer, &review, SEND, &[]).await.went_well();
    assert!(sent.location.unwrap().starts_with("/escalations/sent/"));
    // Pressed twice, or sent once more from the browser's history.
    press(&customer, &review, SEND, &[]).await.went_well();
    assert_eq!(count_cases(&desk).await, 1);
    let on: Option<jiff_sqlx::Date> = sqlx::query_scalar("select departed_on from escalations")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(on.unwrap().to_jiff().to_string(), "2026-05-31");
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.finish().await;
}

#[actix_web::test]
async fn each_step_says_its_own_mistakes_at_once_and_keeps_the_rest() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let first = customer.get("/escalations/new").await.is(200);
    for (typed, mistakes) in [
        (&YOU[..], vec!["requester_name", "requester_email"]),
        (&COMPANY, vec!["company", "hosting", "entitlements"]),
        (&LEFT, vec!["departed_name", "departed_email", "contact_role"]),
        (&HEIR, vec!["successor_name", "successor_email"]),
        (&WHY, vec!["explanation", "authority", "privacy"]),
    ] {
        // From the first step on, so that all before it is there.
        let mut page = press(&customer, &first, NEXT, &YOU).await.is(200);
        let position = [&YOU[..], &COMPANY, &LEFT, &HEIR, &WHY].iter().position(|all| *all == typed).unwrap();
        for before in [&COMPANY[..], &LEFT, &HEIR].iter().take(position.saturating_sub(1)) {
            page = press(&customer, &page, NEXT, before).await.is(200);
        }
        if position == 0 {
            page = customer.get("/escalations/new").await;
        }
        let empty = press(&customer, &page, NEXT, &[]).await.is(422);
        let links: Vec<String> = text_of(&empty, ".error-summary[autofocus] a");
        assert_eq!(links.len(), mistakes.len(), "{links:?}");
        for field in mistakes {
            assert_eq!(text_of(&empty, &format!("a[href=\"#{field}\"]")).len(), 1, "{field}");
        }
        if position > 0 {
            assert_eq!(empty.field("requester_email").as_deref(), Some(REQUESTER));
        }
    }
    // Two answers of different steps that do not go together.
    let mut page = press(&customer, &first, NEXT, &YOU).await;
    page = press(&customer, &page, NEXT, &COMPANY).await;
    let own = [LEFT[0], ("departed_email", REQUESTER), LEFT[3]];
    let page = press(&customer, &page, NEXT, &own).await.is(422).says("This is your own address");
    press(&customer, &page, NEXT, &LEFT).await.is(200).says("Step 4 of 5");
    desk.finish().await;
}

#[actix_web::test]
async fn back_and_change_lose_nothing() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let page = customer.get("/escalations/new").await;
    let page = press(&customer, &page, NEXT, &YOU).await;
    // Half an answer, and back: no mistake is named, nothing is lost.
    let half = [("company", "Nordlicht"), ("entitlements", "SEN-1x")];
    let page = press(&customer, &page, ("go", "back"), &half).await.is(200).says("Step 1 of 5");
    assert_eq!(page.field("requester_name").as_deref(), Some("Miriam Kessler"));
    let page = press(&customer, &page, NEXT, &[]).await.is(200).says("Step 2 of 5");
    assert_eq!(page.field("entitlements").as_deref(), Some("SEN-1x"));

    let review = to_the_review(&customer).await;
    let page = press(&customer, &review, ("go", "departed"), &[]).await.is(200).says("Step 3 of 5");
    assert_eq!(page.field("departed_on").as_deref(), Some("31 May 2026"));
    let review = press(&customer, &page, NEXT, &[("departed_name", "Petra Morgen")]).await.is(200);
    let review =
        review.says("Check your answers").says("Petra Morgen").never_says("You named only the month");

    // What is changed there can be wrong with what was said elsewhere: the page with the mistake comes.
    let page = press(&customer, &review, ("go", "you"), &[]).await.is(200);
    let page =
        press(&customer, &page, NEXT, &[("requester_email", SUCCESSOR)]).await.is(422).says("Step 4 of 5");
    let review = press(&customer, &page, NEXT, &[("successor_is_requester", "true")]).await.is(200);
    let review = review.says("Yourself");

    // Addresses that say little are noticed, not refused.
    let page = press(&customer, &review, ("go", "you"), &[]).await.is(200);
    let review = press(&customer, &page, NEXT, &[("requester_email", "miriam@gmx.de")]).await.is(200);
    let review = review.says("Anybody can get an address at gmx.de");
    let page = press(&customer, &review, ("go", "you"), &[]).await.is(200);
    let review =
        press(&customer, &page, NEXT, &[("requester_email", "info@nordlicht.example")]).await.is(200);
    review.says("This looks like a shared mailbox");
    desk.finish().await;
}

#[actix_web::test]
async fn another_language_on_the_way_loses_nothing() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let page = customer.get("/escalations/new").await.is(200);
    let page = press(&customer, &page, NEXT, &YOU).await.is(200);
    let half = [("company", "Nordlicht"), ("hosting", "cloud"), ("entitlements", "SEN-1x")];
    let page = press(&customer, &page, ("switch_to", "en"), &half).await.is(200).says("Step 2 of 5");
    for (field, value) in
        [("company", "Nordlicht"), ("entitlements", "SEN-1x"), ("requester_email", REQUESTER)]
    {
        assert_eq!(page.field(field).as_deref(), Some(value), "{field}");
    }
    assert!(page.text.contains("value=\"cloud\" checked") && !page.text.contains("error-summary"));
    assert_eq!(page.field("language").as_deref(), Some("en"), "the letters come in it, too");
    // It is remembered.
    customer.get("/").await.is(200).says("Request a contact change");

    let review = to_the_review(&customer).await.says("Check your answers");
    press(&customer, &review, ("switch_to", "de"), &[]).await.is(200).says("Bitte prüfen Sie Ihre Angaben");
    // Also where all was sent at once and came back.
    let mut fields = form();
    fields.retain(|(name, _)| *name != "company");
    fields.push(("switch_to", "en".to_owned()));
    let page = customer.escalates(&fields).await.is(200).says("Request a contact change");
    assert_eq!(page.field("departed_email").as_deref(), Some(DEPARTED));
    assert_eq!(count_cases(&desk).await, 0);
    desk.finish().await;
}

#[actix_web::test]
async fn a_proposal_is_taken_with_one_press() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let page = customer.get("/escalations/new").await;
    let page =
        press(&customer, &page, NEXT, &[YOU[0], ("requester_email", "miriam.kessler(at)nordlicht.example")]);
    let page = page.await.is(422).says("Meinen Sie miriam.kessler@nordlicht.example?");
    let page = press(&customer, &page, NEXT, &[]).await.is(200);
    let bare =
        [COMPANY[0], COMPANY[1], ("entitlements", "10000001; SEN-10000002\nhttps://nordlicht.atlassian.com")];
    let page = press(&customer, &page, NEXT, &bare).await.is(422);
    let page = page
        .says("Bitte prüfen Sie eine Angabe")
        .says("Zeile 1: Meinen Sie SEN-10000001?")
        .says("Zeile 3: Meinen Sie nordlicht.atlassian.net?");
    let page = press(&customer, &page, NEXT, &[]).await.is(200).says("Schritt 3 von 5");
    assert_eq!(
        page.field("entitlements").unwrap().lines().collect::<Vec<_>>(),
        ["SEN-10000001", "SEN-10000002", "nordlicht.atlassian.net"]
    );

    // Sent as a whole, a month alone comes back as the day that would be noted.
    let mut fields = form();
    fields.retain(|(name, _)| *name != "departed_on");
    fields.push(("departed_on", "Ende April 2026".to_owned()));
    let page = customer.escalates(&fields).await.is(422).says("Wir würden den 30.4.2026 vermerken");
    assert_eq!(page.field("departed_on").as_deref(), Some("30.4.2026"));
    let mut fields = filled_in(&page);
    fields.retain(|(name, _)| name != "step");
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    customer.post("/escalations", &fields).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.finish().await;
}

/// Somebody who writes the page's hidden fields themselves.
#[actix_web::test]
async fn nothing_strange_travels_on() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let strange = [
        ("step", "nowhere"),
        ("go", "elsewhere"),
        ("request_id", "00000000-0000-0000-0000-000000000000"),
        ("company", "\"><script>alert(1)</script>"),
        ("evil", "carried"),
        ("language", "fr"),
    ];
    let page = customer.post(STEPS, &strange).await.is(422).says("Step 1 of 5");
    assert!(!page.text.contains("<script>alert") && !page.text.contains("carried"));
    assert_ne!(page.field("request_id").as_deref(), Some("00000000-0000-0000-0000-000000000000"));
    // To the end without the beginning: the first page with a mistake comes.
    let page = customer.post(STEPS, &[("step", "review"), ("switch_to", "en")]).await.is(422);
    page.says("Step 1 of 5");
    let last: Vec<(&str, &str)> = WHY.into_iter().chain([("step", "explanation")]).collect();
    customer.post(STEPS, &last).await.is(422).says("Step 1 of 5").says("Please enter your full name");
    // Opened by hand.
    assert_eq!(customer.get(STEPS).await.location.as_deref(), Some("/escalations/new"));
    assert_eq!(count_cases(&desk).await, 0);
    desk.finish().await;
}

#[actix_web::test]
async fn a_link_presets_language_and_hosting() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    let page =
        visitor.get("/escalations/new?language=de&hosting=data_center").await.is(200).says("Schritt 1 von 5");
    assert_eq!(page.field("hosting").as_deref(), Some("data_center"));
    let page = press(&visitor, &page.never_says("Selbstcheck"), NEXT, &YOU).await.is(200);
    assert!(page.text.contains("value=\"data_center\" checked"));
    // From then on all is in that language, until another is chosen.
    visitor.get("/").await.says("So läuft es ab");
    let chosen = [("language", "en"), ("return_to", "/guide?language=de")];
    let back = visitor.post("/language", &chosen).await.went_well().location.unwrap();
    assert_eq!(back, "/guide?language=en");
    visitor.get(&back).await.says("How do you run Atlassian?");

    // Without a cookie, as in a frame: the address and the form carry it.
    let bare = |request: reqwest::RequestBuilder| {
        let request = request.header("accept-language", "en").header("accept", "text/html");
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    let client = Client::new();
    let page = bare(client.get(format!("{}/guide?language=de&hosting=cloud", desk.address))).await;
    assert!(page.contains("lang=\"de\"") && page.contains("name=\"language\" value=\"de\""), "{page}");
    assert!(page.contains("/guide?language=de"));
    let leaf = format!("{}/guide?hosting=cloud&acts=nobody&address=company&language=de", desk.address);
    let page = bare(client.get(leaf)).await;
    assert!(
        page.contains("/escalations/new?hosting=cloud&amp;guide=request-cloud&amp;language=de"),
        "{page}"
    );
    let step = client.post(format!("{}{STEPS}", desk.address)).form(&[("language", "de"), ("step", "you")]);
    assert!(bare(step).await.contains("lang=\"de\""));
    // The desk is asked by no link.
    let sign_in = bare(client.get(format!("{}/desk/sign-in?language=de", desk.address))).await;
    assert!(sign_in.contains("lang=\"en\""));
    desk.finish().await;
}

/// Somebody who lays our page under one of theirs, so that people press our buttons without knowing.
#[actix_web::test]
async fn only_named_sites_may_show_the_form_in_a_frame_and_none_what_has_power() {
    const SITE: &str = "https://www.reseller.example";
    for (settings, open) in [(String::new(), "'none'"), (format!("http.embedded_by = [\"{SITE}\"]"), SITE)] {
        let desk = Desk::start_with(&settings).await;
        let visitor = desk.visitor("de");
        let policy = async |path: &str, post: bool| {
            let url = format!("{}{path}", desk.address);
            let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
            let request = if post { client.post(url).form(&[("step", "you")]) } else { client.get(url) };
            let answer = request.header("sec-fetch-site", "same-origin").send().await.unwrap();
            answer.headers()["content-security-policy"].to_str().unwrap().to_owned()
        };
        for (path, post) in [
            ("/", false),
            ("/guide?hosting=cloud", false),
            ("/guide/cloud-mailbox", false),
            ("/guide/thanks", false),
            ("/escalations/new", false),
            (STEPS, true),
            ("/escalations", true),
            ("/escalations/sent", false),
        ] {
            let policy = policy(path, post).await;
            assert!(policy.contains(&format!("frame-ancestors {open};")), "{path}: {policy}");
            assert!(policy.contains("form-action 'self'") && policy.contains("script-src 'self'"), "{path}");
        }
        let token = "a".repeat(43);
        for path in ["confirmations", "cases", "successors", "objections", "vouchers", "prepared"] {
            let policy = policy(&format!("/{path}/{token}"), false).await;
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        }
        for path in ["/desk/sign-in", "/desk/cases", "/dev/mail", "/nowhere", "/static/keep.js"] {
            let policy = policy(path, false).await;
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        }
        visitor.get("/escalations/new").await.is(200);
        desk.finish().await;
    }
    for stranger in [
        "*",
        "http://www.reseller.example",
        "https://a.example/",
        "https://a.example; script-src *",
        "https://",
        "",
    ] {
        let settings = Settings::with(&format!("http.embedded_by = [{stranger:?}]"));
        assert!(settings.unwrap_err().to_string().contains("http.embedded_by"), "{stranger}");
    }
    Settings::with("http.embedded_by = [\"https://a.example:8443\", \"https://b.example\"]").unwrap();
}

// ── with script ───────────────────────────────────────────────────────────────────────────────────────────────────

async fn value_of(browser: &Browser, name: &str) -> String {
    let script = "const field = document.querySelector(`#escalation [name=\"${arguments[0]}\"]`); return field ? field.value : null";
    browser.script(script, vec![name.into()]).await.as_str().unwrap_or_default().to_owned()
}

async fn kept(browser: &Browser) -> u64 {
    let script = "return Object.keys(sessionStorage).filter((key) => key.startsWith('handover-form')).length";
    browser.script(script, vec![]).await.as_u64().unwrap()
}

/// Presses keys where the focus is, and waits for the next page where they lead to one.
async fn keys(browser: &Browser, keys: TypingData) {
    browser.driver.active_element().await.unwrap().send_keys(keys).await.unwrap();
}

async fn until_step(browser: &Browser, step: &str) {
    browser.until_it_says(step).await;
    // Its script has put in what was typed.
    for _ in 0..200 {
        if browser.script("return document.readyState", vec![]).await == "complete" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the page never ends loading");
}

#[actix_web::test]
async fn by_keyboard_on_a_phone_nothing_typed_is_lost() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let browser = Browser::start(&desk.address, "de").await;
    browser.phone().await;
    browser.open("/escalations/new?hosting=data_center").await;

    // What the link said outlives a reload, before anything was typed.
    browser.driver.refresh().await.unwrap();
    assert_eq!(value_of(&browser, "hosting").await, "data_center");
    // From field to field by the tab key; Enter goes on, not to another language.
    browser.driver.execute("document.querySelector('#requester_name').focus()", vec![]).await.unwrap();
    keys(&browser, TypingData::from("Miriam Kessler") + Key::Tab).await;
    keys(&browser, TypingData::from(REQUESTER) + Key::Tab).await;
    keys(&browser, TypingData::from("Leiterin IT-Betrieb") + Key::Tab).await;
    keys(&browser, TypingData::from("+49 30 23125 110")).await;
    // A reload before anything was sent.
    browser.driver.refresh().await.unwrap();
    assert_eq!(value_of(&browser, "requester_email").await, REQUESTER);
    assert_eq!(value_of(&browser, "requester_phone").await, "+49 30 23125 110");
    let id = value_of(&browser, "request_id").await;
    browser.driver.execute("document.querySelector('#requester_phone').focus()", vec![]).await.unwrap();
    keys(&browser, TypingData::from(Key::Enter)).await;
    until_step(&browser, "Schritt 2 von 5").await;
    assert!(browser.find("#hosting").await.is_selected().await.unwrap(), "as the link said");

    browser.fill("company", "Nordlicht").await;
    browser.fill("entitlements", "SEN-10000001").await;
    // The browser's own back, forward and reload, in the middle of a step.
    browser.driver.back().await.unwrap();
    until_step(&browser, "Schritt 1 von 5").await;
    assert_eq!(value_of(&browser, "requester_name").await, "Miriam Kessler");
    browser.driver.forward().await.unwrap();
    until_step(&browser, "Schritt 2 von 5").await;
    assert_eq!(value_of(&browser, "entitlements").await, "SEN-10000001");
    browser.driver.refresh().await.unwrap();
    until_step(&browser, "Schritt 2 von 5").await;
    assert_eq!(value_of(&browser, "company").await, "Nordlicht");
    assert!(browser.find("#hosting").await.is_selected().await.unwrap());
    assert_eq!(value_of(&browser, "request_id").await, id, "still one request");

    // Left for another page, and begun anew: it is there, and says so.
    browser.open("/guide").await;
    browser.open("/escalations/new").await;
    browser.until_it_says("Wir haben wieder eingesetzt").await;
    assert_eq!(value_of(&browser, "requester_name").await, "Miriam Kessler");
    browser.judge("form-restored").await;
    browser.phone().await;
    browser.submit("main form .button--primary").await;
    assert_eq!(value_of(&browser, "entitlements").await, "SEN-10000001");
    // In another language.
    browser.submit("header [name=switch_to]").await;
    until_step(&browser, "Step 2 of 5").await;
    assert_eq!(value_of(&browser, "company").await, "Nordlicht");
    browser.submit("main form .button--primary").await;

    browser.fill("departed_name", "Petra Abend").await;
    browser.fill("departed_email", DEPARTED).await;
    browser.choose("[name=contact_role][value=technical]").await;
    browser.submit("main form .button--primary").await;
    browser.choose("#successor_is_requester").await;
    browser.submit("main form .button--primary").await;
    browser.fill("explanation", "Frau Abend ist weg.").await;
    browser.choose("#authority").await;
    browser.choose("#privacy").await;
    browser.submit("main form .button--primary").await;
    browser.until_it_says("Check your answers").await;
    browser.judge("review").await;
    browser.phone().await;
    // Change one answer by keyboard.
    browser
        .driver
        .execute("document.querySelector('[name=go][value=explanation]').focus()", vec![])
        .await
        .unwrap();
    keys(&browser, TypingData::from(Key::Enter)).await;
    until_step(&browser, "Step 5 of 5").await;
    browser.fill("explanation", "Frau Abend ist seit Mai weg.").await;
    browser.submit("main form .button--primary").await;
    browser.until_it_says("seit Mai weg").await;
    assert_eq!(kept(&browser).await, 1);
    browser.submit("main form p.buttons .button--primary").await;
    browser.until_it_says("Check your inbox").await;
    assert_eq!(kept(&browser).await, 0, "sent is gone from the browser");
    browser.open("/escalations/new").await;
    assert_eq!(value_of(&browser, "requester_name").await, "");
    assert_eq!(count_cases(&desk).await, 1);

    // What is older than a day is gone, too; and it can be thrown away.
    browser.fill("requester_name", "Miriam").await;
    browser.open("/guide").await;
    let age = "for (const key of Object.keys(sessionStorage)) { const draft = JSON.parse(sessionStorage.getItem(key));
               if (draft?.at) { draft.at -= 25 * 3600 * 1000; sessionStorage.setItem(key, JSON.stringify(draft)); } }";
    browser.script(age, vec![]).await;
    browser.open("/").await;
    assert_eq!(kept(&browser).await, 0);
    browser.open("/escalations/new").await;
    browser.fill("requester_name", "Miriam").await;
    browser.open("/escalations/new").await;
    browser.until_it_says("put back what you last entered").await;
    browser.submit(".kept button").await;
    assert_eq!((value_of(&browser, "requester_name").await, kept(&browser).await), (String::new(), 0));
    browser.quit().await;
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.finish().await;
}
