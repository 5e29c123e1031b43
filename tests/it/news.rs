//! What comes in marks its case as new until somebody has looked, and turns the wait to us where it needs us.

use handover::case::{actor::Role, state::Party};
use uuid::Uuid;

use crate::helpers::{
    desk::Desk,
    inbound::{BELIEVING, Mail, bounce},
    story::{ATLASSIAN, REQUESTER, SUCCESSOR, VOUCHER, form},
};

const NEW: &str = "that nobody has looked at";

#[actix_web::test]
async fn an_answer_by_mail_is_new_until_somebody_has_looked() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Agent).await);
    ann.does(&number, "question", &[("question", "Since when?")]).await.went_well();
    desk.work_until_idle().await;
    let question = desk.take_letter(REQUESTER);
    assert_eq!(desk.load(&number).await.waiting_for, Party::Customer);
    ann.open(&number).await.never_says(NEW);

    // A machine that answers tells us something, and nobody has to do anything about it.
    let away = Mail::authentic(REQUESTER, &question.return_path).with("Auto-Submitted", "auto-replied");
    desk.receives(&away.raw()).await.is_filed_from("requester");
    let loaded = desk.load(&number).await;
    assert!(loaded.case.news.is_some_and(|news| !news.needs_us));
    assert_eq!(loaded.waiting_for, Party::Customer);
    ann.open(&number).await.says(NEW).says("Waiting for the customer");

    let old = ann.open(&number).await.field("version").unwrap();
    let reply = Mail::authentic(REQUESTER, &question.return_path).saying("Since October. See the letter.");
    desk.receives(&reply.raw()).await.is_filed_from("requester");
    let loaded = desk.load(&number).await;
    assert_eq!(loaded.waiting_for, Party::Us);
    assert!(loaded.due_at.is_some_and(|due| due > desk.now()), "by our own clock");
    let page = ann.open(&number).await.says("2 things were received").says("Waiting for us");
    page.says("Since October. See the letter.");

    // Nobody marks as seen what came after the page was made.
    let path = format!("/desk/cases/{number}/seen");
    ann.visitor.post(&path, &[("version", &old)]).await.is(409);
    assert!(desk.load(&number).await.case.news.is_some());

    ben.does(&number, "seen", &[]).await.went_well();
    let loaded = desk.load(&number).await;
    assert_eq!((loaded.case.news, loaded.waiting_for), (None, Party::Customer));
    ann.open(&number).await.never_says(NEW).says("ben looked at what had been received");
    ann.does(&number, "seen", &[]).await.is(409).says("somebody has seen it already");
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_answers_has_seen_and_whoever_only_notes_has_not() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let (number, ann, _) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    let request = desk.take_letter(ATLASSIAN);
    desk.take_all_letters();
    // Atlassian's people answer through a system that marks its mail as a machine's.
    let answer = Mail::authentic("licensing@atlassian.example", &request.return_path)
        .with("Auto-Submitted", "auto-generated")
        .saying("Please confirm the site's name.");
    desk.receives(&answer.raw()).await.is_filed_from("atlassian");
    assert_eq!(desk.load(&number).await.waiting_for, Party::Us);
    ann.does(&number, "notes", &[("note", "Asked the customer by phone.")]).await.went_well();
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    ann.open(&number).await.says(NEW);
    ann.does(&number, "answer", &[("answer", "question"), ("note", "Which site?")]).await.went_well();
    // What is asked stands beside the editor that answers it.
    let page = ann.open(&number).await.never_says(NEW).says("Atlassian wrote").says("confirm the site");
    assert!(page.field("opening").is_some());
    assert_eq!(desk.load(&number).await.waiting_for, Party::Us, "we are to answer");
    desk.finish().await;
}

#[actix_web::test]
async fn a_closed_case_shows_what_comes_in_after_its_end() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let asked = desk.take_letter(REQUESTER);
    let ann = desk.staff("ann", Role::Agent).await;
    ann.does(&number, "rejection", &[("reason", "Not theirs.")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.receives(&Mail::authentic(REQUESTER, &asked.return_path).raw()).await.is_filed_from("requester");
    let loaded = desk.load(&number).await;
    assert_eq!(loaded.waiting_for, Party::Nobody);
    ann.open(&number).await.says(NEW);
    ann.does(&number, "seen", &[]).await.went_well();
    ann.open(&number).await.never_says(NEW);
    desk.finish().await;
}

#[actix_web::test]
async fn a_letter_that_came_back_is_for_us_and_the_notice_for_its_check() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let invitation = desk.take_letter(SUCCESSOR);
    desk.take_all_letters();
    let id = invitation.header("Message-ID").unwrap();
    let report = bounce(&invitation.return_path, SUCCESSOR, Some(id.trim_matches(['<', '>'])));
    desk.receives(&report).await.is_filed_from("mail_server");
    assert!(desk.load(&number).await.case.news.is_some_and(|news| news.needs_us));
    let ann = desk.staff("ann", Role::Agent).await;
    ann.open(&number).await.says(NEW);
    desk.finish().await;
}

#[actix_web::test]
async fn after_a_request_the_case_waits_for_whoever_was_asked() {
    let desk = Desk::start().await;
    desk.import_register().await;
    // At a public provider, so that the answer does not rest on the customer's domain.
    sqlx::query("update contacts set email = 'olga@gmail.com' where email = $1")
        .bind(VOUCHER)
        .execute(&desk.casework.app.pool)
        .await
        .unwrap();
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    let invitation = desk.take_letter(SUCCESSOR);
    desk.visitor("de").post(&invitation.link("successors"), &[("decision", "accept")]).await.went_well();
    let ann = desk.staff("ann", Role::Agent).await;
    let page = ann.open(&number).await.says("Next step: independent proof").says("Waiting for us");
    let contact: Uuid = page.field("contact").unwrap().parse().unwrap();
    ann.does(&number, "vouch", &[("contact", &contact.to_string())]).await.went_well();
    let loaded = desk.load(&number).await;
    assert_eq!(loaded.waiting_for, Party::Voucher);
    assert!(loaded.due_at.is_some_and(|due| due > desk.now()));
    ann.open(&number).await.says("Waiting for another contact").says("another contact was asked");
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn mail_that_only_names_a_case_is_shown_and_moves_nothing() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let ann = desk.staff("ann", Role::Agent).await;
    let before = desk.load(&number).await;
    let stranger = Mail::authentic("stranger@elsewhere.example", "handover@reseller.example")
        .with("Subject", &format!("About {number}"));
    desk.receives(&stranger.raw()).await.is_in_quarantine("inbound-no-address");
    let after = desk.load(&number).await;
    assert_eq!(
        (after.version, after.waiting_for, after.case.news),
        (before.version, before.waiting_for, None)
    );
    ann.open(&number).await.says("An e-mail in quarantine names this case");
    // In the queue, too, until somebody has decided about it.
    ann.get("/desk/cases?view=new").await.says(&number).says("e-mail in quarantine").says("New 1");
    let id = sqlx::query_scalar::<_, Uuid>("select id from inbound_emails where state = 'quarantined'");
    let id = id.fetch_one(&desk.casework.app.pool).await.unwrap();
    let reason = [("reason", "Not about it.")];
    ann.visitor.post(&format!("/desk/quarantine/{id}/discard"), &reason).await.went_well();
    ann.get("/desk/cases?view=new").await.never_says(&number).says("New 0");
    desk.finish().await;
}
