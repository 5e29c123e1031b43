//! Atlassian does not answer: the case becomes ours, the text is prepared, and it takes the same way as the first.

use handover::case::{
    action::Action,
    actor::{Actor, Role},
    refusal::Refusal,
};
use handover::casework::ActError;
use mail_parser::MessageParser;

use crate::helpers::{
    desk::Desk,
    inbound::{BELIEVING, Mail},
    story::{ATLASSIAN, REQUESTER, SUCCESSOR},
};

fn message_id(raw: &[u8]) -> String {
    MessageParser::default().parse(raw).unwrap().message_id().unwrap().to_owned()
}

#[actix_web::test]
async fn silence_makes_the_case_ours_and_a_follow_up_takes_the_same_way() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("en");
    let (number, ann, ben) = desk.submitted_case(&visitor).await;
    desk.work_until_idle().await;
    let first = desk.take_letter(ATLASSIAN);
    let status = desk.take_letter(REQUESTER).link("cases");
    desk.take_letter(SUCCESSOR);
    desk.later(6 * 24).await;
    ann.get("/desk/cases?waiting_for=atlassian").await.says(&number).never_says("Follow up");
    let case = desk.find_case(&number).await;
    let early = desk.casework.act(case, Actor::System, &Action::NoteSilence { asked: 1 }, None).await;
    assert!(matches!(early, Err(ActError::Refused(Refusal::TooEarly))), "{early:?}");

    desk.later(24).await;
    ann.get("/desk/cases?waiting_for=us").await.says(&number).says("Follow up");
    visitor.get(&status).await.never_says("we asked again");
    let page = ann.open(&number).await.says("Atlassian has not answered").says("A follow-up is prepared");
    assert_eq!(page.field("subject").unwrap(), format!("Re: {}", first.subject));
    let body = page.field("opening").unwrap();
    assert!(body.contains("On 9 Jun 2026 we asked you to change the technical contact"), "{body}");
    assert!(!body.contains("wrote again"), "{body}");
    ann.drafts(&number).await;
    ann.approves_bytes(&number, &desk.digest(&number).await).await.is(403);
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    let second = desk.take_letter(ATLASSIAN);
    let sent = MessageParser::default().parse(&second.raw).unwrap();
    assert_eq!(sent.in_reply_to().as_text(), Some(message_id(&first.raw).as_str()));
    assert_eq!(desk.state(&number).await, "with_atlassian");
    ann.open(&number).await.says("Further e-mail to Atlassian").never_says("has not answered");
    visitor.get(&status).await.says("On 16 Jun 2026 we asked again.");

    desk.later(7 * 24).await;
    let page = ann.open(&number).await.says("Atlassian has not answered 2 e-mails");
    let body = page.field("opening").unwrap();
    assert!(body.contains("and wrote again on 16 Jun 2026"), "{body}");
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    let third = desk.take_letter(ATLASSIAN);
    let sent = MessageParser::default().parse(&third.raw).unwrap();
    let references = sent.references().as_text_list().unwrap().to_vec();
    assert_eq!(references, [message_id(&first.raw), message_id(&second.raw)]);

    desk.later(7 * 24).await;
    ann.open(&number).await.says("has not answered 3 e-mails").says("Another e-mail will hardly help");
    ann.does(&number, "answer", &[("answer", "done")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    desk.take_letter(SUCCESSOR);
    visitor.get(&status).await.never_says("we asked again");
    desk.finish().await;
}

#[actix_web::test]
async fn a_case_whose_proofs_have_expired_with_atlassian_can_be_followed_up_once_they_are_renewed() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let visitor = desk.visitor("de");
    let (number, ann, ben) = desk.submitted_case(&visitor).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    desk.later(100 * 24).await;
    assert_eq!(desk.state(&number).await, "with_atlassian");
    ann.open(&number).await.says("Check again");
    let kinds: Vec<String> = sqlx::query_scalar(
        "select kind from checks where verdict = 'passed' and kind <> 'callback' order by kind",
    )
    .fetch_all(&desk.casework.app.pool)
    .await
    .unwrap();
    for kind in &kinds {
        ann.does(&number, &format!("checks/{kind}"), &[("again", "true")]).await.went_well();
    }
    let call = [("verdict", "passed"), ("number", "030 / 23125-102"), ("note", "Still right.")];
    ann.does(&number, "checks/callback", &call).await.went_well();
    desk.work_until_idle().await;
    let renewal = desk.take_letter(REQUESTER).link("confirmations");
    visitor.submit(&renewal, &[]).await;
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    visitor.submit(&invitation, &[("decision", "accept")]).await;
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "with_atlassian", "the request is where it was");
    ann.drafts(&number).await;
    // What comes to nothing leads back.
    ben.does(&number, "draft/return", &[("reason", "Name the ticket.")]).await.went_well();
    assert_eq!(desk.state(&number).await, "with_atlassian");
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn an_answer_in_time_ends_the_wait_and_a_question_is_answered_as_such() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (number, ann, _) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    desk.take_all_letters();
    ann.does(&number, "answer", &[("answer", "question"), ("note", "Which site?")]).await.went_well();
    desk.later(14 * 24).await;
    assert_eq!(desk.state(&number).await, "verified");
    let page = ann.open(&number).await.never_says("has not answered");
    let body = page.field("opening").unwrap();
    assert!(body.contains("Thank you for coming back to us about our request of 9 Jun 2026"), "{body}");
    desk.finish().await;
}

#[actix_web::test]
async fn what_came_by_mail_is_read_first_and_atlassians_key_is_named() {
    let desk = Desk::start_with(BELIEVING).await;
    desk.import_register().await;
    let (number, ann, _) = desk.submitted_case(&desk.visitor("de")).await;
    desk.work_until_idle().await;
    let first = desk.take_letter(ATLASSIAN);
    desk.take_all_letters();
    let answer = Mail::authentic("licensing@atlassian.example", &first.return_path)
        .with("Subject", &format!("[CA-1234567] Re: {}", first.subject));
    desk.later(1).await;
    desk.receives(&answer.raw()).await.is_filed_from("atlassian");
    // Whoever only looks at it leaves the case with Atlassian.
    ann.open(&number).await.says("Waiting for us").says("Something was received that nobody has looked at.");
    ann.does(&number, "seen", &[]).await.went_well();
    ann.open(&number).await.says("Waiting for Atlassian").never_says("nobody has looked at");
    desk.later(8 * 24).await;
    let page = ann.open(&number).await.says("has not answered").says("has come from Atlassian by e-mail");
    assert_eq!(page.field("subject").unwrap(), format!("[CA-1234567] Re: {}", first.subject));
    assert!(page.text.contains("  Your reference      CA-1234567\n"), "{}", page.text);
    desk.finish().await;
}

#[actix_web::test]
async fn a_message_may_name_fifty_sites() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Approver).await;
    let number = desk.verified_case(&desk.visitor("de"), &ann).await;
    let long = "nordlicht-werk.atlassian.net\n".repeat(600);
    ann.does(&number, "draft", &[("subject", "Sites"), ("opening", &long), ("closing", "Kind regards")])
        .await
        .went_well();
    let longer = "nordlicht-werk.atlassian.net\n".repeat(700);
    let refused = ann
        .does(&number, "draft", &[("subject", "Sites"), ("opening", &longer), ("closing", "Kind regards")])
        .await
        .is(422);
    refused.says("20000");
    desk.finish().await;
}
