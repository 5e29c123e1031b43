//! Whoever we wait for on the customer's side is reminded, so often as the settings say, and never of what is over.

use handover::{
    case::{action::Action, actor::Role, refusal::Refusal, state::Party},
    casework::ActError,
};

use crate::helpers::{
    desk::Desk,
    story::{REQUESTER, SUCCESSOR, form},
};

const REMINDER: &str = "Erinnerung";

#[actix_web::test]
async fn a_question_is_asked_again_twice_and_then_it_is_overdue() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let visitor = desk.visitor("de");
    let number = desk.confirmed_case(&visitor, &form()).await;
    desk.take_all_letters();
    let question = "Seit wann ist Frau Abend nicht mehr bei Ihnen?";
    ann.does(&number, "question", &[("question", question)]).await.went_well();
    desk.work_until_idle().await;
    let first = desk.take_letter(REQUESTER);
    assert!(first.text.contains(question) && !first.text.contains(REMINDER), "{}", first.text);

    for round in 1..=2 {
        desk.later(8 * 24).await;
        let reminder = desk.take_letter(REQUESTER);
        assert!(reminder.text.contains(question) && reminder.text.contains(REMINDER), "{}", reminder.text);
        let loaded = desk.load(&number).await;
        assert_eq!((loaded.case.reminded, loaded.waiting_for), (round, Party::Customer));
        assert!(loaded.due_at.is_some_and(|due| due > desk.now()), "there is time for an answer again");
        desk.take_all_letters();
    }
    desk.later(8 * 24).await;
    assert_eq!(desk.take_letters(REQUESTER).len(), 0, "no third");
    ann.open(&number).await.says("overdue since").says("sent a reminder");
    desk.take_all_letters();

    // Another question is another wait.
    ann.does(&number, "question", &[("question", "Wer hat das veranlasst?")]).await.went_well();
    desk.work_until_idle().await;
    let again = desk.take_letter(REQUESTER);
    assert!(!again.text.contains(REMINDER));
    assert_eq!(desk.load(&number).await.case.reminded, 0);
    let answer = [("answer", "Seit Oktober.")];
    visitor.post(&format!("{}/answer", again.link("cases")), &answer).await.went_well();
    desk.later(8 * 24).await;
    assert!(
        desk.untaken().iter().all(|letter| !letter.text.contains("veranlasst")),
        "what is answered is over"
    );
    desk.take_all_letters();
    desk.finish().await;
}

/// Staff who want an answer sooner: not oftener than the settings say, whoever sends it, and only where somebody was asked.
#[actix_web::test]
async fn staff_send_a_reminder_sooner_but_no_more_of_them() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    let case = desk.find_case(&number).await;
    let remind = async || desk.casework.act(case, ann.actor(), &Action::Remind, None).await;
    let nobody = remind().await;
    assert!(matches!(nobody, Err(ActError::Refused(Refusal::NobodyToRemind))), "{nobody:?}");
    ann.does(&number, "question", &[("question", "Seit wann?")]).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(REQUESTER);
    // It is shown before it is sent.
    ann.open(&number).await.says("Remind of the open question");
    ann.does(&number, "reminder", &[("review", "true")]).await.is(200).says(REMINDER).says("Seit wann?");
    for _ in 0..2 {
        ann.does(&number, "reminder", &[]).await.went_well();
        desk.work_until_idle().await;
        assert!(desk.take_letter(REQUESTER).text.contains(REMINDER));
    }
    let third = remind().await;
    assert!(matches!(third, Err(ActError::Refused(Refusal::RemindedEnough))), "{third:?}");
    ann.open(&number).await.never_says("Remind of the open question");
    desk.later(30 * 24).await;
    assert!(desk.take_letters(REQUESTER).iter().all(|letter| !letter.text.contains(REMINDER)));
    desk.take_all_letters();
    desk.finish().await;
}

#[actix_web::test]
async fn whoever_is_to_follow_is_reminded_once_all_else_is_there() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let ann = desk.staff("ann", Role::Agent).await;
    let number = desk.confirmed_case(&desk.visitor("de"), &form()).await;
    desk.take_all_letters();
    ann.calls_back(&number).await;
    let reviewed = desk.load(&number).await.waiting_for;
    assert_eq!(reviewed, Party::Customer, "only the consent is missing, and the time of the notice");
    desk.later(8 * 24).await;
    let reminder = desk.take_letter(SUCCESSOR);
    assert!(reminder.text.contains(REMINDER), "{}", reminder.text);
    desk.visitor("de").post(&reminder.link("successors"), &[("decision", "accept")]).await.went_well();
    desk.later(8 * 24).await;
    assert_eq!(desk.take_letters(SUCCESSOR).len(), 0);
    desk.take_all_letters();
    desk.finish().await;
}
