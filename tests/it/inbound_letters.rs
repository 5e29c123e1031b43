//! What came in by mail, as staff read it: all of it, with its files; and what nobody could read, said so.

use handover::{case::actor::Role, register};

use crate::helpers::{
    clamd::{Clamd, MARK},
    desk::{Desk, StaffVisitor},
    inbound::{BELIEVING, Mail, bounce},
    story::{REQUESTER, form, form_with},
};

/// A confirmed case, and the signed address of the requester's letter.
async fn confirmed(settings: &str, form: &[(&'static str, String)]) -> (Desk, String, String) {
    let desk = Desk::start_with(&format!("{BELIEVING}{settings}")).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), form).await;
    let requester = &form.iter().find(|(name, _)| *name == "requester_email").unwrap().1;
    let address = desk.take_letter(requester).return_path;
    desk.take_all_letters();
    (desk, number, address)
}

fn with_file(mail: Mail, name: &str, content: &str) -> Mail {
    let body = format!(
        "--b\nContent-Type: text/plain; charset=utf-8\n\nAnbei der Auszug.\n--b\nContent-Type: application/pdf\n\
         Content-Disposition: attachment; filename=\"{name}\"\n\n{content}\n--b--\n"
    );
    mail.with("Content-Type", "multipart/mixed; boundary=b").saying(&body)
}

async fn last_id(desk: &Desk) -> uuid::Uuid {
    let sql = "select id from inbound_emails order by received_at desc, id desc limit 1";
    sqlx::query_scalar(sql).fetch_one(&desk.casework.app.pool).await.unwrap()
}

async fn header(staff: &StaffVisitor, path: &str, name: &str) -> String {
    let answer = staff.visitor.fetch(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.headers()[name].to_str().unwrap().to_owned()
}

#[actix_web::test]
async fn attachments_and_the_original_are_listed_and_can_only_be_saved() {
    let (desk, number, address) = confirmed("", &form()).await;
    let letter = with_file(Mail::authentic(REQUESTER, &address), "../../Auszug.pdf.html", "%PDF-1.4 secret");
    desk.receives(&letter.raw()).await.is_filed_from("requester");
    let id = last_id(&desk).await;
    let una = desk.staff("una", Role::Auditor).await;
    let page = una.open(&number).await.says("Anbei der Auszug.").says("Auszug.pdf.html").says("PDF · 1 KB");
    let (file, original) =
        (format!("/desk/inbound/{id}/attachments/1"), format!("/desk/inbound/{id}/original"));
    assert!(page.text.contains(&file) && page.text.contains(&original) && !page.text.contains("../../"));

    let disposition = header(&una, &file, "content-disposition").await;
    assert!(disposition.starts_with("attachment; filename=\"Auszug.pdf.html.bin\""), "{disposition}");
    assert_eq!(header(&una, &file, "content-type").await, "application/octet-stream");
    for path in [&file, &original] {
        assert!(
            header(&una, path, "content-security-policy").await.starts_with("sandbox; default-src 'none'")
        );
        assert_eq!(header(&una, path, "x-content-type-options").await, "nosniff");
    }
    assert_eq!(una.visitor.fetch(&file).await.text().await.unwrap(), "%PDF-1.4 secret");
    assert!(header(&una, &original, "content-disposition").await.ends_with(".eml\""));
    assert_eq!(una.visitor.fetch(&original).await.bytes().await.unwrap(), letter.raw());

    // Who saved what stays written; nobody else gets it, and there is nothing besides.
    let saved = "select part from inbound_downloads where inbound_email_id = $1 order by id";
    let parts: Vec<Option<i32>> = sqlx::query_scalar(saved).bind(id).fetch_all(&desk.owner).await.unwrap();
    assert_eq!(parts.iter().filter(|part| **part == Some(1)).count(), 5);
    assert_eq!(parts.iter().filter(|part| part.is_none()).count(), 4);
    let erased = sqlx::query("delete from inbound_downloads").execute(&desk.owner).await;
    assert!(erased.unwrap_err().to_string().contains("append-only"));
    for path in [format!("/desk/inbound/{id}/attachments/7"), format!("/desk/inbound/{id}/attachments/-1")] {
        una.visitor.get(&path).await.is(404);
    }
    desk.visitor("de").get(&file).await.is(303);
    desk.finish().await;
}

#[actix_web::test]
async fn a_file_in_which_the_scanner_finds_something_is_not_handed_out() {
    let clamd = actix_web::rt::task::spawn_blocking(Clamd::start).await.unwrap();
    let (desk, number, address) =
        confirmed(&format!("evidence.clamd = {:?}\n", clamd.address()), &form()).await;
    let (bad, good) = (Mail::authentic(REQUESTER, &address), Mail::authentic(REQUESTER, &address));
    let una = desk.staff("una", Role::Auditor).await;
    desk.receives(&with_file(good, "good.pdf", "harmless").raw()).await.is_filed_from("requester");
    let file = format!("/desk/inbound/{}/attachments/1", last_id(&desk).await);
    una.visitor.get(&file).await.is(200);
    desk.receives(&with_file(bad, "bad.pdf", MARK).raw()).await.is_filed_from("requester");
    let id = last_id(&desk).await;
    let (file, original) =
        (format!("/desk/inbound/{id}/attachments/1"), format!("/desk/inbound/{id}/original"));
    una.open(&number).await.says("bad.pdf");
    una.visitor.get(&file).await.is(409).says("found something in this attachment");
    // What came in is never out of reach; as a text no program opens what is in it.
    assert!(header(&una, &original, "content-disposition").await.ends_with(".txt\""));
    assert!(header(&una, &original, "content-type").await.starts_with("text/plain"));
    drop(clamd);
    una.visitor.get(&file).await.is(409).says("could not check this attachment");
    desk.finish().await;
}

#[actix_web::test]
async fn what_nobody_could_read_is_said_on_the_case_and_in_quarantine() {
    let (desk, number, address) = confirmed("", &form()).await;
    let sealed = |from: &str| {
        Mail::authentic(from, &address)
            .with("Content-Type", "application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"")
            .with("Content-Transfer-Encoding", "base64")
            .saying("MIIGpgYJKoZIhvcNAQcDoIIGlzCCBpMCAQEx\n")
    };
    desk.receives(&sealed(REQUESTER).raw()).await.is_filed_from("requester");
    desk.receives(&sealed("somebody.else@nordlicht.example").raw())
        .await
        .is_in_quarantine("inbound-unknown-sender");
    let inside = Mail::authentic(REQUESTER, &address)
        .saying("Am 27.11.2026 schrieb Handover:\n> Guten Tag,\n>\n> Ja, das stimmt so.\n>\n> Wer wird neuer Kontakt?\n");
    desk.receives(&inside.raw()).await.is_filed_from("requester");

    let ann = desk.staff("ann", Role::Agent).await;
    let page = ann.open(&number).await.says("The e-mail is encrypted.").says("smime.p7m");
    page.says("Ja, das stimmt so.").says("The text is shown uncut.");
    ann.get("/desk/quarantine").await.is(200).says("The e-mail is encrypted.").says("smime.p7m");
    let max = desk.staff_reading("max", Role::Agent, "de").await;
    max.open(&number).await.says("Die E-Mail ist verschlüsselt.");
    desk.finish().await;
}

#[actix_web::test]
async fn a_domain_with_umlauts_is_one_domain_however_it_is_written() {
    let kept = "joerg@xn--mller-idn-q9a.example";
    let typed = form_with(&[("requester_email", kept)]);
    let (desk, number, address) = confirmed("", &typed).await;
    // As Postfix and Exchange write it, with SMTPUTF8 (RFC 6532).
    let written = "joerg@müller-idn.example";
    desk.receives(&Mail::authentic(written, &address).raw()).await.is_filed_from("requester");
    desk.receives(&bounce(&address, written, None)).await.is_filed_from("mail_server");
    let about: bool = sqlx::query_scalar("select about_recipient and mailbox_gone from bounces")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert!(about, "the bounce names our recipient");
    let ann = desk.staff("ann", Role::Agent).await;
    for text in ["joerg%40m%C3%BCller-idn.example", "m%C3%BCller-idn.example", "xn--mller-idn-q9a"] {
        ann.get(&format!("/desk/cases?text={text}")).await.is(200).says(&number);
    }
    // Whoever looks for a case types without care; that a sender is known is decided elsewhere, letter by letter.
    ann.get("/desk/cases?text=muller-idn.example").await.is(200).says(&number);
    ann.get("/desk/cases?text=zorn-idn.example").await.is(200).never_says(&number);
    desk.finish().await;
}

#[actix_web::test]
async fn a_ticket_systems_receipt_is_told_as_such_and_is_no_answer() {
    let (desk, number, address) = confirmed("", &form()).await;
    let receipt = Mail::authentic(REQUESTER, &address)
        .with("Subject", "[4711] Your request")
        .saying("Ticket #4711 received, do not change the subject line.\n");
    desk.receives(&receipt.raw()).await.is_filed_from("requester");
    let kind: String = sqlx::query_scalar("select kind from inbound_emails")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    assert_eq!(kind, "auto_reply");
    let ann = desk.staff("ann", Role::Agent).await;
    ann.open(&number).await.says("Automatic reply").says("Ticket #4711 received");
    desk.finish().await;
}

/// PostgreSQL takes no NUL in a text: one that got through would be an error 500, or a message that is parked for good.
#[actix_web::test]
async fn a_nul_comes_through_no_door() {
    let (desk, number, address) = confirmed("", &form()).await;
    let nul = |text: &str| text.replace('|', "\0");
    for mail in [
        Mail::authentic(REQUESTER, &address).with("Subject", &nul("AW: Fall|HO")),
        Mail::authentic(REQUESTER, &address).with("Subject", "=?utf-8?Q?AW:_Fall=00HO?="),
        Mail::authentic(REQUESTER, &address).with("Message-ID", &nul("<a|b@nordlicht.example>")),
        Mail::authentic(REQUESTER, &address).with("In-Reply-To", &nul("<a|b@nordlicht.example>")),
        Mail::authentic(REQUESTER, &address).with("From", &nul(&format!("Miriam | Kessler <{REQUESTER}>"))),
        Mail::authentic(REQUESTER, &format!("{address}, {}", nul("a|b@reseller.example"))),
        Mail::authentic(REQUESTER, &address).saying(&nul("Hallo | Welt\n")),
        with_file(Mail::authentic(REQUESTER, &address), &nul("Aus|zug.pdf"), &nul("%PDF|")),
    ] {
        desk.receives(&mail.raw()).await.is_filed_from("requester");
    }
    let strange = bounce(&address, &nul("x|y@nordlicht.example"), Some(&nul("a|b@reseller.example")));
    desk.receives(&strange).await.is_filed_from("mail_server");

    let ann = desk.staff("ann", Role::Agent).await;
    let version = desk.load(&number).await.version.to_string();
    let note = [("version", version.as_str()), ("note", "a\0b"), ("text", "a\0b")];
    let noted = ann.visitor.post(&format!("/desk/cases/{number}/notes"), &note).await;
    assert!(noted.status.as_u16() < 500, "{}", noted.status);
    ann.get("/desk/cases?text=a%00b").await.is(200);
    ann.get("/desk/mail?shelf=%00&before=%00").await.is(200);
    ann.visitor
        .post(
            &format!("/desk/quarantine/{}/release", uuid::Uuid::nil()),
            &[("number", "HO\0"), ("writer", "\0")],
        )
        .await
        .is(422);
    let discarded = ann
        .visitor
        .post(&format!("/desk/quarantine/{}/discard", uuid::Uuid::nil()), &[("reason", "a\0b")])
        .await;
    assert!(discarded.status.as_u16() < 500, "{}", discarded.status);
    // The register: a row with one is refused, and only that.
    let mapping = register::import::Mapping::load(&register::import::MappingChoice::default()).unwrap();
    let file = include_str!("helpers/register.csv");
    let row = file.lines().nth(1).unwrap();
    for column in 0..row.split(',').count() {
        let cells = row.split(',').enumerate();
        let damaged: Vec<String> =
            cells.map(|(at, cell)| format!("{cell}{}", if at == column { "\0x" } else { "" })).collect();
        let file = format!("{file}{}\n", damaged.join(","));
        let (pool, shared) = (&desk.casework.app.pool, &desk.casework.rules.shared_domains);
        let imported =
            register::import::import(pool, desk.now(), file.as_bytes(), &mapping, shared, false).await;
        assert_eq!(imported.unwrap().refused.len(), 1, "column {column}");
    }
    let visitor = desk.visitor("de");
    for (name, value) in form() {
        if name == "request_id" {
            continue;
        }
        let damaged = format!("{value}\0");
        let sent: Vec<(&str, String)> = form_with(&[(name, damaged.as_str())]);
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = visitor.post("/escalations", &sent).await;
        assert!(answer.status.as_u16() < 500, "{name}: {}", answer.status);
    }
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_row_that_cannot_be_read_hides_no_other() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let first = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let pool = &desk.owner;
    for sql in [
        "alter table emails drop constraint emails_state_check",
        "alter table emails disable trigger all",
        "update emails set state = 'failed'",
        "update emails set state = 'lost' where id = (select id from emails order by id desc limit 1)",
    ] {
        sqlx::query(sql).execute(pool).await.unwrap();
    }
    let ann = desk.staff("ann", Role::Agent).await;
    for shelf in ["open", "dead"] {
        let page = ann.get(&format!("/desk/mail?shelf={shelf}")).await.is(200);
        page.says("in a state that Handover does not know").says("not delivered").says(&first);
    }
    ann.open(&first).await.says("in a state that Handover does not know");

    // Nor does a case that can't be read.
    for sql in
        ["alter table escalations disable trigger all", "update escalations set requester_email = 'nobody'"]
    {
        sqlx::query(sql).execute(pool).await.unwrap();
    }
    ann.get("/desk/mail?shelf=dead").await.is(200).says("case can’t be read");
    // And the trail tells which one it is.
    let (_, broken) = handover::casework::verify_trail(pool).await.unwrap();
    assert_eq!(broken.len(), 1, "{broken:?}");
}
