//! The pages in a real Chromium: the whole path clicked through, each page judged by axe on a desktop and a phone, light
//! and dark. With HANDOVER_PICTURES its pictures lie in `target/pictures` afterwards.

use handover::case::actor::Role;
use thirtyfour::{Key, TypingData};

use crate::helpers::{
    browser::Browser,
    desk::{Desk, PASSWORD},
    inbound::Mail,
    smtp::{Answer as Say, Stage},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

/// The answers of a step: what is typed, and what is chosen.
type Answers = (&'static [(&'static str, &'static str)], &'static [&'static str]);

const STEPS: [Answers; 5] = [
    (
        &[
            ("requester_name", "Miriam Kessler"),
            ("requester_email", REQUESTER),
            ("requester_position", "Leiterin IT-Betrieb"),
        ],
        &[],
    ),
    (
        &[("company", "Nordlicht Maschinenbau GmbH"), ("entitlements", "SEN-10000001")],
        &["[name=hosting][value=data_center]"],
    ),
    (
        &[("departed_name", "Petra Abend"), ("departed_email", DEPARTED)],
        &["[name=contact_role][value=technical]"],
    ),
    (&[("successor_name", "Tobias Rauch"), ("successor_email", SUCCESSOR)], &[]),
    (
        &[("explanation", "Frau Abend ist ausgeschieden, das Postfach ist abgeschaltet.")],
        &["[name=authority]", "[name=privacy]"],
    ),
];

async fn answer(browser: &Browser, (typed, chosen): Answers) {
    for (name, value) in typed {
        browser.fill(name, value).await;
    }
    for css in chosen {
        browser.choose(css).await;
    }
}

async fn fill_in(browser: &Browser) {
    for step in STEPS {
        answer(browser, step).await;
    }
}

/// On a phone, whoever follows a link of the summary sees the label and the mistake of the field, not the field alone.
async fn labels_are_in_view(browser: &Browser) {
    browser.phone().await;
    let links = browser.script("return document.querySelectorAll('.error-summary a').length", vec![]).await;
    for at in 0..links.as_u64().unwrap() {
        let seen = browser
            .script(
                "scrollTo(0, 0); const link = document.querySelectorAll('.error-summary a')[arguments[0]]; link.click();
                 const field = document.querySelector(link.hash).closest('.field');
                 return [field.querySelector('label, legend'), field.querySelector('.error')].map((part) => {
                   const box = part.getBoundingClientRect();
                   return box.top >= 0 && box.bottom <= innerHeight;
                 });",
                vec![at.into()],
            )
            .await;
        assert_eq!(seen, serde_json::json!([true, true]), "link {at}");
    }
    browser.desktop().await;
}

#[actix_web::test]
async fn a_customer_escalates_and_follows_the_case() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let browser = Browser::start(&desk.address, "de").await;

    browser.open("/").await;
    browser.judge("home").await;
    browser.open("/guide").await;
    browser.judge("guide").await;
    browser.choose("[value=cloud]").await;
    browser.submit("main form button").await;
    browser.choose("[value=nobody]").await;
    browser.submit("main form button").await;
    browser.judge("guide-third").await;
    for leaf in ["cloud-mailbox", "data-center-managed-account", "free-plan", "find-cloud", "request-cloud"] {
        browser.open(&format!("/guide/{leaf}")).await;
        browser.judge(&format!("guide-{leaf}")).await;
    }
    browser.open("/guide/cloud-mailbox?hosting=cloud&acts=mailbox").await;
    browser.judge("guide-answered").await;
    browser.open("/escalations/new?hosting=cloud&guide=cloud-mailbox").await;
    browser.judge("form-from-guide").await;
    browser.open("/escalations/new").await;
    browser.judge("form").await;

    // Each step with nothing in it: everything wrong at once, and the summary has the focus.
    for (at, step) in STEPS.into_iter().enumerate() {
        browser.submit("main form .button--primary").await;
        let focused = browser.driver.active_element().await.unwrap();
        let summary = focused.text().await.unwrap();
        assert!(summary.lines().count() > 2, "the focus is on {summary:?}");
        browser.judge(&format!("form-step-{}-mistakes", at + 1)).await;
        labels_are_in_view(&browser).await;
        answer(&browser, step).await;
        browser.submit("main form .button--primary").await;
        browser.judge(&format!("form-step-{}-done", at + 1)).await;
    }
    browser.submit("main form .button--primary").await;
    browser.judge("sent").await;
    desk.work_until_idle().await;

    browser.open(&desk.take_letter(REQUESTER).link("confirmations")).await;
    browser.judge("confirmation").await;
    browser.submit("main form button").await;
    browser.judge("confirmed").await;
    desk.work_until_idle().await;

    browser.open(&desk.take_letter(SUCCESSOR).link("successors")).await;
    browser.judge("successor").await;
    browser.submit("main form button").await;
    browser.judge("accepted").await;

    browser.open(&desk.take_letter(DEPARTED).link("objections")).await;
    browser.judge("objection").await;

    browser.open(&desk.take_letter(REQUESTER).link("cases")).await;
    browser.judge("status").await;

    browser.open("/nowhere").await;
    browser.judge("not-found").await;
    browser.quit().await;
    desk.finish().await;
}

/// The page of a case in each of its states; on a phone the progress and whom it waits for stand in sight before any detail.
#[actix_web::test]
async fn a_customer_sees_where_the_case_is_in_every_state() {
    let desk = Desk::start_with("dns.timeout_seconds = 1\n").await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let customer = desk.visitor("de");
    let number = desk.confirmed_case(&customer, &form()).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    desk.take_all_letters();
    let browser = Browser::start(&desk.address, "de").await;
    let judge = async |name: &str, path: &str| {
        browser.open(path).await;
        browser.judge(name).await;
        let below = browser.phone_shows(&["#progress", ".progress", ".waiting__title"]).await;
        assert_eq!(below, serde_json::json!([]), "{name}: in sight on a phone");
    };

    browser.open(&format!("{status}#domain")).await;
    browser.submit("#domain form button").await;
    judge("status-record", &status).await;
    assert!(!browser.find("[data-copy='#record-text']").await.text().await.unwrap().is_empty());
    browser.open(&status).await;
    browser.submit("#domain form button").await;
    browser.judge("status-looked").await;

    // A mistake opens the part in which it was made.
    browser.open(&status).await;
    browser.click("#addresses summary").await;
    browser.fill("successor_email", REQUESTER).await;
    browser.submit("#addresses form button").await;
    browser.judge("status-mistake").await;
    assert!(browser.find("#successor_email").await.is_displayed().await.unwrap());

    ann.does(&number, "question", &[("question", "Seit wann?")]).await.went_well();
    desk.work_until_idle().await;
    judge("status-question", &status).await;
    customer.post(&format!("{status}/answer"), &[("answer", "Seit Mai.")]).await.went_well();
    customer.post(&invitation, &[("decision", "accept")]).await.went_well();
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    judge("status-writing", &status).await;
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    judge("status-atlassian", &status).await;
    browser.click("#claims summary").await;
    browser.judge("status-claims").await;
    ann.does(&number, "answer", &[("answer", "done"), ("note", "Done.")]).await.went_well();
    desk.work_until_idle().await;
    judge("status-access", &status).await;
    let asked = desk.take_letters(SUCCESSOR).pop().unwrap().link("successors");
    browser.open(&asked).await;
    browser.judge("successor-access").await;
    customer.post(&format!("{status}/access-confirmation"), &[("access", "yes")]).await.went_well();
    judge("status-access-said", &status).await;
    customer.post(&format!("{asked}/access-confirmation"), &[("access", "yes")]).await.went_well();
    desk.work_until_idle().await;
    judge("status-closed", &status).await;
    browser.open(&asked).await;
    browser.judge("successor-done").await;
    browser.quit().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn staff_work_a_case_to_the_message() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let browser = Browser::start(&desk.address, "de").await;

    browser.open("/desk/cases").await;
    browser.judge("sign-in").await;
    browser.fill("email", "ann@reseller.example").await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form button").await;
    browser.judge("queue").await;
    browser.open("/desk/cases?text=kesler&customer=nordlicht").await;
    browser.judge("queue-search").await;
    browser.open(&format!("/desk/cases/{number}?from=text%3Dnordlicht")).await;
    browser.judge("case-from-list").await;
    browser.open(&format!("/desk/cases/{number}")).await;
    browser.judge("case-verified").await;
    ann.drafts(&number).await;
    browser.open(&format!("/desk/cases/{number}/approval")).await;
    browser.judge("approval").await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    desk.take_letter(REQUESTER);
    desk.take_letter(SUCCESSOR);
    browser.open(&format!("/desk/cases/{number}")).await;
    browser.judge("case-with-atlassian").await;
    desk.later(8 * 24).await;
    browser.open(&format!("/desk/cases/{number}")).await;
    browser.judge("case-follow-up").await;
    desk.smtp
        .answer(Stage::Recipient, Say::Say("550 5.1.1 <miriam.kessler@nordlicht.example>: no such mailbox"));
    desk.smtp
        .answer(Stage::Recipient, Say::Say("451 4.7.1 <miriam.kessler@nordlicht.example>: come back later"));
    for question in ["Seit wann ist Frau Abend nicht mehr im Unternehmen?", "Und wer vertritt sie?"] {
        ann.does(&number, "question", &[("question", question)]).await.went_well();
        desk.work_until_idle().await;
    }
    browser.open(&format!("/desk/cases/{number}")).await;
    browser.judge("case-letters").await;
    for shelf in ["open", "waiting"] {
        browser.open(&format!("/desk/mail?shelf={shelf}")).await;
        browser.judge(&format!("mail-{shelf}")).await;
    }
    browser.open("/desk/notifications").await;
    browser.judge("notifications").await;
    browser.open("/desk/administration").await;
    browser.judge("administration").await;
    browser.open("/desk/administration/register?text=almrausch").await;
    browser.judge("administration-register").await;
    browser.open(&browser.find(".queue__link").await.attr("href").await.unwrap().unwrap()).await;
    browser.judge("administration-customer").await;
    for page in ["health?finding=same_person", "imports", "imports/1", "policy", "mail", "calendar"] {
        browser.open(&format!("/desk/administration/{page}")).await;
        let name = page.split(['?', '/']).collect::<Vec<_>>().join("-");
        browser.judge(&format!("administration-{name}")).await;
    }
    for (page, name) in [("/desk/account", "account"), ("/desk/password-resets", "password-resets")] {
        browser.open(page).await;
        browser.judge(name).await;
    }
    browser.open("/desk/overview").await;
    browser.judge("overview").await;
    browser
        .driver
        .execute("document.querySelectorAll('details').forEach(d => d.open = true)", vec![])
        .await
        .unwrap();
    browser.judge("overview-tables").await;
    browser.open("/desk/overview?from=2026-06-30&to=2026-06-01").await;
    browser.judge("overview-mistake").await;
    desk.staff("dora", Role::Admin).await;
    browser.open("/desk/sign-in").await;
    browser.fill("email", "dora@reseller.example").await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form button").await;
    for (page, name) in [("staff", "staff"), (format!("staff/{}", ann.id).as_str(), "person")] {
        browser.open(&format!("/desk/administration/{page}")).await;
        browser.judge(name).await;
    }
    browser.quit().await;
    desk.later(1).await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn staff_prepare_for_a_caller_who_completes_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    desk.staff("ann", Role::Agent).await;
    let browser = Browser::start(&desk.address, "de").await;
    let mail = Mail::unauthentic("erika@firma.example", "handover@reseller.example");
    desk.receives(&mail.raw()).await.is_in_quarantine("inbound-no-address");

    browser.open("/desk/prepared").await;
    browser.fill("email", "ann@reseller.example").await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form button").await;
    browser.judge("prepared-empty").await;
    browser.submit("main a.button--primary").await;
    browser.judge("prepared-form").await;
    browser.submit("main form button").await;
    browser.judge("prepared-form-mistakes").await;
    browser.fill("requester_email", REQUESTER).await;
    browser.fill("company", "Nordlicht Maschinenbau GmbH").await;
    browser.fill("explanation", "Frau Abend ist ausgeschieden.").await;
    browser.submit("main form button").await;
    browser.judge("prepared-review").await;
    browser.submit("main form button.button--primary").await;
    desk.work_until_idle().await;
    browser.open("/desk/prepared").await;
    browser.judge("prepared").await;
    browser.open("/desk/quarantine").await;
    browser.judge("quarantine-answer").await;
    browser.submit("main a[href$='/answer']").await;
    browser.judge("answer").await;

    let link = desk.take_letter(REQUESTER).link("prepared");
    browser.open(&link).await;
    browser.judge("form-prepared").await;
    // With nothing in it: everything wrong at once, on one page.
    browser.fill("requester_email", "").await;
    browser.submit("main form button.button--primary").await;
    let focused = browser.driver.active_element().await.unwrap();
    let summary = focused.text().await.unwrap();
    assert!(summary.lines().count() > 8, "the focus is on {summary:?}");
    browser.judge("form-prepared-mistakes").await;
    labels_are_in_view(&browser).await;
    fill_in(&browser).await;
    // What was typed outlives a reload here, too, under a name that tells nobody the link, and until it is sent.
    browser.open(&link).await;
    let kept = "return JSON.stringify([document.querySelector('#explanation').value, document.querySelector('#authority').checked,
                Object.keys(sessionStorage).filter((key) => key.startsWith('handover-form prepared-') && !key.includes(location.pathname.split('/')[2])).length])";
    let kept = browser.script(kept, vec![]).await;
    assert_eq!(kept, "[\"Frau Abend ist ausgeschieden, das Postfach ist abgeschaltet.\",true,1]");
    browser.judge("form-prepared-restored").await;
    browser.submit("main form button.button--primary").await;
    let left = browser.script("return Object.keys(sessionStorage).length", vec![]).await;
    assert_eq!(left, 0, "it was sent");
    browser.judge("status-of-prepared").await;
    browser.quit().await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn long_words_stay_in_their_place() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let long = |of: usize| "Donaudampfschifffahrtsgesellschaft".chars().cycle().take(of).collect::<String>();
    let address = format!("{}@nordlicht.example", long(60).to_lowercase());
    let heir = format!("{}@nordlicht.example", long(58).to_lowercase());
    let fields = form_with(&[
        ("company", &long(60)),
        ("requester_name", &long(50)),
        ("requester_position", &long(60)),
        ("requester_email", &address),
        ("successor_name", &long(50)),
        ("successor_email", &heir),
        ("explanation", &long(120)),
    ]);
    let number = desk.confirmed_case(&desk.visitor("de"), &fields).await;
    let browser = Browser::start(&desk.address, "de").await;
    browser.open(&desk.take_letter(&address).link("cases")).await;
    browser.judge("long-status").await;
    browser.open(&desk.take_letter(&heir).link("successors")).await;
    browser.judge("long-successor").await;
    desk.take_letter(DEPARTED);

    browser.open("/desk/cases").await;
    browser.fill("email", "ann@reseller.example").await;
    browser.fill("password", PASSWORD).await;
    browser.submit("main form button").await;
    browser.judge("long-queue").await;
    browser.choose(".queue__choose input").await;
    browser.click(".bulk > summary").await;
    browser.submit("#bulk button").await;
    browser.judge("bulk").await;
    browser.open(&format!("/desk/cases/{number}")).await;
    browser.judge("long-case").await;

    // A question is looked at before it is sent, and refused where somebody asked meanwhile.
    let question = "form[action$='/question']";
    for name in ["review", "conflict"] {
        browser.open(&format!("/desk/cases/{number}")).await;
        unfold(&browser, question).await;
        browser.fill("question", &long(90)).await;
        if name == "conflict" {
            ann.does(&number, "question", &[("question", "Since when?")]).await.went_well();
        }
        browser.submit(&format!("{question} button")).await;
        browser.judge(name).await;
    }
    let stranger = Mail::unauthentic(&address, "handover@reseller.example").with("Subject", &long(90));
    desk.receives(&stranger.saying(&long(300)).raw()).await;
    browser.open("/desk/quarantine").await;
    browser.judge("quarantine").await;
    browser.quit().await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Presses keys wherever the focus is.
async fn press(browser: &Browser, keys: impl Into<TypingData>) {
    browser.driver.action_chain().send_keys(keys).perform().await.unwrap();
}

#[actix_web::test]
async fn the_desk_is_worked_by_keyboard_and_what_was_typed_outlives_the_session() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let browser = Browser::start(&desk.address, "en").await;
    let sign_in = async || {
        browser.fill("email", "ann@reseller.example").await;
        browser.fill("password", PASSWORD).await;
        browser.submit("main form button").await;
    };
    browser.open(&format!("/desk/cases/{number}")).await;
    sign_in().await;

    press(&browser, "?").await;
    assert!(browser.find("#keys").await.is_displayed().await.unwrap());
    browser.judge("keys").await;
    press(&browser, Key::Escape).await;
    let palette = browser.find("#palette").await;
    browser
        .driver
        .action_chain()
        .key_down(Key::Control)
        .send_keys("k")
        .key_up(Key::Control)
        .perform()
        .await
        .unwrap();
    assert!(palette.is_displayed().await.unwrap());
    press(&browser, "write a note").await;
    browser.judge("palette").await;
    press(&browser, Key::Enter).await;
    assert!(!palette.is_displayed().await.unwrap());
    let note = browser.find("#note-note").await;
    assert!(note.is_displayed().await.unwrap(), "the form is unfolded");
    press(&browser, "Called twice, nobody there. What does ? mean").await;
    assert_eq!(
        note.prop("value").await.unwrap().as_deref(),
        Some("Called twice, nobody there. What does ? mean")
    );

    // The session ends meanwhile.
    sqlx::query("delete from sessions").execute(&desk.casework.app.pool).await.unwrap();
    browser.submit("form[action$='/notes'] button").await;
    browser.submit("main a.button").await;
    sign_in().await;
    let note = browser.find("#note-note").await;
    assert!(note.is_displayed().await.unwrap());
    assert_eq!(
        note.prop("value").await.unwrap().as_deref(),
        Some("Called twice, nobody there. What does ? mean")
    );
    assert!(browser.words().await.contains("has not been sent yet"));
    browser.submit("form[action$='/notes'] button").await;
    assert!(browser.words().await.contains("Called twice"));
    browser.open(&format!("/desk/cases/{number}")).await;
    assert!(!browser.words().await.contains("has not been sent yet"), "what was sent is forgotten");

    // Whoever needs the letters otherwise switches them off; Ctrl K stays.
    press(&browser, "?").await;
    browser.click("#keys [data-keys]").await;
    press(&browser, Key::Escape).await;
    press(&browser, "?").await;
    assert!(!browser.find("#keys").await.is_displayed().await.unwrap());
    browser.quit().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Unfolds what the form is in, where it is folded, as somebody without a script does.
async fn unfold(browser: &Browser, form: &str) {
    if !browser.find(form).await.is_displayed().await.unwrap() {
        browser.click(&format!("details:has({form}) > summary")).await;
    }
}

/// An agent, an approver and an administrator do their work, with JavaScript or without.
async fn the_desk_works(scripted: bool) {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    for (name, role) in [("ben", Role::Approver), ("dora", Role::Admin)] {
        desk.staff(name, role).await;
    }
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let browser = Browser::start(&desk.address, "en").await;
    if !scripted {
        browser.without_javascript().await;
    }
    let sign_in = async |name: &str| {
        browser.driver.delete_all_cookies().await.unwrap();
        browser.open("/desk/cases").await;
        browser.fill("email", &format!("{name}@reseller.example")).await;
        browser.fill("password", PASSWORD).await;
        browser.submit("main form button").await;
    };

    // The agent takes the next case, asks the customer, who answers, and puts the message forward.
    sign_in("ann").await;
    assert_eq!(browser.find("html").await.class_name().await.unwrap().is_some(), scripted);
    browser.submit("form[action='/desk/next'] button").await;
    assert!(browser.words().await.contains(&number));
    let question = "form[action$='/question']";
    unfold(&browser, question).await;
    browser.fill("question", "Since when has she been gone?").await;
    browser.submit(&format!("{question} button")).await;
    assert!(browser.words().await.contains("Since when has she been gone?"), "looked at before it is sent");
    browser.submit("main form .button--primary").await;
    assert_eq!(desk.state(&number).await, "awaiting_customer");
    desk.work_until_idle().await;
    browser.open(&desk.take_letter(REQUESTER).link("cases")).await;
    browser.fill("answer", "Since the end of May.").await;
    browser.submit("form[action$='/answer'] button").await;
    assert_eq!(desk.state(&number).await, "verified");
    browser.open(&format!("/desk/cases/{number}")).await;
    assert!(browser.words().await.contains("Since the end of May."));
    let draft = "form[action$='/draft']";
    unfold(&browser, draft).await;
    browser.submit(&format!("{draft} .button--primary")).await;
    assert_eq!(desk.state(&number).await, "awaiting_approval");

    // The approver finds it in the list, reads it and approves.
    sign_in("ben").await;
    browser.submit(".queue__link").await;
    browser.submit("form[action$='/approval'] button").await;
    browser.submit("form[action$='/approval'] .button--primary").await;
    assert_eq!(desk.state(&number).await, "submitted");
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    // That nothing is missing, after the answer, and that Atlassian has it.
    assert_eq!(desk.take_letters(REQUESTER).len(), 2);
    desk.take_letter(SUCCESSOR);
    assert_eq!(desk.state(&number).await, "with_atlassian");

    // The administrator looks up what the register holds of the customer.
    sign_in("dora").await;
    browser.submit(".top__nav a[href='/desk/administration']").await;
    browser.submit("main a[href='/desk/administration/register']").await;
    browser.fill("text", "almrausch").await;
    browser.submit("main form[role=search] button").await;
    browser.submit(".queue__link").await;
    assert!(browser.words().await.contains("vinzenz.hochleitner@almrausch.example"));
    browser.quit().await;
    desk.finish().await;
}

#[actix_web::test]
async fn staff_of_every_role_work_with_javascript() {
    the_desk_works(true).await;
}

#[actix_web::test]
async fn staff_of_every_role_work_without_javascript() {
    the_desk_works(false).await;
}
