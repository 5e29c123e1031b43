//! What happens once Atlassian says that the change is made: whose word closes the case, what both sides read, and what the register
//! learns of it without anybody gaining anything by that.

use crate::helpers::{
    desk::{Desk, StaffVisitor, Visitor},
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, VOUCHER, form_with},
};

const NEWCOMER: &str = "lea.sommer@nordlicht.example";

/// A case of which Atlassian says that it is done: its number, the requester's and the new contact's links.
async fn done(desk: &Desk, visitor: &Visitor) -> (String, String, String, StaffVisitor) {
    let (number, ann, _) = desk.submitted_case(visitor).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    ann.does(&number, "answer", &[("answer", "done"), ("note", "Done.")]).await.went_well();
    desk.work_until_idle().await;
    let status = desk.take_letter(REQUESTER).link("cases");
    let asked = desk.take_letter(SUCCESSOR);
    assert!(asked.subject.contains("Haben Sie jetzt Zugang"), "{}", asked.subject);
    let own = asked.link("successors");
    (number, status, own, ann)
}

async fn completed(desk: &Desk, visitor: &Visitor) -> (String, StaffVisitor) {
    let (number, _, own, ann) = done(desk, visitor).await;
    visitor.post(&format!("{own}/access-confirmation"), &[("access", "yes")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "closed");
    (number, ann)
}

async fn contact_changes(desk: &Desk) -> i64 {
    let count = "select count(*) from contact_changes";
    sqlx::query_scalar(count).fetch_one(&desk.casework.app.pool).await.unwrap()
}

/// The register with these words in place of others, imported.
async fn import_changed(desk: &Desk, from: &str, to: &str) {
    desk.import(&include_str!("helpers/register.csv").replace(from, to)).await;
}

async fn customer_page(desk: &Desk, ann: &StaffVisitor) -> crate::helpers::desk::Answer {
    let id: uuid::Uuid = sqlx::query_scalar("select id from customers where number = 'K-1'")
        .fetch_one(&desk.casework.app.pool)
        .await
        .unwrap();
    ann.get(&format!("/desk/administration/register/{id}")).await.is(200)
}

#[actix_web::test]
async fn the_new_contact_answers_by_their_own_link_and_looking_changes_nothing() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (customer, other) = (desk.visitor("de"), desk.visitor("en"));
    let (number, status, own, ann) = done(&desk, &customer).await;
    let before = desk.load(&number).await.version;

    let page = other.get(&own).await.is(200).says("Do you have access now?").says("SEN-10000001");
    page.never_says(REQUESTER).never_says("Petra Abend");
    assert_eq!(desk.load(&number).await.version, before);
    let access = format!("{own}/access-confirmation");
    other.post(&access, &[]).await.is(422).says("Please choose");
    // By nobody else's link, and not for the requester's page.
    let token = own.rsplit('/').next().unwrap();
    other.post(&format!("/cases/{token}/access-confirmation"), &[("access", "yes")]).await.is(404);
    let theirs = status.rsplit('/').next().unwrap();
    other.post(&format!("/successors/{theirs}/access-confirmation"), &[("access", "yes")]).await.is(404);
    assert_eq!(desk.load(&number).await.version, before);

    // A no, after the requester's yes: back to Atlassian. What either wrote is for staff.
    customer
        .submit(&format!("{status}/access-confirmation"), &[("access", "yes"), ("note", "Läuft bei uns.")])
        .await;
    let no = [("access", "no"), ("note", "Only the old name is shown.")];
    other.submit(&access, &no).await.says("Thank you for telling us").never_says("Läuft bei uns");
    assert_eq!(desk.state(&number).await, "with_atlassian");
    let told = customer.get(&status).await.says("Die neue Kontaktperson hat gemeldet, dass noch etwas fehlt");
    told.never_says("old name").never_says("Danke für den Hinweis");
    ann.open(&number).await.says("Only the old name is shown.");
    other.post(&access, &[("access", "yes")]).await.is(409);
    desk.finish().await;
}

#[actix_web::test]
async fn a_silent_new_contact_is_reminded_and_then_the_requesters_word_is_enough() {
    let desk = Desk::start_with("deadlines.reminders = 1\n").await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (number, status, own, _) = done(&desk, &customer).await;
    customer.submit(&format!("{status}/access-confirmation"), &[("access", "yes")]).await;
    assert_eq!(desk.state(&number).await, "awaiting_confirmation");
    customer.post(&format!("{status}/access-confirmation"), &[("access", "yes")]).await.is(409);

    desk.later(8 * 24).await;
    let reminder = desk.take_letter(SUCCESSOR);
    assert!(reminder.subject.contains("Haben Sie jetzt Zugang"), "{}", reminder.subject);
    assert_eq!(desk.state(&number).await, "awaiting_confirmation");
    desk.expect_all_taken();
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "closed");
    let farewell = desk.take_letter(REQUESTER);
    assert!(farewell.text.contains("zweite Kontaktperson"), "{}", farewell.text);
    customer
        .get(&status)
        .await
        .says("Geschafft")
        .says("Unser Rat: eine zweite Kontaktperson")
        .says("my.atlassian.com");
    // To their own page, with the steps and where they are from.
    let page =
        customer.get(&own).await.is(200).says("Sie sind jetzt Kontaktperson").says("Technical Contact");
    page.never_says("admin.atlassian.com");
    let outcome = desk.take_letter(SUCCESSOR);
    assert!(outcome.text.contains("„Technical Contact“"), "{}", outcome.text);
    desk.take_letter(DEPARTED);
    desk.finish().await;
}

#[actix_web::test]
async fn where_both_are_silent_it_stays_open_for_staff() {
    let desk = Desk::start_with("deadlines.reminders = 1\n").await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (number, _, _, ann) = done(&desk, &customer).await;
    desk.later(30 * 24).await;
    assert_eq!(desk.state(&number).await, "awaiting_confirmation");
    desk.take_letter(REQUESTER);
    desk.take_letter(SUCCESSOR);
    ann.does(&number, "closing", &[("outcome", "completed")]).await.went_well();
    assert_eq!(desk.state(&number).await, "closed");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn the_register_shows_the_change_until_an_import_does_and_gives_nobody_power_by_it() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (number, ann) = completed(&desk, &customer).await;
    let page = customer_page(&desk, &ann).await.says(&number).says(SUCCESSOR);
    page.says("Changed, not yet confirmed by an import").says(DEPARTED);

    // A request that names whoever this case made the contact: not on record, and staff see why.
    let fields = form_with(&[
        ("departed_email", SUCCESSOR),
        ("departed_name", "Tobias Rauch"),
        ("successor_name", "Lea Sommer"),
        ("successor_email", NEWCOMER),
    ]);
    let second = desk.confirmed_case(&customer, &fields).await;
    desk.take_all_letters();
    let loaded = desk.load(&second).await;
    let recorded = loaded.case.check(handover::case::check::CheckKind::RecordedContact).unwrap();
    assert_ne!(
        recorded.verdict,
        handover::case::check::Verdict::Passed,
        "our own outcome is not the register's word"
    );
    ann.open(&second).await.says("only became the contact through an earlier case").says(&number);
    // Whoever the case says has left is not asked to vouch: nobody knows who reads the mailbox by now.
    let petra: uuid::Uuid =
        sqlx::query_scalar("select id from contacts where email = $1 order by id limit 1")
            .bind(DEPARTED)
            .fetch_one(&desk.casework.app.pool)
            .await
            .unwrap();
    ann.does(&second, "vouch", &[("contact", &petra.to_string())]).await.is(422);
    ann.does(&second, "rejection", &[("reason", "Not on record.")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();

    // An import that still shows the old contact: staff are told, and whoever it names can be asked again.
    desk.later(24).await;
    desk.import_register().await;
    customer_page(&desk, &ann)
        .await
        .says("Changed, but an import does not show it")
        .says("Change not in the register");
    ann.get("/desk/administration/health?finding=change_contradicted").await.is(200).says("K-1");
    // One that shows the new one settles it, and a third later on changes nothing about that.
    import_changed(
        &desk,
        "Petra Abend,petra.abend@nordlicht.example",
        "Tobias Rauch,Tobias.Rauch@nordlicht.example",
    )
    .await;
    customer_page(&desk, &ann).await.never_says("Changed, ").never_says("Change not in the register");
    import_changed(
        &desk,
        "Petra Abend,petra.abend@nordlicht.example",
        "Lea Sommer,lea.sommer@nordlicht.example",
    )
    .await;
    customer_page(&desk, &ann).await.never_says("Changed, ");
    desk.finish().await;
}

#[actix_web::test]
async fn a_case_that_is_taken_up_again_has_changed_nothing() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (number, ann) = completed(&desk, &customer).await;
    customer_page(&desk, &ann).await.says("Changed, not yet confirmed by an import");
    let cora = desk.staff("cora", handover::case::actor::Role::Approver).await;
    cora.does(&number, "reopening", &[("reason", "Somebody called.")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    customer_page(&desk, &ann).await.never_says("Changed, ");
    desk.finish().await;
}

/// Nobody who looks for what is due goes past the checks of cases that ended; whoever takes one up again finds it as it was.
#[actix_web::test]
async fn checks_of_a_case_that_ended_wait_for_nothing_until_it_is_taken_up_again() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let number = desk.confirmed_case(&customer, &form_with(&[])).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    let due = async || {
        sqlx::query_as::<_, (String, Option<String>)>("select kind, due_at::text from checks order by kind")
            .fetch_all(&desk.owner)
            .await
            .unwrap()
    };
    let before = due().await;
    assert!(before.iter().any(|(_, due)| due.is_some()), "nothing is due: {before:?}");
    let cora = desk.staff("cora", handover::case::actor::Role::Approver).await;
    cora.does(&number, "rejection", &[("reason", "Not theirs.")]).await.went_well();
    assert!(due().await.iter().all(|(_, due)| due.is_none()), "{:?}", due().await);
    desk.work_until_idle().await;
    cora.does(&number, "reopening", &[("reason", "Theirs, after all.")]).await.went_well();
    assert_eq!(due().await, before);
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn a_case_that_ends_otherwise_leaves_no_trace_in_the_register() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("de");
    let (number, ann, _) = desk.submitted_case(&customer).await;
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    ann.does(&number, "answer", &[("answer", "declined"), ("note", "No.")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    assert_eq!(desk.state(&number).await, "closed");
    customer_page(&desk, &ann).await.never_says("Changed, ").says(VOUCHER);
    assert_eq!(contact_changes(&desk).await, 0);
    desk.finish().await;
}
