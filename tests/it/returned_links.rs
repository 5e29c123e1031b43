//! Links that come back in what people and mail servers send us: staff who read them there get nowhere, and whom they were for
//! gets another one.

use handover::case::actor::Role;
use uuid::Uuid;

use crate::helpers::{
    desk::Desk,
    inbound::{BELIEVING, Mail, bounce},
    letter::Letter,
    story::{REQUESTER, VOUCHER, form, form_with},
};

const US: &str = "handover@reseller.example";

/// What the page behind a prepared link sends.
fn answers() -> Vec<(&'static str, String)> {
    let mut fields = form_with(&[("requester_email", REQUESTER)]);
    fields.retain(|(name, _)| *name != "request_id");
    fields
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// Its Message-ID, without brackets.
fn id(letter: &Letter) -> String {
    letter.header("Message-ID").unwrap().trim_matches(['<', '>']).to_owned()
}

/// `letter` answered as mail programs do, with what it said below.
fn quoting(letter: &Letter, from: &str, words: &str) -> Mail {
    let quoted: String = letter.text.lines().map(|line| format!("> {line}\n")).collect();
    let id = format!("<{}>", id(letter));
    Mail::authentic(from, &letter.return_path)
        .with("In-Reply-To", &id)
        .saying(&format!("{words}\n\nHandover wrote:\n{quoted}"))
}

/// `letter` answered without a word of it, with a file.
fn with_file(letter: &Letter, from: &str, kind: &str) -> Mail {
    let body = format!(
        "--b\nContent-Type: text/plain; charset=utf-8\n\nBitte sehen Sie selbst.\n--b\nContent-Type: {kind}\n\
         Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n"
    );
    Mail::authentic(from, &letter.return_path)
        .with("In-Reply-To", &format!("<{}>", id(letter)))
        .with("Content-Type", "multipart/mixed; boundary=b")
        .saying(&body)
}

async fn number(desk: &Desk, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&desk.casework.app.pool).await.unwrap()
}

/// Staff have prepared a form, and this is the letter with the link to it.
async fn prepared(desk: &Desk) -> Letter {
    let ann = desk.staff("ann", Role::Agent).await;
    let id = Uuid::new_v4().to_string();
    let fields = [("id", id.as_str()), ("language", "de"), ("requester_email", REQUESTER)];
    ann.visitor.post("/desk/prepared", &fields).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER)
}

/// The attack: staff read an answer in which the link stands, and send the form in the customer's name.
#[actix_web::test]
async fn a_prepared_link_that_staff_could_read_makes_no_case() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let letter = prepared(&desk).await;
    let old = letter.link("prepared");
    let customer = desk.visitor("de");
    customer.get(&old).await.is(200);

    desk.receives(&quoting(&letter, REQUESTER, "Was soll ich damit?").raw()).await;
    let ann = desk.staff("ben", Role::Approver).await;
    let secret = old.rsplit('/').next().unwrap();
    let page = ann.get("/desk/quarantine").await.is(200).says("Was soll ich damit?");
    let page = page.says("personal link, which no longer works");
    assert!(!page.text.contains(secret), "nobody is shown it");
    let insider = desk.visitor("de");
    insider.get(&old).await.is(404);
    let sent = insider.post(&old, &borrowed(&answers())).await;
    assert!(matches!(sent.status.as_u16(), 303 | 404 | 409 | 410), "{}", sent.status);
    assert_eq!(number(&desk, "select count(*) from cases").await, 0);

    // Nor by hand: the database holds it, too.
    let by_hand = sqlx::query(
        "update prepared_requests set completed_by = (select token_hash from prepared_letters order by at limit 1),
             completed_at = now(), case_id = gen_random_uuid()",
    )
    .execute(&desk.casework.app.pool)
    .await;
    assert!(by_hand.unwrap_err().to_string().contains("came back"));

    // The customer goes on with the link that came instead.
    let letter = desk.take_letter(REQUESTER);
    assert!(letter.text.contains("ersetzt"), "{}", letter.text);
    let new = letter.link("prepared");
    assert_ne!(new, old);
    customer.post(&new, &borrowed(&answers())).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(number(&desk, "select count(*) from cases where confirmed_at is not null").await, 1);
    desk.take_all_letters();
    desk.finish().await;
}

/// A mailbox that does not exist, of which the mail server sends everything back.
#[actix_web::test]
async fn a_letter_that_a_mail_server_returned_makes_no_case() {
    let desk = Desk::start_with(BELIEVING).await;
    let letter = prepared(&desk).await;
    // With the letter in it or not, and whoever wrote it.
    desk.receives(&bounce(&letter.return_path, REQUESTER, Some(&id(&letter)))).await;
    let link = letter.link("prepared");
    desk.visitor("de").get(&link).await.is(404);
    desk.visitor("de").post(&link, &borrowed(&answers())).await;
    assert_eq!(number(&desk, "select count(*) from cases").await, 0);
    assert!(desk.take_letters(REQUESTER).is_empty(), "nobody is there who could use another one");
    desk.finish().await;
}

#[actix_web::test]
async fn a_confirmation_that_came_back_confirms_nothing() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    desk.visitor("de").escalates(&form()).await;
    desk.work_until_idle().await;
    let letter = desk.take_letter(REQUESTER);
    let old = letter.link("confirmations");

    // Words alone give nothing away.
    let plain = Mail::authentic(REQUESTER, &letter.return_path)
        .with("In-Reply-To", &format!("<{}>", id(&letter)))
        .saying("Ich bestätige später.");
    desk.receives(&plain.raw()).await.is_filed_from("requester");
    desk.visitor("de").get(&old).await.is(200);
    assert!(desk.take_letters(REQUESTER).is_empty());

    // A picture of the letter may show the link.
    desk.receives(&with_file(&letter, REQUESTER, "image/png").raw()).await.is_filed_from("requester");
    desk.visitor("de").get(&old).await.is(410);
    let letter = desk.take_letter(REQUESTER);
    assert!(letter.subject.contains("neuer Link"), "{}", letter.subject);
    let first = letter.link("confirmations");
    // So may one of the letter with the new link.
    desk.receives(&with_file(&letter, REQUESTER, "application/pdf").raw()).await.is_filed_from("requester");
    desk.visitor("de").get(&first).await.is(410);
    let letter = desk.take_letter(REQUESTER);
    let second = letter.link("confirmations");

    // A quotation does.
    desk.receives(&quoting(&letter, REQUESTER, "Ich komme nicht weiter.").raw())
        .await
        .is_filed_from("requester");
    desk.visitor("de").post(&second, &[]).await;
    assert_eq!(number(&desk, "select count(*) from cases where confirmed_at is not null").await, 0);
    let third = desk.take_letter(REQUESTER).link("confirmations");
    desk.visitor("de").post(&third, &[]).await.went_well();
    assert_eq!(number(&desk, "select count(*) from cases where confirmed_at is not null").await, 1);

    // No hand gives an ended link more time.
    let revived = sqlx::query("update links set expires_at = expires_at + interval '9 days'")
        .execute(&desk.casework.app.pool)
        .await;
    assert!(revived.unwrap_err().to_string().contains("came back"));
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

/// Whoever sends every letter back gets no letters without end.
#[actix_web::test]
async fn a_mailbox_that_quotes_everything_is_not_written_to_for_ever() {
    let desk = Desk::start_with(&format!("{BELIEVING}limits.form_letters_per_mailbox = 50\n")).await;
    desk.import_register().await;
    let case = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let mut letter = desk.take_letter(REQUESTER);
    desk.take_all_letters();
    for time in 1..=4 {
        let mut mail = quoting(&letter, REQUESTER, &format!("Ticket {time}"));
        mail = mail.with("Auto-Submitted", "auto-replied");
        desk.receives(&mail.raw()).await.is_filed_from("requester");
        let path = letter.link("cases");
        desk.visitor("de").get(&path).await.is(410);
        let mut letters = desk.take_letters(REQUESTER);
        match time {
            4 => assert!(letters.is_empty()),
            _ => letter = letters.pop().unwrap(),
        }
    }
    let ann = desk.staff("ann", Role::Agent).await;
    ann.open(&case).await.says("ended a link that stood in an e-mail");
    desk.finish().await;
}

/// The word of a colleague and that of the new contact are proofs, too: staff who read their links must not give them.
#[actix_web::test]
async fn nobody_vouches_by_a_link_that_came_back() {
    let desk = Desk::start_with(&format!("{BELIEVING}policy.ask_voucher = true\n")).await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let letter = desk.take_letter(VOUCHER);
    desk.take_all_letters();
    let old = letter.link("vouchers");
    desk.visitor("de").get(&old).await.is(200);
    // From whatever mailbox, believed or not.
    desk.receives(&quoting(&letter, "somebody@elsewhere.example", "Ist das echt?").raw()).await;
    desk.visitor("de").get(&old).await.is(410);
    desk.visitor("de").post(&old, &[("answer", "yes")]).await;
    let sql = "select count(*) from checks where kind = 'vouch' and verdict = 'passed'";
    assert_eq!(number(&desk, sql).await, 0);
    let new = desk.take_letter(VOUCHER).link("vouchers");
    desk.visitor("de").get(&new).await.is(200);
    desk.finish().await;
}

/// What mail programs, gateways and people make of a letter.
#[actix_web::test]
async fn a_link_is_known_however_it_comes_back() {
    let desk = Desk::start_with(&format!("{BELIEVING}limits.form_letters_per_mailbox = 50\n")).await;
    desk.import_register().await;
    desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let mut letter = desk.take_letter(REQUESTER);
    desk.take_all_letters();
    for way in ["wrapped", "percent", "attached", "forwarded to another address"] {
        desk.later(25).await;
        let link = letter.link("cases");
        let secret = link.rsplit('/').next().unwrap();
        let mail = Mail::authentic(REQUESTER, &letter.return_path);
        let mail = match way {
            "wrapped" => mail.saying(&format!("> /cases/{}\n> {}\n", &secret[..20], &secret[20..])),
            "percent" => mail.saying(&format!("https://safe.example/?u=https%3A%2F%2Fh.example%2Fcases%2F{secret}&x=1")),
            "attached" => mail.with("Content-Type", "multipart/mixed; boundary=b").saying(&format!(
                "--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\n{link}\n--b--\n"
            )),
            _ => Mail::unauthentic("stranger@elsewhere.example", US).saying(&format!("look: {link}")),
        };
        desk.receives(&mail.raw()).await;
        desk.visitor("de").get(&link).await.is(410);
        letter = desk.take_letters(REQUESTER).pop().unwrap_or_else(|| panic!("{way}"));
    }
    desk.take_all_letters();
    desk.finish().await;
}
