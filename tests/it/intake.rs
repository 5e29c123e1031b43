//! The customer's room from outside: the form and its mistakes, links that only open what they are for, pages that tell
//! nobody more than they may know.

use handover::{
    case::{
        action::Action,
        actor::Role,
        text::{Note, Text},
    },
    lang::Language,
};
use reqwest::{Client, StatusCode, redirect::Policy};

use crate::helpers::{
    desk::{Answer, Desk, Visitor},
    story::{DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

async fn count_cases(desk: &Desk) -> i64 {
    sqlx::query_scalar("select count(*) from cases").fetch_one(&desk.casework.app.pool).await.unwrap()
}

/// A confirmed case, and the links of the three parties.
async fn confirmed(desk: &Desk, customer: &Visitor) -> (String, Links) {
    desk.import_register().await;
    let number = desk.confirmed_case(customer, &form()).await;
    let links = Links {
        status: desk.take_letter(REQUESTER).link("cases"),
        successor: desk.take_letter(SUCCESSOR).link("successors"),
        objection: desk.take_letter(DEPARTED).link("objections"),
    };
    (number, links)
}

struct Links {
    status: String,
    successor: String,
    objection: String,
}

fn text(words: &str) -> Text {
    Text::parse(words).unwrap()
}

async fn ask(desk: &Desk, number: &str, question: &str) {
    let ann = desk.staff("ann", Role::Agent).await;
    let action = Action::AskCustomer { question: Note::new(text(question)) };
    desk.casework.act(desk.find_case(number).await, ann.actor(), &action, None).await.unwrap();
    desk.work_until_idle().await;
}

/// Sends `body` as it is, as a script would.
async fn post_raw(desk: &Desk, kind: &str, body: Vec<u8>) -> (StatusCode, String) {
    let request = Client::new().post(format!("{}/escalations", desk.address));
    let request = request.header("content-type", kind).header("origin", &desk.address);
    let answer = request.header("accept-language", "en").body(body).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

fn select(answer: &Answer, selector: &str) -> Vec<String> {
    let page = scraper::Html::parse_document(&answer.text);
    let selector = scraper::Selector::parse(selector).unwrap();
    page.select(&selector)
        .map(|found| found.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

// ── the form ──────────────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn all_mistakes_are_named_at_once_in_both_languages_and_what_was_typed_stays() {
    let desk = Desk::start().await;
    let wrong = form_with(&[
        ("requester_email", "miriam.kessler@nordlicht"),
        ("company", ""),
        ("hosting", "server"),
        ("entitlements", "SEN-10000001\nSEN-1x"),
        ("departed_on", "letzten Mai"),
        ("explanation", "Das Passwort lautet Sommer2026!"),
        ("authority", "off"),
    ]);
    for (language, sentences) in [
        (
            "de",
            [
                "Namen des Unternehmens an",
                "Zeile 2: „SEN-1x“",
                "Hier scheint ein Passwort zu stehen",
                "Kontaktwechsel",
            ],
        ),
        ("en", ["company’s name", "Line 2: “SEN-1x”", "seems to contain a password", "Contact changes"]),
    ] {
        let mut page = desk.visitor(language).escalates(&wrong).await.is(422);
        for sentence in sentences {
            page = page.says(sentence);
        }
        assert_eq!(select(&page, ".error-summary[autofocus] a").len(), 7, "{}", page.words());
        for field in [
            "requester_email",
            "company",
            "hosting",
            "entitlements",
            "departed_on",
            "explanation",
            "authority",
        ] {
            assert_eq!(select(&page, &format!("a[href=\"#{field}\"]")).len(), 1, "{field}");
            assert_eq!(select(&page, &format!("#{field}")).len(), 1, "{field}");
        }
        for (field, typed) in wrong.iter().filter(|(_, typed)| !typed.is_empty()) {
            if !["hosting", "contact_role", "authority", "privacy", "language"].contains(field) {
                assert_eq!(page.field(field).as_deref(), Some(typed.as_str()), "{field}");
            }
        }
        assert_eq!(select(&page, "#contact_role[checked], #privacy[checked]").len(), 2);
        assert_eq!(select(&page, "#authority[checked], #successor_is_requester[checked]").len(), 0);
    }
    assert_eq!(count_cases(&desk).await, 0);
    desk.finish().await;
}

#[actix_web::test]
async fn the_same_form_sent_twice_opens_one_case() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let served = customer.get("/escalations/new").await.is(200).field("request_id").unwrap();
    let fields = form_with(&[("request_id", served.as_str())]);
    let first = customer.escalates(&fields).await.went_well();
    let second = customer.escalates(&fields).await.went_well();
    // Each has a page of its own, of the same request.
    for page in [first.location.unwrap(), second.location.unwrap()] {
        assert!(page.starts_with("/escalations/sent/"));
        customer.get(&page).await.is(200).says("miriam.kessler@");
    }
    assert_eq!(count_cases(&desk).await, 1);
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);

    // Without an identifier each one counts.
    let fields = form_with(&[("request_id", "")]);
    customer.escalates(&fields).await.went_well();
    customer.escalates(&fields).await.went_well();
    assert_eq!(count_cases(&desk).await, 3);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_corrected_form_keeps_its_identifier_and_a_broken_one_is_replaced() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let wrong = form_with(&[("company", "")]);
    let page = customer.escalates(&wrong).await.is(422);
    let sent = wrong.iter().find(|(name, _)| *name == "request_id").map(|(_, id)| id.clone());
    assert_eq!(page.field("request_id"), sent);

    let page = customer.escalates(&form_with(&[("request_id", "17")])).await.is(422).says("send it again");
    let fresh = page.field("request_id").unwrap();
    customer.escalates(&form_with(&[("request_id", fresh.as_str())])).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.finish().await;
}

#[actix_web::test]
async fn secrets_are_refused_with_the_reason_wherever_people_can_write() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let key = format!("AAAB{}", "x1Y2".repeat(20));
    // As somebody copies it from an e-mail that was meant for the new contact.
    let link = format!("Kam an: https://h.example/successors/{}", handover::token::Token::random().reveal());
    for (field, typed, reason) in [
        ("explanation", "Kennwort: geheim99!", "darf kein Passwort aufbewahrt werden"),
        ("explanation", key.as_str(), "Wer ihn hat, kann die Lizenz nutzen"),
        ("entitlements", key.as_str(), "Nummer der Lizenz"),
        ("requester_position", "pw: geheim99!", "darf kein Passwort aufbewahrt werden"),
        ("explanation", link.as_str(), "Wer ihn liest, kann ihn benutzen"),
    ] {
        customer.escalates(&form_with(&[(field, typed)])).await.is(422).says(reason);
    }
    assert_eq!(count_cases(&desk).await, 0);
    desk.finish().await;
}

#[actix_web::test]
async fn the_answer_does_not_tell_whether_the_register_knows_the_customer() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let unknown = form_with(&[
        ("requester_email", "erika@unbekannt.example"),
        ("company", "Unbekannt AG"),
        ("entitlements", "SEN-99999999"),
        ("departed_email", "weg@unbekannt.example"),
        ("successor_email", "neu@unbekannt.example"),
    ]);
    let (known, unknown) = (customer.escalates(&form()).await, customer.escalates(&unknown).await);
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    let mut pages = Vec::new();
    for (answer, typed) in
        [(known, "miriam.kessler@<b>nordlicht.example"), (unknown, "erika@<b>unbekannt.example")]
    {
        let page = answer.location.unwrap();
        let token = page.rsplit('/').next().unwrap().to_owned();
        pages.push(customer.get(&page).await.is(200).text.replace(&token, "").replace(typed, ""));
    }
    assert_eq!(pages[0], pages[1], "nor does the page after it");
    desk.work_until_idle().await;
    let (one, other) = (desk.take_letter(REQUESTER), desk.take_letter("erika@unbekannt.example"));
    let words =
        // Each letter has a link and a code of its own.
        |text: &str| {
            let own = |line: &&str| !line.contains("/confirmations/") && !line.starts_with("Prüfcode");
            text.lines().filter(own).collect::<String>()
        };
    let (number, another) = ("HO-2026-00001", "HO-2026-00002");
    assert_eq!(words(&one.text).replace(number, ""), words(&other.text).replace(another, ""));

    // Nor does the page behind the link, once the checks have run.
    let mut pages = Vec::new();
    for (letter, requester) in [(one, REQUESTER), (other, "erika@unbekannt.example")] {
        customer.submit(&letter.link("confirmations"), &[]).await;
        desk.work_until_idle().await;
        let status = desk.take_letter(requester).link("cases");
        let page = customer.get(&status).await.is(200);
        pages.push((select(&page, ".waiting"), select(&page, ".steps"), select(&page, ".notice")));
    }
    assert_eq!(pages[0], pages[1]);
    desk.take_all_letters();
    desk.finish().await;
}

/// Sends the form for `address` as from `network`; behind the proxy of these tests, its last entry counts.
async fn escalate_from(desk: &Desk, network: &str, address: &str) {
    send_from(desk, network, &form_with(&[("requester_email", address)])).await;
}

async fn send_from(desk: &Desk, network: &str, fields: &[(&str, String)]) {
    let request = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = request.post(format!("{}/escalations", desk.address)).header("x-forwarded-for", network);
    let answer = request.header("origin", &desk.address).form(fields).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let page = answer.headers()["location"].to_str().unwrap();
    assert!(page.starts_with("/escalations/sent/") && page.len() == 61, "the answer stays the same: {page}");
    desk.work_until_idle().await;
}

#[actix_web::test]
async fn nobody_can_flood_a_mailbox_or_use_up_what_is_somebody_elses() {
    let desk = Desk::start_with("http.behind_proxy = true").await;
    let letters = || desk.take_all_letters().len();
    for n in 0..7 {
        // Another tag or spelling is the same mailbox, another address of the same network the same stranger.
        let address = ["miriam.kessler@nordlicht.example", "Miriam.Kessler+a@nordlicht.example"][n % 2];
        escalate_from(&desk, &format!("192.0.2.{n}"), address).await;
    }
    assert_eq!((count_cases(&desk).await, letters()), (7, 5));

    // She herself, from where she is, gets hers; so does anybody else from that network.
    escalate_from(&desk, "198.51.100.7", REQUESTER).await;
    escalate_from(&desk, "192.0.2.1", "somebody.else@nordlicht.example").await;
    assert_eq!(letters(), 2);

    // However many networks: a mailbox gets twenty a day.
    for n in 0..20 {
        escalate_from(&desk, &format!("203.0.{n}.1"), REQUESTER).await;
    }
    assert_eq!(letters(), 14);

    // What was held back shows, and staff can send it.
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.newest().await;
    let page =
        ann.open(&number).await.says("too many letters for this mailbox").says("Send again with a new link");
    let html = scraper::Html::parse_document(&page.text);
    let button = scraper::Selector::parse("form[action$=\"/replacement\"]").unwrap();
    let path = html.select(&button).next().unwrap().value().attr("action").unwrap().to_owned();
    ann.visitor.post(&path, &[]).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(REQUESTER).link("confirmations");
    desk.visitor("de").post(&link, &[]).await.went_well();
    assert_eq!(desk.state(&number).await, "verifying");
    desk.work_until_idle().await;
    desk.take_all_letters();

    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(25)));
    escalate_from(&desk, "192.0.2.1", REQUESTER).await;
    assert_eq!(desk.take_all_letters().iter().filter(|letter| letter.to == REQUESTER).count(), 1);
    desk.finish().await;
}

#[actix_web::test]
async fn a_receiver_is_spared_whatever_the_letters_are_called() {
    let settings = "http.behind_proxy = true\nlimits.form_letters_per_mailbox = 4\nlimits.form_letters_per_domain = 7\n\
                    limits.form_letters_alarm = 12\nmetrics.port = 0\nmetrics.token = \"a token of thirty-two characters\"\n";
    let desk = Desk::start_with(settings).await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let visitor = desk.visitor("de");
    // Six throw-away mailboxes name one victim as the new contact, spelt in different ways.
    let victim = [
        "tobias.rauch@nordlicht.example",
        "Tobias.Rauch+x@nordlicht.example",
        "tobiasrauch@nordlicht.example",
    ];
    for n in 0..6 {
        let own = format!("throw-away-{n}@gmx.de");
        let fields = form_with(&[
            ("requester_email", &own),
            ("successor_email", victim[n % 3]),
            ("entitlements", "SEN-99999991"),
            ("departed_email", "nobody@unbekannt.example"),
        ]);
        desk.confirmed_case(&visitor, &fields).await;
    }
    let letters = desk.take_all_letters();
    let to_victim = letters.iter().filter(|letter| letter.to.ends_with("@nordlicht.example")).count();
    assert_eq!(to_victim, 4, "one mailbox, and each letter to it is an invitation");
    assert_eq!(
        letters.iter().filter(|letter| letter.to.ends_with("@gmx.de")).count(),
        6,
        "one more to each of six"
    );
    let last = desk.newest().await;
    ann.open(&last)
        .await
        .says("too many letters for this mailbox or its domain")
        .says("Send again with a new link");
    ann.get("/desk/cases").await.never_says("Unusually many letters");

    // Confirmations count for the domain as well: three more, then no more; at a public provider everybody gets theirs.
    for n in 0..5 {
        escalate_from(&desk, &format!("198.51.{n}.1"), &format!("somebody-{n}@nordlicht.example")).await;
        escalate_from(&desk, &format!("198.51.{n}.2"), &format!("somebody-{n}@gmx.de")).await;
    }
    let letters = desk.take_all_letters();
    assert_eq!(letters.iter().filter(|letter| letter.to.ends_with("@nordlicht.example")).count(), 3);
    assert_eq!(letters.iter().filter(|letter| letter.to.ends_with("@gmx.de")).count(), 5);

    // Those held back are part of the wave: staff are told.
    ann.get("/desk/cases").await.says("Unusually many e-mails because of the form: 22").says("too many: 4");
    let request = Client::new().get(format!("{}/metrics", desk.address));
    let request = request.header("authorization", "Bearer a token of thirty-two characters");
    let text = request.send().await.unwrap().text().await.unwrap();
    for line in [
        "handover_form_letters_last_hour 22",
        "handover_form_letters_held_last_hour 4",
        "handover_form_letters_alarm 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    desk.clock.set(desk.now().after(jiff::SignedDuration::from_hours(1)));
    ann.get("/desk/cases").await.never_says("Unusually many letters");
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_keeps_the_notice_from_the_departed_contact_by_filling_in_forms() {
    let settings = "http.behind_proxy = true\nlimits.form_letters_per_mailbox = 3\n";
    let desk = Desk::start_with(settings).await;
    desk.import_register().await;
    for n in 0..6 {
        let fields = form_with(&[("requester_email", DEPARTED), ("departed_email", "jo@nordlicht.example")]);
        send_from(&desk, &format!("203.0.{n}.1"), &fields).await;
    }
    assert_eq!(desk.take_letters(DEPARTED).len(), 3);
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_letter(DEPARTED).link("objections");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn odd_requests_get_clear_answers() {
    let desk = Desk::start().await;
    let form_type = "application/x-www-form-urlencoded";
    let (status, page) = post_raw(&desk, form_type, b"company=M\xfcller".to_vec()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("UTF-8"), "{page}");
    let (status, page) = post_raw(&desk, form_type, vec![b'x'; 200_000]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.contains("too much"), "{page}");
    let (status, _) = post_raw(&desk, "application/json", b"{}".to_vec()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    // Of a repeated field the first counts; fields nobody knows are ignored.
    let mut fields = form();
    fields.extend([("company", "Zweite GmbH".to_owned()), ("is_admin", "true".to_owned())]);
    desk.visitor("de").escalates(&fields).await.went_well();
    let number = desk.newest().await;
    assert_eq!(desk.load(&number).await.escalation.company, "Nordlicht Maschinenbau GmbH");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn scripts_get_the_mistakes_as_problem_json() {
    let desk = Desk::start().await;
    let request = Client::new().post(format!("{}/escalations", desk.address));
    let request = request.header("accept", "application/json").header("accept-language", "en");
    let answer = request.header("origin", &desk.address).form(&[("company", "X")]).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: serde_json::Value = answer.json().await.unwrap();
    let fields: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert!(fields.contains(&"requester_email") && !fields.contains(&"company"), "{fields:?}");
    desk.finish().await;
}

// ── confirmation ──────────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn confirming_twice_leads_to_the_same_page_and_a_link_that_nobody_knows_offers_nothing() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    customer.escalates(&form()).await.went_well();
    customer.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    let letters = desk.take_all_letters();
    let (used, unused) = (letters[0].link("confirmations"), letters[1].link("confirmations"));
    customer.get(&used).await.is(200).says("Ja, das ist meine Anfrage").says("Tobias Rauch");
    customer.submit(&used, &[]).await.says("Ihre Anfrage ist bestätigt");
    customer.submit(&used, &[]).await.says("Ihre Anfrage ist bestätigt");
    customer.get(&used).await.is(200).says("Ihre Anfrage ist bestätigt");

    desk.later(7 * 24 + 1).await;
    let other = unused.chars().rev().collect::<String>();
    desk.take_all_letters();
    // Whoever holds what was in a letter is no stranger, and is told how to get another.
    customer.get(&unused).await.is(410).says("Neuen Link senden").never_says("Nordlicht");
    let gone = customer.get("/confirmations/y").await.is(404).says("gilt nicht mehr");
    for path in [
        format!("/confirmations/{}", "x".repeat(43)),
        "/confirmations/x".to_owned(),
        format!("/confirmations/{}", &other[..43]),
    ] {
        let unknown = customer.get(&path).await.is(404);
        assert_eq!(unknown.words(), gone.words(), "{path}");
        customer.post(&path, &[]).await.is(404);
    }
    customer.post(&unused, &[]).await.is(410).says("ist abgelaufen");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_link_opens_only_what_it_is_for_and_opening_changes_nothing() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let (number, links) = confirmed(&desk, &customer).await;
    let before = desk.load(&number).await.version;
    for link in [&links.status, &links.successor, &links.objection] {
        let token = link.rsplit('/').next().unwrap();
        for language in ["de", "en"] {
            desk.visitor(language).get(link).await.is(200);
        }
        Client::new().head(format!("{}{link}", desk.address)).send().await.unwrap();
        for folder in ["confirmations", "cases", "successors", "objections"] {
            let elsewhere = format!("/{folder}/{token}");
            if *link != elsewhere {
                customer.get(&elsewhere).await.is(404).never_says("Nordlicht");
            }
        }
        for post in ["withdrawal", "answer", "access-confirmation"] {
            if *link != links.status {
                let fields = [("answer", "x"), ("access", "yes")];
                customer.post(&format!("/cases/{token}/{post}"), &fields).await.is(404);
            }
        }
    }
    assert_eq!(desk.load(&number).await.version, before);
    desk.finish().await;
}

// ── the status page ───────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_question_is_answered_once_and_without_passwords() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let (number, links) = confirmed(&desk, &customer).await;
    let answer = format!("{}/answer", links.status);
    customer.post(&answer, &[("answer", "Nobody asked.")]).await.is(409).says("not possible");
    ask(&desk, &number, "Which invoice?\nPlease name the <b>number</b>.").await;
    desk.take_letter(REQUESTER);
    let page = customer.get(&links.status).await.is(200).says("waiting for your answer");
    assert_eq!(select(&page, ".quote"), ["Which invoice? Please name the <b>number</b>."]);
    assert!(
        !page.words().split_whitespace().any(|word| word.eq_ignore_ascii_case("ann")),
        "nobody of the staff"
    );
    customer.post(&answer, &[("answer", " ")]).await.is(422).says("Please write an answer.");
    let page = customer.post(&answer, &[("answer", "The password is Abc123!x")]).await.is(422);
    assert_eq!(page.field("answer").as_deref(), Some("The password is Abc123!x"));
    customer.submit(&answer, &[("answer", "RE-2026-17")]).await.says("your answer has arrived");
    let page = customer.get(&links.status).await.never_says("your answer has arrived");
    assert_eq!(select(&page, "#question, .quote").len(), 0, "nothing is asked any more");
    customer.post(&answer, &[("answer", "Again")]).await.is(409);
    desk.finish().await;
}

#[actix_web::test]
async fn withdrawing_ends_the_case_and_its_page_says_so() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let (number, links) = confirmed(&desk, &customer).await;
    let withdrawal = format!("{}/withdrawal", links.status);
    let page = customer.submit(&withdrawal, &[]).await.says("Ihre Anfrage ist zurückgezogen");
    assert_eq!(select(&page, ".steps [data-step=stopped] .steps__title").len(), 1);
    assert_eq!(select(&page, "form[action$=withdrawal]").len(), 0);
    assert_eq!(desk.state(&number).await, "closed");
    customer.post(&withdrawal, &[]).await.is(409);
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.take_letter(DEPARTED);
    customer.get(&links.successor).await.is(200).says("geschlossen");
    customer.get(&links.objection).await.is(200).says("geschlossen");
    customer.post(&links.successor, &[("decision", "accept")]).await.is(409);
    customer.post(&links.objection, &[]).await.is(409);
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_confirms_access_before_there_is_something_to_confirm() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let (_, links) = confirmed(&desk, &customer).await;
    let access = format!("{}/access-confirmation", links.status);
    customer.post(&access, &[("access", "yes")]).await.is(409);
    customer.post(&access, &[("access", "maybe")]).await.is(422).says("ob der neue Kontakt Zugang hat");
    desk.finish().await;
}

#[actix_web::test]
async fn the_requester_does_not_learn_of_an_objection() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let (number, links) = confirmed(&desk, &customer).await;
    let before = customer.get(&links.status).await.is(200);
    desk.later(1).await;
    desk.visitor("de").post(&links.objection, &[("note", "Ich arbeite noch hier.")]).await.went_well();
    assert_eq!(desk.state(&number).await, "contested");
    let during = customer.get(&links.status).await.is(200);
    assert_eq!(during.text, before.text);
    desk.work_until_idle().await;
    desk.take_letter(DEPARTED);
    desk.finish().await;
}

#[actix_web::test]
async fn cloud_that_we_manage_is_changed_by_our_licensing_desk() {
    let desk = Desk::start().await;
    let customer = desk.visitor("en");
    let fields = form_with(&[("hosting", "cloud_partner_managed")]);
    desk.confirmed_case(&customer, &fields).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    customer.get(&status).await.says("our licensing desk").never_says("Change by Atlassian");
    desk.take_all_letters();
    desk.finish().await;
}

// ── the new contact and the departed one ──────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_new_contact_who_declines_is_known_to_the_requester() {
    let desk = Desk::start().await;
    let (customer, successor) = (desk.visitor("de"), desk.visitor("en"));
    let (_, links) = confirmed(&desk, &customer).await;
    customer.get(&links.status).await.says("Tobias Rauch Bescheid geben");
    successor.get(&links.successor).await.is(200).says("Miriam Kessler has named you").says("SEN-10000002");
    successor.post(&links.successor, &[]).await.is(422).says("choose one of the two buttons");
    successor.submit(&links.successor, &[("decision", "decline")]).await.says("You have declined");
    successor.post(&links.successor, &[("decision", "accept")]).await.is(409);
    customer.get(&links.status).await.says("Tobias Rauch möchte nicht");
    desk.finish().await;
}

#[actix_web::test]
async fn a_new_contact_who_accepts_is_thanked() {
    let desk = Desk::start().await;
    let customer = desk.visitor("de");
    let (_, links) = confirmed(&desk, &customer).await;
    customer.submit(&links.successor, &[("decision", "accept")]).await.says("Danke für Ihre Zustimmung");
    customer.get(&links.status).await.never_says("Bescheid geben");
    desk.finish().await;
}

#[actix_web::test]
async fn an_objection_stops_the_case_and_is_heard_once() {
    let desk = Desk::start().await;
    let departed = desk.visitor("de");
    let (number, links) = confirmed(&desk, &departed).await;
    let page = departed.get(&links.objection).await.is(200).says("Nordlicht Maschinenbau GmbH");
    assert!(page.text.contains("tobias.rauch@<b>nordlicht.example</b>"), "{}", page.text);
    let refused = departed.post(&links.objection, &[("note", "Passwort: geheim99!")]).await.is(422);
    assert_eq!(refused.field("note").as_deref(), Some("Passwort: geheim99!"));
    assert_eq!(desk.state(&number).await, "verifying");
    departed
        .submit(&links.objection, &[("note", "Ich arbeite noch hier.")])
        .await
        .says("Widerspruch ist angekommen");
    assert_eq!(desk.state(&number).await, "contested");
    departed.post(&links.objection, &[]).await.is(409);
    let note: String = sqlx::query_scalar("select body from case_notes where kind = 'objection'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(note, "Ich arbeite noch hier.");
    desk.work_until_idle().await;
    desk.take_letter(DEPARTED);
    desk.finish().await;
}

#[actix_web::test]
async fn an_objection_after_its_window_is_still_heard() {
    let desk = Desk::start().await;
    let departed = desk.visitor("en");
    let (number, links) = confirmed(&desk, &departed).await;
    departed.get(&links.objection).await.says("8 Jun 2026");
    desk.later(9 * 24).await;
    departed.get(&links.objection).await.says("The date we named has passed");
    departed.submit(&links.objection, &[]).await.says("Your objection has arrived");
    assert_eq!(desk.state(&number).await, "contested");
    desk.work_until_idle().await;
    desk.take_letter(DEPARTED);
    desk.finish().await;
}

// ── every page ────────────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn every_page_speaks_both_languages_completely() {
    let desk = Desk::start().await;
    let (number, links) = confirmed(&desk, &desk.visitor("de")).await;
    ask(&desk, &number, "Frage / Question").await;
    desk.take_letter(REQUESTER);
    let paths = [
        "/",
        "/escalations/new",
        "/escalations/sent",
        "/confirmations/x",
        &links.status,
        &links.successor,
        &links.objection,
    ];
    for path in paths {
        let mut titles = Vec::new();
        for language in Language::ALL {
            let page = desk.visitor(language.as_str()).get(path).await;
            assert_eq!(select(&page, &format!("html[lang={}]", language.as_str())).len(), 1, "{path}");
            assert_eq!(select(&page, "h1").len(), 1, "{path}");
            for key in ["intake-", "form-", "layout-", "notice-", "refusal-"] {
                assert!(!page.words().contains(key), "{path} shows a key: {}", page.words());
            }
            titles.push(select(&page, "title"));
            titles.push(select(&page, "main"));
        }
        assert_ne!(titles[1], titles[3], "{path}");
    }
    desk.finish().await;
}
