//! The letter for letterhead and signature: of what the customer sent and nothing else, for the requester alone.

use handover::case::actor::Role;

use crate::helpers::{
    desk::Desk,
    story::{DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form_with},
};

#[actix_web::test]
async fn the_requester_gets_the_letter_and_can_put_it_to_the_case() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let visitor = desk.visitor("de");
    let changes = [
        ("company", "Nordlicht"),
        ("hosting", "unknown"),
        ("departed_email", ""),
        ("departed_email_unknown", "true"),
    ];
    let number = desk.confirmed_case(&visitor, &form_with(&changes)).await;
    let found = [("departed_email", DEPARTED), ("reason", "By the register.")];
    ann.does(&number, "corrections", &found).await.went_well();
    desk.work_until_idle().await;
    let status = desk.take_letter(REQUESTER).link("cases");
    visitor.get(&status).await.is(200).says("Vorlage für ein Schreiben auf Ihrem Briefpapier");
    let page = visitor.get(&format!("{status}/authorisation-letter")).await.is(200);
    let page = page.says("Petra Abend").says("Adresse nicht bekannt").says("SEN-10000001").says("Ort, Datum");
    page.never_says(DEPARTED).never_says("Maschinenbau").never_says(VOUCHER);

    let answer = visitor.fetch(&format!("{status}/authorisation-letter.pdf")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    let named = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(named, format!("attachment; filename=\"{number}-authorisation.pdf\""));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let pdf = answer.bytes().await.unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    // Signed and scanned it would be another file; but what we hand out we take in.
    visitor.uploads(&format!("{status}/evidence"), "Vollmacht.pdf", &pdf).await.went_well();
    desk.take_all_letters();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn nobody_else_gets_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("en");
    desk.confirmed_case(&visitor, &form_with(&[])).await;
    let links = [
        desk.take_letter(SUCCESSOR).link("successors"),
        desk.take_letter(DEPARTED).link("objections"),
        "/cases/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
    ];
    for link in links {
        let token = link.rsplit('/').next().unwrap();
        for end in ["", ".pdf"] {
            visitor.get(&format!("/cases/{token}/authorisation-letter{end}")).await.is(404);
        }
    }
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_name_that_the_pdf_can_not_show_is_printed_from_the_page() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("en");
    desk.confirmed_case(&visitor, &form_with(&[("departed_name", "山田 太郎")])).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let letter = format!("{status}/authorisation-letter");
    let page = visitor.get(&letter).await.is(200).says("Please print this page").says("山田 太郎");
    assert!(!page.text.contains("authorisation-letter.pdf"));
    let answer = visitor.get(&format!("{letter}.pdf")).await.is(303);
    assert_eq!(answer.location.as_deref().and_then(|to| to.split('?').next()), Some(letter.as_str()));
    desk.take_all_letters();
    desk.finish().await;
}
