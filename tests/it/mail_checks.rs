//! "Is this e-mail from us?": what the page says to whoever got one, and what nobody gets out of it.

use handover::{case::actor::Role, mail::outgoing::code::MailCode};
use uuid::Uuid;

use crate::helpers::{
    browser::Browser,
    desk::{Answer, Desk, Visitor},
    letter::Letter,
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

const PATH: &str = "/mail-checks";
const YES: &str = "is from us";
const NO: &str = "We can’t confirm this";

/// The code that stands in a letter.
#[track_caller]
fn code(letter: &Letter) -> String {
    let words = ["Prüfcode dieser E-Mail: ", "Verification code of this e-mail: "];
    let line = letter.text.lines().find_map(|line| words.iter().find_map(|words| line.strip_prefix(words)));
    line.unwrap_or_else(|| panic!("no code in:\n{}", letter.text)).trim().to_owned()
}

async fn asks(visitor: &Visitor, code: &str, address: &str) -> Answer {
    visitor.post(PATH, &[("code", code), ("address", address)]).await.is(200)
}

/// What the page says, without what was typed.
fn said(page: &Answer) -> String {
    let html = scraper::Html::parse_document(&page.text);
    let notice = scraper::Selector::parse("main .notice").unwrap();
    html.select(&notice).flat_map(|notice| notice.text()).collect::<Vec<_>>().join(" ")
}

#[actix_web::test]
async fn every_letter_bears_a_code_and_its_receiver_can_ask() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.told_staff("ann", Role::Agent).await;
    let visitor = desk.visitor("en");
    let (number, ..) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    let mut letters = desk.take_all_letters();
    let to_atlassian = letters.iter().position(|letter| letter.to == ATLASSIAN).unwrap();
    let request = letters.remove(to_atlassian);
    assert!(
        !request.text.contains("ode of this e-mail") && !request.text.contains("://"),
        "{}",
        request.text
    );
    assert!(letters.iter().any(|letter| letter.to == SUCCESSOR), "the list is not empty");
    for letter in &letters {
        let code = code(letter);
        let html = letter.html.as_deref().unwrap_or(&letter.text);
        assert!(html.contains(&code) && html.contains(&format!("{}{PATH}", desk.address)), "{html}");
        let page =
            asks(&visitor, &code.to_lowercase().replace('-', " "), &letter.to.to_uppercase()).await.says(YES);
        assert!(page.words().contains(&letter.subject), "{}: {}", letter.subject, page.words());
        // The copy of it in an e-mail to somebody else.
        asks(&visitor, &code, "victim@kunde.example").await.says(NO).never_says(&letter.subject);
    }
    drop(ann);
    let _ = number;
    desk.finish().await;
}

/// Stops who looks for codes, and who wants to know who gets mail from us: every no is one and the same.
#[actix_web::test]
async fn every_no_is_the_same() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("en");
    desk.confirmed_case(&visitor, &form()).await;
    let letters = desk.take_all_letters();
    let find = |to: &str| letters.iter().find(|letter| letter.to == to).unwrap();
    let (to_requester, to_departed) = (find(REQUESTER), find(DEPARTED));
    let expected = said(&asks(&visitor, "K7QMA-2RTX9", "nobody@unbekannt.example").await.says(NO));
    for (code, address) in [
        ("K7QMA-2RTX9", REQUESTER.to_owned()),
        ("K7QMA-2RTX9", DEPARTED.to_owned()),
        // Somebody else's letter, and their own code with another's address.
        (&code(to_departed), REQUESTER.to_owned()),
        (&code(to_requester), DEPARTED.to_owned()),
        (&code(to_requester), format!("{REQUESTER}.evil.example")),
        (&code(to_requester), format!("x{REQUESTER}")),
        (&code(to_requester), "no address".to_owned()),
        ("no code", REQUESTER.to_owned()),
        ("'; drop table emails; --", REQUESTER.to_owned()),
    ] {
        let page = asks(&visitor, code, &address).await;
        assert_eq!(said(&page), expected, "{code} {address}");
    }
    // A code of ours, of an e-mail that there is not.
    let made = MailCode::of(&desk.casework.app.code_signer, Uuid::nil()).to_string();
    assert_eq!(said(&asks(&visitor, &made, REQUESTER).await), expected);

    // Nothing of what is typed stands in an address, and an empty form says what is missing.
    visitor
        .post(PATH, &[])
        .await
        .is(422)
        .says("Please enter the verification code")
        .says("Please enter the address");
    let hostile = "<script>alert(1)</script>";
    let page = asks(&visitor, hostile, hostile).await;
    assert!(!page.text.contains(hostile), "{}", page.text);
    desk.finish().await;
}

/// A letter that waits is known to nobody; one that was held back neither.
#[actix_web::test]
async fn a_letter_that_never_left_is_not_confirmed() {
    let desk = Desk::start().await;
    let visitor = desk.visitor("en");
    visitor.escalates(&form()).await.went_well();
    let id: Uuid =
        sqlx::query_scalar("select id from emails").fetch_one(&desk.casework.app.pool).await.unwrap();
    let code = MailCode::of(&desk.casework.app.code_signer, id).to_string();
    asks(&visitor, &code, REQUESTER).await.says(NO);
    desk.work_until_idle().await;
    asks(&visitor, &code, REQUESTER).await.says(YES);
    assert_eq!(self::code(&desk.take_letter(REQUESTER)), code, "the status page can show it by the id");
    // What was handed over may have arrived, whatever became of it afterwards.
    let changed = sqlx::query("update emails set code_tag = 'abcdefghijklmnop'").execute(&desk.owner).await;
    assert!(changed.unwrap_err().to_string().contains("frozen"), "no code is given to another e-mail");
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_asks_too_often_waits() {
    let desk = Desk::start_with("http.forms_per_minute = 1\nhttp.forms_burst = 5\n").await;
    let visitor = desk.visitor("en");
    for _ in 0..5 {
        asks(&visitor, "K7QMA-2RTX9", REQUESTER).await.says(NO);
    }
    visitor.post(PATH, &[("code", "K7QMA-2RTX9"), ("address", REQUESTER)]).await.is(429);
    desk.finish().await;
}

#[actix_web::test]
async fn a_browser_finds_the_page_and_reads_the_answer() {
    let desk = Desk::start().await;
    desk.visitor("de").escalates(&form_with(&[])).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(REQUESTER);
    let browser = Browser::start(&desk.address, "de").await;
    browser.open("/").await;
    browser.without_javascript().await;
    browser.click("a[href='/mail-checks']").await;
    browser.fill("code", &code(&letter)).await;
    browser.fill("address", REQUESTER).await;
    browser.submit("main form button").await;
    browser.until_it_says("ist von uns").await;
    browser.quit().await;

    let browser = Browser::start(&desk.address, "de").await;
    browser.open(PATH).await;
    browser.judge("mail-check").await;
    browser.submit("main form button").await;
    browser.judge("mail-check-mistakes").await;
    browser.fill("code", &code(&letter)).await;
    browser.fill("address", REQUESTER).await;
    browser.submit("main form button").await;
    browser.judge("mail-check-ours").await;
    browser.fill("address", "maria@kunde.example").await;
    browser.submit("main form button").await;
    browser.judge("mail-check-not").await;
    browser.open("/dev/mails").await;
    browser.judge("dev-mails").await;
    browser.quit().await;
    desk.finish().await;
}
