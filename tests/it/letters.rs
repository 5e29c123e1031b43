//! Renders every e-mail with a sample of what it is given (`demo/letters.json`). The text versions are kept as snapshots, so that
//! a change of words is read by somebody.

use handover::{
    case::{check::CheckKind, outcome::Notification},
    config::Settings,
    demo::letters::{Kind, Samples, Shape, Variant, Written},
    lang::{Arguments, Language},
    view::Views,
};
use serde_json::{Map, Value, json};
use strum::VariantArray as _;

use crate::helpers::{
    desk::Desk,
    letter::views_with,
    story::{DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form_with},
};

const LINK: &str = "https://handover.reseller.example/cases/b3Vy-dG9r_ZW4gaW4gdGhlIGxpbmsgaXMgNDMgbG9uZw";
const CHECK_LINK: &str = "https://handover.reseller.example/mail-checks";
const PRIVACY: &str = "https://www.reseller.example/privacy";

/// One letter as it would be written.
struct Sample {
    kind: Kind,
    variant: Variant,
    language: Language,
    written: Written,
}

impl Sample {
    /// For the message of a failing test.
    fn place(&self) -> String {
        format!("{} {} {:?}\n{}", self.kind.kind, self.variant.word, self.language, self.written.text)
    }

    fn unsubscribe_link(&self) -> Option<&str> {
        self.variant.fields.get("unsubscribe_link")?.as_str()
    }

    fn html(&self) -> &str {
        self.written.html.as_deref().unwrap()
    }

    fn languages(&self) -> Vec<Language> {
        if self.kind.shape() == Shape::ForAnybody { Language::ALL.into() } else { vec![self.language] }
    }
}

fn views() -> Views {
    views_with("")
}

/// A code is made of the id of an e-mail; here it is one and the same.
fn seal() -> Value {
    json!({ "code": "K7QMA-2RTX9", "check_link": CHECK_LINK })
}

/// Every variant of every letter with HTML, each with `change` done to what it is given.
fn letters_with(change: impl Fn(&mut Map<String, Value>)) -> Vec<Sample> {
    let (views, samples) = (views(), Samples::read().unwrap());
    let seal = serde_json::from_value(seal()).unwrap();
    let mut letters = Vec::new();
    for kind in &samples.kinds {
        for variant in &kind.variants {
            let mut page = samples.page(variant);
            change(&mut page);
            for language in kind.versions() {
                let written = kind.write(&views, *language, &page, &seal).unwrap();
                let (kind, variant) = (kind.clone(), variant.clone());
                letters.push(Sample { kind, variant, language: *language, written });
            }
        }
    }
    letters
}

/// To people.
fn letters() -> Vec<Sample> {
    letters_with(|_| {}).into_iter().filter(|letter| letter.written.html.is_some()).collect()
}

fn request(changes: &Value) -> Value {
    let samples = Samples::read().unwrap();
    let kind = samples.kinds.iter().find(|kind| kind.kind == "atlassian_request").unwrap();
    let mut page = Value::Object(samples.page(&kind.variants[0]));
    page["proofs"] = CheckKind::VARIANTS.iter().map(proof).collect::<Vec<_>>().into();
    page.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    page
}

fn proof(kind: &CheckKind) -> String {
    Language::En.find_text(&format!("proof-{}", kind.as_str()), &Arguments::new()).unwrap()
}

#[test]
fn the_words_of_every_letter_are_the_ones_we_read() {
    let letters = letters();
    let mut kinds: Vec<(&str, Language)> =
        letters.iter().map(|letter| (letter.kind.kind.as_str(), letter.language)).collect();
    kinds.sort_unstable_by_key(|(kind, language)| (*kind, language.as_str()));
    kinds.dedup();
    for (kind, language) in kinds {
        let variants =
            letters.iter().filter(|letter| letter.kind.kind == kind && letter.language == language);
        let text: String = variants
            .map(|letter| {
                let Written { subject, text, .. } = &letter.written;
                format!("════ {}\nSubject: {subject}\n\n{text}\n", letter.variant.word)
            })
            .collect();
        insta::assert_snapshot!(format!("{kind}.{}", language.as_str()), text);
    }
}

#[test]
fn a_subject_is_one_line_and_names_the_case() {
    for letter in letters() {
        let subject = &letter.written.subject;
        // Of both languages, the first is what a phone shows.
        let first = subject.split(" / ").next().unwrap();
        assert!(
            first.chars().count() < 78 && subject.chars().count() < 150,
            "{subject:?} {}",
            letter.place()
        );
        assert!(!subject.contains(['\n', '\r', '{']), "{subject:?}");
        let number = if letter.variant.fields.get("number").is_some() { 0 } else { 1 };
        assert_eq!(subject.matches("HO-2026-00042").count(), number, "{subject:?} {}", letter.place());
        assert_eq!(subject.contains(" / "), letter.languages().len() == 2, "{subject:?}");
    }
}

#[test]
fn the_text_has_short_lines_and_each_link_on_a_line_of_its_own() {
    for letter in letters() {
        let (text, place, languages) = (&letter.written.text, letter.place(), letter.languages().len());
        let lines = |wanted: &str| text.lines().filter(|line| *line == wanted).count();
        assert_eq!(lines(LINK), languages, "the link, once for each language: {place}");
        assert_eq!(lines(CHECK_LINK), languages, "{place}");
        assert_eq!(lines(PRIVACY), languages, "{place}");
        // Where a mail can be unsubscribed from, its address has a line of its own, too.
        let unsubscribe = letter.unsubscribe_link();
        let all = 3 + usize::from(unsubscribe.is_some());
        assert_eq!(text.matches("://").count(), all * languages, "and nowhere else: {place}");
        assert!(unsubscribe.is_none_or(|link| lines(link) == languages), "{place}");
        assert_eq!(text.matches("K7QMA-2RTX9").count(), languages, "{place}");
        assert!(!text.contains("{{") && !text.contains("{%"), "{place}");
        assert!(!text.contains("\n\n\n") && !text.contains("&amp;"), "{place}");
        assert!(!text.starts_with('\n') && text.ends_with('\n') && !text.ends_with("\n\n"), "{place}");
        assert_eq!(text.matches("\n-- \n").count(), 1, "one signature, which programs fold: {place}");
        let links = [LINK, CHECK_LINK, PRIVACY, unsubscribe.unwrap_or_default()];
        let long = text.lines().find(|line| !links.contains(line) && line.chars().count() > 78);
        assert_eq!(long, None, "{place}");
    }
}

#[test]
fn the_html_leads_to_the_same_links_and_nowhere_else() {
    for letter in letters() {
        let (html, place) = (letter.html(), letter.place());
        let page = scraper::Html::parse_document(html);
        assert!(page.errors.is_empty(), "{:?} {place}", page.errors);
        let all = |selector: &str| {
            let selector = scraper::Selector::parse(selector).unwrap();
            page.select(&selector).map(|found| found.html()).collect::<Vec<_>>()
        };
        let languages = letter.languages();
        let each = languages.len();
        assert_eq!(all(&format!(".button a[href='{LINK}']")).len(), each, "{place}");
        assert_eq!(all(&format!("a[href='{LINK}']")).len(), 2 * each, "button and naked link: {place}");
        assert_eq!(all(&format!("a[href='{CHECK_LINK}']")).len(), each, "{place}");
        assert_eq!(all(&format!("a[href='{PRIVACY}']")).len(), each, "{place}");
        assert_eq!(all("a[href='tel:+493023125100']").len(), each, "{place}");
        let more = usize::from(letter.unsubscribe_link().is_some());
        assert_eq!(all("a:not([href^='mailto:handover@'])").len(), (5 + more) * each, "{place}");
        assert_eq!(html.matches("://").count(), (7 + 2 * more) * each, "{place}");
        assert!(all("img, script, link, iframe, form, [src], [background]").is_empty(), "{place}");
        assert!(!html.contains("url(") && !html.contains("{{") && !html.contains("{%"), "{place}");
        assert_eq!(all(&format!("html[lang={}]", languages[0].as_str())).len(), 1, "{place}");
        for language in &languages {
            assert_eq!(all(&format!("td[lang={}]", language.as_str())).len(), 1, "{place}");
        }
        assert_eq!(all("h1").len(), 1, "{place}");
        assert_eq!(all("table").len(), all("table[role=presentation]").len(), "{place}");
        assert!(html.len() < 60_000, "Gmail cuts what is longer than 102 kB: {} {place}", html.len());
    }
}

/// Short words differ, because the sentence that leads to the link does. Numbers, dates and addresses do not.
#[test]
fn the_html_says_what_the_text_says() {
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let long = words.filter(|word| {
            // The numbers of a list are the list's own in HTML.
            word.chars().count() > 6 || word.len() > 1 && word.contains(|c: char| c.is_ascii_digit())
        });
        long.map(str::to_lowercase).collect::<std::collections::BTreeSet<_>>()
    };
    for letter in letters() {
        let html = scraper::Html::parse_document(letter.html());
        let body = html.select(&scraper::Selector::parse("table").unwrap()).next().unwrap();
        let seen = words(&body.text().collect::<Vec<_>>().join(" "));
        let said = words(&letter.written.text);
        let missing: Vec<_> = said.difference(&seen).collect();
        assert!(missing.is_empty(), "not in the HTML: {missing:?} {}", letter.place());
        // Beside what leads to the button, the text leaves nothing out.
        let is_number = |word: &&String| word.contains(|c: char| c.is_ascii_digit());
        let unsaid: Vec<_> = seen.difference(&said).filter(is_number).collect();
        assert!(unsaid.is_empty(), "not in the text: {unsaid:?} {}", letter.place());
    }
}

/// Whoever reads two languages is told nothing in the one that is not in the other.
#[test]
fn both_languages_of_a_letter_have_the_same_numbers() {
    for letter in letters().iter().filter(|letter| letter.languages().len() == 2) {
        let page = scraper::Html::parse_document(letter.html());
        let numbers = |language: &str| {
            let selector = scraper::Selector::parse(&format!("[lang={language}]")).unwrap();
            let parts = page.select(&selector).filter(|part| part.value().name() != "html");
            let text = parts.flat_map(|part| part.text()).collect::<Vec<_>>().join(" ");
            let mut numbers: Vec<String> = text
                .split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| word.contains(|c: char| c.is_ascii_digit()))
                .map(str::to_owned)
                .collect();
            numbers.sort();
            numbers
        };
        assert_eq!(numbers("de"), numbers("en"), "{}", letter.place());
    }
}

#[test]
fn a_letter_to_an_unconfirmed_mailbox_repeats_nothing_from_the_form() {
    let unconfirmed =
        |letter: &&Sample| letter.kind.kind == "confirmation_request" || letter.variant.word == "expired";
    for letter in letters().iter().filter(unconfirmed) {
        let all = format!("{}{}{}", letter.written.subject, letter.written.text, letter.html());
        assert!(!all.contains("Muster") && !all.contains("Nordlicht"), "{all}");
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
        let greetings: Vec<&str> = letter
            .text
            .lines()
            .map(str::trim)
            .filter(|line| ["Guten Tag,", "Hello,"].contains(line))
            .collect();
        assert_eq!(greetings, ["Guten Tag,", "Hello,"], "{}", letter.text);
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
    let hostile = "<img src=x onerror=alert(1)>\n\"'&</p>";
    let typed = ["recipient_name", "company", "requester_name", "departed_name", "successor_name", "text"];
    let letters = letters_with(|page| {
        page.extend(typed.map(|field| (field.to_owned(), json!(hostile))));
    });
    for letter in letters.iter().filter(|letter| letter.written.html.is_some()) {
        let html = letter.html();
        assert!(!html.contains("<img") && !html.contains("&</p>"), "{}: {html}", letter.place());
    }
}

/// Colleagues know whom to call.
const TO_STAFF: [&str; 7] = [
    "staff_news",
    "second_factor_news",
    "staff_invitation",
    "password_link",
    "password_changed",
    "account_changed",
    "log_head",
];

/// The law wants the particulars below business letters; whoever is not sure who writes wants a number to call.
#[test]
fn every_letter_says_whose_it_is() {
    let imprint = Settings::with("").unwrap().mail.imprint;
    for letter in letters_with(|_| {}) {
        let text = &letter.written.text;
        let is_to_people =
            !TO_STAFF.contains(&letter.kind.kind.as_str()) && letter.kind.shape() != Shape::ToAtlassian;
        // What goes to Atlassian is given it with the rest of the draft.
        if letter.kind.shape() != Shape::ToAtlassian {
            assert_eq!(text.matches(&imprint).count(), 1, "{}", letter.place());
        }
        if !is_to_people {
            continue;
        }
        let html = letter.written.html.as_deref();
        let (in_text, in_html) = (imprint.clone(), imprint.replace('\n', "<br>"));
        assert!(html.is_none_or(|html| html.matches(&in_html).count() == 1), "{}", letter.place());
        for (words, phone, imprint) in [
            Some((text.as_str(), "+49 30 23125 100", in_text)),
            html.map(|html| (html, "tel:+493023125100", in_html)),
        ]
        .into_iter()
        .flatten()
        {
            for said in ["Beispiel Software Partner GmbH", phone, "17:00", PRIVACY, &imprint] {
                assert!(words.contains(said), "{said} is not in {}", letter.place());
            }
        }
    }
    let page = request(&json!({ "imprint": imprint }));
    let letter = to_atlassian(&views(), "atlassian_request", &page);
    assert!(letter.trim_end().ends_with(&imprint), "{letter}");
}

/// Stops whoever gets markup into the configuration, and shows that what is not offered leaves no gap.
#[test]
fn the_face_of_a_letter_is_text_in_colours_that_were_read() {
    let samples = Samples::read().unwrap();
    let seal = serde_json::from_value(seal()).unwrap();
    let kind = samples.kinds.iter().find(|kind| kind.kind == "departed_notice").unwrap();
    let write = |face: &str| {
        let page = samples.page(&kind.variants[0]);
        let written = kind.write(&views_with(face), Language::De, &page, &seal).unwrap();
        (written.text, written.html.unwrap())
    };
    let (text, html) = write(
        "reseller.name = \"<b>A</b> & \\\"B\\\"\"\nreseller.accent = \"#8a2be2\"\nreseller.address = \"<i>1</i>\"",
    );
    assert!(text.contains("<b>A</b> & \"B\"\n<i>1</i>"), "{text}");
    assert!(html.contains("&lt;b&gt;A&lt;") && !html.contains("<b>A") && !html.contains("<i>1"), "{html}");
    assert!(html.contains("bgcolor=\"#8a2be2\"") && !html.contains("#0a5e59"), "{html}");
    let (text, html) = write(
        "http.privacy_url = \"\"\nmail.imprint = \"\"\n[reseller]\nphone = \"\"\nhours = \"\"\naddress = \"\"",
    );
    assert!(!text.contains("\n\n\n") && !text.contains("Telefon") && !html.contains("tel:"), "{text}");
    assert!(text.trim_end().ends_with(CHECK_LINK), "{text}");
}

/// A colour that stands in a template is that of the example, whoever the reseller is.
#[test]
fn every_letter_is_in_the_colours_of_its_reseller() {
    let samples = Samples::read().unwrap();
    let seal = serde_json::from_value(seal()).unwrap();
    let views = views_with("reseller.accent = \"#8a2be2\"");
    for kind in &samples.kinds {
        for (variant, language) in kind.variants.iter().zip(kind.versions().iter().cycle()) {
            let written = kind.write(&views, *language, &samples.page(variant), &seal).unwrap();
            let html = written.html.unwrap_or_default();
            assert!(!html.contains("#0a5e59"), "{}: {html}", kind.kind);
        }
    }
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
    let mut expected: Vec<String> = ["foot", "frame", "layout"]
        .iter()
        .flat_map(|name| ["html", "txt"].map(|end| format!("emails/{name}.{end}")))
        .collect();
    let samples = Samples::read().unwrap();
    for kind in &samples.kinds {
        let parts = match kind.shape() {
            Shape::ToAtlassian => &["en.closing.txt", "en.facts.txt", "en.opening.txt", "en.subject"][..],
            Shape::Plain => &["de.subject", "de.txt", "en.subject", "en.txt"],
            Shape::Letter | Shape::ForAnybody => {
                &["de.html", "de.subject", "de.txt", "en.html", "en.subject", "en.txt"]
            }
        };
        expected.extend(parts.iter().map(|part| format!("emails/{}/{part}", kind.kind)));
    }
    let mut found = views().names();
    found.retain(|name| name.starts_with("emails/"));
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    let mut written: Vec<&str> = samples.kinds.iter().map(|kind| kind.kind.as_str()).collect();
    let mut known: Vec<&str> =
        Notification::VARIANTS.iter().map(|notification| notification.as_str()).collect();
    // What goes to somebody without a case, to staff, and to see whether mail works at all.
    known.extend(handover::casework::caseless_letters());
    known.extend(["staff_news", "second_factor_news", "delivery_test"]);
    known.extend(["staff_invitation", "password_link", "password_changed", "account_changed", "log_head"]);
    written.sort_unstable();
    known.sort_unstable();
    assert_eq!(written, known, "demo/letters.json has a sample of each kind of e-mail");
}
