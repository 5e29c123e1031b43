//! Renders every e-mail template with a sample of what it is given. The text versions are kept as snapshots, so that
//! a change of words is read by somebody; the samples here are the list of fields each template may use.

use handover::{
    case::{check::CheckKind, outcome::Notification},
    lang::{Arguments, Language},
    view::Views,
};
use serde_json::{Value, json};
use strum::VariantArray as _;

use crate::helpers::{
    desk::Desk,
    story::{DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form_with},
};

const LINK: &str = "https://handover.reseller.example/cases/b3Vy-dG9r_ZW4gaW4gdGhlIGxpbmsgaXMgNDMgbG9uZw";

/// One letter: its template folder, a word for the variant, and the fields of its own.
struct Sample {
    notification: &'static str,
    variant: &'static str,
    fields: Value,
}

/// Every variant of every letter to customers.
fn letters() -> Vec<Sample> {
    let sample = |notification, variant, fields| Sample { notification, variant, fields };
    // These go to people who have confirmed nothing: of what was typed, only what was parsed.
    let nobody = |fields: Value| {
        let mut all = json!({
            "recipient_name": "", "company": "", "requester_email": "jonas.weber@nordlicht.example",
            "successor_email": "amelie.roth@nordlicht.example", "licences": ["SEN-12345678", "E-3W8-NHD-V5E-GM7"],
        });
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        all
    };
    let mut samples = vec![
        sample("confirmation_request", "", json!({ "expires_on": "2026-12-03" })),
        sample(
            "confirmation_request",
            "there is a case",
            json!({ "expires_on": "2026-12-03", "existing": "HO-2026-00017" }),
        ),
        sample("confirmation_reminder", "", json!({ "expires_on": "2026-12-03" })),
        sample("confirmation_renewal", "", json!({ "expires_on": "2026-12-03" })),
        sample("case_confirmed", "another person", json!({ "successor_is_requester": false })),
        sample("case_confirmed", "the requester", json!({ "successor_is_requester": true })),
        sample("successor_invitation", "", nobody(json!({}))),
        sample("successor_invitation", "a cloud site", nobody(json!({ "licences": [] }))),
        sample("vouch_request", "", nobody(json!({ "licences": ["SEN-12345678"] }))),
        sample("contact_notice", "first", nobody(json!({ "window_ends_on": "2026-12-07", "attempt": 1 }))),
        sample("contact_notice", "second", nobody(json!({ "window_ends_on": "2026-12-14", "attempt": 2 }))),
        sample("departed_notice", "first", nobody(json!({ "window_ends_on": "2026-12-07", "attempt": 1 }))),
        sample("departed_notice", "second", nobody(json!({ "window_ends_on": "2026-12-14", "attempt": 2 }))),
        sample(
            "question",
            "",
            json!({ "text": "Welche Lizenz ist gemeint?\n\nAuf der Rechnung <2024> stehen zwei." }),
        ),
    ];
    for hosting in ["data_center", "cloud_partner_managed"] {
        samples.push(sample("request_submitted", hosting, json!({ "hosting": hosting })));
    }
    for hosting in ["data_center", "cloud", "cloud_partner_managed"] {
        let successor_name = if hosting == "cloud" { "Maria Muster" } else { "Amélie Roth" };
        let fields = json!({ "hosting": hosting, "successor_name": successor_name });
        samples.push(sample("access_confirmation_request", hosting, fields));
    }
    for outcome in [
        "completed",
        "self_service",
        "rejected",
        "withdrawn",
        "expired",
        "duplicate",
        "declined_by_atlassian",
    ] {
        let text = if outcome == "rejected" { "Die Kontaktperson hat widersprochen." } else { "" };
        samples.push(sample("case_closed", outcome, json!({ "outcome": outcome, "text": text })));
    }
    samples.push(sample("case_reopened", "", json!({})));
    for (case, outcome) in [("dismissed", Value::Null), ("upheld", json!("rejected"))] {
        let fields = json!({ "outcome": outcome, "recipient_name": "" });
        samples.push(sample("objection_answered", case, fields));
    }
    samples
}

/// What every letter is given, together with `fields`.
fn with_common(fields: &Value) -> Value {
    let mut page = json!({
        "recipient_name": "Maria Muster",
        "number": "HO-2026-00042",
        "company": "Nordlicht Maschinenbau GmbH & Co. KG",
        "reseller": "Beispiel Software Partner GmbH",
        "link": LINK,
        "desk_address": "handover@reseller.example",
    });
    page.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    page
}

fn request(changes: &Value) -> Value {
    let mut page = with_common(&json!({
        "hosting": "data_center",
        "entitlements": [
            { "kind": "sen", "value": "SEN-12345678" },
            { "kind": "entitlement_number", "value": "E-3W8-NHD-V5E-GM7" },
        ],
        "customer_number": "K-10042",
        "renews_on": "2027-03-01",
        "departed_name": "Sabine Krüger",
        "departed_email": "sabine.krueger@nordlicht.example",
        "contact_role": "both",
        "departed_on": "2026-10-31",
        "successor_name": "Amélie Roth",
        "successor_email": "amelie.roth@nordlicht.example",
        "requester_name": "Jonas Weber",
        "requester_position": "Head of IT",
        "requester_email": "jonas.weber@nordlicht.example",
        "proofs": CheckKind::VARIANTS.iter().map(proof).collect::<Vec<_>>(),
        "partner_id": "P-104711",
        "staff_name": "Ann Beispiel",
    }));
    page.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    page
}

fn proof(kind: &CheckKind) -> String {
    Language::En.find_text(&format!("proof-{}", kind.as_str()), &Arguments::new()).unwrap()
}

fn views() -> Views {
    Views::try_new(jiff::tz::TimeZone::get("Europe/Berlin").unwrap()).unwrap()
}

fn render(views: &Views, sample: &Sample, language: Language, part: &str) -> String {
    let template = format!("emails/{}/{}.{part}", sample.notification, language.as_str());
    views.render(&template, language, &with_common(&sample.fields)).unwrap()
}

#[test]
fn the_words_of_every_letter_are_the_ones_we_read() {
    let views = views();
    let samples = letters();
    for language in Language::ALL {
        let mut notifications: Vec<_> = samples.iter().map(|sample| sample.notification).collect();
        notifications.dedup();
        for notification in notifications {
            let variants = samples.iter().filter(|sample| sample.notification == notification);
            let text: String = variants
                .map(|sample| {
                    let subject = render(&views, sample, language, "subject");
                    let text = render(&views, sample, language, "txt");
                    format!("════ {}\nSubject: {subject}\n\n{text}\n", sample.variant)
                })
                .collect();
            insta::assert_snapshot!(format!("{notification}.{}", language.as_str()), text);
        }
    }
}

#[test]
fn a_subject_is_one_short_line() {
    let views = views();
    for sample in letters() {
        for language in Language::ALL {
            let subject = render(&views, &sample, language, "subject");
            assert!(subject.chars().count() < 78, "{} {subject:?}", sample.notification);
            assert!(!subject.contains(['\n', '\r', '{']), "{} {subject:?}", sample.notification);
            assert!(subject.contains("HO-2026-00042"), "{} {subject:?}", sample.notification);
        }
    }
}

#[test]
fn the_text_has_short_lines_and_the_link_once_on_a_line_of_its_own() {
    let views = views();
    for sample in letters() {
        for language in Language::ALL {
            let text = render(&views, &sample, language, "txt");
            let place = format!("{} {} {language:?}\n{text}", sample.notification, sample.variant);
            assert_eq!(text.matches("://").count(), 1, "{place}");
            assert_eq!(text.lines().filter(|line| *line == LINK).count(), 1, "{place}");
            assert!(!text.contains("{{") && !text.contains("{%"), "{place}");
            assert!(!text.contains("\n\n\n") && !text.contains("&amp;"), "{place}");
            assert!(!text.starts_with('\n') && text.ends_with('\n') && !text.ends_with("\n\n"), "{place}");
            let long = text.lines().find(|line| *line != LINK && line.chars().count() > 78);
            assert_eq!(long, None, "{place}");
        }
    }
}

#[test]
fn the_html_leads_to_the_same_link_and_nowhere_else() {
    let views = views();
    for sample in letters() {
        for language in Language::ALL {
            let html = render(&views, &sample, language, "html");
            let place = format!("{} {} {language:?}\n{html}", sample.notification, sample.variant);
            let page = scraper::Html::parse_document(&html);
            let all = |selector: &str| {
                let selector = scraper::Selector::parse(selector).unwrap();
                page.select(&selector).map(|found| found.html()).collect::<Vec<_>>()
            };
            assert_eq!(all(&format!(".button a[href='{LINK}']")).len(), 1, "{place}");
            assert_eq!(all(&format!("a[href='{LINK}']")).len(), 2, "button and naked link: {place}");
            assert_eq!(all("a:not([href^='mailto:handover@'])").len(), 2, "{place}");
            assert_eq!(html.matches("://").count(), 3, "{place}");
            assert!(all("img, script, link, iframe, form, [src], [background]").is_empty(), "{place}");
            assert!(!html.contains("url(") && !html.contains("{{") && !html.contains("{%"), "{place}");
            assert_eq!(all(&format!("html[lang={}]", language.as_str())).len(), 1, "{place}");
            assert_eq!(all("h1").len(), 1, "{place}");
        }
    }
}

/// Short words differ, because the sentence that leads to the link does.
#[test]
fn the_html_says_what_the_text_says() {
    let views = views();
    let long_words = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 6);
        words.map(str::to_lowercase).collect::<std::collections::BTreeSet<_>>()
    };
    for sample in letters() {
        for language in Language::ALL {
            let html = scraper::Html::parse_document(&render(&views, &sample, language, "html"));
            let seen = long_words(&html.root_element().text().collect::<Vec<_>>().join(" "));
            let said = long_words(&render(&views, &sample, language, "txt"));
            let missing: Vec<_> = said.difference(&seen).collect();
            assert!(
                missing.is_empty(),
                "{} {} {language:?}: {missing:?}",
                sample.notification,
                sample.variant
            );
        }
    }
}

#[test]
fn a_letter_to_an_unconfirmed_mailbox_repeats_nothing_from_the_form() {
    let views = views();
    let unconfirmed =
        |sample: &Sample| sample.notification == "confirmation_request" || sample.variant == "expired";
    for sample in letters().iter().filter(|sample| unconfirmed(sample)) {
        for (language, part) in
            [Language::De, Language::En].into_iter().flat_map(|l| ["subject", "txt", "html"].map(|p| (l, p)))
        {
            let text = render(&views, sample, language, part);
            assert!(!text.contains("Muster") && !text.contains("Nordlicht"), "{text}");
        }
    }
}

/// What a stranger would have us send: a link, and a name that is a message of three lines.
const HOSTILE: [&str; 3] =
    ["gewinn-abholen.example", "Jetzt https://gewinn-abholen.example", "Sie haben gewonnen"];

#[actix_web::test]
async fn nothing_that_was_typed_reaches_anybody_but_the_requester_who_confirmed() {
    let desk = Desk::start_with("policy.ask_voucher = true\n").await;
    desk.import_register().await;
    let (link, message) = (HOSTILE[1], "Sie haben gewonnen, rufen Sie an: +49 30 23125 999");
    let fields = form_with(&[
        ("requester_name", link),
        ("requester_position", message),
        ("company", link),
        ("customer_number", message),
        ("departed_name", message),
        ("successor_name", link),
        ("explanation", "Jetzt https://gewinn-abholen.example\n\nSie haben gewonnen\nRufen Sie an."),
        ("entitlements", "SEN-10000001\nsen-10000002\ngewinn-abholen.atlassian.net"),
    ]);
    let visitor = desk.visitor("de");
    // A name has one line.
    let three_lines = form_with(&[("successor_name", "Tobias\nSie haben gewonnen\nRauch")]);
    visitor.escalates(&three_lines).await;
    let number = desk.confirmed_case(&visitor, &fields).await;
    // The licences are in the register but for the one made up, so staff let the checks pass.
    let ben = desk.staff("ben", handover::case::actor::Role::Approver).await;
    for check in ["entitlement", "recorded_contact"] {
        let path = format!("checks/{check}");
        ben.does(&number, &path, &[("waive", "1"), ("reason", "Looked up.")]).await.went_well();
    }
    desk.later(1).await;
    let mut others = Vec::new();
    for letter in desk.take_all_letters() {
        if letter.to == REQUESTER {
            continue;
        }
        let all = format!(
            "{}\n{}\n{}\n{}",
            String::from_utf8_lossy(&letter.raw),
            letter.subject,
            letter.text,
            letter.html.as_deref().unwrap_or_default()
        );
        for words in HOSTILE.into_iter().chain(["gewinn-abholen", "23125 999"]) {
            assert!(!all.contains(words), "{words} in the letter to {}: {all}", letter.to);
        }
        assert!(all.contains(&format!("To: {}", letter.to)), "no name in the header either: {all}");
        others.push(letter);
    }
    assert!(others.iter().any(|letter| letter.to == SUCCESSOR), "{others:?}");
    let page = others.iter().find(|letter| letter.to == SUCCESSOR).unwrap().link("successors");
    let page = visitor.get(&page).await.is(200).says(link);
    assert!(page.text.contains("miriam.kessler@<b>nordlicht.example</b>"), "{}", page.text);
    desk.finish().await;
}

#[actix_web::test]
async fn nothing_that_was_typed_reaches_people_on_record() {
    let desk = Desk::start_with("policy.ask_voucher = true\n").await;
    desk.import_register().await;
    let link = HOSTILE[1];
    let fields = form_with(&[
        ("requester_name", link),
        ("company", "Sie haben gewonnen"),
        ("departed_name", link),
        ("successor_name", "Sie haben gewonnen"),
        ("explanation", link),
    ]);
    let visitor = desk.visitor("de");
    desk.confirmed_case(&visitor, &fields).await;
    desk.take_letters(REQUESTER);
    let letters = desk.take_all_letters();
    let mut receivers: Vec<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
    receivers.sort_unstable();
    assert_eq!(receivers, [VOUCHER, DEPARTED, SUCCESSOR]);
    for letter in &letters {
        let html = letter.html.as_deref().unwrap_or_default();
        let all =
            format!("{}\n{}\n{}\n{html}", String::from_utf8_lossy(&letter.raw), letter.subject, letter.text);
        for words in HOSTILE {
            assert!(!all.contains(words), "{words} in the letter to {}: {all}", letter.to);
        }
        assert!(letter.text.lines().next() == Some("Guten Tag,"), "{}", letter.text);
        assert!(letter.text.contains(REQUESTER) && letter.text.contains("SEN-10000001"), "{}", letter.text);
    }
    // Behind the links the names are shown, with the addresses.
    for (to, folder) in [(VOUCHER, "vouchers"), (DEPARTED, "objections"), (SUCCESSOR, "successors")] {
        let letter = letters.iter().find(|letter| letter.to == to).unwrap();
        let page = visitor.get(&letter.link(folder)).await.is(200).says(link);
        assert!(page.text.contains("tobias.rauch@<b>nordlicht.example</b>"), "{}", page.text);
        assert!(page.text.contains("miriam.kessler@<b>nordlicht.example</b>"), "{}", page.text);
    }
    desk.finish().await;
}

#[actix_web::test]
async fn what_reaches_an_unconfirmed_mailbox_repeats_nothing_in_its_headers_either() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("de");
    visitor.escalates(&form_with(&[("requester_name", "Gewinnspiel Sieger")])).await.went_well();
    desk.work_until_idle().await;
    let letter = String::from_utf8(desk.take_letter(REQUESTER).raw).unwrap();
    assert!(letter.contains(&format!("To: {REQUESTER}")), "{letter}");
    assert!(!letter.contains("Gewinnspiel") && !letter.contains("Nordlicht"), "{letter}");
    desk.finish().await;
}

#[test]
fn what_people_typed_is_text_in_html() {
    let views = views();
    let hostile = "<img src=x onerror=alert(1)>\n\"'&</p>";
    for sample in letters() {
        let mut page = with_common(&sample.fields);
        for field in
            ["recipient_name", "company", "requester_name", "departed_name", "successor_name", "text"]
        {
            page[field] = json!(hostile);
        }
        for language in Language::ALL {
            let template = format!("emails/{}/{}.html", sample.notification, language.as_str());
            let html = views.render(&template, language, &page).unwrap();
            assert!(!html.contains("<img") && !html.contains("&</p>"), "{template}: {html}");
        }
    }
}

#[test]
fn the_companys_particulars_stand_below_when_there_are_some() {
    let views = views();
    let imprint = "Amtsgericht Musterstadt, HRB 4711\nGeschäftsführung: Erika Beispiel";
    for sample in letters() {
        let mut page = with_common(&sample.fields);
        page["imprint"] = json!(imprint);
        for (part, line_end) in [("txt", "\n"), ("html", "<br>")] {
            let template = format!("emails/{}/de.{part}", sample.notification);
            let letter = views.render(&template, Language::De, &page).unwrap();
            assert!(letter.contains(&imprint.replace('\n', line_end)), "{letter}");
        }
    }
    let page = request(&json!({ "imprint": imprint }));
    let letter = to_atlassian(&views, "atlassian_request", &page);
    assert!(letter.trim_end().ends_with(imprint), "{letter}");
}

/// Opening, facts and closing, put together as a draft is.
fn to_atlassian(views: &Views, folder: &str, page: &Value) -> String {
    let part =
        |part: &str| views.render(&format!("emails/{folder}/en.{part}.txt"), Language::En, page).unwrap();
    let facts = part("facts");
    let facts = facts.trim_matches('\n').trim_end();
    assert!(facts.starts_with("  "), "the facts are a table: {facts}");
    format!("{}\n\n{facts}\n\n{}\n", part("opening").trim(), part("closing").trim())
}

#[test]
fn the_request_to_atlassian_is_a_plain_letter() {
    let views = views();
    let nothing_optional = json!({
        "customer_number": "", "requester_position": "", "renews_on": "", "departed_on": "", "contact_role": "technical", "hosting": "cloud",
        "company": "Gesellschaft für außerordentlich lange Firmennamen im Maschinenbau mbH & Co. KG",
        "entitlements": [{ "kind": "site", "value": "nordlicht.atlassian.net" }],
    });
    let mut letters = String::new();
    for changes in [json!({}), nothing_optional] {
        let page = request(&changes);
        let subject = views.render("emails/atlassian_request/en.subject", Language::En, &page).unwrap();
        let text = to_atlassian(&views, "atlassian_request", &page);
        assert!(subject.chars().count() < 78 && !subject.contains('\n'), "{subject:?}");
        assert!(!text.contains("://"), "a link of ours must never reach Atlassian: {text}");
        assert!(!text.contains("\n\n\n") && !text.contains("&amp;"), "{text}");
        letters += &format!("════\nSubject: {subject}\n\n{text}\n");
    }
    insta::assert_snapshot!("atlassian_request.en", letters);
}

#[test]
fn a_follow_up_says_why_it_is_written() {
    let views = views();
    let mut letters = String::new();
    for (occasion, last_on, ticket) in [
        ("silence", None, None),
        ("silence", Some("2026-06-16"), Some("CA-1234567")),
        ("question", None, None),
        ("no_access", None, None),
    ] {
        let subject = "Contact change request: Nordlicht Maschinenbau GmbH (HO-2026-00042)";
        let before = json!({
            "occasion": occasion, "first_on": "2026-06-09", "last_on": last_on, "subject": subject, "ticket": ticket,
        });
        let page = request(&json!({ "before": before }));
        let subject = views.render("emails/atlassian_follow_up/en.subject", Language::En, &page).unwrap();
        let text = to_atlassian(&views, "atlassian_follow_up", &page);
        assert!(subject.chars().count() < 78 && !subject.contains('\n'), "{subject:?}");
        assert!(!text.contains("://") && !text.contains("\n\n\n") && !text.contains("&amp;"), "{text}");
        letters += &format!("════\nSubject: {subject}\n\n{text}\n");
    }
    insta::assert_snapshot!("atlassian_follow_up.en", letters);
}

/// Which also finds a template whose sample was forgotten, and a notification without templates.
#[test]
fn every_notification_has_its_templates_and_there_are_no_others() {
    let mut expected = vec!["emails/layout.html".to_owned(), "emails/layout.txt".to_owned()];
    let read: Vec<_> = letters().iter().map(|sample| sample.notification).collect();
    for notification in Notification::VARIANTS {
        let folder = notification.as_str();
        let parts = if notification.is_to_atlassian() {
            &["en.closing.txt", "en.facts.txt", "en.opening.txt", "en.subject"][..]
        } else {
            assert!(read.contains(&folder), "{folder} has no sample here");
            &["de.html", "de.subject", "de.txt", "en.html", "en.subject", "en.txt"]
        };
        expected.extend(parts.iter().map(|part| format!("emails/{folder}/{part}")));
    }
    // What an operator sends to see whether mail works, and what goes to staff, is no letter of a case.
    for folder in ["delivery_test", "staff_news"] {
        expected.extend(
            ["de.subject", "de.txt", "en.subject", "en.txt"].map(|part| format!("emails/{folder}/{part}")),
        );
    }
    // Nor is what goes to somebody who has none; the stories in tests/it/prepared.rs read these.
    for folder in handover::casework::caseless_letters() {
        expected.extend(
            ["de.html", "de.subject", "de.txt", "en.html", "en.subject", "en.txt"]
                .map(|part| format!("emails/{folder}/{part}")),
        );
    }
    let mut found = views().names();
    found.retain(|name| name.starts_with("emails/"));
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}
