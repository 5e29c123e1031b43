//! Nobody holds one connection to the database while asking for another: as many requests as there are connections would
//! wait for each other, and a crowd of visitors would stop everything. With a single connection the first of them shows.

use handover::case::actor::Role;
use uuid::Uuid;

use crate::helpers::{
    desk::Desk,
    inbound::{BELIEVING, Mail},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form, form_with},
};

#[actix_web::test]
async fn a_case_goes_all_its_way_on_one_connection() {
    let desk = Desk::start_on_one_connection(BELIEVING).await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let number = desk.confirmed_case(&customer, &form()).await;
    let letter = desk.take_letter(REQUESTER);
    let (requesters, status) = (letter.return_path.clone(), letter.link("cases"));
    customer.get(&status).await.is(200);

    // A stranger's message is released, the requester's own is filed.
    let stranger = Mail::authentic("somebody.else@nordlicht.example", &requesters);
    desk.receives(&stranger.raw()).await.is_in_quarantine("inbound-unknown-sender");
    let waiting = "select id from inbound_emails where state = 'quarantined'";
    let id: Uuid = sqlx::query_scalar(waiting).fetch_one(&desk.casework.app.pool).await.unwrap();
    ann.get("/desk/quarantine").await.is(200);
    let release = format!("/desk/quarantine/{id}/release");
    ann.visitor.post(&release, &[("number", "HO-2026-99999")]).await.is(422);
    ann.visitor.post(&release, &[("number", &number), ("writer", "other")]).await.went_well();
    desk.receives(&Mail::authentic(REQUESTER, &requesters).raw()).await.is_filed_from("requester");

    // Another contact vouches, the new one accepts, staff review a letter and call.
    let contact = "select id from contacts where email = $1 limit 1";
    let contact: Uuid =
        sqlx::query_scalar(contact).bind(VOUCHER).fetch_one(&desk.casework.app.pool).await.unwrap();
    ann.does(&number, "vouch", &[("contact", &contact.to_string())]).await.went_well();
    desk.work_until_idle().await;
    let link = desk.take_letter(VOUCHER).link("vouchers");
    customer.get(&link).await.is(200);
    customer.post(&link, &[("decision", "vouch")]).await;
    let link = desk.take_letter(SUCCESSOR).link("successors");
    customer.get(&link).await.is(200);
    customer.post(&link, &[("decision", "accept")]).await.went_well();
    ann.reviews_a_letter(&number).await.went_well();
    ann.calls_back(&number).await;
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "verified");

    // One drafts, another approves, the mail server takes it, Atlassian is silent.
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    assert_eq!(desk.state(&number).await, "with_atlassian");
    desk.later(30 * 24).await;
    for page in ["/desk/cases", "/desk/mail", "/desk/quarantine"] {
        ann.get(page).await.is(200);
    }
    ann.open(&number).await;
    ann.drafts(&number).await;
    ben.looks_at_the_message(&number).await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn callers_and_writers_are_served_on_one_connection() {
    let desk = Desk::start_on_one_connection(BELIEVING).await;
    desk.import_register().await;
    let (ann, customer) = (desk.staff("ann", Role::Agent).await, desk.visitor("de"));
    desk.receives(&Mail::authentic("erika@firma.example", "handover@reseller.example").raw()).await;
    let waiting = "select id from inbound_emails where state = 'quarantined'";
    let id: Uuid = sqlx::query_scalar(waiting).fetch_one(&desk.casework.app.pool).await.unwrap();
    ann.get(&format!("/desk/prepared/new?message={id}")).await.is(200);
    let answer = format!("/desk/quarantine/{id}/answer");
    ann.get(&answer).await.is(200);
    ann.visitor.post(&answer, &[("language", "de")]).await.went_well();
    let called = [("language", "de"), ("requester_email", REQUESTER), ("review", "true")];
    ann.visitor.post("/desk/prepared", &called).await.is(200);
    ann.visitor.post("/desk/prepared", &called[..2]).await.went_well();
    ann.get("/desk/prepared").await.is(200);
    desk.work_until_idle().await;
    desk.take_letter("erika@firma.example");
    let link = desk.take_letter(REQUESTER).link("prepared");
    customer.get(&link).await.is(200);
    let fields = form();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    customer.post(&link, &fields).await.went_well();
    customer.get(&link).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_case_ends_on_one_connection() {
    let desk = Desk::start_on_one_connection("").await;
    desk.import_register().await;
    let customer = desk.visitor("de");

    // Somebody objects.
    let first = desk.confirmed_case(&customer, &form()).await;
    let link = desk.take_letter(DEPARTED).link("objections");
    customer.get(&link).await.is(200);
    customer.submit(&link, &[]).await;
    desk.take_all_letters();
    desk.work_until_idle().await;
    assert_eq!(desk.state(&first).await, "contested");

    // The customer withdraws.
    desk.take_all_letters();
    let fields = form_with(&[("entitlements", "SEN-10000002")]);
    let second = desk.confirmed_case(&customer, &fields).await;
    let status = desk.take_letter(REQUESTER).link("cases");
    customer.post(&format!("{status}/withdrawal"), &[]).await.went_well();
    desk.work_until_idle().await;
    assert_eq!(desk.state(&second).await, "closed");
    desk.take_all_letters();
    desk.finish().await;
}
