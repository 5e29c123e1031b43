//! Who learns of a step by mail, who does not, and how it looks: one story for each letter that others wait for, what no side
//! learns of the other, and every letter in a real browser.

use handover::{
    case::actor::Role,
    demo::letters::{Samples, Shape},
    lang::Language,
};
use serde_json::json;

use crate::helpers::{
    browser::Browser,
    desk::Desk,
    inbound::bounce,
    letter::{Letter, views_with},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form, letter_as_pdf},
};

fn subjects(letters: &[Letter]) -> Vec<(&str, &str)> {
    letters.iter().map(|letter| (letter.to.as_str(), letter.subject.as_str())).collect()
}

/// Who got one with these words in its subject, in alphabetical order.
fn receivers<'a>(letters: &'a [Letter], words: &str) -> Vec<&'a str> {
    let mut to: Vec<&str> = letters
        .iter()
        .filter(|letter| letter.subject.contains(words))
        .map(|letter| letter.to.as_str())
        .collect();
    to.sort_unstable();
    to
}

#[actix_web::test]
async fn the_requester_hears_that_nothing_is_missing_once() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (visitor, ann) = (desk.visitor("de"), desk.staff("ann", Role::Agent).await);
    let number = desk.confirmed_case(&visitor, &form()).await;
    let link = desk.take_letter(SUCCESSOR).link("successors");
    desk.take_all_letters();
    visitor.post(&link, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "verifying");
    assert_eq!(subjects(&desk.take_all_letters()), [], "the contact can still object");
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "verified");
    let letter = desk.take_letter(REQUESTER);
    assert_eq!(letter.subject, format!("Wir haben alles, was wir brauchen ({number})"));
    assert_eq!(letter.header("Content-Language").as_deref(), Some("de"), "the language of the form");
    visitor.get(&letter.link("cases")).await.is(200);
    // Another proof, a draft, and its return change nothing about it.
    ann.drafts(&number).await;
    let ben = desk.staff("ben", Role::Approver).await;
    ben.does(&number, "draft/return", &[("reason", "Name the role.")]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "verified");
    desk.finish().await;
}

#[actix_web::test]
async fn the_new_contact_hears_when_atlassian_is_asked_and_when_it_is_over() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let (number, ann, _) = desk.submitted_case(&visitor).await;
    assert_eq!(subjects(&desk.take_all_letters()), [], "it has not left yet");
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    desk.take_letter(REQUESTER);
    let briefing = desk.take_letter(SUCCESSOR);
    assert_eq!(
        briefing.subject,
        format!(
            "Bitte achten Sie jetzt auf E-Mails zu den Atlassian-Lizenzen / Please look out for e-mails about the licences ({number})"
        )
    );
    assert_eq!(
        briefing.header("Content-Language").as_deref(),
        Some("de, en"),
        "nobody knows which they read"
    );
    assert!(briefing.text.contains("Guten Tag,") && briefing.text.contains("Hello,"), "{}", briefing.text);
    visitor.get(&briefing.link("successors")).await.is(200);

    ann.does(&number, "answer", &[("answer", "done"), ("note", "Done.")]).await.went_well();
    desk.work_until_idle().await;
    let status = desk.take_letter(REQUESTER).link("cases");
    visitor.post(&format!("{status}/access-confirmation"), &[("access", "yes")]).await.went_well();
    desk.new_contact_says(&visitor, "yes").await;
    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "closed");
    let ends = desk.take_all_letters();
    assert_eq!(receivers(&ends, "Sie sind jetzt Kontaktperson"), [SUCCESSOR], "{:?}", subjects(&ends));
    assert_eq!(receivers(&ends, "The contact change is complete"), [DEPARTED]);
    assert_eq!(receivers(&ends, "Ihr Vorgang"), [REQUESTER]);
    assert_eq!(ends.len(), 3, "{:?}", subjects(&ends));
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_objects_gets_a_receipt_and_the_requester_learns_nothing_of_it() {
    let desk = Desk::start_with("policy.notify = \"all\"\n").await;
    desk.import_register().await;
    let (visitor, ben) = (desk.visitor("de"), desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&visitor, &form()).await;
    let others = desk.take_letter(VOUCHER).link("objections");
    desk.take_all_letters();

    // Somebody else on record, whose role would not even change, objects by their own link.
    visitor.post(&others, &[("note", "Petra is here.")]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.state(&number).await, "contested");
    let receipt = desk.take_letter(VOUCHER);
    assert!(receipt.subject.starts_with("Ihr Widerspruch ist angekommen / We have received your objection"));
    for words in ["Petra is here", "Kessler", REQUESTER, "Nordlicht"] {
        assert!(!receipt.text.contains(words), "{words}: {}", receipt.text);
    }
    visitor.get(&receipt.link("objections")).await.is(200);
    desk.later(24).await;
    assert_eq!(subjects(&desk.take_all_letters()), [], "nobody else hears of it, at whatever time");

    // They hear what was decided, too.
    ben.does(&number, "objection", &[("ruling", "dismissed"), ("reason", "She left in May.")])
        .await
        .went_well();
    desk.work_until_idle().await;
    let answers = desk.take_all_letters();
    assert_eq!(
        receivers(&answers, "We have looked at your objection"),
        [VOUCHER],
        "{:?}",
        subjects(&answers)
    );
    assert_eq!(receivers(&answers, ""), [VOUCHER], "{:?}", subjects(&answers));
    desk.finish().await;
}

#[actix_web::test]
async fn the_end_is_told_to_whom_the_beginning_was() {
    let desk = Desk::start_with("policy.notify = \"all\"\n").await;
    desk.import_register().await;
    let (visitor, ben) = (desk.visitor("de"), desk.staff("ben", Role::Approver).await);

    // The departed contact objected and is told so by the decision; the other one, who was written to, by a letter of the end.
    let number = desk.confirmed_case(&visitor, &form()).await;
    let objection = desk.take_letter(DEPARTED).link("objections");
    desk.take_all_letters();
    visitor.post(&objection, &[]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(subjects(&desk.take_all_letters()).len(), 1, "the receipt");
    ben.does(&number, "objection", &[("ruling", "upheld"), ("reason", "She is there.")]).await.went_well();
    desk.work_until_idle().await;
    let ends = desk.take_all_letters();
    assert_eq!(receivers(&ends, "is not being pursued"), [VOUCHER], "{:?}", subjects(&ends));
    assert_eq!(receivers(&ends, "Widerspruch ist geprüft"), [DEPARTED]);
    assert_eq!(receivers(&ends, "wurde geschlossen"), [REQUESTER]);
    assert_eq!(ends.len(), 3);
    let told = ends.iter().find(|letter| letter.to == VOUCHER).unwrap();
    for words in ["Widerspr", "widersprochen", "objected", "objection ", "She is there", "Abend", REQUESTER] {
        assert!(!told.text.contains(words), "no side is told of another: {words} in {}", told.text);
    }
    visitor.get(&told.link("objections")).await.is(200);

    // A mailbox that does not exist gets no more.
    let second = desk.confirmed_case(&visitor, &form()).await;
    let letters = desk.take_all_letters();
    let notice = letters.iter().find(|letter| letter.to == DEPARTED).unwrap();
    desk.receives(&bounce(&notice.return_path, DEPARTED, None)).await.is_filed_from("mail_server");
    desk.work_until_idle().await;
    let status =
        letters.iter().find(|letter| letter.subject.contains("So geht es weiter")).unwrap().link("cases");
    visitor.post(&format!("{status}/withdrawal"), &[]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.state(&second).await, "closed");
    let ends = desk.take_all_letters();
    assert_eq!(receivers(&ends, "is not being pursued"), [VOUCHER], "{:?}", subjects(&ends));
    assert!(
        !ends.iter().any(|letter| [DEPARTED, SUCCESSOR].contains(&letter.to.as_str())),
        "{:?}",
        subjects(&ends)
    );

    // Nobody was written to before the request was confirmed, so nobody hears that it came to nothing.
    visitor.escalates(&form()).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.later(8 * 24).await;
    assert_eq!(subjects(&desk.take_all_letters()), []);
    desk.finish().await;
}

/// Stops who has a requester's link and would flood the mailbox.
#[actix_web::test]
async fn files_get_one_receipt_an_hour() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (visitor, ann) = (desk.visitor("de"), desk.staff("ann", Role::Agent).await);
    let number = desk.confirmed_case(&visitor, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    desk.take_all_letters();
    for name in ["one", "two", "three"] {
        let path = format!("{status}/evidence");
        visitor.uploads(&path, &format!("{name}.pdf"), &letter_as_pdf(name)).await.went_well();
    }
    desk.work_until_idle().await;
    let receipt = desk.take_letter(REQUESTER);
    assert_eq!(receipt.subject, format!("Ihre Datei ist angekommen ({number})"));
    assert!(!receipt.text.contains("one.pdf"), "a name is what somebody typed: {}", receipt.text);
    desk.later(2).await;
    visitor.uploads(&format!("{status}/evidence"), "four.pdf", &letter_as_pdf("four")).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    // Staff see what they put in.
    ann.visitor
        .uploads(&format!("/desk/cases/{number}/evidence"), "five.pdf", &letter_as_pdf("five"))
        .await
        .went_well();
    desk.finish().await;
}

#[actix_web::test]
async fn the_page_of_all_letters_shows_each_in_the_demo_alone() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    let list = visitor.get("/dev/mails").await.is(200);
    for kind in Samples::read().unwrap().kinds {
        assert!(list.text.contains(&format!("id=\"{}\"", kind.kind)), "{}", kind.kind);
        for language in kind.versions() {
            for at in 0..kind.variants.len() {
                let path = format!("/dev/mails/{}.{at}.{}", kind.kind, language.as_str());
                assert!(list.text.contains(&format!("href=\"{path}\"")), "{path}");
                visitor.get(&path).await.is(200);
                let html = visitor.fetch(&format!("{path}/html")).await;
                let has_html = matches!(kind.shape(), Shape::Letter | Shape::ForAnybody);
                assert_eq!(html.status().as_u16(), if has_html { 200 } else { 404 }, "{path}");
                let policy = html.headers().get("content-security-policy").unwrap().to_str().unwrap();
                assert!(
                    !has_html || policy.contains("sandbox") && policy.contains("default-src 'none'"),
                    "{policy}"
                );
            }
        }
    }
    visitor.get("/dev/mails/departed_notice.9.de").await.is(404);
    visitor.get("/dev/mails/..%2Fsecret").await.is(404);
    desk.finish().await;
}

/// In a browser as narrow as a phone, light and dark: nothing to scroll sideways for, nothing that can't be read.
#[actix_web::test]
async fn every_letter_can_be_read_on_a_phone_by_day_and_by_night() {
    // Longer than any real one.
    let views = views_with(
        "reseller.name = \"Donaudampfschifffahrtselektrizitätenhauptbetriebswerk GmbH\"\nreseller.accent = \"#8a2be2\"\n\
         http.privacy_url = \"https://www.donaudampfschifffahrtsgesellschaft.example/unternehmen/rechtliches/datenschutzhinweise\"",
    );
    let samples = Samples::read().unwrap();
    let link = "https://handover.reseller.example/mail-checks";
    let seal = serde_json::from_value(json!({ "code": "K7QMA-2RTX9", "check_link": link })).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let browser = Browser::start("", "de").await;
    let mut read = 0;
    for kind in &samples.kinds {
        for (at, variant) in kind.variants.iter().enumerate() {
            let mut page = samples.page(variant);
            // Longer than any real one, in a word of one piece.
            page.insert(
                "company".to_owned(),
                json!("Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik & Co. KG"),
            );
            for language in kind.versions() {
                let Some(html) = kind.write(&views, *language, &page, &seal).unwrap().html else { continue };
                let name = format!("{}.{at}.{}", kind.kind, language.as_str());
                let file = folder.path().join(format!("{name}.html"));
                std::fs::write(&file, html).unwrap();
                browser.driver.goto(format!("file://{}", file.display())).await.unwrap();
                browser.judge_letter(&format!("letter-{name}")).await;
                read += 1;
            }
        }
    }
    assert!(read > 50, "{read}");
    assert_eq!(Language::ALL.len(), 2);
    browser.quit().await;
}
