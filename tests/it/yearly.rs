//! "Are you still the right contact?", once a year: who is asked and who is not, what the link can do and what not.

use handover::case::actor::Role;

use crate::helpers::{
    desk::{Desk, StaffVisitor},
    inbound::{BELIEVING, Mail, bounce},
    story::{DEPARTED, SUCCESSOR, VOUCHER, form},
};

const VINZENZ: &str = "vinzenz.hochleitner@almrausch.example";
/// One an hour.
const ON: &str = "yearly.enabled = true\nyearly.letters_per_day = 24\n";
const SUBJECT: &str = "Are you still the contact for these Atlassian licences?";

async fn count(desk: &Desk, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&desk.casework.app.pool).await.unwrap()
}

async fn register_page(desk: &Desk, ann: &StaffVisitor, number: &str) -> crate::helpers::desk::Answer {
    let id: uuid::Uuid = sqlx::query_scalar("select id from customers where number = $1")
        .bind(number)
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    ann.get(&format!("/desk/administration/register/{id}")).await.is(200)
}

#[actix_web::test]
async fn nobody_is_asked_unless_the_reseller_wants_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    desk.later(24).await;
    let ann = desk.staff("ann", Role::Agent).await;
    ann.get("/desk/administration/yearly")
        .await
        .is(200)
        .says("Switched off")
        .says("Nobody has been asked yet");
    desk.finish().await;
}

#[actix_web::test]
async fn the_contact_on_record_is_asked_once_a_year_one_after_the_other() {
    let desk = Desk::start_with(ON).await;
    desk.import_register().await;
    let (ann, visitor) = (desk.staff("ann", Role::Agent).await, desk.visitor("de"));
    desk.work_until_idle().await;
    desk.work_until_idle().await;
    // One mail for all that one person is on record for, in both languages; not to who is on record beside them.
    let letter = desk.take_letter(DEPARTED);
    assert!(letter.subject.ends_with(SUBJECT), "{}", letter.subject);
    assert_eq!(letter.header("Content-Language").as_deref(), Some("de, en"));
    assert!(letter.text.contains("SEN-10000001") && letter.text.contains("SEN-10000002"), "{}", letter.text);
    for words in ["Petra", "Nordlicht", VOUCHER, "Almrausch"] {
        assert!(!letter.text.contains(words), "{words} in {}", letter.text);
    }
    desk.expect_all_taken();
    desk.later(1).await;
    let other = desk.take_letter(VINZENZ);
    desk.later(1).await;
    desk.later(24 * 30).await;
    desk.expect_all_taken();

    // RFC 8058, with what mail programs need.
    let link = letter.link("contact-checks");
    let header = letter.header("List-Unsubscribe").unwrap();
    assert!(header.starts_with("<http") && header.contains(&format!("{link}/unsubscription>")), "{header}");
    assert_eq!(letter.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));

    // Scanners open it, in any way, and nothing comes of it.
    for _ in 0..2 {
        visitor.get(&link).await.is(200).says("SEN-10000001").never_says(DEPARTED);
        visitor.get(&format!("{link}/unsubscription")).await.is(200).says("Abbestellen");
    }
    assert_eq!(count(&desk, "select count(*) from contact_questions where answer is not null").await, 0);
    assert_eq!(count(&desk, "select count(*) from unsubscribed_mailboxes").await, 0);
    visitor.post(&link, &[("answer", "maybe")]).await.is(422);
    visitor.get("/contact-checks/short").await.is(404);
    visitor.get(&format!("/contact-checks/{}", "A".repeat(43))).await.is(404);
    // Nor is it a link of another kind.
    let token = link.rsplit('/').next().unwrap();
    for folder in ["cases", "successors", "objections", "vouchers", "confirmations", "prepared"] {
        visitor.get(&format!("/{folder}/{token}")).await.is(404);
    }

    visitor
        .submit(&link, &[("answer", "still")])
        .await
        .says("Danke. Wir fragen frühestens in einem Jahr wieder");
    let page = register_page(&desk, &ann, "K-1").await.says("Still right");
    page.never_says("no longer in charge");
    // The last answer counts; whoever says no goes on to the form with the licences, by a button and not by an address.
    let gone = visitor.submit(&other.link("contact-checks"), &[("answer", "gone")]).await.is(200);
    let gone = gone.says("Soll jemand anderes eingetragen werden");
    assert_eq!(gone.field("entitlements").as_deref(), Some("E-2AA-BCD-EFG-H12"));
    let begun = [
        ("switch_to", "de"),
        ("language", "de"),
        ("entitlements", "E-2AA-BCD-EFG-H12"),
        ("hosting", "cloud"),
    ];
    let form = visitor.post("/escalations/steps", &begun).await.is(200);
    assert_eq!(form.field("entitlements").as_deref(), Some("E-2AA-BCD-EFG-H12"));
    register_page(&desk, &ann, "K-2").await.says("No longer in charge").says("Says no longer in charge");
    ann.get("/desk/administration/yearly")
        .await
        .is(200)
        .says("at most 24 a day")
        .says(DEPARTED)
        .says(VINZENZ);

    // A year later the one is asked again, who said so the other not: staff have it.
    desk.later(24 * 340).await;
    desk.later(1).await;
    let again = desk.take_letter(DEPARTED);
    assert_ne!(again.link("contact-checks"), link);
    visitor.post(&link, &[("answer", "gone")]).await.is(404);
    visitor.get(&link).await.is(200).says("abgelaufen");
    desk.later(2).await;
    desk.finish().await;
}

#[actix_web::test]
async fn one_click_unsubscribes_without_cookie_or_origin_and_outlives_imports() {
    let desk = Desk::start_with(ON).await;
    desk.import_register().await;
    desk.work_until_idle().await;
    let link = desk.take_letter(DEPARTED).link("contact-checks");
    desk.later(1).await;
    desk.take_letter(VINZENZ);
    let address = format!("{}{link}/unsubscription", desk.address);
    let client = reqwest::Client::new();
    let post = |kind: &'static str, body: &'static str, site: Option<&'static str>| {
        let request = client.post(&address).header("content-type", kind).body(body);
        let request = match site {
            Some(site) => request.header("origin", site).header("sec-fetch-site", "cross-site"),
            None => request,
        };
        request.send()
    };
    let encoded = "application/x-www-form-urlencoded";
    assert_eq!(post(encoded, "List-Unsubscribe=One-Click", None).await.unwrap().status(), 200);
    // Twice, as a form of the other kind, from a page of a mail program, and empty: all the same.
    let parts =
        "--b\r\ncontent-disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    assert_eq!(post("multipart/form-data; boundary=b", parts, None).await.unwrap().status(), 200);
    assert_eq!(post(encoded, "", Some("https://mail.example")).await.unwrap().status(), 200);
    // The answer may not come from another site.
    let answer = client.post(format!("{}{link}", desk.address)).header("content-type", encoded);
    let answer = answer.header("sec-fetch-site", "cross-site").body("answer=gone").send().await.unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(count(&desk, "select count(*) from contact_questions where answer is not null").await, 0);

    // An import that spells the address otherwise, and a year: nothing more.
    let register = include_str!("helpers/register.csv");
    desk.import(&register.replace(DEPARTED, "Petra.Abend@Nordlicht.example")).await;
    desk.later(24 * 366).await;
    desk.take_letter(VINZENZ);
    desk.later(2).await;
    desk.expect_all_taken();
    let ann = desk.staff("ann", Role::Agent).await;
    register_page(&desk, &ann, "K-1").await.says("Does not want to be asked");

    // Letters about a case come all the same: they are how one objects.
    let customer = desk.visitor("de");
    desk.confirmed_case(&customer, &form()).await;
    let notice = desk.take_letter(DEPARTED);
    assert!(notice.header("List-Unsubscribe").is_none(), "that is no list");
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn while_a_case_is_open_about_the_licence_nobody_is_asked_about_it_and_then_whoever_follows() {
    let desk = Desk::start_with(ON).await;
    let customer = desk.visitor("de");
    desk.import_register().await;
    // The case comes before the first question.
    sqlx::query("update contact_question_pace set next_at = $1::timestamptz + interval '20 hours'")
        .bind(desk.now())
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    let (number, ann, _) = desk.submitted_case(&customer).await;
    desk.work_until_idle().await;
    ann.does(&number, "answer", &[("answer", "done"), ("note", "Done.")]).await.went_well();
    desk.work_until_idle().await;
    desk.later(3).await;
    let asked =
        "select count(*) from contact_questions where mailbox like 'petra%' or mailbox like 'tobias%'";
    assert_eq!(count(&desk, asked).await, 0);
    assert_eq!(count(&desk, "select count(*) from contact_questions").await, 1, "the other customer");

    // The case ends well: whoever it made the contact is the one to be asked, and nobody writes to who has left.
    desk.new_contact_says(&customer, "yes").await;
    assert_eq!(desk.state(&number).await, "closed");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.later(2).await;
    let letter = desk.take_letter(SUCCESSOR);
    assert!(letter.text.contains("SEN-10000001") && letter.text.contains("SEN-10000002"), "{}", letter.text);
    desk.later(24 * 30).await;
    desk.expect_all_taken();

    // An import that does not show it: nobody knows whom to ask, so nobody is asked, for years.
    desk.import_register().await;
    desk.later(24 * 700).await;
    let other = desk.take_letter(VINZENZ);
    assert!(other.subject.ends_with(SUBJECT), "{}", other.subject);
    desk.later(2).await;
    desk.finish().await;
}

#[actix_web::test]
async fn a_mailbox_that_sends_it_back_is_shown_and_not_written_to_again() {
    let desk = Desk::start_with(&format!("{ON}{BELIEVING}")).await;
    desk.import_register().await;
    desk.work_until_idle().await;
    let letter = desk.take_letter(DEPARTED);
    desk.later(1).await;
    desk.take_letter(VINZENZ);
    let id = letter.header("Message-ID").unwrap();
    let return_path = letter.header("Reply-To").unwrap();
    desk.receives(&bounce(&return_path, DEPARTED, Some(id.trim_matches(['<', '>'])))).await;
    let ann = desk.staff("ann", Role::Agent).await;
    register_page(&desk, &ann, "K-1").await.says("mail came back");
    ann.get("/desk/administration/health?finding=bounced").await.is(200).says("K-1");
    ann.get("/desk/administration/yearly").await.is(200).says("mail came back");
    // A machine's answer to it goes to nobody, and nothing is answered.
    desk.later(24 * 366).await;
    desk.take_letter(VINZENZ);
    desk.later(2).await;
    desk.finish().await;
}

/// An answering machine says nothing of whether somebody is still in charge, whatever it writes, and is no bounce.
#[actix_web::test]
async fn an_automatic_answer_to_the_question_is_one_and_does_no_harm() {
    let desk = Desk::start_with(&format!("{ON}{BELIEVING}")).await;
    desk.import_register().await;
    desk.work_until_idle().await;
    let letter = desk.take_letter(DEPARTED);
    let id = letter.header("Message-ID").unwrap();
    let sender = letter.header("Reply-To").unwrap();
    let link = letter.link("contact-checks");
    let said = "I am out of the office. I have left the company and am no longer in charge. UNSUBSCRIBE";
    for (name, value) in [
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "All"),
        ("Precedence", "auto_reply"),
    ] {
        let mail = Mail::authentic(DEPARTED, &sender)
            .with("In-Reply-To", &id)
            .with("Subject", "Out of office")
            .with(name, value)
            .saying(said);
        // For people to read, as everything that comes to the general address; and known for what it is.
        desk.receives(&mail.raw()).await.is_in_quarantine("inbound-no-address");
    }
    assert_eq!(count(&desk, "select count(*) from inbound_emails where kind = 'auto_reply'").await, 3);
    // Nothing is answered, nobody unsubscribed, and the link goes on.
    desk.expect_all_taken();
    assert_eq!(count(&desk, "select count(*) from contact_questions where answer is not null").await, 0);
    assert_eq!(count(&desk, "select count(*) from unsubscribed_mailboxes").await, 0);
    let ann = desk.staff("ann", Role::Agent).await;
    register_page(&desk, &ann, "K-1").await.never_says("mail came back").never_says("No longer in charge");
    desk.visitor("en").submit(&link, &[("answer", "still")]).await;
    register_page(&desk, &ann, "K-1").await.says("Still right");
    desk.later(1).await;
    desk.take_letter(VINZENZ);
    desk.finish().await;
}

#[actix_web::test]
async fn two_workers_and_a_clock_that_jumps_send_no_more_than_one_at_a_time() {
    let desk = Desk::start_with(ON).await;
    desk.import_register().await;
    futures_util::future::join(desk.work_until_idle(), desk.work_until_idle()).await;
    desk.take_letter(DEPARTED);
    desk.expect_all_taken();
    // Years ahead, and back again.
    desk.later(24 * 800).await;
    let letters = desk.take_all_letters();
    assert_eq!(letters.len(), 1, "one at a time, however much is due");
    desk.later(-24 * 700).await;
    desk.later(1).await;
    assert!(desk.take_all_letters().len() <= 2);
    // Whom the first one went to is forgotten by then.
    let asked = "select count(*) from contact_questions where mailbox like 'petra%' or mailbox = 'erased@erased.invalid'";
    assert_eq!(count(&desk, asked).await, 2);
    desk.finish().await;
}
