//! The reseller's face on a running server: its files and how they are kept, a name that is markup, and the language of whoever asks
//! for none. That every page and every e-mail carries it, `pages` and `letters` look.

use handover::case::actor::Role;
use tempfile::TempDir;

use crate::helpers::{
    command::{handover, text},
    desk::Desk,
    story::{REQUESTER, SUCCESSOR, form, form_with},
};

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 90 30\"><rect width=\"90\" height=\"30\"/></svg>";

/// What a page asks for that begins with this.
fn asked(page: &str, beginning: &str) -> String {
    let (_, rest) = page.split_once(beginning).unwrap_or_else(|| panic!("no {beginning} in {page}"));
    format!("{beginning}{}", rest.split('"').next().unwrap())
}

#[actix_web::test]
async fn the_files_of_the_face_are_kept_by_browsers_and_can_do_nothing() {
    let folder = TempDir::new().unwrap();
    let logo = folder.path().join("logo.svg");
    std::fs::write(&logo, LOGO).unwrap();
    let settings = format!(
        "reseller.logo = {logo:?}\nreseller.accent = \"#1d5691\"\nreseller.accent_dark = \"#8dbdf0\"\nreseller.name = \"<b>A</b> & \\\"B\\\"\"",
    );
    let desk = Desk::start_with(&settings).await;
    let visitor = desk.visitor("de");
    let page = visitor.get("/").await.is(200).says("<b>A</b> & \"B\"");
    assert!(!page.text.contains("<b>A</b>") && page.text.contains("data-plate"), "{}", page.text);

    let sheet = asked(&page.text, "/brand/look-");
    let answer = visitor.fetch(&sheet).await;
    let header = |answer: &reqwest::Response, name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header(&answer, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&answer, "content-type"), "text/css; charset=utf-8");
    let colours = answer.text().await.unwrap();
    assert!(colours.contains("--accent:#1d5691") && colours.contains("--accent:#8dbdf0"), "{colours}");

    let path = asked(&page.text, "/brand/logo-");
    let answer = visitor.fetch(&path).await;
    assert_eq!(header(&answer, "content-type"), "image/svg+xml");
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    let policy = header(&answer, "content-security-policy");
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
    assert_eq!(answer.text().await.unwrap(), LOGO);
    // A page that another process made, with other settings, is not left without colours; and nobody keeps the stopgap.
    let other = visitor.fetch("/brand/look-0000000000000000.css").await;
    assert_eq!(header(&other, "cache-control"), "no-store");
    assert_eq!(other.text().await.unwrap(), colours);
    for nothing in
        ["/brand/look.css", "/brand/..%2F..%2Fetc%2Fpasswd", "/brand/logo-dark-0000.svg", "/brand/"]
    {
        assert_eq!(visitor.fetch(nothing).await.status().as_u16(), 404, "{nothing}");
    }

    // The sender's name is the other key's; the letter's is this one's, in no header.
    visitor.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(REQUESTER);
    assert!(letter.text.contains("<b>A</b> & \"B\""), "{}", letter.text);
    let raw = String::from_utf8_lossy(&letter.raw);
    let from = raw.lines().find(|line| line.starts_with("From:")).unwrap();
    assert!(from.contains("Beispiel Software Partner GmbH"), "{from}");
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_asks_for_no_language_of_ours_gets_the_configured_one() {
    for language in ["de", "en"] {
        let desk = Desk::start_with(&format!("language = \"{language}\"")).await;
        desk.import_register().await;
        let visitor = desk.visitor("en");
        for (accept, wanted) in
            [("fr", language), ("ja;q=0.9, *;q=0.1", language), ("", language), ("en", "en"), ("de-AT", "de")]
        {
            let answer = visitor.fetch_with("/", &[("accept-language", accept)]).await;
            assert_eq!(answer.headers()["content-language"], wanted, "{accept:?}");
        }
        // Of whoever is written to unasked, nobody knows the language: both, that one first.
        desk.confirmed_case(&desk.visitor("de"), &form_with(&[])).await;
        let letter = desk.take_letter(SUCCESSOR);
        let both = if language == "de" { "de, en" } else { "en, de" };
        assert_eq!(letter.header("Content-Language").as_deref(), Some(both));
        let (german, english) = (letter.text.find("Guten Tag").unwrap(), letter.text.find("Hello").unwrap());
        assert_eq!(german < english, language == "de", "{}", letter.text);
        desk.take_all_letters();
        desk.finish().await;
    }
}

#[actix_web::test]
async fn staff_see_the_face_small_and_the_program_beside_it_and_what_was_set() {
    let desk = Desk::start_with("reseller.accent = \"#1d5691\"\nreseller.phone = \"+43 1 5880000\"").await;
    let ann = desk.staff("ann", Role::Admin).await;
    let page = ann.get("/desk/cases").await.is(200);
    assert!(page.text.contains("<span class=\"brand__what\">Handover</span>"), "{}", page.text);
    ann.get("/desk/administration/policy")
        .await
        .is(200)
        .says("reseller.accent")
        .says("#1d5691")
        .says("+43 1 5880000");
    desk.finish().await;
}

/// At the start, all at once, with the ratio that was found and a colour that would do.
#[test]
fn a_face_that_can_not_be_shown_stops_the_start() {
    let data = TempDir::new().unwrap();
    let logo = data.path().join("logo.svg");
    std::fs::write(&logo, LOGO.replace("<rect", "<script>alert(1)</script><rect")).unwrap();
    let refused = handover(data.path())
        .env("HANDOVER__RESELLER__LOGO", &logo)
        .env("HANDOVER__RESELLER__ACCENT", "#ffcc00")
        .env("HANDOVER__RESELLER__PHONE", "0800 12345")
        .env("HANDOVER__MAIL__FROM_NAME", "A\nBcc: eve@evil.example")
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused));
    let words = text(&refused);
    for said in [
        "<script> in line 1",
        "reseller.accent #ffcc00 has a contrast of 1.",
        "4.5:1",
        "would do",
        "reseller.phone is no number",
        "mail.from_name has a line break",
    ] {
        assert!(words.contains(said), "{said} is not in {words}");
    }
    assert!(!data.path().join("postgres").exists(), "nothing was started");
}
